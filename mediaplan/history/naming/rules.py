"""One rule of a naming convention: whose names it reads, their pattern, and what the pieces are called in the plan."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cached_property
from pathlib import PurePath
from typing import Any

from mediaplan.errors import InputError, Problem, nearest
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.history.tables.tables import folded, tidy
from mediaplan.words import Sentence

GIVES = (*DIMENSIONS, "hour")
"""What pieces of a name may say of a line."""

OF_POST = ("format", "topic")
"""What they may say of its post."""

PASSED = ("date", "objective", "version", "place", "other")
"""Pieces that are known to be there and say nothing about a line."""

LEVELS = ("ad", "ad set", "campaign")
"""The levels of an ad account, those first that say most."""

LONGEST = 1000
"""Characters of a name beyond which it is no name."""

MOST_STARS = 2
"""`*` that a pattern may hold: more make some names take too long."""

_FIELD = re.compile(r"{([^{}]*)}")
_KEYS = ("file", "from", "pattern", "words", *GIVES, *OF_POST)
_EXAMPLE = "{date}_{format}_{audience}_{slot}"


@dataclass(frozen=True)
class NameRule:
    """How one kind of name is read: one `[[names]]` of a mapping file.

    Attributes:
        origin: Whose names: `campaign`, `ad set`, `ad`, a column of the contract, or a header of the file.
        pattern: Text with `{audience}` and other fields; each field holds the text up to the separator that stands beside
            it, a field that stands several times is joined again. `*` is any text.
        file: Glob of the files that it is for.
        words: From what stands in names to the plan's word for it, letter case apart.
        constants: By dimension or fact of a post, what every name that fits says.
    """

    origin: str
    pattern: str
    file: str = "*"
    words: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)

    @property
    def gives(self) -> tuple[str, ...]:
        """The dimensions, and the facts of posts, that it says something about."""
        said = {*_FIELD.findall(self.pattern), *self.constants}
        return tuple(name for name in (*GIVES, *OF_POST) if name in said)

    def concerns(self, file: str | None) -> bool:
        """Whether it is for the file of that name (`None`: a DataFrame)."""
        base = PurePath(file.replace("\\", "/")).name if file else ""
        return fnmatch(base.casefold(), self.file.casefold())

    def read(self, name: str) -> dict[str, str] | None:
        """What a name says, by dimension; `None` where it does not fit the pattern."""
        found = self._expression.fullmatch(name) if len(name) <= LONGEST else None
        if found is None:
            return None
        said = dict(self.constants)
        for word, (places, between) in self._places.items():
            pieces = [tidy(found[place]) for place in places]
            if not all(pieces):
                return None
            said[word] = "".join(part for pair in zip(between, pieces, strict=True) for part in pair)
        known = self._known
        return {word: known.get(folded(piece), piece) for word, piece in said.items()}

    def to_table(self) -> dict[str, Any]:
        """As a table of TOML's shape."""
        table: dict[str, Any] = {} if self.file == "*" else {"file": self.file}
        table |= {"from": self.origin, "pattern": self.pattern, **self.constants}
        return table | ({"words": dict(self.words)} if self.words else {})

    @cached_property
    def _known(self) -> dict[str, str]:
        return {folded(piece): word for piece, word in self.words.items()}

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        parts = _FIELD.split(self.pattern)
        found = []
        for at, part in enumerate(parts):
            if at % 2 == 0:
                found.append(".*".join(map(re.escape, part.split("*"))))
                continue
            beside = {parts[at - 1].rpartition("*")[2], parts[at + 1].partition("*")[0]} - {""}
            barred = "|".join(re.escape(text) for text in sorted(beside))
            found.append(f"((?:(?!{barred}).)+)" if barred else "(.+?)")
        return re.compile("".join(found), re.IGNORECASE | re.DOTALL)

    @cached_property
    def _places(self) -> dict[str, tuple[list[int], list[str]]]:
        """Of each dimension the places of its pieces, and what stands before each where they are joined."""
        parts = _FIELD.split(self.pattern)
        found: dict[str, tuple[list[int], list[str]]] = {}
        for place, word in enumerate(parts[1::2], start=1):
            if word in GIVES or word in OF_POST:
                places, between = found.setdefault(word, ([], []))
                between.append(parts[2 * place - 2].replace("*", "") if places else "")
                places.append(place)
        return found


def read_names(tables: Any) -> tuple[NameRule, ...]:
    """The rules that `[[names]]` tables state, in order.

    Args:
        tables: A list of tables with `from`, `pattern`, and as needed `file`, `words`, and dimensions with a constant.

    Raises:
        InputError: All of their faults.
    """
    if not isinstance(tables, (list, tuple)) or not all(isinstance(table, Mapping) for table in tables):
        raise InputError(
            Problem(
                Sentence("“names” is no list of tables."),
                Sentence("Write each rule under [[names]], such as: {line}", line=f'pattern = "{_EXAMPLE}"'),
                column="names",
            )
        )
    problems = [problem for number, table in enumerate(tables, 1) for problem in _faults(table, number)]
    if problems:
        raise InputError(*problems)
    return tuple(
        NameRule(
            origin=tidy(table["from"]),
            pattern=tidy(table["pattern"]),
            file=table.get("file", "*"),
            words={tidy(piece): tidy(word) for piece, word in table.get("words", {}).items()},
            constants={name: tidy(table[name]) for name in (*GIVES, *OF_POST) if name in table},
        )
        for table in tables
    )


def _faults(table: Mapping[str, Any], number: int) -> list[Problem]:
    """What is wrong with one table."""
    place = f"names.{number}"
    problems = [
        _problem(
            place,
            key,
            Sentence("“{key}” is no part of a naming rule.", key=str(key)),
            nearest(str(key), _KEYS),
        )
        for key in table
        if key not in _KEYS
    ]
    for key in ("from", "pattern"):
        if key not in table:
            message = Sentence("the naming rule lacks “{key}”.", key=key)
            example = 'from = "ad"' if key == "from" else f'pattern = "{_EXAMPLE}"'
            problems.append(
                _problem(place, key, message, Sentence("Write for example: {line}", line=example))
            )
    problems += [
        _problem(place, key, *_no_text(key, table[key]))
        for key in ("file", "from", "pattern", *GIVES, *OF_POST)
        if key in table and not _is_text(table[key])
    ]
    words = table.get("words", {})
    if not isinstance(words, Mapping) or not all(_is_text(each) for pair in words.items() for each in pair):
        message = Sentence("“words” says for pieces of names which word of the plan they mean.")
        problems.append(
            _problem(
                place,
                "words",
                message,
                Sentence("Write for example: {line}", line='words = { PAR = "parents" }'),
            )
        )
    if not problems:
        problems += [_problem(place, "pattern", *fault) for fault in _wrong_pattern(table)]
    return problems


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _no_text(key: str, value: Any) -> tuple[Sentence, Sentence]:
    return (
        Sentence("“{value}” can't be used for “{key}”.", value=str(value), key=key),
        Sentence("Write a text in quotes."),
    )


def _wrong_pattern(table: Mapping[str, Any]) -> list[tuple[Sentence, Sentence]]:
    """What is wrong with a pattern: each a message and a remedy."""
    pattern = tidy(table["pattern"])
    fields, between = _FIELD.findall(pattern), _FIELD.split(pattern)[::2]
    known = (*GIVES, *OF_POST, *PASSED)
    found = [
        (Sentence("“{field}” is no field of a pattern.", field="{" + name + "}"), nearest(name, known))
        for name in dict.fromkeys(fields)
        if name not in known
    ]
    if any(set(text) & {"{", "}"} for text in between):
        found.append((Sentence("a brace is left open or closed too often."), _write_like()))
    if any(not text for text in between[1:-1]):
        message = Sentence("two fields stand side by side, and nothing tells where one ends.")
        found.append((message, Sentence("Write the separator between them, as it stands in the names.")))
    if pattern.count("*") > MOST_STARS:
        message = Sentence("a pattern holds at most {count} times “*”.", count=MOST_STARS)
        found.append(
            (
                message,
                Sentence("Write several rules, or {field} for pieces that do not matter.", field="{other}"),
            )
        )
    twice = [name for name in (*GIVES, *OF_POST) if name in table and name in fields]
    found += [
        (
            Sentence("“{key}” stands both in the pattern and beside it.", key=name),
            Sentence("Keep one of them."),
        )
        for name in twice
    ]
    if not found and not {*GIVES, *OF_POST} & {*fields, *table}:
        message = Sentence(
            "the rule says nothing about post, channel, audience, slot, hour, format or topic."
        )
        found.append((message, _write_like()))
    return found


def _write_like() -> Sentence:
    return Sentence("Write for example: {line}", line=f'pattern = "{_EXAMPLE}"')


def _problem(place: str, key: str, message: Sentence, remedy: Sentence) -> Problem:
    return Problem(message, remedy, column=f"{place}.{key}")


def tables_of(rules: Sequence[NameRule]) -> list[dict[str, Any]]:
    """The rules as `[[names]]` tables."""
    return [rule.to_table() for rule in rules]
