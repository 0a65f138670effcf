"""The page of the diagnosis: what goes with results, which posts are good, how full lines are, what to learn next."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from mediaplan.history.columns.kinds import kind_said
from mediaplan.report.diagnosis_rows import factor_heads, factor_row, funnel_heads, funnel_row
from mediaplan.report.diagnosis_words import (
    ATTRIBUTED,
    FUNNEL_SAID,
    HEADINGS,
    METRIC_NAMES,
    ORGANIC,
    VERDICTS,
    course,
    explained,
    how_full,
    lesson_said,
    likes_said,
    what_stands_out,
    which_posts,
)
from mediaplan.report.figures import UNDEFINED, Figures
from mediaplan.response.diagnosis.diagnoses import Diagnosis, Findings
from mediaplan.response.diagnosis.preferring import prefers
from mediaplan.response.responses import Response
from mediaplan.ui.diagnosis_charts import forest, fullness, weeks_course
from mediaplan.ui.faults import show_warnings
from mediaplan.ui.loading import diagnosis_of, learnt_of
from mediaplan.ui.markup import escaped
from mediaplan.ui.not_yet import show_data_first, show_unusable
from mediaplan.ui.session import draft, files, words
from mediaplan.words import Sentence, Words

STATES = {"ready": Sentence("ready"), "hold": Sentence("on hold"), "ended": Sentence("ended")}


def show() -> None:
    """The whole page."""
    said = words()
    st.title(said.text("What goes with results"))
    if not files().history:
        why = said.text("Choose your data first: they are what is diagnosed.")
        if files().enough:
            why = said.text("A rate card alone tells no past: add a history, and it is looked at here.")
        show_data_first(said, why, ":material/query_stats:")
        return
    with st.spinner(said.text("Looking at the past…")):
        response = learnt_of(draft().so_far(), files())
    if not isinstance(response, Response):
        show_unusable(said, response, said.text("There is nothing to diagnose yet."))
        return
    diagnosis = diagnosis_of(response)
    figures = Figures(said, diagnosis.currency)
    st.markdown(escaped(said.say(explained(diagnosis))))
    st.caption(escaped(said.say(ATTRIBUTED)))
    findings = _chosen(diagnosis, said)
    _lessons(findings, said)
    _effects(findings, figures)
    _posts(findings, figures)
    _pair(response, findings, said)
    _full(findings, figures)
    _funnels(findings, figures)
    _course(findings, figures)
    _vanity(findings, said)
    show_warnings(said, diagnosis.warnings)


def _chosen(diagnosis: Diagnosis, words: Words) -> Findings:
    """The kind of result to look at."""
    by_kind = {findings.kind: findings for findings in diagnosis.findings}
    if len(by_kind) == 1:
        return diagnosis.findings[0]
    kind = st.segmented_control(
        words.text("Kind of result"),
        options=list(by_kind),
        default=next(iter(by_kind)),
        required=True,
        key="diagnosed_kind",
    )
    return by_kind.get(str(kind), diagnosis.findings[0])


def _listed(sentences: Sequence[Sentence], words: Words) -> None:
    st.markdown("\n".join(f"- {escaped(words.say(sentence))}" for sentence in sentences))


def _lessons(findings: Findings, words: Words) -> None:
    if not findings.lessons:
        return
    with st.container(border=True):
        st.subheader(words.text("What to learn next"))
        _listed([lesson_said(lesson) for lesson in findings.lessons], words)


def _effects(findings: Findings, figures: Figures) -> None:
    words = figures.words
    if not findings.effects:
        return
    st.subheader(words.text("What stands out"))
    st.caption(words.text("Dot: against the usual; bar: its interval; dashed line: as usual."))
    with st.grid(2, min_column_width=300):
        for effects in findings.effects:
            with st.container(border=True, height="stretch"):
                heading = words.say(HEADINGS[effects.dimension])
                st.markdown(f"**{heading}**")
                st.altair_chart(forest(effects.factors, figures, st.context.theme.type), alt=heading)
                _listed(what_stands_out(effects), words)


def _posts(findings: Findings, figures: Figures) -> None:
    words = figures.words
    if not findings.posts:
        return
    st.subheader(words.text("Which posts are good"))
    _listed(which_posts(findings), words)
    heads = factor_heads(words)
    table = pd.DataFrame([factor_row(post.factor, figures) for post in findings.posts], columns=heads)
    table.insert(0, words.text("post"), [post.factor.name for post in findings.posts])
    table[words.text("status")] = [words.say(STATES.get(post.status, post.status)) for post in findings.posts]
    for name in dict.fromkeys(name for post in findings.posts for name in post.organic):
        told = [post.organic.get(name) for post in findings.posts]
        table[words.say(ORGANIC.get(name, name))] = [
            UNDEFINED if count is None else words.number(round(count)) for count in told
        ]
    st.dataframe(table, hide_index=True, alt=words.text("Posts, the best first"))


def _pair(response: Response, findings: Findings, words: Words) -> None:
    """Two posts side by side, where there are two."""
    names = response.names["post"]
    if len(names) < 2:
        return
    best = [post.factor.name for post in findings.posts] or list(names)
    with st.container(border=True):
        st.markdown(f"**{words.text('Which of two posts?')}**")
        left, right = st.columns(2)
        one = left.selectbox(words.text("One post"), options=best, index=0, key="compared_one")
        other = right.selectbox(words.text("Another post"), options=best, index=1, key="compared_other")
        if one != other:
            found = prefers(response, str(one), str(other), kind=findings.kind)
            st.markdown(escaped(words.say(found.sentence())))


def _full(findings: Findings, figures: Figures) -> None:
    words = figures.words
    full = findings.pools or findings.lines
    if not full:
        return
    st.subheader(words.text("How full the lines are"))
    with st.container(border=True):
        st.caption(
            words.text(
                "Results that a tenth more money brings; a full bar would be a tenth more. Thin line: interval."
            )
        )
        st.altair_chart(
            fullness(full, figures, st.context.theme.type), alt=words.text("What a tenth more money brings")
        )
        _listed(how_full(findings), words)


def _funnels(findings: Findings, figures: Figures) -> None:
    words = figures.words
    if not findings.funnels:
        return
    st.subheader(words.text("From money to results"))
    st.caption(escaped(words.say(FUNNEL_SAID)))
    headings = [words.say(HEADINGS[funnel.dimension]) for funnel in findings.funnels]
    for tab, heading, funnel in zip(st.tabs(headings), headings, findings.funnels, strict=True):
        rows = [[" ".join(cell) for cell in funnel_row(each, figures)] for each in funnel.names]
        table = pd.DataFrame(rows, columns=funnel_heads(words))
        table.insert(0, words.text("name"), [each.name for each in funnel.names])
        tab.dataframe(table, hide_index=True, alt=heading)


def _course(findings: Findings, figures: Figures) -> None:
    words = figures.words
    said = course(findings)
    if not said:
        return
    st.subheader(words.text("Over time"))
    with st.container(border=True):
        if len(findings.weeks) > 1:
            st.altair_chart(
                weeks_course(findings.weeks, figures), alt=words.text("What the same money brought each week")
            )
        _listed(said, words)


def _vanity(findings: Findings, words: Words) -> None:
    if not findings.vanity:
        return
    st.subheader(words.text("Likes and clicks beside results"))
    table = pd.DataFrame(
        [
            (
                UNDEFINED if each.channel is None else each.channel,
                words.say(METRIC_NAMES[each.metric]),
                words.number(each.correlation.mean, 2),
                f"{words.number(each.correlation.low, 2)} – {words.number(each.correlation.high, 2)}",
                words.number(each.posts),
                words.say(VERDICTS[each.verdict]),
            )
            for each in findings.vanity
        ],
        columns=[
            words.text("channel"),
            words.text("figure"),
            words.text("rank correlation"),
            words.text("interval"),
            words.text("posts"),
            words.text("with “{kind}”", kind=kind_said(findings.kind)),
        ],
    )
    st.dataframe(table, hide_index=True, alt=words.text("Rank correlations of likes and clicks with results"))
    _listed(likes_said(findings), words)


if __name__ == "__main__":
    show()
