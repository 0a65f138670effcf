"""Rate cards drawn at random, and the best plan for them by an independent program of scipy, rule by rule."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

START = date(2026, 11, 30)
"""A Monday."""
DAYS = [START + timedelta(at) for at in range(14)]
POSTS = {"p1": ("video", "promo"), "p2": ("image", "promo"), "p3": ("video", "advice")}
CHANNELS = ("facebook", "instagram/feed", "instagram/stories")
SLOTS = {"evening": range(5), "weekend": (5, 6)}
BRIEF = """\
currency = "EUR"
budget = {budget}
flight = {{ start = 2026-11-30, days = 14 }}
data = {{ rates = "card.csv", posts = "posts.csv" }}
groups = {{ videos = ["p1", "p3"] }}

[slots]
evening = {{ days = "mon-fri", hours = "18-22" }}
weekend = {{ days = "sat-sun", hours = "8-22" }}

"""

Parts = Sequence[float] | np.ndarray


class Card:
    """Some lines with three tiers each, every tier worse than the one before."""

    def __init__(self, random: Random) -> None:
        names = itertools.product(POSTS, CHANNELS, "AB", SLOTS)
        self.lines = [line for line in names if random.random() < 0.5]
        self.tiers = []
        for _ in self.lines:
            rate = random.uniform(0.05, 0.5)
            rates = [round(rate * random.uniform(0.4, 0.9) ** tier, 6) for tier in range(3)]
            self.tiers.append([(random.randint(20, 120), each) for each in sorted(rates, reverse=True)])

    def write(self, folder: Path, budget: int, rules: Iterable[str]) -> Path:
        rows = [
            ",".join((*line, "1", str(rate), str(most)))
            for line, tiers in zip(self.lines, self.tiers, strict=True)
            for most, rate in tiers
        ]
        head = "post,channel,audience,slot,cost,results,up_to"
        (folder / "card.csv").write_text("\n".join((head, *rows)), "utf-8")
        posts = [",".join((post, *about)) for post, about in POSTS.items()]
        (folder / "posts.csv").write_text("\n".join(("post,format,topic", *posts)), "utf-8")
        brief = folder / "brief.toml"
        stated = "".join(f"[[rule]]\n{rule}\n\n" for rule in rules)
        brief.write_text(BRIEF.format(budget=budget) + stated, "utf-8")
        return brief

    def name(self, line: int, dimension: str) -> str:
        post, channel, audience, slot = self.lines[line]
        form, topic = POSTS[post]
        return {
            "post": post,
            "channel": channel,
            "audience": audience,
            "slot": slot,
            "format": form,
            "topic": topic,
        }[dimension]

    def names(self, dimension: str) -> list[str]:
        return sorted({self.name(line, dimension) for line in range(len(self.lines))})

    def picked(self, **wanted: str | list[str]) -> np.ndarray:
        """1.0 for each line that bears one of the names in every dimension."""
        found = np.ones(len(self.lines))
        for dimension, several in wanted.items():
            names = [several] if isinstance(several, str) else several
            for line in range(len(self.lines)):
                own = self.name(line, dimension)
                found[line] *= any(own == name or own.startswith(name + "/") for name in names)
        return found

    def on(self, days: Iterable[date]) -> np.ndarray:
        """The part of each line's money that falls on those days."""
        chosen = set(days)
        runs = [[day for day in DAYS if day.weekday() in SLOTS[slot]] for *_, slot in self.lines]
        return np.array([sum(day in chosen for day in mine) / len(mine) for mine in runs])


class Program:
    """Money in each tier of each line, and whatever rules add to that."""

    def __init__(self, card: Card, budget: int) -> None:
        self.card, self.budget = card, budget
        self.worth: list[float] = []
        self.most: list[float] = []
        self.whole: list[int] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self.tiers = [[self.column(rate, most) for most, rate in tiers] for tiers in card.tiers]
        self.chosen: list[int] = []
        self.money(np.ones(len(card.lines)), most=budget)

    def column(self, worth: float = 0.0, most: float = np.inf, *, whole: bool = False) -> int:
        self.worth.append(worth)
        self.most.append(most)
        self.whole.append(int(whole))
        return len(self.worth) - 1

    def row(self, parts: dict[int, float], least: float = -np.inf, most: float = np.inf) -> None:
        self.rows.append((parts, least, most))

    def money(
        self, parts: Parts, least: float = -np.inf, most: float = np.inf, **more: dict[int, float]
    ) -> None:
        """A limit on so many parts of each line's money."""
        found = {column: part for columns, part in zip(self.tiers, parts, strict=True) for column in columns}
        self.row(found | more.get("beside", {}), least, most)

    def results(self, parts: Parts, least: float, **more: dict[int, float]) -> None:
        """At least so many results of the lines."""
        columns = [
            (c, part * self.worth[c]) for line, part in zip(self.tiers, parts, strict=True) for c in line
        ]
        self.row(dict(columns) | more.get("beside", {}), least)

    def cost(self, parts: Parts, most: float) -> None:
        """A result of the lines costs that at the most."""
        columns = [
            (c, part * (1 - most * self.worth[c]))
            for line, part in zip(self.tiers, parts, strict=True)
            for c in line
        ]
        self.row(dict(columns), most=0.0)

    def funded(self) -> list[int]:
        """One column for each line: whether it receives a cent or more."""
        if not self.chosen:
            self.chosen = [self.column(most=1, whole=True) for _ in self.tiers]
            for line, (column, tiers) in enumerate(zip(self.chosen, self.card.tiers, strict=True)):
                all_money = float(sum(most for most, _ in tiers))
                self.row(dict.fromkeys(self.tiers[line], 1.0) | {column: -all_money}, most=0.0)
                self.row(dict.fromkeys(self.tiers[line], 1.0) | {column: -0.01}, least=0.0)
        return self.chosen

    def any_of(self, parts: Parts) -> int:
        """A column: whether any of the lines receives money."""
        mine = [column for column, part in zip(self.funded(), parts, strict=True) if part]
        found = self.column(most=1, whole=True)
        for column in mine:
            self.row({column: 1.0, found: -1.0}, most=0.0)
        self.row({**dict.fromkeys(mine, 1.0), found: -1.0}, least=0.0)
        return found

    def best(self) -> float | None:
        """The goal of the best plan, less what soft rules take; `None` where there is no plan that spends anything."""
        self.money(np.ones(len(self.tiers)), least=0.02)
        rows = np.zeros((len(self.rows), len(self.worth)))
        for at, (parts, _, _) in enumerate(self.rows):
            rows[at, list(parts)] = list(parts.values())
        low, high = (np.array([row[side] for row in self.rows]) for side in (1, 2))
        found = milp(
            -np.array(self.worth),
            constraints=LinearConstraint(rows, low, high),
            bounds=Bounds(0.0, np.array(self.most)),
            integrality=np.array(self.whole),
            options={"mip_rel_gap": 1e-7},
        )
        return None if found.x is None else float(-found.fun)
