"""Tests of posts on the lines of a plan: one line for each post, cut at the test's last day, each with the same money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.briefs import Brief
from mediaplan.brief.side_by_side import PostTest
from mediaplan.brief.terms import Domain
from mediaplan.errors import InputError, Problem, nearest
from mediaplan.response.lines import Lines
from mediaplan.words import Sentence

Mask = NDArray[np.bool_]


def cut_at_tests(lines: Lines, tests: Sequence[PostTest]) -> Lines:
    """The lines, those of tests only up to the test's last day.

    Raises:
        InputError: A test whose posts have no line, or several, where it runs; or posts that two tests share.
    """
    problems: list[Problem] = []
    days = lines.days.copy()
    taken = np.zeros(len(lines), dtype=np.bool_)
    for number, test in enumerate(tests, start=1):
        mask = tested(lines, test)
        found = _faults(lines, test, mask, taken)
        problems += [p.at(column=f"test {number}.{p.column}") for p in found]
        until = np.datetime64(test.until, "D").astype(np.int64)
        start = lines.start[mask].astype("datetime64[D]").astype(np.int64)
        days[mask] = (until - start + 1).astype(np.int32)
        taken |= mask
    if problems:
        raise InputError(*problems)
    return replace(lines, days=days)


def tested(lines: Lines, test: PostTest) -> Mask:
    """Shape (lines,): the lines of that test, one for each of its posts."""
    return _fits(lines, test, ("channel", "audience", "slot"))


def terms_of(lines: Lines, test: PostTest) -> tuple[Domain, ...]:
    """The test in kernel words: the same money for each post, and none beside it for the same people."""
    mask = tested(lines, test)
    beside = _fits(lines, test, ("channel", "audience")) & ~mask
    alike = Domain(mask, test.each, test.each, or_zero=False)
    return (alike, Domain(beside, 0, 0)) if beside.any() else (alike,)


def power_said(brief: Brief, lines: Lines, results: NDArray[np.float64]) -> tuple[Sentence, ...]:
    """For each test what it is expected to tell apart, in plain words.

    With m results for each post the logarithm of the ratio of two of them has the variance 2 / m; a difference of
    1.28 + 0.84 of its standard deviations is seen as at least 90 % sure in four of five cases.

    Args:
        brief: Whose tests.
        lines: With money.
        results: Shape (lines,), expected.
    """
    found = []
    for test in brief.tests:
        each = float(results[tested(lines, test)].mean())
        ratio = float(np.exp((1.28 + 0.84) * np.sqrt(2.0 / max(each, 1e-9)))) if each > 0 else np.inf
        found.append(
            Sentence(
                "{name}: about {each} results for each post. A post that is {ratio} times as good would be told in four of "
                "five cases; a smaller difference takes more money or time.",
                name=test.name,
                each=each,
                ratio=min(ratio, 1e6),
            )
        )
    return tuple(found)


def _fits(lines: Lines, test: PostTest, dimensions: Sequence[str]) -> Mask:
    mask = np.isin(lines.labels("post"), np.array(test.posts, dtype=object))
    for dimension in dimensions:
        wanted = getattr(test, dimension)
        if wanted is not None:
            mask &= lines.labels(dimension) == wanted
    return mask


def _faults(lines: Lines, test: PostTest, mask: Mask, taken: Mask) -> list[Problem]:
    faults = []
    for post in test.posts:
        mine = mask & (lines.labels("post") == post)
        if mine.sum() == 1:
            continue
        several = [
            d
            for d in ("channel", "audience", "slot")
            if len(set(lines.labels(d)[mine])) > 1 or not mine.any()
        ]
        known = sorted({str(name) for name in lines.labels("post") if name is not None})
        if not mine.any():
            message = Sentence("“{post}” has no line where the test runs.", post=post)
            remedy = (
                Sentence("Check the test's channel, audience and slot.")
                if post in known
                else nearest(post, known)
            )
            faults.append(Problem(message, remedy, column="posts", value=post))
        else:
            message = Sentence("“{post}” could run in several lines of the test.", post=post)
            remedy = (
                Sentence("Say for the test: {keys}.", keys=tuple(several))
                if several
                else Sentence("Leave flight.split out of a brief with tests.")
            )
            faults.append(Problem(message, remedy, column="posts", value=post))
    if (mask & taken).any():
        message = Sentence("two tests want the same line.")
        faults.append(Problem(message, Sentence("Let each run elsewhere, or leave one out."), column="posts"))
    late = mask & (lines.start.astype("datetime64[D]") > np.datetime64(test.until, "D"))
    if late.any():
        message = Sentence(
            "“{post}” is published after the test ends.", post=str(lines.labels("post")[late][0])
        )
        faults.append(Problem(message, Sentence("Let it end later, or leave the post out."), column="until"))
    return faults
