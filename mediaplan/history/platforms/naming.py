"""From a platform's own names to the plan's words: the plain way, where nobody has said anything else.

What people say of their own naming conventions comes after it: see `mediaplan.history.naming`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from mediaplan.history.columns.picking import Picked
from mediaplan.history.platforms.recognising import Recognised
from mediaplan.history.tables.cells import each, is_nothing, joined
from mediaplan.history.tables.tables import Cells, Table


def dimensions(found: Recognised, table: Table) -> dict[str, Picked]:
    """The post, channel, audience and hour of each row.

    The ad's name is the post, without it the campaign's; age and gender are the audience, without them the name of the
    ad set; platform and placement are the channel, else the platform that the file comes from.
    """
    named = _named(found, table)
    result: dict[str, Picked] = {}
    for word in ("ad", "campaign"):
        if word in named and "post" not in result:
            result["post"] = named[word]
    people = [named[word] for word in ("age", "gender") if word in named]
    if people:
        names = " + ".join(picked.name for picked in people)
        result["audience"] = Picked(names, joined([picked.cells for picked in people]))
    elif "group" in named:
        result["audience"] = named["group"]
    channel = _channel(found, named, len(table.rows))
    if channel is not None:
        result["channel"] = channel
    if "hour" in named:
        result["hour"] = named["hour"]
    return result


def levels(found: Recognised) -> dict[str, str]:
    """The level (`campaign`, `group`, `ad`) that each of the file's words means.

    LinkedIn gave its levels new names: where a campaign group is named, its "campaign" is today's ad set.
    """
    if "old_campaign" in found.columns and "group" not in found.columns:
        return {"old_campaign": "campaign", "campaign": "group", "ad": "ad"}
    return {word: word for word in ("campaign", "group", "ad")}


def levels_of(found: Recognised, table: Table) -> dict[str, Cells]:
    """The names of ads, ad sets and campaigns of each row, as far as the file tells."""
    named = _named(found, table)
    words = (("ad", "ad"), ("ad set", "group"), ("campaign", "campaign"))
    return {level: named[word].cells for level, word in words if word in named}


def campaigns(found: Recognised, table: Table) -> frozenset[str]:
    """The names of all campaigns; empty where the file does not tell."""
    picked = _named(found, table).get("campaign")
    if picked is None:
        return frozenset()
    return frozenset(name for name in each(picked.cells, str) if not is_nothing(name))


def _named(found: Recognised, table: Table) -> dict[str, Picked]:
    own = levels(found) | {word: word for word in ("age", "gender", "platform", "placement", "hour")}
    return {
        word: Picked(table.header[place], table.cells[place])
        for name, word in own.items()
        if (place := found.first(name)) is not None and not _empty(table.cells[place])
    }


def _empty(cells: Cells) -> bool:
    return all(each(cells, is_nothing)) if len(cells) else False


def _channel(found: Recognised, named: Mapping[str, Picked], count: int) -> Picked | None:
    own = found.platform.channel
    if own:
        cells = np.empty(count, dtype=object)
        cells[:] = own
        return Picked("channel", cells, constant=True)
    if "platform" not in named:
        return None
    if "placement" not in named:
        return Picked(named["platform"].name, each(named["platform"].cells, _plain))
    cells = np.empty(count, dtype=object)
    cells[:] = [
        _placed(_plain(platform), _plain(placement))
        for platform, placement in zip(
            each(named["platform"].cells, str), each(named["placement"].cells, str), strict=True
        )
    ]
    return Picked(f"{named['platform'].name} + {named['placement'].name}", cells)


def _plain(text: str) -> str:
    """A platform's or placement's name without letter case: they are written "Facebook" here and "facebook" there."""
    return "" if is_nothing(text) else re.sub(r"[\s_]+", " ", text).strip().casefold()


def _placed(platform: str, placement: str) -> str:
    placement = placement.removeprefix(platform + " ")
    return f"{platform}/{placement}" if platform and placement else platform or placement
