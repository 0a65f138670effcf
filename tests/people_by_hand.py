"""A small world of people to reach: how many money reaches, worked out here, and all plans in steps counted out."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from invented import every_line, response

from mediaplan.brief.briefs import Brief
from mediaplan.history.records.timing import Ends
from mediaplan.response.contacts import Contacts
from mediaplan.response.past import Past
from mediaplan.response.responses import Response

CHANNELS = ("facebook", "tiktok")
VIEWS = {"facebook": 90.0, "tiktok": 150.0}
"""Impressions for a euro."""
SIZES = {("a0", None): 40_000.0, ("a0", "tiktok"): 15_000.0, ("a1", None): 25_000.0}
"""People of an audience, on all channels or on one."""
STEP = 50
"""Of the plans that are counted out, euros."""


def table(sizes: dict[tuple[str, str | None], float]) -> pd.DataFrame:
    rows = [{"audience": a, "channel": c, "size": s, "value": 1.0} for (a, c), s in sizes.items()]
    return pd.DataFrame(rows).astype({"channel": object})


def past(views: dict[str, float], audiences: int = 2) -> Past:
    """Every channel and audience was bought for a thousand, each impression to somebody else."""
    codes = np.array([(0, c, a, -1) for c in range(len(CHANNELS)) for a in range(audiences)], dtype=np.int32)
    spend = np.full(len(codes), 1000.0)
    shown = np.array([1000.0 * views.get(CHANNELS[c], 0.0) for _, c, _, _ in codes])
    none = np.zeros(len(codes))
    told = Contacts(shown, np.where(shown > 0, spend, 0.0), none, none, none)
    return Past(
        codes,
        spend,
        np.full(len(codes), 7.0),
        none,
        none,
        {},
        {},
        Ends(
            np.array(["2026-11-22"], dtype="datetime64[D]"),
            np.array([len(codes)]),
            np.array([spend.sum()]),
            "EUR",
        ),
        7,
        told,
    )


def world(seed: int = 1, views: dict[str, float] = VIEWS, sizes=SIZES, **more: object) -> Response:
    known = response(
        posts=1,
        channels=CHANNELS,
        audiences=2,
        slots=(),
        seed=seed,
        draws=1,
        audiences_table=table(sizes),
        **more,
    )
    return replace(known, past=past(views))


def asked(budget: float, *rules: object, **more: object) -> Brief:
    return Brief(
        **({"budget": budget, "currency": "EUR", "start": "2026-11-30", "days": 7, "rules": rules} | more)
    )


def people(money: dict[tuple[str, str], float]) -> dict[str, float]:
    """People reached of each audience, worked out here: channels missed one after the other."""
    found = {}
    for audience, whole in (("a0", 40_000.0), ("a1", 25_000.0)):
        left = whole
        for channel in CHANNELS:
            size = SIZES.get((audience, channel), whole)
            share = VIEWS[channel] * money.get((channel, audience), 0.0) / size
            left *= 1.0 - size * share / (1.0 + share) / whole
        found[audience] = whole - left
    return found


def shown(money: dict[tuple[str, str], float]) -> float:
    return sum(VIEWS[channel] * amount for (channel, _), amount in money.items())


def money_of(made) -> dict[tuple[str, str], float]:
    return {(line.channel, line.audience): float(line.amount.amount) for line in made.lines_planned}


def curves_of(known: Response) -> dict[tuple[str, str], tuple[float, float]]:
    lines = every_line(known)
    curves = known.curves(lines)
    pairs = zip(lines.labels("channel"), lines.labels("audience"), strict=True)
    return {
        (str(c), str(a)): (float(curves.rate[0, i, 0]), float(curves.scale[0, i, 0]))
        for i, (c, a) in enumerate(pairs)
    }


def counted_out(
    known: Response,
    budget: int,
    *,
    keeps: Callable[[dict[tuple[str, str], float]], bool] = lambda _: True,
    short: Callable[[dict[tuple[str, str], float]], float] = lambda _: 0.0,
) -> float:
    """The most results, less what falls short, of all plans in steps that keep a limit; -inf where none does."""
    curves = curves_of(known)
    best = -np.inf
    for steps in itertools.product(range(budget // STEP + 1), repeat=len(curves)):
        money = {pair: float(n * STEP) for pair, n in zip(curves, steps, strict=True)}
        if sum(money.values()) <= budget and keeps(money):
            gain = sum(r * money[p] / (1 + money[p] / s) for p, (r, s) in curves.items())
            best = max(best, gain - short(money))
    return best
