"""What rules share that hold for each day, post, channel … by itself, and that may give way at a price."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mediaplan.brief.picking import misstated, names_of
from mediaplan.brief.rules.stating import Rule, is_number, says
from mediaplan.brief.spaces import Space
from mediaplan.brief.terms import Array, Choice, Linear, Term
from mediaplan.errors import Problem, nearest
from mediaplan.words import Exact, Sentence

PIECES: Mapping[str, Sentence] = {
    "day": Sentence("day"),
    "week": Sentence("week"),
    "post": Sentence("post"),
    "channel": Sentence("channel"),
    "audience": Sentence("audience"),
    "slot": Sentence("slot"),
    "format": Sentence("format"),
    "topic": Sentence("topic"),
}
"""For each of what a rule may be repeated, as people say it."""

PER = tuple(PIECES)

LARGEST_WEIGHT = 10**12
"""Price of one unit of shortfall at the most."""


@dataclass(frozen=True, kw_only=True)
class Repeated(Rule):
    """A rule over sums or choices, which may be repeated piece by piece and may give way at a price.

    Attributes:
        per: `day`, `week`, `post`, `channel`, `audience`, `slot`, `format`, `topic`, or several of these: the limit
            holds for each by itself.
        soft: What one unit of shortfall (in the limit's unit) takes from the objective; `None` = the limit holds.
    """

    per: Any = says(
        Sentence(
            "Repeat it for each “day”, “week”, “post”, “channel”, “audience”, “slot”, “format” or “topic”."
        ),
        (),
    )
    soft: Any = says(Sentence("Let it give way: what one unit of shortfall takes from the goal."))

    def _misstated(self) -> list[Problem]:
        problems = super()._misstated()
        per = names_of(self.per)
        unknown = [name for name in per or () if name not in PER]
        if per is None:
            problems.append(misstated("per", self.per, Sentence("a text")))
        elif unknown:
            message = Sentence("{key} is “{value}”.", key="per", value=unknown[0])
            problems.append(Problem(message, nearest(unknown[0], PER), column="per", value=unknown[0]))
        else:
            object.__setattr__(self, "per", tuple(dict.fromkeys(per)))
        if self.soft is not None and not (is_number(self.soft) and 0 < self.soft <= LARGEST_WEIGHT):
            message = Sentence("{key} is “{value}”.", key="soft", value=str(self.soft))
            remedy = Sentence("Give a number above 0 and up to {most}.", most=LARGEST_WEIGHT)
            problems.append(Problem(message, remedy, column="soft", value=str(self.soft)))
        return problems

    def terms(self, space: Space) -> list[Term]:
        """Its rows, one or more for each piece, soft where it may give way."""
        rows = [row for inside, whole in self.parts(space) for row in self.rows(space, inside, whole)]
        if self.soft is None:
            return list(rows)
        weight = float(self.soft) / self.unit(space)
        return [replace(row, soft=weight) for row in rows]

    def parts(self, space: Space) -> Iterator[tuple[Array, Array]]:
        """What is picked and what there is, piece by piece: see `Space.parts`; no piece is one without lines."""
        found = False
        for inside, whole in space.parts(self.picks(), self.days(), self.per):
            found = True
            yield inside, whole
        if not found:
            yield np.zeros(len(space.lines)), np.ones(len(space.lines))

    def rows(self, space: Space, inside: Array, whole: Array) -> list[Linear | Choice]:
        """The limit on one piece; `inside` and `whole` are the parts of each line's money, shape (lines,)."""
        raise NotImplementedError

    def unit(self, space: Space) -> float:
        """How many units of a row's limit one unit of the rule's is."""
        raise NotImplementedError

    def subject(self) -> Sentence:
        """The picked lines as people say them, with the pieces."""
        if not self.per:
            return super().subject()
        each = tuple(PIECES[name] for name in self.per)
        return Sentence("{names}, per {each}", names=super().subject(), each=each)

    def said(self) -> Sentence:
        """The rule's sentence with its reason and its price."""
        said = super().said()
        return said if self.soft is None else self.priced(said)

    def priced(self, said: Sentence) -> Sentence:
        """A sentence of the rule with what a unit of shortfall takes from the objective."""
        return Sentence("{rule} [may give way: {weight} per unit]", rule=said, weight=Exact(self.soft))
