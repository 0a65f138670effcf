"""What diagnosis and close calls say where lines wear the same people out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pytest

import mediaplan as mp
from mediaplan.history.records.timing import Ends
from mediaplan.planning.making import plan
from mediaplan.response.contacts import Contacts
from mediaplan.response.curves import Curves, pooled
from mediaplan.response.diagnosis.comparing import compared, usual
from mediaplan.response.diagnosis.diagnosing import diagnose
from mediaplan.response.diagnosis.fullness import Fullness
from mediaplan.response.fitting import fit
from mediaplan.response.past import Past
from mediaplan.response.pools import Pools
from mediaplan.response.responses import Response
from mediaplan.slots import Slots

SIZE = 10.0
"""What the people of one channel would give to endless money."""


@dataclass(frozen=True)
class Sharing:
    """Straight lines of 0.1 results per money that stray by draw; the posts of a channel share its people, if any do."""

    pools: bool
    rates: tuple[float, ...] = (0.1, 0.1)
    spread: float = 0.0
    everybody: float = 0.0

    def curves(self, lines):
        size, channel = len(lines), lines.codes["channel"]
        random = np.random.default_rng(3)
        stray = np.exp(self.spread * random.normal(size=(3, 200)))
        rate = np.array(self.rates)[channel][:, None] * stray[lines.codes["post"]]
        member = channel.astype(np.int32)
        layer = Pools(member, np.full(len(self.rates), SIZE), np.ones((1, size)))
        pools = (layer,) if self.pools else ()
        if self.everybody:
            # sizes and weights in a unit of their own
            all_of_them = Pools(0 * member, np.array([0.5]), np.full((1, size), 0.5 / self.everybody))
            pools = (*pools, all_of_them)
        dispersion, cover = np.array([0.1]), np.full(size, 1e6)
        seen = np.ones(size, dtype=bool)
        return Curves(("lead",), rate[None], np.full((1, size, 200), 1e9), dispersion, cover, seen, pools)


def response(estimate: Sharing, bought: list[tuple[int, int, float]]) -> Response:
    """Posts 0 to 2 on channels 0 and 1: what was bought in the one week of the history, as (post, channel, money)."""
    codes = np.array([[post, channel, -1, -1] for post, channel, _ in bought], dtype=np.int32)
    spend = np.array([money for _, _, money in bought])
    none = np.zeros(len(bought))
    days, ends = np.full(len(bought), 7.0), Ends.of(mp.read_history(ROWS, currency="EUR"))
    past = Past(
        codes,
        spend,
        days,
        none,
        none,
        {"lead": none},
        {"lead": spend},
        ends,
        7,
        Contacts(none, none, none, none, none),
    )
    names = {"post": ("a", "b", "c"), "channel": ("full", "idle"), "audience": (), "slot": ()}
    return Response(
        currency="EUR",
        kinds=("lead",),
        names=names,
        seen=codes,
        estimate=estimate,
        posts=None,
        audiences=None,
        slots=Slots(),
        as_of=date(2026, 10, 4),
        median_line=50.0,
        warnings=(),
        history_digest="h",
        digest="d",
        seed=1,
        past=past,
    )


ROWS = pd.DataFrame({"date": ["2026-10-04"], "channel": ["full"], "spend": [1], "results": [1]})
BOUGHT = [(0, 0, 60.0), (1, 0, 40.0), (2, 1, 10.0)]


def test_a_tenth_more_money_on_a_channel_brings_what_its_people_still_give():
    found = diagnose(response(Sharing(pools=True), BOUGHT)).findings[0]
    full, idle = found.pools
    assert (full.channel, idle.channel) == ("full", "idle")
    # 100 of money: z = 10, of people who give 10 at the most: 10 / (1 + 10/10) = 5, and 11 / (1 + 11/10) = 5.238
    assert full.gain.mean == pytest.approx(11 / 2.1 / 5 - 1)
    assert full.elasticity.mean == pytest.approx(1 / 2)
    # 10 of money: z = 1: 1 / 1.1, and 1.1 / 1.11
    assert idle.gain.mean == pytest.approx(1.1 / 1.11 * 1.1 - 1)
    assert idle.elasticity.mean == pytest.approx(1 / 1.1)


def test_people_of_all_channels_are_worn_too_whatever_unit_their_size_is_in():
    found = diagnose(response(Sharing(pools=True, everybody=20.0), BOUGHT)).findings[0]

    def brought(full, idle):
        inner = full / (1 + full / 10) + idle / (1 + idle / 10)
        return inner / (1 + inner / 20)

    now = 5 / (1 + (5 + 1 / 1.1) / 20)
    assert found.pools[0].gain.mean == pytest.approx((brought(11, 1) - brought(10, 1)) / now)


def test_what_one_line_takes_from_another_of_the_same_people_is_no_gain():
    bought = response(Sharing(pools=True), BOUGHT)
    lines = Fullness.of(bought)
    assert lines is not None
    first = lines.each(bought, 0)[0]
    curves = bought.estimate.curves(_Codes(lines.lines.codes))
    now, more = (pooled(curves, np.array([money, 40.0, 10.0])).mean(axis=2)[0] for money in (60.0, 66.0))
    assert first.gain.mean == pytest.approx((more.sum() - now.sum()) / now[0])
    assert more[0] - now[0] > more.sum() - now.sum()


def test_where_nobody_is_shared_more_money_brings_what_the_lines_own_curves_say():
    for each in diagnose(response(Sharing(pools=False), BOUGHT)).findings[0].pools:
        assert each.gain.mean == pytest.approx(0.1)
        assert each.elasticity.mean == pytest.approx(1.0)


def test_a_channel_whose_people_are_already_worn_brings_less_for_the_same_money():
    bought = response(Sharing(pools=True), BOUGHT)
    found = compared(bought, "channel", usual(bought))
    assert found is not None
    # of what is brought there 1/2 is left on the one, 1/1.1 on the other
    assert np.exp(found.log[0, 0] - found.log[0, 1]) == pytest.approx(0.5 * 1.1)
    alone = response(Sharing(pools=False), BOUGHT)
    found = compared(alone, "channel", usual(alone))
    assert found is not None
    assert found.log[0, 0] == pytest.approx(found.log[0, 1])


@pytest.mark.parametrize("pools", [False, True])
def test_a_line_that_would_share_its_people_is_no_close_call(pools):
    """Posts that stray alike: on the channel without money, or for the same people as the rest of the plan."""
    rules = (
        mp.Spend(post="a", at_least=50, at_most=50),
        mp.Spend(post="a", channel="idle", at_most=0),
        mp.Spend(post="c", at_most=0),
        mp.EachLine(or_zero=True, at_least=50),
    )
    brief = mp.Brief(budget=100, currency="EUR", start="2026-10-05", days=7, rules=rules)
    made = plan(brief, response(Sharing(pools=pools, spread=0.3, rates=(0.1, 0.1)), BOUGHT))
    calls = [line.doubt for line in made.lines_planned if line.post == "b"]
    assert len(calls) == 1
    assert (calls[0] is not None) == (not pools)


def test_a_fitted_history_in_which_one_channel_is_crowded_says_that_it_is_fuller():
    weeks = [f"2026-{month:02d}-{day:02d}" for month in (7, 8, 9) for day in (1, 8, 15, 22)]
    rows = [
        # where the money of a week is doubled over two posts, results grow by the root: their people are the same
        {"date": day, "days": 7, "channel": channel, "post": post, "spend": 100.0, "results": results}
        for at, day in enumerate(weeks)
        for channel, alone in (("crowded", 40), ("free", 10))
        for post, results in _week(channel, alone, at)
    ]
    response = fit(mp.read_history(pd.DataFrame(rows), currency="EUR"))
    crowd = response.estimate.fits[0].crowd  # type: ignore[attr-defined]
    assert crowd is not None
    pools = {each.channel: each.gain.mean for each in diagnose(response).findings[0].pools}
    lines = Fullness.of(response)
    assert lines is not None
    assert lines.pools
    assert pools["crowded"] < pools["free"]


def _week(channel, alone, at):
    if at % 2:
        return [("p", alone)]
    both = alone * (0.7 if channel == "crowded" else 1.0)
    return [("p", round(both)), ("q", round(both))]


class _Codes:
    """Lines by codes alone."""

    def __init__(self, codes):
        self.codes = dict(zip(("post", "channel", "audience", "slot"), codes.T, strict=True))

    def __len__(self):
        return len(self.codes["post"])
