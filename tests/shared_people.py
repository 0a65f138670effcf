"""People whom lines share, written anew: an estimate with everybody as one pool more, and what layers of people leave."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from mediaplan.response.curves import Curves
from mediaplan.response.lines import Lines
from mediaplan.response.pools import Pools
from mediaplan.response.responses import Estimate

Money = np.ndarray


@dataclass(frozen=True, eq=False)
class Everybody:
    """An estimate whose lines, beside their own pools, all wear out one of that size; results of posts as they are worth."""

    inner: Estimate
    size: float

    def curves(self, lines: Lines) -> Curves:
        """The inner curves with one layer more."""
        known = self.inner.curves(lines)
        member = np.zeros(len(lines), dtype=np.int32)
        everybody = Pools(member, np.array([self.size]), np.ones((len(known.kinds), len(lines))))
        return replace(known, pools=(*known.pools, everybody))


def left_of(layers: tuple[Pools, ...], own: Money) -> Money:
    """Shape (lines,): what layers of people leave of own results, pool by pool."""
    flow = own
    for layer in layers:
        into = np.bincount(layer.member, flow, len(layer.size))
        flow = flow / (1 + into / layer.size)[layer.member]
    return flow
