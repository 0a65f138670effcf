"""From files to a plan in one call: the river as the commands and the pages run it, without either."""

from __future__ import annotations

from mediaplan.answering import Sources, read_sources, respond
from mediaplan.answering.settling import settled
from mediaplan.brief.briefs import Brief
from mediaplan.planning.answer.plans import Plan
from mediaplan.planning.making import plan


def answer(brief: Brief, sources: Sources = Sources(), *, engine: str = "highs") -> Plan:  # noqa: B008 - frozen
    records = read_sources(brief, sources)
    brief = settled(brief, records.history)
    return plan(brief, respond(brief, records), engine=engine)
