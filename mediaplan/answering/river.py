"""From files to a plan in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mediaplan.answering.responding import respond
from mediaplan.answering.settling import settled
from mediaplan.answering.sources import Sources, read_sources

if TYPE_CHECKING:
    from mediaplan.brief.briefs import Brief
    from mediaplan.planning.answer.plans import Plan


def answer(brief: Brief, sources: Sources = Sources(), *, engine: str = "highs") -> Plan:  # noqa: B008 - frozen
    """The plan for a brief: read, fit, plan.

    Raises:
        InputError: Something can't be used as it is.
        NoPlanError: The rules can't hold together.
        StoppedError: A limit was reached before there was a plan.
    """
    from mediaplan.planning.making import plan

    records = read_sources(brief, sources)
    brief = settled(brief, records.history)
    return plan(brief, respond(brief, records), engine=engine)
