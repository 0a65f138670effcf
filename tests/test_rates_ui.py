"""A rate card alone, on the pages: read, asked about, and planned, the same as by the commands."""

from __future__ import annotations

import pytest

pytest.importorskip("streamlit")

import mediaplan as mp
from mediaplan.answering import respond
from mediaplan.history.reading.reading import File
from mediaplan.ui.drafts import Draft
from mediaplan.ui.loading import Files, read

CARD = b"post,channel,cost,results,up_to\nspot,radio,900,1,20\nspot,tv,2000,3,5\n"
BRIEF = """
name = "Radio"
currency = "EUR"
budget = 12_000
flight = { start = 2026-11-30, days = 14 }
"""


def clean(app):
    assert not app.exception, [e.value for e in app.exception]
    return app


def test_a_rate_card_without_a_history_gives_a_plan(pages):
    app = clean(pages("en-GB"))
    files = Files(rates=File("card.csv", CARD))
    app.session_state["chosen"] = "own"
    app.session_state["files"] = files
    app.session_state["draft"] = Draft.of(mp.parse_brief(BRIEF).but(data=files.data))
    app = clean(app.run())
    assert any("A rate card alone" in e.value for e in app.caption)
    app = clean(app.switch_page("mediaplan/ui/screens/brief.py").run())
    brief = app.session_state["draft"].brief()
    app = clean(app.switch_page("mediaplan/ui/screens/plan.py").run())
    assert [e.value for e in app.title] == ["Radio"]
    best = mp.plan(brief, respond(brief, read(brief, files)))
    assert best.objective == pytest.approx(5 * 3 + 2_000 / 900)  # the five spots on television, then radio
    assert any("No plan under these rules" in e.value for e in app.markdown)


@pytest.mark.parametrize("page", ["diagnosis", "backtest"])
def test_with_a_rate_card_alone_pages_about_the_past_ask_for_a_history(pages, page):
    app = clean(pages("en-GB"))
    app.session_state["files"] = Files(rates=File("card.csv", CARD))
    app = clean(app.switch_page(f"mediaplan/ui/screens/{page}.py").run())
    assert "A rate card alone tells no past" in " ".join(info.value for info in app.info)
