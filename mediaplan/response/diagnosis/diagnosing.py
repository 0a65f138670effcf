"""diagnose(response): what goes with results, how sure that is, how full the lines are, what to learn next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.response.diagnosis.comparing import Compared, compared, usual
from mediaplan.response.diagnosis.contrasts import Doubt, Span, loss
from mediaplan.response.diagnosis.diagnoses import (
    Diagnosis,
    Effects,
    Factor,
    Findings,
    Lesson,
    PostFinding,
    Week,
)
from mediaplan.response.diagnosis.fullness import Fullness, money_of
from mediaplan.response.diagnosis.funnels import funnels
from mediaplan.response.diagnosis.vanity import vanity
from mediaplan.response.estimating.drift import FIRST_MONDAY
from mediaplan.response.forecast import CrossedEstimate
from mediaplan.response.responses import Response
from mediaplan.response.stages import BROUGHT, SPENT

Array = NDArray[np.float64]

COMPARED = ("channel", "audience", "slot", "post")
GROUPED = ("format", "topic")
MOST_WEEKS = 26
MOST_LESSONS = 5
TELLING = 0.002
"""Gain of knowing, as a share of results, from which it is worth a word."""

EPOCH = date(1970, 1, 1)


def diagnose(response: Response) -> Diagnosis:
    """What a fitted history tells: for each kind of result by itself.

    Args:
        response: As `fit` gives it.
    """
    lines = usual(response)
    each = [found for d in COMPARED if (found := compared(response, d, lines)) is not None]
    full = Fullness.of(response)
    findings = tuple(
        _findings(response, kind, place, each, full) for place, kind in enumerate(response.kinds)
    )
    return Diagnosis(
        response.currency,
        response.as_of,
        findings,
        response.warnings,
        response.history_digest,
        response.digest,
        response.seed,
    )


def _findings(
    response: Response, kind: str, place: int, each: list[Compared], full: Fullness | None
) -> Findings:
    behind = {found.dimension: _behind(response, kind, found) for found in each}
    posts = next((found for found in each if found.dimension == "post"), None)
    groups = [] if posts is None else _groups(response, posts)
    grouped = [(group, _summed(group, labels, posts, behind["post"])) for group, labels in groups if posts]
    effects = [
        _effects(response, found, place, behind[found.dimension])
        for found in each
        if found.dimension != "post"
    ]
    effects += [_effects(response, group, place, evidence) for group, evidence in grouped]
    age, weeks = _course(response, place)
    return Findings(
        kind,
        tuple(effects),
        () if posts is None else _posts(response, _effects(response, posts, place, behind["post"])),
        () if full is None else full.pooled(response, place),
        () if full is None else full.each(response, place),
        age,
        weeks,
        vanity(response, kind),
        _lessons(response, each, place),
        funnels(response, kind),
    )


@dataclass(frozen=True, eq=False)
class _Evidence:
    """Money and results behind each name, shape (names,) each; results that no table tells are NaN."""

    money: Array
    results: Array


def _behind(response: Response, kind: str, found: Compared) -> _Evidence:
    size, past = len(found.names), response.past
    if past is None:
        return _Evidence(np.zeros(size), np.zeros(size))
    mine = {(each.name, each.kind): each for each in past.stages if each.dimension == found.dimension}
    spent, brought = mine.get((SPENT, "")), mine.get((BROUGHT, kind))
    money = np.zeros(size) if spent is None else spent.total(size)
    if brought is None:
        return _Evidence(money, np.full(size, np.nan))
    told = np.isin(np.arange(size), brought.code)
    return _Evidence(money, np.where(told, brought.total(size), np.nan))


def _groups(response: Response, posts: Compared) -> list[tuple[Compared, NDArray[np.object_]]]:
    """Formats and topics as groups of posts, with each post's group."""
    if response.posts is None:
        return []
    rows = response.posts.rows.set_index("post").reindex(posts.names)
    found = []
    for dimension in GROUPED:
        labels = np.array([None if pd.isna(label) else label for label in rows[dimension]], dtype=object)
        if (group := posts.grouped(dimension, labels)) is not None:
            found.append((group, labels))
    return found


def _summed(group: Compared, labels: NDArray[np.object_], posts: Compared, evidence: _Evidence) -> _Evidence:
    masks = [labels == name for name in group.names]
    assert len(posts.names) == len(labels)
    return _Evidence(
        np.array([evidence.money[mask].sum() for mask in masks]),
        np.array([_sum_told(evidence.results[mask]) for mask in masks]),
    )


def _sum_told(results: Array) -> float:
    told = results[~np.isnan(results)]
    return float(told.sum()) if len(told) else float("nan")


def _effects(response: Response, found: Compared, kind: int, evidence: _Evidence) -> Effects:
    against = found.against_usual(kind)
    better = against.above()
    order = np.argsort(-against.mean, kind="stable")
    return Effects(
        found.dimension,
        tuple(
            Factor(
                found.names[at],
                against.factor(at),
                float(better[at]),
                money_of(evidence.money[at], response.currency),
                None if np.isnan(evidence.results[at]) else float(evidence.results[at]),
            )
            for at in order.tolist()
        ),
    )


def _posts(response: Response, effects: Effects) -> tuple[PostFinding, ...]:
    """Each post with what the table of posts says of it."""
    if response.posts is None:
        return tuple(PostFinding(factor, "", "ready", {}) for factor in effects.factors)
    rows = response.posts.rows.set_index("post")
    organic = [str(column) for column in rows if str(column).startswith("organic_")]
    found = []
    for factor in effects.factors:
        if factor.name not in rows.index:
            found.append(PostFinding(factor, "", "ready", {}))
            continue
        row = rows.loc[factor.name].to_dict()
        told = {c.removeprefix("organic_"): float(row[c]) for c in organic if not pd.isna(row[c])}
        title = row["title"] if isinstance(row["title"], str) else ""
        found.append(PostFinding(factor, title, str(row["status"]), told))
    return tuple(found)


def _course(response: Response, kind: int) -> tuple[Span | None, tuple[Week, ...]]:
    """What a week of age makes, and the course of all together; nothing from an estimate that knows neither."""
    estimate = response.estimate
    if not isinstance(estimate, CrossedEstimate):
        return None, ()
    fitted = estimate.fits[kind]
    age = None
    if response.names["post"]:
        age = Doubt(fitted.fixed[1:2], np.sqrt(fitted.covariance[1:2, 1])).factor(0)
    weeks: list[Week] = []
    for drift in fitted.drifts:
        if drift.of is None:
            course = Doubt(drift.effect[0], np.sqrt(drift.spread[0]))
            starts = [EPOCH + timedelta(days=int(week) * 7 - FIRST_MONDAY) for week in drift.weeks]
            if len(starts) > 1:  # one week is itself what is usual
                weeks = [Week(start, course.factor(at)) for at, start in enumerate(starts)][-MOST_WEEKS:]
    return age, tuple(weeks)


def _lessons(response: Response, each: list[Compared], kind: int) -> tuple[Lesson, ...]:
    """Names that may yet turn out better than the best one, those first whose knowledge is worth most."""
    found = []
    for names in each:
        usable = _usable(response, names)
        if usable.sum() < 2:
            continue
        best = int(np.argmax(np.where(usable, names.log[kind], -np.inf)))
        against = names.against(kind, best)
        gain, chance = loss(against), against.above()
        found += [
            Lesson(names.dimension, names.names[at], names.names[best], float(chance[at]), float(gain[at]))
            for at in np.flatnonzero(usable & (gain >= TELLING)).tolist()
            if at != best
        ]
    return tuple(sorted(found, key=lambda one: (-one.gain, one.dimension, one.name))[:MOST_LESSONS])


def _usable(response: Response, names: Compared) -> NDArray[np.bool_]:
    """Shape (names,): what a plan could buy; posts that are on hold or ended it can't."""
    usable = np.ones(len(names.names), dtype=bool)
    if names.dimension == "post" and response.posts is not None:
        status = response.posts.rows.set_index("post")["status"].reindex(names.names)
        usable = (status.isna() | (status == "ready")).to_numpy()
    return usable
