"""Lines of one channel and audience in the same week: how much they wear the same people, as far as the history shows.

    results of a line = what it would bring alone / (1 + load)
    load              = crowded · (daily results alone of all lines of its pool and week) / (usual · people ^ 0.8)

`crowded` is the load of a usual pool and week of the history, one number for all pools; weeks in which a pool got more
than in others tell it. The likelihood can't be asked: what lines would bring alone is fitted to the very counts that are
to say whether the pool wore them, so that a line which did well by chance makes its pool look as if it wore nobody (in
worlds where nobody is shared it asks for -0.4 in the mean). So the load that the *other* lines of a pool make is the
instrument by which crowding is told from the residuals, all effects integrated out:

    estimate = crowded + (others' V⁻¹ residuals - lean) / others' V⁻¹ slope,
    error²   = others' V⁻¹ others / (others' V⁻¹ slope)²

`lean` is what comes of it if nobody is shared. Lines of a pool have effects in common, which are fitted to the counts of
all of them and shrunk: of a line that did well by chance the others look better, too, and some of its chance is left in
its residual. For a normal model that covariance is known,

    lean = sum over lines i and others j of their pool and week: kept of i · load of i by j · V⁻¹ᵢⱼ · noise of j,

whatever the effects are. What is believed is the estimate's mean under a prior that people may or may not be shared.

Source:
    Angrist, Krueger, "Instrumental variables and the search for identification", JEP 2001 (instruments);
    Stein, "Estimation of the mean of a multivariate normal distribution", Annals of Statistics 1981 (the covariance of
    what is fitted with its own noise);
    Mitchell, Beauchamp, "Bayesian variable selection in linear regression", JASA 1988 (a prior with a spike at nothing).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.response.estimating.drift import week_of
from mediaplan.response.estimating.variances import LARGEST, Variances, Working, noise, precision
from mediaplan.response.packing import packed, ranked
from mediaplan.response.rows.cases import Cases, Codes, Keys

Array = NDArray[np.float64]
Index = NDArray[np.intp]

OF = ("channel", "audience")
"""Whose combinations are pools."""

SHARING, USUAL = 0.1, 0.3
"""Prior: the chance that lines share people at all, and how much then (scale of a half-normal distribution). A plan loses
more by sharing that is not there than by sharing that it does not know of, so that the chance is a low one."""

LEAST = 0.01
"""A load of a usual pool and week below which nobody is shared, as far as plans go."""

NOTHING = 1e-9
"""Fisher information of `crowded` that is none."""

FEW = 8
"""Observations of one pool and week that are taken together with those of others, if there are too many for all."""

PEOPLE = 0.8
"""Power of the audience's size in what its pool has to give."""

MOST_DOUBT = 1.0

WEEK = 7.0


@dataclass(frozen=True, eq=False)
class Crowd:
    """What was learnt.

    Attributes:
        crowded: Load of a usual pool and week, ≥ 0.
        doubt: Standard deviation of its logarithm.
        usual: Daily results of a usual pool and week.
        of: Dimensions whose combinations are pools.
    """

    crowded: float
    doubt: float
    usual: float
    of: tuple[str, ...]

    def wear(self, cases: Cases) -> Array:
        """One over the daily results that the pool of each case would give to endless money, shape (cases,)."""
        wear: Array = self.crowded / (self.usual * np.exp(PEOPLE * cases.people))
        return wear


class Crowding:
    """The crowding of n observations while it is fitted.

    Attributes:
        kept: Shape (n,), results over those that the line would have brought alone.
        slope: Shape (n,), of the logarithm of `kept` in `crowded`.
        crowded, doubt: What is believed of it so far, and its standard deviation.
    """

    def __init__(
        self,
        of: tuple[str, ...],
        cases: Cases,
        sizes: Mapping[str, int],
        days: Array,
        carries: NDArray[np.bool_],
    ) -> None:
        """Where tables tell of the same money, only the observations that carry it (`carries`) crowd."""
        key = pool_keys(of, cases, sizes)
        week = week_of(cases.day)
        group, _ = ranked(packed([key, week]))
        self.of = of
        self._inside = (key >= 0) & carries
        self._pool, self._group = key, group
        span = min(WEEK, float((cases.day + days / 2.0).max() - (cases.day - days / 2.0).min()))
        self._days = np.maximum(days, span)
        self._people = np.exp(PEOPLE * cases.people)
        self.crowded, self.doubt = believed(0.0, np.inf)

    @property
    def told(self) -> bool:
        """Whether any observation tells its pool; where none does, what pools wear is a part of every rate."""
        return bool(self._inside.any())

    def start(self, counts: Array) -> None:
        """What is usual, by the counts."""
        together = self._together(counts)
        self.usual = float((together * counts).sum() + 0.5) / float(counts.sum() + 0.5)
        self.refresh(counts)

    def _daily(self, alone: Array) -> Array:
        """Daily results of each observation, as far as they wear a pool."""
        return np.where(self._inside, alone / self._days, 0.0)

    def _together(self, alone: Array) -> Array:
        """Daily results of each observation's pool and week."""
        together: Array = np.bincount(self._group, self._daily(alone)).astype(np.float64)[self._group]
        return together

    def refresh(self, alone: Array) -> None:
        """Judge the load anew by what lines would bring alone, shape (n,)."""
        each = np.where(self._inside, self._together(alone) / (self.usual * self._people), 0.0)
        self.kept: Array = 1.0 / (1.0 + self.crowded * each)
        self.slope: Array = -each * self.kept

    def some(self) -> Index:
        """The observations that are taken together, rising: of pools taken at random, those of all their weeks."""
        random = np.random.default_rng(0)
        each = random.permutation(np.flatnonzero(self._inside))
        each = each[np.argsort(self._group[each], kind="stable")]
        group = self._group[each]
        few = each[np.arange(len(group)) - np.searchsorted(group, group) < FEW]
        pool, pools = ranked(self._pool[few])
        turn = random.permutation(len(pools))[pool]
        return np.sort(few[np.argsort(turn, kind="stable")][:LARGEST])

    def judge(self, working: Working, variances: Variances, rows: Index, alone: Array, line: Codes) -> None:
        """Estimate `crowded` anew.

        Args:
            working: The normal model of some observations.
            variances: Of its effects.
            rows: Which observations these are.
            alone: Shape (n,), what lines would bring alone.
            line: Shape (n,), a number for the line of each observation.
        """
        mates = self._mates(rows, alone, line)
        among = mates.sum(axis=1)
        load = np.where(among > 0.0, self._load_by_others(alone, line)[rows], 0.0)
        kept, slope, inverse = self.kept[rows], self.slope[rows], precision(working, variances)
        weights = inverse @ (-load * kept)
        told = float(weights @ slope)
        if told > NOTHING:
            leaning = kept @ lean(load, mates, inverse, noise(working, variances))
            error = float(np.sqrt(-weights @ (load * kept))) / told
            off = float(weights @ working.told - leaning) / told
            self.crowded, self.doubt = believed(self.crowded + off, error)
        else:
            self.crowded, self.doubt = believed(0.0, np.inf)

    def _load_by_others(self, alone: Array, line: Codes) -> Array:
        """Shape (n,), load of a `crowded` of 1 by the other lines of each observation's pool and week."""
        own, _ = ranked(packed([self._group, line]))
        mine = np.bincount(own, self._daily(alone))[own]
        load: Array = (self._together(alone) - mine) / (self.usual * self._people)
        return np.maximum(load, 0.0)

    def _mates(self, rows: Index, alone: Array, line: Codes) -> Array:
        """Shape (rows, rows), load of each by those of other lines of its pool and week."""
        group, own, daily = self._group[rows], line[rows], self._daily(alone)[rows]
        mates = np.equal.outer(group, group) & np.not_equal.outer(own, own)
        load: Array = mates * daily / (self.usual * self._people[rows, None])
        return load

    def resume(self, before: Crowd) -> None:
        """Begin with what an earlier fit learnt."""
        self.crowded = before.crowded * self.usual / before.usual
        self.doubt = self.crowded * before.doubt

    def fitted(self) -> Crowd:
        """What was learnt."""
        crowded = self.crowded if self.crowded >= LEAST else 0.0
        return Crowd(crowded, min(self.doubt / max(crowded, LEAST), MOST_DOUBT), self.usual, self.of)


def lean(load: Array, mates: Array, inverse: Array, chance: Array) -> Array:
    """What the load by others leans on each one's own chance.

    Args:
        load: Shape (rows,), by all others of its pool and week.
        mates: Shape (rows, rows), by those that are among the rows.
        inverse: Shape (rows, rows), of the covariance of residuals.
        chance: Shape (rows,), noise of each.

    Returns:
        Shape (rows,), negative where lines of a pool are alike: covariance of minus the load with the weighed residual.
        One that is not among the rows leans as one would that is, had its own count not been asked.
    """
    among, leaning = mates.sum(axis=1), mates * inverse
    absent = np.maximum(load / np.maximum(among, np.finfo(float).tiny) - 1.0, 0.0)
    each: Array = leaning @ chance + absent * (leaning @ (1.0 / np.diagonal(inverse)))
    return each


def believed(estimate: float, error: float) -> tuple[float, float]:
    """Mean and standard deviation of `crowded`, by the prior and what a history says.

    Args:
        estimate: What it says.
        error: Standard error of that; infinite = it says nothing.
    """
    from scipy.special import expit, log_ndtr, logit

    mean, square, chance = USUAL * np.sqrt(2.0 / np.pi), USUAL**2, SHARING
    if np.isfinite(error):
        # if people are shared, the half-normal prior times the likelihood is a normal distribution cut off at 0
        whole = USUAL**2 + error**2
        centre, spread = estimate * USUAL**2 / whole, USUAL * error / np.sqrt(whole)
        above = log_ndtr(centre / spread)
        shared = np.log(2.0) - (np.log(whole) + estimate**2 / whole) / 2.0 + above
        nobody = -(np.log(error**2) + estimate**2 / error**2) / 2.0
        chance = float(expit(logit(SHARING) + shared - nobody))
        mean = centre + spread * np.exp(-((centre / spread) ** 2 + np.log(2.0 * np.pi)) / 2.0 - above)
        square = spread**2 + centre * mean
    crowded = chance * mean
    return float(crowded), float(np.sqrt(max(chance * square - crowded**2, 0.0)))


def pool_keys(of: tuple[str, ...], cases: Cases, sizes: Mapping[str, int]) -> Keys:
    """One number for the pool of each case; -1 where it is not known."""
    key = np.zeros(len(cases), dtype=np.int64)
    missing = np.zeros(len(cases), dtype=np.bool_)
    for dimension in of:
        code = cases.codes[dimension]
        key = key * sizes[dimension] + code
        missing |= code < 0
    return np.where(missing, -1, key)
