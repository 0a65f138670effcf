"""Lines that amounts tell by themselves, rows sorted by one key, and the shorter course of many observations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediaplan.history.reading.reading import read_history
from mediaplan.response.estimating import schedule
from mediaplan.response.fitting import fit
from mediaplan.response.packing import packed
from mediaplan.response.rows.coupling import Cells, Coupled
from mediaplan.response.rows.matching import Puzzle

WHOLE = st.integers(-(2**62), 2**62 - 1)


@given(st.lists(st.tuples(st.integers(-3, 3), WHOLE, st.integers(0, 2)), max_size=30))
def test_keys_sort_as_columns_do_and_tell_the_same_rows_apart(rows):
    columns = [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)] or [np.zeros(0)] * 3
    columns[1] = columns[1] // 2
    expected = np.array(sorted(set(zip(*(c.tolist() for c in columns), strict=True)), key=None))
    keys = packed(columns)
    _, first = np.unique(keys, return_index=True)
    assert [tuple(int(c[at]) for c in columns) for at in first] == [tuple(row) for row in expected.tolist()]


def cell(*tables: tuple[float, ...]) -> Cells:
    """One cell of which any rows may make a line."""
    rows = [each.ravel() for each in np.indices([len(table) for table in tables], dtype=np.int16)]
    number = np.arange(len(rows[0]))[None, :]
    return Cells(
        tuple(np.array([t], dtype=float) for t in tables), tuple(r[None, :] for r in rows), number, number
    )


def lines(block: Cells, found: Coupled) -> set[tuple[int, ...]]:
    return {tuple(int(rows[0, at]) for rows in block.rows) for at in found.combination}


def test_amounts_that_stand_in_every_table_are_lines():
    block = cell((1240.0, 3010.0, 500.0), (3010.0, 500.0, 1240.0), (500.4, 1240.0, 3009.6))
    puzzle = Puzzle.of(block)
    assert not len(puzzle.left)
    assert lines(block, puzzle.settled) == {(0, 2, 1), (1, 0, 2), (2, 1, 0)}
    assert puzzle.settled.agreed[0] == pytest.approx(4750.0, abs=2.0)


def test_a_table_with_one_row_agrees_with_any_lines():
    block = cell((1240.0, 3010.0), (4250.0,), (3010.0, 1240.0))
    puzzle = Puzzle.of(block)
    assert lines(block, puzzle.settled) == {(0, 0, 1), (1, 0, 0)}


@pytest.mark.parametrize(
    "tables",
    [
        ((1240.0, 1240.0), (1240.0, 1240.0)),  # which is which can't be told
        ((1240.0, 3010.0), (1000.0, 3250.0)),  # no amount stands in both
        ((1240.0, 3010.0, 10.0), (1240.0, 3020.0)),  # fewer rows
    ],
)
def test_amounts_that_do_not_tell_are_left_to_be_searched(tables):
    puzzle = Puzzle.of(cell(*tables))
    assert puzzle.left.tolist() == [0]
    assert not len(puzzle.settled.cell)


def test_rows_that_may_not_meet_are_no_line():
    block = cell((1240.0, 3010.0), (1240.0, 3010.0))
    line = block.line.copy()
    line[0, 0] = -1  # row 0 of both
    puzzle = Puzzle.of(Cells(block.amounts, block.rows, line, block.place))
    assert puzzle.left.tolist() == [0]


def test_what_all_searches_found_is_not_searched_again():
    block = cell((1240.0, 3010.0, 10.0), (1240.0, 3020.0))
    at = [row * 2 + column for row, column in ((0, 0), (1, 1), (2, 1))]
    found = Coupled(
        np.zeros(3, dtype=np.intp),
        np.array(at),
        np.array([1240.0, 3010.0, 10.0]),
        np.ones(3),
        np.array([4260.0]),
    )
    puzzle, others = Puzzle.of(block).settle(found)
    assert not len(puzzle.left)
    assert not len(others.cell)
    assert lines(block, puzzle.settled) == {(0, 0), (1, 1), (2, 1)}
    doubtful = Coupled(found.cell, found.combination, found.money, np.array([1.0, 0.5, 1.0]), found.agreed)
    assert Puzzle.of(block).settle(doubtful)[0].left.tolist() == [0]


def history(seed: int = 3, rows: int = 900) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    codes = {d: random.integers(0, n, rows) for d, n in (("post", 12), ("channel", 4), ("audience", 5))}
    spend = np.round(random.gamma(0.6, 60.0, rows) + 1.0, 2)
    effect = sum(random.normal(0.0, 0.4, 12)[each] for each in codes.values())
    week = random.integers(0, 10, rows)
    return pd.DataFrame(
        {
            "date": pd.Timestamp("2026-08-03") + pd.to_timedelta(7 * week, unit="D"),
            "days": 7,
            **{d: [f"{d}{i}" for i in each] for d, each in codes.items()},
            "spend": spend,
            "results:lead": random.poisson(0.4 * spend / (1.0 + spend / 80.0) * np.exp(effect)).astype(float),
        }
    )


def effects(response) -> dict[tuple[str, ...], np.ndarray]:
    return {levels.factor.of: levels.effect for levels in response.estimate.fits[0].levels}


def test_the_shorter_course_of_many_observations_ends_where_the_longer_one_does(monkeypatch):
    told = read_history(history(), currency="EUR")
    longer = effects(fit(told))
    monkeypatch.setattr(schedule, "MANY", 100)
    monkeypatch.setattr(schedule, "SMALL", 100)
    monkeypatch.setattr(schedule, "MANY_SWEEPS", 40)
    far = effects(fit(told))
    monkeypatch.setattr(schedule, "MANY_SWEEPS", 12)
    shorter = effects(fit(told))
    for of, effect in shorter.items():
        assert np.abs(effect - far[of]).max() < 0.06, of
        assert np.abs(effect - longer[of]).max() < 0.3, of


def test_the_order_of_rows_changes_no_bit_of_a_fit():
    rows = history(5, 400)
    one = effects(fit(read_history(rows, currency="EUR")))
    other = effects(fit(read_history(rows.sample(frac=1.0, random_state=1), currency="EUR")))
    assert all(np.array_equal(one[of], other[of]) for of in one)
