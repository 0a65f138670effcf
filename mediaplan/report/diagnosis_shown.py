"""A Diagnosis as the report shows it: a card for each dimension, the rest in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mediaplan.report import drawing
from mediaplan.report.diagnosis_rows import factor_row, full_heads, full_row, funnel_heads, funnel_row
from mediaplan.report.diagnosis_words import (
    ATTRIBUTED,
    FUNNEL_SAID,
    HEADINGS,
    course,
    explained,
    how_full,
    kind_title,
    lesson_said,
    likes_said,
    vanity_said,
    what_stands_out,
    which_posts,
)
from mediaplan.report.figures import Figures
from mediaplan.response.diagnosis.contrasts import LEVEL
from mediaplan.response.diagnosis.diagnoses import Diagnosis, Factor, Findings
from mediaplan.response.diagnosis.fullness import MORE
from mediaplan.words import Percent, Sentence, Words

MOST_NAMES, MOST_NAMES_ALONE = 8, 20
"""Names of one dimension shown at the end of a report, and on a page of its own: of more, the best."""

MOST_LESSONS = 3


def diagnosis_shown(diagnosis: Diagnosis, words: Words, *, alone: bool = False) -> dict[str, Any]:
    """All that the template shows of a diagnosis.

    Args:
        diagnosis: What to show.
        words: In which language.
        alone: As a page of its own, which has room for all of it; default: at the end of a report.
    """
    figures = Figures(words, diagnosis.currency)
    most = MOST_NAMES_ALONE if alone else MOST_NAMES
    return {
        "alone": alone,
        "explained": explained(diagnosis),
        "attributed": ATTRIBUTED,
        "warnings": diagnosis.warnings,
        "funnel_said": FUNNEL_SAID,
        "funnel_heads": funnel_heads(words),
        "findings": [
            {
                "title": kind_title(findings),
                "effects": _cards(findings, figures, most),
                "full_heads": full_heads(words),
                "full": _full(findings, figures, most),
                "funnels": _funnels(findings, figures, most) if alone else [],
                "weeks": _weeks(findings, figures),
                "said": [(heading, said) for heading, said in _said(findings, alone=alone) if said],
            }
            for findings in diagnosis.findings
        ],
    }


def _cards(
    findings: Findings, figures: Figures, most: int
) -> list[tuple[Sentence, tuple[float, float], list[Any], int]]:
    """Heading, ends of the scale, for each name its factor, figures and what its picture shows; and names left out."""
    posts = tuple(post.factor for post in findings.posts)
    groups = [(effects.dimension, effects.factors) for effects in findings.effects]
    shown = [
        (dimension, factors[:most], len(factors[most:]))
        for dimension, factors in (*groups, ("post", posts))
        if factors
    ]
    return [
        (
            HEADINGS[dimension],
            _ends(factors),
            [(f, factor_row(f, figures), _pictured(f)) for f in factors],
            more,
        )
        for dimension, factors, more in shown
    ]


def _full(findings: Findings, figures: Figures, most: int) -> list[tuple[str, tuple[str, ...], float]]:
    """Label, figures, and how much of a tenth more results a tenth more money brings, 0 to 1."""
    shown = (findings.pools or findings.lines)[:most]
    return [(each.label, full_row(each, figures), each.gain.mean / MORE) for each in shown]


def _funnels(
    findings: Findings, figures: Figures, most: int
) -> list[tuple[Sentence, list[tuple[str, tuple[tuple[str, str], ...]]], int]]:
    """Heading, names with their prices and rates, and names left out."""
    return [
        (
            HEADINGS[funnel.dimension],
            [(each.name, funnel_row(each, figures)) for each in funnel.names[:most]],
            len(funnel.names[most:]),
        )
        for funnel in findings.funnels
    ]


def _weeks(findings: Findings, figures: Figures) -> dict[str, Any] | None:
    """The course over weeks as a picture, and the days at its ends; nothing to see in a single week."""
    if len(findings.weeks) < 2:
        return None
    said = figures.words.text(
        "What the same money brought in each of {count} weeks, against usual", count=len(findings.weeks)
    )
    points = [(week.times.mean, week.times.low, week.times.high) for week in findings.weeks]
    first, last = (
        figures.words.text(
            "{what}: {said}",
            what=figures.day(week.start),
            said=f"×{figures.words.number(week.times.mean, 2)}",
        )
        for week in (findings.weeks[0], findings.weeks[-1])
    )
    return {"picture": drawing.course(points, said), "first": first, "last": last}


def _ends(factors: Sequence[Factor]) -> tuple[float, float]:
    return drawing.scale_of([{LEVEL: (0.0, max(factor.times.high, 1.0))} for factor in factors])


def _pictured(factor: Factor) -> Sentence:
    return Sentence(
        "{name}: {times} times the usual, {level} interval {low} to {high}",
        name=factor.name,
        times=factor.times.mean,
        level=Percent(LEVEL),
        low=factor.times.low,
        high=factor.times.high,
    )


def _said(findings: Findings, *, alone: bool) -> list[tuple[Sentence, tuple[Sentence, ...]]]:
    outstanding = tuple(said for each in findings.effects for said in what_stands_out(each, only_surely=True))
    posts = which_posts(findings) if findings.posts else ()
    return [
        (Sentence("What stands out"), (*outstanding, *posts)),
        (Sentence("How full the lines are"), how_full(findings)),
        (Sentence("Over time"), course(findings)),
        (
            Sentence("Likes and clicks beside results"),
            tuple(vanity_said(each, findings.kind) for each in findings.vanity)
            if alone
            else likes_said(findings),
        ),
        (
            Sentence("What to learn next"),
            tuple(
                lesson_said(lesson)
                for lesson in (findings.lessons if alone else findings.lessons[:MOST_LESSONS])
            ),
        ),
    ]
