"""How long does a fit take, and how much memory?

    python benchmarks/fitting_speed.py --rows 500 200000 2000000
    python benchmarks/fitting_speed.py --rows 500 --clicks
    python benchmarks/fitting_speed.py --rows --tables 200000

Histories are invented: 26 weeks, as many posts as keep 40 rows for each, money and counts by chance. Printed: rows,
lines ever bought, lines possible, seconds of processor time of the fit from scratch (cold) and of one that begins where
a fit without the last week ended (warm), and the most memory that the process held since it began (rows are taken in
rising order, so that it is that of the largest yet). One thread. `--clicks` counts fifteen clicks or so for each result
as well, which are fitted first. `--tables` gives a history of that many rows as three tables of the same money, post by
channel, by audience and by slot, and prints the rows of each.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy: one thread is what is promised

import argparse
import resource
import sys
import time
from dataclasses import replace

import numpy as np
import pandas as pd

from mediaplan.history.reading.reading import read_history
from mediaplan.history.records.records import DIMENSIONS, History
from mediaplan.response.fitting import fit
from mediaplan.response.responses import Response

WEEKS, CHANNELS, AUDIENCES, SLOTS = 26, 6, 20, 12
ROWS_OF_A_POST = 40
CLICKS = 15.0
"""For each result, where clicks are counted."""

UNIT = 1e6 if sys.platform == "darwin" else 1e3
"""Of the memory that the system tells, per megabyte."""


def invented(rows: int, seed: int = 1) -> History:
    """A history of that many rows."""
    random = np.random.default_rng(seed)
    sizes = {
        "post": max(rows // ROWS_OF_A_POST, 3),
        "channel": CHANNELS,
        "audience": AUDIENCES,
        "slot": SLOTS,
    }
    codes = {d: random.integers(0, sizes[d], rows) for d in DIMENSIONS}
    effect = sum(random.normal(0.0, 0.4, sizes[d])[codes[d]] for d in DIMENSIONS)
    spend = np.round(random.gamma(0.5, 60.0, rows) + 1.0, 2)
    mean = 0.25 * spend / (1.0 + spend / 80.0) * np.exp(effect)
    names = {d: np.array([f"{d}{i}" for i in range(sizes[d])], dtype=object)[codes[d]] for d in DIMENSIONS}
    weeks = random.integers(0, WEEKS, rows)
    unknown = np.full(rows, np.nan)
    table = {
        "date": pd.Timestamp("2026-01-05") + pd.to_timedelta(7 * weeks, unit="D"),
        "days": 7,
        **names,
        "hour": unknown,
        "spend": spend,
        **dict.fromkeys(("impressions", "reach", "clicks"), unknown),
        "results:lead": random.poisson(mean * random.gamma(6.0, 1.0 / 6.0, rows)).astype(np.float64),
    }
    return History(pd.DataFrame(table), "EUR", ("lead",))


def clicked(history: History, seed: int = 1) -> History:
    """The same, with clicks counted as well."""
    mean = CLICKS * (history.rows["results:lead"].to_numpy() + 0.5)
    clicks = np.random.default_rng(seed).poisson(mean).astype(np.float64)
    return replace(history, rows=history.rows.assign(clicks=clicks))


def before_last_week(history: History) -> History:
    """What was known a week earlier."""
    rows = history.rows
    return replace(history, rows=rows[rows["date"] < rows["date"].max()].reset_index(drop=True))


def by_post(history: History) -> History:
    """The same as three tables of the same money, as platforms export it."""
    figures = ["spend", "results:lead"]
    tables = (
        history.rows.groupby(["date", "days", "post", other], as_index=False)[figures].sum()
        for other in DIMENSIONS
        if other != "post"
    )
    return read_history(*tables, currency=history.currency)


def timed(history: History, warm: Response | None = None) -> tuple[Response, float]:
    """A fit, and its seconds of processor time."""
    began = time.process_time()
    return fit(history, warm=warm), time.process_time() - began


def megabytes() -> float:
    """The most memory that the process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / UNIT


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--rows", type=int, nargs="*", default=[500, 200_000], help="sizes of histories")
    asked.add_argument("--clicks", action="store_true", help="count clicks as well")
    asked.add_argument(
        "--tables", type=int, nargs="*", default=[], help="sizes of those told by three tables"
    )
    options = asked.parse_args()
    fit(invented(100))  # what is loaded once is not counted
    if options.rows:
        print(f"{'rows':>10}{'lines seen':>12}{'possible':>14}{'cold':>9}{'warm':>9}{'megabytes':>11}")
    for rows in sorted(options.rows):
        history = clicked(invented(rows)) if options.clicks else invented(rows)
        earlier = fit(before_last_week(history))
        response, seconds = timed(history)
        _, warm = timed(history, earlier)
        possible = np.prod([len(response.names[d]) for d in DIMENSIONS], dtype=np.int64)
        seen = len(response.seen)
        print(f"{rows:>10,}{seen:>12,}{possible:>14,}{seconds:>9.2f}{warm:>9.2f}{megabytes():>11,.0f}")
    for rows in sorted(options.tables):
        history = by_post(invented(rows))
        _, seconds = timed(history)
        sizes = " + ".join(f"{len(table):,}" for table in (history.rows, *history.others))
        print(f"three tables of {sizes} rows: {seconds:.2f} s, {megabytes():,.0f} MB")


if __name__ == "__main__":
    main()
