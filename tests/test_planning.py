"""Plans whose answer is known: what a rule, a post, a slot or a limit makes of them, and what is refused."""

import numpy as np
import pytest
from invented import posts_table, response
from small_questions import amounts, brief, planned, repaired

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import MostValue
from mediaplan.brief.rules import EachLine, Share, Spend
from mediaplan.errors import InputError, NoPlanError
from mediaplan.planning.making import plan
from mediaplan.slots import Slot


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


def test_a_plan_shows_itself_in_a_notebook_and_holds_names_harmless():
    table = posts_table(post=["p0", "p1", "p2"])
    shown = plan(brief(100, name="<script>x</script>"), response(posts_table=table))._repr_html_()
    assert "€100 for" in shown
    assert "<table" in shown
    assert "<script>" not in shown
