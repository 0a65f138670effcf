"""Tiers of a rate card: what they say of their line is compared, spread and cut out as by going line by line."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

import mediaplan as mp
from mediaplan.errors import InputError
from mediaplan.planning.search.rounding import _only_moves
from mediaplan.response.given.rated_curves import ladders_of
from mediaplan.response.ladders import UNITS

SAID = ("whole", "at_least", "fixed")


def invented(seed: int, doubtful: float) -> pd.DataFrame:
    """A card whose lines stand among each other; some tiers say something of their line, some of those something else."""
    random = np.random.default_rng(seed)
    rows = []
    for channel, audience in product("ab", ("", "x", "y")):
        tiers = int(random.integers(1, 4))
        mine = {"whole": random.choice(["yes", "no"]), "at_least": random.integers(0, 2), "fixed": 7}
        other = {"whole": "no" if mine["whole"] == "yes" else "yes", "at_least": 31, "fixed": 8}
        for tier in range(tiers):
            row: dict[str, object] = {"channel": channel, "audience": audience, "cost": 2, "results": 1}
            endless = tier + 1 == tiers or random.random() < doubtful
            row["up_to"] = "" if endless else float(random.integers(1, 20)) / random.choice([1, 2])
            for column in SAID:
                told = other if random.random() < doubtful else mine
                row[column] = told[column] if random.random() < 0.4 else ""
            rows.append(row)
    place = pd.Series([(row["channel"], row["audience"]) for row in rows])
    mixed = place.sample(frac=1.0, random_state=seed).tolist()
    left = {line: iter(np.flatnonzero(place == line)) for line in mixed}
    return pd.DataFrame([rows[next(left[line])] for line in mixed])


def line_by_line(frame: pd.DataFrame) -> tuple[set[tuple[int, str]], dict[int, dict[str, float]]]:
    """The places (row, column) of what is wrong, and by row what is said of its line, as the documents say it."""
    wrong, spread = set(), {}
    for _, rows in frame.groupby(["channel", "audience"]):
        told: dict[str, float] = {}
        for column in SAID:
            said = [(at, value) for at, value in rows[column].items() if value != ""]
            first = said[0][1] if said else 0
            told[column] = float(first == "yes") if column == "whole" else float(first)
            wrong |= {(int(at), column) for at, value in said if value != first}
        # Of several that say something else the first is named.
        for column in SAID:
            mine = sorted(at for at, of in wrong if of == column and at in rows.index)
            wrong -= {(at, column) for at in mine[1:]}
        units = [np.inf if value == "" else float(value) for value in rows["up_to"]]
        wrong |= {(int(at), "up_to") for at, n in zip(rows.index[:-1], units, strict=False) if np.isinf(n)}
        if told["whole"]:
            wrong |= {(int(at), "up_to") for at, n in zip(rows.index, units, strict=True) if n % 1 > 0}
        if told["at_least"] > sum(units):
            wrong.add((int(rows.index[0]), "at_least"))
        spread |= {int(at): told for at in rows.index}
    return wrong, spread


@pytest.mark.filterwarnings(
    "ignore:invalid value:RuntimeWarning"
)  # of the oracle: what is left of an endless tier
@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("doubtful", [0.0, 0.15])
def test_tiers_are_compared_and_spread_as_line_by_line(seed, doubtful):
    frame = invented(seed, doubtful)
    wrong, spread = line_by_line(frame)
    if wrong:
        with pytest.raises(InputError) as refused:
            mp.read_rates(frame)
        assert sorted((p.row - 2, p.column) for p in refused.value.problems) == sorted(wrong)
        return
    rates = mp.read_rates(frame)
    for column in SAID:
        assert rates.rows[column].astype(float).tolist() == [spread[at][column] for at in range(len(frame))]


def test_the_two_kinds_of_cards_are_both_among_the_invented_ones():
    faulty = [
        bool(line_by_line(invented(seed, doubtful))[0]) for seed in range(12) for doubtful in (0.0, 0.15)
    ]
    assert 4 <= sum(faulty) <= 20


def test_ladders_hold_the_tiers_of_each_line_in_their_order_wherever_they_stand():
    frame = pd.DataFrame(
        {
            "channel": ["b", "a", "b", "a", "b", "c"],
            "cost": [1.0, 2.0, 4.0, 5.0, 8.0, 10.0],
            "results": [5, 4, 3, 2, 1, 9],
            "up_to": [10, 20, 30, "", "", 3],
            "fixed": [7, "", "", "", "", ""],
            "at_least": ["", 25, "", "", "", ""],
        }
    )
    rates = mp.read_rates(frame)
    assert rates.dimensions == ("channel",)
    assert {key: places.tolist() for key, places in rates.lines.items()} == {
        ("", "b", "", ""): [0, 2, 4],
        ("", "a", "", ""): [1, 3],
        ("", "c", "", ""): [5],
    }
    ladders = ladders_of(rates, ("lead", UNITS), {"lead": "results:result"})
    # By hand: money of a tier is its units times their cost; one begins where the one before ends, after what is due once.
    assert ladders.start.tolist() == [[7.0, 17.0, 137.0], [0.0, 40.0, 40.0], [0.0, 30.0, 30.0]]
    assert ladders.length.tolist() == [[10.0, 120.0, np.inf], [40.0, np.inf, 0.0], [30.0, 0.0, 0.0]]
    assert ladders.slope[0].tolist() == [[5.0, 0.75, 0.125], [2.0, 0.4, 0.0], [0.9, 0.0, 0.0]]
    assert ladders.slope[1].tolist() == [[1.0, 0.25, 0.125], [0.5, 0.2, 0.0], [0.1, 0.0, 0.0]]
    # 25 units of the second: 20 at 2 and 5 at 5; of the first any, once the 7 are paid.
    assert ladders.least.tolist() == [7.0, 65.0, 0.0]
    assert ladders.firm.tolist() == [False, True]


@pytest.mark.parametrize("seed", range(40))
def test_moves_that_rows_alone_leave_are_the_only_ones(seed):
    random = np.random.default_rng(seed)
    lines = int(random.integers(1, 5))
    weights = random.choice([-1.0, 0.0, 0.4, 1.0, 2.0], (3, lines))
    lower = random.integers(-2, 1, lines).astype(float)
    upper = lower + random.integers(0, 3, lines)
    at = np.array([random.integers(low, high + 1) for low, high in zip(lower, upper, strict=True)])
    low, high = (
        weights @ at - random.choice([0.0, 0.3, np.inf], 3),
        weights @ at + random.choice([0.0, 0.3], 3),
    )
    left = []
    for line in range(lines):
        others = np.arange(lines) != line
        moves = weights[:, others, None] * np.stack([lower, upper], axis=1)[others]
        least, most = moves.min(axis=2).sum(axis=1), moves.max(axis=2).sum(axis=1)
        own = weights[:, line, None] * np.arange(lower[line], upper[line] + 1)
        may = (own + least[:, None] <= high[:, None] + 1e-9) & (own + most[:, None] >= low[:, None] - 1e-9)
        left.append(np.arange(lower[line], upper[line] + 1)[may.all(axis=0)])
    only = [float(moves[0]) for moves in left] if {len(moves) for moves in left} == {1} else None
    assert only is None or (weights @ only >= low - 1e-9).all()  # of what there is, one place keeps the rows
    found = _only_moves(weights, low - 1e-9, high + 1e-9, lower, upper)
    assert (None if found is None else found.tolist()) == only


def test_money_that_limits_hold_where_it_is_leaves_no_moves_and_a_unit_of_room_does():
    weights, nothing, unit = np.ones((1, 3)), np.zeros(3), np.ones(3)
    full = _only_moves(weights, np.array([-np.inf]), np.array([1e-7]), nothing, unit)
    assert full is not None
    assert full.tolist() == [0, 0, 0]
    assert _only_moves(weights, np.array([-np.inf]), np.array([1.0]), nothing, unit) is None
    # Where rows can't be kept at all, none are the moves; nor where the only ones that are left keep them on one side alone.
    assert _only_moves(weights, np.array([-np.inf]), np.array([-1.0]), nothing, nothing) is None
    assert _only_moves(weights, np.array([1.0]), np.array([np.inf]), nothing, nothing) is None
    assert _only_moves(0 * weights, np.array([-np.inf]), np.array([-1.0]), nothing, nothing) is None
    assert _only_moves(weights, np.array([4.0]), np.array([5.0]), nothing, unit) is None
