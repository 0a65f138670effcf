"""Small questions, any of them: briefs and rules drawn at random, and whether a plan keeps a rule by its own words."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from mediaplan.brief.briefs import Brief
from mediaplan.brief.rules import EachLine, Share, Spend
from mediaplan.errors import NoPlanError
from mediaplan.planning.answer.plans import Plan
from mediaplan.planning.making import plan
from mediaplan.response.responses import Response

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


def repaired(asked: Brief, repair: object) -> Brief:
    """The brief with a repair applied as a reader of the JSON would."""
    if "budget" in str(repair.rule):
        return asked.but(budget=repair.after)
    number = [rule.sentence() for rule in asked.rules].index(repair.rule)
    changed = asked.rules[number].loosened("at_least", repair.after)
    return asked.but(rules=(*asked.rules[:number], changed, *asked.rules[number + 1 :]))
