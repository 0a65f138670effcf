"""What was spent before, name by name: an earlier plan's lines, or the last weeks of a history."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np

from mediaplan.errors import InputError, Problem
from mediaplan.history.columns.picking import pick
from mediaplan.history.files.decoding import decoded
from mediaplan.history.files.sources import File
from mediaplan.history.records.records import DIMENSIONS, History
from mediaplan.history.rows.listings import Listing
from mediaplan.money import decimals
from mediaplan.words import Sentence

SCHEMA = "mediaplan/plan/"


def earlier_plan(file: File, dimension: str, currency: str) -> dict[str, str]:
    """The media money of a plan by the names of a dimension.

    Args:
        file: A plan's `plan.json` or `lines.csv`.
        dimension: `post`, `channel`, `audience` or `slot`.
        currency: That the money must be in; `lines.csv` does not say which it is in.

    Returns:
        Name -> amount as text.

    Raises:
        InputError: It is no such file, or its lines are not broken down by the dimension.
    """
    if file.content.lstrip()[:1] == b"{":
        return plan_money(_document(file), dimension, currency, file.name)
    listing = Listing(pick(decoded(file)[0], _column))
    for name in (dimension, "amount"):
        if name not in listing.picks.columns:
            message = Sentence("the column “{column}” is missing.", column=name)
            listing.problems.append(Problem(message, _remedy(), file=file.name, column=name))
    names, amounts = listing.names(dimension), listing.number("amount")
    listing.checked((dimension, "amount", *DIMENSIONS))
    each: dict[str, float] = defaultdict(float)
    for name, amount in zip(names, np.nan_to_num(amounts), strict=True):
        if isinstance(name, str):
            each[name] += float(amount)
    digits = decimals(currency)
    return _found({name: f"{amount:.{digits}f}" for name, amount in each.items()}, dimension, file.name)


def plan_money(document: Mapping[str, Any], dimension: str, currency: str, said: str) -> dict[str, str]:
    """The media money of a plan's document by the names of a dimension.

    Args:
        document: `mediaplan/plan/1`.
        dimension: `post`, `channel`, `audience` or `slot`.
        currency: That the money must be in.
        said: How the plan is called in messages.

    Raises:
        InputError: It is in another currency, holds no lines, or these are not broken down by the dimension.
    """
    if document.get("currency") != currency:
        message = Sentence(
            "that plan is in {theirs}, the brief in {mine}.",
            theirs=str(document.get("currency")),
            mine=currency,
        )
        remedy = Sentence("Compare with a plan in the same currency, or give before = … in amounts.")
        raise InputError(Problem(message, remedy, file=said, column="currency"))
    each: dict[str, Decimal] = defaultdict(Decimal)
    try:
        for line in document["lines"]:
            if line[dimension] is not None:
                each[str(line[dimension])] += Decimal(line["amount"])
    except (KeyError, TypeError, InvalidOperation):
        raise InputError(_no_plan(said)) from None
    return _found({name: str(amount) for name, amount in each.items()}, dimension, said)


def last_weeks(history: History, dimension: str, weeks: int, days: int) -> dict[str, str]:
    """The money of a history's last weeks by the names of a dimension, for as many days as asked at the same pace.

    Args:
        history: Whose rows; money runs evenly over a row's days.
        dimension: `post`, `channel`, `audience` or `slot`.
        weeks: Calendar weeks up to the history's last day.
        days: Days for which the money is told.

    Raises:
        InputError: Its rows are not broken down by the dimension, or hold no money in these weeks.
    """
    rows = history.rows
    first = rows["date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    after = first + rows["days"].to_numpy(dtype=np.int64)
    end = int(after.max(initial=0))
    inside = np.clip(np.minimum(after, end) - np.maximum(first, end - 7 * weeks), 0, None)
    money = rows["spend"].to_numpy(dtype=np.float64) * inside / np.maximum(after - first, 1)
    named = rows[dimension].notna().to_numpy()
    sums = rows.loc[named].assign(money=money[named]).groupby(dimension)["money"].sum()
    digits = decimals(history.currency)
    amounts = {str(n): f"{x * days / (7.0 * weeks):.{digits}f}" for n, x in sums.items() if x > 0}
    return _found(amounts, dimension, None)


def _document(file: File) -> dict[str, Any]:
    try:
        document = json.loads(file.content)
    except (ValueError, RecursionError):
        raise InputError(_no_plan(file.name)) from None
    if not isinstance(document, dict) or not str(document.get("schema", "")).startswith(SCHEMA):
        raise InputError(_no_plan(file.name))
    return document


def _found(amounts: dict[str, str], dimension: str, said: str | None) -> dict[str, str]:
    if amounts:
        return dict(sorted(amounts.items()))
    message = Sentence("what is compared with holds no money by “{dimension}”.", dimension=dimension)
    remedy = Sentence("Compare by another of: {names}.", names=DIMENSIONS)
    raise InputError(Problem(message, remedy, file=said, column="per", value=dimension))


def _column(header: str) -> str | None:
    known = header.strip().casefold()
    return known if known in (*DIMENSIONS, "amount") else None


def _no_plan(said: str) -> Problem:
    return Problem(Sentence("this is no plan."), _remedy(), file=said)


def _remedy() -> Sentence:
    return Sentence(
        "Give the {json} or {csv} that “mediaplan plan … -o FOLDER” wrote.", json="plan.json", csv="lines.csv"
    )
