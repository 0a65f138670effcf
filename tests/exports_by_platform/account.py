"""What really happened on one invented account, and how it is written into files that say so."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

NARROW, WIDE = "\u202f", "\u00a0"


@dataclass(frozen=True)
class Row:
    """What really happened on one day, for one ad and one kind of people."""

    day: date
    campaign: str
    group: str
    ad: str
    age: str
    gender: str
    platform: str
    placement: str
    hour: int
    cents: int
    impressions: int
    clicks: int
    results: int
    kind: str

    @property
    def money(self) -> str:
        return f"{self.cents // 100}.{self.cents % 100:02d}"

    @property
    def comma(self) -> str:
        return self.money.replace(".", ",")


@dataclass(frozen=True)
class Export:
    """A file and the truth that it holds; `results` by the kind as the reader calls it."""

    name: str
    content: bytes
    platform: str
    language: str | None
    currency: str | None
    spend: Decimal
    impressions: int
    clicks: int
    results: dict[str, int]
    first: date | None
    last: date | None
    rows: int
    dropped: int = 0
    dimensions: tuple[str, ...] = ()
    encoding: str | None = "utf-8"
    extra: dict[str, object] = field(default_factory=dict)


KINDS = ("Website purchases", "Messaging conversations started")


def world(days: int = 4, seed: int = 7) -> list[Row]:
    """Two campaigns, three ads, some days; some rows without any result."""
    random = np.random.default_rng(seed)
    rows = []
    ads = (
        ("Rentrée « Été »", "Parents, Abidjan", "Reel; n° 1", KINDS[0]),
        ("Rentrée « Été »", "Étudiants", 'Photo "B"', KINDS[0]),
        ("Total Wine", "Tous", "All together", KINDS[1]),
    )
    people = (("18-24", "female", "facebook", "Feed"), ("25-34", "male", "instagram", "Instagram Stories"))
    for at in range(days):
        for campaign, group, ad, kind in ads:
            for number, (age, gender, platform, placement) in enumerate(people):
                cents = int(random.integers(1_000, 200_000))
                rows.append(
                    Row(
                        date(2026, 9, 10) + timedelta(at), campaign, group, ad, age, gender, platform, placement,
                        8 + 10 * number, cents, int(random.integers(900, 90_000)), int(random.integers(10, 2_000)),
                        int(random.integers(1, 1_400)) if random.random() < 0.8 else 0, kind,
                    )
                )  # fmt: skip
    return rows


WORLD = world()


NOTHING: dict[str, Any] = {
    "spend": Decimal(0),
    "impressions": 0,
    "clicks": 0,
    "results": {},
    "first": None,
    "last": None,
    "rows": 0,
}
"""What an export without a row holds."""


def text(
    rows: Iterable[Sequence[object]], separator: str = ",", encoding: str = "utf-8", end: str = "\n"
) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding)


def workbook(
    rows: Sequence[Sequence[object]], *, first_sheet: Sequence[Sequence[object]] | None = None
) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": datetime(2026, 9, 1)})  # noqa: DTZ001 - the same bytes on every day
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for lines in ([first_sheet] if first_sheet else []) + [rows]:
        sheet = book.add_worksheet()
        for r, line in enumerate(lines):
            for c, cell in enumerate(line):
                if isinstance(cell, date):
                    sheet.write_datetime(r, c, cell, day)
                elif cell is not None:
                    sheet.write(r, c, cell)
    book.close()
    return content.getvalue()


def truth(
    rows: Sequence[Row], *, typed: bool = True, kind: str | None = None, counted: bool = True
) -> dict[str, object]:
    """The figures of some rows: results by kind, all of one kind, or none."""
    results: dict[str, int] = {}
    for row in rows:
        name = row.kind if typed else str(kind)
        results[name] = results.get(name, 0) + row.results
    return {
        "spend": Decimal(sum(row.cents for row in rows)) / 100,
        "impressions": sum(row.impressions for row in rows),
        "clicks": sum(row.clicks for row in rows),
        "results": results if counted else {},
        "first": min(row.day for row in rows),
        "last": max(row.day for row in rows),
        "rows": len(rows),
    }


def thousands(number: int, mark: str = ",") -> str:
    return f"{number:,}".replace(",", mark)
