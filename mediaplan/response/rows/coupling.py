"""Which lines did money run on, when tables tell only its sums by post, by channel, by audience?

Amounts tell. People buy few lines, so that the money of a post in a week is on five lines, not on all eighty that its
sums by channel, audience and slot would allow; and an amount that stands in two tables to the cent is most likely one
line. So each cell (the rows of all tables that may share money: a week of a post) is searched for *few* lines that add up
to all its rows: again and again the line is taken that uses up most rows at once, the larger amount first, with some
chance. Searches that need fewer lines weigh more, and what the good ones say is averaged: a line has a chance, not a yes
or no. A second and a third pass know which lines and places other cells hold, and prefer them.

Source:
    Kocaoglu, Dimakis, Vishwanath, Hassibi, "Entropic causal inference", 2017 (the greedy coupling of least entropy).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Small = NDArray[np.float32]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]

EQUAL = 1.5
"""Units up to which two amounts are the same: each table rounds for itself."""

USED_UP = 6.0
"""What using up one more row is worth to a search, as a logarithm of money."""

CHANCE = 0.7
"""Width of the chance in each choice of a search, as a logarithm of money."""

FEWER = 6.0
"""By how much one line less speaks for a search, as a logarithm of its weight."""

PASSES = 3
SEARCHES = 32
"""How often all cells are gone through, and with how many searches each."""

AT_ONCE = 100_000
"""Combinations of rows looked at together: memory."""

AT_ALL = 40_000_000
"""Combinations of rows looked at in all, before there are fewer searches: time."""

SHIFTS = 10_000
"""Places at which a step may begin in numbers drawn by chance."""

FEWEST = 4
"""Searches of a cell at least."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells of about the same size, `cells` of them, and the combinations of one row of each table that may be lines.

    Attributes:
        amounts: For each table shape (cells, rows of it), in units to which amounts are told, ≥ 0; 0 = there is no such
            row.
        rows: For each table shape (cells, combinations), its row.
        line: Shape (cells, combinations), number of the line that it would be; -1 = there is no such combination.
        place: Same shape, number of what the line is beside what its cell has in common.
    """

    amounts: tuple[Array, ...]
    rows: tuple[NDArray[np.int16], ...]
    line: NDArray[np.int64]
    place: NDArray[np.int64]

    @property
    def steps(self) -> int:
        """Lines that any amounts can be made of."""
        return sum(int(each.shape[1]) for each in self.amounts) - len(self.amounts) + 1

    def some(self, chosen: slice | Index) -> Cells:
        """Only the chosen ones."""
        amounts = tuple(each[chosen] for each in self.amounts)
        rows = tuple(each[chosen] for each in self.rows)
        return Cells(amounts, rows, self.line[chosen], self.place[chosen])


@dataclass(frozen=True, eq=False)
class Coupled:
    """What the searches of `Cells` found, entries of it.

    Attributes:
        cell, combination: Shape (entries,), which rows of which cell make up the line.
        money: Shape (entries,), units expected on it.
        chance: Shape (entries,), that it had any.
        agreed: Shape (cells,), units that two searches put on the same lines, or two independent halves of them
            if that is less.
    """

    cell: Index
    combination: Index
    money: Array
    chance: Array
    agreed: Array


def coupled(
    blocks: Sequence[Cells],
    numbers: int,
    passes: int = PASSES,
    searches: int = SEARCHES,
    beside: Sequence[tuple[Cells, Coupled]] = (),
    first: list[Coupled] | None = None,
) -> list[Coupled]:
    """Search all cells; the same cells give the same answer.

    Args:
        blocks: All cells, those with as many rows together.
        numbers: How many numbers of lines and of places there are at most.
        passes: How often all cells are gone through; no more than twice where that would be long.
        searches: Of each cell each time; fewer, but at least `FEWEST`, where that would be long.
        beside: Other cells, and what they hold.
        first: What one pass with `FEWEST` searches found; it is not gone through again where no more are due.
    """
    work = sum(block.line.size * block.steps for block in blocks)
    several = int(np.clip(AT_ALL // max(work * passes, 1), FEWEST, searches))
    passes = passes if several > FEWEST else min(passes, 2)
    held = _held([block for block, _ in beside], [one for _, one in beside], numbers)
    places = _places([*blocks, *(block for block, _ in beside)], numbers)
    found = [_nothing(block) for block in blocks]
    for turn in range(passes):
        if turn == 0 and several == FEWEST and first is not None:
            found = first
            continue
        liking = _liking(blocks, found, held + _held(blocks, found, numbers), places)
        random = np.random.default_rng([turn, 20_260_831])
        found = [_searched(block, like, several, random) for block, like in zip(blocks, liking, strict=True)]
    return found


def _nothing(block: Cells) -> Coupled:
    none, nowhere = np.zeros(0), np.zeros(0, dtype=np.intp)
    return Coupled(nowhere, nowhere, none, none, np.zeros(len(block.line)))


def _places(blocks: Sequence[Cells], numbers: int) -> int:
    """How many places there are."""
    there = np.zeros(numbers, dtype=bool)
    for block in blocks:
        there[block.place.ravel()] = True
    return int(there.sum())


def _held(blocks: Sequence[Cells], found: Sequence[Coupled], numbers: int) -> Array:
    """How many cells hold each line, and each place, shape (2, numbers)."""
    chance = np.concatenate([np.zeros(0), *(one.chance for one in found)])
    held = np.zeros((2, numbers))
    for at, codes in enumerate(([block.line for block in blocks], [block.place for block in blocks])):
        code = [each[one.cell, one.combination] for each, one in zip(codes, found, strict=True)]
        held[at] = np.bincount(np.concatenate([np.zeros(0, dtype=np.int64), *code]), chance, numbers)
    return held


def _liking(blocks: Sequence[Cells], found: Sequence[Coupled], held: Array, places: int) -> list[Small]:
    """How much likelier than usual each combination is, by what all other cells hold, as logarithms."""
    by_line, by_place = held
    total = float(by_place.sum())
    liking = []
    for block, one in zip(blocks, found, strict=True):
        own = np.zeros(block.line.shape)
        np.add.at(own, (one.cell, one.combination), one.chance)
        line = np.maximum(by_line[block.line] - own, 0.0)
        usual = (np.maximum(by_place[block.place] - own, 0.0) + 0.3) * places / (total + 0.3 * places)
        like = np.log(usual + line * places / max(total, 1.0) * len(block.amounts))
        liking.append(np.where(block.line < 0, -np.inf, like).astype(np.float32))
    return liking


def _searched(block: Cells, liking: Small, searches: int, random: np.random.Generator) -> Coupled:
    """All searches of all cells of a block, some cells at a time."""
    cells, size = block.line.shape
    if not cells:
        return _nothing(block)
    several = max(AT_ONCE // (size * searches), 1)
    parts = []
    for first in range(0, cells, several):
        chosen = slice(first, first + several)
        part = _search(block.some(chosen), liking[chosen], searches, random)
        parts.append(Coupled(part.cell + first, part.combination, part.money, part.chance, part.agreed))
    columns = zip(*((p.cell, p.combination, p.money, p.chance) for p in parts), strict=True)
    cell, combination, money, chance = (np.concatenate(each) for each in columns)
    return Coupled(cell, combination, money, chance, np.concatenate([part.agreed for part in parts]))


def _search(block: Cells, liking: Small, searches: int, random: np.random.Generator) -> Coupled:
    """All searches of some cells side by side, weighed and put together."""
    cells, size = liking.shape
    which, combination, money = _walked(block, liking, searches, random)
    like = liking[which // searches, combination]
    cost = np.bincount(which, FEWER - like, cells * searches).reshape(cells, searches)
    weight = np.exp(cost.min(axis=1, keepdims=True) - cost)
    halves = _halves(weight)
    key = (which // searches) * size + combination
    there = np.zeros(cells * size, dtype=bool)
    there[key] = True
    keys, at = np.flatnonzero(there), (np.cumsum(there) - 1)[key]
    mine = [np.bincount(at, money * half.ravel()[which], len(keys)) for half in halves]
    whole = (weight / weight.sum(axis=1, keepdims=True)).ravel()[which]
    amounts = np.bincount(at, money * whole, len(keys)).astype(np.float64)
    chance = np.minimum(np.bincount(at, whole, len(keys)), 1.0)
    agreed = [np.bincount(keys // size, each, cells) for each in (np.minimum(*mine), amounts * chance)]
    return Coupled(keys // size, keys % size, amounts, chance, np.minimum(*agreed))


def _halves(weight: Array) -> tuple[Array, Array]:
    """The weights of the searches of each half, which add up to 1 for each cell."""
    odd = np.arange(weight.shape[1]) % 2 == 1
    first, second = (np.where(mine, weight, 0.0) + 1e-300 * mine for mine in (~odd, odd))
    return first / first.sum(axis=1, keepdims=True), second / second.sum(axis=1, keepdims=True)


def _walked(
    block: Cells, liking: Small, searches: int, random: np.random.Generator
) -> tuple[Index, Index, Array]:
    """Take line after line until nothing is left: search, combination and money of each."""
    left = [np.repeat(each, searches, axis=0) for each in block.amounts]
    live = np.arange(len(left[0]))
    places = [
        np.repeat(rows, searches, axis=0) + (live * each.shape[1])[:, None]
        for each, rows in zip(left, block.rows, strict=True)
    ]
    steps: list[tuple[Index, Index, Array]] = []
    # drawn once, and shifted in each step: drawing anew would take half of the time
    chance = CHANCE * random.standard_exponential(places[0].size + SHIFTS, dtype=np.float32)
    while len(live):
        cell = live // searches
        money = [each.ravel().take(place[live]) for each, place in zip(left, places, strict=True)]
        least: Array = reduce(np.minimum, money)
        score = _score(money, least, liking[cell])
        begin = random.integers(SHIFTS)
        score += chance[begin : begin + score.size].reshape(score.shape)
        best = score.argmax(axis=1)
        possible = np.isfinite(score[np.arange(len(live)), best])
        taken = least[possible, best[possible]]
        live, best = live[possible], best[possible]
        for each, rows in zip(left, block.rows, strict=True):
            _use_up(each, (live, rows[live // searches, best]), taken)
        steps.append((live, best, taken))
    which, combination, amounts = (np.concatenate(each) for each in zip(*steps, strict=True))
    return which, combination, amounts


def _use_up(left: Array, at: tuple[Index, Index], taken: Array) -> None:
    """Take lines' money from their rows; a rest no larger than rounding is none."""
    rest = left[at] - taken
    left[at] = np.where(rest <= EQUAL, 0.0, rest)


def _score(money: Sequence[Array], least: Array, liking: Small) -> Small:
    """How good each combination would be as the next line, shape (searches, combinations)."""
    used: Small = np.zeros(least.shape, dtype=np.float32)
    for each in money:
        used += each - least <= EQUAL
    worth: Small = np.log(np.maximum(least, 1e-9).astype(np.float32))
    worth += np.float32(USED_UP) * used
    worth += liking
    worth[least <= 0.0] = -np.inf
    return worth
