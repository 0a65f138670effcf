"""What came of one brief of many: a value that processes can hand over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Status = Literal["done", "failed", "unusable", "refused", "stopped", "interrupted"]

STATUS_OF: dict[int, Status] = {
    0: "done",
    1: "failed",
    2: "unusable",
    3: "unusable",
    4: "refused",
    5: "stopped",
    130: "interrupted",
}
"""Exit code that `mediaplan plan` would have returned -> status."""

WORST_FIRST = (130, 1, 3, 5, 4, 0)


@dataclass(frozen=True)
class Outcome:
    """One brief of a batch and what came of it.

    Attributes:
        brief: Its path below the folder that was asked for, with forward slashes.
        exit_code: What `mediaplan plan` would have returned.
        spent: Media money as exact text; `None` without a plan.
        currency: Of `spent`.
        results: Expected results; `None` without a plan.
        message: What went wrong, or the plan's warnings, in the person's language; may be empty.
        scenario: Which scenario of the brief; `None` = the brief itself.
    """

    brief: str
    exit_code: int
    spent: str | None = None
    currency: str | None = None
    results: float | None = None
    message: str = ""
    scenario: str | None = None

    @property
    def name(self) -> str:
        """The brief, and the scenario where it is one."""
        return self.brief if self.scenario is None else f"{self.brief} · {self.scenario}"

    @property
    def status(self) -> Status:
        """The exit code as a word."""
        return STATUS_OF[self.exit_code]

    def to_dict(self) -> dict[str, Any]:
        """The outcome as an item of `mediaplan/batch/1`."""
        return {
            "brief": self.brief,
            "scenario": self.scenario,
            "status": self.status,
            "exit_code": self.exit_code,
            "spent": self.spent,
            "currency": self.currency,
            "results": self.results,
            "message": self.message,
        }


def document(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """The document that `mediaplan batch --json` prints: `mediaplan/batch/1`."""
    return {"schema": "mediaplan/batch/1", "briefs": [outcome.to_dict() for outcome in outcomes]}


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """The first of 130, 1, 3, 5, 4, 0 that occurred."""
    occurred = {outcome.exit_code for outcome in outcomes}
    return next((code for code in WORST_FIRST if code in occurred), 0)
