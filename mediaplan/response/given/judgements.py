"""A judgement: what somebody expects of money where no history says anything, in answer to three plain questions.

    What would this money bring there? What would half of it bring? And twice as much?

Source:
    The questions of Little, "Models and managers: the concept of a decision calculus", Management Science 1970
    (ADBUDG), here for the hyperbola of response/curves.py.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass, fields
from typing import Any

from mediaplan.errors import InputError, Problem
from mediaplan.response.estimating.saturation import USUAL
from mediaplan.stated import numbered, record_of
from mediaplan.words import Sentence

PICKS = ("post", "channel", "audience", "slot", "format", "topic")
DOUBT = 0.4
"""Standard deviation of the logarithm of what is judged: simple estimates err by 30 to 60 % (Gordon et al., 2023)."""
LEAST_BEND, MOST_BEND = 0.02, 50.0
LARGEST = 1e12


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What somebody expects of money on some lines together.

    Attributes:
        spend: Money on all of them together, spread evenly, major units of the brief's currency.
        results: Expected of it.
        at_half, at_double: Expected of half and of twice as much; `None` = not asked.
        type: Kind of result; `None` = the only one that counts.
        days: Over which the money runs; `None` = the flight's.
        post, channel, audience, slot, format, topic: Which lines: a name or several; a channel picks its placements.

    Raises:
        InputError: All that is wrong with it, answers that contradict each other too.
    """

    spend: float
    results: float
    at_half: float | None = None
    at_double: float | None = None
    type: str | None = None
    days: int | None = None
    post: Any = ()
    channel: Any = ()
    audience: Any = ()
    slot: Any = ()
    format: Any = ()
    topic: Any = ()

    def __post_init__(self) -> None:
        problems = [*self._named(), *self._figures()]
        problems = problems or self._contradictions()
        if problems:
            raise InputError(*problems)

    def _named(self) -> list[Problem]:
        problems = []
        for pick in PICKS:
            given = getattr(self, pick)
            names = (given,) if isinstance(given, str) else tuple(given or ()) if _is_list(given) else None
            if names is None or not all(isinstance(name, str) and name.strip() for name in names):
                message = Sentence("{key} is “{value}”.", key=pick, value=str(given))
                remedy = Sentence("Give a name in quotes, or a list of names.")
                problems.append(Problem(message, remedy, column=pick, value=str(given)))
                continue
            object.__setattr__(self, pick, tuple(unicodedata.normalize("NFC", n).strip() for n in names))
        if self.type is not None and not isinstance(self.type, str):
            message = Sentence("{key} is “{value}”.", key="type", value=str(self.type))
            remedy = Sentence("Name one kind of result, such as {example}.", example='type = "lead"')
            problems.append(Problem(message, remedy, column="type", value=str(self.type)))
        return problems

    def _figures(self) -> list[Problem]:
        stated = {key: getattr(self, key) for key in ("spend", "results", "at_half", "at_double")}
        found = [
            _no_figure(key, given)
            for key, given in stated.items()
            if not (given is None and key.startswith("at_")) and not _is_figure(given)
        ]
        if self.days is not None and (not _is_figure(self.days) or self.days != int(self.days)):
            message = Sentence("{value} is no number of days.", value=str(self.days))
            remedy = Sentence("Give a whole number from 1.")
            found.append(Problem(message, remedy, column="days", value=str(self.days)))
        return found

    def _contradictions(self) -> list[Problem]:
        found = []
        y, half, double = self.results, self.at_half, self.at_double
        if half is not None and not y / 2 <= half <= y:
            message = Sentence(
                "half of the money brings {half} results and all of it {results}.", half=half, results=y
            )
            remedy = Sentence(
                "Results grow with money, and ever more slowly: give from {least} to {most}.",
                least=y / 2,
                most=y,
            )
            found.append(Problem(message, remedy, column="at_half", value=str(half)))
        if double is not None and not y <= double <= 2 * y:
            message = Sentence(
                "twice the money brings {double} results and the money itself {results}.",
                double=double,
                results=y,
            )
            remedy = Sentence(
                "Results grow with money, and ever more slowly: give from {least} to {most}.",
                least=y,
                most=2 * y,
            )
            found.append(Problem(message, remedy, column="at_double", value=str(double)))
        return found

    @property
    def picks(self) -> dict[str, tuple[str, ...]]:
        """The names it picks lines by, for each dimension that it names."""
        return {pick: names for pick in PICKS if (names := getattr(self, pick))}

    @property
    def bends(self) -> tuple[float, ...]:
        """Money over its scale, u = spend / scale, by each answer that was given.

        On `r · x / (1 + x / scale)` half of the money brings (1 + u) / (2 + u) of the results, and twice as much
        2 (1 + u) / (1 + 2u).
        """
        found = []
        if self.at_half is not None:
            part = self.at_half / self.results
            found.append((2 * part - 1) / max(1 - part, 1e-9))
        if self.at_double is not None:
            more = self.at_double / self.results
            found.append((2 - more) / max(2 * more - 2, 1e-9))
        return tuple(min(max(u, LEAST_BEND), MOST_BEND) for u in found)

    @property
    def bend(self) -> tuple[float, float]:
        """Money over its scale by all answers together (the usual one without any), and the doubt of its logarithm."""
        logs = [math.log(u) for u in self.bends]
        if not logs:
            return USUAL, 0.8
        if len(logs) == 1:
            return math.exp(logs[0]), 0.5
        return math.exp(sum(logs) / 2), max(0.3, abs(logs[0] - logs[1]) / 2)

    def subject(self) -> Sentence:
        """The lines as people say them."""
        names = " × ".join(", ".join(each) for each in self.picks.values())
        return Sentence("{names}", names=names) if names else Sentence("all lines")

    def to_dict(self) -> dict[str, Any]:
        """As a table of a brief: only what is said."""
        table = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if value not in (None, ()):
                one = isinstance(value, tuple) and len(value) == 1
                table[item.name] = value[0] if one else list(value) if isinstance(value, tuple) else value
        return table


def judgements_of(given: Any) -> tuple[Judgement, ...]:
    """The judgements of a brief.

    Args:
        given: `Judgement` values, or tables with their attributes.

    Raises:
        InputError: All that is wrong with all of them, each with its number.
    """
    return numbered(given or (), "judgement", _judgement)


def _judgement(given: Any) -> Judgement:
    if isinstance(given, Judgement):
        return given
    example = "spend = 100, results = 12"
    remedy = Sentence("Say what the money is and what it brings: {example}.", example=example)
    return record_of(Judgement, given, ("spend", "results"), remedy)


def _is_list(given: Any) -> bool:
    return given is None or isinstance(given, (list, tuple, set, frozenset))


def _is_figure(given: Any) -> bool:
    return not isinstance(given, bool) and isinstance(given, (int, float)) and 0 < given <= LARGEST


def _no_figure(key: str, given: Any) -> Problem:
    return Problem(
        Sentence("{key} is “{value}”.", key=key, value=str(given)),
        Sentence("Give a number above 0; 0.5 results are one in every second case."),
        column=key,
        value=str(given),
    )
