"""How much effects differ and counts stray: what the joint estimate must find, against oracles written out again."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from mediaplan.response.estimating.variances import (
    FREEDOM,
    LIKENESS_FREEDOM,
    Variances,
    Working,
    climbed,
    pairs,
)
from mediaplan.response.fitting import fit
from mediaplan.worlds.additive import World
from mediaplan.worlds.settings import SETTINGS


def crossed(seed, truth, noise, n=240, levels=(12, 15, 60)):
    """A normal model of three crossed factors, the last of lines, with its true variances."""
    random = np.random.default_rng(seed)
    codes = [random.integers(0, size, n) for size in levels]
    mean = random.uniform(0.5, 30.0, n)
    effects = [random.normal(0.0, np.sqrt(v), size) for v, size in zip(truth, levels, strict=True)]
    told = random.normal(0.0, np.sqrt(1.0 / mean + noise))
    told += sum(effect[code] for effect, code in zip(effects, codes, strict=True))
    one, other = pairs(n)
    kernels = np.stack([code[one] == code[other] for code in codes]).astype(float)
    priors, shared = np.array([0.1, 0.04, 0.03]), np.array([True, True, False])
    return Working(told, mean, np.ones(len(one)), kernels, priors, shared, np.full(3, FREEDOM), 0.15)


def whole(below):
    """The symmetric matrix of which these are the entries on and below the diagonal."""
    size = int(np.sqrt(2 * len(below)))
    matrix = np.zeros((size, size))
    matrix[np.tril_indices(size)] = below
    return matrix + np.tril(matrix, -1).T


START = Variances(np.array([0.1, 0.04, 0.03]), 0.15)


def height(working, found):
    """Logarithm of the likelihood times the priors, up to a constant, written out again."""

    def prior(ratio, freedom):
        return -freedom / 2.0 * (np.log(ratio) + 1.0 / ratio)

    covariance = whole(working.certain + found.each @ working.kernels)
    covariance += np.diag(1.0 / working.mean + found.dispersion)
    scale = np.where(working.shared, found.likeness, 1.0) * working.priors
    return (
        multivariate_normal(np.zeros(len(working.told)), covariance).logpdf(working.told)
        + prior(found.each / scale, FREEDOM).sum()
        + prior(found.dispersion / working.noise, FREEDOM)
        + prior(found.likeness, LIKENESS_FREEDOM)
    )


def nudged(found, part, factor):
    """The same variances with one of them a little larger; `likeness` takes those that it is of with it."""
    each, dispersion, likeness = found.each.copy(), found.dispersion, found.likeness
    if part == "dispersion":
        dispersion *= factor
    elif part == "likeness":
        each[:2] *= factor
        likeness *= factor
    else:
        each[part] *= factor
    return Variances(each, dispersion, likeness)


@pytest.mark.parametrize("part", [0, 1, 2, "dispersion", "likeness"])
def test_it_ends_where_the_likelihood_times_the_priors_is_highest(part):
    working = crossed(4, (0.3, 0.05, 0.1), 0.2)
    found = climbed(working, START, 400)
    best = height(working, found)
    assert best > height(working, nudged(found, part, 1.1)) + 1e-5
    assert best > height(working, nudged(found, part, 1 / 1.1)) + 1e-5


def test_it_finds_the_variances_of_histories_that_were_made_with_them():
    truth, noise = (0.3, 0.05, 0.1), 0.2
    found = [climbed(crossed(seed, truth, noise), START, 30) for seed in range(12)]
    middle = np.exp(np.mean([np.log([*each.each, each.dispersion]) for each in found], axis=0))
    np.testing.assert_allclose(middle, [*truth, noise], rtol=0.35)  # drawn towards their priors


def test_factors_without_effects_tell_together_that_nothing_is_alike():
    nothing = [climbed(crossed(seed, (0.0, 0.0, 0.5), 0.15), START, 30) for seed in range(4)]
    much = [climbed(crossed(seed, (0.2, 0.08, 0.03), 0.15), START, 30) for seed in range(4)]
    assert max(found.likeness for found in nothing) < 0.6 < min(found.likeness for found in much)


def test_the_order_of_observations_does_not_matter():
    working = crossed(1, (0.2, 0.1, 0.1), 0.1)
    other = np.random.default_rng(0).permutation(len(working.told))
    turned = Working(
        working.told[other],
        working.mean[other],
        working.certain,
        np.stack([whole(kernel)[np.ix_(other, other)][pairs(len(other))] for kernel in working.kernels]),
        working.priors,
        working.shared,
        working.freedom,
        working.noise,
    )
    one, two = climbed(working, START, 5), climbed(turned, START, 5)
    np.testing.assert_allclose(one.each, two.each, rtol=1e-9)
    assert one.dispersion == pytest.approx(two.dispersion, rel=1e-9)


def test_rows_of_which_next_to_nothing_is_expected_leave_it_finite():
    working = crossed(2, (0.2, 0.1, 0.1), 0.1)
    rare = Working(
        np.where(np.arange(240) % 2, -1.0, working.told),
        np.where(np.arange(240) % 2, 1e-12, working.mean),
        working.certain,
        working.kernels,
        working.priors,
        working.shared,
        working.freedom,
        working.noise,
    )
    found = climbed(rare, START, 6)
    assert np.isfinite([*found.each, found.dispersion, found.likeness]).all()
    assert found.each.min() > 0


@pytest.mark.parametrize(("setting", "least", "most"), [("base", 0.6, 2.0), ("nostruct", 0.01, 0.75)])
def test_worlds_of_structure_and_worlds_without_are_told_apart(setting, least, most):
    for seed in range(820, 823):
        w = World(seed, SETTINGS[setting])
        found = fit(w.history, posts=w.posts, audiences=w.audiences).estimate.fits[0]
        usual = {levels.factor.of: levels.variance for levels in found.levels}
        likeness = usual["channel", "slot"] / 0.04
        assert least < likeness < most


def test_a_history_of_many_rows_still_finds_how_much_counts_stray():
    w = World(5, SETTINGS["long"])
    found = fit(w.history, posts=w.posts, audiences=w.audiences).estimate.fits[0]
    assert 0.08 < found.dispersion < 0.25  # 0.15 in truth
