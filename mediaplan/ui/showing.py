"""A plan on the page: its head figures, its parts, its calendar, its lines with their reasons, what limits it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from mediaplan.history.columns.kinds import kind_said
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.money import decimals
from mediaplan.planning.answer.contents import PlannedLine
from mediaplan.planning.answer.plans import Plan
from mediaplan.report.bearing import held_back
from mediaplan.report.figures import UNDEFINED, Figures, alike
from mediaplan.report.tables import SHOWN, biggest_first, calendar, parts, rule_rows, units_bought
from mediaplan.ui.charts import bars, calendar_chart, trail
from mediaplan.ui.markup import escaped
from mediaplan.words import MINUS, Percent, Sentence, Words

HEADINGS: Mapping[str, Sentence] = {
    "channel": Sentence("By channel"),
    "audience": Sentence("By audience"),
    "slot": Sentence("By slot"),
    "post": Sentence("By post"),
}

COLUMNS: Mapping[str, Sentence] = {
    "post": Sentence("Post"),
    "channel": Sentence("Channel"),
    "audience": Sentence("Audience"),
    "slot": Sentence("Slot"),
}


def show_head(plan: Plan, figures: Figures, before: Plan | None) -> None:
    """Money, results, cost per result and how good the plan is proven to be.

    Args:
        plan: What to show.
        figures: Its figures.
        before: The plan for the budget that the brief asked for, where the slider has left it.
    """
    cards = _cards(plan, figures)
    # four beside each other are too narrow for money, and three above one leave a hole
    with st.grid(2 if len(cards) == 4 else len(cards), min_column_width=210):
        for what, (label, value, note) in cards.items():
            with st.container(border=True, height="stretch", gap="xsmall"):
                change = escaped(_change(plan, before, what, figures)) if before else None
                st.metric(escaped(label), escaped(value), change, delta_color="off", delta_arrow="off")
                st.caption(escaped(note))
    if plan.tests is not None:
        st.markdown(f":material/science: {escaped(figures.words.say(plan.tests.sentence()))}")
    st.markdown(f":material/verified: {escaped(figures.words.say(plan.certificate.sentence()))}")


def _cards(plan: Plan, figures: Figures) -> dict[str, tuple[str, str, str]]:
    """What each card is about -> its label, its figure and a note."""
    words, totals, level = figures.words, plan.totals, Percent(plan.brief.level)

    def interval(span: str) -> str:
        return words.text("{level} interval: {span}", level=level, span=span)

    results = words.text(
        "{kinds}; {interval}",
        kinds=[kind_said(kind) for kind in plan.kinds],
        interval=interval(figures.span(totals.results)),
    )
    cards = {
        "money": (
            words.text("Money for the platforms"),
            figures.money(plan.spent),
            _money_notes(plan, figures),
        ),
        "results": (words.text("Expected results"), figures.count(totals.results.mean), results),
        "cpr": (
            words.text("Cost per result"),
            figures.cost(totals.cpr.mean),
            interval(figures.cost_span(totals.cpr)),
        ),
    }
    if plan.brief.goal.word == "most value":
        cards["value"] = (
            words.text("Value"),
            figures.count(totals.value.mean),
            interval(figures.span(totals.value)),
        )
    return cards


def _money_notes(plan: Plan, figures: Figures) -> str:
    words, left = figures.words, figures.left(plan)
    budget = plan.brief.budget
    said = [
        words.text("what the rules need")
        if budget is None
        else words.text("of a budget of {budget}", budget=budget)
    ]
    if plan.fee.minor:
        said.append(words.text("fee {fee}", fee=plan.fee))
    if plan.tax.minor:
        said.append(words.text("tax {tax}", tax=plan.tax))
    if left is not None:
        said.append(words.text("left {money}", money=left))
    return ", ".join(said)


def _change(plan: Plan, before: Plan, what: str, figures: Figures) -> str:
    """How much that card's figure differs from the other plan's."""
    match what:
        case "money":
            difference = plan.spent.amount - before.spent.amount
            return _signed(difference, figures.words.currency(abs(difference), figures.currency))
        case "cpr":
            difference = plan.totals.cpr.mean - before.totals.cpr.mean
            return _signed(difference, figures.cost(abs(difference)))
        case _:
            difference = getattr(plan.totals, what).mean - getattr(before.totals, what).mean
            return _signed(difference, figures.count(abs(difference)))


def _signed(difference: float, said: str) -> str:
    return f"{'+' if difference >= 0 else MINUS}{said}"


def show_plan(plan: Plan, figures: Figures, tried: Sequence[Plan]) -> None:
    """Everything below the head."""
    words = figures.words
    if not plan.lines_planned:
        st.info(words.text("No line receives money."))
        return
    if len(tried) > 1:
        with st.container(border=True):
            st.subheader(words.text("What other budgets bring"))
            st.caption(
                words.text(
                    "The budgets you tried, with the expected results and their {level} interval.",
                    level=Percent(plan.brief.level),
                )
            )
            st.altair_chart(trail(tried, plan, figures), alt=words.text("Results against budget"))
    _parts(plan, figures)
    with st.container(border=True):
        st.subheader(words.text("When it runs"))
        st.altair_chart(
            calendar_chart(calendar(plan, "channel"), figures),
            alt=words.text("Money per day of the flight, by channel"),
        )
    _lines(plan, figures)
    _limits(plan, words)
    _held(plan, words)


def _parts(plan: Plan, figures: Figures) -> None:
    words = figures.words
    st.subheader(words.text("Where the money goes"))
    found = [(dimension, parts(plan, dimension)) for dimension in SHOWN]
    with st.grid(2, min_column_width=300):
        for dimension, rows in found:
            if rows:
                with st.container(border=True, height="stretch"):
                    st.markdown(f"**{words.say(HEADINGS[dimension])}**")
                    st.altair_chart(
                        bars(rows, figures, st.context.theme.type), alt=words.say(HEADINGS[dimension])
                    )


def _lines(plan: Plan, figures: Figures) -> None:
    words = figures.words
    lines = biggest_first(plan)
    st.subheader(words.text("The lines"))
    st.caption(
        words.text(
            "{count} {count:line|lines}, most money first. Choose one to read why it is there.",
            count=len(lines),
        )
    )
    chosen = st.dataframe(
        _line_table(plan, lines, figures),
        hide_index=True,
        column_config={words.text("Why"): st.column_config.TextColumn(width=420)},
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": [0]}},
        alt=words.text("The lines of the plan"),
        key="lines",
    )
    rows = chosen.selection.rows
    _reason(lines[rows[0] if rows and rows[0] < len(lines) else 0], figures)


def _line_table(plan: Plan, lines: Sequence[PlannedLine], figures: Figures) -> Styler:
    """The lines as people read them; numbers stay numbers below what is shown, so that the table can be sorted."""
    words = figures.words
    used = [
        dimension for dimension in DIMENSIONS if any(getattr(line, dimension) is not None for line in lines)
    ]
    amount, results, cost = (
        words.text("Amount ({currency})", currency=figures.sign),
        words.text("Results"),
        words.text("Cost per result"),
    )
    table: dict[str, list[object]] = {amount: [line.amount.amount for line in lines]}
    table |= {words.say(COLUMNS[d]): [getattr(line, d) or UNDEFINED for line in lines] for d in used}
    if plan.brief.split != "none":
        table[words.text("First day")] = [figures.day(line.start) for line in lines]
    table |= {
        results: [line.results.mean for line in lines],
        words.text("Interval"): [figures.span(line.results) for line in lines],
        **_bought(words, lines),
        **_learnt(words, lines),
        cost: [line.cpr.mean for line in lines],
        words.text("Why"): [words.say(line.why) for line in lines],
    }
    most = max(line.results.mean for line in lines)
    digits = 0 if most >= 20 else alike([most])
    whole = all(line.amount.amount == round(line.amount.amount) for line in lines)
    money = 0 if whole else decimals(figures.currency)
    shown: dict[str, Any] = {
        amount: partial(words.number, digits=money),
        results: partial(figures.count, digits=digits),
        cost: figures.bare_cost,
    }
    return pd.DataFrame(table).style.format(shown)


def _bought(words: Words, lines: Sequence[PlannedLine]) -> dict[str, list[object]]:
    """A column with the units of a rate card, where any are bought."""
    units = [units_bought(line) for line in lines]
    if all(each is None for each in units):
        return {}
    return {words.text("Units"): [UNDEFINED if each is None else words.number(each) for each in units]}


def _learnt(words: Words, lines: Sequence[PlannedLine]) -> dict[str, list[object]]:
    """A column that marks tests, where there are any."""
    if not any(line.test for line in lines):
        return {}
    return {words.text("to learn"): [line.test for line in lines]}


def _reason(line: PlannedLine, figures: Figures) -> None:
    """Why that line is there, in full."""
    names = " · ".join(name for dimension in DIMENSIONS if (name := getattr(line, dimension)))
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{escaped(figures.money(line.amount))}** · {escaped(names)}")
        st.markdown(escaped(figures.words.say(line.why_and_doubt)))


def _limits(plan: Plan, words: Words) -> None:
    st.subheader(words.text("What limits the plan"))
    rows = rule_rows(plan)
    said = []
    for row in rows:
        why = f" ({escaped(row.why)})" if row.why else ""
        mark = ":material/lock:" if row.binding else ":material/check:"
        said.append(f"- {mark} **{escaped(words.say(row.rule))}**{why}  \n{escaped(words.say(row.bearing))}")
    st.markdown("\n".join(said))


def _held(plan: Plan, words: Words) -> None:
    if not plan.held:
        return
    with st.expander(
        words.text("Posts on hold or ended ({count})", count=len(plan.held)), icon=":material/pause_circle:"
    ):
        st.markdown(
            "\n".join(
                "- "
                + words.text(
                    "{what}: {said}",
                    what=f"**{escaped(held.post)}**",
                    said=escaped(words.say(held_back(plan, held))),
                )
                for held in plan.held
            )
        )
