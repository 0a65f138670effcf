"""From attributed to incremental results: what the brief says of channels becomes factors on lines, with their doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.incrementality import Incrementality
from mediaplan.history.records.records import belongs
from mediaplan.planning.asking.worths import Worths
from mediaplan.response.lines import Lines

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Increments:
    """Factors on lines.

    Attributes:
        stated: By channel, as the brief says.
        of: Shape (lines,), index into `stated`; -1 = nothing is said of the line: all attributed results count.
    """

    stated: Mapping[str, Incrementality]
    of: NDArray[np.intp]

    @property
    def part(self) -> Array:
        """Shape (lines,): incremental results for one attributed, in expectation."""
        return np.array([*(one.value for one in self.stated.values()), 1.0])[self.of]

    def take(self, chosen: NDArray[np.intp]) -> Increments:
        """Only those of the chosen lines, by index."""
        return Increments(self.stated, self.of[chosen])

    def applied(self, worths: Worths) -> Worths:
        """The same worths of incremental results, on attributed ones."""
        each = self.part[None, :]
        return Worths(worths.kinds, worths.count * each, worths.value * each, worths.goal * each)

    def doubt(self, realisations: int, seed: int) -> Array:
        """Shape (lines, realisations): the true factor over the stated one; mean 1, one for all lines of a channel.

        Args:
            realisations: How many.
            seed: Of the order in which they come.
        """
        from scipy.special import ndtri

        levels = (np.arange(realisations) + 0.5) / realisations
        drawn = np.ones((len(self.stated) + 1, realisations))
        for at, one in enumerate(self.stated.values()):
            random = np.random.default_rng([seed, at, 27])
            each = np.exp(one.spread * ndtri(random.permutation(levels)))
            drawn[at] = each / each.mean()
        return drawn[self.of]


def increments_of(stated: Mapping[str, Incrementality], lines: Lines) -> Increments | None:
    """The factors of those lines; the longest channel that a line belongs to counts; `None` where nothing is stated."""
    if not stated:
        return None
    names = list(stated)
    of_channel = []
    for channel in lines.names["channel"]:
        fitting = [at for at, name in enumerate(names) if belongs(channel, name)]
        of_channel.append(max(fitting, key=lambda at: len(names[at]), default=-1))
    return Increments(stated, np.array([*of_channel, -1], dtype=np.intp)[lines.codes["channel"]])
