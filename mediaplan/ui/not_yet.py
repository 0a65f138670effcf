"""Pages that can show nothing yet: what they say while the data or the brief is missing or wrong, and the way there."""

from __future__ import annotations

import streamlit as st

from mediaplan.errors import MediaplanError
from mediaplan.ui.faults import show_faults, show_warnings
from mediaplan.ui.places import BRIEF, DATA
from mediaplan.words import Words


def show_data_first(words: Words, why: str, icon: str) -> None:
    """That files are to be chosen before anything can be shown here.

    Args:
        words: The language.
        why: What they are needed for.
        icon: The page's own.
    """
    st.info(why, icon=icon)
    _way_to_data(words)


def show_unusable(words: Words, error: MediaplanError, heading: str) -> None:
    """What is wrong with the files that were chosen.

    Args:
        words: The language.
        error: Whose problems.
        heading: What they hold back.
    """
    show_faults(words, error, heading)
    show_warnings(words, error.warnings)
    _way_to_data(words)


def show_brief_not_ready(words: Words, error: MediaplanError) -> None:
    """What the brief of the form still lacks."""
    show_faults(words, error, words.text("The brief is not ready yet."), form=True)
    _way_to_brief(words)


def show_no_plan(words: Words, error: MediaplanError) -> None:
    """Why a brief that is ready has no plan."""
    show_faults(words, error, words.text("There is no plan yet."))
    show_warnings(words, error.warnings)
    _way_to_brief(words)


def _way_to_data(words: Words) -> None:
    st.page_link(DATA, label=words.text("Go to the data"), icon=":material/table_chart:")


def _way_to_brief(words: Words) -> None:
    st.page_link(BRIEF, label=words.text("Go to the brief"), icon=":material/edit_note:")
