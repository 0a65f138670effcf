"""The diagnosis against truths that are known: curves written by hand, planted worlds, other people's formulas."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

import mediaplan as mp
from mediaplan.errors import InputError
from mediaplan.history.reading.reading import File
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.response.curves import Curves
from mediaplan.response.diagnosis.comparing import compared, usual
from mediaplan.response.diagnosis.contrasts import Doubt, Span, loss, ratio
from mediaplan.response.diagnosis.diagnosing import diagnose
from mediaplan.response.diagnosis.preferring import prefers
from mediaplan.response.diagnosis.vanity import Vanity, is_reaction, rank_correlation, vanity
from mediaplan.response.fitting import fit
from mediaplan.response.responses import Response
from mediaplan.slots import Slots


def history(text: str, currency: str = "EUR"):
    return mp.read_history(File("h.csv", text.encode()), currency=currency)


def rows_of(cells, *, weeks: int = 4, kinds: str = "results:lead") -> str:
    """A history of weekly rows; `cells` are (channel, audience, post, spend, results)."""
    head = f"date,days,channel,audience,post,spend,{kinds}\n"
    days = [date(2026, 9, 7) + timedelta(weeks=week) for week in range(weeks)]
    return head + "".join(
        f"{day},7,{','.join(str(part) for part in cell)}\n" for day in days for cell in cells
    )


# ---- contrasts ----


def test_a_probability_is_that_of_the_normal_which_the_draws_come_from():
    random = np.random.default_rng(3)
    one, other = np.exp(random.normal(0.3, 0.4, (2, 200_000)) * [[1], [0]] + [[0], [0.0]])
    found = ratio(one, other)
    assert float(found.deviation) == pytest.approx(0.4, rel=0.12)
    assert float(found.above()) == pytest.approx(stats.norm.cdf(0.38 / 0.4), abs=0.05)


@given(st.floats(-2, 2), st.floats(0.01, 2))
def test_the_worth_of_knowing_is_the_integral_that_it_stands_for(mean, deviation):
    density = stats.norm(mean, deviation).pdf
    told, _ = integrate.quad(
        lambda x: x * density(x), 0, mean + 12 * deviation + 1, limit=200, points=[max(mean, 0)]
    )
    assert float(loss(Doubt(np.array(mean), np.array(deviation)))) == pytest.approx(
        told - max(mean, 0.0), abs=1e-6
    )


@given(st.floats(-3, 3), st.floats(0, 2))
def test_the_probabilities_of_both_sides_add_up_to_one(mean, deviation):
    there, back = (Doubt(np.array([sign * mean]), np.array([deviation])).above()[0] for sign in (1, -1))
    assert there + back == pytest.approx(1.0)


# ---- curves written by hand ----


@dataclass(frozen=True)
class ByChannel:
    """Rates by the channel's place, the same on every draw; all lines bend at `scale`."""

    rates: tuple[float, ...]
    scale: float = 1e12

    def curves(self, lines):
        rate = np.array([*self.rates, 1.0])[lines.codes["channel"]]
        each = np.repeat(rate[None, :, None], 10, axis=2)
        size = len(lines)
        return Curves(
            ("lead",),
            each,
            np.full(each.shape, self.scale),
            np.array([0.1]),
            np.full(size, 100.0),
            np.ones(size, dtype=bool),
        )


def by_hand(rates, scale=1e12) -> Response:
    names = {"post": (), "channel": tuple(f"c{i}" for i in range(len(rates))), "audience": (), "slot": ()}
    seen = np.full((len(rates), 4), -1, dtype=np.int32)
    seen[:, DIMENSIONS.index("channel")] = np.arange(len(rates))
    return Response(
        currency="EUR",
        kinds=("lead",),
        names=names,
        seen=seen,
        estimate=ByChannel(tuple(rates), scale),
        posts=None,
        audiences=None,
        slots=Slots(),
        as_of=date(2026, 10, 4),
        median_line=50.0,
        warnings=(),
        history_digest="h",
        digest="d",
        seed=1,
    )


def test_factors_are_the_results_for_the_same_money_over_their_geometric_mean():
    (findings,) = diagnose(by_hand([0.1, 0.4])).findings
    (effects,) = findings.effects
    assert [(f.name, round(f.times.mean, 9), f.better) for f in effects.factors] == [
        ("c1", 2.0, 1.0),
        ("c0", 0.5, 0.0),
    ]
    assert all(f.times.low == f.times.high == f.times.mean for f in effects.factors)


def test_a_factor_reckons_with_saturation_at_the_usual_money():
    straight, bent = by_hand([0.1, 0.4]), by_hand([0.1, 0.4], scale=50.0)
    for response in (straight, bent):
        found = compared(response, "channel", usual(response))
        assert found is not None
        assert float(np.diff(found.log[0])[0]) == pytest.approx(math.log(4))


def test_what_is_certain_is_preferred_and_what_is_the_same_is_not():
    response = by_hand([0.1, 0.4, 0.4])
    assert prefers(response, "c1", "c0", of="channel").probability == 1.0
    assert prefers(response, "c0", "c1", of="channel").times.mean == pytest.approx(0.25)
    same = prefers(response, "c1", "c2", of="channel")
    assert same.probability == 0.5
    assert not same.enough
    assert "Not enough evidence" in str(same.sentence())


def test_nothing_to_compare_is_nothing_found():
    (findings,) = diagnose(by_hand([0.1])).findings
    assert findings.effects == findings.posts == findings.lessons == findings.vanity == ()


# ---- fitted histories ----

CELLS = [
    (channel, audience, post, 20 + 5 * (post == "p1"), round(rate * size))
    for channel, rate in (("facebook", 2), ("tiktok", 8))
    for audience, size in (("x", 1), ("y", 1.5))
    for post in ("p1", "p2", "p3")
]


@pytest.fixture(scope="module")
def response() -> Response:
    return fit(history(rows_of(CELLS)))


@pytest.fixture(scope="module")
def findings(response):
    return diagnose(response).findings[0]


def test_a_channel_that_brought_four_times_as_much_is_found_to(findings):
    channel = next(e for e in findings.effects if e.dimension == "channel")
    assert [f.name for f in channel.factors] == ["tiktok", "facebook"]
    times = channel.factors[0].times
    # a truth of 2 if nobody is shared: drawn towards 1, and up by the wear of people who gave more
    assert times.low < 2.0 < times.high
    assert 1.4 < times.mean < 2.5
    assert channel.factors[0].better > 0.95


def test_the_money_behind_each_dimension_is_all_the_money_of_the_history(findings):
    total = sum(cell[3] for cell in CELLS) * 4
    for effects in findings.effects:
        assert sum(f.money.amount for f in effects.factors) == pytest.approx(total)
        assert sum(f.results for f in effects.factors) == sum(cell[4] for cell in CELLS) * 4
    assert sum(post.factor.money.amount for post in findings.posts) == pytest.approx(total)


def test_the_order_of_rows_does_not_matter():
    head, *body = rows_of(CELLS).splitlines()
    mixed = [body[i] for i in np.random.default_rng(0).permutation(len(body))]
    there, back = (
        diagnose(fit(history("\n".join([head, *rows]) + "\n"))).to_dict() for rows in (body, mixed)
    )
    assert json.dumps(there) == json.dumps(back)


def test_preferring_one_way_is_not_preferring_the_other(response):
    there, back = prefers(response, "p1", "p2"), prefers(response, "p2", "p1")
    assert there.probability + back.probability == pytest.approx(1.0)
    assert there.times.mean * back.times.mean == pytest.approx(1.0)
    assert there.times.low == pytest.approx(1.0 / back.times.high)
    alike = mp.diagnose(response).findings[0].posts
    assert {post.factor.name for post in alike} == {"p1", "p2", "p3"}


@pytest.mark.parametrize(
    ("arguments", "column", "word"),
    [
        (("p1", "p9"), "post", "p1, p2, p3"),
        (("p1", "p2", "colour"), "of", "colour"),
        (("p1", "p2", "post", "sale"), "kind", "sale"),
    ],
)
def test_what_can_t_be_compared_is_said_with_a_way_out(response, arguments, column, word):
    one, other, *rest = arguments
    with pytest.raises(InputError) as caught:
        prefers(response, one, other, **dict(zip(("of", "kind"), rest, strict=False)))
    (problem,) = caught.value.problems
    assert problem.column == column
    assert word in f"{problem.message} {problem.remedy}"


def test_several_kinds_need_one_to_be_named():
    cells = [(*cell, cell[-1] + 1) for cell in CELLS]
    both = fit(history(rows_of(cells, kinds="results:lead,results:sale")))
    with pytest.raises(InputError, match="several kinds"):
        prefers(both, "p1", "p2")
    assert prefers(both, "p1", "p2", kind="sale").kind == "sale"
    assert [found.kind for found in diagnose(both).findings] == ["lead", "sale"]


def test_saturation_lies_between_nothing_and_all_and_is_what_the_curve_says(response, findings):
    for each in (*findings.pools, *findings.lines):
        assert 0 <= each.elasticity.low <= each.elasticity.mean <= each.elasticity.high <= 1
        assert 0 <= each.gain.low <= each.gain.mean <= each.gain.high <= 0.1
        # a concave curve gains less than its slope foretells, and not much less for a tenth
        assert 0.08 * each.elasticity.mean < each.gain.mean <= 0.1 * each.elasticity.mean + 1e-12
    assert {(each.channel, each.audience) for each in findings.pools} == {
        (channel, audience) for channel, audience, *_ in CELLS
    }
    weekly = sum(each.weekly.amount for each in findings.pools)
    assert weekly == pytest.approx(sum(cell[3] for cell in CELLS), abs=0.02)


def test_a_hyperbola_s_elasticity_is_found_exactly():
    text = rows_of([("c0", "x", "p1", 50, 5)])
    known = fit(history(text))
    exact = Response(**{**vars(by_hand([0.1], scale=50.0)), "past": known.past, "names": known.names})
    (line,) = diagnose(exact).findings[0].lines
    assert line.elasticity.mean == pytest.approx(0.5)
    assert line.gain.mean == pytest.approx((55 / (1 + 55 / 50)) / (50 / 2) - 1)
    assert line.weekly.text == "50.00"


def test_rows_of_several_hours_of_one_day_are_one_day():
    text = "date,hour,channel,spend,results:lead\n" + "".join(
        f"2026-09-{day:02d},{hour},facebook,5,1\n" for day in (7, 8) for hour in (8, 9, 10)
    )
    past = fit(history(text)).past
    assert past is not None
    assert past.days.tolist() == [2.0]
    assert past.weekly.tolist() == [105.0]
    assert past.results["lead"].tolist() == [6.0]


def test_intervals_of_planted_channels_hold_as_often_as_they_say():
    held = []
    for seed in range(24):
        random = np.random.default_rng(seed)
        truth = random.normal(0, 0.3, 4)
        audience, post = random.normal(0, 0.3, 3), random.normal(0, 0.35, 6)
        cells = []
        for c, a, p in np.ndindex(4, 3, 6):
            if random.random() < 0.5:
                rate = 0.25 * math.exp(truth[c] + audience[a] + post[p] + random.normal(0, 0.15))
                money = float(random.integers(10, 40))
                cells.append((f"c{c}", f"a{a}", f"p{p}", money, random.poisson(rate * money**0.72)))
        found = diagnose(fit(history(rows_of(cells, weeks=1)))).findings[0]
        for factor in next(e for e in found.effects if e.dimension == "channel").factors:
            times = math.exp(truth[int(factor.name[1])] - truth.mean())
            held.append(factor.times.low <= times <= factor.times.high)
    assert 0.7 <= np.mean(held) <= 0.97


def test_more_doubt_is_more_to_learn():
    few = fit(history(rows_of([(c, "x", "p1", 10, 1) for c in ("a", "b")], weeks=1)))
    many = fit(history(rows_of([(c, "x", "p1", 10, 20) for c in ("a", "b")], weeks=12)))
    gains = [max((lesson.gain for lesson in diagnose(r).findings[0].lessons), default=0) for r in (few, many)]
    assert gains[0] > 2 * gains[1]  # of channels that may drift, twelve weeks can't tell everything either


def test_a_post_that_can_t_run_is_nothing_to_learn():
    posts = mp.read_posts(pd.DataFrame({"post": ["p1", "p2", "p3"], "status": ["ready", "hold", "ended"]}))
    found = diagnose(fit(history(rows_of(CELLS)), posts=posts)).findings[0]
    assert [lesson for lesson in found.lessons if lesson.dimension == "post"] == []
    assert {post.status for post in found.posts} == {"ready", "hold", "ended"}


def test_the_document_is_whole_and_finite():
    posts = mp.read_posts(
        pd.DataFrame(
            {"post": ["p1", "p2"], "format": ["a", "b"], "organic_likes": [3, None], "title": ["T", None]}
        )
    )
    document = diagnose(fit(history(rows_of(CELLS)), posts=posts)).to_dict("fr")
    assert document["schema"] == "mediaplan/diagnosis/1"
    assert set(document) == {"schema", "currency", "as_of", "level", "kinds", "warnings", "source"}
    (kind,) = document["kinds"]
    assert set(kind) == {
        "kind", "effects", "posts", "saturation", "age_per_week", "weeks", "vanity", "learn_next", "funnel",
    }  # fmt: skip
    assert [e["dimension"] for e in kind["effects"]] == ["channel", "audience", "format"]
    first = next(post for post in kind["posts"] if post["name"] == "p1")
    assert (first["title"], first["organic"], first["money"]) == ("T", {"likes": 3.0}, "400.00")
    json.dumps(document, allow_nan=False)


@pytest.mark.parametrize(
    "text",
    [
        "date,spend,results\n2026-09-01,5,1\n",
        "date,channel,spend,results\n2026-09-01,facebook,5,0\n2026-09-02,facebook,0,3\n",
        "date,hour,spend,clicks\n2026-09-01,8,5,1\n2026-09-01,9,5,\n",
        "date,channel,spend,results\n2026-09-01,a,0.01,1000000000\n2026-09-01,b,1000000,0\n",
    ],
)
def test_little_or_odd_history_is_diagnosed_without_a_number_undefined(text):
    json.dumps(diagnose(fit(history(text))).to_dict(), allow_nan=False)


# ---- the vanity trap ----


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=6, max_size=40))
def test_the_rank_correlation_is_spearman_s(points):
    one, other = np.array(points, dtype=float).T
    found = rank_correlation(one, other)
    if len(set(one)) == 1 or len(set(other)) == 1:
        assert found is None
        return
    assert found is not None
    assert found.mean == pytest.approx(stats.spearmanr(one, other).statistic, abs=1e-9)
    assert -1 <= found.low < found.high <= 1


def test_five_posts_tell_nothing():
    assert rank_correlation(np.arange(5.0), np.arange(5.0)) is None


@pytest.mark.parametrize(("sign", "verdict"), [(1, "with"), (-1, "against")])
def test_likes_that_go_with_or_against_results_are_found_on_the_channel_where_they_do(sign, verdict):
    names = [f"p{i}" for i in range(9)]
    cells = [("facebook", "x", name, 10, 3 + i) for i, name in enumerate(names)]
    cells += [("tiktok", "x", name, 10, (i * 4) % 9 + 1) for i, name in enumerate(names)]
    posts = mp.read_posts(
        pd.DataFrame(
            {"post": names, "organic_likes": [50 + sign * 4 * i for i in range(9)], "organic_reach": 500}
        )
    )
    found = vanity(fit(history(rows_of(cells)), posts=posts), "lead")
    by_channel = {(each.channel, each.metric): each for each in found}
    assert by_channel["facebook", "likes"].verdict == verdict
    assert by_channel["facebook", "likes"].correlation.mean == pytest.approx(sign)
    assert by_channel["facebook", "engagement rate"].verdict == verdict
    assert by_channel["tiktok", "likes"].verdict == "open"
    assert {each.posts for each in found} == {9}


@pytest.mark.parametrize(
    ("mean", "verdict"), [(0.09, "open"), (-0.09, "open"), (0.11, "with"), (-0.11, "against")]
)
def test_a_correlation_that_is_next_to_none_is_no_relation_however_sure(mean, verdict):
    sure = Span(mean, mean - 0.02, mean + 0.02)
    assert Vanity("facebook", "likes", "organic_likes", sure, 4000).verdict == verdict


def test_paid_likes_counted_in_the_history_stand_beside_the_real_result():
    cells = [("facebook", "x", f"p{i}", 10, 3 + i, 90 - i) for i in range(8)]
    known = fit(history(rows_of(cells, kinds="results:lead,results:like")), kinds=("lead",))
    (found,) = vanity(known, "lead")
    assert (found.metric, found.of, found.verdict) == ("reactions", "like", "against")


@pytest.mark.parametrize(
    "kind", ["like", "Likes", "page_like", "post engagement", "j’aime", "click", "video_view"]
)
def test_kinds_that_cost_a_reader_nothing_are_known_by_name(kind):
    assert is_reaction(kind)


@pytest.mark.parametrize(
    "kind", ["lead", "sale", "message", "purchase", "achat", "result", "likely buyer form"]
)
def test_other_kinds_are_not_taken_for_reactions(kind):
    assert not is_reaction(kind)
