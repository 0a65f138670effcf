"""Weeks that are over: of invented worlds, of a few rows, and drawn by hand."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from mediaplan.history.records.records import History
from mediaplan.response.looking_back.backtest import backtest
from mediaplan.response.looking_back.foreseen import Foreseen, Measure, foresee
from mediaplan.response.looking_back.origins import origins
from mediaplan.slots import Slots
from mediaplan.worlds.additive import World
from mediaplan.worlds.settings import SETTINGS

LEAD = "results:lead"
SEEDS = range(700, 724)


@cache
def world(seed, setting="base"):
    return World(seed, SETTINGS[setting])


@cache
def looked_back(seed):
    w = world(seed)
    return backtest(w.history, posts=w.posts, audiences=w.audiences).judgements[0]


@cache
def foretold(seed):
    """The weeks of a world as they were foretold."""
    w = world(seed)
    about = {"posts": w.posts, "audiences": w.audiences, "slots": Slots(), "seed": 1}
    return [
        foresee(origin, [Measure("lead", ("lead",))], **about)[0]
        for origin in origins(w.history, Slots(), [("lead",)], None)
    ]


def rows_of(history, **columns):
    return History(history.rows.assign(**columns), history.currency, history.kinds)


def small(rows, kinds=("lead",)):
    """A history of rows (date, days, post, spend, results of each kind…)."""
    table = pd.DataFrame(
        [
            {
                "date": pd.Timestamp(day),
                "days": days,
                "post": post,
                "channel": "facebook",
                "spend": float(spend),
                **{f"results:{kind}": float(count) for kind, count in zip(kinds, counts, strict=True)},
            }
            for day, days, post, spend, *counts in rows
        ]
    )
    blank = dict.fromkeys(("audience", "slot", "hour", "impressions", "reach", "clicks"), np.nan)
    table = table.assign(**blank)
    for name in ("audience", "slot"):
        table[name] = table[name].astype("str")
    return History(table, "EUR", kinds)


def week(spend, actual, model, draws, **more):
    """A week with figures chosen by hand."""
    given_figures = {
        "averages": np.array(model, dtype=float),
        "engagement": None,
        "unit": 1.0,
        "unknown": 0.0,
        "lines": np.array([(str(n),) for n in range(len(spend))] + [None], dtype=object)[:-1],
    } | more
    return Foreseen(
        start=date(2026, 11, 2),
        end=date(2026, 11, 8),
        past_weeks=5,
        spend=np.array(spend, dtype=float),
        actual=np.array(actual, dtype=float),
        model=np.array(model, dtype=float),
        draws=np.array(draws, dtype=float),
        **given_figures,
    )
