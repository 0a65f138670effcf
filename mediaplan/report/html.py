"""Plans as one HTML file that needs nothing else: no script, no font, no picture from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from mediaplan.brief.writing import brief_toml
from mediaplan.history.columns.kinds import kind_said
from mediaplan.history.records.records import DIMENSIONS, Posts
from mediaplan.money import Money
from mediaplan.planning.answer.plans import Plan
from mediaplan.planning.replanning.frontier import Frontier
from mediaplan.report import drawing
from mediaplan.report.bearing import held_back
from mediaplan.report.diagnosis_shown import diagnosis_shown
from mediaplan.report.figures import alike, figures_of, goal_sentence
from mediaplan.report.posts import Identity, identities
from mediaplan.report.tables import SHOWN, Calendar, biggest_first, calendars, parts, rule_rows, units_bought
from mediaplan.response.diagnosis.diagnoses import Diagnosis
from mediaplan.words import Percent, Sentence, Words

if TYPE_CHECKING:
    from jinja2 import Template

NAMES = {
    "channel": Sentence("channel"),
    "audience": Sentence("audience"),
    "slot": Sentence("slot"),
    "post": Sentence("post"),
}
SOURCES = {
    "history_digest": Sentence("history"),
    "response_digest": Sentence("response"),
    "seed": Sentence("seed"),
    "engine": Sentence("engine"),
}
LONGEST = 40
"""Characters of a source that are shown."""

MOST_PARTS = 12
"""Names of one dimension shown; of more, the count is said."""

DARKEST = 0.6
"""Opacity of the fullest cell of a calendar: dark figures stay readable on it."""


def html_report(
    plans: Sequence[Plan],
    words: Words,
    posts: Posts | None = None,
    diagnosis: Diagnosis | None = None,
    *,
    frontier: Frontier | None = None,
) -> str:
    """The report on one or several plans.

    Args:
        plans: At least one; several are compared in front, then follow one after another.
        words: In which language.
        posts: Who the posts are; with it, titles and links stand beside their names.
        diagnosis: What the past tells, at the end; nothing is said of it where there is none, as with a rate card alone.
        frontier: The budgets that the plans are for: their curve, and where to stop, stand in front.

    Returns:
        A whole HTML document.
    """
    known = identities(posts)
    return template("report.html.jinja").render(
        text=words.text,
        say=words.say,
        language=words.language,
        plans=[_view(plan, words, known) for plan in plans],
        ends=drawing.scale_of([plan.totals.intervals for plan in plans]),
        interval=drawing.interval,
        bar=drawing.bar,
        broken=broken,
        units_bought=units_bought,
        most_parts=MOST_PARTS,
        held_back=held_back,
        diagnosis=diagnosis_shown(diagnosis, words) if diagnosis and diagnosis.history_digest else None,
        curve=frontier and _curve(frontier, words),
    )


@lru_cache
def template(name: str) -> Template:
    """The template of that name beside this file."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("mediaplan.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def _curve(frontier: Frontier, words: Words) -> dict[str, Any]:
    """What the template shows of the best plans over budgets."""
    points = [point for point in frontier.points if point.plan is not None]
    figures, value = figures_of(frontier.plans[0], words), frontier.plans[0].brief.goal.by_value
    said = words.text("{what} against budget", what=Sentence("Value") if value else Sentence("Results"))
    return {
        "said": said,
        "stop": frontier.sentence(),
        "picture": drawing.curve(
            [(point.budget.amount, point.gain) for point in points],
            None if frontier.stop is None else points.index(frontier.stop),
            said,
        ),
        "ends": [
            words.text("{budget}: {gain}", budget=budget, gain=figures.count(gain))
            for budget, gain in (
                (Money(0, figures.currency), 0.0),  # where the picture begins
                (points[-1].budget, points[-1].gain),
            )
        ],
        "next": [figures.cost(point.next_cost) for point in points],
    }


def _view(plan: Plan, words: Words, known: Mapping[str, Identity]) -> dict[str, Any]:
    """All that the template shows of one plan; it formats, but works nothing out."""
    lines = biggest_first(plan)
    used = [
        dimension for dimension in DIMENSIONS if any(getattr(line, dimension) is not None for line in lines)
    ]
    return {
        "plan": plan,
        "brief": plan.brief,
        "figures": figures_of(plan, words),
        "goal": goal_sentence(plan),
        "level": Percent(plan.brief.level),
        "by_value": plan.brief.goal.word == "most value",
        "kinds": [kind_said(kind) for kind in plan.kinds],
        "interval_said": words.text(
            "{level} interval of the results: {low} to {high}; expected: {mean}",
            level=Percent(plan.brief.level),
            low=round(plan.totals.results.low),
            high=round(plan.totals.results.high),
            mean=round(plan.totals.results.mean, 1),
        ),
        "ends": drawing.scale_of([plan.totals.intervals]),
        "parts": [
            (d, NAMES[d], rows, alike(row.results.mean for row in rows))
            for d in SHOWN
            if (rows := parts(plan, d))
        ],
        "calendars": [(NAMES[dimension], grid, _heats(grid)) for dimension, grid in calendars(plan)],
        "lines": lines,
        "dimensions": [(dimension, NAMES[dimension]) for dimension in used],
        "cut": plan.brief.split != "none",
        "digits": alike(line.results.mean for line in lines),
        "known": known,
        "rules": rule_rows(plan),
        "toml": brief_toml(plan.brief),
        "source": _source(plan.source, words),
    }


def broken(name: str) -> Markup:
    """The name with places where a narrow column may break it: after `/`, `-`, `_`."""
    return Markup("<wbr>").join(escape(part) for part in re.split(r"(?<=[/_-])", name))


def _heats(grid: Calendar) -> list[list[float]]:
    """Shape (periods, names): opacity of each cell."""
    most = max(int(grid.minor.max(initial=0)), 1)
    return [[round(DARKEST * int(cell) / most, 3) for cell in row] for row in grid.minor]


def _source(source: Mapping[str, Any], words: Words) -> list[tuple[str, str]]:
    """What the plan was made from, with digests cut short: plan.json holds them whole."""
    rows: list[tuple[str, str]] = []
    for name, value in source.items():
        if isinstance(value, Mapping):
            rows += _source(value, words)
        elif value not in (None, ""):
            said = str(value)
            rows.append(
                (words.say(SOURCES.get(name, name)), said if len(said) < LONGEST else said[:12] + "…")
            )
    return rows
