"""Which posts to boost, when, for whom, on which channel, with how much money, and what to expect of it.

    history = mp.read_history("history.csv")
    response = mp.fit(history)
    plan = mp.plan(mp.read_brief("brief.toml"), response)

Names are imported when they are first used, so that `import mediaplan` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mediaplan.answering.waiting import frontier, plan
    from mediaplan.brief.briefs import Brief, Data
    from mediaplan.brief.goals import (
        Cautious,
        FewestShortfalls,
        LeastRegret,
        LowestCost,
        MostResults,
        MostValue,
    )
    from mediaplan.brief.incrementality import Incrementality
    from mediaplan.brief.reading import parse_brief, read_brief
    from mediaplan.brief.rules import (
        Blackout,
        Change,
        CostPerResult,
        EachLine,
        Excludes,
        Frequency,
        Hold,
        LearningPhase,
        LineCount,
        Locked,
        Needs,
        NotAfter,
        NotBefore,
        PerDay,
        PostCount,
        Ratio,
        ReachTarget,
        Resource,
        ResultsTarget,
        Share,
        Spend,
        Units,
        ValueTarget,
    )
    from mediaplan.brief.scenarios import scenarios_of
    from mediaplan.brief.side_by_side import PostTest
    from mediaplan.brief.writing import brief_toml
    from mediaplan.errors import InputError, MediaplanError, NoPlanError, Problem, StoppedError, UsageError
    from mediaplan.history.reading.ratecards import Rates, read_rates
    from mediaplan.history.reading.reading import read_audiences, read_history, read_posts
    from mediaplan.history.records.records import Audiences, History, Posts
    from mediaplan.learning.correcting import trusted, widened
    from mediaplan.learning.ledger import Ledger, LedgerEntry
    from mediaplan.learning.reading import read_ledger
    from mediaplan.learning.verdicts import verdict
    from mediaplan.money import Money
    from mediaplan.planning.answer.plans import Plan
    from mediaplan.planning.patience import Progress
    from mediaplan.planning.replanning.explaining import explain, instead
    from mediaplan.planning.replanning.frontier import Frontier
    from mediaplan.planning.replanning.near_ties import NearTies, near_ties
    from mediaplan.planning.replanning.simplifying import Simplified, fewest_lines
    from mediaplan.report.files import write_report
    from mediaplan.response.diagnosis.diagnoses import Diagnosis
    from mediaplan.response.diagnosis.diagnosing import diagnose
    from mediaplan.response.diagnosis.preferring import Preference, prefers
    from mediaplan.response.fitting import fit
    from mediaplan.response.given.judgements import Judgement
    from mediaplan.response.given.judging import guess, judged
    from mediaplan.response.given.rating import from_rates, rated
    from mediaplan.response.responses import Response
    from mediaplan.slots import Slot
    from mediaplan.words import Sentence, Words

__version__ = "0.1.0"

_ROOMS = {
    "Audiences": "history.records.records",
    "Blackout": "brief.rules",
    "Brief": "brief.briefs",
    "Cautious": "brief.goals",
    "Change": "brief.rules",
    "CostPerResult": "brief.rules",
    "Data": "brief.briefs",
    "Diagnosis": "response.diagnosis.diagnoses",
    "EachLine": "brief.rules",
    "Excludes": "brief.rules",
    "FewestShortfalls": "brief.goals",
    "Frequency": "brief.rules",
    "Frontier": "planning.replanning.frontier",
    "History": "history.records.records",
    "Hold": "brief.rules",
    "Incrementality": "brief.incrementality",
    "InputError": "errors",
    "Judgement": "response.given.judgements",
    "LearningPhase": "brief.rules",
    "LeastRegret": "brief.goals",
    "Ledger": "learning.ledger",
    "LedgerEntry": "learning.ledger",
    "LineCount": "brief.rules",
    "Locked": "brief.rules",
    "LowestCost": "brief.goals",
    "MediaplanError": "errors",
    "Money": "money",
    "MostResults": "brief.goals",
    "MostValue": "brief.goals",
    "NearTies": "planning.replanning.near_ties",
    "Needs": "brief.rules",
    "NoPlanError": "errors",
    "NotAfter": "brief.rules",
    "NotBefore": "brief.rules",
    "PerDay": "brief.rules",
    "Plan": "planning.answer.plans",
    "PostCount": "brief.rules",
    "PostTest": "brief.side_by_side",
    "Posts": "history.records.records",
    "Preference": "response.diagnosis.preferring",
    "Problem": "errors",
    "Progress": "planning.patience",
    "Rates": "history.reading.ratecards",
    "Ratio": "brief.rules",
    "ReachTarget": "brief.rules",
    "Resource": "brief.rules",
    "Response": "response.responses",
    "ResultsTarget": "brief.rules",
    "Sentence": "words",
    "Share": "brief.rules",
    "Simplified": "planning.replanning.simplifying",
    "Slot": "slots",
    "Spend": "brief.rules",
    "StoppedError": "errors",
    "Units": "brief.rules",
    "UsageError": "errors",
    "ValueTarget": "brief.rules",
    "Words": "words",
    "brief_toml": "brief.writing",
    "diagnose": "response.diagnosis.diagnosing",
    "explain": "planning.replanning.explaining",
    "fewest_lines": "planning.replanning.simplifying",
    "fit": "response.fitting",
    "from_rates": "response.given.rating",
    "frontier": "answering.waiting",
    "guess": "response.given.judging",
    "instead": "planning.replanning.explaining",
    "judged": "response.given.judging",
    "near_ties": "planning.replanning.near_ties",
    "parse_brief": "brief.reading",
    "plan": "answering.waiting",
    "prefers": "response.diagnosis.preferring",
    "rated": "response.given.rating",
    "read_audiences": "history.reading.reading",
    "read_brief": "brief.reading",
    "read_history": "history.reading.reading",
    "read_ledger": "learning.reading",
    "read_posts": "history.reading.reading",
    "read_rates": "history.reading.ratecards",
    "scenarios_of": "brief.scenarios",
    "trusted": "learning.correcting",
    "verdict": "learning.verdicts",
    "widened": "learning.correcting",
    "write_report": "report.files",
}
"""Public name -> module that holds it."""

__all__ = [
    "Audiences",
    "Blackout",
    "Brief",
    "Cautious",
    "Change",
    "CostPerResult",
    "Data",
    "Diagnosis",
    "EachLine",
    "Excludes",
    "FewestShortfalls",
    "Frequency",
    "Frontier",
    "History",
    "Hold",
    "Incrementality",
    "InputError",
    "Judgement",
    "LearningPhase",
    "LeastRegret",
    "Ledger",
    "LedgerEntry",
    "LineCount",
    "Locked",
    "LowestCost",
    "MediaplanError",
    "Money",
    "MostResults",
    "MostValue",
    "NearTies",
    "Needs",
    "NoPlanError",
    "NotAfter",
    "NotBefore",
    "PerDay",
    "Plan",
    "PostCount",
    "PostTest",
    "Posts",
    "Preference",
    "Problem",
    "Progress",
    "Rates",
    "Ratio",
    "ReachTarget",
    "Resource",
    "Response",
    "ResultsTarget",
    "Sentence",
    "Share",
    "Simplified",
    "Slot",
    "Spend",
    "StoppedError",
    "Units",
    "UsageError",
    "ValueTarget",
    "Words",
    "brief_toml",
    "diagnose",
    "explain",
    "fewest_lines",
    "fit",
    "from_rates",
    "frontier",
    "guess",
    "instead",
    "judged",
    "near_ties",
    "parse_brief",
    "plan",
    "prefers",
    "rated",
    "read_audiences",
    "read_brief",
    "read_history",
    "read_ledger",
    "read_posts",
    "read_rates",
    "scenarios_of",
    "trusted",
    "verdict",
    "widened",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module 'mediaplan' has no attribute {name!r}")
    value = getattr(import_module(f"mediaplan.{_ROOMS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
