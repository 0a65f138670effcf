"""Judgements become a part of the Response: on top of what the history says, or in its place where there is none.

A judgement is one more observation: so much money, spread evenly over its lines, brings so many results. It is weighed
against what the history makes the same money bring, each by its doubt (normal on the logarithm), so that it settles
what nobody ever bought and hardly moves what was bought often.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.errors import InputError, Problem
from mediaplan.history.records.records import DIMENSIONS, Audiences, Posts, belongs
from mediaplan.response.curves import Curves
from mediaplan.response.given.judgements import DOUBT, Judgement
from mediaplan.response.lines import Lines
from mediaplan.response.responses import Estimate, Response
from mediaplan.response.rows.naming import collect, place
from mediaplan.slots import Slots
from mediaplan.words import Sentence

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

LINE_DOUBT = 0.35
"""Standard deviation of the logarithm of one line's rate beside the others that a judgement takes together."""
ELSEWHERE = 0.8
"""The same of what nothing at all is said of, judged by what is judged elsewhere."""
DRAWS = 100


@dataclass(frozen=True, eq=False)
class Judged:
    """An estimate with judgements on top.

    Attributes:
        inner: What the history says; `None` = there is none.
        kinds: Of result.
        judgements: Each with its days.
        attributes: `format` and `topic` of each post by name.
        seed: Of the draws.
    """

    inner: Estimate | None
    kinds: tuple[str, ...]
    judgements: tuple[Judgement, ...]
    attributes: Mapping[str, Mapping[str, str]]
    seed: int

    def curves(self, lines: Lines) -> Curves:
        """Curves of those lines; a judgement's money is taken as spread over all of them that it picks."""
        known = self.inner is not None
        curves = self.inner.curves(lines) if self.inner is not None else self._blank(lines)
        rate, scale, cover = curves.rate.copy(), curves.scale.copy(), curves.cover.copy()
        settled = np.full((len(self.kinds), len(lines)), known)
        masks = [_picked(lines, judged, self.attributes) for judged in self.judgements]
        ordered = sorted(zip(self.judgements, masks, strict=True), key=lambda pair: _order(pair[0]))
        if not known:
            for kind in range(len(self.kinds)):
                self._elsewhere(kind, lines, rate, scale)
        for judged, mask in ordered:
            if not mask.any():
                continue
            kind = self.kinds.index(judged.type) if judged.type in self.kinds else 0
            vague = not settled[kind, mask].any()
            answer = _Answer.of(judged, lines, mask, DOUBT, self.seed)
            rate[kind, mask], scale[kind, mask] = answer.applied(
                rate[kind, mask], scale[kind, mask], vague=vague
            )
            settled[kind] |= mask
            cover[mask] = np.maximum(cover[mask], answer.most)
        return replace(curves, rate=rate, scale=scale, cover=cover)

    def _blank(self, lines: Lines) -> Curves:
        """Lines that are alike but for chance, before anything is said of them."""
        shape = (len(self.kinds), len(lines), DRAWS)
        random = np.random.default_rng([self.seed, 61])
        each = np.exp(LINE_DOUBT * random.normal(size=(shape[0], shape[1], DRAWS // 2)))
        rate = np.concatenate([each, 1.0 / each], axis=2)
        rate /= rate.mean(axis=2, keepdims=True)
        none = np.zeros(len(lines))
        return Curves(
            self.kinds, rate, np.ones(shape), np.full(len(self.kinds), 0.15), none, none.astype(bool)
        )

    def _elsewhere(self, kind: int, lines: Lines, rate: Array, scale: Array) -> None:
        """Give all lines what is judged of some, with more doubt."""
        mine = [j for j in self.judgements if (j.type or self.kinds[0]) == self.kinds[kind]]
        if not mine:
            rate[kind] = 0.0
            return
        daily = [(j.spend / (j.days or 1), j.results / (j.days or 1)) for j in mine]
        spend, results = np.exp(np.log(daily).mean(axis=0))
        usual = Judgement(spend=float(spend), results=float(results), days=1)
        every = np.ones(len(lines), dtype=np.bool_)
        answer = _Answer.of(usual, lines, every, ELSEWHERE, self.seed)
        rate[kind], scale[kind] = answer.applied(rate[kind], scale[kind], vague=True)


@dataclass(frozen=True, eq=False)
class _Answer:
    """A judgement on certain lines, for the dates of a flight.

    Attributes:
        money: Shape (lines,), major units: the judged money, spread evenly.
        most: Major units that the judgement speaks for.
        results: Judged.
        bend, bend_doubt: Money over its scale, and the doubt of its logarithm.
        stated: Whether that was asked at all.
        doubt: Standard deviation of the logarithm of the results.
        seed: Of the draws.
    """

    money: Array
    most: float
    results: float
    bend: float
    bend_doubt: float
    stated: bool
    doubt: float
    seed: int

    @classmethod
    def of(cls, judged: Judgement, lines: Lines, mask: Mask, doubt: float, seed: int) -> _Answer:
        begin = lines.start.astype("datetime64[D]").astype(np.int64)
        flight = float((begin + lines.days).max() - begin.min())
        longer = flight / (judged.days or flight)
        days = lines.days[mask].astype(np.float64)
        bend, bend_doubt = judged.bend
        digest = hashlib.sha256(repr(sorted(judged.to_dict().items())).encode()).digest()
        return cls(
            judged.spend * longer * days / days.sum(),
            judged.spend * longer * (2.0 if judged.at_double is not None else 1.0),
            judged.results * longer,
            bend,
            bend_doubt,
            bool(judged.bends),
            doubt,
            seed + int.from_bytes(digest[:4], "little"),
        )

    def applied(self, rate: Array, scale: Array, *, vague: bool) -> tuple[Array, Array]:
        """Rates and scales, shape (lines, draws), that the judgement leaves.

        Args:
            rate: As known before.
            scale: As known before.
            vague: Whether nothing was known before, so that the judgement alone counts.
        """
        draws = rate.shape[1]
        half = np.random.default_rng(self.seed).normal(size=(2, (draws + 1) // 2))
        noise = np.concatenate([half, -half], axis=1)[:, :draws]
        money = self.money[:, None]
        if vague:
            scale = np.repeat(money / self.bend, draws, axis=1) * np.exp(self.bend_doubt * noise[1])
        elif self.stated:
            before = np.log(_bend(rate, scale, money))
            known = before.var() + 1e-3
            weight = known / (known + self.bend_doubt**2)
            scale = scale * np.exp(weight * (before - np.log(self.bend)))
        brought = (rate * money / (1.0 + money / scale)).sum(axis=0)
        spread = np.log(brought).var()
        weight = 1.0 if vague else float(spread / (spread + self.doubt**2))
        meant = brought.mean() ** (1.0 - weight) * self.results**weight
        drawn = np.exp((1.0 - weight) * np.log(brought) + weight * self.doubt * noise[0])
        drawn *= meant / drawn.mean()
        return rate * (drawn / brought), scale


def _bend(rate: Array, scale: Array, money: Array) -> Array:
    """Money over its scale as the lines show it together, shape (draws,): one over the elasticity, less one."""
    kept = 1.0 / (1.0 + money / scale)
    each = rate * money * kept
    bend: Array = np.clip(each.sum(axis=0) / (each * kept).sum(axis=0) - 1.0, 1e-3, 1e3)
    return bend


def _order(judged: Judgement) -> tuple[int, str]:
    """The broadest first, whatever the order in which they were given."""
    return len(judged.picks), repr(sorted(judged.to_dict().items()))


def _picked(lines: Lines, judged: Judgement, attributes: Mapping[str, Mapping[str, str]]) -> Mask:
    mask = np.ones(len(lines), dtype=np.bool_)
    for pick, wanted in judged.picks.items():
        labels = lines.labels("post" if pick in ("format", "topic") else pick)
        if pick in ("format", "topic"):
            fits = [attributes[pick].get(str(label)) in wanted for label in labels]
        elif pick == "channel":
            fits = [any(belongs(label, name) for name in wanted) for label in labels]
        else:
            fits = [label in wanted for label in labels]
        mask &= np.array(fits, dtype=np.bool_)
    return mask


def judged(response: Response, judgements: Sequence[Judgement]) -> Response:
    """The response with judgements on top of what its history says.

    Args:
        response: As it was fitted; its names must hold those of the judgements.
        judgements: Each with its days.

    Raises:
        InputError: A judgement does not say its days.
    """
    if not judgements:
        return response
    _check_days(judgements)
    estimate = Judged(
        response.estimate, response.kinds, tuple(judgements), _attributes(response.posts), response.seed
    )
    more = hashlib.sha256(f"{response.digest} {[j.to_dict() for j in judgements]}".encode()).hexdigest()
    said = tuple(map(_said, judgements))
    return replace(response, estimate=estimate, digest=more, warnings=(*response.warnings, *said))


def guess(
    judgements: Sequence[Judgement],
    *,
    currency: str,
    as_of: date,
    kinds: tuple[str, ...] | None = None,
    posts: Posts | None = None,
    audiences: Audiences | None = None,
    slots: Slots = Slots(),  # noqa: B008 - frozen and empty
    seed: int = 1,
) -> Response:
    """A response without any history, from judgements alone.

    Args:
        judgements: At least one, each with its days.
        currency: ISO 4217 code of their money.
        as_of: The day on which they were made.
        kinds: Of result that are wanted; default: those that the judgements name, or “result”.
        posts: That can be sponsored; without them, those that the judgements name.
        audiences: As for the fit.
        slots: The brief's named slots.
        seed: Of the draws.

    Raises:
        InputError: There is no judgement, or one does not say its days.
    """
    if not judgements:
        message = Sentence("there is neither a history nor a judgement to plan from.")
        raise InputError(Problem(message, Sentence("Give one of them."), column="judgement"))
    _check_days(judgements)
    rows = _naming(judgements)
    placed = place(rows, slots, currency)
    names = collect(rows, placed, posts, audiences)
    wanted = kinds or tuple(sorted({j.type or "result" for j in judgements}))
    digest = hashlib.sha256(repr([sorted(j.to_dict().items()) for j in judgements]).encode()).hexdigest()
    listed = (word for one in (posts, audiences) if one is not None for word in one.origin.warnings)
    nothing = Sentence(
        "There is no history: all that is expected rests on your judgements. After a week, plan from what came of it."
    )
    return Response(
        currency=currency,
        kinds=wanted,
        names=names.known,
        seen=np.zeros((0, len(DIMENSIONS)), dtype=np.int32),
        estimate=Judged(None, wanted, tuple(judgements), _attributes(posts), seed),
        posts=posts,
        audiences=audiences,
        slots=placed.slots,
        as_of=as_of,
        median_line=float(np.median([j.spend for j in judgements])),
        warnings=(nothing, *map(_said, judgements), *listed),
        history_digest="",
        digest=digest,
        seed=seed,
    )


def _naming(judgements: Sequence[Judgement]) -> pd.DataFrame:
    """Rows without money that hold every name of the judgements."""
    each = [
        {dimension: name}
        for judged in judgements
        for dimension in DIMENSIONS
        for name in judged.picks.get(dimension, ())
    ]
    rows = pd.DataFrame(each or [{}], columns=list(DIMENSIONS)).astype("str").where(lambda t: t != "nan")
    return rows.assign(
        date=pd.Timestamp(0), days=1, hour=np.nan, spend=0.0, **{d: rows[d] for d in DIMENSIONS}
    )


def _attributes(posts: Posts | None) -> dict[str, dict[str, str]]:
    if posts is None:
        return {"format": {}, "topic": {}}
    rows = posts.rows
    return {
        key: {str(p): str(v) for p, v in zip(rows["post"], rows[key], strict=True) if isinstance(v, str)}
        for key in ("format", "topic")
    }


def _check_days(judgements: Sequence[Judgement]) -> None:
    problems = [
        Problem(
            Sentence("the judgement on {subject} does not say over how many days.", subject=j.subject()),
            Sentence("Add {example}.", example="days=14"),
            column=f"judgement {number}.days",
        )
        for number, j in enumerate(judgements, start=1)
        if j.days is None
    ]
    if problems:
        raise InputError(*problems)


def _said(judged: Judgement) -> Sentence:
    return Sentence(
        "Your judgement counts for {subject}: {results} results for {spend} in {days} days. Half as many or twice as "
        "many would be no surprise.",
        subject=judged.subject(),
        results=judged.results,
        spend=judged.spend,
        days=judged.days,
    )
