"""Several tables about the same money: recognised by period and totals, and never added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from mediaplan.errors import Problem
from mediaplan.history.records import DIMENSIONS
from mediaplan.words import Sentence

TOLERANCE = 1e-3
"""Relative difference up to which two totals of spend are the same money."""


@dataclass(frozen=True, eq=False)
class View:
    """One source's rows, in the brief's currency.

    Attributes:
        name: The file's name, or its place among the sources.
        rows: As `History.rows`.
        content: The file's bytes; b"" for a DataFrame.
    """

    name: str
    rows: pd.DataFrame
    content: bytes

    @property
    def breakdown(self) -> frozenset[str]:
        """What the money is broken down by."""
        return frozenset(d for d in (*DIMENSIONS, "hour") if self.rows[d].notna().any())

    @property
    def period(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """First and last day."""
        ends = self.rows["date"] + pd.to_timedelta(self.rows["days"] - 1, unit="D")
        return self.rows["date"].min(), ends.max()


def repeated(views: Sequence[View]) -> list[Problem]:
    """A fault for every source that is the same as one before it."""
    problems = []
    for at, view in enumerate(views):
        twin = next((other for other in views[:at] if _identical(view, other)), None)
        if twin is not None:
            problems.append(
                Problem(
                    Sentence("this holds exactly what “{other}” holds.", other=twin.name),
                    Sentence("Give it once, or the same money would count twice."),
                    file=view.name,
                )
            )
    return problems


def _identical(one: View, other: View) -> bool:
    if one.content and one.content == other.content:
        return True
    if one.rows.shape != other.rows.shape or set(one.rows) != set(other.rows):
        return False
    columns = list(one.rows)
    hashed = [
        pd.util.hash_pandas_object(rows[columns], index=False).sort_values().to_numpy()
        for rows in (one.rows, other.rows)
    ]
    return bool((hashed[0] == hashed[1]).all())


def distinct(views: Sequence[View]) -> tuple[list[View], tuple[Sentence, ...]]:
    """The views that are to be added up, each money once, and a warning for every money with several views.

    Of views of the same money the one with the finest breakdown is kept: most dimensions, then most rows.
    """
    groups: list[list[View]] = []
    for view in views:
        home = next((group for group in groups if any(_same_money(view, other) for other in group)), None)
        if home is None:
            groups.append([view])
        else:
            home.append(view)
    kept, warnings = [], []
    for group in groups:
        best = max(group, key=lambda view: (len(view.breakdown), len(view.rows)))
        kept.append(best)
        if len(group) > 1:
            warnings.append(
                Sentence(
                    "{files} break down the same money in different ways: they were not added up, "
                    "and “{kept}”, the finest, teaches what money buys.",
                    files=tuple(view.name for view in group),
                    kept=best.name,
                )
            )
    return kept, tuple(warnings)


def _same_money(one: View, other: View) -> bool:
    """Whether two views differ in breakdown only: same period and total, names in common where both name."""
    spend, again = float(one.rows["spend"].sum()), float(other.rows["spend"].sum())
    if (
        max(spend, again) <= 0
        or abs(spend - again) > TOLERANCE * max(spend, again)
        or one.period != other.period
    ):
        return False
    if one.breakdown == other.breakdown and _grain(one) == _grain(other):
        return False
    shared = one.breakdown & other.breakdown - {"hour"}
    return all(set(one.rows[d].dropna()) & set(other.rows[d].dropna()) for d in shared)


def _grain(view: View) -> int:
    """Days that a row covers as a rule."""
    return int(view.rows["days"].median())
