"""A report read as `check` reads it, and what is said of one that is refused."""

from __future__ import annotations

import pytest

from mediaplan.errors import InputError
from mediaplan.history.checking.checking import checked
from mediaplan.history.reading.reading import File, read_history


def one(content: bytes | str, **given):
    raw = content.encode() if isinstance(content, str) else content
    return checked(File("report.csv", raw), **given).files[0]


def said(content: bytes | str) -> str:
    with pytest.raises(InputError) as caught:
        read_history(File("report.csv", content.encode() if isinstance(content, str) else content))
    return str(caught.value)
