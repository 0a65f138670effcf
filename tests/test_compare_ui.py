"""The page that compares, without a browser: it shows what the frontier, the scenarios and the reasons say."""

from __future__ import annotations

import sys

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


def test_a_scenario_without_a_plan_tells_its_clash_with_every_repair(pages):
    app = clean(pages("en-GB"))
    app = clean(app.pills(key="field_chosen").set_value("boutique").run())
    asked = app.session_state["draft"].brief()
    contract = mp.Share(channel="instagram", at_least=0.5, why="contract")
    clash = {"name": "off", "add_rule": [{"is": "hold", "channel": "instagram"}]}
    app.session_state["draft"] = Draft.of(asked.but(rules=(contract,), minimums=None, scenarios=(clash,)))
    app = clean(app.switch_page(COMPARE).run())
    brief, taken = app.session_state["draft"].brief(), app.session_state["files"]
    refusal = plan_of(mp.scenarios_of(brief)[0], taken)
    assert isinstance(refusal, mp.NoPlanError)
    shown = said(app)
    assert "**off**" in shown
    assert len(refusal.repairs) > 1
    for repair in refusal.repairs:
        assert str(repair.change)[1:] in shown
    assert str(refusal.mended()) in shown


def test_repairs_that_are_all_needed_are_not_offered_as_alternatives(monkeypatch):
    # The page stands for the program while it runs, and workers that are started later would run it again.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])

    def page():
        import mediaplan as mp
        from mediaplan.errors import Conflict, Repair
        from mediaplan.ui.faults import show_refusal
        from mediaplan.words import Sentence, Words

        rules = tuple(Sentence("{rule}", rule=name) for name in ("one", "other"))
        conflicts = tuple(Conflict((rule,), Sentence("have 1, need 2")) for rule in rules)
        repairs = tuple(Repair(Sentence("drop {rule}", rule=rule), rule, "1", "0", 1.0) for rule in rules)
        show_refusal(
            Words("en"), mp.NoPlanError(conflicts, repairs, together=True, more=True), lambda _: None
        )

    from streamlit.testing.v1 import AppTest

    shown = " ".join(e.value for e in AppTest.from_function(page).run().markdown)
    assert "These changes together" in shown
    assert "more clashes" in shown
    assert "Any one" not in shown
