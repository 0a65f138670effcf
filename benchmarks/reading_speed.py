"""How fast exports are read: one large file against pandas by itself, a folder of parts, and a thousand small files.

    python benchmarks/reading_speed.py [--rows 3000000] [--files 1000] [--parts 300]

The large file is one export by ad, post, channel, audience and hour, of three million rows (some 170 MB of CSV). It is read
by `mediaplan.read_history` and, as the plainest thing that does the same work, by pandas in pieces of 200 000 rows with
each piece's money and results added up by the same names. Each reading runs in a process of its own: seconds of its
processor (others may use the machine), rows per second, and the most memory that it held.

The parts are the same rows as a folder of files, a day each: CSV, then Parquet, read as a history and checked.

The small files are daily exports of one account; they are read in calls of growing size, which take linear time
where the last column stays.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

KEYS = ["date", "post", "channel", "audience", "hour"]
FIGURES = ["spend", "impressions", "clicks", "results:lead"]
PIECE = 200_000
SHARES = (0.1, 0.3, 1.0)
"""Of the small files, each call in turn."""


def export(rows: int, days: int = 90, posts: int = 12) -> pd.DataFrame:
    """An account's rows by ad and hour, with money in whole cents."""
    chance = np.random.default_rng(1)
    first = np.datetime64("2025-10-01")
    return pd.DataFrame(
        {
            "date": np.datetime_as_string(first + np.sort(chance.integers(0, days, rows))),
            "ad_id": chance.integers(10**11, 10**12, rows),
            "post": [f"post-{n:03d}" for n in chance.integers(0, posts, rows).tolist()],
            "channel": np.array(["facebook/feed", "facebook/stories", "instagram/feed", "instagram/reels"])[
                chance.integers(0, 4, rows)
            ],
            "audience": np.array(["18-24", "25-34", "35-44", "45-54"])[chance.integers(0, 4, rows)],
            "hour": chance.integers(0, 24, rows),
            "spend": np.round(chance.gamma(2, 2, rows), 2),
            "impressions": chance.poisson(400, rows),
            "clicks": chance.poisson(6, rows),
            "results:lead": chance.poisson(0.4, rows),
        }
    )


def by_pandas(path: Path) -> float:
    """All money, as pandas alone would add it up."""
    pieces = [
        piece.groupby(KEYS)[FIGURES].sum()
        for piece in pd.read_csv(path, chunksize=PIECE, usecols=[*KEYS, *FIGURES])
    ]
    return float(pd.concat(pieces).groupby(level=list(range(len(KEYS)))).sum()["spend"].sum())


def by_mediaplan(path: Path) -> float:
    from mediaplan.history.reading.reading import read_history

    return float(read_history(path, currency="EUR").rows["spend"].sum())


def checking(path: Path) -> float:
    from mediaplan.history.checking.checking import checked

    return float(checked(path, currency="EUR").totals.spend["EUR"])


def pieces_only(path: Path) -> float:
    """All money, nothing added up by name: pandas' reading and no more."""
    return float(sum(piece["spend"].sum() for piece in pd.read_csv(path, chunksize=PIECE)))


WAYS = {
    "pandas, pieces only": pieces_only,
    "pandas, added up": by_pandas,
    "mediaplan": by_mediaplan,
    "check": checking,
}


def one(way: str, path: Path) -> None:
    """What a process of its own does."""
    import mediaplan.history.reading.reading  # noqa: F401 - what is loaded before is not measured

    clock, began = time.perf_counter(), time.process_time()
    money = WAYS[way](path)
    spent, wall = time.process_time() - began, time.perf_counter() - clock
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{spent:.2f} {wall:.2f} {memory:.0f} {money:.2f}")


def large(rows: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "large.csv"
        # In a process of its own, whose memory the readings would inherit.
        _alone("--write", str(path), "--rows", str(rows), "--parts", "0")
        print(f"{rows:,} rows, {path.stat().st_size / 2**20:.0f} MiB")
        print(f"{'':22s}CPU s  clock s    rows/s (CPU)   memory MiB  all money")
        for way in WAYS:
            spent, wall, memory, money = map(float, _alone("--way", way, "--file", str(path)).split())
            print(f"{way:20s}{spent:7.2f}  {wall:7.2f}  {rows / spent:14,.0f}   {memory:10.0f}  {money:,.2f}")


def parts(rows: int, count: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        for suffix in ("csv", "parquet"):
            folder = Path(name) / suffix
            _alone("--write", str(folder), "--rows", str(rows), "--parts", str(count))
            print(f"{rows:,} rows in {count} files ({suffix})")
            for way in ("mediaplan", "check"):
                spent, wall, memory, money = map(float, _alone("--way", way, "--file", str(folder)).split())
                print(
                    f"{way:20s}{spent:7.2f}  {wall:7.2f}  {rows / spent:14,.0f}   {memory:10.0f}  {money:,.2f}"
                )


def written(path: Path, rows: int, count: int) -> None:
    """The large export: one file, or a folder of parts of some days each."""
    if not count:
        export(rows).to_csv(path, index=False)
        return
    path.mkdir()
    for at, (_, part) in enumerate(export(rows, days=count).groupby("date")):
        file = path / f"part-{at:05d}.{path.name}"
        part.to_csv(file, index=False) if path.name == "csv" else part.to_parquet(file, index=False)


def _alone(*arguments: str) -> str:
    """What this script prints in a process of its own."""
    done = subprocess.run([sys.executable, __file__, *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def small(files: int) -> None:
    from mediaplan.history.reading.reading import read_history

    with tempfile.TemporaryDirectory() as name:
        table = export(40, days=1).drop(columns="date").drop_duplicates(KEYS[1:])
        paths = []
        for number in range(files):
            path = Path(name) / f"day-{number:05d}.csv"
            mine = table.assign(spend=table["spend"] + number)
            mine.insert(0, "date", str(date(2023, 1, 1) + timedelta(days=number)))
            mine.to_csv(path, index=False)
            paths.append(path)
        print("files   CPU s  ms per file")
        for share in SHARES:
            mine_and_before = paths[: round(share * files)]
            began = time.process_time()
            read_history(*mine_and_before, currency="EUR")
            spent = time.process_time() - began
            print(f"{len(mine_and_before):5d}  {spent:6.1f}  {1000 * spent / len(mine_and_before):11.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--parts", type=int, default=300)
    parser.add_argument("--way", choices=list(WAYS), help="internal: one reading in this process")
    parser.add_argument("--file", type=Path, help="internal: of this file")
    parser.add_argument("--write", type=Path, help="internal: the large file there")
    options = parser.parse_args()
    if options.write:
        written(options.write, options.rows, options.parts)
        return
    if options.way:
        one(options.way, options.file)
        return
    if options.rows:
        large(options.rows)
    if options.rows and options.parts:
        parts(options.rows, options.parts)
    if options.files:
        small(options.files)


if __name__ == "__main__":
    main()
