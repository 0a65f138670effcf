"""A Brief becomes the TOML that states it, or the table that a plan quotes as asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import tomli_w

from mediaplan.brief.briefs import Brief
from mediaplan.slots import WEEKDAYS, Slot


def brief_table(brief: Brief) -> dict[str, Any]:
    """The brief as a table of TOML's shape: reading it again gives an equal brief.

    Returns:
        Only what is said; amounts as text with exactly the currency's digits, dates as dates.
    """
    flight: dict[str, Any] = {"start": brief.start, "days": brief.days}
    if brief.split != "none":
        flight["split"] = brief.split
    table: dict[str, Any] = {
        "name": brief.name,
        "currency": brief.currency,
        "budget": brief.budget and brief.budget.text,
        "flight": flight,
        "timezone": brief.timezone,
        "data": brief.data.to_dict(),
        "goal": brief.goal.to_dict(),
        "lines": None if brief.lines == "all" else brief.lines,
        "minimums": brief.minimums.to_value(),
        "costs": {name: float(part) for name, part in (("fee", brief.fee), ("tax", brief.tax)) if part},
        "exchange": dict(brief.exchange),
        "level": None if brief.level == 0.8 else brief.level,
        "as_of": brief.as_of,
        "rates": {"weight": brief.rates} if isinstance(brief.rates, float) else brief.rates,
        "delay": None if brief.delay is None else {"days": brief.delay},
        "incrementality": {name: one.to_dict() for name, one in brief.incrementality.items()},
        "slots": {slot.name: _slot(slot) for slot in brief.slots},
        "groups": {group: list(names) for group, names in brief.groups.items()},
        "columns": [dict(table) for table in brief.columns],
        "test": [test.to_dict() for test in brief.tests],
        "judgement": [judgement.to_dict() for judgement in brief.judgements],
        "rule": [rule.to_dict() for rule in brief.rules],
        "scenario": [dict(table) for table in brief.scenarios],
    }
    return {key: value for key, value in table.items() if value not in (None, {}, [], "")}


def brief_toml(brief: Brief) -> str:
    """The brief as a TOML file's text, each rule and mapping under a heading of its own."""
    table = brief_table(brief)
    scenarios = table.pop("scenario", [])
    lists = {key: table.pop(key) for key in ("columns", "judgement", "test", "rule") if key in table}
    parts = [tomli_w.dumps(table)]
    parts += [_listed(key, item) for key, items in lists.items() for item in items]
    parts += [_scenario(scenario) for scenario in scenarios]
    return "\n".join(parts)


def names_toml(tables: Sequence[Mapping[str, Any]]) -> str:
    """Rules for names as the text of a mapping file.

    Args:
        tables: `[[names]]` tables.
    """
    return "\n".join(_listed("names", table) for table in tables)


def brief_json(brief: Brief) -> dict[str, Any]:
    """The brief as JSON holds it: dates as ISO text."""
    return {key: _plain(value) for key, value in brief_table(brief).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _listed(key: str, item: Mapping[str, Any]) -> str:
    """One table of a list below a heading of its own, its inner tables below theirs."""
    plain = {name: value for name, value in item.items() if not isinstance(value, Mapping)}
    inner = [
        tomli_w.dumps({key: {name: value}}) for name, value in item.items() if isinstance(value, Mapping)
    ]
    return "".join([f"[[{key}]]\n", tomli_w.dumps(plain), *inner])


def _scenario(changes: Mapping[str, Any]) -> str:
    """One scenario below a heading of its own, with the rules that it adds."""
    whole = tomli_w.dumps({"scenario": [changes]})
    # A short table would be written into one line, which belongs to whatever heading stands before it.
    return whole if whole.startswith("[[") else _listed("scenario", changes)


def _slot(slot: Slot) -> dict[str, str]:
    days = "|".join(WEEKDAYS[day] for day in sorted(slot.days))
    hours = "|".join(f"{first}-{last}" for first, last in slot.runs())
    return {"days": days, "hours": hours}
