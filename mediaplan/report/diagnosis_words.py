"""What a Diagnosis tells, in sentences and rows that are the same on the terminal, in the report and in the browser."""

from __future__ import annotations

from collections.abc import Mapping

from mediaplan.history.columns.kinds import kind_said
from mediaplan.response.diagnosis.contrasts import LEVEL, Span
from mediaplan.response.diagnosis.diagnoses import (
    Diagnosis,
    Effects,
    Factor,
    Findings,
    Lesson,
    PostFinding,
    Saturated,
)
from mediaplan.response.diagnosis.preferring import ENOUGH, likely
from mediaplan.response.diagnosis.vanity import Vanity
from mediaplan.words import Percent, Sentence

NOTABLE = 0.05
"""Difference from what is usual below which nothing stands out."""

FALLING = 0.03
"""Change with a week of age that is worth a word."""

HEADINGS: Mapping[str, Sentence] = {
    "channel": Sentence("By channel"),
    "audience": Sentence("By audience"),
    "slot": Sentence("By slot"),
    "format": Sentence("By format"),
    "topic": Sentence("By topic"),
    "post": Sentence("By post"),
}

USUAL: Mapping[str, Sentence] = {
    "channel": Sentence("the usual channel"),
    "audience": Sentence("the usual audience"),
    "slot": Sentence("the usual slot"),
    "format": Sentence("the usual format"),
    "topic": Sentence("the usual topic"),
    "post": Sentence("the usual post"),
}

METRICS: Mapping[str, Sentence] = {
    "likes": Sentence("most likes and reactions"),
    "engagement rate": Sentence("the best organic engagement rate"),
    "click rate": Sentence("the best click rate"),
    "reactions": Sentence("most paid reactions for the money"),
}

METRIC_NAMES: Mapping[str, Sentence] = {
    "likes": Sentence("likes and reactions"),
    "engagement rate": Sentence("organic engagement rate"),
    "click rate": Sentence("click rate"),
    "reactions": Sentence("paid reactions"),
}

VERDICTS: Mapping[str, Sentence] = {
    "with": Sentence("goes with it"),
    "against": Sentence("goes against it"),
    "open": Sentence("tells nothing"),
}

ORGANIC: Mapping[str, Sentence] = {
    "reach": Sentence("organic reach"),
    "engagements": Sentence("organic reactions"),
    "likes": Sentence("organic likes"),
    "clicks": Sentence("organic clicks"),
    "saves": Sentence("organic saves"),
    "shares": Sentence("organic shares"),
    "comments": Sentence("organic comments"),
}

ATTRIBUTED = Sentence(
    "Results are those that the platforms attribute. What goes with many of them need not be the reason for them."
)

FUNNEL_SAID = Sentence(
    "What was paid for impressions, how many of them were clicked, and how many clicks became results, drawn towards the "
    "usual where little is told. Intervals hold {level}; “–”: no table tells it.",
    level=Percent(LEVEL),
)


def explained(diagnosis: Diagnosis) -> Sentence:
    """What is compared with what."""
    return Sentence(
        "This compares what the same money would bring in the week after {day}, on the lines that you usually buy. "
        "Intervals hold in {level} of cases.",
        day=diagnosis.as_of,
        level=Percent(LEVEL),
    )


def what_stands_out(effects: Effects, *, only_surely: bool = False) -> tuple[Sentence, ...]:
    """The best and the worst name of a dimension, as far as the evidence tells them from the usual.

    Args:
        effects: Of the dimension.
        only_surely: Say nothing where the evidence tells none apart.
    """
    usual = USUAL[effects.dimension]
    best, worst = effects.factors[0], effects.factors[-1]
    said = []
    if best.better >= ENOUGH and best.times.mean > 1.0 + NOTABLE:
        said.append(
            Sentence(
                "“{name}” brings {times} times as many results for the same money as {usual} ({level} interval: "
                "{low} to {high}).",
                **_fields(best, usual),
            )
        )
    if worst.better <= 1.0 - ENOUGH and worst.times.mean < 1.0 - NOTABLE:
        said.append(
            Sentence(
                "“{name}” brings only {times} times as many results for the same money as {usual} ({level} interval: "
                "{low} to {high}).",
                **_fields(worst, usual),
            )
        )
    if not said and not only_surely:
        said.append(Sentence("Not enough evidence that any of them differs from {usual}.", usual=usual))
    return tuple(said)


def _fields(factor: Factor, usual: Sentence) -> dict[str, object]:
    times = factor.times
    each = {"times": times.mean, "low": times.low, "high": times.high}
    return {"name": factor.name, "usual": usual, "level": Percent(LEVEL), **each}


def which_posts(findings: Findings) -> tuple[Sentence, ...]:
    """Which posts are surely better than the usual one, and which surely worse."""
    good = tuple(_quoted(p.factor.name) for p in findings.posts if p.factor.better >= ENOUGH)
    poor = tuple(_quoted(p.factor.name) for p in findings.posts if p.factor.better <= 1.0 - ENOUGH)
    fields = {"enough": Percent(ENOUGH)}
    said = []
    if good:
        said.append(
            Sentence(
                "Better than the usual post with a probability of {enough} or more: {names}.",
                names=good,
                **fields,
            )
        )
    if poor:
        said.append(
            Sentence(
                "Worse than the usual post with a probability of {enough} or more: {names}.",
                names=poor,
                **fields,
            )
        )
    return tuple(said) or (Sentence("Not enough evidence that any post differs from the usual one."),)


def _quoted(name: str) -> Sentence:
    return Sentence("“{name}”", name=name)


def organic_said(post: PostFinding) -> tuple[Sentence, ...]:
    """The post's organic figures."""
    return tuple(
        Sentence("{what}: {count}", what=ORGANIC.get(name, name), count=round(count))
        for name, count in post.organic.items()
    )


def course(findings: Findings) -> tuple[Sentence, ...]:
    """What age and the last week make of results."""
    said = []
    if findings.age is not None and abs(findings.age.mean - 1.0) >= FALLING:
        said.append(
            Sentence(
                "With each week of its age a post brings {times} times as many results for the same money as the week "
                "before ({level} interval: {low} to {high}).",
                **_span(findings.age),
            )
        )
    if findings.weeks:
        last = findings.weeks[-1]
        said.append(
            Sentence(
                "In the last week, from {day}, the same money brought {times} times what is usual, all lines together "
                "({level} interval: {low} to {high}).",
                day=last.start,
                **_span(last.times),
            )
        )
    return tuple(said)


def _span(span: Span) -> dict[str, object]:
    return {"times": span.mean, "low": span.low, "high": span.high, "level": Percent(LEVEL)}


def how_full(findings: Findings) -> tuple[Sentence, ...]:
    """Where more money still brings most, and where least."""
    pools = findings.pools or findings.lines
    if not pools:
        return ()
    emptiest, fullest = (
        max(pools, key=lambda each: each.gain.mean),
        min(pools, key=lambda each: each.gain.mean),
    )
    if len(pools) == 1 or emptiest.gain.mean - fullest.gain.mean < 0.005:
        return (_gain(emptiest),)
    return (_gain(emptiest), _gain(fullest))


def _gain(each: Saturated) -> Sentence:
    return Sentence(
        "{tenth} more money on “{line}” than usual brings {gain} more results ({level} interval: {low} to {high}).",
        tenth=Percent(0.1),
        line=each.label,
        gain=Percent(each.gain.mean),
        low=Percent(each.gain.low),
        high=Percent(each.gain.high),
        level=Percent(LEVEL),
    )


def vanity_said(each: Vanity, kind: str) -> Sentence:
    """Whether that figure tells which posts bring the real result."""
    fields = {
        "channel": Sentence("all channels") if each.channel is None else _quoted(each.channel),
        "most": METRICS[each.metric],
        "kind": kind_said(kind),
        "correlation": each.correlation.mean,
        "posts": each.posts,
    }
    if each.verdict == "with":
        return Sentence(
            "{channel}: the posts with {most} also tend to bring most “{kind}” for the money (rank correlation "
            "{correlation} over {posts} posts).",
            **fields,
        )
    if each.verdict == "against":
        return Sentence(
            "{channel}: the posts with {most} bring less “{kind}” for the money than others (rank correlation "
            "{correlation} over {posts} posts): choose by the cost per result.",
            **fields,
        )
    return Sentence(
        "{channel}: nothing shows that the posts with {most} bring most “{kind}” for the money (rank correlation "
        "{correlation} over {posts} posts): choose by the cost per result.",
        **fields,
    )


def likes_said(findings: Findings) -> tuple[Sentence, ...]:
    """The same of likes and other reactions alone: what people most often choose posts by."""
    return tuple(
        vanity_said(each, findings.kind) for each in findings.vanity if each.metric in ("likes", "reactions")
    )


def lesson_said(lesson: Lesson) -> Sentence:
    """What is still open there, and what knowing it would be worth."""
    return Sentence(
        "Is “{name}” better than “{best}”? The probability is {chance}; to know it would be worth up to {gain} more "
        "results a week. A small, steady amount on “{name}” teaches it.",
        name=lesson.name,
        best=lesson.best,
        chance=likely(lesson.chance),
        gain=Percent(lesson.gain),
    )


def kind_title(findings: Findings) -> Sentence:
    """The kind of result as a heading."""
    return Sentence("What goes with “{kind}”", kind=kind_said(findings.kind))
