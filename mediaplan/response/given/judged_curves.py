"""Curves that judgements bend: what was judged, weighed against what the history says of the same lines.

A judgement is one more observation: so much money, spread evenly over its lines, brings so many results. It is weighed
against what the history makes the same money bring, each by its doubt (normal on the logarithm), so that it settles
what nobody ever bought and hardly moves what was bought often.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mediaplan.history.records.records import belongs
from mediaplan.response.curves import Curves
from mediaplan.response.given.judgements import DOUBT, Judgement
from mediaplan.response.lines import Lines
from mediaplan.response.responses import Estimate

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
        draws: Their number where there is no history; even.
    """

    inner: Estimate | None
    kinds: tuple[str, ...]
    judgements: tuple[Judgement, ...]
    attributes: Mapping[str, Mapping[str, str]]
    seed: int
    draws: int = DRAWS

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

    def drawn(self, draws: int) -> Self:
        """The same with at most so many posterior draws."""
        inner = None if self.inner is None else self.inner.drawn(draws)
        return replace(self, inner=inner, draws=min(self.draws, draws))

    def _blank(self, lines: Lines) -> Curves:
        """Lines that are alike but for chance, before anything is said of them."""
        shape = (len(self.kinds), len(lines), self.draws)
        random = np.random.default_rng([self.seed, 61])
        each = np.exp(LINE_DOUBT * random.normal(size=(shape[0], shape[1], self.draws // 2)))
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
