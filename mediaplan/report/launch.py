"""The launch sheet: what the trader types into the platforms, one row for each line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from mediaplan.history.records.records import Posts
from mediaplan.money import Money
from mediaplan.planning.answer.contents import PlannedLine
from mediaplan.planning.answer.plans import Plan
from mediaplan.report.figures import figures_of
from mediaplan.report.posts import Identity, identities
from mediaplan.report.tables import per_day, slot_of, units_bought
from mediaplan.slots import Slot
from mediaplan.words import Sentence, Words

HEADS: Mapping[str, Sentence] = {
    "platform": Sentence("platform"),
    "placement": Sentence("placement"),
    "post": Sentence("post"),
    "platform_id": Sentence("post ID on the platform"),
    "title": Sentence("title"),
    "link": Sentence("link"),
    "audience": Sentence("audience"),
    "slot": Sentence("slot"),
    "weekdays": Sentence("weekdays"),
    "hours": Sentence("hours"),
    "start": Sentence("start"),
    "end": Sentence("end"),
    "timezone": Sentence("time zone"),
    "days": Sentence("days on air"),
    "amount": Sentence("amount in all"),
    "amount_per_day": Sentence("amount per day"),
    "rest": Sentence("left over after these days"),
    "currency": Sentence("currency"),
    "units": Sentence("units"),
}
"""Columns of the launch sheet with what stands above them; `units` only where a rate card sells them."""


def launch_rows(plan: Plan, posts: Posts | None, words: Words) -> list[dict[str, Any]]:
    """The launch sheet's rows in the plan's order: the keys of `HEADS`.

    Amounts are exact text in major units: `amount` = `days` × `amount_per_day` + `rest`. Where the amount can't be
    even, `amount_per_day` is rounded down and `rest`, less than a minor unit a day, is what is left. `start` and `end` are local times of `timezone`, or
    of the advertising account where the brief names none. Hours after midnight belong to the evening before, so that
    a line over midnight ends on the day after its last one.

    Args:
        plan: What to launch.
        posts: Who the posts are; `None` leaves title, link and ID blank.
        words: The language of weekdays.
    """
    known = identities(posts)
    return [_row(plan, line, known.get(line.post or "", Identity()), words) for line in plan.lines_planned]


def _row(plan: Plan, line: PlannedLine, identity: Identity, words: Words) -> dict[str, Any]:
    daily = per_day(plan, line)
    least = min(daily.values())
    slot = slot_of(plan, line.slot)
    runs, units = slot.runs(), units_bought(line)
    platform, _, placement = (line.channel or "").partition("/")
    return {
        "platform": platform,
        "placement": placement,
        "post": line.post or "",
        "platform_id": identity.platform_id,
        "title": identity.title,
        "link": identity.link,
        "audience": line.audience or "",
        "slot": line.slot or "",
        "weekdays": _weekdays(plan, slot, words),
        "hours": ", ".join(_hours(first, last, words) for first, last in runs),
        "start": _local(min(daily), runs[0][0]),
        "end": _local(max(daily) + timedelta(days=runs[-1][1] <= runs[-1][0]), runs[-1][1]),
        "timezone": plan.brief.timezone or "",
        "days": len(daily),
        "amount": line.amount.text,
        "amount_per_day": least.text,
        "rest": Money(line.amount.minor - len(daily) * least.minor, least.currency).text,
        "currency": plan.brief.currency,
        "units": "" if units is None else f"{units:g}",
    }


def _hours(first: int, last: int, words: Words) -> str:
    """`18:00–22:00`; a run over midnight says that its end is on the day after the weekdays beside it."""
    hours = f"{first:02d}:00–{last:02d}:00"
    return hours if first < last else words.text("{hours} the day after", hours=hours)


def _local(day: date, hour: int) -> str:
    """`2026-11-30 18:00`; midnight at the end of a day is its last minute, as the platforms' forms take it."""
    at = time(23, 59) if hour == 24 else time(hour)
    return datetime.combine(day, at).isoformat(sep=" ", timespec="minutes")


def _weekdays(plan: Plan, slot: Slot, words: Words) -> str:
    if len(slot.days) == 7:
        return words.text("every day")
    monday = date(2024, 1, 1)
    figures = figures_of(plan, words)
    return ", ".join(figures.weekday(monday + timedelta(days=day)) for day in sorted(slot.days))
