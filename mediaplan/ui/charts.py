"""Charts of a plan; what they show comes from `mediaplan.report.tables`, how it is written from `Figures`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, cast

import altair as alt
import pandas as pd

from mediaplan.planning.answer.plans import Plan
from mediaplan.planning.replanning.frontier import Frontier
from mediaplan.planning.replanning.simplifying import Simplified
from mediaplan.report.figures import Figures, alike
from mediaplan.report.tables import Calendar, PartRow

Drawn = TypeVar("Drawn", alt.Chart, alt.LayerChart)

MOST_BARS = 12
"""Names shown in a chart of parts."""

INK = {"light": "#16302d", "dark": "#e6efed"}
"""Colour of text by the theme of the page: marks of text do not follow it by themselves."""

BETWEEN = "#738783"

NO_MARGIN = {"left": 0, "right": 0, "top": 0, "bottom": 0}
BELOW = NO_MARGIN | {"bottom": 6}
"""For charts whose axis has its title below: without it the page cuts the tails of its letters."""

NUMBERS: Mapping[str, Mapping[str, Any]] = {
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]},
    "fr": {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", ""]},
}
"""How axes write numbers: without it, always in English."""


def bars(rows: Sequence[PartRow], figures: Figures, theme: str | None) -> alt.LayerChart:
    """What each name receives, most money first, with the results it is expected to bring.

    Args:
        rows: Most money first.
        figures: How numbers are written.
        theme: `"light"`, `"dark"` or `None` where the browser has not said it yet.
    """
    ink = INK.get(theme or "", BETWEEN)
    shown = rows[:MOST_BARS]
    digits = alike(row.results.mean for row in shown)
    words = figures.words
    heads = (words.text("money"), words.text("share"), words.text("results"), words.text("cost per result"))
    table = pd.DataFrame(
        {
            "name": [row.name for row in shown],
            "amount": [row.amount.amount for row in shown],
            "said": [f"{figures.money(row.amount)}  ·  {figures.share(row.share)}" for row in shown],
            heads[0]: [figures.money(row.amount) for row in shown],
            heads[1]: [figures.share(row.share) for row in shown],
            heads[2]: [
                f"{figures.count(row.results.mean, digits)} ({figures.span(row.results)})" for row in shown
            ],
            heads[3]: [figures.cost(row.cpr.mean) for row in shown],
        }
    )
    tooltip = [alt.Tooltip("name:N", title=" "), *(alt.Tooltip(f"{head}:N") for head in heads)]
    base = alt.Chart(table).encode(y=alt.Y("name:N", sort=None, title=None, axis=None), tooltip=tooltip)
    most = max(table["amount"], default=1.0)
    scale = alt.Scale(domain=[0.0, most])
    bar = base.mark_bar(cornerRadiusEnd=3, height=10, yOffset=9).encode(
        x=alt.X("amount:Q", axis=None, scale=scale)
    )
    name = base.mark_text(align="left", baseline="middle", dy=-8, fontSize=13, limit=230, color=ink).encode(
        x=alt.value(0), text="name:N"
    )
    money = base.mark_text(align="right", baseline="middle", dy=-8, fontSize=12, color=ink).encode(
        x=alt.value("width"), text="said:N"
    )
    drawn: alt.LayerChart = (bar + name + money).properties(height=44 * len(shown), padding=NO_MARGIN)
    return _local(drawn, figures)


def calendar_chart(calendar: Calendar, figures: Figures) -> alt.Chart:
    """Money by day (or weeks), stacked by name."""
    words = figures.words
    daily = calendar.periods[0].days == 1
    labels = [figures.day(p.start) if daily else figures.period(p) for p in calendar.periods]
    names = [words.text("others") if name is None else name for name in calendar.names]
    day, money, name = words.text("day"), words.text("money"), words.text("channel")
    table = pd.DataFrame(
        [
            {
                day: label,
                name: names[column],
                "minor": int(minor),
                money: figures.bare(int(minor)),
                "order": column,
            }
            for label, row in zip(labels, calendar.minor, strict=True)
            for column, minor in enumerate(row)
        ]
    )
    table["amount"] = [_major(minor, figures) for minor in table["minor"]]
    chart: alt.Chart = (
        alt.Chart(table)
        .mark_bar(cornerRadius=2)
        .encode(
            x=alt.X(f"{day}:N", sort=None, title=None, axis=alt.Axis(labelAngle=-45, labelOverlap=True)),
            y=alt.Y(
                "amount:Q", title=figures.sign, axis=alt.Axis(format=_whole(table["amount"]), tickCount=4)
            ),
            color=alt.Color(
                f"{name}:N",
                sort=names,
                title=None,
                legend=alt.Legend(orient="top", columns=2) if len(names) > 1 else None,
            ),
            order="order:Q",
            tooltip=[day, name, money],
        )
        .properties(height=300, padding=NO_MARGIN)
    )
    return _local(chart, figures)


def trail(tried: Sequence[Plan], current: Plan, figures: Figures) -> alt.LayerChart:
    """Results of the budgets that were tried, with their interval; the current one stands out."""
    words = figures.words
    table = pd.DataFrame(
        {
            "budget": [plan.budget.amount for plan in tried],
            "mean": [plan.totals.results.mean for plan in tried],
            "low": [plan.totals.results.low for plan in tried],
            "high": [plan.totals.results.high for plan in tried],
            "current": [plan.budget == current.budget for plan in tried],
            "money": [figures.money(plan.budget) for plan in tried],
            "said": [
                f"{figures.count(p.totals.results.mean)} ({figures.span(p.totals.results)})" for p in tried
            ],
        }
    )
    results = words.text("Results")
    x = alt.X(
        "budget:Q",
        title=words.text("Budget ({currency})", currency=figures.sign),
        axis=alt.Axis(format=_whole(table["budget"]), tickCount=5),
        scale=alt.Scale(zero=False),
    )
    y = alt.Y("low:Q", title=results, axis=alt.Axis(format=_whole(table["high"]), tickCount=4))
    tooltip = [alt.Tooltip("money:N", title=words.text("Budget")), alt.Tooltip("said:N", title=results)]
    base = alt.Chart(table).encode(x=x, tooltip=tooltip)
    band = base.mark_area(opacity=0.15).encode(y=y, y2="high:Q")
    line = base.mark_line(strokeWidth=2).encode(y="mean:Q")
    points = base.mark_point(filled=True, opacity=1).encode(
        y="mean:Q", size=alt.condition(alt.datum.current, alt.value(160), alt.value(45))
    )
    drawn: alt.LayerChart = (band + line + points).properties(height=240, padding=BELOW)
    return _local(drawn, figures)


def curve(frontier: Frontier, figures: Figures) -> alt.LayerChart:
    """What the best plan for each budget brings; the budget at which to stop stands out."""
    words = figures.words
    points = [point for point in frontier.points if point.plan is not None]
    value = points[0].plan is not None and points[0].plan.brief.goal.by_value
    what = words.text("Value") if value else words.text("Results")
    table = pd.DataFrame(
        {
            "budget": [point.budget.amount for point in points],
            "gain": [point.gain for point in points],
            "stop": [point is frontier.stop for point in points],
            "money": [figures.money(point.budget) for point in points],
            "said": [figures.count(point.gain) for point in points],
        }
    )
    x = alt.X(
        "budget:Q",
        title=words.text("Budget ({currency})", currency=figures.sign),
        axis=alt.Axis(format=_whole(table["budget"]), tickCount=5),
    )
    y = alt.Y("gain:Q", title=what, axis=alt.Axis(format=_whole(table["gain"]), tickCount=4))
    tooltip = [alt.Tooltip("money:N", title=words.text("Budget")), alt.Tooltip("said:N", title=what)]
    base = alt.Chart(table).encode(x=x, y=y, tooltip=tooltip)
    size = alt.condition(alt.datum.stop, alt.value(200), alt.value(45))
    points_drawn = base.mark_point(filled=True, opacity=1).encode(size=size)
    drawn: alt.LayerChart = (base.mark_line(strokeWidth=2) + points_drawn).properties(
        height=260, padding=BELOW
    )
    return _local(drawn, figures)


def lines_curve(simple: Simplified, figures: Figures) -> alt.LayerChart:
    """What the best plan with at most so many lines brings, or costs, of the best plan; the fewest that are enough stand out."""
    words = figures.words
    enough = len(simple.plan.lines_planned)
    table = pd.DataFrame(
        {
            "lines": [lines for lines, _ in simple.parts],
            "part": [part for _, part in simple.parts],
            "enough": [lines == enough for lines, _ in simple.parts],
            "said": [words.percent(part, 2) for _, part in simple.parts],
        }
    )
    many = words.text("Lines")
    part = words.text("Part of the lowest cost") if simple.costs else words.text("Part of the best plan")
    low, high = float(table["part"].min()), float(table["part"].max())
    base = alt.Chart(table).encode(
        x=alt.X("lines:Q", title=many, axis=alt.Axis(format=",.0f", tickMinStep=1)),
        y=alt.Y(
            "part:Q",
            title=part,
            axis=alt.Axis(format=".1%", tickCount=4),
            scale=alt.Scale(domain=[1.0, max(high, 1.01)] if simple.costs else [min(low, 0.99), 1.0]),
        ),
        tooltip=[alt.Tooltip("lines:Q", title=many), alt.Tooltip("said:N", title=part)],
    )
    size = alt.condition(alt.datum.enough, alt.value(200), alt.value(45))
    points = base.mark_point(filled=True, opacity=1).encode(size=size)
    drawn: alt.LayerChart = (base.mark_line(strokeWidth=2) + points).properties(height=240, padding=BELOW)
    return _local(drawn, figures)


def _local(chart: Drawn, figures: Figures) -> Drawn:
    """The chart with numbers as the language writes them, without a frame."""
    local = chart.configure(locale={"number": NUMBERS[figures.words.language]}).configure_view(strokeWidth=0)
    return cast("Drawn", local)


def _whole(values: pd.Series) -> str:
    """How an axis writes numbers of that size."""
    return ",.0f" if values.max() >= 10 else ",.1f"


def _major(minor: int, figures: Figures) -> float:
    from mediaplan.money import Money

    return Money(minor, figures.currency).amount
