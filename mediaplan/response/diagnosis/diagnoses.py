"""The Diagnosis: what goes with results in a history, how sure that is, and what more could be known.

    Response → comparing (the same money elsewhere) → Diagnosis → screen, HTML, JSON

Every number speaks of results that the platforms attributed, not of what the money caused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mediaplan.money import Money
from mediaplan.response.diagnosis.contrasts import LEVEL, Span
from mediaplan.response.diagnosis.vanity import Vanity
from mediaplan.words import Sentence, Words

SCHEMA = "mediaplan/diagnosis/1"


@dataclass(frozen=True)
class Factor:
    """What the same money brings on one name, against what is usual.

    Attributes:
        name: A channel, audience, slot, post, format or topic.
        times: Its results over the usual ones; 1 = as usual.
        better: The probability that it brings more than usual.
        money: What the history spent there.
        results: What was counted there, of this kind; `None` where no table tells it.
    """

    name: str
    times: Span
    better: float
    money: Money
    results: float | None

    def to_dict(self) -> dict[str, Any]:
        """As a table of the document."""
        return {
            "name": self.name,
            "times": self.times.to_dict(),
            "better": self.better,
            "money": self.money.text,
            "results": self.results,
        }


@dataclass(frozen=True)
class Effects:
    """The names of one dimension, the best first."""

    dimension: str
    factors: tuple[Factor, ...]

    def to_dict(self) -> dict[str, Any]:
        """As a table of the document."""
        return {"dimension": self.dimension, "names": [factor.to_dict() for factor in self.factors]}


@dataclass(frozen=True)
class PostFinding:
    """How good a post is, with what its readers did unpaid.

    Attributes:
        factor: Against the usual post.
        title: Its title, or empty.
        status: `ready`, `hold` or `ended`.
        organic: Its organic figures by their column's name without `organic_`.
    """

    factor: Factor
    title: str
    status: str
    organic: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """As a table of the document."""
        more = {"title": self.title or None, "status": self.status, "organic": dict(self.organic)}
        return self.factor.to_dict() | more


@dataclass(frozen=True)
class Saturated:
    """How full a line, or all lines of a channel and audience, are at their usual weekly money.

    Attributes:
        post, channel, audience, slot: Its names; `None` where it is not cut by that.
        weekly: Money of a week in which the line runs; of all lines of a channel and audience, of a mean week.
        elasticity: Percent more results for a percent more money on its lines as they are bought, 0 to 1.
        gain: Share of results that a tenth more money brings.
    """

    post: str | None
    channel: str | None
    audience: str | None
    slot: str | None
    weekly: Money
    elasticity: Span
    gain: Span

    @property
    def label(self) -> str:
        """Its names beside each other."""
        return " × ".join(
            name for name in (self.post, self.channel, self.audience, self.slot) if name is not None
        )

    def to_dict(self) -> dict[str, Any]:
        """As a table of the document."""
        return {
            "post": self.post,
            "channel": self.channel,
            "audience": self.audience,
            "slot": self.slot,
            "weekly": self.weekly.text,
            "elasticity": self.elasticity.to_dict(),
            "gain_of_a_tenth": self.gain.to_dict(),
        }


@dataclass(frozen=True)
class Week:
    """What the same money brought in one week, against the whole history's usual."""

    start: date
    times: Span

    def to_dict(self) -> dict[str, Any]:
        """As a table of the document."""
        return {"start": self.start.isoformat(), "times": self.times.to_dict()}


@dataclass(frozen=True)
class Lesson:
    """What one would learn next: a name that may yet turn out better than the best one.

    Attributes:
        dimension: `post`, `channel`, `audience` or `slot`.
        name: Whose results are in doubt.
        best: The one that seems best now.
        chance: The probability that `name` is better.
        gain: Share of a week's results that knowing it would be worth at the most.
    """

    dimension: str
    name: str
    best: str
    chance: float
    gain: float

    def to_dict(self) -> dict[str, Any]:
        """As a table of the document."""
        return {
            "dimension": self.dimension,
            "name": self.name,
            "best": self.best,
            "chance": self.chance,
            "gain": self.gain,
        }


@dataclass(frozen=True)
class FunnelName:
    """Price and rates of one name; `None` where no table tells both figures of a stage by it.

    Attributes:
        name: A channel, audience, slot or post.
        price: Major units of money for a thousand impressions.
        click_rate: Clicks per impression.
        conversion_rate: Results of this kind per click.
        impressions, clicks, results: What was counted in the rows that tell the stage.
    """

    name: str
    price: Span | None
    click_rate: Span | None
    conversion_rate: Span | None
    impressions: float | None
    clicks: float | None
    results: float | None

    def to_dict(self) -> dict[str, Any]:
        """As a table of the document."""
        return {
            "name": self.name,
            "price_per_thousand": self.price and self.price.to_dict(),
            "click_rate": self.click_rate and self.click_rate.to_dict(),
            "conversion_rate": self.conversion_rate and self.conversion_rate.to_dict(),
            "impressions": self.impressions,
            "clicks": self.clicks,
            "results": self.results,
        }


@dataclass(frozen=True)
class Funnel:
    """The stages between money and result, by the names of one dimension, those with most impressions first."""

    dimension: str
    names: tuple[FunnelName, ...]

    def to_dict(self) -> dict[str, Any]:
        """As a table of the document."""
        return {"dimension": self.dimension, "names": [each.to_dict() for each in self.names]}


@dataclass(frozen=True)
class Findings:
    """All that is found for one kind of result.

    Attributes:
        kind: Of result.
        effects: By dimension, as far as the history is broken down.
        posts: Each, the best first.
        pools: Each channel and audience, most money first.
        lines: The lines with most money.
        age: What a week of age makes of a post's results; `None` where posts are not told apart.
        weeks: The course of all together.
        vanity: Whether likes and clicks go with this result.
        lessons: The most telling first.
        funnels: Prices and rates, by dimension.
    """

    kind: str
    effects: tuple[Effects, ...]
    posts: tuple[PostFinding, ...]
    pools: tuple[Saturated, ...]
    lines: tuple[Saturated, ...]
    age: Span | None
    weeks: tuple[Week, ...]
    vanity: tuple[Vanity, ...]
    lessons: tuple[Lesson, ...]
    funnels: tuple[Funnel, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As a table of the document."""
        return {
            "kind": self.kind,
            "effects": [each.to_dict() for each in self.effects],
            "posts": [post.to_dict() for post in self.posts],
            "saturation": {
                "pools": [each.to_dict() for each in self.pools],
                "lines": [each.to_dict() for each in self.lines],
            },
            "age_per_week": self.age and self.age.to_dict(),
            "weeks": [week.to_dict() for week in self.weeks],
            "vanity": [each.to_dict() for each in self.vanity],
            "learn_next": [lesson.to_dict() for lesson in self.lessons],
            "funnel": [each.to_dict() for each in self.funnels],
        }


@dataclass(frozen=True)
class Diagnosis:
    """What a history tells of what money buys.

    Attributes:
        currency: ISO 4217 code of all money.
        as_of: The day up to which results were counted; comparisons are for the week after it.
        findings: One for each kind of result.
        warnings: What deserves a word.
        history_digest, response_digest: What it was made from.
        seed: Of the posterior draws.
    """

    currency: str
    as_of: date
    findings: tuple[Findings, ...]
    warnings: tuple[Sentence, ...]
    history_digest: str
    response_digest: str
    seed: int

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """The document `mediaplan/diagnosis/1`: money as text, all else numbers.

        Args:
            language: Of the sentences in it.
        """
        words = Words(language)
        return {
            "schema": SCHEMA,
            "currency": self.currency,
            "as_of": self.as_of.isoformat(),
            "level": LEVEL,
            "kinds": [each.to_dict() for each in self.findings],
            "warnings": [words.say(warning) for warning in self.warnings],
            "source": {
                "history_digest": self.history_digest,
                "response_digest": self.response_digest,
                "seed": self.seed,
            },
        }
