"""Tables of posts and of audiences become rows of the records Posts and Audiences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.errors import InputError, Problem, nearest
from mediaplan.history.columns.columns import AUDIENCES, POSTS
from mediaplan.history.columns.picking import Picks, misspelt, pick
from mediaplan.history.platforms.foreign import misplaced
from mediaplan.history.platforms.organic import no_posts, posts_of
from mediaplan.history.platforms.recognising import recognised
from mediaplan.history.records.records import Origin
from mediaplan.history.rows.own_tables import OWN_TABLES, instead, lacking, misgiven
from mediaplan.history.rows.rows import negatives
from mediaplan.history.tables.cells import each, is_nothing, names, text_of
from mediaplan.history.tables.dates import dates
from mediaplan.history.tables.figures import numbers
from mediaplan.history.tables.tables import Cells, Fault, Table, blank_faults, cut_off, folded, placed, tidy
from mediaplan.words import Sentence

ORGANIC = "organic_"
STATUSES = ("ready", "hold", "ended")


class Listing:
    """The reading of one table whose rows are things with a name."""

    def __init__(self, picks: Picks, required: Sequence[str] = (), kind: str = "") -> None:
        """`required`: columns that tables of that `kind`, a key of `OWN_TABLES`, must have."""
        self.picks = picks
        self.table = table = picks.table
        self.problems: list[Problem] = list(self.picks.problems)
        self.lacks = [column for column in required if column not in self.picks.columns]
        self.problems += [lacking(self.picks, column, kind) for column in self.lacks]
        if not len(table.rows):
            message = Sentence("this table has a header and no rows.")
            self.problems.append(table.problem(message, Sentence("Fill it in, or leave it out.")))

    def fault(self, column: str, faults: Iterable[Fault]) -> None:
        """Hold what is wrong with cells of that column."""
        picked = self.picks.columns.get(column)
        self.problems += placed(self.table, picked.name if picked else column, list(faults))

    def cells(self, column: str) -> Cells:
        """The column as it stands; nothing everywhere where the table lacks it."""
        picked = self.picks.columns.get(column)
        return np.full(len(self.table.rows), None, dtype=object) if picked is None else picked.cells

    def texts(self, column: str) -> Cells:
        """Trimmed texts; nothing is NaN."""
        picked = self.picks.columns.get(column)
        if picked is None:
            return np.full(len(self.table.rows), np.nan, dtype=object)
        return names(picked.cells)

    def names(self, column: str, *, required: bool = False) -> pd.Series[str]:
        """The texts as names, and a fault for each that is missing where the column is required."""
        found, picked = self.texts(column), self.picks.columns.get(column)
        if required and picked is not None and not picked.broken:
            self.fault(column, blank_faults(self.table, np.flatnonzero(pd.isna(found))))
        return pd.Series(found, dtype="str")

    def number(self, column: str, *, whole: bool = False) -> NDArray[np.float64]:
        """Numbers that can't be negative; nothing is NaN."""
        if column not in self.picks.columns:
            return np.full(len(self.table.rows), np.nan)
        cells = self.cells(column)
        read = numbers(cells, whole=whole)
        self.fault(column, [*read.faults, *negatives(cells, read.array)])
        return read.array

    def above_zero(self, column: str, *, whole: bool = False) -> NDArray[np.float64]:
        """Numbers above zero; nothing is NaN."""
        values = self.number(column, whole=whole)
        cells = self.cells(column)
        message, remedy = (
            Sentence("zero can't be used here."),
            Sentence("Give a number above zero, or leave it blank."),
        )
        self.fault(
            column,
            [Fault(int(at), text_of(cells[at]), message, remedy) for at in np.flatnonzero(values == 0)],
        )
        return values

    def checked(self, known: Iterable[str]) -> None:
        """Raise all that was found; a misspelt header too, because these records carry no warnings."""
        for header, column in misspelt(self.picks, [name for name in known if name not in self.lacks]):
            message = Sentence("“{header}” is no column of this table.", header=header)
            remedy = Sentence("Rename it to “{column}”, or remove it.", column=column)
            self.problems.append(self.table.problem(message, remedy, column=header))
        if self.problems:
            raise InputError(*self.problems)

    def repeated(self, column: str, keys: pd.Series[Any], first: Callable[[int, int], Fault | None]) -> None:
        """A fault for every row whose key stood in a row before, if `first` finds one."""
        seen: dict[Any, int] = {}
        faults = []
        for at, key in enumerate(keys):
            if key in seen:
                faults.append(first(at, seen[key]))
            elif not (isinstance(key, float) and np.isnan(key)):
                seen[key] = at
        self.fault(column, [fault for fault in faults if fault])


def _post_column(header: str) -> str | None:
    name = folded(header)
    return name if name in POSTS or name.startswith(ORGANIC) else None


def post_rows(table: Table) -> tuple[pd.DataFrame, Origin]:
    """The rows of `Posts` that a table holds, and where they stand.

    Raises:
        InputError: Everything that is wrong with it.
    """
    found = recognised(table.header, table.preamble)
    if found is not None and found.platform.kind == "history":
        raise InputError(no_posts(found, table))
    refuse_others(table, "post", "posts")
    picks = pick(table, _post_column) if found is None else posts_of(found, table)
    if found is None and "post" not in picks.columns and (wrong := misplaced(None, table)):
        raise InputError(wrong)
    table, listing = picks.table, Listing(picks, ["post"], "posts")
    data: dict[str, Any] = {"post": listing.names("post", required=True), "title": listing.names("title")}
    data["channels"] = pd.Series(each(listing.cells("channels"), _channels), dtype=object)
    data |= {column: listing.names(column) for column in ("format", "topic")}
    data["published"] = _published(listing)
    data["status"] = _status(listing)
    data["reason"] = listing.names("reason")
    data["value"] = np.nan_to_num(listing.above_zero("value"), nan=1.0)
    data |= {column: listing.names(column) for column in ("url", "platform_id")}
    for column in sorted(c for c in listing.picks.columns if c.startswith(ORGANIC)):
        data[column] = listing.number(column, whole=found is not None)

    def twice(at: int, before: int) -> Fault:
        name, row = str(data["post"][at]), int(table.rows[before])
        message = Sentence("the post “{post}” already stands in line {row}.", post=name, row=str(row))
        return Fault(at, name, message, Sentence("Keep one row for each post."))

    listing.repeated("post", data["post"], twice)
    listing.checked(POSTS)
    return pd.DataFrame(data), _origin(table, table.rows)


def refuse_others(table: Table, column: str, wanted: str) -> None:
    """Refuse a table that is given in place of another, by the name of what it is.

    Args:
        table: As decoded.
        column: Which names each row of the wanted table only once.
        wanted: Key of `OWN_TABLES`, but the history.

    Raises:
        InputError: It is another of these tables; or a history, which tells money by date, and lacks the column or
            repeats its names.
    """
    if wrong := misgiven(table, wanted):
        raise InputError(wrong)
    own = [folded(name) for name in table.header]
    if not {"date", "spend"} <= set(own):
        return
    called = pd.Series(names(table.cells[own.index(column)])).dropna() if column in own else None
    if called is None or called.duplicated().any():
        asked = OWN_TABLES[wanted]
        message = Sentence(
            "this is a history: it says what was spent when, and {wanted} is asked for.", wanted=asked.said
        )
        raise InputError(table.problem(message, instead(OWN_TABLES["history"], asked)))


def _origin(table: Table, places: NDArray[np.int64]) -> Origin:
    return Origin(table.file, tuple(places.tolist()), cut_off(table))


def _channels(text: str) -> tuple[str, ...]:
    if is_nothing(text):
        return ()
    return tuple(dict.fromkeys(name for part in text.split("|") if (name := tidy(part))))


def _published(listing: Listing) -> NDArray[np.datetime64]:
    days, faults = dates(listing.cells("published"))
    listing.fault("published", faults)
    return days


def _status(listing: Listing) -> pd.Series[str]:
    """Blank is ready."""
    cells = listing.cells("status")
    read = each(cells, lambda text: "ready" if is_nothing(text) else text.casefold())
    listing.fault(
        "status",
        [
            Fault(
                at,
                text_of(cells[at]),
                Sentence("“{value}” is no status.", value=text_of(cells[at])),
                nearest(status, STATUSES),
            )
            for at, status in enumerate(read)
            if status not in STATUSES
        ],
    )
    return pd.Series(read, dtype="str")


def _audience_column(header: str) -> str | None:
    name = folded(header)
    return name if name in AUDIENCES else None


def audience_rows(table: Table) -> tuple[pd.DataFrame, Origin]:
    """The rows of `Audiences` that a table holds, and where they stand; a row that says the same again is left out.

    Raises:
        InputError: Everything that is wrong with it.
    """
    refuse_others(table, "audience", "audiences")
    listing = Listing(pick(table, _audience_column), ["audience"], "audiences")
    rows = pd.DataFrame(
        {
            "audience": listing.names("audience", required=True),
            "channel": listing.names("channel"),
            "size": listing.above_zero("size", whole=True),
            "value": np.nan_to_num(listing.number("value"), nan=1.0),
        }
    )
    again: list[int] = []
    facts = rows[["size", "value"]]

    def disagrees(at: int, before: int) -> Fault | None:
        again.append(at)
        if facts.iloc[at].equals(facts.iloc[before]):
            return None
        name, row = str(rows["audience"][at]), str(table.rows[before])
        message = Sentence(
            "“{audience}” stands in line {row} with another size or value.", audience=name, row=row
        )
        return Fault(at, name, message, Sentence("Keep one row for each audience and channel."))

    keys = rows["audience"].str.cat(rows["channel"].fillna(""), sep="\n")
    listing.repeated("audience", keys, disagrees)
    listing.checked(AUDIENCES)
    kept = rows.drop(index=again)
    return kept.reset_index(drop=True), _origin(table, table.rows[kept.index.to_numpy()])
