"""Pages that look at the past: what they say while there is none, or none that can be used, and the way to the data."""

from __future__ import annotations

import streamlit as st

from mediaplan.errors import MediaplanError
from mediaplan.ui.faults import show_faults
from mediaplan.ui.places import DATA
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
    _way_to_data(words)


def _way_to_data(words: Words) -> None:
    st.page_link(DATA, label=words.text("Go to the data"), icon=":material/table_chart:")
