"""Why there is no plan: the rules that clash, in the user's words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from mediaplan.brief.briefs import Brief
from mediaplan.brief.rules import Dated, Rule
from mediaplan.brief.spaces import Space
from mediaplan.brief.terms import over_results
from mediaplan.errors import Conflict, NoPlanError
from mediaplan.money import LARGEST, Money
from mediaplan.planning.asking.demands import Demand, choice_terms, demands_of, limits_of, linear_terms
from mediaplan.planning.clashes.repairs import repairs_of
from mediaplan.planning.clashes.several import place_of, repairs_together
from mediaplan.planning.search.feasibility import cheapest, least_money
from mediaplan.planning.search.touching import firm, on_people, stricter, touched
from mediaplan.words import Sentence

MOST_CONFLICTS = 10
HALVINGS = 24
"""Of what is asked for, until what can be reached is known."""
AS_MUCH = 0.995
"""Part of what any money can bring from which on what the budget brings is not told beside it."""
MOST_MONEY = 1000 * LARGEST
"""Minor units that stand for any money."""


class Reaches(Protocol):
    """Whether lines can bring the results that demands ask for with that much money, minor units, and the part missing."""

    def __call__(
        self, demands: Sequence[Demand], budget: int, *, closely: bool = False
    ) -> tuple[bool, float]:
        """`closely`: how much is missing matters even where it is much."""

    def known(self, demands: Sequence[Demand], budget: int) -> bool:
        """Whether a plan that was found before keeps them."""


class Without(Protocol):
    """The lines that there are without some rules, by number, that cut lines by date, and what results these can reach."""

    def __call__(self, rules: frozenset[int], /) -> tuple[Space, Reaches]:
        """`rules`: those that are not there."""


Holds = Callable[[Sequence[Demand]], bool]
"""Whether some plan keeps demands of one brief."""

_NEARLY = Sentence("What they ask for is so near to what can be reached that no payable amounts keep it.")


def refusal(
    brief: Brief,
    space: Space,
    kinds: tuple[str, ...],
    worth_of: Callable[[Brief], float],
    why_absent: Callable[[Rule], Sentence | None],
    without: Without,
) -> NoPlanError:
    """The error that says why no plan can keep the brief.

    Args:
        brief: That no plan can keep.
        space: Its lines.
        kinds: Of result that the plan is after.
        worth_of: What the best plan for a brief is worth; raises `MediaplanError` where there is none.
        why_absent: Why no line that a rule picks may receive money.
        without: The lines where some rules that cut them are not there, and what results these can reach.
    """
    everything = demands_of(brief, space, kinds)
    cutting = {number for number, rule in enumerate(brief.rules) if isinstance(rule, Dated)}
    _, reaches = without(frozenset())

    def asked(by: Brief, wanted: Collection[int]) -> tuple[list[Demand], Space, Reaches]:
        """Its demands of those places, over the lines that there are where no other rule cuts them."""
        absent = frozenset(n for n in cutting if n not in wanted or not isinstance(by.rules[n], Dated))
        there, reached = without(absent) if absent else (space, reaches)
        own = there.with_budget(by.media_budget.minor)
        demands = demands_of(by, own, kinds, known=None if absent else (brief, everything))
        return [demand for demand in demands if place_of(demand) in wanted], own, reached

    def keeps(by: Brief, clash: Sequence[Demand], *, known: bool = False) -> bool:
        return (_known if known else possible)(*asked(by, {place_of(demand) for demand in clash}))

    def works(by: Brief, *, known: bool = False) -> bool:
        return keeps(by, everything, known=known)

    clashes, more = _conflicts(everything, lambda clash: keeps(brief, clash))
    said = tuple(
        Conflict(
            tuple(demand.said for demand in clash),
            _together(
                _Clash(*asked(brief, set(map(place_of, clash)))),
                everything,
                space,
                brief,
                why_absent,
                reaches,
            ),
        )
        for clash in clashes
    )
    if not clashes:
        # Results so near to what can be reached that whole amounts decide.
        return NoPlanError((Conflict(tuple(d.said for d in everything), _NEARLY),), ())
    if len(clashes) > 1:
        # Where clashes are left untold, nothing mends all.
        told = [demand for clash in clashes for demand in clash] if more else everything

        def mends(by: Brief, *, known: bool = False) -> bool:
            return keeps(by, told, known=known)

        repairs = repairs_together(brief, clashes, keeps, mends)
        return NoPlanError(said, repairs, together=len(repairs) > 1, more=more)
    return NoPlanError(said, repairs_of(brief, clashes[0], works, worth_of))


@dataclass(frozen=True)
class _Clash:
    """Demands that clash, over the lines that there are where no other rule cuts them.

    Attributes:
        demands: The clash.
        space: The lines.
        reaches: What results these can reach.
    """

    demands: Sequence[Demand]
    space: Space
    reaches: Reaches


def possible(demands: Sequence[Demand], space: Space, reaches: Reaches) -> bool:
    """Whether some plan that spends money keeps all of these demands; where people are to be reached, with a little room."""
    if _known(demands, space, reaches):
        return True
    demands = _with_room(demands)
    return _least_money(demands, space) is not None and (
        not _over_results(demands) or reaches(demands, _ceiling(demands, space))[0]
    )


def _known(demands: Sequence[Demand], space: Space, reaches: Reaches) -> bool:
    """Whether that is known already, of a plan that was found for others; only asked where results are to be reached."""
    return _over_results(demands) and reaches.known(_with_room(demands), _ceiling(demands, space))


def _with_room(demands: Sequence[Demand]) -> list[Demand]:
    return [replace(demand, terms=tuple(map(stricter, demand.terms))) for demand in demands]


def _over_results(demands: Sequence[Demand]) -> bool:
    return any(over_results(term) for demand in demands for term in linear_terms(demand.terms))


def _ceiling(demands: Sequence[Demand], space: Space) -> int:
    """Money that no line needs more of, minor units: without the budget far more than any demand names."""
    if any(demand.is_budget for demand in demands):
        return min(space.budget, MOST_MONEY)
    return min(max(space.budget, _asked(demands)) * 1000, MOST_MONEY)


def _least_money(demands: Sequence[Demand], space: Space) -> float | None:
    """The least money above nothing that keeps the demands, minor units; `None` where nothing does."""
    terms = firm(term for demand in demands for term in demand.terms)
    limits = limits_of(terms, len(space.lines), _ceiling(demands, space))
    choices = choice_terms(terms)
    touches = touched(terms, lambda rows: cheapest(linear_terms(rows), limits, choices))
    if touches is None:
        return None
    return least_money((*linear_terms(terms), *(touch.row for touch in touches)), limits, choices)


def _asked(demands: Sequence[Demand]) -> int:
    """An amount that no finite limit of the demands exceeds, minor units."""
    limits = [
        abs(x)
        for term in linear_terms(t for d in demands for t in d.terms)
        if term.of_money
        for x in (term.at_least, term.at_most)
    ]
    return int(max((x for x in limits if np.isfinite(x)), default=1.0)) + 1


def _conflicts(demands: Sequence[Demand], possible: Holds) -> tuple[tuple[tuple[Demand, ...], ...], bool]:
    """Minimal clashes that share no rule, the budget aside, and whether the rules left clash too."""
    left = list(demands)
    found: list[tuple[Demand, ...]] = []
    while not possible(left):
        if len(found) == MOST_CONFLICTS:
            return tuple(found), True
        clash = _minimal(left, possible)
        found.append(clash)
        left = [demand for demand in left if demand.is_budget or demand not in clash]
    return tuple(found), False


def _minimal(demands: Sequence[Demand], possible: Holds) -> tuple[Demand, ...]:
    """A clash from which nothing can be left out: drop each demand that it does not need, the budget first.

    As less is never harder to keep, all that go before the next one that is needed go at once: how many is found by
    halving, so that of very many demands few are looked at.
    """
    needed: list[Demand] = []
    left = list(demands)
    while left:
        gone, beyond = 0, len(left) + 1
        while beyond - gone > 1:
            middle = (gone + beyond) // 2
            if possible([*needed, *left[middle:]]):
                beyond = middle
            else:
                gone = middle
        left = left[gone:]
        needed += left[:1]
        left = left[1:]
    return tuple(needed)


def _best_results(
    clash: _Clash, demands: Sequence[Demand], space: Space, reaches: Reaches
) -> Sentence | None:
    """What can be reached of an impossible target, where only one result target clashes."""
    rows = [term for demand in clash.demands for term in linear_terms(demand.terms) if over_results(term)]
    if len(rows) != 1 or rows[0].of_money or not np.isfinite(rows[0].at_least):
        return None
    budget = next(demand for demand in demands if demand.is_budget)
    # What the other rules leave of it, unless they can't be kept at all.
    rest = float("inf") if _result_rows(demands) > 1 else reaches(demands, space.budget, closely=True)[1]
    alone = (budget, *clash.demands)
    within = rest if np.isfinite(rest) else clash.reaches(alone, space.budget, closely=True)[1]
    asked = rows[0].at_least
    if any(demand.is_budget for demand in clash.demands):
        best = max(asked * (1.0 - within), 0.0)
        return Sentence("At the best {best} can be expected; {asked} are asked for.", best=best, asked=asked)
    _, missing = clash.reaches(clash.demands, _ceiling(clash.demands, space), closely=True)
    if not np.isfinite(missing):
        return None
    best = max(asked * (1.0 - missing), 0.0)
    here = max(asked * (1.0 - within), 0.0) if np.isfinite(within) else best
    if here >= best * AS_MUCH:
        return Sentence(
            "At the best {best} can be expected with any money; {asked} are asked for.",
            best=best,
            asked=asked,
        )
    return Sentence(
        "At the best {best} can be expected with any money, {within} with this budget; {asked} are asked for.",
        best=best,
        within=here,
        asked=asked,
    )


def _result_rows(demands: Sequence[Demand]) -> int:
    return sum(over_results(term) for demand in demands for term in linear_terms(demand.terms))


def _most_people(clash: _Clash, demands: Sequence[Demand]) -> Sentence | None:
    """How many people can be reached, where one target for them clashes; by halving."""
    asked = [
        (demand, term) for demand in clash.demands for term in on_people(demand.terms) if term.per_person > 0
    ]
    if len(asked) != 1:
        return None
    ((owner, target),) = asked
    rest = [demand for demand in clash.demands if demand is not owner]
    if not any(demand.is_budget for demand in clash.demands):
        rest += [demand for demand in demands if demand.is_budget]

    def reachable(people: float) -> bool:
        easier = replace(owner, terms=(replace(target, at_least=people),))
        return possible([*rest, easier], clash.space, clash.reaches)

    low, high = 0.0, target.at_least
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if reachable(middle) else (low, middle)
    return Sentence(
        "At the best {best} people can be reached; {asked} are asked for, of {all} that there are.",
        best=float(np.floor(low)),
        asked=target.at_least,
        all=float(target.crowds.people.sum()),
    )


def _together(
    clash: _Clash,
    demands: Sequence[Demand],
    space: Space,
    brief: Brief,
    why_absent: Callable[[Rule], Sentence | None],
    reaches: Reaches,
) -> Sentence:
    best = _best_results(clash, demands, space, reaches) or _most_people(clash, demands)
    if best is not None:
        return best
    # Of what results, units and people need, the proposed changes tell the money.
    if any(demand.is_budget for demand in clash.demands) and not _over_results(clash.demands):
        need = _least_money([d for d in clash.demands if not d.is_budget], clash.space)
        if need is not None:
            return Sentence(
                "Together they need {need} of media money; there is {have}.",
                need=Money(int(np.ceil(need - 1e-4)), brief.currency),
                have=Money(space.budget, brief.currency),
            )
    if len(clash.demands) > 1:
        return Sentence("Each can be kept without the others, but not all of them together.")
    alone = clash.demands[0]
    if any(term.at_most <= 0 for term in linear_terms(alone.terms)):
        return Sentence("It leaves nothing to spend.")
    reason = why_absent(brief.rules[alone.rule]) if alone.rule is not None else None
    return reason or Sentence("No line that may receive money can keep it.")
