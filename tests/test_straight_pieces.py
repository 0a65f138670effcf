"""Straight pieces that bound a curve of another row lie nowhere below it, and hardly above."""

from __future__ import annotations

import numpy as np
import pytest

from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.straight import chords, over, tangents
from mediaplan.response.curves import Curves

LINES, KNOTS = 12, 14


def objective(seed, *, kinds=2):
    """Lines with two kinds of result that saturate at different money."""
    random = np.random.default_rng(seed)
    rate = random.uniform(0.001, 0.01, (kinds, LINES, 3))
    scale = np.exp(random.normal(8, 1.5, (kinds, LINES, 3)))
    ones = np.ones(LINES)
    curves = Curves(("lead", "sale")[:kinds], rate, scale, np.full(kinds, 0.1), ones, ones > 0)
    return Objective(curves, random.uniform(0.5, 2.0, (kinds, LINES)), 1.0)


def cut(seed):
    """Knots, some of them twice, and the ends of the tangents of the objective there."""
    known = objective(seed)
    random = np.random.default_rng(seed + 1000)
    knots = np.sort(np.exp(random.uniform(3, 11, (LINES, KNOTS))), axis=1)
    knots[:, 5] = knots[:, 4]
    knots[: LINES // 2, 0] = 0.0
    knots[: LINES // 2, 1] = 0.0
    ends, _ = tangents(known, knots, known.worth(knots))
    return known, knots, ends, np.diff(ends, axis=1) > 0


def between(ends, values, at):
    return np.stack([np.interp(a, e, v) for a, e, v in zip(at, ends, values, strict=True)])


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_pieces_bound_a_row_of_other_results_from_its_side(seed, sign):
    known, knots, ends, real = cut(seed)
    random = np.random.default_rng(seed)
    row = known.weighted(sign * random.uniform(0.0, 1.0, known.weights.shape))
    values = over(row, ends, knots, real)
    at = ends[:, :1] + (ends[:, -1:] - ends[:, :1]) * np.linspace(0.0, 1.0, 2001)
    curve, pieces = row.worth(at), between(ends, values, at)
    assert (sign * (pieces - curve) >= -1e-9 * np.abs(curve).max()).all()
    # The slope of each piece's start, added up, was above by a multiple of what tangents are.
    starts = np.stack([row.slope(end) for end in ends[:, :-1].T], axis=1)
    added = values[:, :1] + np.hstack(
        [np.zeros((LINES, 1)), np.cumsum(starts * np.diff(ends, axis=1), axis=1)]
    )
    assert np.abs(pieces - curve).mean() < 0.2 * np.abs(between(ends, added, at) - curve).mean()


@pytest.mark.parametrize("seed", range(4))
def test_of_the_curve_that_was_cut_they_are_its_tangents(seed):
    known, knots, ends, real = cut(seed)
    values = over(known, ends, knots, real)
    _, slope = tangents(known, knots, known.worth(knots))
    assert chords(ends, values)[real] == pytest.approx(slope[real], rel=1e-6)
