"""Rows that repeat the money of others: which of them is the sum, where several could be."""

from __future__ import annotations

from itertools import permutations

import pandas as pd
import pytest

from mediaplan.history.reading.reading import read_history


def spent(rows):
    table = pd.DataFrame(rows, columns=["post", "audience", "spend"]).assign(date="2026-09-01", clicks=1)
    return read_history(table, currency="EUR").rows["spend"].sum()


@pytest.mark.parametrize("word", ["Total", "TOTAL:", "Totaux", "all", "somme"])
@pytest.mark.parametrize("order", range(6))
def test_of_two_rows_that_repeat_each_other_the_one_that_says_total_is_the_sum(word, order):
    rows = [("a", "x", 0.0), (None, None, 100.0), (word, None, 100.0)]
    assert spent(list(permutations(rows))[order]) == 100


def test_two_rows_that_both_say_total_or_both_say_nothing_are_kept():
    assert spent([("a", "x", 0.0), ("Total", None, 100.0), ("Total", None, 100.0)]) == 200
    assert spent([("a", "x", 0.0), (None, None, 100.0), (None, None, 100.0)]) == 200


def test_money_without_a_name_beside_a_total_of_everything_is_no_sum():
    assert spent([("a", "x", 100.0), (None, None, 100.0), ("Total", None, 200.0)]) == 200


def test_a_total_over_rows_that_name_nothing_counts_once():
    assert spent([(None, None, 100.0), (None, None, 50.0), ("Total", None, 150.0)]) == 150
    assert spent([("Total", None, 100.0), ("Total", None, 50.0)]) == 150


def test_a_subtotal_and_a_total_of_the_same_rows_are_both_left_out():
    rows = [("a", "x", 30.0), ("a", "y", 70.0), (None, None, 100.0), ("Total", None, 100.0)]
    assert spent(rows) == 100
