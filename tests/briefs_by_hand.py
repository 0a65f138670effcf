"""Small data and briefs, written by hand, for tests of the command line and of batches."""

from __future__ import annotations

from itertools import product
from pathlib import Path

POSTS = ("cartable", "uniforme", "chaussures")
CHANNELS = ("facebook", "instagram")
AUDIENCES = ("parents", "jeunes")

BRIEF = """
name = "Rentrée"
currency = "XOF"
budget = 60_000
flight = { start = 2026-11-30, days = 14 }
data = { history = ["history.csv"] }
"""

FEWER = '\n[[rule]]\nis = "each line"\nor_zero = true\nat_least = 5_000\nstep = 500\n'
CLASH = """
[[rule]]
is = "spend"
channel = "facebook"
at_least = 50_000
why = "contrat annuel"

[[rule]]
is = "spend"
channel = "instagram"
at_least = 30_000
why = "ouverture du compte"
"""
"""Minimums that need 80,000 together: more than the budget of `BRIEF`."""


def history(weeks: int = 4) -> str:
    """A CSV history: each of 12 lines in each week, Facebook and parents better than the others."""
    rows = ["date,days,channel,audience,post,spend,results:lead"]
    for week, (post, channel, audience) in product(range(weeks), product(POSTS, CHANNELS, AUDIENCES)):
        spend = 2000 + 500 * ((week + POSTS.index(post)) % 3)
        leads = 4 + 3 * (channel == "facebook") + 4 * (audience == "parents") + (week + len(post)) % 3
        rows.append(f"2026-10-{5 + 7 * week:02d},7,{channel},{audience},{post},{spend},{leads}")
    return "\n".join(rows) + "\n"


FAULTY = """\
date,days,channel,audience,post,spend,results:lead,currency
2026-10-05,7,facebook,parents,cartable,2000,9,XOF
31/02/2026,7,facebook,parents,cartable,2000,9,XOF
2026-10-12,7,facebook,parents,cartable,-2000,9,XOF
2026-10-19,7,facebook,parents,cartable,beaucoup,9,XOF
2026-10-26,7,facebook,parents,cartable,2000,-3,XOF
2026-11-02,7,facebook,parents,cartable,2000,9,XOXO
"""
"""A history with a fault in each row but the first: a date, two amounts, a count, a currency."""


def folder(path: Path, **briefs: str) -> Path:
    """Write the history and the briefs (name -> text) into a folder; the folder."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "history.csv").write_text(history(), encoding="utf-8")
    for name, text in briefs.items():
        (path / f"{name}.toml").write_text(text, encoding="utf-8")
    return path
