"""Few choices over many pieces: as good as by another branch and bound, and handed on where they are too many."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp

from mediaplan.planning.formulation.program import Program
from mediaplan.planning.patience import Patience
from mediaplan.planning.solvers import branching
from mediaplan.planning.solvers.branching import few_choices
from mediaplan.planning.solvers.highs import solve


def with_fixed_costs(seed: int, choices: int, floor: float = 0.0) -> Program:
    """Groups of pieces of which each needs its choice, which costs; a budget, and a floor for the sum of all."""
    random = np.random.default_rng(seed)
    pieces = 25 * choices
    gain = np.concatenate([random.uniform(1, 3, pieces), -random.uniform(1, 6, choices)])
    upper = np.concatenate([random.uniform(0.1, 0.5, pieces), np.ones(choices)])
    of_choice = np.repeat(np.arange(choices), 25)
    matrix = np.zeros((pieces + 2, pieces + choices))
    matrix[np.arange(pieces), np.arange(pieces)] = 1.0
    matrix[np.arange(pieces), pieces + of_choice] = -upper[:pieces]
    matrix[pieces:, :pieces] = 1.0
    high = np.concatenate([np.zeros(pieces), [0.25 * upper[:pieces].sum(), np.inf]])
    low = np.concatenate([np.full(pieces + 1, -np.inf), [floor]])
    whole = np.arange(pieces + choices) >= pieces
    return Program(gain, np.zeros(len(gain)), upper, whole, sp.csr_array(matrix), low, high)


def optimum(program: Program) -> float:
    found = milp(
        -program.gain,
        integrality=program.whole,
        bounds=Bounds(program.lower, program.upper),
        constraints=LinearConstraint(program.matrix, program.row_lower, program.row_upper),
        options={"mip_rel_gap": 1e-9},
    )
    return -float(found.fun)


@pytest.mark.parametrize("seed", range(8))
def test_few_choices_end_at_the_optimum(seed: int) -> None:
    program = with_fixed_costs(seed, 3 + seed)
    assert few_choices(program)
    found, best = solve(program), optimum(program)
    assert found.status == "optimal"
    assert found.value == pytest.approx(best, rel=2e-6)
    assert found.bound >= best * (1 - 1e-9)
    chosen = found.columns[program.whole]
    assert set(chosen.tolist()) <= {0.0, 1.0}
    assert float(program.gain @ found.columns) == pytest.approx(found.value)


@pytest.mark.parametrize("seed", [18, 21, 38, 42])
def test_what_is_not_looked_into_counts_for_the_bound(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(branching, "CLOSE", 0.1)
    program = with_fixed_costs(seed, 3 + seed % 4)
    found, best = solve(program), optimum(program)
    assert best * (1 - 0.1) <= found.value < best * (1 - 1e-3)  # the best point was not worth the while
    assert found.bound >= best * (1 - 1e-9)


def test_a_choice_that_is_made_already_stays() -> None:
    program = with_fixed_costs(1, 4)
    forbidden = Program(
        program.gain,
        program.lower,
        np.where(program.whole, [*[0.0] * (len(program.whole) - 2), 0.0, 1.0], program.upper),
        program.whole,
        program.matrix,
        program.row_lower,
        program.row_upper,
    )
    found = solve(forbidden)
    assert found.columns[program.whole][:3].tolist() == [0.0, 0.0, 0.0]
    assert found.value == pytest.approx(optimum(forbidden), rel=2e-6)


def test_few_choices_that_nothing_keeps_are_known_as_such() -> None:
    assert solve(with_fixed_costs(2, 5, floor=1e4)).status == "infeasible"


def test_choices_that_need_too_many_relaxations_are_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    program = with_fixed_costs(3, 9)
    monkeypatch.setattr(branching, "NODES", 2)
    found = solve(program)
    assert found.status == "optimal"
    assert found.value == pytest.approx(optimum(program), rel=1.1e-4)


def test_few_choices_end_with_the_time() -> None:
    over = Patience(seconds=1.0, clock=iter(range(0, 10_000, 5)).__next__).begun()
    assert solve(with_fixed_costs(4, 6), over).status == "stopped"
