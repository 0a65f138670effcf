"""Rules for names are proposed from the names themselves: split at the separator, each piece by what it holds and varies with.

A proposal is for people to see and edit; nothing is read by it before somebody says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from mediaplan.history.naming.rules import GIVES, LEVELS, NameRule
from mediaplan.history.naming.vocabulary import CHANNELS, SEPARATORS, is_people, kind_of, plain

MOSTLY = 0.6
"""Share of the different pieces at one place that must look like one kind of thing."""

OFTEN = 0.1
"""Share of the names that have so many pieces, from which they get a pattern of their own."""

FEWEST = 2
"""Different names from which a convention can be seen."""

MOST_PIECES = 12
"""Pieces beyond which a name is a sentence, not a convention."""


@dataclass(frozen=True)
class Known:
    """The plan's words that are known already: from tables of posts and audiences, and from briefs.

    Attributes:
        post, audience, channel, slot: Names.
    """

    post: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    slot: tuple[str, ...] = ()

    def word(self, dimension: str, piece: str) -> str | None:
        """The known name that a piece means, separators, accents and letter case apart."""
        names: tuple[str, ...] = getattr(self, dimension)
        bare = plain(piece)
        return (
            piece if piece in names else next((name for name in names if bare and plain(name) == bare), None)
        )


NOTHING_KNOWN = Known()


def proposed(
    names: pd.DataFrame, known: Known = NOTHING_KNOWN, lacking: Sequence[str] = GIVES
) -> tuple[NameRule, ...]:
    """Rules that read names.

    Args:
        names: A column of names for each level (`ad`, `ad set`, `campaign`) or contract column, one row for each
            combination; `spend` is not looked at.
        known: The plan's words.
        lacking: What the rules may say; what the tables tell by themselves needs no rule.

    Returns:
        The rules, those of the finest level first; none where the names show no convention.
    """
    open_words = list(lacking)
    rules: list[NameRule] = []
    for origin in sorted((name for name in names if name != "spend"), key=_depth):
        found = _of_origin(_Level(str(origin), names, known, tuple(open_words)))
        said = {word for rule in found for word in rule.gives}
        open_words = [word for word in open_words if word not in said]
        rules += found
    return tuple(rules)


def _depth(origin: object) -> int:
    return LEVELS.index(str(origin)) if origin in LEVELS else -1


@dataclass(frozen=True)
class _Level:
    """The names of one level, and what may be said of them."""

    origin: str
    names: pd.DataFrame
    known: Known
    lacking: tuple[str, ...]

    @property
    def different(self) -> tuple[str, ...]:
        return tuple(sorted({str(name) for name in self.names[self.origin] if str(name).strip()}))

    @property
    def is_finest(self) -> bool:
        return self.origin not in LEVELS or self.origin == "ad"


@dataclass(frozen=True)
class _Split:
    """Names of one number of pieces.

    Attributes:
        separator: Between the pieces.
        pieces: One tuple for each name.
        labels: For each place what it holds; `None` = not known.
        words: For each place, the plan's word for each piece that differs from it.
    """

    separator: str
    pieces: Mapping[str, tuple[str, ...]]
    labels: tuple[str | None, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """How sure the split is: places that are known, then names that have them."""
        return sum(label not in (None, "other", "version") for label in self.labels)


def _of_origin(level: _Level) -> list[NameRule]:
    """The rules for one level: of the separator under which most places are known."""
    best: list[_Split] = []
    for separator in SEPARATORS:
        splits = _splits(level, separator)
        if _weight(splits) > _weight(best):
            best = splits
    if not best and (whole := _labelled(level, "", {name: (name,) for name in level.different})).score:
        best = [whole]
    return [rule for split in best if (rule := _rule(level, split)) is not None]


def _weight(splits: Sequence[_Split]) -> float:
    return sum(split.score * len(split.pieces) for split in splits)


def _splits(level: _Level, separator: str) -> list[_Split]:
    """The names by their number of pieces; those that only few have are left to the person."""
    names = level.different
    parts = {
        name: tuple(piece.strip() for piece in name.split(separator)) for name in names if separator in name
    }
    counts = Counter(len(pieces) for pieces in parts.values())
    enough = max(FEWEST, OFTEN * len(names))
    return [
        _labelled(level, separator, {name: pieces for name, pieces in parts.items() if len(pieces) == count})
        for count, often in counts.most_common()
        if often >= enough and count <= MOST_PIECES
    ]


def _labelled(level: _Level, separator: str, pieces: Mapping[str, tuple[str, ...]]) -> _Split:
    words: dict[str, str] = {}
    labels: list[str | None] = []
    for column in zip(*pieces.values(), strict=True):
        label = _label(level, set(column))
        label = "other" if label in labels and label in ("audience", "channel", "slot", "hour") else label
        labels.append(label)
        if label in ("post", "audience", "channel", "slot"):
            words |= _words(level, label, set(column))
    return _Split(separator, pieces, tuple(labels), words)


def _label(level: _Level, values: set[str]) -> str | None:
    """What a place holds, by the plan's known words, then by what the pieces look like."""
    for dimension in ("audience", "post", "slot", "channel"):
        hits = sum(level.known.word(dimension, value) is not None for value in values)
        if hits and hits >= MOSTLY * len(values):
            return dimension
    kinds = Counter(kind_of(value) for value in values)
    kind, often = kinds.most_common(1)[0]
    if kind is not None and often >= MOSTLY * len(values):
        return kind
    if len(values) == 1:
        return "other"
    people = sum(map(is_people, values))
    return "audience" if people >= MOSTLY * len(values) else None


def _words(level: _Level, dimension: str, values: set[str]) -> dict[str, str]:
    """The plan's word for pieces that write it otherwise."""
    found = {}
    for value in sorted(values):
        word = level.known.word(dimension, value)
        if word is None and dimension == "channel":
            word = CHANNELS.get(plain(value))
        if word is not None and word != value:
            found[value] = word
    return found


def _rule(level: _Level, split: _Split) -> NameRule | None:
    """The rule that a split makes; `None` where it would say nothing that the names do not say as a whole."""
    labels = list(split.labels)
    if level.is_finest and "audience" in level.lacking and "audience" not in labels:
        _guess_audience(level, split, labels)
    fields = [_field(level, label, labels) for label in labels]
    told = set(fields) & set(GIVES)
    if not told or (told == {"post"} and "post" not in split.labels):
        return None
    if not split.words and (
        len(fields) == 1 or (told == {"audience"} and level.origin == "ad set" and set(fields) == told)
    ):
        return None
    pattern = split.separator.join("{" + name + "}" for name in fields)
    return NameRule(level.origin, pattern, words=dict(split.words))


def _field(level: _Level, label: str | None, labels: Sequence[str | None]) -> str:
    """The field for a place: what is no line's business is part of the post's name, where nothing else is."""
    if label in GIVES:
        return label if label in level.lacking else "other"
    if level.is_finest and "post" in level.lacking and "post" not in labels and label != "other":
        return "post"
    if (
        level.origin == "ad set"
        and label is None
        and "audience" in level.lacking
        and "audience" not in labels
    ):
        return "audience"
    return label or "other"


def _guess_audience(level: _Level, split: _Split, labels: list[str | None]) -> None:
    """Take the place that varies with the ad set, and not with the ads in it, for the audience."""
    unknown = [place for place, label in enumerate(labels) if label is None]
    if "ad set" in level.names and level.origin == "ad":
        unknown = [place for place in unknown if _varies_with_sets(level, split, place)]
        if unknown:
            labels[unknown[0]] = "audience"
        return
    # Without ad sets to compare with, only a name whose other pieces are known is likely to name its audience,
    # and an audience is one that several ads are for: "Reel sales", "Photo team" hold none.
    several = len(unknown) > 1
    unknown = [place for place in unknown if _recurs(split, place)]
    sure = sum(label in ("date", "format", "slot", "hour", "objective", "post") for label in labels)
    if unknown and (several or "post" in labels or {"date", "format"} & set(labels)) and sure:
        labels[unknown[-1]] = "audience"


def _recurs(split: _Split, place: int) -> bool:
    """Whether some piece of that place stands in several names."""
    return len({pieces[place] for pieces in split.pieces.values()}) < len(split.pieces)


def _varies_with_sets(level: _Level, split: _Split, place: int) -> bool:
    """Whether a piece is the same for all ads of an ad set, differs between ad sets, and the ads of some differ."""
    mine = level.names[level.names[level.origin].isin(list(split.pieces))]
    pieces = mine[level.origin].map(lambda name: split.pieces[name][place])
    sets = mine["ad set"]
    in_sets = pieces.groupby(sets).nunique()
    several = mine[level.origin].groupby(sets).nunique()
    return bool((in_sets == 1).all() and len(set(pieces)) > 1 and (several > 1).any())
