"""Exports in the shapes that platforms give them, written by our own code, each with the truth that it holds.

The names of columns stand here once more, as the platforms write them: the tests compare two sources, not one with itself.
"""

from __future__ import annotations

from collections.abc import Callable

from exports_by_platform.account import Export
from exports_by_platform.google import google, google_2016, google_api, google_hours
from exports_by_platform.linkedin import linkedin, linkedin_api, linkedin_empty
from exports_by_platform.meta import (
    HOURS,
    META,
    meta,
    meta_api,
    meta_derived,
    meta_empty,
    meta_hours,
    meta_pivot,
    meta_places,
    meta_regions,
    meta_workbook,
)
from exports_by_platform.others import (
    pinterest,
    snapchat,
    snapchat_api,
    tiktok,
    tiktok_api,
    tiktok_gmv,
    x_ads,
    x_api,
)

SHAPES: tuple[Callable[[], Export], ...] = (
    *(lambda language=language: meta(language) for language in META),
    *(lambda language=language: meta(language, total=True) for language in ("en", "fr", "es")),
    *(lambda variant=variant: meta("fr", total=True, variant=variant) for variant in ("resaved", "straight", "spaces", "bare", "mojibake")),
    *(lambda variant=variant: meta_hours(variant) for variant in HOURS),
    *(lambda language=language: meta_workbook(language) for language in META),
    meta_derived, meta_places, meta_regions, meta_empty, meta_api,
    *(lambda language=language: meta_pivot(language) for language in ("en", "fr", "es")),
    lambda: meta_pivot(childless=True),
    *(lambda variant=variant: google(variant) for variant in ("us", "uk", "device", "daily", "fr", "de", "es", "pt", "nl")),
    google_2016, google_hours, google_api,
    *(lambda variant=variant: linkedin(variant) for variant in ("en", "old", "es", "nl")),
    linkedin_empty, linkedin_api,
    lambda: tiktok("en"), lambda: tiktok("fr"), tiktok_gmv, tiktok_api,
    lambda: snapchat("en"), lambda: snapchat("fr"), snapchat_api, pinterest, x_ads, x_api,
)  # fmt: skip
"""Every shape of a report of money."""

EXPORTS = tuple(make() for make in SHAPES)
