"""Long searches on the pages: they say how far they are, stop when somebody says so, and leave nothing half done."""

from __future__ import annotations

from threading import Event

import pytest

pytest.importorskip("streamlit")

from briefs_by_hand import BRIEF, history

import mediaplan as mp
from mediaplan.history.reading.reading import File
from mediaplan.planning.making import plan as planned
from mediaplan.planning.patience import Patience, Progress
from mediaplan.ui import loading, searching
from mediaplan.ui.drafts import Draft
from mediaplan.ui.loading import Files, response_of
from mediaplan.ui.searching import Search

COMPARE, PLAN = "mediaplan/ui/screens/compare.py", "mediaplan/ui/screens/plan.py"
STOPPED = mp.StoppedError(mp.Problem(mp.Sentence("the time is over."), mp.Sentence("Wait longer.")))


def clean(app):
    assert not app.exception, [e.value for e in app.exception]
    return app


def test_a_search_that_is_stopped_gives_what_the_engine_had():
    began = Event()

    def make(patience: Patience) -> mp.MediaplanError:
        assert patience.told is not None
        patience.told(Progress(90.0, 100.0))
        began.set()
        assert patience.called_off is not None
        while not patience.called_off():
            pass
        return STOPPED

    search = Search(make)
    assert began.wait(30)
    assert not search.ended(0.01)
    assert search.progress == Progress(90.0, 100.0)
    search.call_off()
    assert search.answer() is STOPPED
    assert search.called_off


def test_a_fault_of_ours_comes_out_where_the_answer_is_asked_for():
    search = Search(lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        search.answer()


@pytest.fixture
def on_sample(pages):
    app = clean(pages("en-GB"))
    app = clean(app.pills(key="field_chosen").set_value("boutique").run())
    asked = app.session_state["draft"].brief()
    contract = mp.Share(channel="instagram", at_least=0.5)
    app.session_state["draft"] = Draft.of(asked.but(rules=(contract,), minimums=None))
    return app


def test_the_page_of_the_plan_stops_a_search_searches_on_and_keeps_only_what_is_whole(on_sample, monkeypatch):
    monkeypatch.setattr(searching, "SILENT", 0.0)
    loading._plans.clear()
    pressed: list[Search] = []
    looked = Search.ended

    def pressing(self: Search, within: float) -> bool:
        if not pressed:  # somebody presses the button while the first search runs
            pressed.append(self)
            self.call_off()
        return looked(self, within)

    def slow(brief, response, *, patience):
        if not pressed or patience.called_off():
            while not patience.called_off():
                pass
            raise STOPPED
        return planned(brief, response, patience=patience)

    monkeypatch.setattr(Search, "ended", pressing)
    monkeypatch.setattr(loading, "plan", slow)
    app = clean(on_sample.switch_page(PLAN).run())
    said = "The search was stopped before there was a plan; nothing was changed."
    assert [e.value for e in app.info] == [said]
    assert loading._plans() == {}
    app = clean(app.button(key="search_on").click().run())
    assert any("No plan under these rules" in e.value for e in app.markdown)
    assert len(loading._plans()) == 1
    assert not [button for button in app.button if button.key in ("search_on", "stop_search")]


def test_the_page_that_compares_shows_how_few_lines_are_enough(pages):
    app = clean(pages("en-GB"))
    files = Files(history=(File("history.csv", history().encode()),))
    asked = mp.parse_brief(BRIEF)
    app.session_state["files"] = files
    app.session_state["draft"] = Draft.of(asked.but(data=files.data))
    app = clean(app.switch_page(COMPARE).run())
    brief = app.session_state["draft"].brief()
    app = clean(app.button(key="ask_simplified").click().run())
    simple = mp.fewest_lines(brief, response_of(brief, files))
    assert len(simple.curve) > 1
    assert str(simple.sentence()) in " ".join(e.value for e in app.markdown).replace("\\", "")


@pytest.mark.parametrize(
    ("ask", "name"),
    [
        ("ask_frontier", "frontier"),
        ("ask_simplified", "fewest_lines"),
        ("ask_near_ties", "near_ties"),
        ("ask_explanation", "explain"),
    ],
)
def test_what_plans_many_times_can_be_stopped_and_goes_on(on_sample, monkeypatch, ask, name):
    monkeypatch.setattr(searching, "SILENT", 0.0)
    loading._answers.clear()
    whole, looked = getattr(loading, name), Search.ended
    pressed: list[Search] = []

    def pressing(self: Search, within: float) -> bool:
        if not pressed:  # somebody presses the button while the first search runs
            pressed.append(self)
            self.call_off()
        return looked(self, within)

    def slow(brief, response, *, patience, **options):
        if not pressed or patience.called_off():
            while not patience.called_off():
                pass
            raise STOPPED
        return whole(brief, response, patience=patience, **options)

    monkeypatch.setattr(Search, "ended", pressing)
    monkeypatch.setattr(loading, name, slow)
    app = clean(on_sample.switch_page(COMPARE).run())
    app = clean(app.button(key=ask).click().run())
    assert "The search was stopped: this is what was found by then." in [e.value for e in app.info]
    assert loading._answers() == {}
    on = next(button for button in app.button if str(button.key).endswith("_on"))
    app = clean(on.click().run())
    assert len(loading._answers()) == 1
    assert "The search was stopped: this is what was found by then." not in [e.value for e in app.info]
    assert not [button for button in app.button if str(button.key).endswith("_on")]
