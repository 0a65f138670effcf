"""What pieces of names look like: dates, formats, dayparts, channels, people, as naming conventions write them."""

from __future__ import annotations

import re
import unicodedata

SEPARATORS = ("|", "_", " - ", " – ", " / ", "/", ";", " · ", " ", "-", ".")
"""What stands between the pieces of a name, the surest first."""

SLOTS = frozenset(
    [
        "matin",
        "midi",
        "aprem",
        "apresmidi",
        "soir",
        "soiree",
        "nuit",
        "journee",
        "semaine",
        "weekend",
        "we",
        "week",
        "end",
        "jour",
        "morning",
        "noon",
        "lunch",
        "afternoon",
        "evening",
        "night",
        "day",
        "daytime",
        "weekday",
        "weekdays",
        "manana",
        "tarde",
        "noche",
        "finde",
        "manha",
        "noite",
        "morgen",
        "mittag",
        "abend",
        "nacht",
        "wochenende",
        "ochtend",
        "middag",
        "avond",
    ]
)
"""Words for dayparts and parts of the week, as `plain` writes them."""

CHANNELS = {
    "facebook": "facebook", "fb": "facebook", "instagram": "instagram", "ig": "instagram", "insta": "instagram",
    "tiktok": "tiktok", "tt": "tiktok", "linkedin": "linkedin", "li": "linkedin", "snapchat": "snapchat", "snap": "snapchat",
    "pinterest": "pinterest", "youtube": "youtube", "yt": "youtube", "google": "google", "twitter": "x", "messenger": "messenger",
    "whatsapp": "whatsapp",
}  # fmt: skip
"""Channels by the words for them, as `plain` writes them."""

FORMATS = frozenset(
    [
        "reel",
        "reels",
        "photo",
        "photos",
        "image",
        "images",
        "img",
        "video",
        "videos",
        "vid",
        "carousel",
        "carrousel",
        "carrusel",
        "carrossel",
        "story",
        "stories",
        "static",
        "gif",
        "collection",
        "link",
        "lien",
        "post",
        "live",
        "short",
        "shorts",
        "ugc",
        "banner",
        "slideshow",
        "diaporama",
        "spark",
        "text",
        "texte",
        "article",
    ]
)
"""Words for formats."""

OBJECTIVES = frozenset(
    [
        "conv",
        "conversion",
        "conversions",
        "lead",
        "leads",
        "trafic",
        "traffic",
        "awareness",
        "notoriete",
        "reach",
        "couverture",
        "engagement",
        "engagements",
        "sales",
        "ventes",
        "messages",
        "message",
        "achat",
        "achats",
        "purchase",
        "purchases",
        "install",
        "installs",
        "clic",
        "clics",
        "clicks",
        "boost",
    ]
)
"""Words for objectives."""

_PEOPLE = re.compile(
    "parent|famil|femme|homme|women|woman|men$|^men|mom|maman|mere|pere|dad|jeune|young|youth|ado|teen|senior|etudiant|student|adult|"
    "lookalike|similaire|^lal|retarget|remarket|recibl|prospect|broad|large$|visit|client|customer|acheteur|buyer|fan|follower|abonne|"
    "commut|local|tourist|pro$|pros$|b2b|interet|interest|custom|[0-9]{2}-?[0-9]{2}$|[0-9]{2}(ans|plus)$"
)
_MONTHS = (
    "jan|janv|janvier|january|feb|fev|fevrier|february|mar|mars|march|apr|avr|avril|april|mai|may|jun|juin|june|jul|juil|juillet|july|"
    "aug|aou|aout|august|sep|sept|septembre|september|oct|octobre|october|nov|novembre|november|dec|decembre|december"
)
_DATE = re.compile(
    rf"(?:20)?\d\d[-./ ]?(?:0[1-9]|1[0-2])(?:[-./ ]?[0-3]\d)?|[0-3]?\d[-./ ][01]?\d(?:[-./ ](?:20)?\d\d)?|20\d\d|"
    rf"(?:{_MONTHS})[-. ]?(?:20)?(?:\d\d)?|(?:20)?\d\d[-. ]?(?:{_MONTHS})|[tqsw]\d{{1,2}}(?:[-. ]?(?:20)?\d\d)?"
)
_HOUR = re.compile(r"(?:[01]?\d|2[0-3])h(?:00)?|(?:[01]?\d|2[0-3]):00")
_VERSION = re.compile(r"(?:v|var|version|ad|test)?[-. ]?\d{1,3}|v[a-z]|[a-z]|copy|copie|new|old")


def plain(text: str) -> str:
    """A piece as it is compared: no accents, no letter case, no separators."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "", bare.casefold())


def kind_of(piece: str) -> str | None:
    """What a piece looks like by itself, as a pattern's field calls it; `None` where it could be anything."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", piece) if not unicodedata.combining(c)).casefold()
    if _HOUR.fullmatch(bare):
        return "hour"
    if _DATE.fullmatch(bare):
        return "date"
    word = plain(piece)
    for kind, known in (
        ("slot", SLOTS),
        ("channel", CHANNELS),
        ("format", FORMATS),
        ("objective", OBJECTIVES),
    ):
        if word in known:
            return kind
    return "version" if _VERSION.fullmatch(bare) else None


def is_people(piece: str) -> bool:
    """Whether a piece sounds like a group of people."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", piece) if not unicodedata.combining(c)).casefold()
    return bool(_PEOPLE.search(bare))
