"""Where a fit may begin: what an earlier fit had found, name by name.

Codes of names change when names are added, so that levels are carried over by what their codes stand for. What was not
known before begins at nothing. All of it is a start only: the sweeps that follow move everything to the new rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.response.estimating.drift import RHO, Drift
from mediaplan.response.estimating.effects import Effects, Levels
from mediaplan.response.estimating.fitted import Fitted
from mediaplan.response.rows.cases import Attributes, Keys
from mediaplan.response.rows.factors import Factor

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Start:
    """An earlier fit of the same kind of result, as another history's fit sees it.

    Attributes:
        fitted: What it had found.
        sizes: Number of names of each dimension, then.
        places: For each dimension shape (names then + 1,): their codes now, -1 = no longer known, or not known then.
    """

    fitted: Fitted
    sizes: Mapping[str, int]
    places: Mapping[str, NDArray[np.intp]]

    @classmethod
    def of(cls, fitted: Fitted, before: Attributes, now: Attributes) -> Start:
        """The earlier fit.

        Args:
            fitted: Its result.
            before: Posts and audiences as they were then.
            now: As they are.
        """
        places = {
            d: np.append(_index(now.labels[d]).get_indexer(_index(labels)), -1)
            for d, labels in before.labels.items()
        }
        return cls(fitted, before.sizes, places)

    def carry(self, levels: Sequence[Levels], earlier: Sequence[Effects], sizes: Mapping[str, int]) -> None:
        """Begin effects where those of the earlier fit ended; `sizes` are the numbers of names now."""
        found = {each.factor.of: each for each in earlier}
        for each in levels:
            before = found.get(each.factor.of)
            if before is None or not len(each.keys):
                continue
            each.factor, each.variance = before.factor, before.variance
            key = self._translated(before.keys, each.factor, sizes)
            at = np.minimum(np.searchsorted(each.keys, key), len(each.keys) - 1)
            known = each.keys[at] == key
            each.effect[at[known]] = before.effect[:-1][known]

    def _translated(self, keys: Keys, factor: Factor, sizes: Mapping[str, int]) -> Keys:
        """What the earlier fit's levels are called now; -1 = no longer known."""
        rest, base, unit = keys, np.zeros(len(keys), dtype=np.int64), 1
        missing = np.zeros(len(keys), dtype=np.bool_)
        for dimension in reversed(factor.of):
            rest, code = np.divmod(rest, self.sizes[dimension])
            place = self.places[dimension][code]
            missing |= place < 0
            base, unit = base + place * unit, unit * sizes[dimension]
        return np.where(missing, -1, base)

    def carry_drift(self, drift: Drift) -> None:
        """Begin a drift where the earlier fit's ended, and weeks since then where it would have wandered."""
        before = next((each for each in self.fitted.drifts if each.of == drift.of), None)
        if before is None:
            return
        last = np.clip(np.searchsorted(before.weeks, drift.weeks, side="right") - 1, 0, None)
        tie = RHO ** np.abs(drift.weeks - before.weeks[last])
        then, now = np.arange(1), np.arange(1)
        if drift.of is not None:
            now = self.places[drift.of][:-1]
            then = np.flatnonzero(now >= 0)
            now = now[then]
        drift.effect = drift.effect.copy()
        drift.effect[now] = before.effect[then][:, last] * tie
        drift.prior, drift.variance = before.prior, before.variance


def _index(labels: tuple[str, ...]) -> Any:
    return pd.Index(np.array(labels, dtype=object), dtype=object)
