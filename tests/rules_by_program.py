"""What rules of a brief, given as its tables, say in rows of an independent program."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
from cards_by_hand import DAYS, GROUPS, Card, Program

Table = dict[str, Any]
Names = dict[str, list[str]]
Parts = np.ndarray
DIMENSIONS = ("post", "channel", "audience", "slot", "format", "topic")
WEEKS = [DAYS[:7], DAYS[7:]]


def toml(table: Table) -> str:
    """The rule as people write it."""
    return "\n".join(f"{key} = {_inline(value)}" for key, value in table.items() if value not in ([], ()))


def _inline(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{key}" = {_inline(each)}' for key, each in value.items()) + " }"
    return json.dumps(value)


def picks_of(table: Table) -> Names:
    """Names by dimension."""
    said = {key: table[key] for key in DIMENSIONS if key in table}
    return {key: [names] if isinstance(names, str) else names for key, names in said.items()}


def bounds(table: Table, times: float = 1.0) -> tuple[float, float]:
    """Least and most of a rule."""
    both = table.get("equal", table.get("amount"))
    least, most = (table.get(key, both) for key in ("at_least", "at_most"))
    return (-np.inf if least is None else least * times), (np.inf if most is None else most * times)


def each(card: Card, table: Table) -> Iterator[tuple[Parts, Parts]]:
    """The part of each line's money that a rule counts in each piece, and the part that is in the piece at all.

    A post that nothing may run for asks for as much as any other, a day on which nothing may run for nothing. A rule that picks
    no line at all is about none.
    """
    found = list(_pieces(card, table))
    yield from found or [(np.zeros(len(card.lines)), np.ones(len(card.lines)))]


def _pieces(card: Card, table: Table) -> Iterator[tuple[Parts, Parts]]:
    picks, per = picks_of(table), table.get("per", [])
    per = [per] if isinstance(per, str) else per
    alone = not set(picks) - set(per)
    names = [key for key in per if key not in ("day", "week")]
    times = {"day": [[day] for day in DAYS], "week": WEEKS}.get(
        per[-1] if len(per) > len(names) else "", [DAYS]
    )
    for combination in itertools.product(*(spelled(picks.get(key, card.names(key))) for key in names)):
        piece = dict(zip(names, combination, strict=True))
        mine = card.picked(**picks) * card.picked(**piece)
        for days in times:
            inside = card.on(days)
            if (mine * inside).any() or (times == [DAYS] and card.had(picks, piece)):
                yield mine * inside, np.ones(len(card.lines)) if alone else card.picked(**piece) * inside


def spelled(names: list[str]) -> list[str]:
    """The names, with those of a group for the group."""
    return list(dict.fromkeys(one for name in names for one in GROUPS.get(name, [name])))


def on_days(table: Table, card: Card) -> Parts:
    """The part of each line's money on the days that a rule picks."""
    if "date" not in table:
        return np.ones(len(card.lines))
    first, last = table["date"].split("/")
    return card.on([day for day in DAYS if first <= str(day) <= last])


def spend(table: Table, card: Card, program: Program) -> None:
    for inside, _ in each(card, table):
        program.money(inside * on_days(table, card), *bounds(table))


def share(table: Table, card: Card, program: Program) -> None:
    least, most = bounds(table)
    for inside, whole in each(card, table):
        if table.get("of") == "budget":
            program.money(inside, least * program.budget, most * program.budget)
        else:
            for part in {least, most} - {-np.inf, np.inf}:
                program.money(
                    inside - part * whole,
                    *(0.0 if part == end else s * np.inf for end, s in ((least, -1), (most, 1))),
                )


def each_line(table: Table, card: Card, program: Program) -> None:
    least, most = bounds(table)
    mine = card.picked(**picks_of(table))
    for at in np.flatnonzero(mine):
        money = dict.fromkeys(program.tiers[at], 1.0)
        program.row(money, most=most)
        if table.get("or_zero"):
            program.row(money | {program.funded()[at]: -least}, least=0.0)
        else:
            program.row(money, least=least)
        if "step" in table:
            program.row(money | {program.column(whole=True): -float(table["step"])}, 0.0, 0.0)


def per_day(table: Table, card: Card, program: Program) -> None:
    runs = [inside for inside, _ in each(card, {"per": "day"} | table)]
    for inside in runs:
        program.money(inside, *bounds(table))
    for before, after in pairwise(runs) if "shape" in table else ():
        program.money(before - after, 0.0, 0.0 if table["shape"] == "even" else np.inf)


def change(table: Table, card: Card, program: Program) -> None:
    for name, money in table["before"].items():
        part = table["at_most"] * money
        program.money(card.picked(**{table["per"]: name}), money - part, money + part)


def count(table: Table, card: Card, program: Program) -> None:
    posts = [card.picked(post=name) for name in card.names("post")]
    for inside, _ in each(card, table):
        cuts = posts if table["is"] == "posts" else np.eye(len(card.lines))
        groups = [program.any_of(inside * cut) for cut in cuts if (inside * cut).any()]
        program.row(dict.fromkeys(groups, 1.0), *bounds(table))


def needs(table: Table, card: Card, program: Program) -> None:
    for inside, whole in each(card, table):
        one, two = program.any_of(inside), program.any_of(card.picked(**table["needs"]) * whole)
        program.row({one: 1.0, two: -1.0}, most=0.0)


def excludes(table: Table, card: Card, program: Program) -> None:
    ((key, names),) = picks_of(table).items()
    for inside, _ in each(card, table):
        groups = [program.any_of(inside * card.picked(**{key: name})) for name in names]
        program.row(dict.fromkeys(groups, 1.0), most=1.0)


def hold(table: Table, card: Card, program: Program) -> None:
    program.money(card.picked(**picks_of(table)), most=0.0)


def outcome(table: Table, card: Card, program: Program) -> None:
    kind = table.get("name", table.get("type", table["is"]))
    for inside, _ in each(card, table):
        program.outcome(inside, kind, *bounds(table))


def cpr(table: Table, card: Card, program: Program) -> None:
    for inside, _ in each(card, table):
        program.cost(inside, table.get("type", "results"), table["at_most"])


def learning(table: Table, card: Card, program: Program) -> None:
    for at in np.flatnonzero(card.picked(**picks_of(table))):
        days = (card.lines[at].last - card.lines[at].first).days + 1
        brought = program.sum_of(np.eye(len(card.lines))[at], "results")
        program.row(brought | {program.funded()[at]: -table["at_least"] / 7 * days}, least=0.0)


def ratio(table: Table, card: Card, program: Program) -> None:
    of, to = (card.picked(**table[side]) for side in ("of", "to"))
    kind, (least, most) = "money" if table["in"] == "spend" else "units", bounds(table)
    for inside, _ in each(card, {"per": table.get("per", [])}):
        for times, low, high in ((least, 0.0, np.inf), (most, -np.inf, 0.0)):
            if np.isfinite(times):
                program.row(program.sum_of((of - times * to) * inside, kind), low, high)


SAID: dict[str, Callable[[Table, Card, Program], None]] = {
    "spend": spend, "share": share, "each line": each_line, "locked": spend, "per day": per_day, "change": change, "posts": count,
    "lines": count, "needs": needs, "excludes": excludes, "hold": hold, "results": outcome, "value": outcome, "cpr": cpr,
    "learning phase": learning, "units": outcome, "resource": outcome, "ratio": ratio,
}  # fmt: skip
SHUT = ("not before", "not after", "blackout")
"""Rules that cut lines, before anything else is said of them."""


def shut(table: Table, card: Card) -> None:
    """Cut the lines that a rule keeps off days."""
    days = [table["date"]] if isinstance(table["date"], str) else table["date"]
    runs = [(day.split("/")[0], day.split("/")[-1]) for day in days]
    ((first, last), *_) = runs
    off = {
        "not before": [day for day in DAYS if str(day) < first],
        "not after": [day for day in DAYS if str(day) > last],
        "blackout": [day for day in DAYS if any(a <= str(day) <= b for a, b in runs)],
    }[table["is"]]
    card.closed(picks_of(table), off, all_days=table["is"] != "blackout")


def programmed(
    seed: str, tables: Sequence[Table], budget: float | None = None, goal: str = "value"
) -> tuple[Card, Program]:
    """The card of a seed, and the program of its best plan under some rules."""
    random = Random(seed)
    card, own = Card(random), random.choice([300, 800, 1500])
    for table in tables:
        if table["is"] in SHUT:
            shut(table, card)
    program = Program(card, own if budget is None else budget, goal)
    for table in tables:
        if table["is"] not in SHUT:
            per_unit = program.budget if table["is"] == "share" else 1.0
            program.soft = table["soft"] / per_unit if "soft" in table else None
            SAID[table["is"]](table, card, program)
    return card, program
