"""Exports whose names follow a convention, made with the truth beside them."""

from __future__ import annotations

import csv
import io
import itertools

CONVENTION = "{post}_{post}_{audience}_{slot}"
HEADER = (
    "Campaign name",
    "Ad set name",
    "Ad name",
    "Day",
    "Amount spent (EUR)",
    "Impressions",
    "Link clicks",
)
MONTHS, FORMATS = ("2026-10", "2026-11"), ("reel", "photo")
AUDIENCES, SLOTS = ("parents-abidjan", "femmes-niamey"), ("soir", "matin")


def meta_export(*, day: int = 1, odd: str = "Boost libre") -> bytes:
    """16 ads of 5.00 that follow the convention, and one of 7.00 that does not."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for month, form, audience, slot in itertools.product(MONTHS, FORMATS, AUDIENCES, SLOTS):
        ad = f"{month}_{form}_{audience}_{slot}"
        writer.writerow(["Rentrée", "All", ad, f"2026-11-{day:02d}", "5.00", 1000, 30])
    writer.writerow(["Rentrée", "All", odd, f"2026-11-{day:02d}", "7.00", 1000, 30])
    return text.getvalue().encode("utf-8-sig")
