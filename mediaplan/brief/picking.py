"""By what rules pick lines, and what counts as a name."""

from __future__ import annotations

import unicodedata
from typing import Any

from mediaplan.errors import Problem
from mediaplan.words import Sentence

PICKS = ("post", "channel", "audience", "slot", "format", "topic")
"""By what a rule may pick lines."""


def names_of(given: Any) -> tuple[str, ...] | None:
    """The names that a pick states, as names are compared; `None` where they are none."""
    if given is None:
        return ()
    if isinstance(given, (set, frozenset)):
        given = sorted(given, key=str)
    names = (given,) if isinstance(given, str) else given
    if not isinstance(names, (list, tuple)) or given == []:
        return None
    if not all(isinstance(name, str) and name.strip() for name in names):
        return None
    return tuple(unicodedata.normalize("NFC", name).strip() for name in names)


def misstated(key: str, value: Any, kind: Sentence) -> Problem:
    """The fault of a field of a rule that takes another kind of value."""
    message = Sentence("{key} is “{value}”.", key=key, value=str(value))
    return Problem(message, Sentence("It takes {kind}.", kind=kind), column=key, value=str(value))
