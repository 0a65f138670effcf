"""Rate cards: read with all their faults at once, and planned as an independent model plans them."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

import mediaplan as mp
from mediaplan.report.bearing import bearing

DAYS = {"start": "2026-03-02", "days": 14}


def card(rows: list[dict[str, object]]) -> mp.Rates:
    return mp.read_rates(pd.DataFrame(rows))


def planned(rates: mp.Rates, budget: float, *rules: object, engine: str = "highs", **more: object) -> mp.Plan:
    brief = mp.Brief(currency="EUR", budget=budget, rules=rules, **DAYS, **more)  # type: ignore[arg-type]
    return mp.plan(brief, mp.from_rates(rates, currency="EUR", as_of=brief.start), engine=engine)


def invented(seed: int) -> pd.DataFrame:
    """A card of a few lines with tiers, some of whole units, with money due once or with a least."""
    random = np.random.default_rng(seed)
    rows = []
    for channel in "abcd":
        whole, fixed = bool(random.random() < 0.5), float(random.choice([0, 0, 40, 90]))
        tiers = int(random.integers(1, 4))
        least = float(random.choice([0, 0, 2, 5]))
        rows += [
            {
                "channel": channel,
                "cost": float(random.integers(5, 40)),
                "results": float(random.integers(1, 60)),
                "uses:time": float(random.integers(0, 9)),
                "up_to": float(random.integers(3, 12)),
                "whole": "yes" if whole else "no",
                "at_least": least if tier == 0 else np.nan,
                "fixed": fixed if tier == 0 else np.nan,
            }
            for tier in range(tiers)
        ]
    return pd.DataFrame(rows)


def optimum(rows: pd.DataFrame, budget: float, time: float, units: float) -> float:
    """The best results by a model written for this test alone, solved by scipy.

    Columns by tier: its units n, whether it may be used z; a line is used where its first tier may be.
    """
    tiers = len(rows)
    first = ~rows["channel"].duplicated().to_numpy()
    use = np.array([np.flatnonzero((rows["channel"] == c).to_numpy())[0] for c in rows["channel"]])
    n, z = np.eye(2 * tiers)[:tiers], np.eye(2 * tiers)[tiers:]
    up_to, fixed = rows["up_to"].to_numpy(), rows["fixed"].fillna(0.0).to_numpy()
    least, none = rows["at_least"].fillna(0.0).to_numpy(), np.zeros(tiers)
    limits = [
        (rows["cost"].to_numpy() @ n + fixed @ z, budget),
        (rows["uses:time"].to_numpy() @ n, time),
        (n.sum(axis=0), units),
        *((n[k] - up_to[k] * z[k], 0.0) for k in range(tiers)),
        *((up_to[k - 1] * z[k] - n[k - 1], 0.0) for k in range(tiers) if not first[k]),
        *((least[k] * z[k] - n[use == k].sum(axis=0), 0.0) for k in range(tiers) if first[k]),
    ]
    found = milp(
        np.concatenate([-rows["results"].to_numpy(), none]),
        integrality=np.concatenate([(rows["whole"] == "yes").to_numpy(), none + 1]),
        bounds=Bounds(0.0, np.concatenate([up_to, none + 1])),
        constraints=[LinearConstraint(row, -np.inf, limit) for row, limit in limits],
        options={"mip_rel_gap": 0.0},
    )
    return -float(found.fun)


@pytest.mark.parametrize("seed", range(12))
def test_any_card_is_planned_as_well_as_by_an_independent_model(seed: int) -> None:
    rows = invented(seed)
    plan = planned(
        card(rows.to_dict("records")),
        400,
        mp.Resource(name="time", at_most=90),
        mp.Units(at_most=22),
        engine="highs" if seed % 4 else "pulp",
    )
    best = optimum(rows, 400, 90, 22)
    assert plan.objective == pytest.approx(best, rel=2e-4)  # the engine's gap, and amounts in cents
    assert plan.certificate.bound >= best * (1 - 1e-6)
    for line in plan.lines_planned:
        own = rows[rows["channel"] == line.channel]
        assert line.units is not None
        assert line.units >= own["at_least"].iloc[0] - 1e-6
        if own["whole"].iloc[0] == "yes":
            assert line.units == pytest.approx(round(line.units), abs=1e-6)


def test_tiers_whose_price_falls_are_bought_in_order() -> None:
    rates = card(
        [
            {"channel": "tv", "cost": 10, "results": 1, "up_to": 10},
            {"channel": "tv", "cost": 1, "results": 1, "up_to": 100},
            {"channel": "radio", "cost": 4, "results": 1, "up_to": np.nan},
        ]
    )
    assert planned(rates, 80).objective == pytest.approx(20)  # radio alone: tv's cheap tier is out of reach
    assert planned(rates, 150).objective == pytest.approx(60)  # tv: 10 dear units, then 50 cheap ones


def test_units_of_a_tier_that_grows_dearer_are_counted_in_order() -> None:
    rates = card(
        [
            {"channel": "tv", "cost": 1, "results": 5, "up_to": 10},
            {"channel": "tv", "cost": 4, "results": 5, "up_to": 10},
        ]
    )
    plan = planned(rates, 1000, mp.Units(at_most=12))
    assert plan.objective == pytest.approx(60)
    assert plan.spent.minor == 1800


def test_ratios_of_units_and_of_money_hold() -> None:
    rates = card(
        [{"channel": "tv", "cost": 10, "results": 50}, {"channel": "radio", "cost": 2, "results": 1}]
    )
    sides = {"of": {"channel": "radio"}, "to": {"channel": "tv"}}
    by_units = planned(rates, 140, mp.Ratio(**sides, at_least=2))
    assert by_units.objective == pytest.approx(520)  # 10 of tv, 20 of radio
    by_money = planned(rates, 140, mp.Ratio(**sides, in_="spend", at_least=1))
    assert by_money.lines.set_index("channel")["amount"].to_dict() == {"radio": 70.0, "tv": 70.0}


def test_all_faults_of_a_card_are_said_at_once() -> None:
    with pytest.raises(mp.InputError) as caught:
        card(
            [
                {"channel": "tv", "cost": 0, "results": 5, "up_to": -3, "whole": "perhaps"},
                {"channel": "radio", "cost": np.nan, "results": -1, "up_to": 4, "whole": "yes"},
            ]
        )
    assert {problem.column for problem in caught.value.problems} >= {"cost", "up_to", "whole", "results"}


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        ([{"channel": "tv", "cost": 1, "results": 1}, {"channel": "tv", "cost": 2, "results": 1}], "up_to"),
        ([{"channel": "tv", "cost": 1, "results": 1, "up_to": 2.5, "whole": "yes"}], "up_to"),
        ([{"channel": "tv", "cost": 1, "results": 1, "up_to": 2, "at_least": 3}], "at_least"),
        ([{"channel": "tv", "cost": 1}], None),
        ([{"channel": "tv", "results": 1}], "cost"),
    ],
)
def test_a_card_that_cannot_be_meant_is_refused(rows: list[dict[str, object]], column: str | None) -> None:
    with pytest.raises(mp.InputError) as caught:
        card(rows)
    assert any(
        column in (problem.column, None) or str(column) in str(problem) for problem in caught.value.problems
    )


def test_whole_units_must_cost_whole_money() -> None:
    rates = card([{"channel": "tv", "cost": 0.125, "results": 1, "whole": "yes"}])
    with pytest.raises(mp.InputError, match="can't be paid"):
        planned(rates, 10)


def test_a_rule_over_units_without_a_card_and_an_unknown_resource_are_refused() -> None:
    rates = card([{"channel": "tv", "cost": 1, "results": 1, "uses:planning": 2}])
    with pytest.raises(mp.InputError, match="uses:planing"):
        planned(rates, 10, mp.Resource(name="planing", at_most=3))


def test_a_post_on_hold_gets_nothing_and_others_are_crossed_with_the_card() -> None:
    rates = card([{"channel": "tv", "cost": 1, "results": 2, "up_to": 5}])
    posts = mp.read_posts(pd.DataFrame({"post": ["a", "b", "c"], "status": ["ready", "ready", "hold"]}))
    brief = mp.Brief(currency="EUR", budget=100, **DAYS)  # type: ignore[arg-type]
    plan = mp.plan(brief, mp.from_rates(rates, currency="EUR", as_of=brief.start, posts=posts))
    assert plan.lines["post"].tolist() == ["a", "b"]
    assert plan.objective == pytest.approx(20)


HISTORY = pd.DataFrame(
    [
        {"date": f"2026-01-{day:02}", "channel": channel, "spend": money, "results": money * rate}
        for day, (channel, rate) in itertools.product(range(1, 29), (("facebook", 0.5), ("tiktok", 0.3)))
        for money in [10 + day % 5]
    ]
).assign(results=lambda t: t["results"].round())


def test_a_card_stands_beside_a_history() -> None:
    plan = mixed_plan({"channel": "tv", "cost": 10, "results": 50, "up_to": 20})
    assert plan.lines.set_index("channel")["amount"]["tv"] == 200.0
    assert plan.spent.minor + plan.unspent.minor == plan.brief.budget.minor


def mixed_plan(row: dict[str, object], counts: object = None) -> mp.Plan:
    brief = mp.Brief(currency="EUR", budget=500, rates=counts, **DAYS)  # type: ignore[arg-type]
    response = mp.fit(mp.read_history(HISTORY, currency="EUR"), seed=1)
    return mp.plan(brief, mp.rated(response, card([row]), brief.rates))


def test_a_line_in_both_needs_a_word_about_which_counts() -> None:
    row = {"channel": "facebook", "cost": 1, "results": 9.0}
    with pytest.raises(mp.InputError, match="which counts"):
        mixed_plan(row)
    first = mixed_plan(row, "first").objective
    history = mixed_plan(row, "history").objective
    blended = mixed_plan(row, {"weight": 0.5}).objective
    assert first == pytest.approx(4500)
    assert history < blended < first


def test_the_command_line_takes_a_card(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from mediaplan.cli.main import main

    (tmp_path / "card.csv").write_text("channel,cost,results,whole\ntv,30,7,yes\n", encoding="utf-8")
    brief = 'currency = "EUR"\nbudget = 100\nflight = { start = 2026-03-02, days = 7 }\n'
    (tmp_path / "brief.toml").write_text(brief, encoding="utf-8")
    code = main(["plan", str(tmp_path / "brief.toml"), "--rates", str(tmp_path / "card.csv"), "--json"])
    assert code == 0
    assert '"units": 3.0' in capsys.readouterr().out


def test_what_a_plan_by_a_card_says_knows_of_no_history():
    rows: list[dict[str, object]] = [
        {"channel": "radio", "cost": 100, "results": 5, "uses:time": 2},
        {"channel": "tv", "cost": 100, "results": 4, "uses:time": 1},
    ]
    plan = planned(card(rows), 1000, mp.Resource(name="time", at_most=15))
    assert not [w for w in plan.to_dict()["warnings"] if "history" in str(w)]
    assert plan.why(0).endswith("As the rate card states it.")
    assert "–" not in plan.why(0)
    time = next(kept for kept in plan.rules if "time" in str(kept.rule))
    assert time.price == pytest.approx(1.0)  # one more for radio, one less for tv: 5 results for 4
    assert str(bearing(plan, time)) == "Giving way by one would bring about 1 more."


def test_the_interval_of_a_card_is_that_of_counting_alone() -> None:
    (line,) = planned(card([{"channel": "tv", "cost": 1, "results": 2}]), 200).to_dict()["lines"]
    # 400 results vary by 20 from one realisation to another, and 80 % of them lie within 1.28 of these
    assert line["results"]["low"] == pytest.approx(400 - 25.6, abs=4)
    assert line["results"]["high"] == pytest.approx(400 + 25.6, abs=4)
