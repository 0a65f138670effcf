"""What to doubt about a plan: evidence that is old or from elsewhere, goals that cost a reader nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.briefs import Brief
from mediaplan.brief.minimums import least_dollar, unknown_to_table
from mediaplan.errors import InputError
from mediaplan.history.records.timing import timing
from mediaplan.planning.answer.contents import Totals
from mediaplan.planning.asking.channels import new_channel_warning
from mediaplan.planning.asking.demands import platform_minimums
from mediaplan.planning.asking.how_many import drawn_less
from mediaplan.planning.asking.newcomers import newcomer_warnings
from mediaplan.planning.asking.two_ways import two_ways_warnings
from mediaplan.planning.asking.worths import counted_kinds
from mediaplan.planning.questions import Question
from mediaplan.planning.search.sought import Solved
from mediaplan.response.diagnosis.vanity import is_reaction
from mediaplan.response.responses import Response
from mediaplan.words import Sentence

Array = NDArray[np.float64]

FAR = 3.0
"""Times the largest money seen beyond which a plan warns."""


def evidence_warnings(brief: Brief, response: Response) -> tuple[Sentence, ...]:
    """What a person should know of the evidence beside what the brief asks for."""
    dates = () if response.past is None else timing(response.past.ends, brief.start)
    return (
        *dates,
        *new_channel_warning(response),
        *newcomer_warnings(response),
        *two_ways_warnings(response),
        *_cheap_goal(brief, response),
    )


def _cheap_goal(brief: Brief, response: Response) -> Iterator[Sentence]:
    """Said where the goal counts reactions although the history counts what a client lives of."""
    if response.past is None:
        return
    asked = counted_kinds(brief.goal, response)
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
    found = list(drawn_less(len(solved.amounts), question.curves.draws))
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
    if unknown := _without_minimum(question, funded):
        found.append(
            Sentence(
                "No platform minimum is known for {channels}: their lines keep to none.", channels=unknown
            )
        )
    if solved.stopped:
        found.append(
            Sentence(
                "The search was stopped before its end; a better plan may exist, within the gap that the certificate states."
            )
        )
    return tuple(found)


def _without_minimum(question: Question, funded: NDArray[np.intp]) -> tuple[str, ...]:
    """Channels of funded lines of which the table that the brief asks for says nothing."""
    minimums = question.brief.minimums
    if not minimums.platform:
        return ()
    used = {str(name) for name in question.space.lines.labels("channel")[funded] if name is not None}
    return tuple(sorted(name for name in used if unknown_to_table(name)))


def _below_minimum(question: Question, solved: Solved, funded: NDArray[np.intp]) -> int:
    brief = question.brief
    if brief.minimums.platform:
        return 0
    try:
        least = platform_minimums(
            brief, question.space, question.worths.kinds, known=True, dollar=least_dollar(brief.currency)
        )
    except InputError:
        return 0  # without the price of a dollar nothing can be compared
    return int((solved.amounts[funded] < least[funded]).sum())


def incremental_warning(brief: Brief, totals: Totals) -> tuple[Sentence, ...]:
    """Both numbers, in words: what the plan counts, and what the platforms will attribute."""
    if totals.attributed is None:
        return ()
    return (
        Sentence(
            "Results are incremental, by what the brief says of one attributed result: {channels}. "
            "The platforms will attribute about {mean} results ({low}–{high}) to this plan.",
            channels=tuple(one.sentence(name) for name, one in brief.incrementality.items()),
            mean=totals.attributed.mean,
            low=totals.attributed.low,
            high=totals.attributed.high,
        ),
    )
