"""How long a search may take, who is told how far it is, and who may call it off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mediaplan.errors import InputError, Problem
from mediaplan.words import Sentence

MOST_SECONDS = 1e6
"""The longest limit that can be asked for: some eleven days."""


@dataclass(frozen=True)
class Progress:
    """How far a search is.

    Attributes:
        best: What the best plan so far brings of the goal; NaN before there is one.
        bound: What no plan brings more than, as far as is proven yet; infinite before anything is.
    """

    best: float
    bound: float

    @property
    def gap(self) -> float:
        """Part (0–1) by which a plan might still be better; NaN before there is one."""
        return (self.bound - self.best) / max(abs(self.bound), 1e-300)


@dataclass(frozen=True, eq=False)
class Patience:
    """What whoever waits for a plan is ready to wait.

    The core reads no clock: whoever sets a limit, or wants to be told, hands one in.

    Attributes:
        seconds: For the search for one plan; infinite = as long as the engine's own limits let it.
        clock: Tells seconds from any beginning; `None` = nothing is counted.
        told: Is told now and then how far a long search is.
        called_off: Whether nobody wants more: asked now and then.

    Raises:
        InputError: A limit that is no number of seconds.
    """

    seconds: float = float("inf")
    clock: Callable[[], float] | None = None
    told: Callable[[Progress], None] | None = None
    called_off: Callable[[], bool] | None = None

    def __post_init__(self) -> None:
        if self.seconds == float("inf"):
            return
        if not 0 < self.seconds <= MOST_SECONDS:
            message = Sentence("“{value}” is no limit of time.", value=str(self.seconds))
            remedy = Sentence("Give a number of seconds above 0, such as 30.")
            raise InputError(Problem(message, remedy, column="time_limit", value=str(self.seconds)))
        if self.clock is None:
            raise ValueError("a limit of time needs a clock")

    def begun(self) -> Wait:
        """A wait that begins now."""
        return Wait(self, 0.0 if self.clock is None else self.clock())


@dataclass(frozen=True, eq=False)
class Wait:
    """A wait for one plan that has begun.

    Attributes:
        patience: With how much.
        since: When it began, on the patience's clock.
        nodes: Of branch and bound, for each program at the most; `None` = any number. Unlike seconds they are the same
            on every machine. PuLP's engines do not count them.
    """

    patience: Patience
    since: float
    nodes: int | None = None

    @property
    def limited(self) -> bool:
        """Whether there is a limit of time."""
        return self.patience.seconds < float("inf")

    @property
    def left(self) -> float:
        """Seconds until the limit, ≥ 0; infinite where there is none."""
        if self.patience.clock is None or not self.limited:
            return float("inf")
        return max(0.0, self.since + self.patience.seconds - self.patience.clock())

    @property
    def over(self) -> bool:
        """Whether the search is to end with what it has."""
        return self.called_off or self.left <= 0

    @property
    def called_off(self) -> bool:
        """Whether somebody called it off."""
        return self.patience.called_off is not None and self.patience.called_off()

    @property
    def watched(self) -> bool:
        """Whether anybody wants to be told, or may call it off."""
        return self.patience.told is not None or self.patience.called_off is not None

    def tell(self, progress: Progress) -> None:
        """Tell how far the search is."""
        if self.patience.told is not None:
            self.patience.told(progress)


PATIENT = Patience()
"""A patience that nothing but the engine's own limits ends."""
ENDLESS = PATIENT.begun()
"""A wait that nothing but the engine's own limits ends."""
