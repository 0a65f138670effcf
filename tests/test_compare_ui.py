"""The page that compares, without a browser: it shows what the frontier, the scenarios and the reasons say."""

from __future__ import annotations

import pytest

pytest.importorskip("streamlit")

import mediaplan as mp
from mediaplan.ui.drafts import Draft
from mediaplan.ui.loading import explanation_of, frontier_of, plan_of
from mediaplan.words import Words

COMPARE = "mediaplan/ui/screens/compare.py"
SCENARIO = {"name": "half", "budget": "100000"}


def clean(app):
    assert not app.exception, [e.value for e in app.exception]
    return app


def said(app) -> str:
    kinds = ("title", "subheader", "markdown", "info")
    return " ".join(e.value for kind in kinds for e in getattr(app, kind)).replace("\\", "")


def test_without_data_the_page_leads_to_them(pages):
    app = clean(clean(pages("fr-FR")).switch_page(COMPARE).run())
    assert "Comparer" in said(app)
    assert "Choisissez d’abord vos données." in said(app)


def test_the_page_shows_scenarios_the_curve_and_the_reasons(pages):
    app = clean(pages("en-GB"))
    app = clean(app.pills(key="field_chosen").set_value("boutique").run())
    asked = app.session_state["draft"].brief()
    contract = mp.Share(channel="instagram", at_least=0.5, why="contract")
    plain = asked.but(rules=(contract,), minimums=None, scenarios=(SCENARIO,))
    app.session_state["draft"] = Draft.of(plain)
    app = clean(app.switch_page(COMPARE).run())
    brief, taken = app.session_state["draft"].brief(), app.session_state["files"]
    assert brief.scenarios == (SCENARIO,)
    half = plan_of(mp.scenarios_of(brief)[0], taken)
    row = app.dataframe[0].value.iloc[1]
    assert row["Scenario"] == "half"
    assert row["Results"] == Words("en").number(half.totals.results.mean, 0)
    app = clean(app.button(key="ask_frontier").click().run())
    assert str(frontier_of(brief, taken, Words("en")).sentence()) in said(app)
    app = clean(app.button(key="ask_explanation").click().run())
    assert str(explanation_of(brief, taken, Words("en")).rules[0].sentence()) in said(app)
