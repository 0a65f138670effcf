"""A Diagnosis as the report shows it: a card for each dimension, the rest in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mediaplan.report import drawing
from mediaplan.report.diagnosis_rows import factor_row
from mediaplan.report.diagnosis_words import (
    ATTRIBUTED,
    HEADINGS,
    course,
    explained,
    how_full,
    kind_title,
    lesson_said,
    likes_said,
    what_stands_out,
    which_posts,
)
from mediaplan.report.figures import Figures
from mediaplan.response.contrasts import LEVEL
from mediaplan.response.diagnosis import Diagnosis, Factor, Findings
from mediaplan.words import Percent, Sentence, Words

MOST_NAMES = 8
"""Names of one dimension shown: of more, the best."""

MOST_LESSONS = 3


def diagnosis_shown(diagnosis: Diagnosis, words: Words) -> dict[str, Any]:
    """All that the template shows of a diagnosis.

    Args:
        diagnosis: What to show.
        words: In which language.
    """
    figures = Figures(words, diagnosis.currency)
    return {
        "explained": explained(diagnosis),
        "attributed": ATTRIBUTED,
        "findings": [
            {
                "title": kind_title(findings),
                "effects": _cards(findings, figures),
                "said": [(heading, said) for heading, said in _said(findings) if said],
            }
            for findings in diagnosis.findings
        ],
    }


def _cards(findings: Findings, figures: Figures) -> list[tuple[Sentence, tuple[float, float], list[Any]]]:
    """Heading, ends of the scale, and for each name its factor, its figures and what its picture shows."""
    posts = tuple(post.factor for post in findings.posts)
    groups = [(effects.dimension, effects.factors) for effects in findings.effects]
    shown = [
        (dimension, factors[:MOST_NAMES]) for dimension, factors in (*groups, ("post", posts)) if factors
    ]
    return [
        (HEADINGS[dimension], _ends(factors), [(f, factor_row(f, figures), _pictured(f)) for f in factors])
        for dimension, factors in shown
    ]


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


def _said(findings: Findings) -> list[tuple[Sentence, tuple[Sentence, ...]]]:
    outstanding = tuple(said for each in findings.effects for said in what_stands_out(each, only_surely=True))
    posts = which_posts(findings) if findings.posts else ()
    return [
        (Sentence("What stands out"), (*outstanding, *posts)),
        (Sentence("How full the lines are"), how_full(findings)),
        (Sentence("Over time"), course(findings)),
        (
            Sentence("Likes and clicks beside results"),
            likes_said(findings),
        ),
        (
            Sentence("What to learn next"),
            tuple(lesson_said(lesson) for lesson in findings.lessons[:MOST_LESSONS]),
        ),
    ]
