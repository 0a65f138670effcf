"""Whether a narrowed question holds every plan that is worth more than what it says of the others."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.narrowing import Narrowed


def holds_all_above_its_ceiling(left: Narrowed, plans: Iterable[np.ndarray], objective: Objective) -> bool:
    return all(_holds(left, plan) for plan in plans if objective.total(plan) > left.ceiling)


def _holds(left: Narrowed, amounts: np.ndarray) -> bool:
    funded = np.flatnonzero(amounts)
    return bool(
        np.isin(funded, left.lines).all()
        and (amounts[funded] >= left.limits.least[funded]).all()
        and (amounts[funded] <= left.limits.most[funded]).all()
        and (amounts[left.limits.needed] > 0).all()
    )
