"""Broken exports by the thousand: what is read, what is refused, the slowest file and the highest memory.

python benchmarks/fuzz_reading.py --files 10000 --seed 1
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from mutated_exports import judged, mutants

SLOWEST = 10.0
"""Seconds after which a file counts as a hang."""

MOST_MEMORY = 2**30
"""Bytes that the process may hold at the most."""


def main() -> int:
    """Read so many broken files; 1 if any of them brought a fault, a hang or too much memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    outcomes = {"read": 0, "refused": 0, "fault": 0, "slow": 0}
    slowest, began = (0.0, ""), time.perf_counter()
    for name, content in mutants(options.seed, options.files):
        start = time.perf_counter()
        try:
            outcomes[judged(content)] += 1
        except Exception:  # noqa: BLE001 - every fault is counted and shown
            outcomes["fault"] += 1
            print(name, traceback.format_exc(limit=-4), sep="\n")
        spent = time.perf_counter() - start
        outcomes["slow"] += spent > SLOWEST
        slowest = max(slowest, (spent, name))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"files {options.files}, {outcomes}, {time.perf_counter() - began:.0f} s in all")
    print(f"slowest {slowest[0]:.2f} s ({slowest[1]}), memory {memory / 2**20:.0f} MiB at the most")
    return int(bool(outcomes["fault"] or outcomes["slow"] or memory > MOST_MEMORY))


if __name__ == "__main__":
    sys.exit(main())
