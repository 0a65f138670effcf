"""Which lines may receive money: posts × channels × audiences × slots, on the dates of the flight."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.brief.briefs import Brief
from mediaplan.brief.spaces import Space
from mediaplan.errors import InputError, Problem
from mediaplan.history.records.records import DIMENSIONS, belongs
from mediaplan.planning.asking.cutting import cut
from mediaplan.planning.asking.how_many import check_combinations, check_lines
from mediaplan.planning.asking.offering import with_offer
from mediaplan.planning.asking.side_by_side import cut_at_tests
from mediaplan.response.lines import Lines
from mediaplan.response.responses import Response
from mediaplan.slots import Flight, Slot
from mediaplan.words import Sentence

Mask = NDArray[np.bool_]
Index = NDArray[np.intp]


def eligible_lines(brief: Brief, response: Response) -> Lines:
    """The lines that the brief allows, seen in the history or not, sorted.

    Raises:
        InputError: There is none; the message says what keeps lines out. Or they are too many.
    """
    combinations = with_offer(response, _seen if brief.lines == "seen" else _crossed, _choices, _fits)
    pieces, count = [], 0
    for piece in brief.flight.pieces():
        pieces.append(_on_dates(combinations, piece, brief, response))
        count += len(pieces[-1][0])
        check_combinations(count)
    codes, start, days = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    if len(codes) == 0:
        raise InputError(_no_line(brief, response))
    by_name = {d: codes[:, i].astype(np.int32) for i, d in enumerate(DIMENSIONS)}
    found = Lines(response.names, by_name, start, days.astype(np.int32))
    check_lines(found)
    lines = in_order(cut(found, brief, space_of(found, brief, response)))
    check_lines(lines)
    return cut_at_tests(lines, brief.tests) if brief.tests else lines


def in_order(lines: Lines) -> Lines:
    """The lines sorted by post, channel, audience, slot and start."""
    keys = [lines.codes[d] for d in DIMENSIONS]
    return lines.take(np.lexsort((lines.days, lines.start, *keys[::-1])))


def space_of(lines: Lines, brief: Brief, response: Response) -> Space:
    """The lines as the brief's rules see them."""
    attributes = {key: _of_post(lines, response, key) for key in ("format", "topic")}
    return Space(
        lines, attributes, brief.media_budget.minor, brief.flight, brief.named_slots.named, brief.groups
    )


def _crossed(response: Response) -> Index:
    """Shape (combinations, 4): every post on every channel, for every audience and slot that go together."""
    posts, channels, audiences, slots = (_choices(response, dimension) for dimension in DIMENSIONS)
    on_channel = _posts_on_channels(response, posts, channels)
    for_audience = _audiences_on_channels(response, channels, audiences)
    check_combinations(int(on_channel.sum(axis=0) @ for_audience.sum(axis=1)) * len(slots))
    allowed = on_channel[:, :, None] & for_audience[None, :, :]
    p, c, a = np.nonzero(allowed)
    each = np.stack([posts[p], channels[c], audiences[a]], axis=1)
    return np.column_stack([np.repeat(each, len(slots), axis=0), np.tile(slots, len(each))])


def _seen(response: Response) -> Index:
    """Shape (combinations, 4): those of the history that are broken down by all its dimensions."""
    full = np.ones(len(response.seen), dtype=bool)
    for place, dimension in enumerate(DIMENSIONS):
        full &= np.isin(response.seen[:, place], _choices(response, dimension))
    return response.seen[full].astype(np.intp)


def _fits(response: Response, combinations: Index) -> Mask:
    """Which combinations go together by the posts' and the audiences' channels."""
    each = [np.unique(combinations[:, at]) for at in range(3)]
    place = [np.searchsorted(codes, combinations[:, at]) for at, codes in enumerate(each)]
    on_channel = _posts_on_channels(response, each[0], each[1])
    for_audience = _audiences_on_channels(response, each[1], each[2])
    fits: Mask = on_channel[place[0], place[1]] & for_audience[place[1], place[2]]
    return fits


def _choices(response: Response, dimension: str) -> Index:
    """Codes of the names that a line may have in that dimension; only -1 where nothing breaks down by it."""
    names = response.names[dimension]
    if (
        response.offer is not None
        and response.offer.known is not None
        and not response.offer.known[dimension]
    ):
        return np.array([-1])
    if not names:
        return np.array([-1])
    if dimension == "post":
        chosen = [i for i, name in enumerate(names) if _may_run(name, response)]
    elif dimension == "channel":
        bought = set(response.seen[:, DIMENSIONS.index("channel")].tolist())
        chosen = [
            i for i, n in enumerate(names) if i in bought or not any(m.startswith(n + "/") for m in names)
        ]
    else:
        chosen = list(range(len(names)))
    return np.array(chosen, dtype=np.intp)


def _may_run(post: str, response: Response) -> bool:
    if response.posts is None:
        return True
    rows = response.posts.rows
    status = rows.loc[rows["post"] == post, "status"]
    return len(status) > 0 and status.iloc[0] == "ready"


def _posts_on_channels(response: Response, posts: Index, channels: Index) -> Mask:
    allowed = np.ones((len(posts), len(channels)), dtype=bool)
    if response.posts is None or not response.names["channel"]:
        return allowed
    wanted = dict(zip(response.posts.rows["post"], response.posts.rows["channels"], strict=True))
    names = [response.names["channel"][code] for code in channels]
    for row, code in enumerate(posts):
        own = wanted.get(response.names["post"][code], ()) if code >= 0 else ()
        if own:
            allowed[row] = [any(belongs(name, channel) for channel in own) for name in names]
    return allowed


def _audiences_on_channels(response: Response, channels: Index, audiences: Index) -> Mask:
    allowed = np.ones((len(channels), len(audiences)), dtype=bool)
    if response.audiences is None or not response.names["channel"]:
        return allowed
    table = response.audiences.rows
    names = [response.names["channel"][code] for code in channels]
    for column, code in enumerate(audiences):
        own = table.loc[table["audience"] == response.names["audience"][code], "channel"] if code >= 0 else []
        if len(own) and not pd.isna(own).any():
            allowed[:, column] = [any(belongs(name, channel) for channel in own) for name in names]
    return allowed


def _on_dates(
    combinations: Index, piece: Flight, brief: Brief, response: Response
) -> tuple[Index, NDArray[np.datetime64], NDArray[np.int64]]:
    """Codes, start and days of the combinations that can run in that piece of the flight."""
    published = _published(response)
    first = np.datetime64(piece.start, "D")
    end = np.datetime64(piece.end, "D")
    start = (
        np.maximum(published[combinations[:, 0]], first)
        if len(published)
        else np.full(len(combinations), first)
    )
    days = (end - start).astype(np.int64) + 1
    named = brief.named_slots.named
    runs = days > 0
    slot_codes = combinations[:, DIMENSIONS.index("slot")]
    for code, name in enumerate(response.names["slot"]):
        slot = named.get(name)
        if slot is not None:
            mine = runs & (slot_codes == code)
            begins, place = np.unique(start[mine], return_inverse=True)
            runs[mine] = np.array([_runs(slot, begin, end) for begin in begins], dtype=bool)[place]
    return combinations[runs], start[runs], days[runs]


def _runs(slot: Slot, begin: np.datetime64, end: np.datetime64) -> bool:
    days = pd.date_range(pd.Timestamp(begin), pd.Timestamp(end))
    return any(day.weekday() in slot.days for day in days[:7])


def _published(response: Response) -> NDArray[np.datetime64]:
    """Shape (posts + 1,): the day each post is published, long ago where unknown; the last entry is for code -1."""
    long_ago = np.datetime64("1900-01-01", "D")
    names = response.names["post"]
    if response.posts is None or not names:
        return np.full(len(names) + 1, long_ago)
    rows = response.posts.rows
    day = dict(zip(rows["post"], rows["published"].to_numpy().astype("datetime64[D]"), strict=True))
    found = np.array([day.get(name, long_ago) for name in names] + [long_ago], dtype="datetime64[D]")
    return np.where(np.isnat(found), long_ago, found)


def _of_post(lines: Lines, response: Response, key: str) -> NDArray[np.object_]:
    if response.posts is None or not response.names["post"]:
        return np.full(len(lines), None, dtype=object)
    table = response.posts.rows
    known = dict(zip(table["post"], table[key], strict=True))
    labels = [known.get(name) for name in response.names["post"]]
    of_code = np.array([label if isinstance(label, str) else None for label in labels] + [None], dtype=object)
    return of_code[lines.codes["post"]]


def _no_line(brief: Brief, response: Response) -> Problem:
    message = Sentence(
        "no line may receive money from {first} to {last}.", first=brief.start, last=brief.flight.end
    )
    if response.posts is not None and not any(response.posts.rows["status"] == "ready"):
        return Problem(
            message,
            Sentence("No post is “ready”: set the status of those that may be boosted."),
            column="posts.status",
        )
    return Problem(
        message,
        Sentence(
            "Check the posts' publication dates and channels, the audiences' channels, and the days of the slots."
        ),
        column="flight",
    )
