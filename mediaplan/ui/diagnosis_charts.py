"""The charts of a diagnosis: each name against what is usual, how full lines are, the course over weeks."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from mediaplan.report.diagnosis_rows import factor_heads, factor_row, full_heads, full_row
from mediaplan.report.figures import Figures
from mediaplan.response.diagnosis.diagnoses import Factor, Saturated, Week
from mediaplan.ui.charts import BETWEEN, INK, NO_MARGIN, NUMBERS

MOST_NAMES = 12
"""Names shown in a chart."""

ROW = 44
"""Height of a name with its mark, pixels."""


def forest(factors: Sequence[Factor], figures: Figures, theme: str | None) -> alt.LayerChart:
    """Each name's factor as a point on its interval; the line in the middle is what is usual.

    Args:
        factors: At least one, in the order to show them.
        figures: How numbers are written.
        theme: `"light"`, `"dark"` or `None` where the browser has not said it yet.
    """
    words, shown = figures.words, factors[:MOST_NAMES]
    heads = factor_heads(words)
    rows = [factor_row(factor, figures) for factor in shown]
    table = pd.DataFrame(rows, columns=heads).assign(
        name=[factor.name for factor in shown],
        mean=[factor.times.mean for factor in shown],
        low=[factor.times.low for factor in shown],
        high=[factor.times.high for factor in shown],
        said=[f"{row[0]}  ({row[1]})" for row in rows],
        usual=1.0,
    )
    least, most = min(0.5, table["low"].min()), max(2.0, table["high"].max())
    axis = alt.Axis(values=[0.25, 0.5, 1, 2, 4], format="~g", labelExpr="'×' + datum.label", grid=False)
    x = alt.X("low:Q", scale=alt.Scale(type="log", domain=[least, most], nice=False), axis=axis, title=None)
    tooltip = [alt.Tooltip("name:N", title=" "), *(alt.Tooltip(f"{head}:N") for head in heads)]
    base = alt.Chart(table).encode(y=alt.Y("name:N", sort=None, title=None, axis=None), tooltip=tooltip)
    span = base.mark_bar(height=6, opacity=0.35, cornerRadius=3, yOffset=10).encode(x=x, x2="high:Q")
    point = base.mark_point(filled=True, size=90, opacity=1, yOffset=10).encode(x="mean:Q")
    middle = base.mark_rule(strokeDash=[3, 3], color=BETWEEN).encode(
        x="usual:Q", y=alt.value(0), y2=alt.value("height")
    )
    ink = INK.get(theme or "", BETWEEN)
    name = base.mark_text(align="left", baseline="middle", dy=-8, fontSize=13, limit=190, color=ink).encode(
        x=alt.value(0), text="name:N"
    )
    said = base.mark_text(align="right", baseline="middle", dy=-8, fontSize=12, color=ink).encode(
        x=alt.value("width"), text="said:N"
    )
    return _local((middle + span + point + name + said).properties(height=ROW * len(shown)), figures)


def fullness(lines: Sequence[Saturated], figures: Figures, theme: str | None) -> alt.LayerChart:
    """What a tenth more money brings on each: the whole bar would be a tenth more results."""
    words, shown = figures.words, sorted(lines[:MOST_NAMES], key=lambda each: -each.gain.mean)
    heads = full_heads(words)
    rows = [full_row(each, figures) for each in shown]
    table = pd.DataFrame(rows, columns=heads).assign(
        name=[each.label for each in shown],
        gain=[each.gain.mean for each in shown],
        low=[each.gain.low for each in shown],
        high=[each.gain.high for each in shown],
        whole=0.1,
        said=[row[1] for row in rows],
    )
    tooltip = [alt.Tooltip("name:N", title=" "), *(alt.Tooltip(f"{head}:N") for head in heads)]
    base = alt.Chart(table).encode(y=alt.Y("name:N", sort=None, title=None, axis=None), tooltip=tooltip)
    x = alt.X("whole:Q", axis=None, scale=alt.Scale(domain=[0.0, 0.1]))
    track = base.mark_bar(height=10, yOffset=9, opacity=0.15, cornerRadiusEnd=3).encode(x=x)
    bar = base.mark_bar(height=10, yOffset=9, cornerRadiusEnd=3).encode(x="gain:Q")
    ink = INK.get(theme or "", BETWEEN)
    span = base.mark_rule(strokeWidth=2, yOffset=9, color=ink).encode(x="low:Q", x2="high:Q")
    name = base.mark_text(align="left", baseline="middle", dy=-8, fontSize=13, limit=240, color=ink).encode(
        x=alt.value(0), text="name:N"
    )
    said = base.mark_text(align="right", baseline="middle", dy=-8, fontSize=12, color=ink).encode(
        x=alt.value("width"), text="said:N"
    )
    return _local((track + bar + span + name + said).properties(height=ROW * len(shown)), figures)


def weeks_course(weeks: Sequence[Week], figures: Figures) -> alt.LayerChart:
    """What the same money brought in each week, with its interval."""
    words = figures.words
    head, times = words.text("week"), words.text("against usual")
    table = pd.DataFrame(
        {
            head: [figures.day(week.start) for week in weeks],
            "mean": [week.times.mean for week in weeks],
            "low": [week.times.low for week in weeks],
            "high": [week.times.high for week in weeks],
            times: [f"×{words.number(week.times.mean, 2)}" for week in weeks],
        }
    )
    x = alt.X(f"{head}:N", sort=None, title=None, axis=alt.Axis(labelAngle=-45, labelOverlap=True))
    y = alt.Y("low:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(format=".2f", tickCount=4))
    base = alt.Chart(table).encode(x=x, tooltip=[head, times])
    band = base.mark_area(opacity=0.15).encode(y=y, y2="high:Q")
    line = base.mark_line(strokeWidth=2, point=True).encode(y="mean:Q")
    return _local((band + line).properties(height=200), figures)


def _local(chart: alt.LayerChart, figures: Figures) -> alt.LayerChart:
    """The chart with numbers as the language writes them, without a frame."""
    local: alt.LayerChart = (
        chart.properties(padding=NO_MARGIN)
        .configure(locale={"number": NUMBERS[figures.words.language]})
        .configure_view(strokeWidth=0)
    )
    return local
