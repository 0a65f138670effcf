"""What a browser hands over: uploads as files, which kinds are offered, and what the fields for them say."""

from __future__ import annotations

import json
from typing import Any

from mediaplan.history.files.sources import File
from mediaplan.words import Words

TABLES = ["csv", "tsv", "txt", "xlsx", "parquet"]
"""Endings of tables."""

LARGEST = 200
"""Megabytes of one file at the most."""


def uploaders_in(words: Words) -> str:
    """A style that says in that language what Streamlit says in English only inside its fields for files."""
    said = {
        '[data-testid="stBaseButton-secondary"] p': words.text("Choose a file…"),
        '[data-testid="stFileUploaderDropzoneInstructions"] span': words.text(
            "{size} MB per file at the most", size=LARGEST
        ),
    }
    rules = [
        f'[data-testid="stFileUploaderDropzone"] {place} {{ font-size: 0; }}\n'
        f'[data-testid="stFileUploaderDropzone"] {place}::after'
        f" {{ content: {json.dumps(text, ensure_ascii=False)}; font-size: 0.875rem; }}"
        for place, text in said.items()
    ]
    return "<style>" + "\n".join(rules) + "</style>"


def uploaded(upload: Any) -> File:
    """An upload of Streamlit as a file."""
    return File(upload.name, upload.getvalue())
