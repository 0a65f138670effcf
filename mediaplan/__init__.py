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
    from mediaplan.brief.briefs import Brief, Data
    from mediaplan.brief.goals import (
        Cautious,
        FewestShortfalls,
        LeastRegret,
        LowestCost,
        MostResults,
        MostValue,
    )
    from mediaplan.brief.reading import parse_brief, read_brief
    from mediaplan.brief.rules import (
        Blackout,
        Change,
        CostPerResult,
        EachLine,
        Excludes,
        Hold,
        LearningPhase,
        LineCount,
        Locked,
        Needs,
        NotAfter,
        NotBefore,
        PerDay,
        PostCount,
        ResultsTarget,
        Share,
        Spend,
        ValueTarget,
    )
    from mediaplan.brief.writing import brief_toml
    from mediaplan.errors import InputError, MediaplanError, NoPlanError, Problem, StoppedError, UsageError
    from mediaplan.history.reading import read_audiences, read_history, read_posts
    from mediaplan.history.records import Audiences, History, Posts
    from mediaplan.money import Money
    from mediaplan.planning.making import plan
    from mediaplan.planning.plans import Plan
    from mediaplan.report.files import write_report
    from mediaplan.response.fitting import fit
    from mediaplan.response.responses import Response
    from mediaplan.slots import Slot
    from mediaplan.words import Sentence, Words

__version__ = "0.1.0"

_ROOMS = {
    "Audiences": "history.records",
    "Blackout": "brief.rules",
    "Brief": "brief.briefs",
    "Cautious": "brief.goals",
    "Change": "brief.rules",
    "CostPerResult": "brief.rules",
    "Data": "brief.briefs",
    "EachLine": "brief.rules",
    "Excludes": "brief.rules",
    "FewestShortfalls": "brief.goals",
    "History": "history.records",
    "Hold": "brief.rules",
    "InputError": "errors",
    "LearningPhase": "brief.rules",
    "LeastRegret": "brief.goals",
    "LineCount": "brief.rules",
    "Locked": "brief.rules",
    "LowestCost": "brief.goals",
    "MediaplanError": "errors",
    "Money": "money",
    "MostResults": "brief.goals",
    "MostValue": "brief.goals",
    "Needs": "brief.rules",
    "NoPlanError": "errors",
    "NotAfter": "brief.rules",
    "NotBefore": "brief.rules",
    "PerDay": "brief.rules",
    "Plan": "planning.plans",
    "PostCount": "brief.rules",
    "Posts": "history.records",
    "Problem": "errors",
    "Response": "response.responses",
    "ResultsTarget": "brief.rules",
    "Sentence": "words",
    "Share": "brief.rules",
    "Slot": "slots",
    "Spend": "brief.rules",
    "StoppedError": "errors",
    "UsageError": "errors",
    "ValueTarget": "brief.rules",
    "Words": "words",
    "brief_toml": "brief.writing",
    "fit": "response.fitting",
    "parse_brief": "brief.reading",
    "plan": "planning.making",
    "read_audiences": "history.reading",
    "read_brief": "brief.reading",
    "read_history": "history.reading",
    "read_posts": "history.reading",
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
    "EachLine",
    "Excludes",
    "FewestShortfalls",
    "History",
    "Hold",
    "InputError",
    "LearningPhase",
    "LeastRegret",
    "LineCount",
    "Locked",
    "LowestCost",
    "MediaplanError",
    "Money",
    "MostResults",
    "MostValue",
    "Needs",
    "NoPlanError",
    "NotAfter",
    "NotBefore",
    "PerDay",
    "Plan",
    "PostCount",
    "Posts",
    "Problem",
    "Response",
    "ResultsTarget",
    "Sentence",
    "Share",
    "Slot",
    "Spend",
    "StoppedError",
    "UsageError",
    "ValueTarget",
    "Words",
    "brief_toml",
    "fit",
    "parse_brief",
    "plan",
    "read_audiences",
    "read_brief",
    "read_history",
    "read_posts",
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
