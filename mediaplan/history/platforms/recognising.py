"""Which platform a table comes from, in which language: by its columns' names, never by the file's name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mediaplan.history.platforms.catalogue import API, Platform, known_headers, platforms, telling
from mediaplan.history.platforms.headers import compared, mended, without_currency
from mediaplan.history.records.records import DIMENSIONS, RESULT_PREFIX

FEWEST = 2
"""Columns that must be known in some language before anyone asks whose they are: most lines hold none."""

ALL = {"all", "tous", "toutes", "tout", "todos", "todas", "todo", "alle"}
"""What a pivot writes where a row sums over a dimension."""

WEAK = {
    "spend",
    "spent",
    "cost",
    "total cost",
    "cout",
    "coste",
    "costo",
    "custo",
    "kosten",
    "depense",
    "depenses",
}
"""Names of money that anyone's table may have: only a name that no other platform has tells whose they are."""

_OWN = {*DIMENSIONS, "days", "results", "hour"}

_LETTER = re.compile(r"[^\W\d_]")
"""Every name of a column holds one; most cells below the names are figures."""

ENOUGH = 3
"""Names of the contract beside `date` that make a table ours although its money goes by a name of somebody else's."""


@dataclass(frozen=True)
class Recognised:
    """A table whose columns' names are known.

    Attributes:
        platform: Where it comes from.
        language: Of the names: `en`, `fr`…; `None` for a programming interface's.
        columns: By own word, the positions of its columns, in the order of the platform's preferences.
        currency: That the name of the column of money (or of its price) tells.
        broken: Whether the names' encoding was broken and had to be mended.
    """

    platform: Platform
    language: str | None
    columns: Mapping[str, tuple[int, ...]]
    currency: str | None
    broken: bool

    def first(self, word: str) -> int | None:
        """The position of the first column of that word."""
        places = self.columns.get(word)
        return places[0] if places else None


def recognised(header: Sequence[str], above: Sequence[str] = ()) -> Recognised | None:
    """The platform and the language whose names stand in most of the headers; `None` where none fits.

    A table of our own contract (`date`, `spend` and names of ours) is no platform's.

    Args:
        header: The columns' names.
        above: The lines above them, where a platform's title may stand.
    """
    return _recognised(tuple(header), tuple(above))


@lru_cache(maxsize=256)
def _recognised(header: tuple[str, ...], above: tuple[str, ...]) -> Recognised | None:
    if known_names(header) < FEWEST:
        return None
    plain = [mended(name) for name in header]
    keys = [_keys(name) for name in plain]
    titled = empty_report(above)
    own = {compared(name) for name in header}
    best: tuple[int, Platform, str, dict[str, list[int]]] | None = None
    for platform in platforms():
        for language, names in platform.names.items():
            found = _found(keys, names)
            score = sum(len(places) for places in found.values())
            if (best is None or score > best[0]) and _fits(platform, found, keys, titled):
                best = (score, platform, language, found)
    if best is None or _is_ours(own, best[1]):
        return None
    _, platform, language, found = best
    return Recognised(
        platform=platform,
        language=None if language == API else language,
        columns={word: tuple(places) for word, places in found.items()},
        currency=_currency(plain, found),
        broken=any(one != other for one, other in zip(plain, header, strict=True)),
    )


def known_names(header: Sequence[str]) -> int:
    """How many of a line's cells are names of columns of some platform, in whatever language."""
    known = known_headers()
    return sum(not known.isdisjoint(_keys(mended(name))) for name in header if _LETTER.search(name))


def empty_report(lines: Sequence[str]) -> Platform | None:
    """The platform whose title stands in lines that hold no table: it exported a report without rows.

    Args:
        lines: The first lines of the file.
    """
    said = [compared(mended(line)) for line in lines[:10]]
    for platform in platforms():
        if any(line.startswith(title) or f" {title}" in line for line in said for title in platform.titles):
            return platform
    return None


def _fits(
    platform: Platform,
    found: Mapping[str, Sequence[int]],
    keys: Sequence[tuple[str, str]],
    titled: Platform | None,
) -> bool:
    """Whether a table is that platform's: it has what is needed, and something that nobody else has."""
    if not any(needs <= set(found) for needs in platform.needs):
        return False
    money = {key for at in found.get("spend", ()) for key in keys[at]}
    known = {key for pair in keys for key in pair}
    if known & platform.never:
        return False
    return not money & WEAK or titled is platform or bool(known & telling(platform.name) - WEAK)


def _keys(name: str) -> tuple[str, str]:
    """A header as it is compared, with and without a currency at its end."""
    return compared(name), compared(without_currency(name)[0])


def _found(keys: Sequence[tuple[str, str]], names: Mapping[str, str]) -> dict[str, list[int]]:
    """Positions by word; a name that the platform prefers stands before the others."""
    rank = {name: at for at, name in enumerate(names)}
    held: dict[str, list[tuple[int, int]]] = {}
    for at, (whole, bare) in enumerate(keys):
        name = next((key for key in (whole, bare) if key in names), None) or _hour(whole, names)
        if name is not None:
            held.setdefault(names[name], []).append((rank[name], at))
    return {word: [at for _, at in sorted(places)] for word, places in held.items()}


def _hour(whole: str, names: Mapping[str, str]) -> str | None:
    """The name of hours that this one begins like: platforms reword which time zone is meant."""
    hours = (name for name, word in names.items() if word == "hour" and "(" in name)
    return next((name for name in hours if whole.startswith(name.split(" (")[0] + " (")), None)


def _is_ours(own: set[str], platform: Platform) -> bool:
    """Whether the contract reads this table: its required columns, and no names that only the platform has."""
    ours = sum(name in _OWN or name.startswith(RESULT_PREFIX) for name in own)
    if "spend" not in own:
        return "date" in own and ours >= ENOUGH
    return "date" in own and (ours > 0 or len(own & telling(platform.name)) < 2)


def _currency(plain: Sequence[str], found: Mapping[str, Sequence[int]]) -> str | None:
    """The currency in the names of money and prices; `None` where they name none, or several."""
    codes = {
        code
        for word in ("spend", "cpm", "cost_per_result")
        for at in found.get(word, ())
        if (code := without_currency(plain[at])[1])
    }
    return codes.pop() if len(codes) == 1 else None
