"""What happened, and who was concerned: the History, the Posts and the Audiences, each valid from birth."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mediaplan.words import Sentence

if TYPE_CHECKING:
    from mediaplan.history.records.retelling import Retold

DIMENSIONS = ("post", "channel", "audience", "slot")
"""What a line is made of, in the order in which lines are sorted."""

COUNTS = ("impressions", "reach", "clicks")
RESULT_PREFIX = "results:"


@dataclass(frozen=True, eq=False)
class History:
    """What was spent and what came of it: one row per finest breakdown that the source has.

    Attributes:
        rows: One row each, index 0…n-1, columns
            `date` (datetime64, first day), `days` (int ≥ 1),
            `post`, `channel`, `audience`, `slot` (text; NaN = not broken down by it),
            `hour` (float 0–23; NaN = not broken down by it),
            `spend` (float ≥ 0, major units of `currency`),
            `impressions`, `reach`, `clicks` (float ≥ 0; NaN = not reported),
            and `results:<kind>` for each of `kinds` (float ≥ 0; NaN = not reported). Each money stands once.
            Where `others` tell of it too, a column `group` (int) says of which money a row is a part.
        currency: ISO 4217 code that `spend` is in.
        kinds: Kinds of result counted, sorted; `("click",)` where the source has clicks only.
        warnings: What was read but deserves a word (rows left out are counted and named here).
        sources: Names of the files read.
        others: Further tables of the same money in other breakdowns, with the columns of `rows`, those first that
            tell most; never to be added to it.
        retold: What older exports had said of rows that newer ones tell again; the newer ones count.
        about: What names of ads say of posts: by fact (`format`, `topic`) and post.
    """

    rows: pd.DataFrame
    currency: str
    kinds: tuple[str, ...]
    warnings: tuple[Sentence, ...] = ()
    sources: tuple[str, ...] = ()
    others: tuple[pd.DataFrame, ...] = ()
    retold: tuple[Retold, ...] = ()
    about: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that any row of any table is broken down by; hours count as `slot`."""
        tables = (self.rows, *self.others)
        by_hour = any(rows["hour"].notna().any() for rows in tables)
        told = {d for d in DIMENSIONS if any(rows[d].notna().any() for rows in tables)}
        return tuple(d for d in DIMENSIONS if d in told or (d == "slot" and by_hour))

    @property
    def first(self) -> date:
        """First day of any row."""
        return pd.Timestamp(self.rows["date"].min()).date()

    @property
    def last(self) -> date:
        """Last day of any row: what `as_of` is where nobody says otherwise."""
        ends = self.rows["date"] + pd.to_timedelta(self.rows["days"] - 1, unit="D")
        return pd.Timestamp(ends.max()).date()

    @property
    def digest(self) -> str:
        """SHA-256 of all rows and the currency; the order of rows does not matter."""
        total = hashlib.sha256()
        for rows in (self.rows, *self.others):
            each = pd.util.hash_pandas_object(rows, index=False).to_numpy()
            total.update(np.sort(each).tobytes())
        total.update(f"{self.currency}{list(self.rows.columns)}".encode())
        for content in sorted(each.content for each in self.retold):
            total.update(content)
        return total.hexdigest()


@dataclass(frozen=True)
class Origin:
    """Where the rows of a table stand, for what is found wrong with them later.

    Attributes:
        file: The file's name; `None` where there is no file.
        places: For each row its line as a spreadsheet counts; empty where that is not known.
        warnings: What was read but deserves a word.
    """

    file: str | None = None
    places: tuple[int, ...] = ()
    warnings: tuple[Sentence, ...] = ()

    def place(self, at: int) -> dict[str, Any]:
        """File and line of the row at that position, as a `Problem` takes them."""
        return {"file": self.file, "row": self.places[at] if at < len(self.places) else None}


@dataclass(frozen=True, eq=False)
class Posts:
    """The posts that can be sponsored.

    Attributes:
        rows: One row per post, index 0…n-1, columns `post` (unique), `title`, `channels` (tuple of names, empty =
            all), `format`, `topic` (text or NaN), `published` (datetime64 or NaT), `status` (`ready`, `hold`,
            `ended`), `reason`, `value` (float > 0, default 1), `url`, `platform_id` (text or NaN), and any
            `organic_*` (float ≥ 0 or NaN).
        origin: Where the rows stand.
    """

    rows: pd.DataFrame
    origin: Origin = Origin()

    @property
    def names(self) -> tuple[str, ...]:
        """All posts' names."""
        return tuple(self.rows["post"])


@dataclass(frozen=True, eq=False)
class Audiences:
    """The audiences as the social-media manager names them.

    Attributes:
        rows: One row per audience and channel, index 0…n-1, columns `audience`, `channel` (text; NaN = all),
            `size` (people, float > 0 or NaN), `value` (float ≥ 0 of one result; default 1).
        origin: Where the rows stand.
    """

    rows: pd.DataFrame
    origin: Origin = Origin()

    @property
    def names(self) -> tuple[str, ...]:
        """All audiences' names, each once, in order of appearance."""
        return tuple(dict.fromkeys(self.rows["audience"]))


def belongs(name: str | None, wanted: str) -> bool:
    """Whether channel `name` is `wanted` or one of its placements: `instagram/stories` belongs to `instagram`."""
    return name is not None and (name == wanted or name.startswith(wanted + "/"))
