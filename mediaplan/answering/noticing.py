"""What was noticed of the data before a fault: said beside it, since it may be the reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mediaplan.words import Sentence


@contextmanager
def noticed(*warnings: Sentence) -> Iterator[None]:
    """Give these warnings to every error that leaves, each of them once.

    Args:
        warnings: What the person would have been told beside a result.
    """
    from mediaplan.errors import MediaplanError

    try:
        yield
    except MediaplanError as error:
        error.warnings = tuple(dict.fromkeys((*warnings, *error.warnings)))
        raise
