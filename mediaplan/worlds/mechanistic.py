"""Worlds made of people, not of a formula: interests, auctions, delivery, wear and delay, and nobody is told.

People come in groups with interests, channels they use and hours they keep; audiences are overlapping parts of them.
Prices follow what other advertisers bid for these people; money wins impressions of the likeliest first and wears
them out over all lines together (see `attention`); clicks become results after some days. Nothing of it is a sum of
logarithms of effects, and no line's curve is a hyperbola: what the estimator assumes does not hold here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import Audiences, History, Posts
from mediaplan.worlds.attention import Week
from mediaplan.worlds.oracle import Task
from mediaplan.worlds.people import draw_appeal, draw_people
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
from mediaplan.worlds.sizes import SIZES, Size
from mediaplan.worlds.together import best_alone, climb

Array = NDArray[np.float64]
Index = NDArray[np.intp]
Integers = NDArray[np.int64]

CLICK = np.log(0.010)
"""Usual clicks per attentive impression."""

KEPT = 0.6
"""Part of a post's past impressions on a person that still tires that person a week later."""

LATEST = 28
"""Days after which no result of a click comes any more."""


class World:
    """One invented market: what a planner may see of it, and what would truly come of any plan.

    Args:
        seed: Of all its random numbers; the same seed and size give the same world.
        setting: How large it is.

    Attributes:
        setting: As given.
        live: Shape (posts alive,), the posts that can be sponsored in the week after the history.
    """

    def __init__(self, seed: int, setting: Size = SIZES["medium"]) -> None:
        self.setting = setting
        self._random = np.random.default_rng([seed, 20261123])
        random, weeks = self._random, setting.weeks + 1
        self._born, self._gone = drawn_lives(random, setting.posts, weeks)
        self.live: Integers = np.flatnonzero((self._born < weeks) & (self._gone >= weeks))
        self._people = draw_people(setting, len(FORMATS), random)
        self._posts = draw_appeal(len(self._born), len(FORMATS), len(TOPICS), random)
        self._draw_places()
        self._stock = np.zeros((setting.groups, len(self._born)))
        self._live_the_past()

    def _draw_places(self) -> None:
        """Prices and moods of channels and slots, and how they change from week to week."""
        random, s = self._random, self.setting
        self._value = np.exp(random.normal(0.0, 0.3, s.audiences))
        self._click_mood = random.normal(0.0, 0.35, s.channels)[:, None] + random.normal(
            0.0, 0.15, (s.channels, s.slots)
        )
        self._result_mood = random.normal(0.0, 0.3, s.channels)[:, None] + random.normal(0.0, 0.2, s.slots)
        dear = random.normal(0.0, 0.25, s.channels)[:, None] + random.normal(0.0, 0.15, (s.channels, s.slots))
        walk = random.normal(0.0, 0.06, (s.weeks + 1, s.channels, 1)).cumsum(axis=0)
        season = 0.12 * np.sin(2.0 * np.pi * np.arange(s.weeks + 1) / 52.0 + random.uniform(0.0, 2.0 * np.pi))
        self._price = np.log(s.price / 1000.0) + dear + walk + season[:, None, None]

    def _clicks(self, post: Index, channel: Index, slot: Index, week: int) -> Array:
        """Clicks per attentive impression, shape (groups, lines)."""
        people, posts = self._people, self._posts
        interest = np.tanh(people.interests @ posts.appeal.T / 2.0) * 2.0 * self.setting.taste
        age = np.maximum(week - self._born, 0)
        tired = 0.05 * age + self.setting.staleness * self._stock / people.count[:, None]
        log = (interest + posts.charm - tired)[:, post] + (
            people.format_taste[posts.format[post], channel] + self._click_mood[channel, slot]
        )
        clicks: Array = np.exp(CLICK + log)
        return clicks

    def _chances(self, post: Index, channel: Index, slot: Index) -> Array:
        """Results per click, shape (groups, lines)."""
        log = self._people.intent[:, None] + self._posts.landing[post] + self._result_mood[channel, slot]
        chances: Array = np.minimum(np.exp(np.log(self.setting.results) + log), 0.6)
        return chances

    def _week(self, week: int, at: tuple[Index, Index, Index, Index]) -> tuple[Week, Array]:
        """The market in that week for the lines (post, channel, audience, slot), and their clicks."""
        s, people = self.setting, self._people
        post, channel, audience, slot = at
        clicks = self._clicks(post, channel, slot, week)
        chance = clicks * self._chances(post, channel, slot)
        reach = people.member[:, audience] * people.uses[:, channel] * people.present[:, slot]
        supply = people.count[:, None] * reach * s.winnable
        whole = np.maximum(supply.sum(axis=0), 1e-9)
        usual = (supply * chance).sum(axis=0) / whole
        keen = (chance / usual) ** s.seeking
        keen /= (supply * keen).sum(axis=0) / whole
        sought = (supply * np.exp(people.sought)[:, None]).sum(axis=0) / whole
        price = np.exp(self._price[week][channel, slot]) * sought
        value = self._value[audience]
        return Week(people.count, supply, keen, price, s.depth, s.rise, chance, value, s.weariness), clicks

    def _live_the_past(self) -> None:
        """Buy the habitual lines week by week; people remember the posts they were shown."""
        s, random = self.setting, self._random
        shape = (s.channels, s.audiences, s.slots)
        habit = random.gamma(1.0, size=int(np.prod(shape)))
        rows = []
        for week in range(s.weeks):
            alive = np.flatnonzero((self._born <= week) & (self._gone > week))
            bought = np.concatenate(
                [random.choice(habit.size, s.habits, replace=False, p=habit / habit.sum()) for _ in alive]
            )
            channel, audience, slot = np.unravel_index(bought, shape)
            at = (np.repeat(alive, s.habits), channel, audience, slot)
            market, clicks = self._week(week, at)
            good = market.alone(np.full(len(bought), 1.0))
            weight = random.gamma(s.concentration, size=len(bought)) * good**0.3
            spend = np.maximum(np.round(weight / weight.sum() * s.budget, 2), 1.0)
            rows.append(self._bought(week, at, market, clicks, spend))
        self._past = pd.concat(rows, ignore_index=True)
        self._arrivals = self._count(self._past)

    def _bought(
        self, week: int, at: tuple[Index, ...], market: Week, clicks: Array, spend: Array
    ) -> pd.DataFrame:
        """Expected figures of one week's lines; people keep what they have seen in mind."""
        shown = market.shown(spend)
        attended = market.attended(shown)
        people = self._people.count[:, None]
        for line, post in enumerate(at[0]):
            self._stock[:, post] += shown[:, line]
        self._stock *= KEPT
        return pd.DataFrame(
            {
                "week": week,
                **dict(zip(("post", "channel", "audience", "slot"), at, strict=True)),
                "spend": spend,
                "impressions": shown.sum(axis=0),
                "reach": (people * -np.expm1(-shown / people)).sum(axis=0),
                "clicks": (clicks * attended).sum(axis=0),
                "results": (market.chance * attended).sum(axis=0),
                "alone": market.alone(spend),
            }
        )

    def _count(self, past: pd.DataFrame) -> Integers:
        """Draw the counts; results by the day on which they are counted, shape (rows, days since the week began)."""
        random, phi = self._random, self.setting.dispersion
        mean_clicks, mean = past["clicks"].to_numpy(), past["results"].to_numpy()
        drawn = random.poisson(mean_clicks * random.gamma(1.0 / phi, phi, len(past)))
        past["clicks"] = drawn
        total = random.poisson(mean / mean_clicks * drawn * random.gamma(1.0 / phi, phi, len(past)))
        return random.multinomial(total, self._arrival)

    @cached_property
    def _arrival(self) -> Array:
        """Part of a week's results that is counted on each day since the week began: clicks of seven days, delayed."""
        stay = self.setting.delay / (1.0 + self.setting.delay)
        delay = stay ** np.arange(LATEST)
        part: Array = np.convolve(np.full(7, 1.0 / 7.0), delay / delay.sum())
        return part

    def counted(self, as_of: date) -> History:
        """The history as it was exported at the end of that day: later results are not in it yet."""
        past = self._past
        begin = 7 * past["week"].to_numpy()
        known = begin[:, None] + np.arange(self._arrivals.shape[1]) <= (as_of - FIRST_DAY).days
        impressions = np.round(past["impressions"].to_numpy())
        channel, audience, slot = (past[d].to_numpy() for d in ("channel", "audience", "slot"))
        return shown_history(
            self.setting.name,
            past["week"].to_numpy(),
            shown_lines(past["post"].to_numpy(), (channel, audience, slot)),
            past["spend"].to_numpy(),
            (self._arrivals * known).sum(axis=1).astype(np.float64),
            {
                "impressions": impressions,
                "reach": np.minimum(np.ceil(past["reach"].to_numpy()), impressions),
                "clicks": past["clicks"].to_numpy(dtype=np.float64),
            },
        )

    @cached_property
    def history(self) -> History:
        """What was spent in each week, and the results counted up to its last day."""
        return self.counted(self.flight - timedelta(days=1))

    @cached_property
    def posts(self) -> Posts:
        """All posts; those that are over have the status `ended`. Followers react to charm, not to the offer."""
        posts, n = self._posts, len(self._born)
        random = np.random.default_rng([n, int(self._born.sum()) + 1000])
        reach = np.round(np.exp(random.normal(7.5, 0.6, n))).astype(np.float64)
        liking = posts.charm + 0.3 * posts.appeal @ self._people.interests[:8].mean(axis=0)
        engaged = random.poisson(reach * np.exp(-3.0 + liking + random.normal(0.0, 0.4, n)))
        return shown_posts(
            self._born, self.live, (posts.format, posts.topic), (reach, engaged.astype(np.float64))
        )

    @cached_property
    def audiences(self) -> Audiences:
        """Sizes by channel, and what one result is worth."""
        return shown_audiences(self._people.sizes, self._value)

    @property
    def flight(self) -> date:
        """First day of the week that is to be planned."""
        return FIRST_DAY + timedelta(weeks=self.setting.weeks)

    @cached_property
    def _places(self) -> tuple[Index, Index, Index, Index]:
        s = self.setting
        shape = (len(self.live), s.channels, s.audiences, s.slots)
        post, channel, audience, slot = np.unravel_index(np.arange(np.prod(shape)), shape)
        return self.live[post], channel, audience, slot

    @cached_property
    def lines(self) -> pd.DataFrame:
        """All lines that may get money next week: names, in the order of the truth's arrays."""
        post, *place = self._places
        return shown_lines(post, (place[0], place[1], place[2]))

    @cached_property
    def _next(self) -> Week:
        """The market of the coming week."""
        return self._week(self.setting.weeks, self._places)[0]

    def worth(self, amounts: Array) -> Array:
        """Expected value of each of `lines` next week, when all have their money together.

        Args:
            amounts: Shape (lines,), EUR for the week, ≥ 0.

        Returns:
            Shape (lines,); results count whenever they come.
        """
        value: Array = self._next.value * self._next.results(amounts)
        return value

    def alone(self, amounts: Array) -> Array:
        """Expected value of each of `lines` if no other had money, shape as `amounts`, (lines,) or (k, lines)."""
        rows = [self._next.value * self._next.alone(row) for row in np.atleast_2d(amounts)]
        return np.reshape(rows, amounts.shape)

    def total(self, amounts: Array) -> float:
        """Expected value of all lines together."""
        return float(self.worth(amounts).sum())

    def given(self, amounts: Array, chosen: Index) -> Callable[[Array], Array]:
        """Change of the whole value by other amounts of each of the chosen lines, all else kept."""
        return self._next.given(amounts, chosen)

    def best_plan(self, task: Task = Task()) -> Array:  # noqa: B008 - frozen
        """Amounts that bring most together, shape (lines,), EUR: climbing from the best for lines as if alone."""
        budget = self.setting.budget
        start = best_alone(self.lines, self.alone, budget, task)
        return climb(self.lines, self, start, budget, task).amounts

    def realise(self, amounts: Array, seed: int) -> Array:
        """Results that may really come of each of `lines`, shape (lines,)."""
        random, phi = np.random.default_rng([seed, 7]), self.setting.dispersion
        mean = self._next.results(amounts)
        chance = random.gamma(1.0 / phi, phi, (2, len(mean))).prod(axis=0)
        counts: Array = random.poisson(mean * chance).astype(np.float64)
        return counts
