"""Which of two is better, and how sure that is: the sentence that says when the evidence is not enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mediaplan.errors import InputError, Problem, nearest
from mediaplan.history.records.records import DIMENSIONS
from mediaplan.response.diagnosis.comparing import compared, usual
from mediaplan.response.diagnosis.contrasts import LEVEL, Span
from mediaplan.response.responses import Response
from mediaplan.words import Percent, Sentence

ENOUGH = 0.8
"""Probability from which one is preferred."""


@dataclass(frozen=True)
class Preference:
    """One against another, with the same money.

    Attributes:
        one, other: Their names.
        kind: Of result.
        times: Results of `one` over those of `other`.
        probability: That `one` brings more.
    """

    one: str
    other: str
    kind: str
    times: Span
    probability: float

    @property
    def enough(self) -> bool:
        """Whether the evidence is enough to prefer either."""
        return max(self.probability, 1.0 - self.probability) >= ENOUGH

    def sentence(self) -> Sentence:
        """What to make of it."""
        fields: dict[str, Any] = {
            "one": self.one,
            "other": self.other,
            "probability": likely(self.probability),
            "times": self.times.mean,
            "level": Percent(LEVEL),
            "low": self.times.low,
            "high": self.times.high,
            "kind": self.kind,
        }
        if not self.enough:
            return Sentence(
                "Not enough evidence to prefer “{one}” to “{other}”, or the other way round: attributed “{kind}” for "
                "the same money, {times} times ({level} interval: {low} to {high}); probability that “{one}” brings "
                "more: {probability}.",
                **fields,
            )
        if self.probability >= ENOUGH:
            return Sentence(
                "“{one}” is to be preferred to “{other}”: attributed “{kind}” for the same money, {times} times "
                "({level} interval: {low} to {high}); probability that “{one}” brings more: {probability}.",
                **fields,
            )
        return Sentence(
            "“{other}” is to be preferred to “{one}”: attributed “{kind}” for the same money, “{one}” brings {times} "
            "times what “{other}” does ({level} interval: {low} to {high}); probability that “{one}” brings more: "
            "{probability}.",
            **fields,
        )


def likely(probability: float) -> Percent | Sentence:
    """A probability as it deserves to be said: never as certain."""
    if probability > 0.99:
        return Sentence("more than {share}", share=Percent(0.99))
    if probability < 0.01:
        return Sentence("less than {share}", share=Percent(0.01))
    return Percent(round(probability, 2), 0)


def prefers(
    response: Response, one: str, other: str, *, of: str = "post", kind: str | None = None
) -> Preference:
    """Compare two names with the same posterior draws, on the lines of a usual week.

    Args:
        response: What money buys.
        one: A post, channel, audience or slot.
        other: Another.
        of: Which of these they are.
        kind: Of result; default: the response's only one.

    Raises:
        InputError: A name, the dimension or the kind is not known, or several kinds are.
    """
    if of not in DIMENSIONS:
        message = Sentence("“{name}” is nothing that can be compared.", name=of)
        raise InputError(Problem(message, nearest(of, DIMENSIONS), column="of", value=of))
    wanted = kind or (response.kinds[0] if len(response.kinds) == 1 else None)
    if wanted not in response.kinds:
        raise InputError(_no_kind(wanted, response))
    names = response.names[of]
    unknown = [name for name in (one, other) if name not in names]
    if unknown:
        raise InputError(*(_unknown(name, names, of) for name in unknown))
    place = response.kinds.index(wanted)
    found = compared(response, of, usual(response), (names.index(one), names.index(other)))
    if found is None:
        message = Sentence("nothing was bought yet that two could be compared on.")
        raise InputError(Problem(message, Sentence("Fit a history first."), column=of))
    against = found.against(place, 1)
    return Preference(one, other, wanted, against.factor(0), float(against.above()[0]))


def _no_kind(kind: str | None, response: Response) -> Problem:
    if kind is None:
        message = Sentence("the response speaks of several kinds of result: {kinds}.", kinds=response.kinds)
        return Problem(message, Sentence("Name one of them with kind."), column="kind")
    message = Sentence("the response does not speak of “{kind}”.", kind=kind)
    return Problem(message, nearest(kind, response.kinds), column="kind", value=kind)


def _unknown(name: str, names: tuple[str, ...], of: str) -> Problem:
    message = Sentence("neither the history nor the tables know “{name}”.", name=name)
    return Problem(message, nearest(name, names), column=of, value=name)
