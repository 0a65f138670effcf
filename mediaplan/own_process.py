"""A process that is all ours, of a command or of a batch's worker, looks for garbage seldom: what it loads at its start stays."""

from __future__ import annotations

import gc

OBJECTS = 10_000
"""New objects after which Python looks for unreachable ones; by itself it does after 700, and goes through all that was loaded
several times while it loads, which is a sixth of a short command's time."""


def look_for_garbage_seldom() -> None:
    """Let this process look for unreachable objects after so many new ones."""
    gc.set_threshold(OBJECTS)
