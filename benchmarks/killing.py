"""Imports killed at random moments, on both databases: what stays must be all of an import or nothing.

    python benchmarks/killing.py [--kills 60]

Runs the tests of crashes with that many kills each; without a PostgreSQL server on the machine on SQLite alone.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1] / "tests"
sys.path.insert(0, str(TESTS))

import test_workspace_crashes as crashes  # noqa: E402 - the tests are no package


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=60)
    crashes.KILLS = parser.parse_args().kills
    return pytest.main(
        [str(TESTS / "test_workspace_crashes.py"), "-v", "--durations=0", "-p", "no:cacheprovider"]
    )


if __name__ == "__main__":
    sys.exit(main())
