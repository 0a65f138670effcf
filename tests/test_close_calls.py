"""What a plan doubts of itself: lines that hardly differ from others, money beyond what was seen, goals that are cheap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest

import mediaplan as mp
from mediaplan.brief.goals import MostResults
from mediaplan.brief.rules import EachLine, Share
from mediaplan.history.reading.reading import File
from mediaplan.planning.asking.worths import Worths
from mediaplan.planning.making import plan
from mediaplan.planning.reasons.close_calls import _Together
from mediaplan.response.curves import Curves
from mediaplan.response.fitting import fit
from mediaplan.response.pools import Pools, kept
from mediaplan.response.responses import Response
from mediaplan.slots import Slots

CHANNELS = ("facebook", "tiktok")


@dataclass(frozen=True)
class TwoChannels:
    """Straight lines whose rates stray from draw to draw, each channel's by itself."""

    rates: tuple[float, ...]
    spread: float

    def curves(self, lines):
        random = np.random.default_rng(7)
        strayed = np.exp(self.spread * random.normal(size=(len(self.rates), 1000)) - self.spread**2 / 2)
        rate = (np.array(self.rates)[:, None] * strayed)[lines.codes["channel"]][None]
        size = len(lines)
        return Curves(
            ("lead",),
            rate,
            np.full(rate.shape, 1e9),
            np.array([0.1]),
            np.full(size, 1e6),
            np.ones(size, dtype=bool),
        )


def response(rates, spread, channels=CHANNELS) -> Response:
    seen = np.array([[-1, place, -1, -1] for place in range(len(rates))], dtype=np.int32)
    return Response(
        currency="EUR",
        kinds=("lead",),
        names={"post": (), "channel": channels, "audience": (), "slot": ()},
        seen=seen,
        estimate=TwoChannels(rates, spread),
        posts=None,
        audiences=None,
        slots=Slots(),
        as_of=date(2026, 9, 27),
        median_line=50.0,
        warnings=(),
        history_digest="h",
        digest="d",
        seed=1,
    )


def asked(*rules) -> mp.Brief:
    return mp.Brief(budget=100, currency="EUR", start="2026-09-28", days=7, rules=rules)


def doubts(made) -> list[str]:
    return [str(line.doubt) for line in made.lines_planned if line.doubt is not None]


def test_a_line_that_hardly_differs_from_the_next_best_says_so_with_the_probability():
    made = plan(asked(), response((0.11, 0.10), 0.3))
    (why,) = doubts(made)
    assert made.lines_planned[0].channel == "facebook"
    # ln 1.1 over a spread of 0.3 on either side: 59 %
    assert "prefer it to “tiktok” (probability that it is better: " in why
    told = float(why.rsplit(": ", 1)[1].split("%")[0]) / 100
    assert told == pytest.approx(0.589, abs=0.06)


@pytest.mark.parametrize(("rates", "spread"), [((0.3, 0.1), 0.3), ((0.11, 0.10), 0.01)])
def test_a_line_that_is_surely_better_says_nothing_of_it(rates, spread):
    assert doubts(plan(asked(), response(rates, spread))) == []


def test_a_line_that_a_rule_keeps_from_the_better_one_is_not_compared_with_it():
    made = plan(asked(Share(channel="tiktok", at_least=0.4)), response((0.11, 0.10), 0.3))
    assert len(made.lines_planned) == 2
    assert doubts(made) == []


def test_an_alternative_that_may_not_take_the_money_is_none():
    capped = EachLine(channel="tiktok", at_most=20)
    assert doubts(plan(asked(capped), response((0.11, 0.10), 0.3))) == []


# ---- evidence ----

HEAD = "date,days,channel,spend,results:lead,results:like\n"
WEEKS = ("2026-09-07", "2026-09-14", "2026-09-21")
HISTORY = HEAD + "".join(f"{day},7,facebook,70,9,50\n{day},7,tiktok,700,9,50\n" for day in WEEKS)


def history(text: str = HISTORY):
    return mp.read_history(File("h.csv", text.encode()), currency="EUR")


def warned(budget: float, days: int = 7, kind: str = "lead", text: str = HISTORY, **rule) -> list[str]:
    rules = (mp.Spend(channel="tiktok", at_most=0), *((mp.Spend(**rule),) if rule else ()))
    brief = mp.Brief(
        budget=budget,
        currency="EUR",
        start="2026-09-28",
        days=days,
        goal=MostResults(type=kind),
        rules=rules,
    )
    made = plan(brief, fit(history(text), kinds=(kind,)))
    return [str(warning) for warning in made.warnings]


@pytest.mark.parametrize(
    ("budget", "days", "far"), [(209, 7, False), (212, 7, True), (419, 14, False), (424, 14, True)]
)
def test_three_times_the_largest_money_seen_is_reckoned_by_line_and_by_day(budget, days, far):
    # facebook had 10 a day at the most; what tiktok had does not count for it
    said = warned(budget, days, channel="facebook", at_least=budget)
    assert any("three times the largest money" in word for word in said) == far


def test_a_table_by_day_warns_where_the_same_table_by_week_does():
    daily = HEAD + "".join(
        f"2026-09-{day:02d},1,facebook,10,1,7\n2026-09-{day:02d},1,tiktok,100,1,7\n" for day in range(7, 28)
    )
    for budget, far in ((209, False), (212, True)):
        said = warned(budget, text=daily, channel="facebook", at_least=budget)
        assert any("three times the largest money" in word for word in said) == far


def test_a_goal_of_likes_beside_leads_is_warned_of_and_one_of_leads_is_not():
    assert any("“like”" in word and "lead" in word for word in warned(50, kind="like"))
    assert not any("costs a reader nothing" in word for word in warned(50, kind="lead"))
    only = HISTORY.replace(",results:lead", ",clicks")
    assert not any("costs a reader nothing" in word for word in warned(50, kind="like", text=only))


# ---- the plan's own word on its close calls ----


def _with_whys(made, close):
    whys = {id(line): each for line, each in zip(made.lines_planned, made.to_dict()["lines"], strict=True)}
    return [(line, whys[id(line)]) for line in close]


def said_of_plan(made) -> list[str]:
    return [str(warning) for warning in made.warnings if "close calls" in str(warning)]


def test_a_plan_says_its_close_calls_once_and_its_lines_hold_each():
    made = plan(asked(), response((0.11, 0.10), 0.3))
    (said,) = said_of_plan(made)
    assert said.startswith("1 of 1 lines (€100) are close calls")
    (line,) = made.to_dict()["lines"]
    assert line["why"].endswith(str(made.lines_planned[0].doubt))
    assert made.why(0) == line["why"] == made.lines["why"][0]
    assert "Not enough evidence" not in str(made.lines_planned[0].why)


def test_a_plan_without_close_calls_says_nothing_of_them():
    assert said_of_plan(plan(asked(), response((0.3, 0.1), 0.3))) == []


def test_many_close_calls_are_one_short_sentence_with_their_money():
    rates = tuple(0.1 + 0.001 * place for place in range(8))
    capped = (EachLine(channel="c7", at_most=10), EachLine(at_most=22))
    made = plan(asked(*capped), response(rates, 0.3, tuple(f"c{place}" for place in range(8))))
    close = sorted((line for line in made.lines_planned if line.doubt), key=lambda line: -line.amount.minor)
    assert len(close) > 3
    (said,) = said_of_plan(made)
    total = sum(line.amount.minor for line in close)
    assert said.startswith(f"{len(close)} of {len(made.lines_planned)} lines (€{total // 100}) are")
    assert len(said) < 120
    assert all(str(line.doubt) in each["why"] for line, each in _with_whys(made, close))


@pytest.mark.parametrize("place", range(4))
def test_what_a_line_adds_among_shared_people_is_the_plan_with_it_less_the_plan_without(place):
    random = np.random.default_rng(3)
    lines, funded = 7, np.array([0, 1, 2, 5])
    members = np.array([0, 0, 1, 1, 0, -1, -1], dtype=np.int32)
    layers = (
        Pools(members, np.array([8.0, 5.0]), np.ones((1, lines))),
        Pools(np.where(members < 0, -1, 0).astype(np.int32), np.array([11.0]), np.ones((1, lines))),
    )
    rate, scale = random.uniform(0.5, 1.5, (2, 1, lines, 3))
    seen = np.ones(lines, dtype=bool)
    curves = Curves(("lead",), rate, 9 * scale, np.array([0.1]), np.full(lines, 1e6), seen, layers)
    ones = np.ones((1, lines))
    money = np.array([4.0, 3.0, 5.0, 2.0])
    together = _Together.of(funded, money, curves, Worths(("lead",), ones, ones, ones))

    def whole(where: list[int], amounts: list[float]) -> np.ndarray:
        """The plan's worth in each draw; what is left of a line is judged at the mean of all."""
        each = np.zeros(lines)
        each[where] = amounts
        left = kept(layers, curves.results(each)[0].mean(axis=1))
        return left @ curves.results(each)[0]

    others = [at for at in range(4) if at != place]
    rest = whole(funded[others].tolist(), money[others].tolist())
    for line in (int(funded[place]), 3, 4, 6):
        each = curves.take(np.array([line]))
        own, worn = each.results(money[[place]])[0, 0], float(each.load(money[[place]])[0])
        added = together._added(place, line, own, worn)
        with_it = whole([*funded[others].tolist(), line], [*money[others].tolist(), float(money[place])])
        assert added == pytest.approx(np.maximum(with_it - rest, 0), rel=1e-9, abs=1e-12)
