"""Which separator a text's cells stand between, by a vote of its lines."""

from __future__ import annotations

import csv

SEPARATORS = ",;\t|"


def separator_of(head: str) -> str:
    """The separator by a vote of columns: the one by which most lines have as many cells as the header.

    Args:
        head: The first lines of the text; the last one may be cut off.
    """
    lines = [line for line in head.splitlines() if line.strip()][:50]
    if len(lines) > 2:
        lines = lines[:-1]
    votes = {separator: _vote(lines, separator) for separator in SEPARATORS}
    return max(SEPARATORS, key=votes.__getitem__)


def _vote(lines: list[str], separator: str) -> tuple[float, int]:
    try:
        counts = [len(row) for row in csv.reader(lines, delimiter=separator)]
    except csv.Error:
        counts = []
    if not counts or counts[0] < 2:
        return 0.0, 0
    return sum(count == counts[0] for count in counts) / len(counts), counts[0]
