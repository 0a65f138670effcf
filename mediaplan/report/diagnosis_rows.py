"""The figures of a Diagnosis as rows that are the same on the terminal, in the report and in the browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mediaplan.report.figures import UNDEFINED, Figures
from mediaplan.response.diagnosis.contrasts import LEVEL, Span
from mediaplan.response.diagnosis.diagnoses import Factor, FunnelName, Saturated
from mediaplan.response.diagnosis.preferring import likely
from mediaplan.words import Percent, Words

TENTH = 0.1
"""Rate below which a second decimal of its percentage is told."""


@dataclass(frozen=True)
class Times:
    """A factor as people read it: `×1.3`."""

    times: float

    def worded(self, words: Words) -> str:
        """The factor in that language."""
        return f"×{words.number(self.times, 2 if self.times < 10 else 0)}"


def factor_row(factor: Factor, figures: Figures) -> tuple[str, str, str, str, str]:
    """Times, interval, probability that it beats the usual, money, results."""
    words = figures.words
    return (
        words.say(Times(factor.times.mean)),
        f"{words.number(factor.times.low, 2)}–{words.number(factor.times.high, 2)}",
        words.say(likely(factor.better)),
        figures.money(factor.money) if factor.money.minor else UNDEFINED,
        UNDEFINED if factor.results is None or not factor.money.minor else figures.count(factor.results, 0),
    )


def factor_heads(words: Words) -> tuple[str, str, str, str, str]:
    """What `factor_row` holds."""
    return (
        words.text("against usual"),
        words.text("{level} interval", level=Percent(LEVEL)),
        words.text("beats usual"),
        words.text("spent"),
        words.text("results"),
    )


def full_row(each: Saturated, figures: Figures) -> tuple[str, str, str]:
    """Weekly money, what a tenth more brings, its interval."""
    words = figures.words
    return (
        figures.money(each.weekly),
        words.text("+{gain}", gain=Percent(each.gain.mean)),
        words.text("{low} to {high}", low=Percent(each.gain.low), high=Percent(each.gain.high)),
    )


def full_heads(words: Words) -> tuple[str, str, str]:
    """What `full_row` holds."""
    return (
        words.text("money a week"),
        words.text("{tenth} more money", tenth=Percent(0.1)),
        words.text("{level} interval", level=Percent(LEVEL)),
    )


def funnel_row(each: FunnelName, figures: Figures) -> tuple[tuple[str, str], ...]:
    """Cost of a thousand impressions, clicks per impression and results per click, each with its interval."""
    return (
        _spanned(each.price, figures.cost, figures.bare_cost),
        _spanned(each.click_rate, *_rated(figures)),
        _spanned(each.conversion_rate, *_rated(figures)),
    )


def _rated(figures: Figures) -> tuple[Callable[[float], str], Callable[[float], str]]:
    def digits(share: float) -> int:
        return 2 if share < TENTH else 1

    def rate(share: float) -> str:
        return figures.words.percent(share, digits(share), zeros=True)

    def bare(share: float) -> str:
        return figures.words.number(100 * share, digits(share))

    return rate, bare


def _spanned(
    span: Span | None, said: Callable[[float], str], bare: Callable[[float], str]
) -> tuple[str, str]:
    if span is None:
        return UNDEFINED, ""
    return said(span.mean), f"({bare(span.low)}–{bare(span.high)})"


def funnel_heads(words: Words) -> tuple[str, str, str]:
    """What `funnel_row` holds."""
    return words.text("1,000 impressions"), words.text("click rate"), words.text("results per click")
