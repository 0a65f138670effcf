"""Lines of a rate card whose tiers don't fill in order by themselves, in a program: whole units, prices that fall.

Columns, for such lines i and tiers k:
    n_ik          units in the tier, whole where only whole units are sold: 0 ≤ n_ik ≤ units_ik
    z_ik          whether tier k > 1 is used, where it would be bought before those in front of it
Rows:
    x_i = fixed_i·y_i + Σ_k cost_ik·n_ik        n_ik ≤ units_ik·y_i        Σ_k cost_ik·n_ik ≥ (least_i - fixed_i)·y_i
    n_ij ≤ units_ij·z_ik for the tiers j from k up to the next one with such a column
    n_ij ≥ units_ij·z_ik for the tiers j from the one before with such a column up to k - 1
    n_ij ≥ units_ij·z_ik for tiers from k on that are bought all or none
Other lines of a rate card are straight pieces like all curves, with cuts where tiers end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediaplan.planning.asking.demands import Limits
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.building import Builder
from mediaplan.response.ladders import NEARLY

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Tiers:
    """Where the tiers stand in a program.

    Attributes:
        column: Shape (tiers,), columns n.
        given, tier: Shape (tiers,), which line of the card and which of its tiers each is.
        line: Shape (tiers,), which line.
        cost: Shape (tiers,), minor units of money for one unit.
        switch: Shape (fixed,), columns y of lines with money due once; `once` is that money, minor units.
        once: Shape (fixed,).
        due: Shape (fixed,), which lines these are.
    """

    column: Index
    given: Index
    tier: Index
    line: Index
    cost: Array
    switch: Index
    once: Array
    due: Index


def tiered_lines(objective: Objective) -> NDArray[np.bool_]:
    """Shape (lines,): lines that are stated by tiers."""
    mask = np.zeros(objective.lines, dtype=bool)
    if objective.given is not None:
        mask[objective.given.line[objective.given.ordered]] = True
    return mask


def steepest_tier(objective: Objective) -> float:
    """The most that a minor unit of money is worth in any tier."""
    if objective.given is None or not len(objective.given.line):
        return 0.0
    worth = objective.given.unit_worth(objective.weights) / objective.given.cost * objective.major
    return float(np.abs(worth).max(initial=0.0))


def add_tiers(
    build: Builder, limits: Limits, objective: Objective, link: Index, on: Index, unit: float, worth: float
) -> Tiers:
    """Add the columns and rows of lines that are stated by tiers.

    Args:
        build: What is added to.
        limits: Of the lines.
        objective: Whose rate card it is.
        link: Shape (lines,), rows that hold each line's money.
        on: Shape (lines,), columns that say whether a line receives anything, -1 = none.
        unit: Minor units of money that one unit of a column of money stands for.
        worth: Of one unit of the program's value.
    """
    none = np.zeros(0, dtype=np.intp)
    if objective.given is None or not objective.given.ordered.any():
        return Tiers(none, none, none, none, np.zeros(0), none, np.zeros(0), none)
    card = objective.given
    given, tier = np.nonzero((card.length > 0) & card.ordered[:, None])
    line, cost = card.line[given], card.cost[given, tier] / objective.major
    fixed = card.fixed / objective.major
    room = np.maximum(limits.most[line] - card.start[given, tier] / objective.major, 0.0)
    length = card.length[given, tier] / objective.major
    whole = card.whole[given]
    units = np.minimum(length, room) / cost
    units = np.where(whole, np.floor(units + NEARLY), units)
    own = 0.0 if objective.views else 1.0 / worth  # the worst view is maximised instead
    each = objective.given.unit_worth(objective.weights)[given, tier]
    lower = np.where(card.always[given, tier], units, 0.0)
    column = build.add_columns((each + objective.price * cost) * own, units, lower, whole=whole)
    build.put(link[line], column, -cost / unit)
    once = np.flatnonzero(card.ordered & (fixed > 0) & (on[card.line] >= 0))
    switch = on[card.line[once]]
    build.put(link[card.line[once]], switch, -fixed[once] / unit)
    tiers = Tiers(column, given, tier, line, cost, switch, fixed[once], card.line[once])
    _switched(build, tiers, units, limits, fixed[given], on)
    leapt = np.zeros(len(tier), dtype=bool) if card.leapt is None else card.leapt[given, tier]
    _in_order(build, tiers, units, length / cost, card.waiting[given, tier], leapt)
    return tiers


def worth_once(objective: Objective) -> Array:
    """Shape (lines,): worth of the money that is due once on lines stated by tiers."""
    due = np.zeros(objective.lines)
    if objective.given is not None:
        due[objective.given.line] = objective.price * objective.given.fixed / objective.major
    return np.where(tiered_lines(objective), due, 0.0)


def put_tiers(build: Builder, rows: Index, tiers: Tiers, objective: Objective, times: Array) -> None:
    """What units are worth by that objective, and the money due once, put into rows; both by line, with a factor."""
    if not len(tiers.column) or objective.given is None:
        return
    each = (
        objective.given.unit_worth(objective.weights)[tiers.given, tiers.tier] + objective.price * tiers.cost
    )
    build.put(rows[tiers.line], tiers.column, each * times[tiers.line])
    build.put(rows[tiers.due], tiers.switch, objective.price * tiers.once * times[tiers.due])


def _switched(build: Builder, tiers: Tiers, units: Array, limits: Limits, fixed: Array, on: Index) -> None:
    """No unit without the line's switch, and at least its least with it."""
    mine = np.flatnonzero(on[tiers.line] >= 0)
    if not len(mine):
        return
    rows = build.add_rows(np.full(len(mine), -np.inf), np.zeros(len(mine)))
    build.put(rows, tiers.column[mine], 1.0)
    build.put(rows, on[tiers.line[mine]], -units[mine])
    lines, first, place = np.unique(tiers.line[mine], return_index=True, return_inverse=True)
    low = build.add_rows(np.zeros(len(lines)), np.full(len(lines), np.inf))
    size = np.maximum(limits.least[lines].astype(float), 1.0)
    build.put(low[place], tiers.column[mine], tiers.cost[mine] / size[place])
    build.put(low, on[lines], -(limits.least[lines] - fixed[mine][first]) / size)


def _in_order(
    build: Builder,
    tiers: Tiers,
    units: Array,
    full: Array,
    waiting: NDArray[np.bool_],
    leapt: NDArray[np.bool_],
) -> None:
    """Tiers that wait only where those before them are full, and those that are bought together all or none."""
    if not waiting.any():
        return
    place = np.arange(len(waiting))
    begun = np.maximum.accumulate(np.where(waiting | (tiers.tier == 0), place, 0))
    used = np.full(len(waiting), -1, dtype=np.intp)
    following = np.append(
        np.minimum.accumulate(np.where(waiting, place, len(place))[::-1])[::-1][1:], len(place)
    )
    ahead = np.flatnonzero(following < len(place))
    ahead = ahead[tiers.given[ahead] == tiers.given[following[ahead]]]
    never = np.zeros(len(waiting), dtype=bool)
    never[following[ahead[units[ahead] < full[ahead] * (1.0 - 1e-12)]]] = True
    used[waiting] = build.add_columns(np.zeros(1), np.where(never[waiting], 0.0, 1.0), whole=True)
    behind = np.flatnonzero(used[begun] >= 0)
    over = build.add_rows(np.full(len(behind), -np.inf), np.zeros(len(behind)))
    build.put(over, tiers.column[behind], 1.0)
    build.put(over, used[begun[behind]], -units[behind])
    together = behind[leapt[behind]]
    all_of = build.add_rows(np.zeros(len(together)), np.full(len(together), np.inf))
    build.put(all_of, tiers.column[together], 1.0)
    build.put(all_of, used[begun[together]], -units[together])
    under = build.add_rows(np.zeros(len(ahead)), np.full(len(ahead), np.inf))
    build.put(under, tiers.column[ahead], 1.0)
    build.put(under, used[following[ahead]], -np.where(never[following[ahead]], 0.0, full[ahead]))
