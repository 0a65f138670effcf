"""How a fit goes through its observations: piece by piece, sorted once, and without keeping them; against plain oracles."""

import itertools
import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from fits_by_hand import LEAD, crossed, history

from mediaplan.history.records.records import DIMENSIONS
from mediaplan.response.estimating import means, pieces, saturation
from mediaplan.response.estimating.effects import Levels, placed
from mediaplan.response.estimating.excess import _shared, _total
from mediaplan.response.estimating.means import Means
from mediaplan.response.estimating.variances import LARGEST, latest
from mediaplan.response.fitting import fit
from mediaplan.response.packing import grouped
from mediaplan.response.rows.factors import Factor
from mediaplan.response.rows.naming import Names
from mediaplan.response.rows.observations import Runs
from mediaplan.worlds.additive import World
from mediaplan.worlds.settings import SETTINGS


def small_world():
    return World(5, replace(SETTINGS["base"], weeks=6, posts=6))


# pieces


def test_a_fit_is_the_same_whatever_pieces_it_is_worked_on_in(monkeypatch):
    w = small_world()
    whole = fit(w.history, posts=w.posts, audiences=w.audiences)
    for module in (pieces, means, saturation):
        monkeypatch.setattr(module, "PIECE", 37)
    cut = fit(w.history, posts=w.posts, audiences=w.audiences)
    lines = crossed(whole, post=whole.names["post"][:2])
    for one, other in zip(whole.estimate.fits, cut.estimate.fits, strict=True):
        np.testing.assert_allclose(one.fixed, other.fixed, rtol=1e-9)
    np.testing.assert_allclose(whole.curves(lines).rate, cut.curves(lines).rate, rtol=1e-9)


@pytest.mark.parametrize("size", [0, 1, 36, 37, 38, 100])
def test_pieces_follow_each_other_from_the_first_to_the_last(monkeypatch, size):
    monkeypatch.setattr(pieces, "PIECE", 37)
    found = list(pieces.pieces(size))
    assert [i for piece in found for i in range(piece.start, piece.stop)] == list(range(size))


def test_slopes_are_those_of_the_likelihood():
    """Oracle: finite differences of the negative binomial's log likelihood, and its expected curvature."""
    from scipy.special import gammaln

    random = np.random.default_rng(1)
    counts, bare, load = (random.gamma(2.0, 3.0, 40) for _ in range(3))
    counts = np.round(counts)
    state = Means(counts, bare.copy(), load, 0.7)
    size = 1.0 / state.dispersion

    def height(move):
        mean = bare * state.saturation.kept * np.exp(move)
        return gammaln(counts + size) + counts * np.log(mean) - (counts + size) * np.log(mean + size)

    score, weight = (each.copy() for each in state.slopes())
    np.testing.assert_allclose(score, (height(1e-5) - height(-1e-5)) / 2e-5, rtol=1e-6, atol=1e-8)
    mean = state.mean()
    np.testing.assert_allclose(weight, mean**2 / (mean + state.dispersion * mean**2))
    score_in_scale, weight_in_scale = state.slopes_in_scale()
    np.testing.assert_allclose(score_in_scale, score * state.saturation.bend)
    np.testing.assert_allclose(weight_in_scale, weight * state.saturation.bend**2)


# rows


def runs(seed, rows=400, lines=3, days=1):
    random = np.random.default_rng(seed)
    codes = {d: random.integers(-1, lines, rows).astype(np.int32) for d in DIMENSIONS}
    start = random.integers(0, 40, rows).astype(np.float64)
    spend = np.where(random.random(rows) < 0.2, 0.0, np.round(random.gamma(1.0, 20.0, rows), 2) + 0.01)
    length = np.full(rows, float(days))
    return Runs(codes, start, length, length, spend), random.poisson(2.0, rows) + random.integers(
        0, 3, rows
    ) / 3


@pytest.mark.parametrize("part", [1.0, 0.6])
def test_observations_are_the_sums_of_a_line_s_week(part):
    """Oracle: pandas."""
    told, counts = runs(2)
    taught = (told.spend > 0) & (np.random.default_rng(3).random(len(counts)) < part)
    found = told.observe(counts, 2.0 * told.spend, taught)
    begin = told.start[told.spend > 0].min()
    frame = pd.DataFrame(
        {**told.codes, "week": (told.start - begin) // 7, "spend": told.spend, "counts": counts}
    )
    frame = frame.assign(start=told.start)[taught]
    by = [*DIMENSIONS, "week"]
    sums = frame.groupby(by, as_index=False).agg(
        spend=("spend", "sum"), counts=("counts", "sum"), day=("start", "mean"), days=("start", "nunique")
    )
    for name in ("spend", "counts", "day", "week", "days"):
        np.testing.assert_allclose(getattr(found, name), sums[name], err_msg=name)
    for dimension in DIMENSIONS:
        np.testing.assert_array_equal(found.codes[dimension], sums[dimension])
    np.testing.assert_allclose(found.exposure, 2.0 * found.spend)


@pytest.mark.parametrize("part", [1.0, 0.6])
def test_however_rows_come_their_sums_are_the_same_to_the_last_bit(part):
    told, counts = runs(4, lines=1)  # several rows of a line's week: two alone add up the same either way
    taught = (told.spend > 0) & (np.random.default_rng(3).random(len(counts)) < part)
    found = told.observe(counts, told.spend, taught)
    other = np.random.default_rng(9).permutation(len(counts))
    turned = Runs(
        {d: code[other] for d, code in told.codes.items()},
        *(each[other] for each in (told.start, told.days, told.counted, told.spend)),
    )
    again = turned.observe(counts[other], turned.spend, taught[other])
    for name in ("spend", "counts", "day", "days", "exposure", "week"):
        assert getattr(found, name).tobytes() == getattr(again, name).tobytes(), name


@pytest.mark.parametrize("most", [2, 9, 4_000, 2**40])
@pytest.mark.parametrize("rising", [False, True])
def test_rows_alike_in_all_columns_are_one_group_in_the_order_of_the_columns(most, rising):
    random = np.random.default_rng(most % 97)
    columns = [random.integers(-1, high, 300) for high in (3, most)]
    if rising:
        order = np.lexsort(columns[::-1])
        columns = [column[order] for column in columns]
    found = grouped(columns)
    pairs = sorted(set(zip(*(column.tolist() for column in columns), strict=True)))
    assert [tuple(int(column[row]) for column in columns) for row in found.one] == pairs
    assert [pairs[at] for at in found.of] == list(zip(*(column.tolist() for column in columns), strict=True))
    np.testing.assert_allclose(found.total(np.ones(300)), np.bincount(found.of))


def test_no_rows_are_no_groups():
    found = grouped([np.zeros(0, dtype=np.int32)])
    assert len(found.of) == len(found.one) == len(found.total(np.zeros(0))) == 0


def test_a_label_that_is_not_known_or_missing_has_no_code():
    names = Names({}, {"post": ("a", "b", "ç")})
    labels = pd.Series(["ç", None, "a", "nobody", "b", "a"], dtype="str")
    for column in (labels, labels.astype(object)):
        assert names.codes("post", column).tolist() == [2, -1, 0, -1, 1, 0]
    assert names.codes("post", labels[:0]).tolist() == []


# effects


@pytest.mark.parametrize("unknown", [False, True])
@pytest.mark.parametrize("scale", [1, 10**9])
def test_levels_are_placed_by_their_sorted_keys_and_unknown_ones_behind_them(unknown, scale):
    key = np.random.default_rng(6).integers(0, 30, 200) * scale
    if unknown:
        key[::7] = -1
    place, keys = placed(key)
    expected = sorted({int(one) for one in key if one >= 0})
    assert keys.tolist() == expected
    assert place.tolist() == [len(expected) if one < 0 else expected.index(one) for one in key.tolist()]


def test_what_lines_share_is_the_sum_over_all_pairs_of_their_observations():
    """Oracle: each pair by itself."""
    random = np.random.default_rng(7)
    key = random.integers(-1, 25, 60)
    code, keys = placed(key)
    zeros = np.zeros(len(keys) + 1)
    line = Levels(Factor(("post",), 0.03), keys, code, zeros, zeros.copy(), 0.03)
    counts, mean, told = random.poisson(3.0, 60).astype(float), random.gamma(3.0, 1.0, 60), random.random(60)
    weight = mean / (1.0 + 0.4 * mean)
    off = weight * (counts / mean - 1.0)
    pairs = [(i, j) for i, j in itertools.combinations(range(60), 2) if key[i] == key[j] >= 0]
    whole = sum(weight[i] * weight[j] * told[i] * told[j] for i, j in pairs)
    found = _shared(counts, mean, told, line, 0.4, 1.3)
    assert found.weight == pytest.approx(whole)
    assert found.value == pytest.approx(1.3 * sum(off[i] * off[j] for i, j in pairs) / whole)


def test_what_single_counts_stray_is_a_weighted_mean_over_all_of_them(monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", 7)
    random = np.random.default_rng(8)
    counts, mean = random.poisson(3.0, 60).astype(float), random.gamma(3.0, 1.0, 60)
    weight = 0.5 * (mean / (1.0 + 0.4 * mean)) ** 2
    excess = ((counts - mean) ** 2 * 1.3 - mean) / mean**2
    found = _total(counts, mean, 1.0, 0.4, 1.3)
    assert found.value == pytest.approx(np.average(excess, weights=weight))
    assert found.weight == pytest.approx(weight.sum())
    same = _total(counts, mean, np.ones(60), 0.4, 1.3)
    assert (same.value, same.weight) == pytest.approx((found.value, found.weight))


@pytest.mark.parametrize("size", [1, LARGEST - 1, LARGEST, LARGEST + 1, 3000])
def test_the_latest_observations_are_those_of_the_last_days(size):
    day = np.random.default_rng(size).integers(0, 12, size).astype(float)
    late = latest(day)
    assert len({*late.tolist()}) == len(late) == min(size, LARGEST)
    others = np.delete(day, late)
    assert not len(others) or day[late].min() >= others.max()
    assert np.array_equal(latest(day), late)


# what is kept


def test_what_a_fit_keeps_does_not_grow_with_the_weeks_that_taught_it():
    rows = [
        {
            "date": pd.Timestamp("2025-01-06") + pd.Timedelta(weeks=week),
            "post": f"p{post}",
            "channel": channel,
        }
        | {"spend": 20.0 + post + week % 3, LEAD: float((post * 7 + week * 5) % 9)}
        for week in range(40)
        for post in range(30)
        for channel in ("facebook", "instagram")
    ]
    few, many = (fit(history(rows[:size])) for size in (10 * 60, 40 * 60))
    bytes_of = [len(pickle.dumps(response.estimate.fits)) for response in (few, many)]
    assert bytes_of[1] < 1.5 * bytes_of[0], "four times as many observations"
