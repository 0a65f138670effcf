"""What is attributed and what is incremental: both are said, one is planned for, and its doubt is in the intervals."""

import numpy as np
import pytest
from invented import response
from small_questions import amounts, brief, planned

from mediaplan.brief.goals import MostResults, MostValue
from mediaplan.brief.incrementality import Incrementality
from mediaplan.brief.reading import parse_brief
from mediaplan.brief.rules import Share
from mediaplan.brief.writing import brief_toml
from mediaplan.errors import InputError

SIX = Incrementality(0.6, 0.4, 0.8)


def test_one_factor_everywhere_changes_what_counts_and_not_the_plan():
    known = response(draws=20)
    plain = planned(brief(1000), known)
    made = planned(brief(1000, incrementality={"facebook": SIX, "instagram": SIX}), known)
    cents = [[line.amount.minor for line in each.lines_planned] for each in (made, plain)]
    assert cents[0] == pytest.approx(cents[1], abs=100)
    assert made.totals.results.mean == pytest.approx(0.6 * plain.totals.results.mean, rel=1e-6)
    assert made.totals.attributed.mean == pytest.approx(plain.totals.results.mean, rel=1e-6)
    assert made.objective == pytest.approx(0.6 * plain.objective, rel=1e-6)
    assert made.totals.cpr.mean == pytest.approx(plain.totals.cpr.mean / 0.6, rel=1e-6)


def test_money_leaves_a_channel_whose_results_would_have_come_anyway():
    known = response(draws=20)
    made = planned(brief(1000, incrementality={"instagram": Incrementality(0.1)}), known)
    assert amounts(made, channel="instagram") < amounts(planned(brief(1000), known), channel="instagram")


def test_a_factor_of_a_placement_goes_before_that_of_its_platform():
    stated = {"instagram": Incrementality(0.5), "instagram/feed": Incrementality(0.9)}
    made = planned(brief(1000, Share(channel="instagram", at_least=0.7), incrementality=stated), response())
    for line in made.lines_planned:
        factor = {"facebook": 1.0, "instagram/feed": 0.9, "instagram/stories": 0.5}[line.channel]
        assert line.results.mean == pytest.approx(factor * line.attributed.mean, rel=1e-9)


def test_the_doubt_of_a_factor_widens_intervals_as_much_as_it_states():
    known = response(channels=("facebook",), draws=100, rate=1.0, scale=1e9)
    sure = planned(brief(10_000, incrementality={"facebook": Incrementality(0.6)}, goal=MostResults()), known)
    unsure = planned(brief(10_000, incrementality={"facebook": Incrementality(0.6, 0.3, 1.2)}), known)
    assert _width(unsure) > 1.5 * _width(sure)
    assert unsure.totals.results.mean == pytest.approx(sure.totals.results.mean, rel=1e-9)


def _width(made: object) -> float:
    return made.totals.results.high - made.totals.results.low


def test_the_doubt_is_that_of_a_lognormal_with_the_stated_range():
    from mediaplan.planning.asking.increments import Increments

    drawn = Increments({"facebook": SIX}, np.array([0, 0, -1])).doubt(4000, 1)
    low, high = np.quantile(drawn[0], [0.1, 0.9])
    assert high / low == pytest.approx(2.0, rel=1e-3)
    assert drawn[0].mean() == pytest.approx(1.0)
    assert (drawn[0] == drawn[1]).all()
    assert (drawn[2] == 1.0).all()


def test_the_document_says_both_and_never_caused():
    made = planned(brief(1000, goal=MostValue(), incrementality={"facebook": SIX}), response())
    for language in ("en", "fr"):
        document = made.to_dict(language)
        assert document["totals"]["attributed"]["mean"] >= document["totals"]["results"]["mean"]
        assert all("attributed" in line for line in document["lines"])
        assert any("attribu" in warning for warning in document["warnings"])
        assert "caus" not in str(document)
    assert "attributed" not in str(planned(brief(1000), response()).to_dict())


def test_a_brief_says_its_factors_and_keeps_them():
    asked = brief(1000, incrementality={"facebook": SIX, "instagram/feed": {"value": 0.5}})
    assert parse_brief(brief_toml(asked)) == asked
    assert asked.incrementality["instagram/feed"] == Incrementality(0.5)


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"facebook": {"value": 0}}, "incrementality.facebook.value"),
        ({"facebook": {"value": -0.5}}, "incrementality.facebook.value"),
        ({"facebook": {"value": 10.5}}, "incrementality.facebook.value"),
        ({"facebook": {"value": float("nan")}}, "incrementality.facebook.value"),
        ({"facebook": {"value": "0.6"}}, "incrementality.facebook.value"),
        ({"facebook": {"value": True}}, "incrementality.facebook.value"),
        ({"facebook": {"value": 0.6, "low": 0.7}}, "incrementality.facebook.value"),
        ({"facebook": {"value": 0.6, "high": 0.5}}, "incrementality.facebook.value"),
        ({"facebook": {"value": 0.6, "lo": 0.5}}, "incrementality.facebook.lo"),
        ({"facebook": {"low": 0.6}}, "incrementality.facebook"),
        ({"facebook": 0.6}, "incrementality.facebook"),
        (0.6, "incrementality"),
    ],
)
def test_a_factor_that_is_none_is_refused_where_it_stands(wrong, column):
    with pytest.raises(InputError) as raised:
        brief(1000, incrementality=wrong)
    assert [p.column for p in raised.value.problems] == [column]


def test_a_channel_that_nobody_knows_is_refused_with_the_nearest():
    with pytest.raises(InputError, match="Did you mean “facebook”"):
        planned(brief(1000, incrementality={"facebok": SIX}), response())
