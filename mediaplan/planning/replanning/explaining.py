"""Why this plan and not another: what each rule costs, what more money buys, why posts are left out, pairs of posts.

Everything said here of a change is the difference to a plan that was solved again with that change (prices only choose
what is looked at, and tell from which cost per result on a post would enter).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import LowestCost
from mediaplan.brief.rules import Spend
from mediaplan.errors import InputError, NoPlanError, Problem, StoppedError, nearest
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.money import Money
from mediaplan.one_thread import on_one_thread
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.relaxing import out_of_time
from mediaplan.planning.making import answered, asked
from mediaplan.planning.patience import PATIENT, Patience
from mediaplan.planning.questions import Question
from mediaplan.planning.replanning.budget_room import with_room
from mediaplan.planning.replanning.explanations import Explanation, Instead, LeftOut, RuleCost
from mediaplan.planning.replanning.goal_units import GoalUnit, goal_unit
from mediaplan.planning.search.sought import Solved
from mediaplan.response.responses import Response
from mediaplan.words import Sentence

Array = NDArray[np.float64]

MOST_RULES, MOST_POSTS = 20, 10
"""Rules, and posts without money, that are looked at by planning again."""
NOTHING = 1e-6
"""Part of the goal below which a difference counts as none."""


@on_one_thread
def explain(
    brief: Brief, response: Response, *, engine: str = "highs", patience: Patience = PATIENT
) -> Explanation:
    """Why the best plan for a brief is as it is.

    Args:
        brief: The question.
        response: What money is expected to buy.
        engine: As in `mediaplan.plan`.
        patience: For all of it together; then what was not worked out is left out.

    Raises:
        InputError: The brief can't be used.
        NoPlanError: No plan can keep its rules.
        StoppedError: The limit of time was reached before there was a plan.
    """
    question, solved = _solved(brief, response, engine, patience)
    needed, what = question.brief.budget, goal_unit(brief)
    question = with_room(brief, question)
    brief = question.brief
    step = Money(10 ** (len(str(max(needed.minor // 20, 1))) - 1), brief.currency)
    costs = tuple(_rule_costs(question, solved, what))
    gain = _gain(question, solved, step)
    left_out: list[LeftOut] = []
    try:
        left_out.extend(_left_out(question, solved, step, what))
        stopped = False
    except StoppedError:
        stopped = True
    return Explanation(
        brief, solved.value, what, costs, step, gain, tuple(left_out), stopped or question.wait.over
    )


@on_one_thread
def instead(
    brief: Brief,
    response: Response,
    one: str,
    other: str,
    *,
    engine: str = "highs",
    patience: Patience = PATIENT,
) -> Instead:
    """Why the plan boosts one post and not another: what it would cost to give the one's money to the other.

    Args:
        brief: The question.
        response: What money is expected to buy.
        one: A post with money.
        other: Another post that may receive money.
        engine: As in `mediaplan.plan`.
        patience: For both plans together.

    Raises:
        InputError: The brief can't be used, or a post is not known or may receive no money.
        NoPlanError: No plan can keep the brief's rules.
        StoppedError: The limit of time was reached before the two could be compared.
    """
    question, solved = _solved(brief, response, engine, patience)
    question = with_room(brief, question)
    posts = question.space.lines.labels("post")
    known = sorted({str(name) for name in posts if name is not None})
    problems = [
        Problem(Sentence("no post “{name}” may receive money.", name=name), nearest(name, known), value=name)
        for name in (one, other)
        if name not in known
    ]
    if one == other:
        message = Sentence("“{name}” can't be compared with itself.", name=one)
        problems.append(Problem(message, Sentence("Name two posts."), value=one))
    if problems:
        raise InputError(*problems)
    money = Money(int(solved.amounts[posts == one].sum()), brief.currency)
    loss = 0.0
    if money.minor:
        moved = (Spend(post=one, at_most=0), Spend(post=other, at_least=money))
        swapped = _again(question, question.brief.but(rules=(*brief.rules, *moved)))
        loss = float("nan") if swapped is None else max(-_difference(swapped, solved), 0.0)
    return Instead(one, other, money, loss, goal_unit(brief))


def _solved(brief: Brief, response: Response, engine: str, patience: Patience) -> tuple[Question, Solved]:
    question = asked(brief, response, engine=engine, patience=patience)
    solved = question.solve()
    if solved is None:
        answered(question, engine)  # says why there is none
        raise NoPlanError((), ())
    return question.after(solved), solved


def _again(question: Question, brief: Brief) -> Solved | None:
    """The best amounts for a changed brief; `None` where its rules can't hold together.

    Raises:
        StoppedError: The wait is over, so that nothing can be said of the best ones.
    """
    solved = None if question.wait.over else question.solved(brief)
    if question.wait.over:
        raise StoppedError(out_of_time())
    return solved


def _gain(question: Question, solved: Solved, step: Money) -> float:
    """What that much more money brings; NaN = not worked out."""
    brief = question.brief
    if isinstance(brief.goal, LowestCost):
        return 0.0
    try:
        richer = _again(question, brief.but(budget=Money(brief.budget.minor + step.minor, brief.currency)))
    except StoppedError:
        return float("nan")
    return 0.0 if richer is None else _difference(richer, solved)


def _difference(better: Solved, solved: Solved) -> float:
    """What one plan brings more than the other; nothing where their proofs can't tell them apart."""
    more = better.value - solved.value
    open_ = max(NOTHING * abs(solved.value), solved.bound - solved.value if more > 0 else 0.0)
    return more if abs(more) > open_ else 0.0


def _rule_costs(question: Question, solved: Solved, what: GoalUnit) -> Iterator[RuleCost]:
    brief = question.brief
    for number, rule in enumerate(brief.rules):
        cost = float("nan")
        if number < MOST_RULES:
            with suppress(StoppedError):
                without = _again(question, brief.but(rules=brief.rules[:number] + brief.rules[number + 1 :]))
                cost = cost if without is None else max(_difference(without, solved), 0.0)
        yield RuleCost(rule.said(), rule.why, cost, what)


def _left_out(question: Question, solved: Solved, step: Money, what: GoalUnit) -> Iterator[LeftOut]:
    posts = question.space.lines.labels("post")
    funded = set(posts[solved.amounts > 0])
    first, worth, cost = _first_money(question, solved)
    paid, earned = _paid(question, solved)
    # Where the goal is to spend little, results are worth what the rules that ask for them pay.
    paid, earned = paid - question.objective.price, earned + worth - question.objective.price
    with np.errstate(divide="ignore", invalid="ignore"):
        short = np.where(earned > 0, paid / earned, np.inf)
    able = solved.limits.most > 0
    best: dict[str, int] = {}
    for line in np.argsort(short, kind="stable"):
        name = posts[line]
        if able[line] and name is not None and name not in funded:
            best.setdefault(str(name), int(line))
    for post, line in list(best.items())[:MOST_POSTS]:
        amount = Money(max(int(first[line]), step.minor), step.currency)
        given = _again(
            question, question.brief.but(rules=(*question.brief.rules, Spend(post=post, at_least=amount)))
        )
        yield LeftOut(
            post,
            {d: question.space.lines.label(d, line) for d in DIMENSIONS},
            float(cost[line]),
            float(cost[line] / short[line]) if short[line] > 1 else float("nan"),
            amount,
            None if given is None else _giver(posts, solved, given),
            float("nan") if given is None else max(-_difference(given, solved), 0.0),
            what,
        )


def _first_money(question: Question, solved: Solved) -> tuple[Array, Array, Array]:
    """Shape (lines,) each: the least that a line receives (minor units), the worth of a unit of it, its cost per result."""
    first = np.maximum(solved.limits.least, 1).astype(float)
    keep = question.objective.keeping(solved.amounts.astype(float))[0]
    counting = Objective(question.curves, question.worths.count, question.major)
    results = keep * counting.worth(first[:, None])[:, 0]
    cost = np.where(results > 0, first * question.major / np.maximum(results, 1e-300), np.inf)
    return first, keep * question.objective.worth(first[:, None])[:, 0] / first, cost


def _paid(question: Question, solved: Solved) -> tuple[Array, Array]:
    """Shape (lines,) each: what the rows' prices make a unit of money on each line pay, and what its results then earn."""
    paid, earned = np.zeros(len(solved.amounts)), np.zeros(len(solved.amounts))
    objective, amounts = question.objective, solved.amounts.astype(float)
    for term, price in zip(solved.terms, solved.prices, strict=True):
        term.weights.add_to(paid, price)
        if term.results is not None:
            counted = objective.next_counted(amounts, term.results)
            of_results = price * objective.outcome_slope(amounts, counted)
            paid += np.maximum(of_results, 0.0)
            earned += np.maximum(-of_results, 0.0)
    return paid, earned


def _giver(posts: NDArray[Any], solved: Solved, given: Solved) -> str | None:
    """The post that has lost most money; the first by name of several."""
    lost: dict[str, int] = {}
    for name, before, after in zip(posts, solved.amounts, given.amounts, strict=True):
        if name is not None:
            lost[str(name)] = lost.get(str(name), 0) + int(before) - int(after)
    most = max(sorted(lost), key=lambda name: lost[name], default=None)
    return most if most is not None and lost[most] > 0 else None
