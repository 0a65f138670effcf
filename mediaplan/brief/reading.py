"""A brief's TOML or JSON becomes a Brief: strict about keys, all faults at once."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from mediaplan.brief.briefs import Brief, Data
from mediaplan.brief.goals import GOALS, Goal, MostResults
from mediaplan.brief.rules import PICKS, RULES, Rule
from mediaplan.errors import InputError, MediaplanError, Problem, nearest
from mediaplan.slots import Slot
from mediaplan.words import Sentence

Made = TypeVar("Made")

KEYS = (
    "name", "currency", "budget", "flight", "timezone", "data", "goal", "slots", "rule", "lines", "minimums", "costs",
    "exchange", "level", "as_of", "columns",
)  # fmt: skip
"""The keys of a brief, in the order in which they are written."""


def read_brief(source: str | Path) -> Brief:
    """The brief in a TOML or JSON file.

    Args:
        source: The file's path; JSON where its name ends with `.json`.

    Raises:
        InputError: All faults, each with the file's name and the key.
    """
    path = Path(source)
    try:
        content = path.read_bytes()
    except OSError as error:
        message = Sentence("the brief can't be read: {reason}.", reason=error.strerror or str(error))
        raise InputError(Problem(message, Sentence("Check the path."), file=str(source))) from None
    return parse_brief(content, file=str(source))


def parse_brief(content: bytes | str, *, file: str | None = None) -> Brief:
    """The brief in the text of a TOML or JSON file.

    Args:
        content: Bytes are UTF-8, with or without byte-order mark.
        file: Its name, for messages; JSON where it ends with `.json`.

    Raises:
        InputError: All faults, each with the file's name and the key.
    """
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        table = (
            json.loads(text) if file and file.endswith(".json") else tomllib.loads(text.replace("\r\n", "\n"))
        )
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise InputError(_unreadable(error, file)) from None
    try:
        return brief_from(table)
    except MediaplanError as error:
        raise InputError(*(problem.at(file=file) for problem in error.problems)) from None


def _unreadable(error: Exception, file: str | None) -> Problem:
    if isinstance(error, UnicodeDecodeError):
        return Problem(
            Sentence("the brief is not written in UTF-8."), Sentence("Save it as UTF-8."), file=file
        )
    kind = "JSON" if file and file.endswith(".json") else "TOML"
    row = re.search(r"line (\d+)", str(error))
    return Problem(
        Sentence("this is no {kind}: {reason}.", kind=kind, reason=str(error)),
        Sentence("“mediaplan template brief” writes an example to start from."),
        file=file,
        row=int(row[1]) if row else None,
    )


def brief_from(table: Any) -> Brief:
    """The brief that a table of TOML's shape states.

    Raises:
        InputError: All faults, each with its key.
    """
    reader = _Reader()
    brief = reader.brief(table)
    if reader.problems or brief is None:
        raise InputError(*reader.problems)
    return brief


class _Reader:
    """Reads one brief and gathers what is wrong with it."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def brief(self, table: Any) -> Brief | None:
        table = self.table(table, "", KEYS, required=("budget", "currency", "flight"))
        flight = self.table(
            table.get("flight", {}), "flight", ("start", "days", "split"), required=("start", "days")
        )
        costs = self.table(table.get("costs", {}), "costs", ("fee", "tax"))
        given = {
            "name": self.of_type(table, "name", str, "plan"),
            "budget": table.get("budget"),
            "currency": table.get("currency"),
            "start": flight.get("start"),
            "days": self.of_type(flight, "days", int, 1, "flight."),
            "split": self.choice(flight, "split", ("none", "week", "day"), "flight."),
            "goal": self.goal(table.get("goal", {})),
            "rules": self.rules(table.get("rule", [])),
            "slots": self.slots(table.get("slots", {})),
            "lines": self.choice(table, "lines", ("all", "seen")),
            "minimums": table.get("minimums"),
            "fee": costs.get("fee", 0),
            "tax": costs.get("tax", 0),
            "exchange": self.exchange(table.get("exchange", {})),
            "level": table.get("level", 0.8),
            "as_of": table.get("as_of"),
            "timezone": self.of_type(table, "timezone", str, None),
            "data": self.data(table.get("data", {})),
            "columns": tuple(self.tables(table.get("columns", []), "columns")),
        }
        if any(
            problem.column in ("budget", "currency", "flight", "flight.start", "flight.days")
            for problem in self.problems
        ):
            return None
        try:
            return Brief(**given)
        except MediaplanError as error:
            self.problems += error.problems
            return None

    def fault(self, message: Sentence, remedy: Sentence, column: str, value: Any = None) -> None:
        self.problems.append(
            Problem(message, remedy, column=column or None, value=None if value is None else str(value))
        )

    def table(
        self, given: Any, place: str, keys: tuple[str, ...], required: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """The table with known keys only; unknown and missing ones are faults."""
        if not isinstance(given, dict):
            self.fault(
                Sentence("“{value}” stands where a table is expected.", value=str(given)),
                Sentence("It knows: {keys}.", keys=keys),
                place,
                given,
            )
            return {}
        prefix = f"{place}." if place else ""
        for key in given:
            if key not in keys:
                self.fault(Sentence("unknown key “{key}”.", key=key), nearest(key, keys), prefix + key)
        for key in required:
            if key not in given:
                self.fault(Sentence("“{key}” is missing.", key=key), _examples()[prefix + key], prefix + key)
        return {key: value for key, value in given.items() if key in keys}

    def tables(self, given: Any, place: str) -> list[dict[str, Any]]:
        if isinstance(given, list) and all(isinstance(item, dict) for item in given):
            return given
        self.fault(
            Sentence("“{place}” is no list of tables.", place=place),
            Sentence("Write each as a table of its own under [[{place}]].", place=place),
            place,
        )
        return []

    def of_type(self, table: Mapping[str, Any], key: str, kind: type, default: Any, place: str = "") -> Any:
        value = table.get(key, default)
        if value is default or (isinstance(value, kind) and not isinstance(value, bool)):
            return value
        said = {str: Sentence("a text"), int: Sentence("a whole number"), bool: Sentence("true or false")}[
            kind
        ]
        self.fault(
            Sentence("{key} is “{value}”.", key=key, value=str(value)),
            Sentence("It takes {kind}.", kind=said),
            place + key,
            value,
        )
        return default

    def choice(self, table: Mapping[str, Any], key: str, choices: tuple[str, ...], place: str = "") -> Any:
        value = table.get(key, choices[0])
        if value in choices:
            return value
        self.fault(
            Sentence("{key} is “{value}”.", key=key, value=str(value)),
            nearest(str(value), choices),
            place + key,
            value,
        )
        return choices[0]

    def goal(self, given: Any) -> Goal:
        table = self.table(given, "goal", ("is", "type", "values"))
        word = table.pop("is", MostResults.word)
        if not isinstance(word, str) or word not in GOALS:
            self.fault(
                Sentence("unknown goal “{goal}”.", goal=str(word)), nearest(str(word), GOALS), "goal.is", word
            )
            return MostResults()
        values = table.get("values", {})
        if not isinstance(values, dict):
            self.fault(
                Sentence("“{value}” is no table of values.", value=str(values)),
                Sentence(
                    "Write the worth of each kind: {example}.",
                    example="values = { lead = 4000, message = 900 }",
                ),
                "goal.values",
                values,
            )
            values = {}
        return (
            self.attempt(
                lambda: GOALS[word](type=self.of_type(table, "type", str, None, "goal."), values=values)
            )
            or MostResults()
        )

    def rules(self, given: Any) -> tuple[Rule, ...]:
        read = [self.rule(table, number) for number, table in enumerate(self.tables(given, "rule"), start=1)]
        return tuple(rule for rule in read if rule is not None)

    def rule(self, given: dict[str, Any], number: int) -> Rule | None:
        place = f"rule {number}"
        word = given.get("is")
        if not isinstance(word, str) or word not in RULES:
            if word is None:
                self.fault(
                    Sentence("the rule does not say what it is."),
                    Sentence("Add is = “{words}”.", words=tuple(RULES)),
                    place,
                )
            else:
                self.fault(
                    Sentence("unknown rule “{rule}”.", rule=str(word)),
                    nearest(str(word), RULES),
                    f"{place}.is",
                    word,
                )
            return None
        kind = RULES[word]
        keys = rule_keys(kind)
        before = len(self.problems)
        table = self.table(given, place, ("is", *keys))
        for key in table:
            if key in PICKS and not _is_names(table[key]):
                self.fault(
                    Sentence("{key} is “{value}”.", key=key, value=str(table[key])),
                    Sentence("Give a name in quotes, or a list of names."),
                    f"{place}.{key}",
                    table[key],
                )
        texts = {
            key: self.of_type(table, key, str, "", f"{place}.") for key in ("name", "why") if key in table
        }
        if "or_zero" in table and not isinstance(table["or_zero"], bool):
            self.of_type(
                {"or_zero": str(table["or_zero"])}, "or_zero", bool, default=False, place=f"{place}."
            )
        if "equal" in table and ("at_least" in table or "at_most" in table):
            self.fault(
                Sentence("equal stands beside another limit."),
                Sentence("Keep either equal, or at_least and at_most."),
                f"{place}.equal",
            )
        if len(self.problems) > before:
            return None
        return kind(**{key: value for key, value in (table | texts).items() if key != "is"})

    def slots(self, given: Any) -> tuple[Slot, ...]:
        if not isinstance(given, dict):
            self.table(given, "slots", ())
            return ()
        read = []
        for name, table in given.items():
            place = f"slots.{name}"
            known = self.table(table, place, ("days", "hours"))
            texts = {key: self.of_type(known, key, str, None, f"{place}.") for key in known}
            if all(text is not None for text in texts.values()):
                read.append(self.attempt(partial(Slot.read, name, **texts)))
        return tuple(slot for slot in read if slot is not None)

    def exchange(self, given: Any) -> dict[str, Any]:
        if not isinstance(given, dict):
            self.table(given, "exchange", ())
            return {}
        for currency, rate in given.items():
            rates = rate.values() if isinstance(rate, dict) else [rate]
            if not rates or any(
                isinstance(r, bool) or not isinstance(r, (int, float)) or not 0 < r < 1e12 for r in rates
            ):
                self.fault(
                    Sentence("“{rate}” is no rate.", rate=str(rate)),
                    Sentence(
                        "Give units of the brief's currency for one {currency}, such as 655.957.",
                        currency=str(currency),
                    ),
                    f"exchange.{currency}",
                    rate,
                )
        return given

    def data(self, given: Any) -> Data:
        table = self.table(given, "data", ("history", "posts", "audiences"))
        history = table.get("history", [])
        files = [history] if isinstance(history, str) else history
        if not _is_names(files):
            self.fault(
                Sentence("history is “{value}”.", value=str(history)),
                Sentence("Give a file's path in quotes, or a list of paths."),
                "data.history",
                history,
            )
            files = []
        one = {key: self.of_type(table, key, str, None, "data.") for key in ("posts", "audiences")}
        return Data(tuple(files), **one)

    def attempt(self, make: Callable[[], Made]) -> Made | None:
        try:
            return make()
        except MediaplanError as error:
            self.problems += error.problems
            return None


def rule_keys(kind: type[Rule]) -> tuple[str, ...]:
    """The keys of a rule in a brief, picks first, then limits, then its name and reason."""
    own = [item.name for item in fields(kind)]
    limits = [name for name in own if name not in (*PICKS, "name", "why")]
    return (*PICKS, *limits, *(("equal",) if "at_least" in own else ()), "name", "why")


def _is_names(value: Any) -> bool:
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(item, str) for item in value)
    )


def _examples() -> dict[str, Sentence]:
    return {
        "budget": Sentence("Add budget = 1500000: what the plan may cost."),
        "currency": Sentence("Add currency = “XOF”: the ISO 4217 code of all amounts."),
        "flight": Sentence(
            "Add flight = {example}: when the plan runs.", example="{ start = 2026-11-30, days = 14 }"
        ),
        "flight.start": Sentence("Add the first day, such as start = 2026-11-30."),
        "flight.days": Sentence("Add the number of calendar days, such as days = 14."),
    }


def resolved(brief: Brief, folder: Path) -> Brief:
    """The same brief with the files it names found from `folder`, where the brief stands."""
    data = brief.data
    found = Data(
        tuple(str(folder / name) for name in data.history),
        data.posts and str(folder / data.posts),
        data.audiences and str(folder / data.audiences),
    )
    return brief.but(data=found)
