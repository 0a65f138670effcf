"""Worlds in which the logarithms of rates add up: who is good where is a sum of many effects, and nobody is told.

    rate = exp(mean + channel + audience + slot + their pairs + format × channel + topic × audience
               + post + post × channel + post × audience + line + random walks + season - fatigue · age)
    results = rate · kappa · g(money / kappa), counted with chance

`g` is one of four saturating families, drawn once for each world. Money and `kappa` are of one week. In some settings
the lines of one channel and audience share its people: of `z` results that they would get each on its own, they get
`z / (1 + z / pool)` together. In others the first money brings little: `g(u) = u^p / (1 + u^p)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import Audiences, History, Posts
from mediaplan.worlds.oracle import Task, best, concave
from mediaplan.worlds.settings import SETTINGS, Setting
from mediaplan.worlds.shown import (
    FIRST_DAY,
    FORMATS,
    TOPICS,
    drawn_lives,
    shown_audiences,
    shown_history,
    shown_lines,
    shown_posts,
)
from mediaplan.worlds.together import climb

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Index = NDArray[np.intp]

_FAMILIES: tuple[Callable[[Array], Array], ...] = (
    lambda u: 1.0 - np.exp(-u),
    lambda u: u / (1.0 + u),
    np.log1p,
    lambda u: 2.0 * (np.sqrt(1.0 + u) - 1.0),
)


@dataclass(frozen=True)
class _Past:
    """Lines bought in the past: week, post and place (channel, audience, slot) of each row, and its money."""

    week: Integers
    post: Integers
    place: tuple[Integers, Integers, Integers]
    spend: Array


class World:
    """One invented world: what a planner may see of it, and what would truly come of any plan.

    Args:
        seed: Of all its random numbers; the same seed and setting give the same world.
        setting: What it is like.

    Attributes:
        setting: As given.
        live: Shape (posts alive,), the posts that can be sponsored in the week after the history.
    """

    def __init__(self, seed: int, setting: Setting = SETTINGS["base"]) -> None:
        self.setting = setting
        self._random = np.random.default_rng([seed, 20260831])
        self._draw_posts()
        self._draw_places()
        self._draw_rates()
        self._past = self._spend_the_past()

    def _draw_posts(self) -> None:
        random, weeks = self._random, self.setting.weeks + 1
        self._born, self._gone = drawn_lives(random, self.setting.posts, weeks)
        self.live: Integers = np.flatnonzero((self._born < weeks) & (self._gone >= weeks))
        self._format = random.integers(0, len(FORMATS), len(self._born))
        self._topic = random.integers(0, len(TOPICS), len(self._born))

    def _draw_places(self) -> None:
        """Sizes and values of audiences, and what saturation there is."""
        random, s = self._random, self.setting
        shape = (s.channels, s.audiences)
        self._size = np.exp(random.normal(11.0, 0.5, s.audiences) + random.normal(0.0, 0.3, shape))
        self._value = np.exp(random.normal(0.0, 0.3, s.audiences))
        family = _FAMILIES[random.integers(len(_FAMILIES))]
        self._g = partial(_s_curve, s.threshold) if s.threshold else family
        people = self._size / np.exp(np.log(self._size).mean())
        lines = (len(self._born), *shape, s.slots)
        self._kappa = s.kappa * np.exp(
            0.8 * np.log(people)[None, :, :, None]
            + random.normal(0.0, 0.2, s.slots)
            + random.normal(0.0, 0.3, lines)
        )
        self._pool = s.pool * s.kappa / s.price * people**0.8

    def _draw_rates(self) -> None:
        """Logarithm of results per EUR of every line, shape (posts, channels, audiences, slots), before time."""
        s = self.setting
        posts, n_c, n_a, n_s = len(self._born), s.channels, s.audiences, s.slots

        def one(sd: float, *shape: int) -> Array:
            return self._random.normal(0.0, sd * s.structure, shape)

        formats, topics = one(0.24, len(FORMATS)), one(0.24, len(TOPICS))
        tail = self._random.standard_t(3, posts) / np.sqrt(3.0)
        quality = s.post_sd * tail + formats[self._format] + topics[self._topic]
        place = (
            one(0.42, n_c, 1, 1)
            + one(0.42, 1, n_a, 1)
            + one(0.24, 1, 1, n_s)
            + one(0.30, n_c, n_a, 1)
            + one(0.18, n_c, 1, n_s)
        )
        taste = one(0.24, len(FORMATS), n_c)[self._format][:, :, None, None]
        interest = one(0.24, len(TOPICS), n_a)[self._topic][:, None, :, None]
        own = one(0.18, posts, n_c, 1, 1) + one(0.18, posts, 1, n_a, 1)
        line = self._random.normal(0.0, s.line_sd, (posts, n_c, n_a, n_s))
        self._quality = quality
        self._log_rate = (
            -np.log(s.price) + quality[:, None, None, None] + place + taste + interest + own + line
        )
        self._fatigue = np.maximum(self._random.normal(0.12, 0.06, posts), 0.0)
        steps = (s.weeks + 1, n_c, 1), (s.weeks + 1, 1, n_a)
        walks = [self._random.normal(0.0, s.drift_sd, shape).cumsum(axis=0) for shape in steps]
        phase = self._random.uniform(0.0, 2.0 * np.pi)
        wave = s.season * np.sin(2.0 * np.pi * np.arange(s.weeks + 1) / 52.0 + phase)
        self._time = walks[0] + walks[1] + (wave - wave[-1])[:, None, None]

    def _rate(self, week: int) -> Array:
        """Results per EUR at the first EUR, shape (posts, channels, audiences, slots)."""
        age = np.maximum(week - self._born, 0)
        tired = (self._fatigue * age)[:, None, None, None]
        rate: Array = np.exp(self._log_rate - tired + self._time[week][None, :, :, None])
        return rate

    def _expected(self, rate: Array, kappa: Array, spend: Array) -> Array:
        return rate * kappa * self._g(spend / kappa)

    def _spend_the_past(self) -> _Past:
        s, random = self.setting, self._random
        shape = (s.channels, s.audiences, s.slots)
        habit = random.gamma(1.0, size=int(np.prod(shape)))
        rows = []
        for week in range(s.weeks):
            alive = np.flatnonzero((self._born <= week) & (self._gone > week))
            for post in alive:
                bought = random.choice(habit.size, s.habits, replace=False, p=habit / habit.sum())
                rows += [(week, post, *np.unravel_index(place, shape)) for place in bought]
        week, post, *place = np.array(rows).T
        good = self._log_rate[post, place[0], place[1], place[2]]
        weight = random.gamma(s.concentration, size=len(week)) * np.exp(s.chase * good)
        share = weight / np.bincount(week, weight)[week]
        spend = np.maximum(np.round(share * s.budget, 2), 1.0)
        return _Past(week, post, (place[0], place[1], place[2]), spend)

    def _counted(self, mean: Array, random: np.random.Generator) -> Integers:
        phi = self.setting.dispersion
        counts: Integers = random.poisson(mean * random.gamma(1.0 / phi, phi, len(mean)))
        return counts

    @cached_property
    def history(self) -> History:
        """What was spent in each week and the results that were counted."""
        past = self._past
        rate = np.stack([self._rate(week) for week in range(self.setting.weeks)])
        at = (past.post, *past.place)
        mean = self._expected(rate[(past.week, *at)], self._kappa[at], past.spend)
        pools = np.ravel_multi_index((past.week, *past.place[:2]), (self.setting.weeks, *self._pool.shape))
        mean = _together(mean, pools, np.tile(self._pool.ravel(), self.setting.weeks))
        count = self._counted(mean, self._random)
        return shown_history(
            self.setting.name,
            past.week,
            shown_lines(past.post, past.place),
            past.spend,
            count.astype(np.float64),
        )

    @cached_property
    def posts(self) -> Posts:
        """All posts; those that are over have the status `ended`."""
        random = np.random.default_rng(self._born.sum() + len(self._born) * 1000)
        n = len(self._born)
        reach = np.round(np.exp(random.normal(7.5, 0.6, n))).astype(np.float64)
        told = self.setting.organic * self._quality / max(self._quality.std(), 1e-9)
        engaged = random.poisson(reach * np.exp(-3.0 + 0.5 * told + random.normal(0.0, 0.4, n)))
        return shown_posts(
            self._born, self.live, (self._format, self._topic), (reach, engaged.astype(np.float64))
        )

    @cached_property
    def audiences(self) -> Audiences:
        """Sizes by channel, and what one result is worth."""
        return shown_audiences(self._size, self._value)

    @property
    def flight(self) -> date:
        """First day of the week that is to be planned."""
        return FIRST_DAY + timedelta(weeks=self.setting.weeks)

    @cached_property
    def lines(self) -> pd.DataFrame:
        """All lines that may get money next week: names, in the order of the truth's arrays."""
        shape = (len(self.live), *self._kappa.shape[1:])
        post, *place = np.unravel_index(np.arange(np.prod(shape)), shape)
        return shown_lines(self.live[post], (place[0], place[1], place[2]))

    @cached_property
    def _next(self) -> tuple[Array, Array, Array]:
        """Rate, kappa and value of each of `lines` next week."""
        rate = self._rate(self.setting.weeks)[self.live]
        value = np.broadcast_to(self._value[None, None, :, None], rate.shape)
        return rate.ravel(), self._kappa[self.live].ravel(), value.ravel()

    @cached_property
    def _member(self) -> Integers:
        """Shape (lines,), number of each line's channel and audience."""
        shape = (len(self.live), self._pool.size, self.setting.slots)
        return np.broadcast_to(np.arange(self._pool.size)[None, :, None], shape).ravel()

    def alone(self, amounts: Array) -> Array:
        """Expected value of each of `lines` next week if no other had money, shape as `amounts`, (…, lines)."""
        rate, kappa, value = self._next
        return value * self._expected(rate, kappa, amounts)

    def worth(self, amounts: Array) -> Array:
        """Expected value of each of `lines` next week, when all have their money together.

        Args:
            amounts: EUR for the week, last axis (lines,), ≥ 0.

        Returns:
            Same shape as `amounts`.
        """
        rate, kappa, value = self._next
        return value * _together(self._expected(rate, kappa, amounts), self._member, self._pool.ravel())

    def total(self, amounts: Array) -> float:
        """Expected value of all lines together."""
        return float(self.worth(amounts).sum())

    def given(self, amounts: Array, chosen: Index) -> Callable[[Array], Array]:
        """Change of the whole value by other amounts of each of the chosen lines, all else kept."""
        rate, kappa, value = (part[chosen] for part in self._next)
        every = self._expected(*self._next[:2], amounts)
        pool, member = self._pool.ravel(), self._member
        before = np.bincount(member, every, len(pool))[member][chosen]
        own, size = every[chosen], pool[member][chosen]

        def change(others: Array) -> Array:
            after = before - own + self._expected(rate, kappa, others)
            changes: Array = value * (after / (1.0 + after / size) - before / (1.0 + before / size))
            return changes

        return change

    def best_plan(self, task: Task = Task()) -> Array:  # noqa: B008 - frozen
        """Amounts that bring most together, shape (lines,), EUR; for S-curves the best of their concave envelopes."""
        budget = self.setting.budget
        curves = self._envelope if self.setting.threshold else self.alone
        start = best(self.lines, curves, budget, task)
        return start if np.isinf(self.setting.pool) else climb(self.lines, self, start, budget, task).amounts

    def _envelope(self, amounts: Array) -> Array:
        """Least concave curves above `alone` at amounts, shape (k, lines), rising from 0."""
        return concave(amounts, self.alone(amounts))

    def realise(self, amounts: Array, seed: int) -> Array:
        """Results that may really come of each of `lines`, shape (lines,)."""
        mean = self.worth(amounts) / self._next[2]
        return self._counted(mean, np.random.default_rng([seed, 7])).astype(np.float64)


def _s_curve(power: float, u: Array) -> Array:
    rise = u**power
    curve: Array = rise / (1.0 + rise)
    return curve


def _together(results: Array, member: Integers, size: Array) -> Array:
    """What is left of each line's results, last axis (lines,), when the people of each pool are shared."""
    if np.isinf(size).all():
        return results
    each = np.equal(member[:, None], np.arange(len(size))).astype(np.float64)
    left: Array = results / (1.0 + (results @ each / size)[..., member])
    return left
