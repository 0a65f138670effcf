"""Plans that are practically as good: they keep the brief's rules, lose no more than allowed, and could not differ more."""

from __future__ import annotations

import json

import numpy as np
import pytest
from briefs_by_hand import BRIEF, FEWER, folder
from invented import response
from scipy.optimize import linprog

import mediaplan as mp
from mediaplan.cli.main import main
from mediaplan.planning.making import asked
from mediaplan.planning.replanning import near_ties
from mediaplan.planning.search.auditing import broken_demands

SHARE = mp.Share(channel="facebook", at_least=0.4)


def brief(*rules: object) -> mp.Brief:
    return mp.Brief(currency="EUR", budget=1500, start="2026-11-30", days=14, rules=rules)


@pytest.fixture(scope="module")
def known():
    return response(posts=3, channels=("facebook", "instagram"), audiences=2, slots=())


def money(plan: mp.Plan) -> dict[tuple, int]:
    return {
        (line.post, line.channel, line.audience, line.slot, line.start): line.amount.minor
        for line in plan.lines_planned
    }


def moved(best: mp.Plan, other: mp.Plan) -> int:
    before = money(best)
    return sum(max(amount - before.get(line, 0), 0) for line, amount in money(other).items())


@pytest.mark.parametrize("rules", [(), (SHARE,), (SHARE, mp.EachLine(or_zero=True, at_least=90, step=5))])
@pytest.mark.parametrize("within", [0.01, 0.1])
def test_each_plan_keeps_the_rules_loses_no_more_and_says_truly_what_it_moves(known, rules, within):
    found = mp.near_ties(brief(*rules), known, within=within)
    assert found.full.objective == pytest.approx(mp.plan(brief(*rules), known).objective, rel=1e-9)
    for tie in found.ties:
        assert tie.plan.objective >= found.full.objective * (1 - within) - 1e-9
        assert tie.lost == pytest.approx(max(1 - tie.plan.objective / found.full.objective, 0), abs=1e-12)
        assert tie.moved.minor == moved(found.full, tie.plan) > 0
        assert tie.plan.spent.minor <= 150_000
        facebook = sum(line.amount.minor for line in tie.plan.lines_planned if line.channel == "facebook")
        assert not rules or facebook >= 0.4 * tie.plan.spent.minor - len(tie.plan.lines_planned)
        for line in tie.plan.lines_planned:
            assert len(rules) < 2 or (line.amount.minor >= 9000 and line.amount.minor % 500 == 0)


def test_no_plan_with_as_small_a_loss_has_less_money_on_the_best_plan_s_lines():
    # Straight lines of two rates, each up to 100: an LP of its own says how much may leave the best lines.
    flat = response(posts=8, channels=("facebook",), audiences=1, slots=(), draws=1, scale=1e12)
    capped = brief(mp.EachLine(at_most=300))
    best = mp.plan(capped, flat)
    rates = {}
    for post in range(8):
        alone = mp.plan(
            mp.Brief(
                currency="EUR",
                budget=100,
                start="2026-11-30",
                days=14,
                rules=tuple(mp.Spend(post=f"p{other}", at_most=0) for other in range(8) if other != post),
            ),
            flat,
        )
        rates[f"p{post}"] = alone.objective / 100
    on = np.array([any(line.post == post for line in best.lines_planned) for post in rates], dtype=float)
    gain = np.array(list(rates.values()))
    least = linprog(
        on, A_ub=[np.ones(8), -gain], b_ub=[1500, -0.99 * best.objective], bounds=[(0, 300)] * 8
    ).fun
    tie = mp.near_ties(capped, flat, count=1).ties[0]
    kept = sum(line.amount.amount for line in tie.plan.lines_planned if on[list(rates).index(line.post)])
    assert least - 0.02 <= kept <= least + 1500 / 2**8 + 0.02


WITHINS = (0.01, 0.02, 0.05, 0.2)
BRIEFS = {
    "free": (),
    "a share": (SHARE,),
    "steps": (SHARE, mp.EachLine(or_zero=True, at_least=90, step=5)),
    "large lines": (mp.EachLine(or_zero=True, at_least=300),),
    "few lines": (mp.LineCount(at_most=4),),
    "results asked for": (mp.ResultsTarget(channel="facebook", at_least=3),),
    "no line without money": (mp.EachLine(at_least=40),),
    "a post that may not": (mp.Spend(post="p2", at_most=0), mp.Spend(post="p1", at_most=0)),
}


SHARING = [("free", 3, 6.0), ("steps", 3, 6.0)]


@pytest.mark.parametrize(("name", "seed", "pool_size"), [*((name, 2, None) for name in BRIEFS), *SHARING])
def test_what_is_found_for_a_small_loss_is_offered_for_a_larger_one_as_well(name, seed, pool_size):
    known = response(
        posts=3, channels=("facebook", "instagram"), audiences=2, slots=(), seed=seed, pool_size=pool_size
    )
    first = [
        [tie.moved.minor for tie in mp.near_ties(brief(*BRIEFS[name]), known, within=within, count=1).ties]
        for within in WITHINS
    ]
    assert first == sorted(first)
    assert first[-1]


def test_money_that_goes_elsewhere_is_taken_from_lines_of_the_plans_before_and_is_neither_less_nor_more(
    known,
):
    question = asked(brief(), known)
    before = np.zeros(question.objective.lines, dtype=np.int64)
    before[:4] = (40_000, 30_000, 20_000, 10_000)
    here = np.ones(len(before), dtype=bool)
    here[:2] = False
    elsewhere = near_ties.Elsewhere(before, here)
    assert elsewhere.most == 70_000
    mine = elsewhere.asked_of(question, 5_000, 6_000)

    def kept(*changes: int) -> bool:
        amounts = before.copy()
        amounts[: len(changes)] += np.array(changes)
        return not broken_demands(amounts, mine.demands, mine.objective)

    assert kept(-5_500, 0, 0, 0, 5_500)
    assert kept(0, -6_000, 3_000, 3_000)
    assert not kept(0)
    assert not kept(-4_000, 0, 4_000)
    assert not kept(-7_000, 0, 0, 0, 7_000)
    assert not kept(100, -6_000, 0, 0, 5_500)  # none of the plans before has as much on the first
    assert not kept(-5_500, 0, -100, 0, 5_600)  # nor as little on the third


def test_no_more_is_looked_for_than_was_too_much_and_no_less_than_was_found(known, monkeypatch):
    looked_for: list[tuple[float, float, int | None]] = []
    real = near_ties._good_enough

    def noted(question, enough):
        row = question.demands[-1].terms[0]
        found = real(question, enough)
        amounts = None if found is None else int(row.total(found.amounts.astype(float)))
        looked_for.append((row.at_least, row.at_most, amounts))
        return found

    monkeypatch.setattr(near_ties, "_good_enough", noted)
    mp.near_ties(brief(SHARE), known, within=0.05, count=1)
    good = [number for number, (*_, amounts) in enumerate(looked_for) if amounts is not None]
    assert 1 < len(good) < len(looked_for)
    for number, (least, most, amounts) in enumerate(looked_for):
        later = looked_for[number + 1 :]
        assert amounts is None or least <= amounts <= most
        if amounts is None:
            assert all(other < least for _, other, _ in later)
        else:
            assert all(other > amounts for other, *_ in later)


def test_where_all_lines_have_money_as_much_goes_from_one_to_another_as_curves_say():
    # Two posts alike: what money that goes from one to the other loses is what plans lose that may have no more on one.
    alike = response(posts=2, channels=("facebook",), audiences=1, slots=(), draws=1, rate=0.01, scale=700.0)
    found = mp.near_ties(brief(), alike, within=0.02, count=1)
    assert [line.amount.amount for line in found.full.lines_planned] == [750, 750]

    def worth(first: float) -> float:
        alone = (mp.Spend(post="p0", at_most=first), mp.Spend(post="p1", at_most=1500 - first))
        return mp.plan(brief(*alone), alike).objective

    moved = int(found.ties[0].moved.amount)
    step = 1500 / 2**8 + 1
    assert worth(750 - moved) >= 0.98 * worth(750) - 1e-3
    assert worth(np.ceil(750 - moved - step)) < 0.98 * worth(750)


def test_what_may_go_elsewhere_is_what_any_of_the_plans_moves(known):
    found = mp.near_ties(brief(), known, within=0.05)
    most = max(tie.moved.minor for tie in found.ties)
    assert most > found.ties[0].moved.minor  # a later one, which stays away from two plans, moves more
    assert f"€{most / 100:,.2f} of €1,500" in str(found.sentence())


def test_for_the_lowest_cost_within_a_budget_other_plans_cost_no_more_than_they_may(known):
    targets = (mp.ResultsTarget(at_least=10), mp.EachLine(or_zero=True, at_least=90, step=5))
    asks = mp.Brief(
        currency="EUR", budget=5000, start="2026-11-30", days=14, goal=mp.LowestCost(), rules=targets
    )
    found = mp.near_ties(asks, known, within=0.05)
    assert found.ties
    for tie in found.ties:
        assert found.full.spent.minor <= tie.plan.spent.minor <= 1.05 * found.full.spent.minor
        assert tie.plan.totals.results.mean >= 10 * (1 - 1e-6)


def test_plans_after_the_first_differ_from_all_before(known):
    found = mp.near_ties(brief(mp.EachLine(or_zero=True, at_least=300)), known, within=0.3, count=3)
    assert len({tuple(sorted(money(tie.plan).items())) for tie in found.ties}) == len(found.ties) > 1


@pytest.mark.parametrize("within", [0.0, 1.0, -0.1, float("nan")])
def test_what_is_no_part_is_refused(known, within):
    with pytest.raises(mp.InputError, match="no part of what a plan brings"):
        mp.near_ties(brief(), known, within=within)


def test_where_every_line_is_needed_there_is_no_other_plan():
    alone = response(posts=1, channels=("facebook",), audiences=1, slots=())
    found = mp.near_ties(brief(), alone)
    assert found.ties == ()
    assert "No other plan" in str(found.sentence())


def test_the_command_lists_them_in_both_languages(tmp_path, capsys):
    file = str(folder(tmp_path, brief=BRIEF + FEWER) / "brief.toml")
    assert (
        main(["alternatives", file, "--quiet", "--lang", "en", "--json", "--within", "0.05", "--count", "1"])
        == 0
    )
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "mediaplan/alternatives/1"
    assert len(document["alternatives"]) == 1
    first = document["alternatives"][0]
    assert first["plan"]["schema"] == "mediaplan/plan/1"
    assert 0 <= first["lost"] <= 0.05
    assert int(first["moved"]) > 0
    assert main(["alternatives", file, "--quiet", "--lang", "fr", "--within", "0.05", "--count", "1"]) == 0
    said = capsys.readouterr().out
    assert "peuvent aller ailleurs" in said
    assert "de moins" in said
    assert "de plus" in said
    assert main(["alternatives", file, "--within", "2", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["problems"][0]["column"] == "--within"
