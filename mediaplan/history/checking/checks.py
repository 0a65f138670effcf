"""What was read of each file, and of all of them together: the records that `mediaplan check` says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mediaplan.errors import Problem
from mediaplan.history.checking.previews import Names
from mediaplan.words import Sentence, Words


@dataclass(frozen=True, eq=False)
class Figures:
    """Money and counts of some rows.

    Attributes:
        first, last: First and last day; `None` where nothing tells.
        spend: By currency ("" where nothing tells it), as text with its digits.
        counts: `impressions`, `clicks`; `None` where no row reports them.
        results: By kind.
    """

    first: date | None = None
    last: date | None = None
    spend: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, float | None] = field(
        default_factory=lambda: dict.fromkeys(("impressions", "clicks"))
    )
    results: Mapping[str, float] = field(default_factory=dict)

    @property
    def currency(self) -> str | None:
        """The only currency, if there is one and it is known."""
        return next(iter(self.spend)) or None if len(self.spend) == 1 else None

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it: money as text, several currencies never as one sum."""
        return {
            "currency": self.currency,
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "spend": next(iter(self.spend.values())) if len(self.spend) == 1 else None,
            **{name: _number(count) for name, count in self.counts.items()},
            "results": {kind: _number(count) for kind, count in self.results.items()},
        }


@dataclass(frozen=True, eq=False)
class Checked:
    """What was read of one file.

    Attributes:
        file: Its name.
        kind: `history`, `posts`, `audiences`, `brief`, or "" where it is none of these.
        platform: Whose export it is, as documents say it; `None` where it is nobody's.
        title: The same as people say it.
        language: Of the columns' names.
        encoding: Of a text file.
        rows: Rows that count.
        dropped: Rows that only repeat others.
        figures: Their money and counts.
        dimensions: What the money is broken down by.
        problems: What is wrong, each with what to do.
        warnings: What deserves a word: which rows were left out and why, what was worked out.
        usable: Whether it can be read, if perhaps something is still to be said about it.
        names: Of the posts, audiences or slots that it lists.
    """

    file: str
    kind: str = ""
    platform: str | None = None
    title: str | None = None
    language: str | None = None
    encoding: str | None = None
    rows: int = 0
    dropped: int = 0
    figures: Figures = field(default_factory=Figures)
    dimensions: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Sentence, ...] = ()
    usable: bool = True
    names: tuple[str, ...] = ()

    def to_dict(self, words: Words) -> dict[str, Any]:
        """One item of `files`."""
        figures = self.figures.to_dict()
        return {
            "file": self.file,
            "platform": self.platform,
            "kind": self.kind or None,
            "language": self.language,
            "encoding": self.encoding,
            "currency": figures.pop("currency"),
            "first": figures.pop("first"),
            "last": figures.pop("last"),
            "rows": self.rows,
            "dropped": self.dropped,
            **figures,
            "dimensions": list(self.dimensions),
            "problems": [problem.to_dict(words) for problem in self.problems],
            "warnings": [words.say(warning) for warning in self.warnings],
        }


@dataclass(frozen=True)
class Overlap:
    """Files that tell of the same money.

    Attributes:
        files: Their names.
        said: How they are counted.
    """

    files: tuple[str, ...]
    said: Sentence


@dataclass(frozen=True, eq=False)
class Check:
    """What was read of several files.

    Attributes:
        files: One each, in the order given.
        overlaps: Files about the same money.
        totals: All money once.
        names: What rules for names do to the files, or would do; `None` where there are none.
    """

    files: tuple[Checked, ...]
    overlaps: tuple[Overlap, ...]
    totals: Figures
    names: Names | None = None

    @property
    def refused(self) -> tuple[Problem, ...]:
        """What keeps files from being read."""
        return tuple(problem for file in self.files if not file.usable for problem in file.problems)

    def to_dict(self, words: Words) -> dict[str, Any]:
        """The document `mediaplan/check/1`."""
        totals = self.totals.to_dict()
        return {
            "schema": "mediaplan/check/1",
            "files": [file.to_dict(words) for file in self.files],
            "overlaps": [
                {"files": list(overlap.files), "message": words.say(overlap.said)}
                for overlap in self.overlaps
            ],
            "names": None if self.names is None else self.names.to_dict(),
            "totals": totals
            | {"by_currency": {code: text for code, text in self.totals.spend.items() if code}},
        }


def _number(count: float | None) -> float | int | None:
    return int(count) if count is not None and count == int(count) else count
