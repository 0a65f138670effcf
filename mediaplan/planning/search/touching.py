"""Limits on people reached, as rows over money: tangents, found where plans need them (Kelley's cutting planes).

People reached are concave in money, so that each tangent is a row that every plan keeps that reaches enough people: a
program with some of them is a relaxation, and its bound holds for the whole limit. Where a plan falls short, the row
that touches the limit on the way from that plan to one of the same mixture that keeps it is added. Where a limit may
give way, by as much as the worst of its tangents, those at the plans themselves are added, until they tell nearly what
plans miss.

Source:
    J. E. Kelley, "The cutting-plane method for solving convex programs", 1960; rows on the limit itself as in
    A. F. Veinott, "The supporting hyperplane method for unimodal programming", 1967.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear, Reached, Term, shortfall

Array = NDArray[np.float64]

TURNS = 40
"""Times that tangents are added to a relaxed plan, at the most."""
NEARLY = 1e-4
"""Part of a limit that a relaxed plan may miss."""
CLOSELY = 1e-6
"""The same where it may give way: by which tangents may tell a plan to miss it less than it does."""
EXACTLY = 1e-9
"""The same of whole amounts: what doubles tell apart."""
TIGHT = 0.01
"""Part of a limit within which a tangent is kept that a relaxed plan lies on."""
FARTHEST = 1e9
"""Times a plan's money up to which its mixture is followed to the limit."""


@dataclass(frozen=True, eq=False)
class Touch:
    """A tangent of a limit on people.

    Attributes:
        row: Over money, of like size as other rows over money.
        of: Which of the limits on people, from 0.
        scale: Units of the limit for one unit of the row's.
    """

    row: Linear
    of: int
    scale: float


def on_people(terms: Iterable[Term]) -> tuple[Reached, ...]:
    """The limits on people, in order."""
    return tuple(term for term in terms if isinstance(term, Reached))


def others(terms: Iterable[Term]) -> tuple[Term, ...]:
    """All but the limits on people, in order."""
    return tuple(term for term in terms if not isinstance(term, Reached))


def touched(terms: Sequence[Term], planned: Callable[[tuple[Term, ...]], Array | None]) -> list[Touch] | None:
    """Tangents with which a relaxed plan keeps the limits on people, nearly; `None` where nothing does.

    Args:
        terms: All of them.
        planned: Terms without such limits -> the amounts of a plan, shape (lines,) in minor units, or `None`.
    """
    people, rest = on_people(terms), others(terms)
    touches: list[Touch] = []
    for _ in range(TURNS if people else 0):
        amounts = planned((*rest, *(touch.row for touch in touches)))
        if amounts is None:
            return None
        added = touches_at(people, amounts, touches, nearly=True)
        if not added:
            return [touch for touch in touches if _tight(touch, people[touch.of], amounts)]
        touches += added
    return touches


def _tight(touch: Touch, term: Reached, amounts: Array) -> bool:
    """Whether a plan lies near a tangent."""
    near = TIGHT * _size(term, amounts) / touch.scale
    return (
        shortfall(touch.row, touch.row.total(amounts) - near) > 0
        or shortfall(touch.row, touch.row.total(amounts) + near) > 0
    )


def stricter(term: Term) -> Term:
    """A limit on people twice as strict as a relaxed plan may miss it; other terms as they are."""
    if not isinstance(term, Reached):
        return term
    if term.per_person > 0 or term.at_most > 0:
        return replace(term, at_least=term.at_least * (1.0 + 2.0 * NEARLY))
    return replace(term, per_person=term.per_person * (1.0 - 2.0 * NEARLY))


def touches_at(
    people: Sequence[Reached], amounts: Array, touches: Sequence[Touch], *, nearly: bool = False
) -> list[Touch]:
    """Tangents of the limits that the amounts miss, and of those that they miss by more than tangents tell.

    Args:
        people: Limits on people.
        amounts: Shape (lines,), minor units.
        touches: The tangents that there are.
        nearly: Whether a small part of a limit may be missed, or not be told.
    """
    added = []
    for number, term in enumerate(people):
        if np.isfinite(term.soft):
            if untold(term, number, amounts, touches) > (CLOSELY if nearly else EXACTLY) * _size(
                term, amounts
            ):
                added.append(_touch(term, number, amounts))
                added.append(_touch(term, number, _to_the_limit(term, amounts) * amounts))
        elif missed(term, amounts) > nearly * NEARLY * _size(term, amounts):
            added.append(_touch(term, number, _to_the_limit(term, amounts) * amounts))
    return added


def untold(term: Reached, number: int, amounts: Array, touches: Sequence[Touch]) -> float:
    """By how much more amounts miss a limit, of that number, than its tangents say, in its unit."""
    told = [shortfall(t.row, t.row.total(amounts)) * t.scale for t in touches if t.of == number]
    return missed(term, amounts) - max(told, default=0.0)


def missed(term: Reached, amounts: Array) -> float:
    """By how much amounts, shape (lines,) of minor units, miss a limit on people, in its unit."""
    return shortfall(term, term.total(amounts))


def rows_of(touches: Sequence[Touch], margins: Sequence[float]) -> tuple[Linear, ...]:
    """The tangents as rows, each asking for so much more than its limit, in the limit's unit."""
    rows = []
    for touch in touches:
        more = margins[touch.of] / touch.scale
        row = touch.row
        rows.append(replace(row, at_least=row.at_least + more, at_most=row.at_most - more))
    return tuple(rows)


def _touch(term: Reached, number: int, amounts: Array) -> Touch:
    row, soft = term.tangent(amounts), np.isfinite(term.soft)
    # Tangents that fall short together are of one scale: the people that the first money reaches.
    like = term.tangent(np.zeros_like(amounts)) if soft else row
    scale = like.weights.largest() or (1.0 if soft else 1e-300)
    low, high = row.at_least / scale, row.at_most / scale
    limit = number if soft else None
    scaled = replace(
        row,
        weights=row.weights.times(1.0 / scale),
        at_least=low,
        at_most=high,
        soft=row.soft * scale,
        tangent_of=limit,
    )
    return Touch(scaled, number, scale)


def firm(terms: Iterable[Term]) -> tuple[Term, ...]:
    """All but the limits on people that may give way, in order."""
    return tuple(term for term in terms if not (isinstance(term, Reached) and np.isfinite(term.soft)))


def _size(term: Reached, amounts: Array) -> float:
    """How large what is limited is, in the limit's unit."""
    asked = max((abs(limit) for limit in (term.at_least, term.at_most) if np.isfinite(limit)), default=0.0)
    return max(asked, abs(term.per_view) * float(term.impressions(amounts).sum()))


def _to_the_limit(term: Reached, amounts: Array) -> float:
    """How many times that money keeps the limit just so, at the same mixture; 1 where none does."""

    def misses(times: float) -> bool:
        return missed(term, times * amounts) > 0

    # More money reaches more people; less money reaches each less often.
    keeps = FARTHEST if term.per_person > 0 or term.per_view * term.at_least > 0 else 1.0 / FARTHEST
    if misses(keeps):
        return 1.0
    low, high = np.log(1.0), np.log(keeps)
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if misses(float(np.exp(middle))) else (low, middle)
    return float(np.exp(high))
