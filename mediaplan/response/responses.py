"""The Response: all that planning ever sees of the past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from mediaplan.history.columns.kinds import BOTH, THE_CARD, THE_HISTORY, THE_JUDGEMENTS
from mediaplan.history.records.records import Audiences, Posts
from mediaplan.response.curves import Curves
from mediaplan.response.lines import Lines
from mediaplan.response.past import Past
from mediaplan.slots import Slots
from mediaplan.words import Sentence


class Estimate(Protocol):
    """A fitted model: gives curves for any lines, seen or unseen."""

    def curves(self, lines: Lines) -> Curves:
        """Curves of those lines; `lines.names` are the Response's names."""

    def drawn(self, draws: int) -> Self:
        """The same with at most so many posterior draws."""


@dataclass(frozen=True)
class Offer:
    """Lines that a rate card offers.

    Attributes:
        known: The names that the history knows; `None` where there is no history.
        dimensions: That the card names.
        lines: Names in these dimensions, one tuple for each line; blank where it is not broken down by one.
        counts: `"first"`, `"history"` or `"blend"` where a line is in both; `None` = nothing was said.
        resources: What else units use.
    """

    known: Mapping[str, tuple[str, ...]] | None
    dimensions: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    counts: str | None
    resources: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Response:
    """What money is expected to buy, on any line, with its uncertainty.

    Attributes:
        currency: ISO 4217 code of all money in it.
        kinds: Kinds of result that it speaks of.
        names: For each dimension (`post`, `channel`, `audience`, `slot`) the names known from history, posts,
            audiences and slots, sorted; empty for a dimension that nothing breaks down.
        seen: Shape (combinations, 4), codes into `names` in the order post, channel, audience, slot, -1 = not
            broken down: the combinations that the history holds.
        estimate: The fitted model.
        posts, audiences: As given; `None` where they were not.
        slots: The brief's named slots, or those that the history's hours fall into.
        as_of: The day up to which results were counted.
        median_line: Median spend of a history row, major units: the scale of a usual line.
        warnings: For the person who reads the plan.
        history_digest: Of the history it was fitted on.
        digest: Of history, settings and seed together.
        seed: Of the posterior draws.
        past: The evidence; `None` where no history was fitted.
        factor: By which the user's own past plans corrected all results; 1 = not at all.
        offer: Lines of a rate card; `None` = there is none.
    """

    currency: str
    kinds: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]]
    seen: NDArray[np.int32]
    estimate: Estimate
    posts: Posts | None
    audiences: Audiences | None
    slots: Slots
    as_of: date
    median_line: float
    warnings: tuple[Sentence, ...]
    history_digest: str
    digest: str
    seed: int
    past: Past | None = None
    factor: float = 1.0
    offer: Offer | None = None

    @property
    def counted_in(self) -> Sentence:
        """What its results are counted in, as faults say it."""
        if self.offer is not None:
            return THE_CARD if self.offer.known is None else BOTH
        return THE_HISTORY if self.history_digest else THE_JUDGEMENTS

    def curves(self, lines: Lines) -> Curves:
        """The curves of those lines.

        Args:
            lines: Whose names are this response's.
        """
        return self.estimate.curves(lines)

    def drawn(self, draws: int) -> Self:
        """The same with at most so many posterior draws."""
        return replace(self, estimate=self.estimate.drawn(draws))
