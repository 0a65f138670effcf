"""Histories of a few rows, invented worlds, and what is asked of every fit."""

import itertools
from functools import cache

import numpy as np
import pandas as pd

from mediaplan.history.records.records import DIMENSIONS, History
from mediaplan.response.fitting import fit
from mediaplan.response.lines import Lines
from mediaplan.worlds.additive import World
from mediaplan.worlds.settings import SETTINGS

LEAD = "results:lead"
EMPTY = {
    "date": pd.Timestamp("2026-09-07"),
    "days": 7,
    **dict.fromkeys(("post", "channel", "audience", "slot", "hour"), np.nan),
    "spend": 0.0,
    **dict.fromkeys(("impressions", "reach", "clicks"), np.nan),
}


def history(rows, kinds=("lead",), currency="EUR"):
    table = pd.DataFrame([EMPTY | row for row in rows], columns=[*EMPTY, *(f"results:{k}" for k in kinds)])
    for name in ("post", "channel", "audience", "slot"):
        table[name] = table[name].astype("str")
    return History(table, currency, kinds)


def crossed(response, start="2026-11-23", days=7, **only):
    """Every combination of the response's names, or of those given."""
    names = [only.get(d, response.names[d]) or (None,) for d in DIMENSIONS]
    rows = list(itertools.product(*names))
    codes = {
        d: np.array(
            [-1 if row[i] is None else response.names[d].index(row[i]) for row in rows], dtype=np.int32
        )
        for i, d in enumerate(DIMENSIONS)
    }
    return Lines(
        response.names,
        codes,
        np.full(len(rows), np.datetime64(start)),
        np.full(len(rows), days, dtype=np.int32),
    )


@cache
def world(seed=3, setting="base"):
    return World(seed, SETTINGS[setting])


@cache
def fitted(seed=3, setting="base"):
    w = world(seed, setting)
    return fit(w.history, posts=w.posts, audiences=w.audiences)


def world_lines(w, response):
    codes = {d: pd.Index(response.names[d]).get_indexer(w.lines[d]).astype(np.int32) for d in DIMENSIONS}
    n = len(w.lines)
    return Lines(response.names, codes, np.full(n, np.datetime64(w.flight)), np.full(n, 7, dtype=np.int32))


def assert_sane(curves):
    assert np.isfinite(curves.rate).all()
    assert (curves.rate >= 0).all()
    assert np.isfinite(curves.scale).all()
    assert (curves.scale > 0).all()
    assert np.isfinite(curves.cover).all()
    assert np.isfinite(curves.dispersion).all()


def same(one, other, tolerance=0.0):
    for field in ("rate", "scale", "cover", "dispersion"):
        np.testing.assert_allclose(getattr(one, field), getattr(other, field), rtol=tolerance)
