"""Money over channels by the peers' own optimisers and by mediaplan, on curves that both know exactly, S-shaped ones too.

A question: channels with a Hill curve of slope 1 (`concave`), Hill curves of slopes 1.5 to 4 (`hill`) or logistic
curves (`logistic`), each with nothing to three times its usual money, and the usual money of all as the budget. The
peers are asked through their own functions (`optimisers_of_peers.py`), each in an environment of its own; mediaplan is
asked through rate cards, whose tiers are the curve between cuts: first coarsely, then twice more with finer tiers around
the amounts that were found. What an answer is worth is counted on the true curves; seconds are of the processor, one
thread. `search` is what the search for the best money takes, all three cards together, and is compared with the peers'
repeated calls, whose models stand already; `with all` is what a person waits for: cards read, plans with reasons and
intervals.

The proof is a card of the same cuts whose tiers are nowhere below the curve: tangents where it is concave, chords where
it is convex. What its certificate bounds, no plan exceeds on the curve either.

    python benchmarks/peers_optimisers.py --install FOLDER       # once; environments of the peers, below that folder
    python benchmarks/peers_optimisers.py --peers FOLDER
    python benchmarks/peers_optimisers.py --channels 200 --forms hill --seeds 3     # mediaplan alone

It returns 1 where an answer of mediaplan is worth less than a peer's by more than a millionth.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy: one thread is what is compared
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from optimisers_of_peers import results

import mediaplan as mp
from mediaplan.planning.making import asked

FORMS = ("concave", "hill", "logistic")
PEERS = {
    "pymc-marketing": ("3.12", ["pymc-marketing==1.3.0"], []),
    "robynpy": (
        "3.11",
        ["nlopt==2.9.1", "nevergrad==1.0.5", "seaborn", "plotly", "tqdm"],
        ["robynpy==0.3.6"],
    ),
    "google-meridian": ("3.12", ["google-meridian==2.1.0"], []),
}
"""Python, packages, and packages without what they need: robynpy asks for R, which its allocator does not use."""
COARSE, FINE = 24, 10
"""Tiers of the first card, and of the others besides those around the amounts."""
SPANS = (0.05, 0.008)
"""How far around an amount the second and the third card are cut finely, as parts of the most of its channel."""
STEPS = np.linspace(-1.0, 1.0, 15)
"""Cuts in such a span."""
WORSE = 1e-6
"""Part of the value by which an answer may lie below another and count as the same."""


@dataclass(frozen=True)
class Question:
    """Channels with known curves.

    Attributes:
        form: `hill` or `logistic`.
        top, half, slope: Shape (channels,), of the curves.
        usual, most: Shape (channels,), money.
    """

    form: str
    top: np.ndarray
    half: np.ndarray
    slope: np.ndarray
    usual: np.ndarray
    most: np.ndarray

    @classmethod
    def invented(cls, form: str, channels: int, seed: int) -> Question:
        random = np.random.default_rng(seed)
        # Whole thousands, so that a grid of such steps can spend the budget.
        usual = np.maximum(np.round(10_000 * np.exp(random.normal(0, 0.5, channels)), -3), 1000)
        slope = {"concave": (1.0, 1.0), "hill": (1.5, 4.0), "logistic": (3.0, 8.0)}[form]
        return cls(
            "logistic" if form == "logistic" else "hill",
            usual * np.exp(random.normal(0, 0.5, channels)),
            usual * np.exp(random.normal(0, 0.3, channels)),
            random.uniform(*slope, channels),
            usual,
            3 * usual,
        )

    @property
    def budget(self) -> float:
        return float(self.usual.sum())

    def told(self) -> dict:
        arrays = {key: getattr(self, key).tolist() for key in ("top", "half", "slope", "usual", "most")}
        return {"form": self.form, "budget": self.budget, **arrays}

    def worth(self, money: np.ndarray) -> np.ndarray:
        """Shape (…, channels)."""
        return results(self.told(), money)

    def next_worth(self, money: np.ndarray) -> np.ndarray:
        """Shape (…, channels), of the next unit of money."""
        if self.form == "hill":
            power = (np.maximum(money, 1e-9) / self.half) ** self.slope
            return self.top * self.slope * power / np.maximum(money, 1e-9) / (1.0 + power) ** 2
        part = 1.0 / (1.0 + np.exp(self.slope * (1.0 - money / self.half)))
        nothing = 1.0 / (1.0 + np.exp(self.slope))
        return self.top * self.slope / self.half * part * (1.0 - part) / (1.0 - nothing)

    @property
    def bend(self) -> np.ndarray:
        """Shape (channels,), money from which on the curves are concave."""
        if self.form == "logistic":
            return np.minimum(self.half, self.most)
        part = np.maximum((self.slope - 1.0) / (self.slope + 1.0), 0.0)
        return np.minimum(self.half * part ** (1.0 / self.slope), self.most)

    def best(self, price: float) -> np.ndarray:
        """Shape (channels,), money behind the bend that is worth most beyond its price."""
        low, high = self.bend, self.most.copy()
        for _ in range(60):
            middle = 0.5 * (low + high)
            rising = self.next_worth(middle) >= price
            low, high = np.where(rising, middle, low), np.where(rising, high, middle)
        return 0.5 * (low + high)


def coarse(question: Question, pieces: int) -> np.ndarray:
    """Shape (pieces + 2, channels): cuts that are the closer the more the curves bend, and one where they turn."""
    grid = np.linspace(0.0, 1.0, 801)[:, None] * question.most
    bends = np.sqrt(np.abs(np.diff(question.worth(grid), 2, axis=0))) + 1e-12
    bends += 1e-3 * bends.max(axis=0)
    whole = np.concatenate([np.zeros((1, len(question.top))), np.cumsum(bends, axis=0)])
    whole /= whole[-1]
    wanted = np.linspace(0.0, 1.0, pieces + 1)
    cuts = [np.interp(wanted, own, at[:-1]) for own, at in zip(whole.T, grid.T, strict=True)]
    return np.concatenate([np.transpose(cuts), question.bend[None]])


def price_at(question: Question, amounts: np.ndarray) -> float:
    """Worth of a unit of money where it may still move."""
    inside = (amounts > question.bend) & (amounts < question.most * (1 - 1e-9))
    return float(np.median(question.next_worth(amounts)[inside])) if inside.any() else 0.0


def closer(question: Question, amounts: np.ndarray, span: float) -> np.ndarray:
    """Cuts, coarse everywhere and fine around the amounts, and around those of channels that might get money."""
    price = price_at(question, amounts)
    around = np.where(amounts > question.bend, amounts, question.best(price))
    return np.concatenate([coarse(question, FINE), around + span * STEPS[:, None] * question.most])


def rounded(question: Question, cuts: np.ndarray) -> np.ndarray:
    """Shape (channels, cuts), rising, in cents, from nothing to the most."""
    ends = np.clip(np.round(np.sort(cuts, axis=0), 2), 0.0, question.most)
    ends[0], ends[-1] = 0.0, question.most
    return ends.T


def card(question: Question, ends: np.ndarray) -> pd.DataFrame:
    """A rate card whose tiers are the curves between their cuts."""
    length = np.diff(ends, axis=1)
    return tiers(length, np.diff(question.worth(ends.T).T, axis=1) / np.where(length > 0, length, 1.0))


def card_above(question: Question, ends: np.ndarray) -> pd.DataFrame:
    """A rate card that is nowhere below the curves: tangents from both cuts, meeting between them, and chords."""
    worth, slope = question.worth(ends.T).T, question.next_worth(ends.T).T
    low, high, steep, flat = ends[:, :-1], ends[:, 1:], slope[:, :-1], slope[:, 1:]
    rise = np.diff(worth, axis=1)
    chord = rise / np.where(high > low, high - low, 1.0)
    concave = (low >= question.bend[:, None] - 0.005) & (steep > flat * (1 + 1e-12))
    meet = (rise - flat * (high - low)) / np.where(concave, steep - flat, 1.0)
    meet = np.where(concave, np.clip(meet, 0.0, high - low), high - low)
    length = np.stack([meet, high - low - meet], axis=2).reshape(len(ends), -1)
    each = np.stack([np.where(concave, steep, chord), np.where(concave, flat, chord)], axis=2)
    return tiers(length, each.reshape(len(ends), -1))


def tiers(length: np.ndarray, results_each: np.ndarray) -> pd.DataFrame:
    """Shape (channels, tiers) both: money, and results for a unit of it."""
    channel, tier = np.nonzero(length > 0)
    names = np.array([f"c{i:03d}" for i in range(len(length))])
    bought, most = results_each[channel, tier], length[channel, tier]
    return pd.DataFrame({"channel": names[channel], "cost": 1.0, "results": bought, "up_to": most})


@dataclass(frozen=True)
class Answered:
    """What mediaplan answers: amounts, seconds, and the bound that is proven for all plans."""

    amounts: np.ndarray
    search: float
    everything: float
    bound: float


def by_mediaplan(question: Question) -> Answered:
    brief = mp.Brief(currency="EUR", budget=round(question.budget, 2), start="2026-11-30", days=7)
    begun, searched, cuts = time.process_time(), 0.0, coarse(question, COARSE)
    for span in (*SPANS, None):
        ends = rounded(question, cuts)
        response = responding(card(question, ends), brief)
        begun_search = time.process_time()
        solved = asked(brief, response).solve()
        searched += time.process_time() - begun_search
        if span is not None:
            cuts = closer(question, solved.amounts / 100.0, span)
    plan = mp.plan(brief, response)
    everything = time.process_time() - begun
    money = dict.fromkeys((f"c{i:03d}" for i in range(len(ends))), 0.0)
    money |= {line.channel: line.amount.minor / 100.0 for line in plan.lines_planned}
    bound = asked(brief, responding(card_above(question, ends), brief)).solve().bound
    return Answered(np.array(list(money.values())), searched, everything, bound)


def responding(rows: pd.DataFrame, brief: mp.Brief) -> mp.Response:
    return mp.from_rates(mp.read_rates(rows), currency="EUR", as_of=brief.start)


def by_peer(peer: str, question: Question, folder: Path) -> dict | None:
    """The peer's answer; `None` where it gives none in time."""
    script = Path(__file__).with_name("optimisers_of_peers.py")
    python = folder / peer / ("Scripts" if os.name == "nt" else "bin") / "python"
    try:
        done = subprocess.run(
            [python, script, peer],
            input=json.dumps(question.told()),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        print(done.stderr.strip().splitlines()[-1], file=sys.stderr)
        return None
    found = json.loads(done.stdout.strip().splitlines()[-1])
    amounts = np.array(found["amounts"])
    if np.isnan(amounts).any():
        return None
    # An answer that spends a little too much is taken at its mixture.
    found["amounts"] = amounts * min(1.0, question.budget / max(amounts.sum(), 1e-9))
    return found


def compared(form: str, channels: int, seed: int, peers: list[str], folder: Path | None) -> bool:
    question = Question.invented(form, channels, seed)
    ours = by_mediaplan(question)
    value = float(question.worth(ours.amounts).sum())
    start = f"{form:<9} {channels:>4} {seed:>4}  "
    print(
        f"{start}{'mediaplan':<16} {'':>11} {ours.search:8.4f} {'':>7}   with all {ours.everything:.2f} s, "
        f"no plan is more than {ours.bound / value - 1:.1e} better",
        flush=True,
    )
    well = True
    for peer in peers if folder else ():
        if form == "logistic" and peer == "robynpy":
            continue  # knows Hill curves only
        found = by_peer(peer, question, folder)
        if found is None:
            print(f"{start}{peer:<16} no answer", flush=True)
            continue
        theirs = float(question.worth(found["amounts"]).sum())
        well &= theirs <= value * (1 + WORSE)
        print(
            f"{start}{peer:<16} {theirs / value - 1:>+11.1e} {found['seconds']:8.4f} "
            f"{found['seconds'] / ours.search:7.1f}   before the first answer {found['before']:.0f} s",
            flush=True,
        )
    return well


def install(folder: Path) -> None:
    """The peers' environments, as far as they can be installed."""
    for peer, (python, packages, alone) in PEERS.items():
        home = folder / peer
        steps = [["uv", "venv", "--quiet", "--python", python, home]]
        into = ["uv", "pip", "install", "--quiet", "--python", home]
        steps += [[*into, *packages], *([[*into, "--no-deps", *alone]] if alone else [])]
        if any(subprocess.run(step, check=False).returncode for step in steps):
            print(f"{peer} can't be installed", file=sys.stderr)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--install", type=Path, metavar="FOLDER")
    parser.add_argument("--peers", type=Path, metavar="FOLDER")
    parser.add_argument("--only", nargs="+", choices=tuple(PEERS), default=list(PEERS))
    parser.add_argument("--channels", type=int, nargs="+", default=[5, 20, 50, 200])
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=list(FORMS))
    parser.add_argument("--seeds", type=int, default=1)
    chosen = parser.parse_args()
    if chosen.install:
        install(chosen.install)
        return 0
    by_mediaplan(
        Question.invented("hill", 5, 0)
    )  # what is imported at the first use is no time of a question
    print("curves   channels seed by               its worth  CPU s   times ours")
    well = True
    for form in chosen.forms:
        for channels in chosen.channels:
            for seed in range(chosen.seeds):
                well &= compared(form, channels, seed, chosen.only, chosen.peers)
    if not well:
        print(f"a peer's answer is better by more than {WORSE}", file=sys.stderr)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
