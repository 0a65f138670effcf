"""What each field of a brief must be: as given → as held, or the problems, all of them at once.

Both doors into a `Brief` go through here: its constructor, and the reading of files, which has named other faults too.
"""

from __future__ import annotations

import difflib
import unicodedata
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from mediaplan.brief.goals import Goal
from mediaplan.brief.incrementality import incrementality_of
from mediaplan.brief.minimums import Minimums
from mediaplan.brief.picking import names_of
from mediaplan.brief.rates import attempt, day, exchange_rates, refusal
from mediaplan.brief.rules import Change, Rule
from mediaplan.brief.side_by_side import post_tests_of
from mediaplan.errors import InputError, Problem, nearest
from mediaplan.money import Money, checked_currency
from mediaplan.response.estimating.delay import LONGEST
from mediaplan.response.given.judgements import judgements_of
from mediaplan.slots import Slot, flight_faults
from mediaplan.words import Sentence

LINES = ("all", "seen")
MOST_RULES = 20_000
"""Rules that a brief may have: more can't be planned, whatever they say."""


def held(given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The fields as a brief holds them, and all that is wrong with them.

    Args:
        given: By attribute of `Brief`; what is missing is not judged. Without a currency that is one, no money is
            judged either.

    Returns:
        The fields that could be read, and the problems in the order of the fields.
    """
    read = dict(given)
    problems: list[Problem] = []
    currency = attempt(problems, _currency, given["currency"]) if "currency" in given else None
    read["currency"] = currency
    for name, reader in _READERS.items():
        if name not in given or (currency is None and name in _MONEY):
            continue
        if name == "budget" and given[name] is None and not _needs_budget(given.get("goal")):
            continue
        read[name] = attempt(problems, reader, given[name], currency)
    if "tests" in given and currency is not None:
        read["tests"] = attempt(
            problems, post_tests_of, given["tests"], currency, read.get("start"), given.get("days")
        )
    if "days" in given or "split" in given:
        problems += flight_faults(read.get("start"), given.get("days", 1), given.get("split", "none"))
    return read, problems


def _currency(given: Any) -> str:
    return checked_currency(given, column="currency")


def _of_class(given: Any, kind: type, column: str) -> Any:
    if isinstance(given, kind):
        return given
    message = Sentence("“{value}” can't stand here.", value=str(given))
    raise refusal(message, Sentence("Give {kind}.", kind=f"mediaplan.{kind.__name__}(…)"), column, given)


def _several(given: Any, kind: type, column: str) -> tuple[Any, ...]:
    """Any iterable of values of that class, as a tuple."""
    if isinstance(given, (str, bytes, Mapping, kind)) or not isinstance(given, Iterable):
        message = Sentence("“{value}” is no list.", value=str(given))
        raise refusal(message, Sentence("Give a list or a tuple."), column, given)
    problems: list[Problem] = []
    read = tuple(
        attempt(problems, _of_class, item, kind, f"{column} {number}")
        for number, item in enumerate(given, start=1)
    )
    if problems:
        raise InputError(*problems)
    return read


def _text(given: Any, column: str) -> str:
    if isinstance(given, str):
        return given
    message = Sentence("{key} is “{value}”.", key=column, value=str(given))
    raise refusal(message, Sentence("It takes {kind}.", kind=Sentence("a text")), column, given)


def _needs_budget(goal: Any) -> bool:
    return not isinstance(goal, Goal) or goal.budget_needed


def _budget(given: Any, currency: str) -> Money:
    money = Money.read(given, currency, column="budget")
    if money.minor <= 0:
        message = Sentence("a budget of {budget} buys nothing.", budget=money)
        raise refusal(message, Sentence("Give a budget above 0."), "budget", money.text)
    return money


def _part(given: Any, column: str) -> Decimal:
    try:
        part = Decimal(str(given))
    except InvalidOperation:
        part = Decimal(-1)
    if not isinstance(given, bool) and part.is_finite() and 0 <= part <= 1:
        return part
    message = Sentence("{value} is no part of the media money.", value=str(given))
    raise refusal(message, Sentence("Give a number from 0 to 1: 0.10 is a tenth."), column, given)


def _level(given: Any) -> float:
    if not isinstance(given, bool) and isinstance(given, (int, float)) and 0 < given < 1:
        return float(given)
    message = Sentence("{value} is no level of an interval.", value=str(given))
    raise refusal(message, Sentence("Give a number above 0 and below 1: 0.8 is usual."), "level", given)


def _delay(given: Any) -> float | None:
    """Mean days; a table `{ days = 3 }` or the number itself."""
    value = given
    if isinstance(given, Mapping) and set(given) == {"days"}:
        value = given["days"]
    if value is None:
        return None
    if not isinstance(value, bool) and isinstance(value, (int, float)) and 0 <= value <= LONGEST:
        return float(value)
    message = Sentence("“{value}” is no delay of results.", value=str(given))
    remedy = Sentence(
        "Write delay = {example}: days from money to counted result on average, from 0 to {most}.",
        example="{ days = 3 }",
        most=LONGEST,
    )
    raise refusal(message, remedy, "delay", given)


def _counts(given: Any) -> str | float | None:
    """Which counts where a line is in a rate card and in the history."""
    value = given["weight"] if isinstance(given, Mapping) and set(given) == {"weight"} else given
    if value is None or (isinstance(value, str) and value in ("first", "history")):
        return value
    if not isinstance(value, bool) and isinstance(value, (int, float)) and 0 <= value <= 1:
        return float(value)
    message = Sentence("{key} is “{value}”.", key="rates", value=str(given))
    remedy = Sentence(
        "Write {first}, {history} or {blend}: which counts for lines that are in a rate card and in the history.",
        first='rates = "first"',
        history='rates = "history"',
        blend="rates = { weight = 0.5 }",
    )
    raise refusal(message, remedy, "rates", given)


def _lines(given: Any) -> str:
    if isinstance(given, str) and given in LINES:
        return given
    message = Sentence("{key} is “{value}”.", key="lines", value=str(given))
    raise refusal(message, nearest(str(given), LINES), "lines", given)


def _timezone(given: Any) -> str | None:
    """A name of the time zone database, or `None`; a machine that has no such database takes any name."""
    if given is None:
        return None
    try:
        zoneinfo.ZoneInfo(_text(given, "timezone"))
    except (OSError, ValueError, KeyError):
        known = zoneinfo.available_timezones()
    else:
        return str(given)
    if not known:
        return str(given)
    cities = {zone.rpartition("/")[2].casefold(): zone for zone in sorted(known)}
    close = difflib.get_close_matches(given.casefold().replace(" ", "_"), cities, n=1, cutoff=0.8)
    remedy = nearest(cities[close[0]], known) if close else nearest(given, known)
    raise refusal(Sentence("“{value}” is no time zone.", value=given), remedy, "timezone", given)


def _minimums(given: Any, currency: str) -> Minimums:
    if given is None:
        return Minimums()
    if isinstance(given, str) and given == "platform":
        return Minimums(platform=True)
    table = given.own if isinstance(given, Minimums) else given
    if not isinstance(table, Mapping):
        message = Sentence("“{value}” is no table of minimums.", value=str(given))
        remedy = Sentence(
            "Write {platform}, or a table with money per line and day for each channel, such as {example}.",
            platform='minimums = "platform"',
            example="minimums = { facebook = 500 }",
        )
        raise refusal(message, remedy, "minimums", given)
    problems: list[Problem] = []
    own = {
        str(name).strip(): attempt(problems, _least, least, currency, name) for name, least in table.items()
    }
    if problems:
        raise InputError(*problems)
    return Minimums(platform=isinstance(given, Minimums) and given.platform, own=own)


def _least(given: Any, currency: str, channel: Any) -> Money:
    column = f"minimums.{channel}"
    money = Money.read(given, currency, column=column)
    if money.minor < 0:
        message = Sentence("{value} is negative.", value=money)
        raise refusal(message, Sentence("Amounts are 0 or more."), column, money.text)
    return money


def _slots(given: Any) -> tuple[Slot, ...]:
    slots: tuple[Slot, ...] = _several(given, Slot, "slots")
    names = [slot.name for slot in slots]
    if "" in names:
        message = Sentence("“{value}” is no name of a slot.", value="")
        raise refusal(message, Sentence("Give each slot a name of its own."), "slots", "")
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise InputError(
            *(
                Problem(
                    Sentence("there are {count} slots named “{name}”.", count=names.count(name), name=name),
                    Sentence("Give each slot a name of its own."),
                    column=f"slots.{name}",
                    value=name,
                )
                for name in twice
            )
        )
    return slots


def _groups(given: Any) -> dict[str, tuple[str, ...]]:
    """Each group's names; a group stands for names alone, not for other groups."""
    remedy = Sentence(
        "Write each group as a list of names: {example}.", example='women = ["f-18-24", "f-25-34"]'
    )
    if not isinstance(given, Mapping):
        raise refusal(Sentence("“{value}” is no table of groups.", value=str(given)), remedy, "groups", given)
    read, problems = {}, []
    for group, members in given.items():
        names = names_of(members)
        if not isinstance(group, str) or not group.strip() or not names:
            message = Sentence("“{value}” is no list of names.", value=str(members))
            problems.append(Problem(message, remedy, column=f"groups.{group}", value=str(members)))
            continue
        read[unicodedata.normalize("NFC", group).strip()] = names
    if problems:
        raise InputError(*problems)
    return read


def _rules(given: Any, currency: str | None) -> tuple[Rule, ...]:
    rules: tuple[Rule, ...] = _several(given, Rule, "rule")
    if len(rules) > MOST_RULES:
        raise InputError(too_many_rules(len(rules)))
    problems: list[Problem] = []
    read = tuple(
        attempt(problems, checked_rule, rule, currency, number) for number, rule in enumerate(rules, start=1)
    )
    if problems:
        raise InputError(*problems)
    return read


def too_many_rules(count: int) -> Problem:
    """The fault of a brief with that many rules."""
    return Problem(
        Sentence(
            "the brief has {count} rules, more than the {most} that can be planned.",
            count=count,
            most=MOST_RULES,
        ),
        Sentence(
            "Say it with fewer: a rule may pick many names, or repeat itself with {example}.",
            example='per = "post"',
        ),
        column="rule",
        value=str(count),
    )


def checked_rule(rule: Rule, currency: str | None, number: int) -> Rule:
    """The rule with exact money; without a currency, only rules without money are judged.

    Args:
        rule: As it was stated.
        currency: The brief's, or `None` where that is wrong.
        number: Its place in the brief, from 1: said in every problem.

    Raises:
        InputError: All that is wrong with the rule.
    """
    if currency is None and (rule.amounts or isinstance(rule, Change)):
        return rule
    return rule.in_currency(currency or "", column=f"rule {number}")


_READERS: dict[str, Callable[[Any, Any], Any]] = {
    "name": lambda given, _: _text(given, "name"),
    "budget": _budget,
    "start": lambda given, _: day(given, "flight.start"),
    "goal": lambda given, _: _of_class(given, Goal, "goal"),
    "rules": _rules,
    "slots": lambda given, _: _slots(given),
    "groups": lambda given, _: _groups(given),
    "lines": lambda given, _: _lines(given),
    "minimums": _minimums,
    "fee": lambda given, _: _part(given, "costs.fee"),
    "tax": lambda given, _: _part(given, "costs.tax"),
    "exchange": exchange_rates,
    "level": lambda given, _: _level(given),
    "as_of": lambda given, _: None if given is None else day(given, "as_of"),
    "delay": lambda given, _: _delay(given),
    "rates": lambda given, _: _counts(given),
    "timezone": lambda given, _: _timezone(given),
    "columns": lambda given, _: _several(given, Mapping, "columns"),
    "scenarios": lambda given, _: _several(given, Mapping, "scenario"),
    "judgements": lambda given, _: judgements_of(given),
    "incrementality": lambda given, _: incrementality_of(given),
}
_MONEY = ("budget", "minimums", "exchange")
