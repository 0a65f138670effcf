"""Text from files that steers no terminal: without control characters, on one line or on several."""

from __future__ import annotations

import re


def harmless(text: str) -> str:
    """The text without control characters but ends of lines; tabs are spaces."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", text.replace("\t", " "))


def clean(text: str) -> str:
    """The same on one line, for names: ends of lines are spaces too."""
    return harmless(re.sub(r"[\t\n\v\f\r\x85]+", " ", text))
