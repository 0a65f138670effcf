"""Why there is no plan: the rules that clash, in the user's words, and the smallest change of each that mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from mediaplan.brief.briefs import Brief
from mediaplan.brief.rules import EachLine, Rule, Share, Spend
from mediaplan.brief.terms import Linear, Space
from mediaplan.errors import Conflict, MediaplanError, NoPlanError, Repair
from mediaplan.money import Money
from mediaplan.planning.demands import Demand, demands_of, limits_of, linear_terms
from mediaplan.planning.formulating import formulate
from mediaplan.planning.solvers.highs import solve
from mediaplan.response.lines import Lines
from mediaplan.words import Percent, Sentence

MOST_CONFLICTS = 10
FINEST_SHARE = 10_000
"""Shares are mended in steps of one hundredth of a percent."""


def refusal(brief: Brief, space: Space, objective_of: Callable[[Brief], float]) -> NoPlanError:
    """The error that says why no plan can keep the brief.

    Args:
        brief: That no plan can keep.
        space: Its lines.
        objective_of: What the best plan for a brief is worth; raises `MediaplanError` where there is none.
    """
    demands = demands_of(brief, space)
    conflicts = tuple(_conflicts(demands, space))
    said = tuple(Conflict(tuple(d.said for d in clash), _together(clash, space)) for clash in conflicts)
    repairs = _repairs(brief, conflicts[0], space, objective_of) if len(conflicts) == 1 else ()
    return NoPlanError(said, repairs)


def possible(demands: Sequence[Demand], space: Space) -> bool:
    """Whether some plan that spends money keeps all of these demands."""
    return _least_money(demands, space) is not None


def _least_money(demands: Sequence[Demand], space: Space) -> float | None:
    """The least money above nothing that keeps the demands, minor units; `None` where nothing does."""
    terms = [term for demand in demands for term in demand.terms]
    lines = len(space.lines)
    has_budget = any(demand.is_budget for demand in demands)
    ceiling = space.budget if has_budget else max(space.budget, _asked(demands)) * 1000
    spends = Linear(np.ones(lines), 1.0, np.inf, np.ones(lines, dtype=bool))
    limits = limits_of(terms, lines, ceiling)
    program, layout = formulate((*linear_terms(terms), spends), limits, ceiling, None)
    gain = np.zeros(len(program.gain))
    gain[layout.amount] = -1.0
    solution = solve(replace(program, gain=gain))
    return float(layout.amounts(solution.columns).sum()) if len(solution.columns) else None


def _asked(demands: Sequence[Demand]) -> int:
    """An amount that no finite limit of the demands exceeds, minor units."""
    limits = [abs(x) for term in linear_terms(t for d in demands for t in d.terms) for x in (term.at_least, term.at_most)]
    return int(max((x for x in limits if np.isfinite(x)), default=1.0)) + 1


def _conflicts(demands: Sequence[Demand], space: Space) -> Iterator[tuple[Demand, ...]]:
    """Minimal clashes that share no rule, the budget aside."""
    left = list(demands)
    for _ in range(MOST_CONFLICTS):
        if possible(left, space):
            return
        clash = _minimal(left, space)
        yield clash
        left = [demand for demand in left if demand.is_budget or demand not in clash]


def _minimal(demands: Sequence[Demand], space: Space) -> tuple[Demand, ...]:
    """A clash from which nothing can be left out: drop each demand that it does not need, the budget first."""
    kept = list(demands)
    for demand in demands:
        rest = [other for other in kept if other is not demand]
        if not possible(rest, space):
            kept = rest
    return tuple(kept)


def _together(clash: Sequence[Demand], space: Space) -> Sentence:
    currency = next((d.said.values["budget"].currency for d in clash if d.is_budget), None)
    if currency is not None:
        need = _least_money([d for d in clash if not d.is_budget], space)
        if need is not None:
            return Sentence(
                "Together they need {need} of media money; there is {have}.",
                need=Money(int(np.ceil(need - 1e-4)), currency),
                have=Money(space.budget, currency),
            )
    if len(clash) == 1:
        return Sentence("No line that may receive money can keep it.")
    return Sentence("Each can be kept without the others, but not all of them together.")


def _repairs(
    brief: Brief, clash: Sequence[Demand], space: Space, objective_of: Callable[[Brief], float]
) -> tuple[Repair, ...]:
    """The smallest change of each clashing rule alone, checked by planning with it, the cheapest first."""
    found: list[tuple[float, Sentence, Sentence, str | float, str | float]] = []
    for demand in clash:
        for mended, change, before, after in _smallest_changes(brief, demand, space):
            try:
                worth = objective_of(mended)
            except MediaplanError:
                continue
            found.append((worth, change, demand.said, before, after))
    best = max((worth for worth, *_ in found), default=0.0)
    found.sort(key=lambda item: -item[0])
    return tuple(Repair(change, rule, before, after, best - worth) for worth, change, rule, before, after in found)


def _smallest_changes(brief: Brief, demand: Demand, space: Space) -> Iterator[tuple[Brief, Sentence, str | float, str | float]]:
    """Briefs with the smallest sufficient change of that demand, and how it is said."""
    if demand.is_budget:
        enough = _search(lambda minor: _possible(brief.but(budget=Money(minor, brief.currency)), space.lines, space), brief.budget.minor)
        if enough is not None:
            money = Money(enough, brief.currency)
            change = Sentence("raise the budget from {before} to {after}", before=brief.budget, after=money)
            yield brief.but(budget=money), change, brief.budget.text, money.text
        return
    if demand.rule is None:
        return
    rule = brief.rules[demand.rule]
    for limit in ("at_least", "at_most"):
        now = getattr(rule, limit, None)
        if now is None:
            continue
        changed = _loosened(brief, demand.rule, rule, limit, now, space)
        if changed is not None:
            after, said = changed
            mended = _with_rule(brief, demand.rule, rule.loosened(limit, after))  # type: ignore[attr-defined]
            change = _change_said(limit, rule, said(now), said(after))
            yield mended, change, _plain(now), _plain(after)


def _loosened(
    brief: Brief, number: int, rule: Rule, limit: str, now: Money | float, space: Space
) -> tuple[Money | float, Callable[[Money | float], Money | Percent]] | None:
    """The nearest value of a limit with which a plan is possible, and how such values are said."""

    def at(units: int) -> Money | float:
        return Money(units, brief.currency) if isinstance(now, Money) else units / FINEST_SHARE

    def works(units: int) -> bool:
        return _possible(_with_rule(brief, number, rule.loosened(limit, at(units))), space.lines, space)  # type: ignore[attr-defined]

    def said(value: Money | float) -> Money | Percent:
        return value if isinstance(value, Money) else Percent(value, 2)

    units = now.minor if isinstance(now, Money) else now * FINEST_SHARE
    if limit == "at_least":
        start = int(np.floor(units))
        best = _search(lambda drop: works(start - drop), 0, most=start)
        return None if best is None else (at(start - best), said)
    start = int(np.ceil(units))
    most = None if isinstance(now, Money) else FINEST_SHARE
    best = _search(works, start, most=most)
    return None if best is None else (at(best), said)


def _search(works: Callable[[int], bool], start: int, most: int | None = None) -> int | None:
    """The least whole number from `start` that works, where all above it work too; `None` if none does."""
    step, high = 1, start
    while not works(high):
        if most is not None and high >= most or step > 10**16:
            return None
        high = start + step if most is None else min(start + step, most)
        step *= 8
    low = start - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if works(middle) else (middle, high)
    return high


def _possible(brief: Brief, lines: Lines, space: Space) -> bool:
    own = Space(lines, space.attributes, brief.media_budget.minor)
    return possible(demands_of(brief, own), own)


def _with_rule(brief: Brief, number: int, rule: Rule) -> Brief:
    return brief.but(rules=(*brief.rules[:number], rule, *brief.rules[number + 1 :]))


def _change_said(limit: str, rule: Rule, before: Money | Percent, after: Money | Percent) -> Sentence:
    what = rule.subject()
    match rule, limit:
        case Spend(), "at_least":
            return Sentence("lower the least spend on {what} from {before} to {after}", what=what, before=before, after=after)
        case Spend(), _:
            return Sentence("raise the most spend on {what} from {before} to {after}", what=what, before=before, after=after)
        case Share(), "at_least":
            return Sentence("lower the least share of {what} from {before} to {after}", what=what, before=before, after=after)
        case Share(), _:
            return Sentence("raise the most share of {what} from {before} to {after}", what=what, before=before, after=after)
        case EachLine(), "at_least":
            return Sentence("lower the least of each line ({what}) from {before} to {after}", what=what, before=before, after=after)
        case _:
            return Sentence("raise the most of each line ({what}) from {before} to {after}", what=what, before=before, after=after)


def _plain(limit: Money | float) -> str | float:
    return limit.text if isinstance(limit, Money) else limit
