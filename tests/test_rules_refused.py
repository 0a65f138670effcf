"""Rules that are wrong by themselves, that name what is unknown, or that are far too many; and what groups stand for."""

from __future__ import annotations

import pytest
from plans_tried import (
    START,
    planned,
)

from mediaplan.brief.briefs import Brief
from mediaplan.brief.reading import parse_brief
from mediaplan.brief.rules import (
    Blackout,
    Change,
    Excludes,
    LineCount,
    Locked,
    Needs,
    NotBefore,
    PerDay,
    PostCount,
    Spend,
)
from mediaplan.brief.writing import brief_toml
from mediaplan.errors import InputError

WRONG = [
    (lambda: PostCount(at_most=-1), "at_most"),
    (lambda: PostCount(at_most=2.5), "at_most"),
    (lambda: LineCount(at_least=float("nan")), "at_least"),
    (lambda: LineCount(at_least=1e308), "at_least"),
    (lambda: LineCount(at_least=5, at_most=3), None),
    (LineCount, None),
    (lambda: Locked(post="p0"), None),
    (lambda: Locked(post="p0", amount=-5), "amount"),
    (lambda: Locked(post="p0", amount=5, equal=6), "equal"),
    (lambda: Needs(post="p0"), "needs"),
    (lambda: Needs(post="p0", needs={"pst": "p1"}), "needs.pst"),
    (lambda: Excludes(post="p0"), None),
    (lambda: Excludes(post=["p0", "p1"], channel=["facebook", "tiktok"]), None),
    (lambda: NotBefore(channel="tiktok"), None),
    (lambda: NotBefore(date=["2026-12-01", "2026-12-03"]), None),
    (lambda: Blackout(date="soon"), "date"),
    (lambda: Blackout(date="0001-01-01"), "date"),
    (lambda: Blackout(date="2026-12-05/2026-12-01"), "date"),
    (PerDay, None),
    (lambda: PerDay(shape="odd"), "shape"),
    (lambda: Change(at_most=-0.2, before={"tiktok": 5}), "at_most"),
    (lambda: Change(at_most=0.2), "before"),
    (lambda: Change(at_most=0.2, before={"tiktok": -5}), "before.tiktok"),
    (lambda: Change(at_most=0.2, before={"tiktok": 5}, per="day"), "per"),
    (lambda: PerDay(at_most=5, per="month"), "per"),
    (lambda: Spend(at_most=5, per="month"), "per"),
    (lambda: Spend(at_most=5, soft=-1), "soft"),
    (lambda: Spend(at_most=5, soft=float("nan")), "soft"),
    (lambda: Spend(at_most=5, soft=1e308), "soft"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "place"), WRONG)
def test_a_rule_that_is_wrong_by_itself_is_refused_with_its_place(made, place):
    with pytest.raises(InputError) as refused:
        Brief(budget=100, currency="EUR", start=START, days=7, rules=(made(),))
    (problem,) = refused.value.problems
    assert str(problem.column).removeprefix("rule 1").removeprefix(".") == (place or "")


def test_a_name_that_is_needed_and_unknown_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"rule 2.needs.channel(.|\n)*Did you mean “tiktok”"):
        planned(1, Needs(post="p0", needs={"channel": "tiktk"}))


def test_a_group_stands_for_its_names_wherever_a_rule_picks():
    groups = {"pair": ["p0", "p2"], "networks": ["facebook", "tiktok"]}
    grouped = planned(
        1, Spend(post="pair", at_most=40), PostCount(channel="networks", at_most=2), groups=groups
    )
    plain = planned(1, Spend(post=["p0", "p2"], at_most=40), PostCount(at_most=2))
    assert grouped.objective == pytest.approx(plain.objective, rel=1e-9)
    with pytest.raises(InputError, match=r"groups.pair(.|\n)*Did you mean “p2”"):
        planned(1, groups={"pair": ["p0", "p22"]})
    with pytest.raises(InputError, match="both called “tiktok”"):
        planned(1, groups={"tiktok": ["p0"]})
    for wrong in (5, {"pair": []}, {"pair": 3}, {" ": ["p0"]}):
        with pytest.raises(InputError):
            planned(1, groups=wrong)
    with pytest.raises(InputError, match="Did you mean “pair”"):
        planned(1, Spend(post="pairs", at_most=40), groups=groups)
    asked = Brief(budget=5, currency="EUR", start=START, days=3, groups=groups)
    assert parse_brief(brief_toml(asked)) == asked


def test_far_too_many_rules_are_refused_instead_of_filling_the_memory():
    with pytest.raises(InputError, match="20,002 rules, more than the 20,000"):
        planned(1, *(Spend(post="p0", at_most=100) for _ in range(20_001)))
    # Few rules may make very many limits.
    days = 366
    rules = (Spend(per=("post", "day"), at_most=100 + n) for n in range(40))
    with pytest.raises(InputError, match="more than can be planned") as refused:
        planned(1, *rules, days=days)
    assert refused.value.problems[0].column.startswith("rule ")


def test_hundreds_of_rules_that_say_the_same_change_nothing():
    rules = tuple(Spend(post="p0", at_most=20 + n) for n in range(300))
    assert planned(1, *rules).objective == pytest.approx(planned(1, rules[0]).objective, rel=1e-3)
