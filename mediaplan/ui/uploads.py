"""What a browser hands over: uploads as files, and which kinds are offered."""

from __future__ import annotations

from typing import Any

from mediaplan.history.sources import File

TABLES = ["csv", "tsv", "txt", "xlsx", "parquet"]
"""Endings of tables."""


def uploaded(upload: Any) -> File:
    """An upload of Streamlit as a file."""
    return File(upload.name, upload.getvalue())
