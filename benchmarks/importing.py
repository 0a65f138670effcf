"""How fast files are imported into a workspace, and whether the time grows with the rows alone.

    python benchmarks/importing.py [--files 1000] [--rows 1000] [--workspace URL]

Writes that many exports of that many rows (half a day of an account each, so that none repeats another) into a temporary
folder, imports them in calls of growing size into an empty SQLite file (or the database named), and prints for each call
the rows, the seconds of the processor for reading and for writing (not the clock's: others may use the machine), and
the rows per second. Growth is linear where the last column stays.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from mediaplan.workspace.readings import Given
from mediaplan.workspace.workspaces import open_workspace

AT = datetime.fromisoformat("2026-11-22T12:00:00")
SHARES = (0.1, 0.2, 0.3, 0.4)
"""Of all files, each call in turn."""


def export(folder: Path, number: int, rows: int) -> Path:
    """One file: a day of two hundred posts on all hours of a channel, as many rows as asked."""
    chance = np.random.default_rng(number)
    day = date(2023, 1, 1) + timedelta(days=number)
    at = np.arange(rows)
    spend, clicks = chance.gamma(2, 3, rows).round(2), chance.poisson(8, rows)
    lines = [
        f"{day},post-{p},facebook/feed,audience-{a},{h},{s},{100 * c},{c},{c // 5}"
        for p, a, h, s, c in zip(
            at % 200, at // 200 % 9, at % 24, spend.tolist(), clicks.tolist(), strict=True
        )
    ]
    path = folder / f"export-{number:05d}.csv"
    head = "date,post,channel,audience,hour,spend,impressions,clicks,results:lead\n"
    path.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--workspace")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [export(folder, number, options.rows) for number in range(options.files)]
        workspace = open_workspace(options.workspace or str(folder / "benchmark.sqlite"), make=True)
        print("files  rows before  rows     reading s  writing s  rows/s written  rows/s in all")
        done = 0
        for share in SHARES:
            mine = paths[done : done + round(share * len(paths))]
            given = Given(history=tuple(mine), currency="EUR")
            began = time.process_time()
            readings = workspace.read("benchmark", given)
            read = time.process_time()
            workspace.keep("benchmark", readings, given, at=AT)
            kept = time.process_time()
            rows = sum(len(reading.rows) for reading in readings)
            print(
                f"{len(mine):5d}  {done * options.rows:11,d}  {rows:7,d}  {read - began:9.1f}  {kept - read:9.1f}"
                f"  {rows / (kept - read):14,.0f}  {rows / (kept - began):13,.0f}"
            )
            done += len(mine)
        began = time.process_time()
        again = workspace.keep("benchmark", readings, given, at=AT)
        print(
            f"the last call again: {sum(each.new for each in again)} new, {time.process_time() - began:.1f} s"
        )
        workspace.close()


if __name__ == "__main__":
    main()
