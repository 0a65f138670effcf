"""A test “which of these posts”: equal money side by side, everything else the same, until a day that is said before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from mediaplan.brief.picking import names_of
from mediaplan.brief.rates import attempt, day
from mediaplan.errors import InputError, Problem
from mediaplan.money import Money
from mediaplan.stated import numbered, record_of
from mediaplan.words import Sentence


@dataclass(frozen=True, kw_only=True)
class PostTest:
    """Which of these posts is best, for one channel, audience and slot.

    Attributes:
        posts: At least two.
        budget: Media money of the whole test; each post gets the same.
        until: Its last day.
        channel, audience, slot: Where it runs; needed where the posts could run in several.
        name: How people refer to it.

    Raises:
        InputError: Fewer than two posts, or what is no name.
    """

    posts: Any
    budget: Any
    until: Any
    channel: str | None = None
    audience: str | None = None
    slot: str | None = None
    name: str = "test"

    def __post_init__(self) -> None:
        posts = names_of(self.posts) or ()
        problems = []
        if len(set(posts)) < 2:
            message = Sentence("a test compares at least two posts; here: {count}.", count=len(set(posts)))
            remedy = Sentence("Write {example}.", example='posts = ["p1", "p2"]')
            problems.append(Problem(message, remedy, column="posts", value=str(self.posts)))
        for key in ("channel", "audience", "slot", "name"):
            given = getattr(self, key)
            if given is not None and (not isinstance(given, str) or not given.strip()):
                message = Sentence("{key} is “{value}”.", key=key, value=str(given))
                problems.append(
                    Problem(message, Sentence("Give a name in quotes."), column=key, value=str(given))
                )
        if problems:
            raise InputError(*problems)
        object.__setattr__(self, "posts", tuple(dict.fromkeys(posts)))

    def settled(self, currency: str) -> PostTest:
        """The same test with exact money and a date.

        Raises:
            InputError: What is no money, no date, or less than a minor unit for each post.
        """
        problems: list[Problem] = []
        until = attempt(problems, day, self.until, "until")
        budget = attempt(problems, _money, self.budget, currency)
        if budget is not None and budget.minor < len(self.posts):
            message = Sentence("a budget of {budget} buys nothing.", budget=budget)
            problems.append(
                Problem(message, Sentence("Give a budget above 0."), column="budget", value=budget.text)
            )
        if problems:
            raise InputError(*problems)
        return replace(self, until=until, budget=budget)

    @property
    def each(self) -> int:
        """Minor units for each post: what can't be shared out evenly is left to the rest of the plan."""
        return int(self.budget.minor // len(self.posts))

    def sentence(self) -> Sentence:
        """The test as people say it."""
        return Sentence(
            "{name}: {posts} side by side, {budget} in all, until {until}",
            name=self.name,
            posts=self.posts,
            budget=self.budget,
            until=self.until,
        )

    def to_dict(self) -> dict[str, Any]:
        """As a table of a brief."""
        table: dict[str, Any] = {"posts": list(self.posts), "budget": self.budget.text, "until": self.until}
        table |= {key: getattr(self, key) for key in ("channel", "audience", "slot") if getattr(self, key)}
        return table | {"name": self.name}


def post_tests_of(given: Any, currency: str, start: date | None, days: Any) -> tuple[PostTest, ...]:
    """The tests of a brief.

    Args:
        given: `PostTest` values, or tables with their attributes.
        currency: The brief's.
        start: First day of the flight, if it could be read.
        days: Of the flight.

    Raises:
        InputError: All that is wrong with all of them, each with its number.
    """

    def read(stated: Any) -> PostTest:
        test = (stated if isinstance(stated, PostTest) else _test(stated)).settled(currency)
        if start is not None and isinstance(days, int) and not 0 <= (test.until - start).days < days:
            message = Sentence("{until} is no day of the flight.", until=test.until)
            remedy = Sentence("Let the test end while the flight runs.")
            raise InputError(Problem(message, remedy, column="until", value=test.until.isoformat()))
        return test

    return numbered(given or (), "test", read)


def _test(table: Any) -> PostTest:
    example = 'posts = ["p1", "p2"], budget = 30000, until = 2026-12-06'
    return record_of(
        PostTest, table, ("posts", "budget", "until"), Sentence("Write {example}.", example=example)
    )


def _money(given: Any, currency: str) -> Money:
    return Money.read(given, currency, column="budget")
