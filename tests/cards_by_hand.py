"""Rate cards drawn at random, and the best plan for them by an independent program of scipy, rule by rule."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

START = date(2026, 11, 30)
"""A Monday."""
DAYS = [START + timedelta(at) for at in range(14)]
POSTS = {"p1": ("video", "promo"), "p2": ("image", "promo"), "p3": ("video", "advice")}
WORTH_OF_POST = {"p1": 1.0, "p2": 1.3, "p3": 0.8}
CHANNELS = ("facebook", "instagram/feed", "instagram/stories")
AUDIENCES = {("A", ""): 1.0, ("B", "facebook"): 2.0, ("B", "instagram"): 0.7}
"""What a result is worth by audience and channel."""
SLOTS = {"evening": range(5), "weekend": (5, 6)}
VALUES = {"lead": 3.0, "message": 1.0}
GROUPS = {"videos": ["p1", "p3"]}
BRIEF = """\
currency = "EUR"
budget = {budget}
flight = {{ start = 2026-11-30, days = 14{split} }}
data = {{ rates = "card.csv", posts = "posts.csv", audiences = "audiences.csv" }}
groups = {{ videos = ["p1", "p3"] }}
goal = {goal}

[slots]
evening = {{ days = "mon-fri", hours = "18-22" }}
weekend = {{ days = "sat-sun", hours = "8-22" }}

"""

VALUED = "values = { lead = 3, message = 1 }"
GOALS = {
    "value": f'{{ is = "most value", {VALUED} }}',
    "results": f'{{ is = "most results", {VALUED} }}',
    "lead": '{ is = "most results", type = "lead" }',
    "saved": f'{{ is = "lowest cost", {VALUED} }}',
}
"""What is maximised, and the goal that says so."""

Parts = Sequence[float] | np.ndarray


@dataclass(frozen=True)
class Line:
    """A line, or a piece of one: its names, its first and last day, what a unit costs and uses, and its tiers.

    Tiers are (units, leads of one, messages of one), every one worse than the one before.
    """

    names: tuple[str, str, str, str]
    first: date
    last: date
    cost: float
    planning: float
    tiers: tuple[tuple[float, float, float], ...]

    @property
    def runs(self) -> list[date]:
        """The days on which its slot runs."""
        return [
            day for day in DAYS if self.first <= day <= self.last and day.weekday() in SLOTS[self.names[3]]
        ]

    def within(self, first: date, last: date) -> Line:
        """What is left of it on some days: that part of its tiers."""
        piece = replace(self, first=max(self.first, first), last=min(self.last, last))
        part = len(piece.runs) / len(self.runs)
        return replace(piece, tiers=tuple((units * part, *brings) for units, *brings in self.tiers))


class Card:
    """Some lines with three tiers each; the flight may be cut into weeks."""

    def __init__(self, random: Random) -> None:
        names = itertools.product(POSTS, CHANNELS, "AB", SLOTS)
        self.whole = [self._line(line, random) for line in names if random.random() < 0.5]
        self.split = random.choice([None, None, None, "week"])
        weeks = [(DAYS[0], DAYS[6]), (DAYS[7], DAYS[13])] if self.split else [(DAYS[0], DAYS[13])]
        self.lines = [line.within(*week) for line in self.whole for week in weeks]

    @staticmethod
    def _line(names: tuple[str, str, str, str], random: Random) -> Line:
        cost = random.choice([1.0, 1.0, 2.0, 2.5])
        lead, message = random.uniform(0.01, 0.15) * cost, random.uniform(0.01, 0.4) * cost
        tiers, worse = [], 1.0
        for _ in range(3):
            tiers.append((random.randint(20, 120), round(lead * worse, 6), round(message * worse, 6)))
            worse *= random.uniform(0.4, 0.9)
        return Line(names, DAYS[0], DAYS[-1], cost, random.choice([0.5, 1.0, 3.0]), tuple(tiers))

    def closed(self, picks: Mapping[str, list[str]], days: Iterable[date], *, all_days: bool = True) -> None:
        """The picked lines do not run on those days: what is left of each are pieces before, between and after.

        Unless `all_days`, days on which a line's slot does not run anyway cut nothing.
        """
        off, mine, found = set(days), self.picked(**picks), []
        for line, picked in zip(self.lines, mine, strict=True):
            shut = off & set(line.runs if picked and not all_days else DAYS if picked else ())
            free = [day for day in DAYS if line.first <= day <= line.last and day not in shut]
            runs = [list(run) for _, run in itertools.groupby(free, key=lambda day: self._gap(day, free))]
            found += [line.within(run[0], run[-1]) for run in runs]
        self.lines = [line for line in found if line.runs]

    @staticmethod
    def _gap(day: date, free: list[date]) -> int:
        return (day - DAYS[0]).days - free.index(day)

    def write(self, folder: Path, budget: int, rules: Iterable[str], goal: str = "value") -> Path:
        rows = [
            ",".join(map(str, (*line.names, line.cost, lead, message, line.planning, units)))
            for line in self.whole
            for units, lead, message in line.tiers
        ]
        head = "post,channel,audience,slot,cost,results:lead,results:message,uses:planning,up_to"
        (folder / "card.csv").write_text("\n".join((head, *rows)), "utf-8")
        posts = [f"{post},{form},{topic},{WORTH_OF_POST[post]}" for post, (form, topic) in POSTS.items()]
        (folder / "posts.csv").write_text("\n".join(("post,format,topic,value", *posts)), "utf-8")
        audiences = [f"{name},{channel},{value}" for (name, channel), value in AUDIENCES.items()]
        (folder / "audiences.csv").write_text("\n".join(("audience,channel,value", *audiences)), "utf-8")
        brief = folder / "brief.toml"
        stated = "".join(f"[[rule]]\n{rule}\n\n" for rule in rules)
        split = f', split = "{self.split}"' if self.split else ""
        brief.write_text(BRIEF.format(budget=budget, split=split, goal=GOALS[goal]) + stated, "utf-8")
        return brief

    @staticmethod
    def name(line: Line, dimension: str) -> str:
        post, channel, audience, slot = line.names
        form, topic = POSTS[post]
        names = {"post": post, "channel": channel, "audience": audience, "slot": slot}
        return (names | {"format": form, "topic": topic})[dimension]

    def names(self, dimension: str) -> list[str]:
        return sorted({self.name(line, dimension) for line in self.whole})

    def picked(self, **wanted: str | list[str]) -> np.ndarray:
        """1.0 for each line that bears one of the names in every dimension."""
        return np.array([float(self._bears(line, wanted)) for line in self.lines])

    def had(self, *wanted: Mapping[str, str | list[str]]) -> bool:
        """Whether any line bears such names, days on which it may not run aside."""
        return any(all(self._bears(line, names) for names in wanted) for line in self.whole)

    def _bears(self, line: Line, wanted: Mapping[str, str | list[str]]) -> bool:
        for dimension, several in wanted.items():
            said, own = [several] if isinstance(several, str) else several, self.name(line, dimension)
            names = [one for name in said for one in GROUPS.get(name, [name])]
            if not any(own == name or own.startswith(name + "/") for name in names):
                return False
        return True

    def on(self, days: Iterable[date]) -> np.ndarray:
        """The part of each line's money that falls on those days."""
        chosen = set(days)
        return np.array([sum(day in chosen for day in line.runs) / len(line.runs) for line in self.lines])


class Program:
    """Money in each tier of each line, and whatever rules add to that.

    Attributes:
        soft: What a unit by which the rules that are added now fall short takes from the goal; `None` = they hold.
    """

    def __init__(self, card: Card, budget: float, goal: str = "value") -> None:
        self.card, self.budget = card, budget
        self.worth: list[float] = []
        self.most: list[float] = []
        self.whole: list[int] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self.soft: float | None = None
        self.brings = [self._brings(line) for line in card.lines]
        self.tiers = [
            [
                self.column(brings[goal], units * line.cost)
                for (units, *_), brings in zip(line.tiers, each, strict=True)
            ]
            for line, each in zip(card.lines, self.brings, strict=True)
        ]
        self.chosen: list[int] = []
        self.link(dict.fromkeys(itertools.chain(*self.tiers), 1.0), most=budget)

    @staticmethod
    def _brings(line: Line) -> list[dict[str, float]]:
        """What a euro in each tier brings, of each kind."""
        post, channel, audience, _ = line.names
        value = AUDIENCES.get((audience, "")) or AUDIENCES[audience, channel.split("/")[0]]
        found = []
        for _, lead, message in line.tiers:
            worth = value * WORTH_OF_POST[post] * (VALUES["lead"] * lead + VALUES["message"] * message)
            unit = {"lead": lead, "message": message, "results": lead + message, "value": worth}
            unit |= {"units": 1.0, "planning": line.planning}
            found.append(
                {kind: each / line.cost for kind, each in unit.items()} | {"money": 1.0, "saved": -1.0}
            )
        return found

    def column(self, worth: float = 0.0, most: float = np.inf, *, whole: bool = False) -> int:
        self.worth.append(worth)
        self.most.append(most)
        self.whole.append(int(whole))
        return len(self.worth) - 1

    def link(self, parts: Mapping[int, float], least: float = -np.inf, most: float = np.inf) -> None:
        """A row that holds whatever rules say."""
        self.rows.append((dict(parts), least, most))

    def row(self, parts: Mapping[int, float], least: float = -np.inf, most: float = np.inf) -> None:
        """A limit of a rule, which may give way at the rule's price."""
        if self.soft is None:
            return self.link(parts, least, most)
        short = self.column(-self.soft)
        if np.isfinite(least):
            self.link({**parts, short: 1.0}, least=least)
        if np.isfinite(most):
            self.link({**parts, short: -1.0}, most=most)
        return None

    def sum_of(self, parts: Parts, kind: str) -> dict[int, float]:
        """So many parts of what each line brings of a kind."""
        return {
            column: part * brings[kind]
            for columns, each, part in zip(self.tiers, self.brings, parts, strict=True)
            for column, brings in zip(columns, each, strict=True)
        }

    def money(self, parts: Parts, least: float = -np.inf, most: float = np.inf) -> None:
        """A limit on so many parts of each line's money."""
        self.row(self.sum_of(parts, "money"), least, most)

    def outcome(self, parts: Parts, kind: str, least: float = -np.inf, most: float = np.inf) -> None:
        """A limit on what the lines bring of a kind."""
        self.row(self.sum_of(parts, kind), least, most)

    def cost(self, parts: Parts, kind: str, most: float) -> None:
        """A result of that kind costs so much at the most, over the lines."""
        money, results = self.sum_of(parts, "money"), self.sum_of(parts, kind)
        self.row({column: money[column] - most * results[column] for column in money}, most=0.0)

    def funded(self) -> list[int]:
        """One column for each line: whether it receives a cent or more."""
        if not self.chosen:
            self.chosen = [self.column(most=1, whole=True) for _ in self.tiers]
            for column, tiers in zip(self.chosen, self.tiers, strict=True):
                all_money = sum(self.most[tier] for tier in tiers)
                self.link(dict.fromkeys(tiers, 1.0) | {column: -all_money}, most=0.0)
                self.link(dict.fromkeys(tiers, 1.0) | {column: -0.01}, least=0.0)
        return self.chosen

    def any_of(self, parts: Parts) -> int:
        """A column: whether any of the lines receives money."""
        mine = [column for column, part in zip(self.funded(), parts, strict=True) if part]
        found = self.column(most=1, whole=True)
        for column in mine:
            self.link({column: 1.0, found: -1.0}, most=0.0)
        self.link({**dict.fromkeys(mine, 1.0), found: -1.0}, least=0.0)
        return found

    def best(self) -> float | None:
        """The goal of the best plan, less what soft rules take; `None` where there is no plan that spends anything."""
        spent = (dict.fromkeys(itertools.chain(*self.tiers), 1.0), 0.02, np.inf)
        rows = [*self.rows, spent]
        row, column, value = zip(
            *((at, column, value) for at, (parts, *_) in enumerate(rows) for column, value in parts.items()),
            strict=True,
        )
        low, high = (np.array([row[side] for row in rows]) for side in (1, 2))
        found = milp(
            -np.array(self.worth),
            constraints=LinearConstraint(
                coo_array((value, (row, column)), (len(rows), len(self.worth))).tocsc(), low, high
            ),
            bounds=Bounds(0.0, np.array(self.most)),
            integrality=np.array(self.whole),
            options={"mip_rel_gap": 1e-7},
        )
        return None if found.x is None else float(-found.fun)
