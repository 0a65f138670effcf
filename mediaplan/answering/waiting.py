"""Plans for people who will not wait for ever: the clock on which limits of time are counted.

The core reads no clock; here it is given one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mediaplan.brief.briefs import Brief
    from mediaplan.planning.answer.plans import Plan
    from mediaplan.planning.patience import Patience, Progress
    from mediaplan.planning.replanning.frontier import Frontier
    from mediaplan.response.responses import Response


def patience(
    time_limit: float | None = None,
    progress: Callable[[Progress], None] | None = None,
    called_off: Callable[[], bool] | None = None,
) -> Patience:
    """A patience on this machine's clock.

    Args:
        time_limit: Seconds for the search for one plan; `None` = as long as the engine's own limits let it.
        progress: Is told now and then how far a long search is.
        called_off: Whether nobody wants more: asked now and then.

    Raises:
        InputError: The limit is no number of seconds above 0.
    """
    from mediaplan.planning.patience import Patience

    seconds = float("inf") if time_limit is None else time_limit
    return Patience(seconds, monotonic, progress, called_off)


def plan(
    brief: Brief,
    response: Response,
    *,
    engine: str = "highs",
    time_limit: float | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """The best plan for a brief, as far as the response knows.

    Args:
        brief: The question.
        response: What money is expected to buy, in the brief's currency.
        engine: `"highs"`, `"pulp"`, or `"pulp:NAME"` for any solver that PuLP knows.
        time_limit: Seconds after which the search ends: the answer is then the best plan so far, and its certificate
            says by how much a better one could beat it. `None` = as long as the engine's own limits let it.
        progress: Is told now and then how far a long search is.

    Raises:
        InputError: The brief names something unknown, or no line may receive money; or the limit is none.
        NoPlanError: No plan can keep the rules; the error says which clash and what would mend it.
        StoppedError: The limit of time was reached before there was a plan.
    """
    from mediaplan.answering.noticing import noticed
    from mediaplan.planning.making import plan as planned

    with noticed(*response.warnings):
        return planned(brief, response, engine=engine, patience=patience(time_limit, progress))


def frontier(
    brief: Brief,
    response: Response,
    *,
    budgets: Iterable[Any],
    worth: float | None = None,
    engine: str = "highs",
    time_limit: float | None = None,
) -> Frontier:
    """The best plan for each of several budgets, all else in the brief as it is.

    Args:
        brief: The question; its own budget does not count.
        response: What money is expected to buy.
        budgets: Amounts of the brief's currency, in any order.
        worth: What one more result (or unit of value) is worth, major units: where to stop; `None` = twice the average.
        engine: As in `plan`.
        time_limit: As in `plan`, for each of the plans.

    Raises:
        InputError: No budgets, too many, one that is no amount, or the brief can't be used.
        StoppedError: A limit of time was reached before there was a plan.
    """
    from mediaplan.answering.noticing import noticed
    from mediaplan.planning.replanning.frontier import frontier as over_budgets

    wait = patience(time_limit)
    with noticed(*response.warnings):
        return over_budgets(brief, response, budgets=budgets, worth=worth, engine=engine, patience=wait)
