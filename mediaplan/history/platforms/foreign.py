"""Files of the platforms that are no reports, called by the name of what they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mediaplan.errors import Problem
from mediaplan.history.platforms.headers import compared, mended
from mediaplan.history.platforms.recognising import Recognised
from mediaplan.history.tables.cells import codes_of, is_nothing
from mediaplan.history.tables.dates import date_of
from mediaplan.history.tables.tables import Cells, Table
from mediaplan.words import Sentence

_KINDS = (
    ({"row type", "action"}, Sentence("a template for bulk uploads to Google Ads")),
    ({"campaign", "campaign type", "networks", "budget type"}, Sentence("a file of Google Ads Editor")),
    ({"campaign daily budget", "max cpc", "ad group"}, Sentence("a file of Google Ads Editor")),
    ({"campaign status", "buying type"}, Sentence("a template for bulk uploads to Meta")),
    ({"ad set run status"}, Sentence("a template for bulk uploads to Meta")),
    ({"campaign name", "campaign buying type"}, Sentence("a template for bulk uploads to Meta")),
    ({"campaign group id", "campaign group status", "bid type"}, Sentence("a template for bulk uploads to LinkedIn")),
    ({"operation status", "budget mode"}, Sentence("a template for bulk uploads to TikTok")),
    ({"keyword", "avg. monthly searches"}, Sentence("a list of Google's Keyword Planner")),
    ({"date & time", "user", "changes"}, Sentence("a list of changes")),
    ({"transaction id", "payment method"}, Sentence("a list of invoices")),
    ({"email", "phone"}, Sentence("a list of customers")),
    ({"job function", "impressions"}, Sentence("LinkedIn's demographics")),
    ({"job seniority", "impressions"}, Sentence("LinkedIn's demographics")),
    ({"job title", "impressions"}, Sentence("LinkedIn's demographics")),
    ({"company industry", "impressions"}, Sentence("LinkedIn's demographics")),
    ({"company size", "impressions"}, Sentence("LinkedIn's demographics")),
    ({"fonction", "impressions"}, Sentence("LinkedIn's demographics")),
    ({"niveau hierarchique", "impressions"}, Sentence("LinkedIn's demographics")),
    *(({f"{facet} segment", "impressions"}, Sentence("LinkedIn's demographics")) for facet in (
        "company name", "company industry", "company size", "job function", "job seniority", "job title", "location",
        "country/region", "contextual country/region", "county",
    )),
)  # fmt: skip
"""Headers that no report has together, and what has them. Headers of money are no hindrance: budgets are money.

LinkedIn's demographics come as one block for each facet ("Company Name Segment", "Job Function Segment"…), in UTF-16 with
lines above, and tell of impressions and clicks only: seen in four public programs that read them.
"""

_DAYS = {"date", "day", "jour", "fecha", "dia", "tag", "datum", "dag", "data", "date/time", "time"}
_FIGURES = {
    "clicks", "clics", "cliques", "klicks", "klikken", "impr.", "impressions", "impresiones", "impressionen", "cost", "cout",
    "coste", "custo", "kosten", "conversions", "conversiones", "ctr", "avg. cpc", "cpc moy.", "cost / conv.", "views", "vues",
    "visualizaciones", "visualizacoes", "aufrufe", "weergaven", "conv. rate", "subscribers", "watch time (hours)",
}  # fmt: skip
_CHART_COLUMNS = {"date", "content", "video title", "video publish time", "duration", "views"}
_MONEY = re.compile("spen[dt]|depens|gast|besteed|ausgegeben")


def foreign(header: Sequence[str]) -> Sentence | None:
    """What a table with these headers is, where it is none of ours and no report; else `None`."""
    names = [compared(mended(name)) for name in header]
    held = {name for name in names if name}
    for telling, kind in _KINDS:
        if telling <= held and not any(_MONEY.search(name) for name in held):
            return kind
    few = 2 <= len(held) <= 5 and names[0] in _DAYS and held - {names[0]} <= _FIGURES
    if few or held >= _CHART_COLUMNS:
        return Sentence("the data of a chart")
    return None


def misplaced(found: Recognised | None, table: Table) -> Problem | None:
    """The fault of a table that tells of no money: another file of a platform, or posts; `None` of all others."""
    if found is not None and found.platform.kind == "posts":
        return table.problem(
            Sentence("these are posts without money ({title}), no history.", title=found.platform.title),
            Sentence("Give them as posts (--posts), and the report of the ads as history."),
        )
    kind = foreign(table.header)
    if kind is None:
        return None
    return table.problem(
        Sentence("this is {kind}, not a report: it does not say what was spent on what.", kind=kind),
        Sentence(
            "Export the report itself: its table with campaigns, days, money and results. If this table does hold money, "
            "say in which column under [[columns]]: {line}",
            line='spend = "…"',
        ),
    )


def undated(table: Table) -> Problem:
    """The fault of a report that tells no day and no period; a column of days, of whatever name, is pointed at."""
    days = next(
        (name for name, cells in zip(table.header, table.cells, strict=True) if _are_days(cells)), None
    )
    if days is None:
        remedy = Sentence(
            "Export it again by day, or say its period under [[columns]]: {line}",
            line="date = { is = 2026-11-01, days = 30 }",
        )
    else:
        remedy = Sentence(
            "Is it “{column}”? Then say so under [[columns]]: {line}. In a table of your own, say likewise what its other "
            "columns mean, the money (spend) among them; else some are left out.",
            column=days,
            line=f'date = "{days}"',
        )
    return table.problem(
        Sentence("nothing in this file says when the money was spent."), remedy, column="date"
    )


def _are_days(cells: Cells) -> bool:
    """Whether every cell that holds anything is a day."""
    texts = [text for text in codes_of(cells)[1] if not is_nothing(text)]
    return bool(texts) and all(date_of(text, "day first") or date_of(text, "month first") for text in texts)
