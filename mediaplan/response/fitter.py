"""One kind of result → what was learnt of it: which rows teach, how late it is counted, what weekdays bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediaplan.errors import InputError, Problem
from mediaplan.history.columns.kinds import CLICK, kind_said
from mediaplan.history.records.records import DIMENSIONS, RESULT_PREFIX
from mediaplan.history.records.retelling import Retold
from mediaplan.response.estimating.backfitting import backfit
from mediaplan.response.estimating.delay import FEWEST, Again, DailyRows, estimated, maturity
from mediaplan.response.estimating.fitted import Fitted
from mediaplan.response.estimating.funnel import borrowed, lacking
from mediaplan.response.estimating.warming import Start
from mediaplan.response.estimating.weekdays import ALIKE, Weekdays, weekdays_of
from mediaplan.response.estimating.witness import Witness
from mediaplan.response.forecast import CrossedEstimate
from mediaplan.response.responses import Response
from mediaplan.response.rows.arrays import Table
from mediaplan.response.rows.cases import Attributes
from mediaplan.response.rows.crossing import Crossed
from mediaplan.response.rows.evidence import doubts_of
from mediaplan.response.rows.observations import Observations
from mediaplan.response.rows.tables import Joint, joined
from mediaplan.slots import Slots
from mediaplan.words import Percent, Sentence

Array = NDArray[np.float64]

CLICKS = "clicks"

TIMES = 3.0
"""Clicks for each result, from which they are asked: fewer stray hardly less than results themselves."""

MOST = 20_000
"""Observations up to which clicks are asked: so many need no witness, and a second fit takes its time."""


@dataclass(frozen=True, eq=False)
class Part:
    """What was learnt of one kind, and what deserves a word."""

    fitted: Fitted
    warnings: tuple[Sentence, ...]


@dataclass(frozen=True, eq=False)
class Fitter:
    """What every kind is fitted to.

    Attributes:
        crossed: All rows.
        about: Posts and audiences.
        currency: Of the money.
        until: Day up to which results were counted, days since 1970-01-01.
        delay: Mean days from money to counted result; `None` = to be estimated.
        warm: What an earlier history was fitted to.
        slots: Whose weekdays count.
        retold: What older exports had said.
    """

    crossed: Crossed
    about: Attributes
    currency: str
    until: float
    delay: float | None
    warm: Response | None
    slots: Slots
    retold: tuple[Retold, ...]

    @property
    def told(self) -> Table:
        """All rows, as the tables tell them."""
        return self.crossed.told

    def parts(self, kinds: Sequence[str]) -> tuple[Part, ...]:
        """Fit all kinds; clicks of rows that teach several kinds are fitted once."""
        clicks: dict[bytes, Fitted] = {}
        return tuple(self.part(kind, clicks) for kind in kinds)

    def part(self, kind: str, known: dict[bytes, Fitted]) -> Part:
        """Fit one kind; `known` are models of clicks by the rows that they are of, and gains that of this kind's rows."""
        told = self.told
        counts = told.counts(kind)
        taught = (told.spend > 0) & ~np.isnan(counts)
        if not taught.any():
            raise InputError(_nothing_taught(kind))
        delay = 0.0 if kind == CLICK else self.days_late(told.column(kind), taught)
        weekdays = self.weekdays(counts, taught, delay)
        joint = self.joint(told.column(kind), delay, weekdays)
        clicks = self.clicks(kind, taught, known) if self.asks_clicks(kind, taught, joint) else None
        witness = Witness(clicks.levels) if clicks and clicks.levels else None
        fitted = backfit(joint, self.about, self.start(kind), witness)
        fitted = replace(fitted, weekdays=weekdays, clicks=clicks)
        once = told.once if (told.once & taught).any() else np.ones(len(counts), dtype=bool)
        said = doubts_of(kind, counts[once], told.spend[once], int(joint.carries.sum()), self.currency)
        if delay:
            counted = maturity(self.until - (told.start + told.days - 1.0), told.days, delay)
            said += (self.late_word(kind, delay, taught & once, counted),)
        elif self.delay is None and kind != CLICK:
            said += self.untold_word(kind, taught)
        fitted, staged = self.staged(kind, fitted, joint.seen)
        return Part(fitted, said + staged)

    def joint(self, column: str, delay: float = 0.0, weekdays: Weekdays = ALIKE) -> Joint:
        """What is told of one column of counts, made ready; results are counted `delay` days late on average."""
        told, table = self.told, self.crossed.table
        counts = table.rows[column].to_numpy(dtype=np.float64)
        exposure = self.exposure(table, delay, weekdays)
        seen = table.observe(counts, (table.spend > 0) & ~np.isnan(counts), exposure)
        joint = joined(seen, table.money, table.sources)
        if not self.crossed.crossings:
            return joint
        sums = told.rows[column].to_numpy(dtype=np.float64)
        taught = (told.spend > 0) & ~np.isnan(sums)
        return replace(joint, sums=self.crossed.sums(joint.seen, sums, taught))

    def asks_clicks(self, kind: str, taught: NDArray[np.bool_], joint: Joint) -> bool:
        """Whether the rows that teach tell so many clicks, and so few results, that these are worth a fit.

        Rows of tables that only together say on which lines money ran are not asked.
        """
        told, mine = self.told, self.teaching(taught)
        if not joint.plain or told.column(kind) == CLICKS or len(joint.seen) > MOST:
            return False
        clicks = told.rows[CLICKS].to_numpy(dtype=np.float64)[mine].sum()
        return bool(
            clicks >= TIMES * max(told.counts(kind)[mine].sum(), 1.0)
        )  # never where one of them is NaN

    def clicks(self, kind: str, taught: NDArray[np.bool_], known: dict[bytes, Fitted]) -> Fitted:
        """The model of clicks of the rows that teach."""
        rows = taught.tobytes()
        if rows not in known:
            start = self.start(kind)
            before = None if start is None else start.fitted.clicks
            begin = None if start is None or before is None else replace(start, fitted=before)
            known[rows] = backfit(self.joint_clicks(taught), self.about, begin)
        return known[rows]

    def joint_clicks(self, taught: NDArray[np.bool_]) -> Joint:
        """The clicks of the rows that teach, made ready."""
        told, counts = self.told, self.told.rows[CLICKS].to_numpy(dtype=np.float64)
        exposure = self.exposure(told, 0.0, self.weekdays(counts, taught, 0.0))
        return joined(told.observe(counts, taught, exposure), told.money, told.sources)

    def exposure(self, table: Table, delay: float, weekdays: Weekdays) -> Array:
        """Shape (rows,), money whose results are counted by now, as much as its weekdays bring."""
        if not delay and weekdays is ALIKE:
            return table.spend
        counted = maturity(self.until - (table.start + table.days - 1.0), table.days, delay)
        counted *= weekdays.over(
            table.start, table.days, table.codes["slot"], table.names.taught["slot"], self.slots
        )
        return table.spend * counted

    def start(self, kind: str) -> Start | None:
        """Where the fit of a kind may begin."""
        before = None if self.warm is None else self.warm.estimate
        if not isinstance(before, CrossedEstimate) or kind not in before.kinds:
            return None
        return Start.of(before.fits[before.kinds.index(kind)], before.attributes, self.about)

    def days_late(self, column: str, taught: NDArray[np.bool_]) -> float:
        """Mean days from money to counted result; `taught` are the rows that teach."""
        if self.delay is not None:
            return self.delay
        return estimated(self.daily(column, taught), self.again(column))

    def daily(self, column: str, taught: NDArray[np.bool_]) -> DailyRows:
        """The rows by day that teach, each money once."""
        table, mine = self.told, self.by_day(taught)
        counts = table.rows[column].to_numpy(dtype=np.float64)
        line = table.lines[mine] if mine.any() else np.zeros(0, dtype=np.int64)
        return DailyRows(line, table.start[mine], table.spend[mine], counts[mine], self.until)

    def again(self, column: str) -> list[Again]:
        """What older exports had counted."""
        return [Again(*told) for one in self.retold if (told := one.told(column)) is not None]

    def weekdays(self, counts: Array, taught: NDArray[np.bool_], delay: float) -> Weekdays:
        """What weekdays bring."""
        table, mine = self.told, self.by_day(taught)
        if not mine.any():
            return ALIKE
        start = table.start[mine]
        return weekdays_of(
            table.lines[mine], start, table.spend[mine], counts[mine], self.until - start, delay
        )

    def teaching(self, taught: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Of the rows that teach, those that tell each money once."""
        once = taught & self.told.once
        return once if once.any() else taught

    def by_day(self, taught: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Of the rows that teach, those of single days, each money once."""
        mine: NDArray[np.bool_] = self.teaching(taught) & (self.told.days == 1)
        return mine

    def late_word(self, kind: str, delay: float, mine: NDArray[np.bool_], counted: Array) -> Sentence:
        """What is still to come of the last week, said."""
        last = mine & (self.told.start > self.until - 7.0)
        spend = self.told.spend[last]
        share = float(np.average(counted[last], weights=spend)) if len(spend) else 1.0
        return Sentence(
            "Results of the kind “{kind}” are counted {days} days after the money on average: of those of the last week "
            "about {share} are in the history. The estimate and the plan are of all that will be counted.",
            kind=kind_said(kind),
            days=round(delay, 1),
            share=Percent(share),
        )

    def untold_word(self, kind: str, taught: NDArray[np.bool_]) -> tuple[Sentence, ...]:
        """That rows by day hold too few results to tell whether any come late, said."""
        column = self.told.column(kind)
        rows = self.daily(column, taught)
        if self.again(column) or not rows.is_too_little:
            return ()
        return (
            Sentence(
                "Whether results of the kind “{kind}” are counted days after the money can't be told: in the last four weeks "
                "there are {count}, and {fewest} are needed. They are taken to be counted at once; if you know better, say so "
                "in the brief: {example}.",
                kind=kind_said(kind),
                count=rows.recent,
                fewest=FEWEST,
                example="delay = { days = 3 }",
            ),
        )

    def staged(self, kind: str, fitted: Fitted, told: Observations) -> tuple[Fitted, tuple[Sentence, ...]]:
        """The fit with effects of dimensions that only clicks or impressions are told by."""
        table = self.crossed.table
        missing = lacking(told, table.money)
        for stage in ("clicks", "impressions") if missing else ():
            counts = table.rows[stage].to_numpy(dtype=np.float64)
            taught = (table.spend > 0) & ~np.isnan(counts)
            if not counts[taught].sum() > 0:
                continue
            proxied = self.joint(stage)
            mine = missing - lacking(proxied.seen, table.money)
            if mine:
                proxy = backfit(proxied, self.about)
                word = Sentence(
                    "No table tells “{kind}” by {dimensions}: what each brings is taken from its {stage}, with doubt.",
                    kind=kind_said(kind),
                    dimensions=tuple(_dimension(d) for d in DIMENSIONS if d in mine),
                    stage=Sentence("clicks") if stage == "clicks" else Sentence("impressions"),
                )
                return borrowed(fitted, proxy, mine, table.money, self.about.sizes), (word,)
        return fitted, ()


def _dimension(name: str) -> Sentence:
    return {
        "post": Sentence("post"),
        "channel": Sentence("channel"),
        "audience": Sentence("audience"),
        "slot": Sentence("slot"),
    }[name]


def _nothing_taught(kind: str) -> Problem:
    return Problem(
        Sentence(
            "no row of the history holds both money and results of the kind “{kind}”.", kind=kind_said(kind)
        ),
        Sentence("Give a history in which some rows hold both, or ask for another kind of result."),
        column=RESULT_PREFIX + kind,
    )
