"""Of very many limits on money those that bear on a plan: the others are kept without being looked at.

A plan under some of the limits is worth no less than one under all of them, so that its bound holds for all. Where it
misses others, these join, until it misses none (constraint generation).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.terms import Linear, Term, shortfall
from mediaplan.planning.formulation.alike_rows import is_plain_row, tightest
from mediaplan.planning.formulation.relaxing import Relaxed
from mediaplan.planning.search.auditing import EXACT

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]

FEW = 200
"""Limits on money up to which all of them are stated."""
MANY = 2500
"""The same of those that do not follow from others; of more, those that bear on plans."""
NEARLY = 1e-3
"""Minor units by which amounts that are not yet whole may miss a limit that is not stated."""
TURNS = 50
"""Times that limits join, at the most: then all are stated."""


class FewRows:
    """The terms of a question, of which the limits that bear on it become known plan by plan.

    Attributes:
        terms: All of them.
        stated: Shape (terms,), those that are stated.
    """

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = tuple(terms)
        self.stated: Mask = np.ones(len(self.terms), dtype=bool)
        self._waiting: list[tuple[int, Linear]] = []
        rows = [(at, term) for at, term in enumerate(self.terms) if isinstance(term, Linear)]
        plain = [(at, term) for at, term in rows if is_plain_row(term)]
        if len(plain) <= FEW:
            return
        alone = [plain[place] for place in tightest([term for _, term in plain])]
        # The limit over most lines, as the budget is, tells of what size prices are.
        widest, _ = max(plain, key=lambda row: len(row[1].weights.line))
        first = [widest] if len(alone) > MANY else [at for at, _ in alone]
        self.stated[[at for at, _ in plain]] = False
        self.stated[first] = True
        self._waiting = [(at, term) for at, term in alone if not self.stated[at]]

    @property
    def few(self) -> tuple[Term, ...]:
        """Those that are stated, in order."""
        return tuple(term for term, here in zip(self.terms, self.stated, strict=True) if here)

    @property
    def all_stated(self) -> bool:
        """Whether nothing is left out."""
        return bool(self.stated.all())

    @property
    def waiting(self) -> bool:
        """Whether it is yet to be seen which limits bear on a plan."""
        return bool(self._waiting)

    def relaxed(self, plan: Callable[[tuple[Term, ...]], Relaxed | None]) -> Relaxed | None:
        """The relaxed plan under the terms that relaxed plans miss; `None` where there is none.

        Args:
            plan: Terms -> the relaxed plan under these.
        """
        for turn in range(TURNS):
            if turn + 1 == TURNS:
                self._state(self._waiting)
            found = plan(self.few)
            if found is None:
                return None
            missed = [row for row in self._waiting if shortfall(row[1], row[1].total(found.amounts)) > NEARLY]
            if not missed:
                break
            self._state(missed)
        return found

    def missed(self, amounts: Integers) -> bool:
        """State those that whole amounts, shape (lines,) of minor units, miss; whether there are any."""
        money, funded = amounts.astype(np.float64), amounts > 0
        missed = [
            row
            for row in self._waiting
            if shortfall(row[1], row[1].total(money)) > row[1].give(funded) + EXACT * money.sum()
        ]
        self._state(missed)
        return bool(missed)

    def _state(self, rows: Sequence[tuple[int, Linear]]) -> None:
        self.stated[[at for at, _ in rows]] = True
        self._waiting = [row for row in self._waiting if not self.stated[row[0]]]
