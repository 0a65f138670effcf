"""Audiences and posts that a table names almost as the history does are said beside the plan."""

from __future__ import annotations

import pandas as pd
import pytest

import mediaplan as mp
from mediaplan.planning.asking.newcomers import newcomer_warnings

ROWS = [
    (f"2026-10-{day:02d}", post, audience, 20 + day, 4 + day % 3)
    for day in range(1, 13)
    for post, audience in (("reel-été", "parents-abidjan"), ("photo", "jeunes"))
]
HISTORY = pd.DataFrame(ROWS, columns=["date", "post", "audience", "spend", "results"])


def warnings(audiences=("parents-abidjan", "jeunes"), posts=("reel-été", "photo")):
    response = mp.fit(
        mp.read_history(HISTORY, currency="EUR"),
        posts=mp.read_posts(pd.DataFrame({"post": list(posts)})),
        audiences=mp.read_audiences(pd.DataFrame({"audience": list(audiences)})),
        seed=1,
    )
    return [str(warning) for warning in newcomer_warnings(response)]


def test_a_table_that_names_all_as_the_history_does_gets_no_word():
    assert warnings() == []


@pytest.mark.parametrize("name", ["parents-abdijan", "Parents_Abidjan", "parents abidjan"])
def test_an_audience_that_is_written_otherwise_is_named_with_the_one_it_looks_like(name):
    (said,) = warnings(audiences=(name, "jeunes"))
    assert f"“{name}” for “parents-abidjan”" in said


def test_a_post_without_its_accents_is_named():
    (said,) = warnings(posts=("reel-ete", "photo"))
    assert "“reel-ete” for “reel-été”" in said


def test_a_new_name_beside_the_known_one_is_new():
    assert warnings(audiences=("parents-abidjan", "parents-abidjan-sud", "jeunes")) == []


def test_names_that_differ_in_their_figures_are_different():
    assert warnings(audiences=("parents-abidjan 2", "jeunes")) == []


def test_a_name_that_looks_like_none_is_new():
    assert warnings(audiences=("seniors", "jeunes")) == []
