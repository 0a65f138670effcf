"""Scenarios of a brief: the same question with changes, each a brief of its own.

[[scenario]]
name = "half"
budget = 750_000
drop_rule = "contract"
add_rule = [{ is = "spend", channel = "tiktok", at_most = 0 }]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mediaplan.brief.briefs import Brief
from mediaplan.brief.from_table import KEYS, brief_from
from mediaplan.brief.writing import brief_table
from mediaplan.errors import InputError, Problem, nearest
from mediaplan.words import Sentence

CHANGES = ("add_rule", "drop_rule")
"""Keys of a scenario that are no keys of a brief."""


def scenarios_of(brief: Brief) -> tuple[Brief, ...]:
    """The scenarios of a brief as briefs, in the order in which they stand; each bears its scenario's name.

    Raises:
        InputError: All that is wrong with all of them, each with its place.
    """
    problems: list[Problem] = []
    made = []
    taken = {brief.name}
    for number, changes in enumerate(brief.scenarios, start=1):
        place = f"scenario {number}"
        faults = _faults(changes, brief, taken)
        taken.add(str(changes.get("name")))
        if not faults:
            try:
                made.append(brief_from(_changed(brief, changes)))
            except InputError as error:
                faults = list(error.problems)
        problems += [fault.at(column=".".join(p for p in (place, fault.column) if p)) for fault in faults]
    if problems:
        raise InputError(*problems)
    return tuple(made)


def scenario_named(brief: Brief, name: str) -> Brief:
    """The scenario of that name.

    Raises:
        InputError: There is none of that name, with the nearest one; or a scenario can't be used.
    """
    known = {scenario.name: scenario for scenario in scenarios_of(brief)}
    if name in known:
        return known[name]
    message = Sentence("the brief has no scenario “{name}”.", name=name)
    remedy = (
        nearest(name, known)
        if known
        else Sentence("Add a [[scenario]] table with a name: see docs/brief.md.")
    )
    raise InputError(Problem(message, remedy, column="scenario", value=name))


def _changed(brief: Brief, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The brief's table with the scenario's keys in place of its own."""
    table = brief_table(brief)
    table.pop("scenario", None)
    dropped = set(_names(changes.get("drop_rule", [])) or ())
    kept = [rule for rule in table.get("rule", []) if rule.get("name") not in dropped]
    table |= {"rule": kept} | {key: value for key, value in changes.items() if key not in CHANGES}
    table["rule"] = [*table["rule"], *(_tables(changes.get("add_rule", [])) or ())]
    return table


def _faults(changes: Mapping[str, Any], brief: Brief, taken: set[str]) -> list[Problem]:
    """What is wrong with a scenario before it is read as a brief; `taken` are names of those before it."""
    known = tuple(key for key in (*KEYS, *CHANGES) if key != "scenario")
    faults = [
        Problem(Sentence("unknown key “{key}”.", key=key), nearest(key, known), column=key)
        for key in changes
        if key not in known
    ]
    name = changes.get("name")
    if not isinstance(name, str) or not name.strip() or name in taken:
        message = Sentence("a scenario needs a name of its own; “{name}” stands here.", name=name)
        remedy = Sentence("Give each [[scenario]] another name than the brief and the other scenarios.")
        faults.append(Problem(message, remedy, column="name", value=None if name is None else str(name)))
    if not isinstance(changes.get("rule", []), list):
        faults.append(_no_tables("rule", changes["rule"]))
    if _tables(changes.get("add_rule", [])) is None:
        faults.append(_no_tables("add_rule", changes["add_rule"]))
    return faults + _dropped_faults(changes.get("drop_rule", []), brief)


def _dropped_faults(given: Any, brief: Brief) -> list[Problem]:
    """Names of rules to leave out that no rule bears."""
    names = _names(given)
    if names is None:
        message = Sentence("drop_rule is “{value}”.", value=str(given))
        remedy = Sentence("Give the name of a rule, or a list of names.")
        return [Problem(message, remedy, column="drop_rule", value=str(given))]
    known = [rule.name for rule in brief.rules if rule.name]
    none = Sentence("No rule of the brief has a name: add name = … to the rule.")
    return [
        Problem(
            Sentence("no rule of the brief is called “{name}”.", name=name),
            nearest(name, known) if known else none,
            column="drop_rule",
            value=name,
        )
        for name in names
        if name not in known
    ]


def _no_tables(key: str, given: Any) -> Problem:
    message = Sentence("“{place}” is no list of tables.", place=key)
    remedy = Sentence("Write it as {example}.", example=f'{key} = [{{ is = "spend", … }}]')
    return Problem(message, remedy, column=key, value=str(given))


def _names(given: Any) -> Sequence[str] | None:
    """One name or several; `None` where something else stands there."""
    names = [given] if isinstance(given, str) else given
    return names if isinstance(names, list) and all(isinstance(name, str) for name in names) else None


def _tables(given: Any) -> Sequence[dict[str, Any]] | None:
    """One table or several; `None` where something else stands there."""
    tables = [given] if isinstance(given, dict) else given
    return tables if isinstance(tables, list) and all(isinstance(item, dict) for item in tables) else None
