"""What to doubt about a plan: evidence that is old or from elsewhere, goals that cost a reader nothing, close calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.briefs import Brief
from mediaplan.errors import InputError
from mediaplan.history.timing import timing
from mediaplan.planning.channels import new_channel_warning
from mediaplan.planning.demands import platform_minimums
from mediaplan.planning.newcomers import newcomer_warnings
from mediaplan.planning.questions import Question
from mediaplan.planning.solving import Solved
from mediaplan.planning.worths import Worths, counted_kinds
from mediaplan.response.contrasts import ratio
from mediaplan.response.curves import Curves
from mediaplan.response.preferring import ENOUGH
from mediaplan.response.responses import Response
from mediaplan.response.vanity import is_reaction
from mediaplan.words import Sentence

Array = NDArray[np.float64]

FAR = 3.0
"""Times the largest money seen beyond which a plan warns."""
ALTERNATIVES = 20
"""Lines without money, the best for their first money, among which a line's next-best alternative is sought."""


@dataclass(frozen=True)
class CloseCall:
    """A line without money that might be as good as one with money.

    Attributes:
        other: Its place among all lines.
        probability: That the funded line is better with its money.
    """

    other: int
    probability: float


def evidence_warnings(brief: Brief, response: Response) -> tuple[Sentence, ...]:
    """What a person should know of the evidence beside what the brief asks for."""
    dates = () if response.past is None else timing(response.past.ends, brief.start)
    return (
        *dates,
        *new_channel_warning(response),
        *newcomer_warnings(response),
        *_cheap_goal(brief, response),
    )


def _cheap_goal(brief: Brief, response: Response) -> Iterator[Sentence]:
    """Said where the goal counts reactions although the history counts what a client lives of."""
    if response.past is None:
        return
    asked = counted_kinds(brief.goal, response.kinds)
    cheap = tuple(kind for kind in asked if is_reaction(kind))
    real = tuple(kind for kind in response.past.results if not is_reaction(kind) and kind not in asked)
    if cheap and real:
        yield Sentence(
            "The goal counts “{cheap}”, which costs a reader nothing, and the history also counts “{real}”: posts "
            "that bring much of the one need not bring much of the other. “mediaplan diagnose” shows how they go "
            "together.",
            cheap=cheap,
            real=real,
        )


def doubts_of(question: Question, solved: Solved) -> tuple[Sentence, ...]:
    """What a person should know of the plan's own lines: money beyond the evidence, below a minimum, a search cut short."""
    found = []
    funded = np.flatnonzero(solved.amounts)
    amounts, cover = solved.amounts[funded] * question.major, question.curves.cover[funded]
    if far := int(((cover > 0) & (amounts > FAR * cover)).sum()):
        found.append(
            Sentence(
                "Lines with more than three times the largest money that the history speaks for: {count}. Their results are a guess.",
                count=far,
            )
        )
    if (cover == 0).any():
        found.append(
            Sentence(
                "Lines of a channel and audience that were never bought before: {count}. Their results are judged from what is alike.",
                count=int((cover == 0).sum()),
            )
        )
    if below := _below_minimum(question, solved, funded):
        found.append(
            Sentence(
                "Lines below a minimum that their platform is known to ask for: {count}. Write {example} to keep to it.",
                count=below,
                example='minimums = "platform"',
            )
        )
    if solved.stopped:
        found.append(
            Sentence(
                "The search was stopped by its limit of time; a better plan may exist, within the gap that the certificate states."
            )
        )
    return tuple(found)


def _below_minimum(question: Question, solved: Solved, funded: NDArray[np.intp]) -> int:
    brief = question.brief
    if brief.minimums.platform:
        return 0
    try:
        least = platform_minimums(brief, question.space, question.worths.kinds, known=True)
    except InputError:
        return 0  # without the price of a dollar nothing can be compared
    return int((solved.amounts[funded] < least[funded]).sum())


def close_calls(
    solved: Solved, curves: Curves, worths: Worths, slopes: Array, major: float
) -> dict[int, CloseCall]:
    """Funded lines whose next-best alternative is practically as good, by their place among all lines.

    The alternative has no money, is the same to every rule that has a price, and may receive what the line has.

    Args:
        solved: The amounts.
        curves: Of all lines.
        worths: Of results on them.
        slopes: Shape (lines,), worth of the next minor unit on each line.
        major: Major units in a minor one.
    """
    idle = np.flatnonzero((solved.amounts == 0) & (solved.limits.most > 0) & (slopes > 0))
    funded = np.flatnonzero(solved.amounts)
    terms = zip(solved.terms, solved.prices, strict=True)
    weights = np.stack([term.weights for term, price in terms if price != 0] or [np.zeros(len(slopes))])
    kinds, kind_of = np.unique(weights[:, funded], axis=1, return_inverse=True)
    of_idle, found = weights[:, idle], {}
    for kind, lines in enumerate(funded[kind_of.reshape(-1) == kind] for kind in range(kinds.shape[1])):
        alike = idle[(of_idle == kinds[:, kind, None]).all(axis=0)]
        best = alike[np.argsort(-slopes[alike], kind="stable")][:ALTERNATIVES]
        for line in lines.tolist():
            others = best[_may_take(solved, best, line)]
            if len(others):
                found[line] = _closest(line, others, curves, worths, float(solved.amounts[line]) * major)
    return {line: call for line, call in found.items() if call.probability < ENOUGH}


def _may_take(solved: Solved, idle: NDArray[np.intp], line: int) -> NDArray[np.bool_]:
    amount, limits = solved.amounts[line], solved.limits
    may: NDArray[np.bool_] = (limits.least[idle] <= amount) & (amount <= limits.most[idle])
    return may


def _closest(line: int, others: NDArray[np.intp], curves: Curves, worths: Worths, money: float) -> CloseCall:
    """The alternative that would bring most for the line's money, and how surely the line is better."""
    both = np.append(others, line)
    results = curves.take(both).results(np.full(len(both), money))
    worth = (worths.goal[:, both, None] * results).sum(axis=0)
    best = int(np.argmax(worth[:-1].mean(axis=1)))
    return CloseCall(int(others[best]), float(ratio(worth[-1], worth[best]).above()))
