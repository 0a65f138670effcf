"""A brief and a response, put together: which lines, what they must keep, what is maximised, and the best amounts."""

from __future__ import annotations

import math
from copy import copy
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import Cautious, LeastRegret
from mediaplan.brief.rules import Dated
from mediaplan.brief.spaces import Space
from mediaplan.money import LARGEST, Money, decimals
from mediaplan.planning.asking.aiming import in_world, objective_for
from mediaplan.planning.asking.attention import with_people
from mediaplan.planning.asking.cutting import shut, sold_in_pieces
from mediaplan.planning.asking.demands import Demand, demands_of, linear_terms
from mediaplan.planning.asking.eligible import eligible_lines, space_of
from mediaplan.planning.asking.how_many import most_draws
from mediaplan.planning.asking.increments import increments_of
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.asking.worths import Worths, outcomes_of, worths_of
from mediaplan.planning.clashes.conflicts import possible
from mediaplan.planning.formulation.program import Solver
from mediaplan.planning.patience import ENDLESS, Wait
from mediaplan.planning.search.cautious import cautious_money
from mediaplan.planning.search.exploring import Explored, explore
from mediaplan.planning.search.falling_short import Reaching
from mediaplan.planning.search.solving import best_money, relaxed_worth
from mediaplan.planning.search.sought import Solved
from mediaplan.planning.solvers import engine_named
from mediaplan.response.curves import Curves
from mediaplan.response.responses import Response

Array = NDArray[np.float64]

ROOMS = (0.005, 0.02, 0.05)
"""Parts by which a budget is widened, one after the other, where what was needed is too narrow to be found again."""


class Question:
    """What a brief asks of a response, in arrays.

    Attributes:
        brief, solver: As given.
        response: As given; with fewer draws where there are very many lines.
        wait: How long the solver may take.
        proving: Whether anybody is told how near to the best the plan is proven to be.
        budget_given: Whether the brief named its budget; else it was worked out as what the rules need.
        begun: Of a cautious goal, sets of draws that are looked at first.
        budget: Media money, minor units.
        major: Major units in a minor one.
        space: The lines, as rules see them.
        attributed: Worth of one result that a platform attributes, by line.
        increments: What part of attributed results counts; `None` = all.
        worths: Worth of one attributed result, as it counts.
        demands: What the plan must keep.
        every: Curves of all kinds, units and resources of a rate card among them.
        curves: Of the goal's kinds of result, pools measured in what the goal counts.
        asked: What is maximised where the goal is plain, before it is turned into the goal that the brief names.
        objective: What is maximised.
    """

    def __init__(
        self,
        brief: Brief,
        response: Response,
        solver: Solver,
        wait: Wait = ENDLESS,
        *,
        budget_given: bool = True,
    ) -> None:
        self.brief, self.budget_given = brief, budget_given
        self.solver, self.wait, self.proving = solver, wait, True
        self.begun: tuple[NDArray[np.intp], ...] = ()
        self.budget = brief.media_budget.minor
        self.major = 10.0 ** -decimals(brief.currency)
        lines = eligible_lines(brief, response)
        draws = most_draws(len(lines))
        self.response = response = response if draws is None else response.drawn(draws)
        self.attributed: Worths = worths_of(brief, response, lines)
        self.increments = increments_of(brief.incrementality, lines)
        self.worths = self.increments.applied(self.attributed) if self.increments else self.attributed
        named = space_of(lines, brief, response)
        every = sold_in_pieces(response.curves(lines), named)
        self.every = every
        self.curves: Curves = every.of_kinds(self.worths.kinds).measured_in(self.worths.goal)
        counted = Objective(self.curves, self.worths.count, self.major)
        outcomes = outcomes_of(brief, response, lines, self.worths, counted.least_for, every.given)
        self.space: Space = replace(named, worth=outcomes, major=self.major, shut=shut(brief, named))
        self.space = with_people(self.space, brief, response)
        self.demands: tuple[Demand, ...] = demands_of(brief, self.space, self.worths.kinds)
        unasked = np.zeros((len(outcomes.kinds) - len(self.worths.kinds), len(lines)))
        weights = np.concatenate([self.worths.goal, unasked])
        asked = Objective(every.of_kinds(outcomes.kinds).measured_in(weights), weights, self.major)
        self.asked = asked
        self.objective = objective_for(brief.goal, asked, self.demands, self.budget)

    def but(self, brief: Brief) -> Question:
        """The same lines and curves for a brief that differs in its budget and rules only.

        Rules that cut lines by date (`not before`, `not after`, `blackout`) must be the same in both.
        """
        other = copy(self)
        other.brief, other.budget = brief, brief.media_budget.minor
        other.space = self.space.with_budget(other.budget)
        other.demands = demands_of(brief, other.space, self.worths.kinds)
        other.objective = objective_for(brief.goal, self.asked, other.demands, other.budget)
        return other

    def with_lines_of(self, brief: Brief) -> Question:
        """The same question for a brief whose rules cut lines otherwise."""
        return Question(brief, self.response, self.solver, self.wait, budget_given=self.budget_given)

    def by(self, solver: Solver, wait: Wait = ENDLESS) -> Question:
        """The same question to another engine, or to the same one with another limit of time."""
        other = copy(self)
        other.solver, other.wait = solver, wait
        return other

    def compared(self) -> Question:
        """The same question where the plan is only compared with another, and nobody is told how good it is."""
        other = copy(self)
        other.proving = False
        return other

    def after(self, solved: Solved) -> Question:
        """The same question, begun with what was found out of the worst draws for another plan of these lines."""
        other = copy(self)
        other.begun = solved.draws
        return other

    def keeping_to(self, demand: Demand) -> Question:
        """The same question with one thing more that the plan must keep."""
        other = copy(self)
        other.demands = (*self.demands, demand)
        return other

    def lightly(self, nodes: int) -> Question:
        """The same question to HiGHS, for a stated effort: so many nodes of branch and bound for each program."""
        wait = replace(self.wait, nodes=nodes)
        return self.by(engine_named("highs", wait), wait)

    def solve(self) -> Solved | None:
        """The best amounts; `None` where the rules can't hold together or leave no money at all."""
        solved = self._best()
        if (
            solved is not None
            and not solved.amounts.any()
            and not possible(self.demands, self.space, self.reaching())
        ):
            return None
        return solved

    def _best(self) -> Solved | None:
        goal = self.brief.goal
        if isinstance(goal, Cautious):
            return cautious_money(
                self.demands,
                self.objective,
                self.budget,
                self.solver,
                goal.worst,
                proving=self.proving,
                begun=self.begun,
            )
        if isinstance(goal, LeastRegret):
            return self._least_regret(goal)
        return best_money(self.demands, self.objective, self.budget, self.solver, proving=self.proving)

    def _least_regret(self, goal: LeastRegret) -> Solved | None:
        """The plan whose worst loss against the best one for each world is smallest."""
        worlds = [
            in_world(self.objective, self.space.picks(goal.picks(name)), world)
            for name, world in goal.worlds.items()
        ]
        views, stopped = [], False
        rows = [term for demand in self.demands for term in linear_terms(demand.terms)]
        counting = any(term.results is not None for term in rows)
        for view in (self.objective, *worlds):
            # What rules ask of results, they ask of the world as expected.
            there = replace(self.objective, views=(view,)) if counting else view
            best = best_money(self.demands, there, self.budget, self.solver, proving=False)
            if best is None:
                return None
            stopped |= best.stopped
            views.append(replace(view, offset=best.value + best.penalties))
        against = replace(self.objective, views=tuple(views))
        found = best_money(self.demands, against, self.budget, self.solver, proving=self.proving)
        return None if found is None else replace(found, stopped=found.stopped or stopped)

    def reaching(self) -> Reaching:
        """Whether the lines can bring the results that demands ask for, one question after the other."""
        return Reaching(self.objective, self.solver)

    def explored(self, solved: Solved) -> Explored | None:
        """The plan with a part of the money spent to learn; `None` where the goal asks for none."""
        share = self.brief.goal.test_share
        if not share:
            return None
        return explore(solved, self.demands, self.objective, self.budget, self.solver, share)

    def solved(self, brief: Brief) -> Solved | None:
        """The best amounts for a brief with another budget or other rules, to be compared with others."""
        dated = [[rule for rule in each.rules if isinstance(rule, Dated)] for each in (brief, self.brief)]
        if dated[0] == dated[1]:  # the lines are the same, and so are their curves
            return self.but(brief).compared().solve()
        return self.with_lines_of(brief).compared().solve()

    def ceiling(self, brief: Brief, response: Response | None = None) -> float | None:
        """What no plan for another brief is worth more than, lines not chosen whole; `None` where there is no plan."""
        other = Question(brief, response or self.response, self.solver)
        return relaxed_worth(other.demands, other.objective, other.budget, self.solver)


def with_needed_budget(brief: Brief, response: Response, solver: Solver) -> Brief:
    """The brief with the least budget that keeps its rules; with a very large one where none does."""
    for digits in range(len(str(LARGEST)) + 1):
        rich = brief.but(budget=Money(10**digits, brief.currency))
        if rich.media_budget.minor < 1:
            continue
        solved = Question(rich, response, solver).compared().solve()
        if solved is not None and solved.amounts.any():
            return _payable(brief, solved, response, solver)
    return rich


def _payable(brief: Brief, solved: Solved, response: Response, solver: Solver) -> Brief:
    """The brief with the budget that was needed, or a little more where payable amounts or shared people need that.

    Each funded line may take one smallest unit more than its exact amount; plans for targets on a part of shared people are made
    around one another, for which a budget that has no room at all can be too narrow.
    """
    exact = int(solved.amounts.sum())
    roomy = math.ceil(solved.amounts.sum()) + int(np.count_nonzero(solved.amounts))
    for spent in (exact, roomy, *(math.ceil(roomy * (1 + room)) for room in ROOMS)):
        enough = brief.but(budget=Money(spent + sum(brief.costs.on(spent)), brief.currency))
        if Question(enough, response, solver).compared().solve() is not None:
            break
    return enough
