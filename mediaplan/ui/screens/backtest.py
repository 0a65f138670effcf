"""The page that looks back: would mediaplan have chosen better on these files, and do its intervals hold?"""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from mediaplan.answering import Records, noticed
from mediaplan.brief.briefs import Brief
from mediaplan.errors import MediaplanError
from mediaplan.planning.asking.looking_back import look_back
from mediaplan.report.backtest_words import (
    EXPLAINED,
    HALF,
    LIMITS,
    choice_rows,
    honesty,
    measure_name,
    price_head,
    verdict,
)
from mediaplan.report.figures import UNDEFINED, Figures
from mediaplan.response.looking_back.backtest import Backtest, Judgement
from mediaplan.response.looking_back.honesty import LEVELS
from mediaplan.ui.backtest_chart import weeks_chart
from mediaplan.ui.faults import show_warnings
from mediaplan.ui.loading import Files, read
from mediaplan.ui.markup import escaped
from mediaplan.ui.not_yet import show_data_first, show_unusable
from mediaplan.ui.session import draft, files, words
from mediaplan.words import Percent, Words


def show() -> None:
    """The whole page."""
    said = words()
    st.title(said.text("Would it have worked?"))
    st.markdown(escaped(said.say(EXPLAINED)))
    if not files().history:
        why = said.text("Choose your data first: they are what is looked back on.")
        if files().enough:
            why = said.text("A rate card alone tells no past: add a history, and it is looked at here.")
        show_data_first(said, why, ":material/history:")
        return
    with st.spinner(said.text("Looking back…")):
        found = _look_back(draft().so_far(), files())
    if not isinstance(found, Backtest):
        show_unusable(said, found, said.text("There is nothing to look back on yet."))
        return
    figures = Figures(said, found.currency)
    for judgement in found.judgements:
        _judged(judgement, figures)
    st.subheader(said.text("What this can’t tell"))
    st.markdown("\n".join(f"- {escaped(said.say(limit))}" for limit in LIMITS))
    show_warnings(said, found.warnings)


def _look_back(brief: Brief, taken: Files) -> Backtest | MediaplanError:
    asked = (brief.currency, sorted(brief.exchange.items(), key=str), brief.columns)
    about = (brief.slots, brief.goal, brief.as_of)
    return _kept(repr((taken.digest, asked, about)), brief, taken)


@st.cache_resource(max_entries=8, show_spinner=False)
def _kept(key: str, _brief: Brief, _files: Files) -> Backtest | MediaplanError:  # noqa: ARG001 - the cache's key
    found = read(_brief, _files)
    if not isinstance(found, Records):
        return found
    try:
        with noticed(*found.warnings):
            return look_back(found.history, found.posts, found.audiences, _brief)
    except MediaplanError as error:
        return error


def _judged(judgement: Judgement, figures: Figures) -> None:
    said = figures.words
    name = said.say(measure_name(judgement))
    st.subheader(escaped(said.text("{measure}: would it have chosen better?", measure=name)))
    st.markdown(escaped(said.say(verdict(judgement))))
    _cards(judgement, said)
    heads = (price_head(judgement, said), said.text("best quarter"), said.text("best half"))
    against = said.text("mediaplan against it")
    table = pd.DataFrame(
        [(*row[:3], " · ".join(part for part in row[3:] if part)) for row in choice_rows(judgement, figures)],
        columns=[*heads, against],
    )
    st.table(
        table.map(escaped),
        border="horizontal",
        hide_index=True,
        alt=said.text("What each way of planning would have brought"),
    )
    st.subheader(escaped(said.text("{measure}: are its intervals honest?", measure=name)))
    with st.container(border=True):
        st.caption(
            said.text(
                "Bar: {level} interval; line: expected; diamond: what came.",
                level=Percent(LEVELS[1]),
            )
        )
        st.altair_chart(
            weeks_chart(judgement, figures), alt=said.text("Expected and real results of each week")
        )
    st.markdown("\n".join(f"- {escaped(said.say(sentence))}" for sentence in honesty(judgement)))


def _cards(judgement: Judgement, said: Words) -> None:
    """The three answers in a number each."""
    did = judgement.choice("did", HALF)
    assert did is not None
    held, promised = judgement.coverage, judgement.promise
    better = f"×{said.number(did.against.mean, 2)}" if math.isfinite(did.against.mean) else UNDEFINED
    delivered = promised.delivered / promised.promised if promised.promised > 0 else float("nan")
    cards = (
        (said.text("Against what you did"), better),
        (
            said.text("Lines within their {level} interval", level=Percent(LEVELS[1])),
            said.percent(held.of_lines[1], 0),
        ),
        (
            said.text("Delivered for one promised"),
            said.number(delivered, 2) if math.isfinite(delivered) else UNDEFINED,
        ),
    )
    with st.grid(len(cards), min_column_width=210):
        for label, value in cards:
            with st.container(border=True, height="stretch"):
                st.metric(escaped(label), escaped(value))


if __name__ == "__main__":
    show()
