"""Clicks beside results: they help where results are few, mislead little where they tell nothing, and are not the goal."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from test_fitting import crossed, history

from mediaplan.response import fitter
from mediaplan.response.estimating.effects import Levels
from mediaplan.response.estimating.witness import Witness
from mediaplan.response.fitting import fit
from mediaplan.response.rows.factors import Factor

POSTS, WEEKS, SPEND = 24, 3, 100.0


def invented(seed, follows, results_per_click=0.01):
    """Posts of which each is clicked in its own measure; results follow that, or stray from it.

    Returns:
        The history, and the logarithm of each post's true results per money.
    """
    random = np.random.default_rng(seed)
    clicked, own = random.normal(0.0, 0.6, (2, POSTS))
    truth = np.log(results_per_click) + (clicked if follows else own)
    rows = [
        {
            "date": pd.Timestamp("2026-10-05") + pd.Timedelta(weeks=week),
            "post": f"p{post:02d}",
            "channel": channel,
            "spend": SPEND,
            "clicks": float(random.poisson(SPEND * np.exp(clicked[post]))),
            "results:lead": float(random.poisson(SPEND * np.exp(truth[post]))),
        }
        for week in range(WEEKS)
        for post in range(POSTS)
        for channel in ("facebook", "instagram")
    ]
    return history(rows), truth


def promised(response):
    """Logarithm of what each post is expected to bring on one channel."""
    lines = crossed(response, start="2026-10-26", channel=("facebook",))
    return np.log(response.curves(lines).results(np.full(len(lines), SPEND))[0].mean(axis=1))


def silent(told):
    """The same history without clicks."""
    return replace(told, rows=told.rows.assign(clicks=np.nan))


def likeness(told, truth):
    return float(np.corrcoef(promised(fit(told)), truth)[0, 1])


def test_where_results_are_few_clicks_tell_which_posts_are_good():
    worlds = [invented(seed, follows=True) for seed in range(4)]
    gained = [likeness(told, truth) - likeness(silent(told), truth) for told, truth in worlds]
    assert min(gained) > 0
    assert np.mean([likeness(*world) for world in worlds]) > 0.85


def test_clicks_that_tell_nothing_are_unlearnt():
    worlds = [invented(seed, follows=False, results_per_click=0.1) for seed in range(4)]
    lost = [likeness(silent(told), truth) - likeness(told, truth) for told, truth in worlds]
    assert np.mean(lost) < 0.02
    follows = [fit(told).estimate.fits[0].follows[0] for told, _ in worlds]
    assert np.mean(follows) < 0.35  # half of what is usual


def test_how_far_to_follow_is_learnt_where_results_are_many():
    follows = [
        fit(invented(seed, follows=True, results_per_click=0.2)[0]).estimate.fits[0].follows
        for seed in range(3)
    ]
    assert np.mean(follows, axis=0)[0] == pytest.approx(0.95, abs=0.15)  # 1, drawn towards 0.7


def test_findings_are_of_whole_effects_as_forecasts_are():
    told, truth = invented(1, follows=True)
    post = next(each for each in fit(told).estimate.fits[0].levels if each.factor.of == ("post",))
    assert np.corrcoef(post.effect[:-1], truth)[0, 1] > 0.8


@pytest.mark.parametrize(
    "told",
    [
        lambda rows: rows.assign(clicks=rows["results:lead"] * 2.0),
        lambda rows: rows.assign(clicks=rows["clicks"].where(rows.index > 0)),
    ],
    ids=["hardly more than results", "not beside all results"],
)
def test_clicks_that_are_few_or_blank_are_not_asked(told):
    whole, _ = invented(2, follows=True)
    with_some = replace(whole, rows=told(whole.rows))
    np.testing.assert_array_equal(promised(fit(with_some)), promised(fit(silent(whole))))


def test_clicks_told_without_results_beside_them_do_not_count():
    whole, _ = invented(2, follows=True)
    more = whole.rows.tail(3).assign(clicks=1e6, **{"results:lead": np.nan}, spend=1.0)
    told = replace(whole, rows=pd.concat([whole.rows, more], ignore_index=True))
    np.testing.assert_allclose(promised(fit(told)), promised(fit(whole)), atol=0.02)


def test_ten_times_the_clicks_everywhere_say_the_same():
    told, _ = invented(3, follows=True, results_per_click=0.05)
    tenfold = replace(told, rows=told.rows.assign(clicks=told.rows["clicks"] * 10.0))
    assert np.abs(promised(fit(tenfold)) - promised(fit(told))).max() < 0.1


def test_clicks_as_the_goal_have_no_witness():
    told, _ = invented(4, follows=True)
    rows = told.rows.drop(columns="results:lead")
    goal = replace(told, rows=rows, kinds=("click",))
    assert fit(goal).estimate.fits[0].clicks is None


def test_histories_of_many_observations_need_none(monkeypatch):
    told, _ = invented(5, follows=True)
    monkeypatch.setattr(fitter, "MOST", len(told.rows) - 1)
    np.testing.assert_array_equal(promised(fit(told)), promised(fit(silent(told))))


def test_clicks_of_the_same_rows_are_fitted_once_for_all_kinds_of_result():
    told, _ = invented(7, follows=True)
    messages = told.rows["results:lead"] + 1.0
    both = replace(told, rows=told.rows.assign(**{"results:message": messages}), kinds=("lead", "message"))
    leads, others = fit(both).estimate.fits
    assert leads.clicks is others.clicks
    np.testing.assert_array_equal(leads.follows, fit(told).estimate.fits[0].follows)


def test_kinds_that_other_rows_tell_have_clicks_of_their_own():
    told, _ = invented(8, follows=True)
    messages = np.where(np.arange(len(told.rows)) % 3, told.rows["results:lead"], np.nan)
    both = replace(told, rows=told.rows.assign(**{"results:message": messages}), kinds=("lead", "message"))
    whole, part = (each.clicks for each in fit(both).estimate.fits)
    assert len(whole.levels[-1].keys) == 2 * POSTS  # all lines
    assert len(part.levels[-1].keys) == 2 * POSTS * 2 / 3  # every third is told of no message in any week
    # What cases taught it is no longer known when it is learnt; so what they taught is held against a fit to them alone.
    for clicks, rows in ((whole, told.rows), (part, told.rows[messages == messages])):
        alone = fit(replace(told, rows=rows)).estimate.fits[0].clicks
        for level, same in zip(clicks.levels, alone.levels, strict=True):
            np.testing.assert_allclose(level.effect, same.effect, atol=1e-9)


def test_a_fit_that_begins_where_an_earlier_one_ended_follows_clicks_as_far():
    told, _ = invented(6, follows=True, results_per_click=0.05)
    cold = fit(told)
    warm = fit(told, warm=cold)
    assert np.abs(promised(warm) - promised(cold)).max() < 0.03
    before, after = (each.estimate.fits[0].follows for each in (cold, warm))
    np.testing.assert_allclose(after, before, atol=0.05)


def test_what_clicks_say_can_be_put_in_and_taken_out():
    keys, code = np.arange(3), np.array([0, 1, 2, 2])
    clicks, results = (
        Levels(Factor(("post",), 0.1), keys, code, effect, np.full(4, 0.01), 0.1)
        for effect in (np.array([0.5, -0.5, 1.0, 0.0]), np.array([0.1, 0.2, -0.3, 0.0]))
    )
    witness, slopes = Witness((clicks,)), np.array([0.8, 0.3])
    np.testing.assert_allclose(witness.columns((results,)), [[0.5, 0.0], [-0.5, 0.0], [1.0, 0.0], [1.0, 0.0]])
    whole = witness.told(results, slopes, np.array([0.04, 9.0]))
    np.testing.assert_allclose(whole.effect, [0.5, -0.2, 0.5, 0.0])
    np.testing.assert_allclose(whole.spread, [0.02, 0.02, 0.05, 0.01])
    witness.take_out(whole, slopes)
    np.testing.assert_allclose(whole.effect, results.effect)


def test_a_row_of_mad_clicks_is_not_believed():
    told, _ = invented(7, follows=True, results_per_click=0.1)
    clicks = told.rows["clicks"].where(told.rows.index != 5, 1e9)
    mad = promised(fit(replace(told, rows=told.rows.assign(clicks=clicks))))
    assert np.isfinite(mad).all()
    assert np.abs(mad - promised(fit(silent(told)))).max() < 0.35
