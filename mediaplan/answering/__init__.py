"""Files and a brief become a plan: the whole river in one place, for the command line, the browser and batches.

`sources` reads what is there, `settling` looks up the earlier money that rules compare with, `responding` learns what
money buys, and `waiting` plans within a limit of time.
"""

from mediaplan.answering.noticing import noticed
from mediaplan.answering.placing import about
from mediaplan.answering.responding import check_kinds, kinds_of, learn, respond
from mediaplan.answering.sources import Records, Sources, columns_in, read_sources

__all__ = [
    "Records",
    "Sources",
    "about",
    "check_kinds",
    "columns_in",
    "kinds_of",
    "learn",
    "noticed",
    "read_sources",
    "respond",
]
