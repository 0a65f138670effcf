"""Everything a plan must keep: the budget, the brief's rules, the platforms' minimums, each with its kernel terms."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.briefs import Brief
from mediaplan.brief.minimums import known_minimum
from mediaplan.brief.spaces import Space
from mediaplan.brief.terms import Choice, Domain, Linear, Reached, Term, sum_of_all
from mediaplan.errors import InputError, Problem
from mediaplan.money import LARGEST
from mediaplan.planning.asking.side_by_side import terms_of as side_by_side
from mediaplan.words import Sentence

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]

MOST_ROWS, MOST_CELLS = 20_000, 50_000_000
"""Limits that the rules of a brief may make, and numbers that say which lines they weigh: beyond, memory and time run out."""


@dataclass(frozen=True, eq=False)
class Demand:
    """One thing a plan must keep.

    Attributes:
        said: As people say it.
        terms: In kernel words.
        rule: Number of the brief's rule, from 0; `None` for the budget and the platforms' minimums.
        is_budget: Whether it is the budget.
    """

    said: Sentence
    terms: tuple[Term, ...]
    rule: int | None = None
    is_budget: bool = False


def demands_of(
    brief: Brief,
    space: Space,
    kinds: tuple[str, ...],
    known: tuple[Brief, Sequence[Demand]] | None = None,
) -> tuple[Demand, ...]:
    """The budget, then the rules in the brief's order, then the minimums.

    Args:
        brief: The question.
        space: Its lines.
        kinds: Of result that the plan is after.
        known: Another brief and its demands over the same lines: of very many rules, those that both have are not stated
            anew.

    Raises:
        InputError: The platforms' minimums are asked for but can't be expressed in the brief's currency.
    """
    budget = Demand(
        Sentence("budget: at most {budget}", budget=brief.budget),
        (sum_of_all(len(space.lines), -np.inf, float(space.budget)),),
        is_budget=True,
    )
    rules = tuple(_of_rules(brief, space, _same_rules(brief, known)))
    minimums = _minimums(brief, space, kinds)
    said = (
        Sentence("each line: nothing or the platform's minimum")
        if brief.minimums.platform
        else Sentence("each line: nothing or the minimum that the brief gives for its channel")
    )
    asked = (Demand(said, minimums),) if minimums else ()
    sold = tuple(_sold(space))
    tests = tuple(Demand(test.sentence(), side_by_side(space.lines, test)) for test in brief.tests)
    return (budget, *rules, *tests, *asked, *sold)


def _sold(space: Space) -> Iterator[Demand]:
    """What a rate card sells of each line: from its least to the last of its tiers."""
    given = None if space.worth is None else space.worth.given
    if given is None or not len(given.line):
        return
    minor = 1.0 / space.major
    least = np.zeros(len(space.lines), dtype=np.int64)
    # Money that buys something at all, where some is due before: one unit above it.
    due = np.where(given.least > given.fixed, 0.0, np.where(given.fixed > 0, 1.0, 0.0))
    least[given.line] = np.ceil(given.least * minor - 1e-6 + due).astype(np.int64)
    most = np.full(len(space.lines), np.inf)
    most[given.line] = np.floor(np.minimum(given.most * minor, float(2 * LARGEST)) + 1e-6)
    sold = Domain(np.isfinite(most), least, most)
    yield Demand(Sentence("each line of the rate card: what it sells"), (sold,))


def _same_rules(brief: Brief, known: tuple[Brief, Sequence[Demand]] | None) -> dict[int, Demand]:
    """By their number, demands of another brief for the same rules; a share of the budget is one of the same budget alone."""
    if known is None or known[0].media_budget != brief.media_budget:
        return {}
    other, demands = known
    stated = {demand.rule: demand for demand in demands if demand.rule is not None}
    pairs = enumerate(zip(brief.rules, other.rules, strict=False))
    return {number: stated[number] for number, (rule, same) in pairs if rule == same}


def _of_rules(brief: Brief, space: Space, same: Mapping[int, Demand]) -> Iterator[Demand]:
    """The rules' demands, as long as they are not more than can be held."""
    rows, cells = 0, 0
    for number, rule in enumerate(brief.rules):
        terms = same[number].terms if number in same else tuple(rule.terms(space))
        rows += len(terms)
        cells += sum(map(_cells, terms))
        if rows > MOST_ROWS or cells > MOST_CELLS:
            message = Sentence(
                "the rules up to this one make {rows} limits over {lines} lines, more than can be planned.",
                rows=rows,
                lines=len(space.lines),
            )
            remedy = Sentence("Leave out rules that say nothing new, or repeat this one for fewer pieces.")
            raise InputError(Problem(message, remedy, column=f"rule {number + 1}", value=rule.word))
        yield Demand(rule.said(), terms, number)


def _cells(term: Term) -> int:
    """Numbers that say which lines a term weighs: those that it picks, or one for each line and kind of result."""
    if isinstance(term, Choice):
        return len(term.line)
    if isinstance(term, Domain):
        return len(term.lines) // 8
    if isinstance(term, Reached):
        return len(term.pool)
    return len(term.weights.line) + (0 if term.results is None else term.results.size)


def platform_minimums(
    brief: Brief, space: Space, kinds: tuple[str, ...], *, known: bool = False, dollar: float | None = None
) -> Array:
    """Shape (lines,): the least each line may receive if anything, minor units; 0 where nothing is known.

    Args:
        brief: Whose minimums count.
        space: The lines.
        kinds: Of result that the plan is after; the highest of their minimums counts.
        known: Take the dated table even where the brief does not ask for it.
        dollar: Units of the brief's currency for one US dollar, where the brief does not say so.
    """
    least = known_minimum if known else brief.minimums.per_day
    names, price = space.lines.names["channel"], brief.dollar if brief.dollar is not None else dollar
    per_day = [max(least(name, kind, brief.currency, price) for kind in kinds) for name in names]
    each = np.array([*per_day, 0.0])
    money: Array = np.ceil(np.round(each[space.lines.codes["channel"]] * space.lines.days, 6))
    return money


def _minimums(brief: Brief, space: Space, kinds: tuple[str, ...]) -> tuple[Domain, ...]:
    least = platform_minimums(brief, space, kinds)
    return tuple(Domain(least == amount, int(amount)) for amount in np.unique(least) if amount > 0)


@dataclass(frozen=True, eq=False)
class Limits:
    """What each line may receive, all domains together.

    Attributes:
        least: Shape (lines,), minor units, if anything.
        most: Shape (lines,), minor units.
        needed: Shape (lines,), whether the line can't receive nothing.
        step: Shape (lines,), minor units: amounts are whole multiples.
        broken: Shape (lines,), needed lines whose least is above their most: nothing can keep that.
    """

    least: Integers
    most: Integers
    needed: Mask
    step: Integers
    broken: Mask

    def take(self, chosen: NDArray[np.intp]) -> Limits:
        """Only those of the chosen lines, by index."""
        return Limits(
            self.least[chosen], self.most[chosen], self.needed[chosen], self.step[chosen], self.broken[chosen]
        )


def limits_of(terms: Iterable[Term], lines: int, budget: int) -> Limits:
    """Intersect the domains.

    Args:
        terms: Of all demands; linear ones are passed over, choices need a unit on each line that they count.
        lines: Number of lines.
        budget: Media money, minor units; keeps the range of lines without a limit of their own finite.
    """
    least = np.zeros(lines, dtype=np.int64)
    # One unit above the budget, so that where one line takes it all the budget has the price, not the line's range.
    most = np.full(lines, budget + 1, dtype=np.int64)
    needed = np.zeros(lines, dtype=bool)
    step = np.ones(lines, dtype=np.int64)
    for term in terms:
        if isinstance(term, Choice):
            # Whole amounts: a line that receives anything receives a unit, so that being funded can be counted.
            least[term.line] = np.maximum(least[term.line], 1)
        if not isinstance(term, Domain):
            continue
        mask = term.lines
        least[mask] = np.maximum(least[mask], term.least)
        most[mask] = np.minimum(most[mask], np.minimum(term.most, budget + 1).astype(np.int64))
        needed[mask] |= not term.or_zero
        if term.step > 1:
            # Steps that only meet beyond the budget leave nothing payable; one unit beyond it says that, and can't overflow.
            step[mask] = [min(math.lcm(int(old), term.step), budget + 2) for old in step[mask]]
    least = -(-least // step) * step
    most = most // step * step
    broken = needed & (least > most)
    off = ~needed & (least > most)
    most[off] = 0
    least[off] = 0
    return Limits(least, most, needed & (least > 0), step, broken)


def linear_terms(terms: Iterable[Term]) -> tuple[Linear, ...]:
    """The linear ones, in order."""
    return tuple(term for term in terms if isinstance(term, Linear))


def choice_terms(terms: Iterable[Term]) -> tuple[Choice, ...]:
    """The choices, in order."""
    return tuple(term for term in terms if isinstance(term, Choice))
