"""What the tests of a workspace keep in it: an export, a newer one, a foreign one and a plan."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from mediaplan.history.files.sources import File
from mediaplan.workspace.readings import Given

AT = datetime.fromisoformat("2026-11-22T12:00:00")
OCTOBER = """date,channel,spend,clicks,results:lead
2026-10-01,facebook,10.25,7,1
2026-10-02,facebook,20,8,
2026-10-03,facebook,30.5,9,3
2026-10-03,instagram,5,2,1
"""
LATER = """date,channel,spend,clicks,results:lead
2026-10-02,facebook,20,8,2
2026-10-03,facebook,30.75,9,4
2026-10-03,instagram,5,2,1
2026-10-04,facebook,40,9,5
"""
"""A newer export: the results of two days came in late, one day is new."""

FOREIGN = "day,cost,conversions\n2026-10-01,10,2\n"
MAPPING = {
    "file": "*tiktok*",
    "date": "day",
    "spend": "cost",
    "results:lead": "conversions",
    "channel": {"is": "tiktok"},
}

DOCUMENT = {
    "schema": "mediaplan/plan/1",
    "name": "Rentrée",
    "currency": "XOF",
    "budget": "10",
    "spent": "9",
    "lines": [],
    "totals": {"results": {"mean": 3.5}},
}


def take(workspace, *files, client="boutique", **given):
    """Import texts (name -> content as files) as history; more as `Given` takes it."""
    sources = tuple(File(name, text.encode()) for name, text in files)
    asked = Given(history=sources, **given)
    return workspace.keep(client, workspace.read(client, asked), asked, at=AT)


def rows(workspace, client="boutique", currency="EUR"):
    return workspace.records(client, currency).history.rows


def same(found, expected):
    pd.testing.assert_frame_equal(found, expected, check_exact=True)
