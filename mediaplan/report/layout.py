"""How text stands on a terminal: figures under each other, paragraphs that never break an amount in two."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from mediaplan.report.steering import clean

HEAD = 8
"""Columns that a head of several words is broken into, where each of its words fits."""


class Grid:
    """Rows whose figures stand under each other, each row a block of its own so that full-width text fits between.

    Args:
        heads: Above the figures; broken into words where the figures are narrower.
        rows: All figures that will stand there.
    """

    def __init__(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self._widths = [
            max(
                min(HEAD, len(head)),
                *(len(word) for word in head.split(" ")),
                *(len(row[place]) for row in rows),
            )
            for place, head in enumerate(heads)
        ]

    def row(self, first: RenderableType, figures: Sequence[str], style: str = "") -> Table:
        """One row: whatever stands on the left, then the figures."""
        table = Table.grid(padding=(0, 2, 0, 0), expand=True)
        table.add_column(ratio=1, overflow="fold", vertical="bottom" if style else "top")
        for width in self._widths:
            table.add_column(justify="right", width=width, vertical="bottom")
        table.add_row(first, *(Text(figure, style=style) for figure in figures))
        return table


def paragraph(text: str, width: int, *, indent: str = "", label: str = "", style: str = "") -> Text:
    """Text broken into lines, each indented.

    Rich breaks lines at no-break spaces too, and so would part an amount from its currency: this does not.

    Args:
        text: What to say.
        width: Columns of the terminal.
        indent: Before each line.
        label: Before the text on the first line, in place of the indent; in bold.
        style: Of the text.
    """
    first = f"{label} " if label else indent
    broken = textwrap.fill(
        clean(text),
        width=max(width, len(first) + 20),
        initial_indent=first,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )
    said = Text(broken, style=style)
    if label:
        said.stylize("bold", 0, len(label))
    return said
