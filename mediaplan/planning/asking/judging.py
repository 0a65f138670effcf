"""A brief's judgements beside its history: their days, the names that they bring, and names that nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from mediaplan.brief.briefs import Brief
from mediaplan.brief.rules.repeating import PIECES
from mediaplan.errors import InputError, Problem, nearest
from mediaplan.history.records.records import COUNTS, DIMENSIONS, RESULT_PREFIX, History, belongs
from mediaplan.planning.asking.channels import misspelt
from mediaplan.planning.asking.known_names import known_names
from mediaplan.response.given.judgements import Judgement
from mediaplan.response.responses import Response
from mediaplan.words import Sentence


def dated(brief: Brief, kind: str | None = None) -> tuple[Judgement, ...]:
    """The brief's judgements, each with days (the flight's where it says none) and, if given, a kind of result."""
    return tuple(
        replace(judgement, days=judgement.days or brief.days, type=judgement.type or kind)
        for judgement in brief.judgements
    )


def with_names(history: History, judgements: Sequence[Judgement]) -> History:
    """The history with a row without money for each channel that only judgements name, so that it is known."""
    known = [str(name) for name in history.rows["channel"].dropna().unique()]
    asked = [name for judgement in judgements for name in judgement.channel]
    new = [name for name in dict.fromkeys(asked) if not any(belongs(other, name) for other in known)]
    if not new:
        return history
    rows = history.rows
    blank = {str(c): np.nan for c in rows if c in COUNTS or str(c).startswith(RESULT_PREFIX)}
    named = pd.DataFrame({"channel": new}).assign(
        date=pd.Timestamp(history.first), days=1, spend=0.0, hour=np.nan, **blank
    )
    more = named.reindex(columns=rows.columns)
    for name in DIMENSIONS:
        more[name] = more[name].astype(rows[name].dtype)
    return replace(history, rows=pd.concat([rows, more], ignore_index=True))


def check_judgements(brief: Brief, history: History, response: Response) -> None:
    """See that judgements speak of names that are known, or of a channel that is new and not misspelt.

    Raises:
        InputError: All names that are not known, each with the nearest that is.
    """
    bought = [str(name) for name in history.rows["channel"].dropna().unique()]
    slips = [
        (number, name, meant)
        for number, judgement in enumerate(brief.judgements, start=1)
        for name in judgement.channel
        if not any(belongs(other, name) for other in bought)
        for meant in [next((other for other in bought if misspelt(name, other)), None)]
        if meant is not None
    ]
    problems = [
        Problem(
            Sentence("“{name}” looks like the history's “{meant}”, misspelt.", name=name, meant=meant),
            Sentence("Write “{meant}”, or give a new channel a name that can't be mistaken.", meant=meant),
            column=f"judgement {number}.channel",
            value=name,
        )
        for number, name, meant in slips
    ]
    problems += _unknown(brief, response)
    if problems:
        raise InputError(*problems)


def check_guess(brief: Brief, response: Response) -> None:
    """See that judgements without a history speak of posts that are listed, where a table lists them.

    Raises:
        InputError: All names that are not known, each with the nearest that is.
    """
    problems = _unknown(brief, response)
    if response.posts is not None:
        listed = response.posts.names
        problems += [
            _no_name(number, "post", name, listed)
            for number, judgement in enumerate(brief.judgements, start=1)
            for name in judgement.post
            if name not in listed
        ]
    if problems:
        raise InputError(*problems)


def _unknown(brief: Brief, response: Response) -> list[Problem]:
    known = known_names(response)
    problems = [
        _no_name(number, pick, name, known[pick])
        for number, judgement in enumerate(brief.judgements, start=1)
        for pick, names in judgement.picks.items()
        for name in names
        if name not in known[pick]
    ]
    return problems + [
        Problem(
            Sentence("{source} counts no “{kind}”.", kind=judgement.type, source=response.counted_in),
            nearest(judgement.type, response.kinds),
            column=f"judgement {number}.type",
            value=judgement.type,
        )
        for number, judgement in enumerate(brief.judgements, start=1)
        if judgement.type is not None and judgement.type not in response.kinds
    ]


def _no_name(number: int, pick: str, name: str, known: Sequence[str]) -> Problem:
    return Problem(
        Sentence("unknown {dimension} “{name}”.", dimension=PIECES[pick], name=name),
        nearest(name, known),
        column=f"judgement {number}.{pick}",
        value=name,
    )
