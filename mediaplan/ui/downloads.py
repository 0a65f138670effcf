"""The plan's files, the same as the command line writes them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from mediaplan.brief.writing import brief_toml
from mediaplan.planning.answer.plans import Plan
from mediaplan.report.files import launch_csv, lines_csv, plan_json
from mediaplan.report.html import html_report
from mediaplan.response.responses import Response
from mediaplan.ui.loading import diagnosis_of
from mediaplan.words import Words

KINDS = {".html": "text/html", ".csv": "text/csv", ".json": "application/json", ".toml": "application/toml"}


def show_downloads(plan: Plan, words: Words, response: Response | None) -> None:
    """A button for each file of the plan.

    Args:
        plan: Whose files.
        words: In which language they are.
        response: What it was made from: for the report, and for who the posts are.
    """
    offered = {
        "report.html": (
            words.text("Report"),
            ":material/description:",
            words.text("To read, print or send: one file that needs nothing else."),
        ),
        "launch.csv": (
            words.text("Launch sheet"),
            ":material/rocket_launch:",
            words.text("What to type into the platforms, line by line."),
        ),
        "lines.csv": (words.text("Lines"), ":material/table_rows:", words.text("The lines as a table.")),
        "brief.toml": (
            words.text("Brief"),
            ":material/edit_note:",
            words.text("What you asked for; the command line answers it with the same plan."),
        ),
        "plan.json": (
            words.text("Data of the plan"),
            ":material/data_object:",
            words.text("The whole plan, for other programs."),
        ),
    }
    with st.container(horizontal=True):
        for name, (label, icon, says) in offered.items():
            st.download_button(
                label,
                partial(document, name, plan, words, response),
                file_name=name,
                mime=KINDS[Path(name).suffix],
                icon=icon,
                help=says,
                on_click="ignore",
                key=f"download_{name}",
            )


def document(name: str, plan: Plan, words: Words, response: Response | None) -> bytes:
    """One file of the plan: the brief, or what `mediaplan plan -o` writes under that name."""
    posts = None if response is None else response.posts
    match name:
        case "report.html":
            found = None if response is None else diagnosis_of(response)
            return html_report([plan], words, posts, found).encode()
        case "launch.csv":
            return launch_csv(plan, words, posts)
        case "lines.csv":
            return lines_csv(plan, words)
        case "plan.json":
            return plan_json(plan, words)
        case _:
            return brief_toml(plan.brief).encode()
