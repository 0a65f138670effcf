"""A table of TOML's shape becomes a Brief, a rule or a mapping: strict about keys, all faults at once."""

from __future__ import annotations

import keyword
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from typing import Any, TypeVar

from mediaplan.brief.briefs import Brief, Data
from mediaplan.brief.checking import MOST_RULES, checked_rule, held, too_many_rules
from mediaplan.brief.goals import GOALS, Goal, MostResults
from mediaplan.brief.rules import PICKS, RULES, Rule
from mediaplan.errors import InputError, MediaplanError, Problem, nearest
from mediaplan.slots import Slot
from mediaplan.words import Sentence

Made = TypeVar("Made")

_AS_GIVEN = (
    "name", "currency", "budget", "timezone", "lines", "minimums", "exchange", "level", "as_of", "delay", "rates",
    "incrementality", "groups",
)  # fmt: skip
"""Keys whose values a Brief takes as they stand."""

KEYS = (
    "name", "currency", "budget", "flight", "timezone", "data", "goal", "slots", "groups", "rule", "lines", "minimums", "costs",
    "exchange", "level", "as_of", "delay", "rates", "incrementality", "judgement", "test", "columns", "scenario",
)  # fmt: skip
"""The keys of a brief, in the order in which they are written."""

HOW_TO_MAP = Sentence("Write it as TOML with [[columns]] or [[names]] tables: see docs/formats.md.")
"""What to do where a file is no mapping."""


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


def rule_from(table: Mapping[str, Any], currency: str, number: int) -> Rule:
    """The rule that one `[[rule]]` table states.

    Args:
        table: With the rule's word under `is`.
        currency: Of its amounts.
        number: Its place in the brief, from 1: said in every fault.

    Raises:
        InputError: All that is wrong with it.
    """
    reader = _Reader()
    rule = reader.rule(dict(table), number, currency)
    if reader.problems or rule is None:
        raise InputError(*reader.problems)
    return rule


def mapping_from(table: Any) -> tuple[Mapping[str, Any], ...]:
    """The `[[columns]]` and `[[names]]` tables that a table of TOML's shape states; rules for names in one of their own.

    Raises:
        InputError: All faults, each with its key; or it is a brief.
    """
    reader = _Reader()
    if isinstance(table, dict) and {"budget", "flight"} & set(table):
        message = Sentence("this is a brief, not a mapping.")
        remedy = Sentence(
            "Its own [[columns]] count when it is planned; give --columns a file of them alone."
        )
        raise InputError(Problem(message, remedy))
    tables = reader.table(table, "", ("columns", "names"))
    read = tuple(reader.tables(tables.get("columns", []), "columns"))
    if names := reader.tables(tables.get("names", []), "names"):
        read = (*read, {"names": names})
    if not read and not reader.problems:
        reader.fault(Sentence("no [[columns]] and no [[names]] stand in this file."), HOW_TO_MAP, "columns")
    if reader.problems:
        raise InputError(*reader.problems)
    return read


class _Reader:
    """Reads one brief and gathers what is wrong with it."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def brief(self, table: Any) -> Brief | None:
        table = self.table(table, "", KEYS, required=_required(table))
        flight = self.table(
            table.get("flight", {}), "flight", ("start", "days", "split"), required=("start", "days")
        )
        costs = self.table(table.get("costs", {}), "costs", ("fee", "tax"))
        given: dict[str, Any] = {key: table[key] for key in _AS_GIVEN if key in table}
        given |= {key: flight[key] for key in ("start", "days", "split") if key in flight}
        given |= {key: costs[key] for key in ("fee", "tax") if key in costs}
        given |= {"goal": self.goal(table.get("goal", {})), "slots": self.slots(table.get("slots", {}))}
        given |= {"data": self.data(table.get("data", {}))}
        given["tests"] = tuple(self.tables(table.get("test", []), "test"))
        given["judgements"] = tuple(self.tables(table.get("judgement", []), "judgement"))
        given["columns"] = tuple(self.tables(table.get("columns", []), "columns"))
        given["scenarios"] = tuple(self.tables(table.get("scenario", []), "scenario"))
        read, problems = held(given)
        self.problems += problems
        given["rules"] = self.rules(table.get("rule", []), read["currency"])
        return None if self.problems else Brief(**given)

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

    def text(self, table: Mapping[str, Any], key: str, place: str) -> str | None:
        value = table.get(key)
        if value is None or isinstance(value, str):
            return value
        message = Sentence("{key} is “{value}”.", key=key, value=str(value))
        self.fault(message, Sentence("It takes {kind}.", kind=Sentence("a text")), place + key, value)
        return None

    def goal(self, given: Any) -> Goal:
        stated = given.get("is") if isinstance(given, dict) else None
        kind = GOALS.get(stated, MostResults) if isinstance(stated, str) else MostResults
        table = self.table(given, "goal", ("is", *(item.name for item in fields(kind))))
        word = table.pop("is", MostResults.word)
        if not isinstance(word, str) or word not in GOALS:
            self.fault(
                Sentence("unknown goal “{goal}”.", goal=str(word)), nearest(str(word), GOALS), "goal.is", word
            )
            return MostResults()
        return self.attempt(lambda: GOALS[word](**table)) or MostResults()

    def rules(self, given: Any, currency: str | None) -> tuple[Rule, ...]:
        tables = self.tables(given, "rule")
        if len(tables) > MOST_RULES:
            self.problems.append(too_many_rules(len(tables)))
            return ()
        read = [self.rule(table, number, currency) for number, table in enumerate(tables, start=1)]
        return tuple(rule for rule in read if rule is not None)

    def rule(self, given: dict[str, Any], number: int, currency: str | None) -> Rule | None:
        place = f"rule {number}"
        word = given.get("is")
        if not isinstance(word, str) or word not in RULES:
            self.no_rule(word, place)
            return None
        table = self.table(given, place, ("is", *rule_keys(RULES[word])))
        try:
            rule = RULES[word](**{_field(key): value for key, value in table.items() if key != "is"})
        except InputError as error:
            self.problems += [problem.at(column=f"{place}.{problem.column}") for problem in error.problems]
            return None
        return None if set(given) - set(table) else self.attempt(lambda: checked_rule(rule, currency, number))

    def no_rule(self, word: Any, place: str) -> None:
        if word is None:
            remedy = Sentence(
                "Add what it is, such as {example}: one of {words}.",
                example='is = "share"',
                words=tuple(RULES),
            )
            self.fault(Sentence("the rule does not say what it is."), remedy, place)
        else:
            message = Sentence("unknown rule “{rule}”.", rule=str(word))
            self.fault(message, nearest(str(word), RULES), f"{place}.is", word)

    def slots(self, given: Any) -> tuple[Slot, ...]:
        if not isinstance(given, dict):
            self.table(given, "slots", ())
            return ()
        read = []
        for name, table in given.items():
            place = f"slots.{name}"
            known = self.table(table, place, ("days", "hours"))
            texts = {key: text for key in known if (text := self.text(known, key, f"{place}.")) is not None}
            read.append(self.attempt(partial(Slot.read, name, **texts)))
        return tuple(slot for slot in read if slot is not None)

    def data(self, given: Any) -> Data:
        table = self.table(given, "data", ("history", "posts", "audiences", "ledger", "rates"))
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
        one = {key: self.text(table, key, "data.") for key in ("posts", "audiences", "ledger", "rates")}
        return Data(tuple(files), **one)

    def attempt(self, make: Callable[[], Made]) -> Made | None:
        try:
            return make()
        except MediaplanError as error:
            self.problems += error.problems
            return None


def rule_keys(kind: type[Rule]) -> tuple[str, ...]:
    """The keys of a rule in a brief, picks first, then limits, then its name and reason."""
    own = [item.name.rstrip("_") for item in fields(kind)]
    limits = [name for name in own if name not in (*PICKS, *kind.hidden, "name", "why")]
    return (*PICKS, *limits, *kind.also, "name", "why")


def _required(table: Any) -> tuple[str, ...]:
    """The keys that a brief must have: a budget only where its goal needs one."""
    goal = table.get("goal") if isinstance(table, dict) else None
    kind = GOALS.get(str(goal.get("is"))) if isinstance(goal, dict) else None
    needed = kind is None or kind.budget_needed
    return ("budget", "currency", "flight") if needed else ("currency", "flight")


def _is_names(value: Any) -> bool:
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(item, str) for item in value)
    )


def _examples() -> dict[str, Sentence]:
    return {
        "budget": Sentence("Add budget = 1500000: what the plan may cost."),
        "currency": Sentence("Add {example}: the ISO 4217 code of all amounts.", example='currency = "XOF"'),
        "flight": Sentence(
            "Add flight = {example}: when the plan runs.", example="{ start = 2026-11-30, days = 14 }"
        ),
        "flight.start": Sentence("Add the first day, such as start = 2026-11-30."),
        "flight.days": Sentence("Add the number of calendar days, such as days = 14."),
    }


def _field(key: str) -> str:
    """The field of a rule that a key states: Python keeps some words for itself."""
    return f"{key}_" if keyword.iskeyword(key) else key
