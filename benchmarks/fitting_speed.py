"""How long does a fit take, and how much memory?

    python benchmarks/fitting_speed.py --rows 500 200000 2000000

Histories are invented: 26 weeks, as many posts as keep 40 rows for each, money and counts by chance. Printed: rows,
lines ever bought, lines possible, seconds of processor time of the fit from scratch (cold) and of one that begins where
a fit without the last week ended (warm), and the most memory that the process held since it began (rows are taken in
rising order, so that it is that of the largest yet). One thread.
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

from mediaplan.history.records.records import DIMENSIONS, History
from mediaplan.response.fitting import fit

WEEKS, CHANNELS, AUDIENCES, SLOTS = 26, 6, 20, 12
ROWS_OF_A_POST = 40
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


def before_last_week(history: History) -> History:
    """What was known a week earlier."""
    rows = history.rows
    return replace(history, rows=rows[rows["date"] < rows["date"].max()].reset_index(drop=True))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--rows", type=int, nargs="+", default=[500, 200_000], help="sizes of histories")
    options = asked.parse_args()
    fit(invented(100))  # what is loaded once is not counted
    print(f"{'rows':>10}{'lines seen':>12}{'possible':>14}{'cold':>9}{'warm':>9}{'megabytes':>11}")
    for rows in sorted(options.rows):
        history = invented(rows)
        earlier = fit(before_last_week(history))
        began = time.process_time()
        response = fit(history)
        seconds = time.process_time() - began
        began = time.process_time()
        fit(history, warm=earlier)
        warm = time.process_time() - began
        possible = np.prod([len(response.names[d]) for d in DIMENSIONS], dtype=np.int64)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / UNIT
        print(
            f"{rows:>10,}{len(response.seen):>12,}{possible:>14,}{seconds:>9.2f}{warm:>9.2f}{memory:>11,.0f}"
        )


if __name__ == "__main__":
    main()
