"""What is wrong, for the person who has to put it right: a table of faults, warnings, a clash with its repairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from mediaplan.errors import MediaplanError, NoPlanError, Problem, Repair
from mediaplan.ui.form_faults import in_form, place_in_form
from mediaplan.ui.markup import escaped
from mediaplan.words import Sentence, Words

READ_AT_ONCE = 40
"""Faults shown in full sentences; more go into a table that scrolls."""

WARNINGS_AT_ONCE = 4


def show_faults(words: Words, error: MediaplanError, heading: str, *, form: bool = False) -> None:
    """All faults of an error, each with its place, its value and what to do.

    Args:
        words: The language.
        error: Whose problems.
        heading: What they hold back.
        form: They are what a form still lacks: said calmly, and placed by the form's own labels.
    """
    files = {problem.file for problem in error.problems}
    only = f" · {escaped(str(next(iter(files))))}" if len(files) == 1 and None not in files else ""
    text = f"**{escaped(heading)}** {_counted(words, len(error.problems), form=form)}{only}"
    if form:
        st.info(text, icon=":material/pending:")
    else:
        st.error(text, icon=":material/error:")
    table = _fault_table(words, error.problems, form=form, several=len(files) > 1)
    name = words.text("What is wrong, and what to do")
    if len(table) <= READ_AT_ONCE:
        st.table(table.map(_lines_escaped), border="horizontal", hide_index=True, alt=name)
    else:
        st.dataframe(table, hide_index=True, row_height=58, alt=name)


def _lines_escaped(text: str) -> str:
    return "  \n".join(escaped(line) for line in text.split("\n"))


def _counted(words: Words, count: int, *, form: bool) -> str:
    if form:
        return words.text("Still to do: {count}", count=count)
    if count == 1:
        return words.text("One thing is to be put right.")
    return words.text("{count} things are to be put right.", count=count)


def _fault_table(words: Words, problems: Sequence[Problem], *, form: bool, several: bool) -> pd.DataFrame:
    """One row for each problem: few columns, so that a phone can show them."""
    place = place_in_form if form else _place
    problems = list(dict.fromkeys(map(in_form, problems))) if form else problems
    rows = {
        words.text("File"): [problem.file or "" for problem in problems],
        words.text("Where"): [place(problem, words) for problem in problems],
        words.text("Value"): [problem.value or "" for problem in problems],
        words.text("What was found, and what to do"): [
            "\n".join(_capital(words.say(sentence)) for sentence in (problem.message, problem.remedy))
            for problem in problems
        ],
    }
    if not several:
        rows.pop(words.text("File"))
    return pd.DataFrame({head: cells for head, cells in rows.items() if any(cells)})


def _place(problem: Problem, words: Words) -> str:
    """`line 3, spend`."""
    row = [words.text("line {row}", row=str(problem.row))] if problem.row is not None else []
    return ", ".join([*row, *([problem.column] if problem.column else [])])


def show_warnings(words: Words, warnings: Sequence[Sentence]) -> None:
    """What deserves a word; many are folded away behind the first ones."""
    said = [_capital(words.say(warning)) for warning in warnings]
    if not said:
        return
    if len(said) <= WARNINGS_AT_ONCE:
        st.warning(_listed(said), icon=":material/info:")
        return
    with st.expander(words.text("{count} things to know", count=len(said)), icon=":material/info:"):
        st.markdown(_listed(said))


def _capital(text: str) -> str:
    """A sentence begins with a capital letter, but a file that it begins with keeps its name."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return text if "." in first.rstrip(".,:") else text[:1].upper() + text[1:]


def _listed(said: Sequence[str]) -> str:
    if len(said) == 1:
        return escaped(said[0])
    return "\n".join(f"- {escaped(text)}" for text in said)


def show_no_plan(words: Words, error: MediaplanError, heading: str) -> None:
    """Why a brief has no plan, under its heading: the clash with all its repairs, or its faults."""
    if isinstance(error, NoPlanError) and error.conflicts:
        st.markdown(f"**{escaped(heading)}**")
        show_refusal(words, error)
    else:
        show_faults(words, error, heading)


def show_refusal(words: Words, refusal: NoPlanError, apply: Callable[[Repair], None] | None = None) -> None:
    """The rules that clash, why, and a button for each repair.

    Args:
        words: The language.
        refusal: What to show.
        apply: Called with the repair whose button was pressed, before the page is shown anew; without it, repairs are
            only told.
    """
    for conflict in refusal.conflicts:
        lines = [f"**{words.text('No plan can keep all of these rules:')}**"]
        lines += [f"- {escaped(_capital(words.say(rule)))}" for rule in conflict.rules]
        st.error(
            "\n".join(lines) + f"\n\n{escaped(_capital(words.say(conflict.together)))}",
            icon=":material/block:",
        )
    if refusal.more:
        st.markdown(words.text("There are more clashes than these: mend these first, then plan again."))
    if not refusal.repairs:
        st.markdown(words.text("No change of a single rule is enough: loosen several of them in the brief."))
        return
    st.markdown(f"**{words.say(refusal.mended())}**")
    if apply is None:
        st.markdown("\n".join(f"- {escaped(_capital(words.say(each.change)))}" for each in refusal.repairs))
        return
    for number, repair in enumerate(refusal.repairs):
        st.button(
            escaped(_capital(words.say(repair.change))),
            key=f"repair_{number}",
            icon=":material/build:",
            on_click=apply,
            args=(repair,),
            wrap=True,
        )
