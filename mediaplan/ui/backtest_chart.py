"""The chart of looking back: what was expected of each week, and what came."""

from __future__ import annotations

import altair as alt
import pandas as pd

from mediaplan.report.backtest_words import week_rows
from mediaplan.report.figures import Figures
from mediaplan.response.looking_back.backtest import Judgement
from mediaplan.ui.charts import NO_MARGIN, NUMBERS


def weeks_chart(judgement: Judgement, figures: Figures) -> alt.LayerChart:
    """The 80 % interval of each week as a bar, what was expected as a tick, what came as a point."""
    words = figures.words
    heads = words.text("week"), words.text("expected"), words.text("interval"), words.text("came")
    rows = [row[:4] for row in week_rows(judgement, figures)]
    table = pd.DataFrame(rows, columns=heads).assign(
        low=[week.intervals[1][0] for week in judgement.weeks],
        high=[week.intervals[1][1] for week in judgement.weeks],
        mean=[week.expected for week in judgement.weeks],
        actual=[week.actual for week in judgement.weeks],
    )
    base = alt.Chart(table).encode(
        x=alt.X(f"{heads[0]}:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelLimit=200)),
        tooltip=[alt.Tooltip(f"{head}:N") for head in heads],
    )
    axis = alt.Axis(format=",.0f" if table["high"].max() >= 10 else ",.1f", tickCount=5)
    span = base.mark_bar(width=26, opacity=0.25, cornerRadius=3).encode(
        y=alt.Y("low:Q", title=None, axis=axis), y2="high:Q"
    )
    expected = base.mark_tick(width=26, thickness=2).encode(y="mean:Q")
    came = base.mark_point(filled=True, size=130, opacity=1, shape="diamond").encode(y="actual:Q")
    drawn: alt.LayerChart = (
        (span + expected + came)
        .properties(height=240, padding=NO_MARGIN)
        .configure(locale={"number": NUMBERS[words.language]})
        .configure_view(strokeWidth=0)
    )
    return drawn
