"""Scores of planning methods over many worlds: shares, promises, whether intervals held, and their errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.stats import beta

LEVELS = (0.5, 0.8, 0.95)

OURS = "mediaplan"


@dataclass(frozen=True)
class Score:
    """One method in one world.

    Attributes:
        share: True value of its plan over that of the best plan.
        promise: What it promised over the true value, `None` where it promises nothing.
        held: Level -> whether its interval holds the results that came, empty where it gives none.
        worn: What the plan's lines would get each on its own over what they get together.
    """

    share: float
    promise: float | None = None
    held: Mapping[float, bool] = field(default_factory=dict)
    worn: float | None = None


Scores = Mapping[str, Score]


def table(worlds: Sequence[Scores]) -> str:
    """All methods, one row each: means over the worlds with standard errors."""
    head = (
        f"{'method':<24}{'share':>7}{'s.e.':>7}{'against':>10}{'s.e.':>7}{'promised/':>11}{'x/÷ s.e.':>9}{'worn':>7}\n"
        f"{'':<24}{'':>14}{OURS:>10}{'':>7}{'delivered':>11}{'':>9}{'':>7}"
    )
    return "\n".join([head, *(_row(worlds, name) for name in worlds[0])])


def _row(worlds: Sequence[Scores], name: str) -> str:
    mine = [world[name] for world in worlds]
    share = np.array([score.share for score in mine])
    ours = np.array([world[OURS].share for world in worlds])
    row = f"{name:<24}{share.mean():>7.3f}{error(share):>7.3f}"
    row += f"{'':>17}" if name == OURS else f"{(share - ours).mean():>+10.3f}{error(share - ours):>7.3f}"
    promises = np.log([score.promise for score in mine if score.promise is not None])
    told = len(promises) > 0
    row += f"{np.exp(promises.mean()):>11.2f}{np.exp(error(promises)):>9.2f}" if told else f"{'-':>11}{'':>9}"
    worn = [score.worn for score in mine if score.worn is not None]
    return row + (f"{np.mean(worn):>7.2f}" if worn else "")


def coverage(worlds: Sequence[Scores]) -> str:
    """Part of the intervals that held what came, with the 90 % interval of that part itself (Jeffreys)."""
    said = []
    for level in LEVELS:
        held = [world[OURS].held[level] for world in worlds if level in world[OURS].held]
        if held:
            low, high = beta.ppf([0.05, 0.95], sum(held) + 0.5, len(held) - sum(held) + 0.5)
            said.append(f"{level:.0%}: {np.mean(held):.0%} [{low:.0%} to {high:.0%}]")
    return "intervals of all results that held what came: " + ", ".join(said)


def error(values: np.ndarray) -> float:
    """Standard error of the mean."""
    return float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")
