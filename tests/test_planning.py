"""The laws of a plan, against oracles that know nothing of linear programs."""

import itertools
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import every_line, posts_table, response

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import MostValue
from mediaplan.brief.rules import EachLine, Share, Spend
from mediaplan.errors import InputError, NoPlanError
from mediaplan.planning.answer.plans import Plan
from mediaplan.planning.making import plan
from mediaplan.response.responses import Response
from mediaplan.slots import Slot

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
seeds = st.integers(1, 50)
budgets = st.integers(20, 5000)

money_rules = st.one_of(
    st.builds(Spend, channel=st.just("instagram"), at_least=st.integers(0, 15)),
    st.builds(Spend, audience=st.sampled_from(["a0", "a1"]), at_most=st.integers(1, 4000)),
    st.builds(
        Share,
        channel=st.sampled_from(["facebook", "instagram/stories"]),
        at_least=st.sampled_from([0.1, 0.2, 0.37]),
    ),
    st.builds(Share, slot=st.just("evening"), at_most=st.sampled_from([0.3, 0.55, 1.0])),
    st.builds(Share, post=st.just("p1"), at_most=st.sampled_from([0.25, 0.5]), of=st.just("budget")),
    st.builds(EachLine, at_most=st.integers(30, 3000)),
)
rules_lists = st.lists(money_rules, max_size=4).map(tuple)
switch_rules = st.builds(
    EachLine, or_zero=st.just(True), at_least=st.integers(5, 40), step=st.sampled_from([None, 1, 2.5, 5])
)


def brief(budget: float = 1000, *rules: object, **more: object) -> Brief:
    return Brief(
        **({"budget": budget, "currency": "EUR", "start": "2026-11-30", "days": 7, "rules": rules} | more)
    )


def amounts(made: Plan, **names: str) -> int:
    """Cents on lines that bear those names; a channel counts its placements."""
    total = 0
    for line in made.lines_planned:
        fits = all(
            getattr(line, key) == name or (key == "channel" and str(line.channel).startswith(name + "/"))
            for key, name in names.items()
        )
        total += line.amount.minor if fits else 0
    return total


def keeps(made: Plan, rule: object) -> bool:
    """Whether a plan keeps a rule, from the rule's own words."""
    names = {key: value[0] for key, value in rule.picks().items() if value}
    mine, spent = amounts(made, **names), made.spent.minor
    if isinstance(rule, Spend):
        least = 0 if rule.at_least is None else rule.at_least.minor
        return least <= mine and (rule.at_most is None or mine <= rule.at_most.minor)
    if isinstance(rule, Share) and rule.of == "budget":
        return mine <= rule.at_most * made.media_budget.minor + 1e-6
    if isinstance(rule, Share):
        slack = len(made.lines_planned)
        low = -slack if rule.at_least is None else rule.at_least * spent - slack
        return low <= mine and (rule.at_most is None or mine <= rule.at_most * spent + slack)
    each = [line.amount.minor for line in made.lines_planned]
    step = 1 if rule.step is None else rule.step.minor
    least = 0 if rule.at_least is None else rule.at_least.minor
    most = max(each, default=0) if rule.at_most is None else rule.at_most.minor
    return all(least <= amount <= most and amount % step == 0 for amount in each)


def planned(asked: Brief, known: Response, engine: str = "highs") -> Plan | None:
    try:
        return plan(asked, known, engine=engine)
    except NoPlanError:
        return None


def water_filling(known: Response, money: float) -> float:
    """The best worth of money under a budget alone: all lines at one marginal price, found by halving on the price."""
    curves = known.curves(every_line(known))
    rate, scale = curves.rate[0, :, 0], curves.scale[0, :, 0]
    low, high = 1e-12, float(rate.max())
    for _ in range(200):
        price = (low * high) ** 0.5
        each = scale * np.maximum(np.sqrt(rate / price) - 1, 0)
        low, high = (price, high) if each.sum() > money else (low, price)
    return float((rate * each / (1 + each / scale)).sum())


@few
@given(seed=seeds, budget=budgets)
def test_a_plan_without_rules_is_as_good_as_water_filling(seed, budget):
    known = response(seed=seed, draws=1)
    made = plan(brief(budget), known)
    best = water_filling(known, budget)
    assert made.objective <= best * (1 + 1e-9)
    assert made.objective >= best * (1 - 1e-4)
    assert made.certificate.bound >= best * (1 - 1e-9)


@few
@given(seed=seeds, budget=budgets, rules=rules_lists, switch=st.none() | switch_rules)
def test_law_1_and_5_a_plan_keeps_every_rule_in_payable_amounts(seed, budget, rules, switch):
    asked = brief(budget, *rules, *([switch] if switch else []))
    made = planned(asked, response(seed=seed))
    if made is None:
        return
    assert all(keeps(made, rule) for rule in asked.rules)
    assert sum(line.amount.minor for line in made.lines_planned) == made.spent.minor
    assert made.spent.minor + made.unspent.minor == asked.budget.minor
    assert made.unspent.minor >= 0
    assert (made.unspent.minor == 0) == (made.unspent_reason is None)


@few
@given(seed=seeds, budget=budgets, more=st.floats(1.0, 3.0), rules=rules_lists)
def test_law_2_more_budget_never_gives_less(seed, budget, more, rules):
    known = response(seed=seed)
    small = planned(brief(budget, *rules), known)
    large = planned(brief(round(budget * more, 2), *rules), known)
    if small is None or any(isinstance(rule, Share) and rule.of == "budget" for rule in rules):
        return
    assert large is not None
    assert large.objective >= small.objective * (1 - large.certificate.gap) - 1e-9


@few
@given(seed=seeds, budget=budgets, rules=rules_lists, extra=money_rules)
def test_law_2_a_rule_never_helps_and_the_order_of_rules_does_not_matter(seed, budget, rules, extra):
    known = response(seed=seed)
    free, bound = planned(brief(budget, *rules), known), planned(brief(budget, *rules, extra), known)
    turned = planned(brief(budget, extra, *reversed(rules)), known)
    assert (bound is None) == (turned is None)
    if bound is None or free is None:
        return
    assert bound.objective <= free.objective * (1 + free.certificate.gap) + 1e-9
    assert turned.objective == pytest.approx(bound.objective, rel=max(2 * bound.certificate.gap, 1e-6))


@few
@given(seed=seeds, budget=budgets, rules=rules_lists)
def test_law_4_both_engines_agree_on_the_objective(seed, budget, rules):
    known = response(posts=2, audiences=1, seed=seed)
    rules = tuple(rule for rule in rules if rule.audience != ("a1",))
    first, second = planned(brief(budget, *rules), known), planned(brief(budget, *rules), known, "pulp")
    assert (first is None) == (second is None)
    if first is not None:
        assert second.objective == pytest.approx(first.objective, rel=1e-6)


@settings(few, max_examples=8)
@given(seed=seeds, budget=st.integers(100, 900), switch=switch_rules)
def test_law_4_both_engines_agree_on_choices_to_the_gap(seed, budget, switch):
    known = response(posts=2, audiences=1, seed=seed)
    first, second = plan(brief(budget, switch), known), plan(brief(budget, switch), known, engine="pulp")
    gap = max(first.certificate.gap, second.certificate.gap, 1e-6)
    assert second.objective == pytest.approx(first.objective, rel=gap)


def test_law_7_the_same_question_gives_the_same_bytes():
    asked = brief(700, Share(channel="instagram", at_least=0.4), EachLine(or_zero=True, at_least=20, step=5))
    first, second = (json.dumps(plan(asked, response(seed=4)).to_dict(), allow_nan=False) for _ in range(2))
    assert first == second


@few
@given(seed=seeds, budget=st.integers(30, 300), least=st.integers(5, 60), step=st.sampled_from([5, 10, 15]))
def test_choices_are_as_good_as_trying_them_all(seed, budget, least, step):
    known = response(posts=1, channels=("facebook", "tiktok"), audiences=2, slots=(), seed=seed, draws=1)
    made = planned(brief(budget, EachLine(or_zero=True, at_least=least, step=step)), known)
    curves = known.curves(every_line(known))
    allowed = [0, *(a for a in range(step, budget + 1, step) if a >= least)]
    tried = [
        float(curves.results(np.array(each, dtype=float)).sum())
        for each in itertools.product(allowed, repeat=4)
        if sum(each) <= budget
    ]
    assert made is None or made.objective >= max(tried) * (1 - 1.5e-3)
    assert made is None or made.certificate.bound >= max(tried) * (1 - 1e-9)


@few
@given(seed=seeds, budget=budgets, rules=rules_lists, tries=st.integers(0, 2**31))
def test_no_plan_that_keeps_the_rules_beats_the_bound(seed, budget, rules, tries):
    known = response(seed=seed)
    made = planned(brief(budget, *rules), known)
    if made is None:
        return
    random = np.random.default_rng(tries)
    lines = every_line(known)
    curves = known.curves(lines)
    mine = np.zeros(len(lines))
    for line in made.lines_planned:
        here = np.all([lines.labels(d) == getattr(line, d) for d in known.names], axis=0)
        mine[here] = line.amount.amount
    # Plans in which every line has a little less than here keep all upper limits, and with the plan itself all others.
    other = mine * random.uniform(0, 1)
    assert float(curves.results(other).sum(axis=(0, 1)).mean()) <= made.certificate.bound * (1 + 1e-9)
    assert made.objective <= made.certificate.bound * (1 + 1e-12)


@few
@given(
    budget=st.integers(100, 3000),
    first=st.integers(60, 3000),
    second=st.integers(60, 3000),
    share=st.sampled_from([0.5, 0.8]),
)
def test_law_6_a_conflict_is_minimal_and_every_repair_makes_a_plan_possible(budget, first, second, share):
    rules = (
        Spend(channel="facebook", at_least=first),
        Spend(channel="instagram", at_least=second),
        Share(channel="facebook", at_least=share),
        Spend(slot="evening", at_most=10**6),
    )
    known = response(posts=2)
    asked = brief(budget, *rules)
    try:
        plan(asked, known)
    except NoPlanError as refusal:
        error = refusal
    else:
        assert first + second <= budget or share == 0.5
        return
    assert first + second > budget or second > (1 - share) / share * max(first, share * budget) * (1 - 1e-9)
    for conflict in error.conflicts:
        sentences = [rule.sentence() for rule in asked.rules]
        numbers = [sentences.index(said) for said in conflict.rules if said in sentences]
        assert 3 not in numbers
        for left_out in numbers:
            rest = tuple(rules[n] for n in numbers if n != left_out)
            assert planned(brief(budget, *rest), known) is not None
    for repair in error.repairs:
        assert planned(repaired(asked, repair), known) is not None


def repaired(asked: Brief, repair: object) -> Brief:
    """The brief with a repair applied as a reader of the JSON would."""
    if "budget" in str(repair.rule):
        return asked.but(budget=repair.after)
    number = [rule.sentence() for rule in asked.rules].index(repair.rule)
    changed = asked.rules[number].loosened("at_least", repair.after)
    return asked.but(rules=(*asked.rules[:number], changed, *asked.rules[number + 1 :]))


def test_minimums_above_the_budget_are_refused_with_what_is_needed_and_what_there_is():
    rules = (
        Spend(channel="facebook", at_least=1500, why="network deal"),
        Spend(channel="instagram", at_least=900),
    )
    with pytest.raises(NoPlanError) as refused:
        plan(brief(2000, *rules), response())
    assert str(refused.value) == (
        "No plan can keep all of these rules:\n"
        "  - budget: at most €2,000\n"
        "  - spend on facebook: at least €1,500 (network deal)\n"
        "  - spend on instagram: at least €900\n"
        "  Together they need €2,400 of media money; there is €2,000.\n"
        "Any one of these changes makes a plan possible:\n"
        "  - raise the budget from €2,000 to €2,400\n"
        "  - lower the least spend on facebook from €1,500 to €1,100\n"
        "  - lower the least spend on instagram from €900 to €500"
    )


def test_shares_that_leave_nothing_to_spend_are_refused():
    rules = (Share(channel="facebook", at_least=0.6), Share(channel="instagram", at_least=0.6))
    with pytest.raises(NoPlanError, match="lower the least share of facebook from 60% to 40%"):
        plan(brief(500, *rules), response())


def test_two_separate_conflicts_are_both_named():
    rules = (
        Spend(channel="facebook", at_least=1500),
        Spend(channel="facebook", at_most=100),
        Share(slot="evening", at_least=0.7),
        Share(slot="morning", at_least=0.7),
    )
    with pytest.raises(NoPlanError) as refused:
        plan(brief(2000, *rules), response())
    assert len(refused.value.conflicts) == 2


def test_a_price_predicts_what_more_budget_gains():
    known = response(seed=7)
    rule = Share(channel="instagram", at_least=0.9)
    now, more = plan(brief(1000, rule), known), plan(brief(1010, rule), known)
    budget, share = now.rules
    assert budget.price * 10 == pytest.approx(more.objective - now.objective, rel=0.02)
    eased = plan(brief(1000, Share(channel="instagram", at_least=0.89)), known)
    assert share.binding
    assert share.price == pytest.approx(eased.objective - now.objective, rel=0.1)


def test_lines_that_share_people_are_planned_as_one():
    alone = response(
        posts=4, channels=("facebook",), audiences=2, slots=(), seed=3, draws=1, rate=0.1, scale=1e9
    )
    shared = response(
        posts=4,
        channels=("facebook",),
        audiences=2,
        slots=(),
        seed=3,
        draws=1,
        rate=0.1,
        scale=1e9,
        pool_size=20.0,
    )
    assert plan(brief(1000), alone).objective == pytest.approx(100, rel=1e-4)
    made = plan(brief(1000), shared)
    # Two pools of the same size and price: half the money each, 50 / (1 + 50 / 20) results from each.
    assert made.objective == pytest.approx(2 * 50 / 3.5, rel=2e-3)
    assert amounts(made, audience="a0") == pytest.approx(50_000, rel=0.05)
    assert made.certificate.bound >= made.objective


def test_values_of_post_and_audience_steer_the_money():
    table = posts_table(post=["p0", "p1", "p2"], value=[1.0, 5.0, 1.0])
    known = response(posts_table=table, seed=1, rate=0.02, scale=100.0, draws=1)
    made = plan(brief(100, goal=MostValue()), known)
    assert made.lines["post"].unique().tolist() == ["p1"]
    assert made.totals.value.mean == pytest.approx(5 * made.totals.results.mean)
    assert {line.post for line in plan(brief(100), known).lines_planned} == {"p0", "p1", "p2"}


def test_a_post_on_hold_gets_nothing_and_the_plan_says_what_that_costs():
    table = posts_table(
        post=["p0", "p1", "p2"], status=["ready", "hold", "ended"], reason=[None, "complaint", None]
    )
    known = response(posts_table=table, seed=2)
    made = plan(brief(), known)
    assert {line.post for line in made.lines_planned} == {"p0"}
    held = {h.post: h for h in made.held}
    freed = plan(brief(), response(posts_table=table.assign(status=["ready", "ready", "ended"]), seed=2))
    assert held["p1"].reason == "complaint"
    assert held["p1"].cost == pytest.approx(freed.objective - made.objective, rel=1e-3)
    assert np.isnan(held["p2"].cost)


def test_no_line_starts_before_its_post_is_published():
    table = posts_table(post=["p0", "p1", "p2"], published=["2026-01-01", "2026-12-03", "2027-01-01"])
    made = plan(brief(), response(posts_table=table))
    starts = {line.post: line.start.isoformat() for line in made.lines_planned}
    assert set(starts) == {"p0", "p1"}
    assert starts["p1"] == "2026-12-03"
    assert {line.days for line in made.lines_planned if line.post == "p1"} == {4}


def test_a_post_runs_only_on_its_channels_and_their_placements():
    table = posts_table(
        post=["p0", "p1", "p2"], channels=[("instagram",), ("facebook",), ("instagram/feed",)]
    )
    made = plan(brief(3000), response(posts_table=table))
    used = {
        post: {line.channel for line in made.lines_planned if line.post == post}
        for post in ("p0", "p1", "p2")
    }
    assert used == {
        "p0": {"instagram/feed", "instagram/stories"},
        "p1": {"facebook"},
        "p2": {"instagram/feed"},
    }


def test_fee_and_tax_are_on_top_of_the_media_money_and_within_the_budget():
    made = plan(brief(1298, fee=0.10, tax=0.18), response())
    assert made.spent.text == "1000.00"
    assert (made.fee.text, made.tax.text, made.unspent.text) == ("100.00", "198.00", "0.00")


def test_platform_minimums_hold_for_each_line_and_its_days():
    known = response(currency="XOF", rate=2e-4, scale=20_000.0)
    asked = Brief(
        budget=50_000, currency="XOF", start="2026-11-30", days=14, minimums="platform", exchange={"USD": 600}
    )
    made = plan(asked, known)
    assert made.lines["amount"].min() >= 0.5 * 600 * 14
    with pytest.raises(InputError, match="does not say what a dollar costs"):
        plan(asked.but(exchange={}), known)


def test_amounts_of_a_currency_without_cents_are_whole():
    made = plan(
        Brief(budget=99_999, currency="XOF", start="2026-11-30", days=7),
        response(currency="XOF", scale=5000.0),
    )
    assert made.spent.text == "99999"
    assert (made.lines["amount"] % 1 == 0).all()


def test_a_split_flight_gives_lines_by_week():
    made = plan(brief(2000, days=17, split="week"), response())
    assert {(line.start.isoformat(), line.days) for line in made.lines_planned} == {
        ("2026-11-30", 7),
        ("2026-12-07", 7),
        ("2026-12-14", 3),
    }


def test_names_that_match_nothing_are_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"unknown channel “instagramm”(.|\n)*Did you mean “instagram”"):
        plan(brief(100, Spend(channel="instagramm", at_most=5)), response())


def test_intervals_hold_the_mean_and_widen_with_the_level():
    totals = plan(brief(), response()).totals
    narrow, middle, wide = (totals.intervals[level] for level in (0.5, 0.8, 0.95))
    assert wide[0] <= middle[0] <= narrow[0] <= totals.results.mean <= narrow[1] <= middle[1] <= wide[1]


def test_parts_add_up_to_the_whole():
    made = plan(brief(1234.56), response())
    for parts in made.totals.by.values():
        assert sum(part.amount.minor for part in parts.values()) == made.spent.minor
        assert sum(part.results.mean for part in parts.values()) == pytest.approx(made.totals.results.mean)


def test_the_budget_has_a_price_even_where_one_line_takes_it_all():
    known = response(posts=1, channels=("facebook",), audiences=1, slots=(), draws=1)
    now, more = plan(brief(100), known), plan(brief(101), known)
    assert now.rules[0].binding
    assert now.rules[0].price == pytest.approx(more.objective - now.objective, rel=0.02)


def test_two_conflicts_are_mended_by_one_change_each():
    rules = (
        Share(channel="facebook", at_least=0.7),
        Share(channel="instagram", at_least=0.7),
        Spend(audience="a0", at_least=600),
    )
    asked = brief(500, *rules)
    with pytest.raises(NoPlanError, match="All of these changes together make a plan possible") as refused:
        plan(asked, response())
    assert len(refused.value.conflicts) == len(refused.value.repairs) == 2
    for repair in refused.value.repairs:
        asked = repaired(asked, repair)
    assert planned(asked, response()) is not None


def test_a_step_that_no_amount_fits_is_mended_by_a_finer_one():
    with pytest.raises(NoPlanError, match="in steps of €150 instead of €300"):
        plan(brief(200, EachLine(step=300)), response())
    with pytest.raises(NoPlanError):
        plan(brief(200, *(EachLine(step=step) for step in (9999.83, 9999.79, 9999.61, 9999.59))), response())


def test_a_refusal_says_why_lines_are_not_there():
    table = posts_table(
        post=["p0", "p1", "p2"], status=["ready", "hold", "ready"], published=[None, None, "2027-01-05"]
    )
    known = response(posts_table=table)
    with pytest.raises(NoPlanError, match="“p1” is on hold"):
        plan(brief(100, Spend(post="p1", at_least=5)), known)
    with pytest.raises(NoPlanError, match="“p2” is published on Tue 5 Jan 2027, after the flight"):
        plan(brief(100, Spend(post="p2", at_least=5)), known)
    with pytest.raises(NoPlanError, match="It leaves nothing to spend"):
        plan(brief(100, Spend(at_most=0)), known)


def test_the_price_of_the_budget_is_for_what_the_client_pays():
    known = response(seed=7)
    now, more = plan(brief(1000, fee=0.5, tax=0.2), known), plan(brief(1010, fee=0.5, tax=0.2), known)
    assert now.rules[0].price * 10 == pytest.approx(more.objective - now.objective, rel=0.02)


def test_a_brief_with_other_slots_than_the_response_was_fitted_with_is_refused():
    with pytest.raises(InputError, match="fitted with other slots"):
        plan(brief(100, slots=(Slot.read("night", hours="0-3"),)), response())


@few
@given(seed=seeds, budget=st.integers(500, 5000), rules=rules_lists, switch=st.none() | switch_rules)
def test_a_large_question_is_answered_as_well_by_its_best_lines(seed, budget, rules, switch):
    known = response(posts=40, audiences=3, slots=("evening", "morning"), seed=seed)
    asked = brief(budget, *rules, *([switch] if switch else []))
    made = planned(asked, known)
    if made is None:
        return
    assert all(keeps(made, rule) for rule in asked.rules)
    assert made.certificate.gap < (5e-3 if switch else 1e-5)
    assert made.certificate.bound >= made.objective


def test_very_large_budgets_never_give_less():
    known = response()
    results = [plan(brief(10**power), known).objective for power in (4, 6, 8, 10)]
    assert results == sorted(results)


def test_lines_beyond_the_first_are_brought_in_where_the_money_needs_them():
    known = response(posts=60, audiences=3, slots=("evening", "morning"), draws=1)
    made = plan(brief(60_000), known)
    assert len(made.lines_planned) > 500
    assert made.objective == pytest.approx(water_filling(known, 60_000), rel=1e-4)
    assert made.certificate.gap < 1e-5
    chosen = plan(brief(60_000, EachLine(or_zero=True, at_least=20)), known)
    assert len(chosen.lines_planned) > 500
    assert chosen.objective >= made.objective * 0.99
    assert chosen.certificate.gap < 5e-3


def test_a_plan_shows_itself_in_a_notebook_and_holds_names_harmless():
    table = posts_table(post=["p0", "p1", "p2"])
    shown = plan(brief(100, name="<script>x</script>"), response(posts_table=table))._repr_html_()
    assert "€100 for" in shown
    assert "<table" in shown
    assert "<script>" not in shown
