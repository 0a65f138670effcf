"""plan(brief, response): the river from a question to its answer."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from mediaplan.brief.briefs import Brief
from mediaplan.brief.spaces import Space
from mediaplan.errors import InputError, NoPlanError, Problem, StoppedError, check_made
from mediaplan.one_thread import on_one_thread
from mediaplan.planning.answer.plans import Plan
from mediaplan.planning.asking.aiming import check_goal
from mediaplan.planning.asking.known_names import check_names, check_slots
from mediaplan.planning.clashes.absent import why_absent
from mediaplan.planning.clashes.conflicts import Reaches, Without, refusal
from mediaplan.planning.interpreting import interpreted
from mediaplan.planning.patience import PATIENT, Patience
from mediaplan.planning.questions import Question, with_needed_budget
from mediaplan.planning.search.exploring import Explored
from mediaplan.planning.search.sought import Solved
from mediaplan.planning.solvers import engine_named
from mediaplan.response.responses import Response
from mediaplan.words import Sentence


def plan(brief: Brief, response: Response, *, engine: str = "highs", patience: Patience = PATIENT) -> Plan:
    """The best plan for a brief, as far as the response knows.

    Args:
        brief: The question.
        response: What money is expected to buy, in the brief's currency.
        engine: `"highs"`, `"pulp"`, or `"pulp:NAME"` for any solver that PuLP knows.
        patience: How long the search may take; then the best plan so far is the answer, with how good it is proven to be.

    Raises:
        InputError: The brief names something unknown, or no line may receive money.
        NoPlanError: No plan can keep the rules; the error says which clash and what would mend it.
        StoppedError: The limit of time was reached before there was a plan.
    """
    return answered(asked(brief, response, engine=engine, patience=patience), engine)


@on_one_thread
def asked(
    brief: Brief, response: Response, *, engine: str = "highs", patience: Patience = PATIENT
) -> Question:
    """What a brief asks of a response, checked; see `plan`. The wait begins here.

    Raises:
        InputError: The brief names something unknown, or no line may receive money; or an argument is something else.
        StoppedError: The limit of time was reached before it was known what the rules need.
    """
    check_made(brief, Brief, "brief", "mediaplan.read_brief(…)")
    check_made(response, Response, "response", "mediaplan.fit(…)")
    wait = patience.begun()
    solver = engine_named(engine, wait)
    if brief.currency != response.currency:
        raise InputError(_currencies(brief, response))
    check_slots(brief, response)
    check_names(brief, response)
    check_goal(brief)
    given = brief.budget is not None
    if not given:
        brief = with_needed_budget(brief, response, solver)
    return Question(brief, response, solver, wait, budget_given=given)


@on_one_thread
def answered(question: Question, engine: str) -> Plan:
    """The best plan for a question; see `plan`.

    Raises:
        NoPlanError: No plan can keep the rules.
        StoppedError: The engine reached its limit of time before there was a plan.
    """
    brief, response = question.brief, question.response
    solved = question.solve()
    if solved is None:
        question = question.by(engine_named(engine))  # what clashes is worked out whatever that takes
        raise refusal(
            brief,
            question.space,
            question.worths.kinds,
            lambda mended: _worth(mended, question),
            lambda rule: why_absent(rule, brief, response, question.space),
            _without(question),
        )
    return plan_of(question, solved, engine)


def plan_of(question: Question, solved: Solved, engine: str) -> Plan:
    """The plan of the best amounts for a question, with its tests, its reasons and what to expect of it."""
    return interpreted(question, *_explored(question, solved), engine)


def _explored(question: Question, solved: Solved) -> tuple[Solved, Explored | None]:
    """The plan, and the one with tests; without any where the time was over before they were found."""
    try:
        return solved, question.explored(solved)
    except StoppedError:
        return replace(solved, stopped=True), None


def _currencies(brief: Brief, response: Response) -> Problem:
    return Problem(
        Sentence(
            "the brief is in {brief}, the history in {history}.",
            brief=brief.currency,
            history=response.currency,
        ),
        Sentence("Read the history with the brief's currency and an exchange rate."),
        column="currency",
        value=brief.currency,
    )


def _without(question: Question) -> Without:
    """The lines of a question without rules that cut them; each set of rules is worked out once."""

    @cache
    def without(rules: frozenset[int]) -> tuple[Space, Reaches]:
        left = tuple(rule for number, rule in enumerate(question.brief.rules) if number not in rules)
        other = question if not rules else question.with_lines_of(question.brief.but(rules=left))
        return other.space, other.reaching()

    return without


def _worth(brief: Brief, question: Question) -> float:
    """What no plan for a brief is worth more than: enough to rank repairs."""
    worth = question.ceiling(brief)
    if worth is None:
        raise NoPlanError((), ())
    return worth
