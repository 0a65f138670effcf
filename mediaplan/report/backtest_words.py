"""What looking back tells, in sentences that are the same on the terminal and in the browser."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

from mediaplan.history.columns.kinds import kind_said
from mediaplan.report.figures import UNDEFINED, Figures
from mediaplan.response.looking_back.backtest import Backtest, Judgement
from mediaplan.response.looking_back.choosing import LEVEL, Choice
from mediaplan.response.looking_back.honesty import LEVELS, Total
from mediaplan.slots import LONGEST, Flight
from mediaplan.words import Percent, Sentence, Words

HALF = 0.5
QUARTER = 0.25
"""Parts of the money whose choice is shown; the first one is judged."""

NEGLIGIBLE = 0.03
"""Bias of promises that is not worth a word."""

METHODS: Mapping[str, Sentence] = {
    "mediaplan": Sentence("mediaplan"),
    "naive": Sentence("average cost per result"),
    "engagement": Sentence("best organic engagement rate"),
    "equal": Sentence("the same amount for each line"),
    "did": Sentence("what you did"),
}

VERDICTS: Mapping[str, Sentence] = {
    "better": Sentence("better"),
    "worse": Sentence("worse"),
    "open": Sentence("not sure"),
}

EXPLAINED = Sentence(
    "Each week is foretold from what was known before it began, then compared with what the platforms counted."
)

LIMITS = (
    Sentence("Results are those that the platforms attribute, not those that the money caused."),
    Sentence(
        "Only lines that were bought can be judged, with the amounts they had: what others would have brought, nobody "
        "knows."
    ),
    Sentence(
        "A line bought in part counts with that part of its results. Organic figures of posts are today’s, not those "
        "of that week."
    ),
)


def success(judgement: Judgement) -> Sentence:
    """What is counted, with its article."""
    return Sentence("the value") if judgement.measure.is_value else Sentence("the results")


def measure_name(judgement: Judgement) -> str | Sentence:
    """What the measure is called."""
    return Sentence("Value") if judgement.measure.is_value else kind_said(judgement.measure.name)


def verdict(judgement: Judgement) -> Sentence:
    """Whether its choice would have been better than what was done."""
    did = judgement.choice("did", HALF)
    assert did is not None
    against = did.against
    fields = {
        "times": against.mean,
        "success": success(judgement),
        "level": Percent(LEVEL),
        "low": against.low,
        "high": against.high,
    }
    if not math.isfinite(against.mean):
        return Sentence("Nothing came of the money of these weeks: there is nothing to compare.")
    if all(week.lines <= 1 for week in judgement.weeks):
        return Sentence("One line at a time had money: there was nothing to choose between.")
    if against.verdict == "better":
        return Sentence(
            "Yes: half of the money, on the lines that mediaplan ranked first, brought {times} times {success} per "
            "money of what you did ({level} interval: {low} to {high}).",
            **fields,
        )
    if against.verdict == "worse":
        return Sentence(
            "No: half of the money, on the lines that mediaplan ranked first, brought only {times} times {success} "
            "per money of what you did ({level} interval: {low} to {high}). Do not rely on its choices here.",
            **fields,
        )
    return Sentence(
        "Not enough evidence: half of the money, on the lines that mediaplan ranked first, brought {times} times "
        "{success} per money of what you did ({level} interval: {low} to {high}), which may be chance.",
        **fields,
    )


def honesty(judgement: Judgement) -> tuple[Sentence, ...]:
    """Whether intervals held, what was promised, and what to make of it."""
    held, promised = judgement.coverage, judgement.promise
    weeks = len(judgement.weeks)
    said = [
        Sentence(
            "Weeks within their {level} interval: {held} of {weeks}; lines: {share} of {lines}.",
            level=Percent(LEVELS[1]),
            held=round(held.of_weeks[1] * weeks),
            weeks=weeks,
            share=Percent(round(held.of_lines[1], 2)),
            lines=held.lines,
        ),
        Sentence(
            "At {first}: {held} of {weeks} and {share}; at {second}: {held_second} of {weeks} and {share_second}.",
            weeks=weeks,
            first=Percent(LEVELS[0]),
            held=round(held.of_weeks[0] * weeks),
            share=Percent(round(held.of_lines[0], 2)),
            second=Percent(LEVELS[2]),
            held_second=round(held.of_weeks[2] * weeks),
            share_second=Percent(round(held.of_lines[2], 2)),
        ),
        _narrow(judgement),
    ]
    if promised.promised > 0:
        said.append(
            Sentence(
                "For each {success} promised where it expected most, mediaplan delivered {ratio}.",
                success=Sentence("unit of value") if judgement.measure.is_value else Sentence("result"),
                ratio=promised.delivered / promised.promised,
            )
        )
    naive = judgement.choice("naive", HALF)
    if naive is not None and naive.promised > 0:
        said.append(
            Sentence("The average cost per result delivered {ratio}.", ratio=naive.brought / naive.promised)
        )
    if abs(promised.factor - 1.0) > NEGLIGIBLE:
        said.append(
            Sentence(
                "If the next weeks are like these, expect {factor} for each one promised; plans do not reckon with that.",
                factor=promised.factor,
            )
        )
    return tuple(said)


def _narrow(judgement: Judgement) -> Sentence:
    if not judgement.coverage.too_narrow:
        return Sentence("Nothing shows that the intervals are too narrow.")
    if judgement.promise.wider < 1.05:
        return Sentence("That is less often than chance explains: take the intervals for too narrow.")
    return Sentence(
        "That is less often than chance explains: intervals {wider} times as wide would have fitted better.",
        wider=judgement.promise.wider,
    )


def period(backtest: Backtest, figures: Figures) -> str:
    """First and last day of the weeks looked back on."""
    weeks = [week for judgement in backtest.judgements for week in judgement.weeks]
    first, last = min(week.start for week in weeks), max(week.end for week in weeks)
    return _dates(first, last, figures)


def _dates(first: date, last: date, figures: Figures) -> str:
    return figures.period(Flight(first, min((last - first).days + 1, LONGEST)))


def week_rows(judgement: Judgement, figures: Figures) -> list[tuple[str, str, str, str, str]]:
    """For each week: its days, what was expected, the 80 % interval, what came, whether it held."""
    words = figures.words
    return [
        (
            _dates(week.start, week.end, figures),
            figures.count(week.expected),
            _span(week, figures),
            figures.count(week.actual),
            words.text("held") if week.held(LEVELS[1]) else words.text("missed"),
        )
        for week in judgement.weeks
    ]


def _span(week: Total, figures: Figures) -> str:
    low, high = week.intervals[1]
    return f"{figures.count(low, 0)}–{figures.count(high, 0)}"


def choice_rows(judgement: Judgement, figures: Figures) -> list[tuple[str, str, str, str, str]]:
    """For each way of planning: its name, the price (or value) of its best quarter and half, mediaplan against it."""
    rows = []
    for method, name in METHODS.items():
        half, quarter = judgement.choice(method, HALF), judgement.choice(method, QUARTER)
        if half is None or quarter is None:
            continue
        prices = [price(choice, judgement, figures) for choice in (quarter, half)]
        itself = method == "mediaplan"
        against = "" if itself else times(half, figures.words)
        told = "" if itself else figures.words.say(VERDICTS[half.against.verdict])
        rows.append((figures.words.say(name), prices[0], prices[1], against, told))
    return rows


def price_head(judgement: Judgement, words: Words) -> str:
    """What `price` is."""
    return words.text("value per money") if judgement.measure.is_value else words.text("cost per result")


def price(choice: Choice, judgement: Judgement, figures: Figures) -> str:
    """Money per result; of value, value per money."""
    if judgement.measure.is_value:
        return figures.words.number(choice.per_money, 2)
    return figures.cost(choice.money / choice.brought) if choice.brought > 0 else UNDEFINED


def times(choice: Choice, words: Words) -> str:
    """How mediaplan does against that choice: `×1.25 (1.10–1.41)`."""
    against = choice.against
    if not math.isfinite(against.mean):
        return UNDEFINED
    low, high = words.number(against.low, 2), words.number(against.high, 2)
    return f"×{words.number(against.mean, 2)} ({low}–{high})"
