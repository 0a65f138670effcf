"""Briefs side by side: each with its plan, or with why there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from mediaplan.errors import MediaplanError, NoPlanError
from mediaplan.money import Money
from mediaplan.planning.answer.plans import Plan
from mediaplan.words import Sentence, Words

SCHEMA = "mediaplan/compare/1"
WORST_FIRST = (1, 3, 5, 4, 0)


@dataclass(frozen=True, eq=False)
class Alternative:
    """One of several briefs, and what came of it.

    Attributes:
        name: The brief's, or the scenario's.
        file: Where it stands, as it was given; `None` where it stands in no file.
        answer: The plan, or why there is none.
    """

    name: str
    file: str | None
    answer: Plan | MediaplanError

    @property
    def exit_code(self) -> int:
        """What `mediaplan plan` would return for it."""
        return 0 if isinstance(self.answer, Plan) else self.answer.exit_code

    def to_dict(self, language: str) -> dict[str, Any]:
        """The alternative as an item of `mediaplan/compare/1`: of plan, refusal and problems one is not null."""
        answer, words = self.answer, Words(language)
        faults = None if isinstance(answer, (Plan, NoPlanError)) else answer.to_dict(words)["problems"]
        return {
            "name": self.name,
            "file": self.file,
            "plan": answer.to_dict(language) if isinstance(answer, Plan) else None,
            "refusal": answer.to_dict(words) if isinstance(answer, NoPlanError) else None,
            "problems": faults,
        }


def plans_of(alternatives: Iterable[Alternative]) -> tuple[Plan, ...]:
    """The plans among them, in order."""
    return tuple(each.answer for each in alternatives if isinstance(each.answer, Plan))


def warnings_of(alternatives: Iterable[Alternative]) -> tuple[Sentence, ...]:
    """What must be known of them, with a plan or without; see `told_apart`."""
    return told_apart([(each.name, each.answer) for each in alternatives])


def told_apart(plans: Sequence[tuple[str | Money, Plan | MediaplanError]]) -> tuple[Sentence, ...]:
    """The warnings of several plans, those that all of them have once; of others that only their figures tell apart, one.

    Args:
        plans: Each with what it is called by; or why there is none.
    """
    count = Counter(warning for _, plan in plans for warning in dict.fromkeys(plan.warnings))
    own: dict[str, list[Sentence]] = {}
    for name, plan in plans:
        for warning in dict.fromkeys(plan.warnings):
            if count[warning] < len(plans):
                own.setdefault(warning.template, []).append(
                    Sentence("{what}: {said}", what=name, said=warning)
                )
    return (
        *(warning for warning, times in count.items() if times == len(plans)),
        *(_and_others(alike[0], len(alike) - 1) for alike in own.values()),
    )


def _and_others(said: Sentence, others: int) -> Sentence:
    if not others:
        return said
    return Sentence(
        "{said} Likewise, with figures of their own: {count} other {count:plan|plans}.",
        said=said,
        count=others,
    )


def document(alternatives: Iterable[Alternative], language: str) -> dict[str, Any]:
    """The document that `mediaplan compare --json` prints: `mediaplan/compare/1`."""
    words = Words(language)
    items = tuple(alternatives)
    return {
        "schema": SCHEMA,
        "plans": [each.to_dict(language) for each in items],
        "warnings": [words.say(warning) for warning in warnings_of(items)],
    }


def exit_code(alternatives: Iterable[Alternative]) -> int:
    """The first of 1, 3, 5, 4, 0 that occurred."""
    occurred = {3 if each.exit_code == 2 else each.exit_code for each in alternatives}
    return next((code for code in WORST_FIRST if code in occurred), 0)
