"""How a rule bears on a plan, as a sentence: what giving way would bring, or how much room there is."""

from __future__ import annotations

import math

from mediaplan.brief.rules import (
    CostPerResult,
    Frequency,
    LineCount,
    PostCount,
    Ratio,
    ReachTarget,
    Resource,
    ResultsTarget,
    Rule,
    Share,
    Units,
    ValueTarget,
)
from mediaplan.money import Money, decimals, telling_step
from mediaplan.planning.answer.contents import Held, KeptRule
from mediaplan.planning.answer.plans import Plan
from mediaplan.words import Sentence

NOTHING = 0.005
"""Gains below this are not worth a word."""
THOUSAND, TENTH = 1000, 0.1
"""People, and impressions per person, by which limits are said to give way."""


def bearing(plan: Plan, kept: KeptRule) -> Sentence:  # noqa: PLR0911 - one for each kind of rule
    """One sentence about that rule of that plan.

    Args:
        plan: Whose rule it is.
        kept: One of `plan.rules`.
    """
    meant = _meant(plan, kept)
    share = isinstance(meant, Share)
    if kept.binding and kept.price_of in ("rule", "step") and kept.price > 0:
        return _planned_again(plan, kept)
    of_units = isinstance(meant, Ratio) and meant.in_ == "units"
    if of_units or isinstance(meant, (ResultsTarget, ValueTarget, Units, Resource)):
        return _counted(plan, kept, target=isinstance(meant, (ResultsTarget, ValueTarget)))
    if isinstance(meant, (ReachTarget, Frequency)):
        return _of_people(kept, often=isinstance(meant, Frequency))
    if not kept.binding:
        return _room(plan, kept, share=share)
    if not math.isfinite(kept.price) or kept.price <= 0:
        return Sentence("It shapes the plan: without it, the plan would bring more.")
    if share:
        return _price(plan, Sentence("1 percentage point"), kept.price, budget=False)
    step = _step(plan, kept.price)
    if isinstance(meant, CostPerResult):
        step = Money(10 ** decimals(plan.brief.currency), plan.brief.currency)
    is_budget = plan.brief.budget is not None and kept is plan.rules[0]
    said = _price(plan, Sentence("{step}", step=step), kept.price * step.amount, budget=is_budget)
    if kept.price_of == "relaxed unit":
        return Sentence(
            "{said} That is before lines are chosen whole: a real step may bring more or nothing.", said=said
        )
    return said


def _step(plan: Plan, price: float) -> Money:
    """The power of ten that is about a hundredth of the budget; more, up to the budget, where that brings next to nothing."""
    step, budget = telling_step(plan.budget), plan.budget
    while price * step.amount < NOTHING and step.minor * 10 <= budget.minor:
        step = Money(step.minor * 10, step.currency)
    return step


def _meant(plan: Plan, kept: KeptRule) -> Rule | None:
    """The brief's rule that it is; `None` for the budget and what follows the rules."""
    # By place where it is the plan's own: of thousands of rules, comparing words would take minutes.
    before = 0 if plan.brief.budget is None else 1
    for at, own in enumerate(plan.rules, start=-before):
        if own is kept:
            return plan.brief.rules[at] if 0 <= at < len(plan.brief.rules) else None
    return next((rule for rule in plan.brief.rules if kept.rule in (rule.sentence(), rule.said())), None)


def _planned_again(plan: Plan, kept: KeptRule) -> Sentence:
    """What the plan that was made again brings more."""
    effect = _effect(plan, kept.price)
    if effect is not None and kept.price_of == "step":
        return Sentence("One step wider, {effect}.", effect=effect)
    if effect is not None:
        return Sentence("Without it, {effect}.", effect=effect)
    if kept.price_of == "step":
        return Sentence("One step wider, the plan would bring {gain}.", gain=_more(plan, kept.price))
    return Sentence("Without it, the plan would bring {gain}.", gain=_more(plan, kept.price))


def _effect(plan: Plan, gain: float) -> Sentence | None:
    """What a gain of the goal means where the goal is neither results nor value; `None` where it is."""
    match plan.brief.goal.word:
        case "lowest cost":
            currency = plan.brief.currency
            money = Money(round(gain * 10 ** decimals(currency)), currency)
            return Sentence("the plan would save about {money}", money=money)
        case "cautious":
            return Sentence("the plan would bring about {gain} more in the worst cases", gain=gain)
        case "fewest shortfalls":
            return Sentence("the shortfalls, times their prices, would be smaller by about {gain}", gain=gain)
        case "least regret":
            return Sentence("the largest regret would be smaller by about {gain}", gain=gain)
        case _:
            return None


def _more(plan: Plan, gain: float) -> Sentence:
    """That much more of what the goal counts."""
    if plan.brief.goal.word == "most value":
        return Sentence("{gain} more in value", gain=gain)
    return Sentence("{gain} more {gain:result|results}", gain=gain)


def _counted(plan: Plan, kept: KeptRule, *, target: bool) -> Sentence:
    """What a target, or a limit on units or on another resource than money, costs, or how much room there is: in its own unit."""
    if kept.binding and math.isfinite(kept.price) and kept.price > 0:
        effect = _effect(plan, kept.price)
        if target and effect is not None:
            return Sentence("Asking for one less, {effect}.", effect=effect)
        if target:
            return Sentence("Asking for one less would bring about {gain} more.", gain=kept.price)
        if effect is not None:
            return Sentence("Giving way by one, {effect}.", effect=effect)
        return Sentence("Giving way by one would bring about {gain} more.", gain=kept.price)
    if math.isfinite(kept.slack) and kept.slack > 0:
        return Sentence("Kept, with {room} to spare.", room=kept.slack)
    return Sentence("Kept, and it costs nothing.")


def _of_people(kept: KeptRule, *, often: bool) -> Sentence:
    """What a limit on people costs, or how much room there is."""
    step = TENTH if often else THOUSAND
    if kept.binding and math.isfinite(kept.price) and kept.price * step >= NOTHING:
        gain = kept.price * step
        if often:
            return Sentence(
                "Giving way by {step} impressions per person would bring about {gain} more.",
                step=step,
                gain=gain,
            )
        return Sentence("Asking for {step} people less would bring about {gain} more.", step=step, gain=gain)
    if math.isfinite(kept.slack) and kept.slack >= (NOTHING if often else 1.0):
        room = round(kept.slack, 2) if often else float(math.floor(kept.slack))
        return Sentence("Kept, with {room} to spare.", room=room)
    return Sentence("Kept, and it costs nothing.")


def held_back(plan: Plan, held: Held) -> Sentence:
    """Why a post gets nothing, and what that costs where it could be known."""
    state = Sentence("on hold") if held.status == "hold" else Sentence("ended")
    reason = Sentence("{state}: {reason}", state=state, reason=held.reason) if held.reason else state
    if not math.isfinite(held.cost):
        return reason
    if held.cost < NOTHING:
        return Sentence("{reason} – it would change nothing.", reason=reason)
    if plan.brief.goal.word == "most value":
        return Sentence("{reason} – with it, about {gain} more in value.", reason=reason, gain=held.cost)
    return Sentence(
        "{reason} – with it, about {gain} more {gain:result|results}.", reason=reason, gain=held.cost
    )


def _price(plan: Plan, step: Sentence, gain: float, *, budget: bool) -> Sentence:
    effect = _effect(plan, gain)
    if effect is not None and budget:
        return Sentence("With {step} more, {effect}.", step=step, effect=effect)
    if effect is not None:
        return Sentence("Giving way by {step}, {effect}.", step=step, effect=effect)
    value = plan.brief.goal.word == "most value"
    if budget and value:
        return Sentence("{step} more would bring about {gain} more in value.", step=step, gain=gain)
    if budget:
        return Sentence(
            "{step} more would bring about {gain} more {gain:result|results}.", step=step, gain=gain
        )
    if value:
        return Sentence("Giving way by {step} would bring about {gain} more in value.", step=step, gain=gain)
    return Sentence(
        "Giving way by {step} would bring about {gain} more {gain:result|results}.", step=step, gain=gain
    )


def _room(plan: Plan, kept: KeptRule, *, share: bool) -> Sentence:
    if math.isnan(kept.price) and not kept.slack > 0:
        return Sentence("Kept. What it costs is not worked out here: “mediaplan why” does.")
    if not math.isfinite(kept.slack) or kept.slack <= 0:
        return Sentence("Kept, and it costs nothing.")
    if isinstance(_meant(plan, kept), (LineCount, PostCount)):
        return Sentence("Kept, with {room} to spare.", room=kept.slack)
    if share:
        points = round(100 * kept.slack, 1)
        return Sentence("Kept, with {points} percentage points to spare.", points=points)
    currency = plan.brief.currency
    room = Money(round(kept.slack * 10 ** decimals(currency)), currency)
    return Sentence("Kept, with {room} to spare.", room=room)
