"""Cases of textbooks on media planning, stated as a person would, are solved to their published optimum."""

from __future__ import annotations

from pathlib import Path

import pytest
from answered import answer

import mediaplan as mp
from mediaplan.brief.reading import found_from

FOLDER = Path(__file__).parent / "textbook"

PUBLISHED = {
    "relax_and_enjoy": 2370.0,
    "super_grain": 16175.0,
    "dorian": -320.0,
    "dorian_whole": -400.0,
    "win_big": 67240.30172413793,
    "flamingo": 2160.0,
    "fixed_charge": 20_000_000.0,
}


def solved(name: str, engine: str) -> mp.Plan:
    brief = mp.read_brief(FOLDER / f"{name}.toml")
    return answer(brief.but(data=found_from(brief.data, FOLDER)), engine=engine)


@pytest.mark.parametrize("engine", ["highs", "pulp"])
@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_optimum_is_reached(name: str, engine: str) -> None:
    assert solved(name, engine).objective == pytest.approx(PUBLISHED[name], rel=1e-7)


@pytest.mark.parametrize("engine", ["highs", "pulp"])
def test_goals_that_cannot_all_be_met_fall_short_by_the_published_weight(engine: str) -> None:
    assert solved("priceler", engine).penalties == pytest.approx(250.0, rel=1e-7)


def test_whole_units_are_bought_whole_and_money_adds_up() -> None:
    plan = solved("fixed_charge", "highs")
    (line,) = plan.to_dict()["lines"]
    assert (line["channel"], line["units"], line["amount"]) == ("radio", 4000.0, "500.00")
    assert plan.spent.minor + plan.unspent.minor == plan.brief.budget.minor


def test_lines_say_what_else_their_units_use() -> None:
    plan = solved("super_grain", "highs")
    used = {line["channel"]: line["uses"] for line in plan.to_dict()["lines"]}
    assert sum(each["coupon"] for each in used.values()) == pytest.approx(1490)
    assert sum(each["planning"] for each in used.values()) <= 1000 + 1e-6
    assert "uses:planning" in plan.lines
