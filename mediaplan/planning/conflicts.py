"""Why there is no plan: the rules that clash, in the user's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from mediaplan.brief.briefs import Brief
from mediaplan.brief.terms import Linear, Space
from mediaplan.errors import Conflict, NoPlanError
from mediaplan.money import Money
from mediaplan.planning.demands import Demand, demands_of, limits_of, linear_terms
from mediaplan.planning.formulating import formulate
from mediaplan.planning.repairs import repairs_of
from mediaplan.planning.solvers.highs import solve
from mediaplan.words import Sentence

MOST_CONFLICTS = 10


def refusal(
    brief: Brief, space: Space, kinds: tuple[str, ...], objective_of: Callable[[Brief], float]
) -> NoPlanError:
    """The error that says why no plan can keep the brief.

    Args:
        brief: That no plan can keep.
        space: Its lines.
        kinds: Of result that the plan is after.
        objective_of: What the best plan for a brief is worth; raises `MediaplanError` where there is none.
    """

    def asked(by: Brief) -> tuple[Sequence[Demand], Space]:
        own = Space(space.lines, space.attributes, by.media_budget.minor)
        return demands_of(by, own, kinds), own

    demands, _ = asked(brief)
    conflicts = tuple(_conflicts(demands, space))
    said = tuple(Conflict(tuple(d.said for d in clash), _together(clash, space)) for clash in conflicts)
    if len(conflicts) != 1:
        return NoPlanError(said, ())
    return NoPlanError(said, repairs_of(brief, conflicts[0], lambda by: possible(*asked(by)), objective_of))


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
    limits = [
        abs(x)
        for term in linear_terms(t for d in demands for t in d.terms)
        for x in (term.at_least, term.at_most)
    ]
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
