"""Looking back: would mediaplan's choices have been better in weeks that are over, and are its intervals honest?

    History → origins (what was known before each week) → foreseen → honesty, choices → Backtest

It judges what the platforms attributed to lines that were really bought. It can't say what lines that nobody bought
would have brought, nor what would have come without any money.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mediaplan.history.records.records import Audiences, History, Posts
from mediaplan.money import Money, decimals
from mediaplan.one_thread import on_one_thread
from mediaplan.response.looking_back.choosing import LEVEL, Choice, choices
from mediaplan.response.looking_back.foreseen import Foreseen, Measure, foresee
from mediaplan.response.looking_back.honesty import LEVELS, Coverage, Promise, Total, coverage, promise, total
from mediaplan.response.looking_back.origins import ENOUGH_PAST, MOST_WEEKS, origins
from mediaplan.slots import Slots
from mediaplan.words import Sentence, Words


@dataclass(frozen=True)
class Judgement:
    """One measure of success, all weeks together.

    Attributes:
        measure: What counts.
        weeks: Each week in all, the earliest first.
        coverage: How often intervals held.
        promise: Promised against delivered.
        choices: What each way of planning would have brought.
    """

    measure: Measure
    weeks: tuple[Total, ...]
    coverage: Coverage
    promise: Promise
    choices: tuple[Choice, ...]

    def choice(self, method: str, share: float) -> Choice | None:
        """What that method would have brought with that share; `None` where the data do not allow it."""
        found = (c for c in self.choices if (c.method, c.share) == (method, share))
        return next(found, None)


@dataclass(frozen=True)
class Backtest:
    """What looking back tells.

    Attributes:
        currency: ISO 4217 code of all money.
        judgements: One for each measure.
        warnings: What deserves a word.
        history_digest: Of the history looked back on.
        seed: Of all random numbers.
    """

    currency: str
    judgements: tuple[Judgement, ...]
    warnings: tuple[Sentence, ...]
    history_digest: str
    seed: int

    def to_dict(self, words: Words) -> dict[str, Any]:
        """The document `mediaplan/backtest/1`: money as text, all else numbers, undefined = `None`."""
        return {
            "schema": "mediaplan/backtest/1",
            "currency": self.currency,
            "measures": [self._judged(judgement) for judgement in self.judgements],
            "warnings": [words.say(warning) for warning in self.warnings],
            "source": {"history_digest": self.history_digest, "seed": self.seed},
        }

    def money(self, amount: float) -> Money:
        """The amount in major units as money of the history."""
        return _money(amount, self.currency)

    def _judged(self, judgement: Judgement) -> dict[str, Any]:
        held, promised = judgement.coverage, judgement.promise
        return {
            "measure": judgement.measure.name,
            "kinds": list(judgement.measure.kinds),
            "is_value": judgement.measure.is_value,
            "weeks": [self._week(week) for week in judgement.weeks],
            "coverage": {
                "weeks": _by_level(held.of_weeks),
                "lines": _by_level(held.of_lines),
                "lines_judged": held.lines,
                "likely": held.likely,
                "too_narrow": held.too_narrow,
            },
            "promise": {
                "promised": promised.promised,
                "delivered": promised.delivered,
                "bias": promised.bias,
                "factor": promised.factor,
                "tau": promised.spread,
                "wider": promised.wider,
                "applied": False,
            },
            "choices": [self._choice(choice) for choice in judgement.choices],
        }

    def _week(self, week: Total) -> dict[str, Any]:
        return {
            "start": week.start.isoformat(),
            "end": week.end.isoformat(),
            "past_weeks": week.past_weeks,
            "lines": week.lines,
            "spent": self.money(week.spend).text,
            "expected": week.expected,
            "actual": week.actual,
            "intervals": {str(level): list(each) for level, each in zip(LEVELS, week.intervals, strict=True)},
            "held": {str(level): week.held(level) for level in LEVELS},
        }

    def _choice(self, choice: Choice) -> dict[str, Any]:
        against = choice.against
        return {
            "method": choice.method,
            "share": choice.share,
            "money": self.money(choice.money).text,
            "promised": _number(choice.promised),
            "brought": choice.brought,
            "mediaplan_against_it": {
                "ratio": _number(against.mean),
                "low": _number(against.low),
                "high": _number(against.high),
                "level": LEVEL,
                "verdict": against.verdict,
            },
        }


@on_one_thread
def backtest(
    history: History,
    *,
    posts: Posts | None = None,
    audiences: Audiences | None = None,
    slots: Slots = Slots(),  # noqa: B008 - frozen and empty
    measures: tuple[Measure, ...] = (),
    as_of: date | None = None,
    seed: int = 1,
) -> Backtest:
    """Foretell each of the last weeks from what was known before it, and compare with what came.

    Args:
        history: What was spent and what came of it.
        posts: As for the fit; organic figures are those of today.
        audiences: As for the fit.
        slots: The brief's named slots; empty = the slots of the history count.
        measures: What counts as success; default: each kind of result of the history by itself.
        as_of: Day up to which results were counted; default: the last day of the history.
        seed: Of all random numbers.

    Raises:
        InputError: A kind is not in the history, or there are fewer than two weeks with money and results.
    """
    asked = measures or tuple(Measure(kind, (kind,)) for kind in history.kinds)
    found = origins(history, slots, [measure.kinds for measure in asked], as_of)
    weeks = [
        foresee(origin, asked, posts=posts, audiences=audiences, slots=slots, seed=seed) for origin in found
    ]
    judged, unknown = [], []
    for measure, each in zip(asked, zip(*weeks, strict=True), strict=True):
        bought = tuple(week for week in each if len(week))
        if bought:
            judged.append(_judgement(measure, bought, seed))
        unknown.append(sum(week.unknown for week in each))
    few = _few(len(found), min(origin.past_weeks for origin in found))
    left = tuple(
        _left_out(measure, _money(amount, history.currency))
        for measure, amount in zip(asked, unknown, strict=True)
        if amount > 0
    )
    warnings = (*history.warnings, *few, *left)
    return Backtest(history.currency, tuple(judged), warnings, history.digest, seed)


def _judgement(measure: Measure, weeks: tuple[Foreseen, ...], seed: int) -> Judgement:
    return Judgement(
        measure,
        tuple(total(week) for week in weeks),
        coverage(weeks),
        promise(weeks),
        choices(weeks, seed),
    )


def _few(weeks: int, past_weeks: int) -> tuple[Sentence, ...]:
    if weeks >= MOST_WEEKS and past_weeks >= ENOUGH_PAST:
        return ()
    return (
        Sentence(
            "This rests on little: weeks looked back on: {weeks}, weeks before the first of them: {past}. "
            "It may all be chance.",
            weeks=weeks,
            past=past_weeks,
        ),
    )


def _left_out(measure: Measure, amount: Money) -> Sentence:
    return Sentence(
        "Not looked back on for “{measure}”: {amount} whose results are not told.",
        measure=measure.name,
        amount=amount,
    )


def _money(amount: float, currency: str) -> Money:
    return Money(round(amount * 10 ** decimals(currency)), currency)


def _by_level(shares: tuple[float, ...]) -> Mapping[str, float]:
    return {str(level): share for level, share in zip(LEVELS, shares, strict=True)}


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
