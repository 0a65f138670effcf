"""From which tables the search for lines is believed: two searches agree where lines are told, and not elsewhere."""

import pytest

from mediaplan.history.reading.reading import read_history
from mediaplan.response.fitting import fit
from mediaplan.response.rows import cells, crossing
from mediaplan.response.rows.crossing import AGREED
from mediaplan.worlds import additive, mechanistic
from mediaplan.worlds.settings import SETTINGS
from mediaplan.worlds.sizes import SIZES

WORLDS = [additive.World(21, SETTINGS["short"]), mechanistic.World(21, SIZES["small"])]


def agreed(world, tables, monkeypatch):
    """Part of the money that two searches put on the same lines, the history summed to these tables."""
    rows = world.history.rows
    figures = ["spend", "results:lead"]
    summed = [rows.groupby(["date", "days", *by], as_index=False)[figures].sum() for by in tables]
    seen = []

    def searched(*asked):
        seen.append(cells.lines_of(*asked))
        return seen[-1]

    monkeypatch.setattr(cells, "HOPELESS", -1.0)  # search on, however little a few searches find
    monkeypatch.setattr(crossing, "lines_of", searched)
    fit(read_history(*summed, currency="EUR"))
    return seen[0].agreed


@pytest.mark.parametrize("world", WORLDS)
def test_searches_agree_where_tables_share_the_post(world, monkeypatch):
    tables = [("post", "channel"), ("post", "audience"), ("post", "slot")]
    assert agreed(world, tables, monkeypatch) > AGREED + 0.1


@pytest.mark.parametrize("world", WORLDS)
def test_searches_do_not_agree_where_tables_share_but_the_date(world, monkeypatch):
    assert agreed(world, [("post",), ("channel",), ("audience",)], monkeypatch) < AGREED - 0.1
