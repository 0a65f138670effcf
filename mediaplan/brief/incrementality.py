"""What part of the results that a platform attributes to its money would not have come without it, as the user states.

No history tells that: it takes an experiment (a lift test, regions without money), or a judgement.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mediaplan.brief.rates import attempt, refusal
from mediaplan.errors import InputError, Problem, nearest
from mediaplan.words import Percent, Sentence

MOST = 10.0
"""Incremental results for one attributed that nobody measures more of."""
KEYS = ("value", "low", "high")
EIGHTY = 1.2815515655446004
"""Standard deviations from the middle of a normal to the ends of its 80 % range."""


@dataclass(frozen=True)
class Incrementality:
    """Incremental results for one attributed result on a channel.

    Attributes:
        value: Expectation.
        low, high: Range that holds the truth in 80 % of cases; `None` = `value`: it is taken for sure.

    Raises:
        InputError: A number that is none, not above 0, above 10, or a range that does not hold the value.
    """

    value: float
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        stated = {key: getattr(self, key) for key in KEYS if getattr(self, key) is not None or key == "value"}
        problems = [_no_part(key, given) for key, given in stated.items() if not _is_part(given)]
        if not problems and not (self._low <= self.value <= self._high):
            message = Sentence(
                "{low} to {high} does not hold {value}.", low=self._low, high=self._high, value=self.value
            )
            problems.append(
                Problem(message, Sentence("Write low ≤ value ≤ high."), column="value", value=str(self.value))
            )
        if problems:
            raise InputError(*problems)

    @property
    def _low(self) -> float:
        return self.value if self.low is None else self.low

    @property
    def _high(self) -> float:
        return self.value if self.high is None else self.high

    @property
    def spread(self) -> float:
        """Standard deviation of the logarithm whose 80 % range is as wide as `low` to `high`."""
        return math.log(self._high / self._low) / (2.0 * EIGHTY)

    def sentence(self, channel: str) -> Sentence:
        """The multiplier as people say it."""
        return Sentence(
            "{channel} {value} ({low}–{high})",
            channel=channel,
            value=Percent(self.value),
            low=Percent(self._low),
            high=Percent(self._high),
        )

    def to_dict(self) -> dict[str, float]:
        """As a table of a brief."""
        return {key: getattr(self, key) for key in KEYS if getattr(self, key) is not None}


def incrementality_of(given: Any) -> dict[str, Incrementality]:
    """The multipliers by channel.

    Args:
        given: Channel -> `Incrementality`, or a table with `value`, `low` and `high`.

    Raises:
        InputError: All that is wrong with them.
    """
    if given is None:
        return {}
    example = "facebook = { value = 0.6, low = 0.4, high = 0.8 }"
    if not isinstance(given, Mapping):
        message = Sentence("“{value}” is no table of multipliers.", value=str(given))
        raise refusal(message, Sentence("Write {example}.", example=example), "incrementality", given)
    problems: list[Problem] = []
    read = {str(name).strip(): attempt(problems, _one, name, table, example) for name, table in given.items()}
    if problems:
        raise InputError(*problems)
    return read


def _one(channel: Any, given: Any, example: str) -> Incrementality:
    place = f"incrementality.{channel}"
    if isinstance(given, Incrementality):
        return given
    if not isinstance(given, Mapping) or "value" not in given:
        message = Sentence("“{value}” is no multiplier with its range.", value=str(given))
        raise refusal(message, Sentence("Write {example}.", example=example), place, given)
    problems = [
        Problem(
            Sentence("unknown key “{key}”.", key=str(key)), nearest(str(key), KEYS), column=f"{place}.{key}"
        )
        for key in given
        if key not in KEYS
    ]
    if problems:
        raise InputError(*problems)
    try:
        return Incrementality(**given)
    except InputError as error:
        raise InputError(*(p.at(column=f"{place}.{p.column}") for p in error.problems)) from None


def _is_part(given: Any) -> bool:
    return not isinstance(given, bool) and isinstance(given, (int, float)) and 0 < given <= MOST


def _no_part(key: str, given: Any) -> Problem:
    return Problem(
        Sentence("{value} is no number of incremental results for one attributed.", value=str(given)),
        Sentence("Give a number above 0 and up to {most}: 0.6 says that six of ten came by it.", most=MOST),
        column=key,
        value=str(given),
    )
