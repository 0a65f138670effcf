"""The page of a plan that can't be made tells what was noticed of the data, as the page of a plan does."""

from __future__ import annotations

import pytest

pytest.importorskip("streamlit")

from briefs_by_hand import BRIEF, CLASH, history

import mediaplan as mp
from mediaplan.history.reading.reading import File
from mediaplan.ui.drafts import Draft
from mediaplan.ui.loading import Files

TWICE = "rows that repeat an earlier one word for word: 2"
UNKNOWN = '\n[[rule]]\nis = "share"\nchannel = "tiktok"\nat_least = 0.2\n'


def twice() -> bytes:
    """The history by hand with its last two rows twice."""
    rows = history().splitlines()
    return ("\n".join([*rows, *rows[-2:]]) + "\n").encode()


@pytest.mark.parametrize("rule", ["", CLASH, UNKNOWN], ids=["plan", "clash", "unknown name"])
def test_the_page_of_the_plan_warns_of_the_history_with_a_plan_and_without(pages, rule):
    app = pages("en-GB")
    files = Files(history=(File("history.csv", twice()),))
    app.session_state["chosen"], app.session_state["files"] = "own", files
    app.session_state["draft"] = Draft.of(mp.parse_brief(BRIEF + rule).but(data=files.data))
    app = app.switch_page("mediaplan/ui/screens/plan.py").run()
    assert not app.exception, [e.value for e in app.exception]
    assert bool(app.error) is bool(rule)
    shown = "\n".join(each.value for kind in (app.warning, app.markdown) for each in kind)
    assert TWICE in shown.replace("\\", "")
