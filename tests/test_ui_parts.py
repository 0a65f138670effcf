"""What the pages are made of, without a browser: the form's drafts, figures as people type them, files."""

from __future__ import annotations

import pytest

pytest.importorskip("streamlit")

from mediaplan.brief.briefs import Brief
from mediaplan.brief.reading import parse_brief
from mediaplan.brief.rules import EachLine, Share, Spend
from mediaplan.brief.writing import brief_toml
from mediaplan.errors import InputError, NoPlanError
from mediaplan.money import Money
from mediaplan.slots import Slot
from mediaplan.ui.budgets import budgets_around
from mediaplan.ui.drafts import Draft
from mediaplan.ui.editing import edited
from mediaplan.ui.loading import Files, plan_of
from mediaplan.ui.markup import escaped
from mediaplan.ui.repairing import repaired
from mediaplan.ui.rows import SlotRow
from mediaplan.ui.samples import NAMES, sample_briefs, sample_files
from mediaplan.ui.typed import percent, plain, share, spans, written
from mediaplan.words import Words


@pytest.mark.parametrize("sample", sorted(NAMES))
def test_the_form_gives_back_every_brief_that_it_shows(sample):
    for brief in sample_briefs(sample).values():
        again = Draft.of(brief).brief()
        assert again == brief
        assert brief_toml(again) == brief_toml(brief)


def test_the_form_keeps_what_it_does_not_show():
    brief = Brief(
        budget="99.95",
        currency="EUR",
        start="2026-12-01",
        days=9,
        split="week",
        level=0.9,
        as_of="2026-11-01",
        timezone="Europe/Paris",
        fee="0.125",
        minimums={"facebook": 3},
        exchange={"USD": {"2026-01-01": 0.9}, "XOF": 0.0015},
        columns=({"file": "*", "spend": "cost"},),
        slots=(Slot.read("soir", "mon-wed|sat", "22-2"),),
        rules=(
            Share(
                channel=("instagram", "tiktok"), audience="a", at_least=1 / 3, of="budget", name="r", why="w"
            ),
            Spend(format="reel", equal="12.30"),
            EachLine(or_zero=True, at_least=5, at_most="80.5", step="0.25"),
        ),
    )
    assert Draft.of(brief).brief() == brief


def test_every_fault_of_a_draft_is_said_at_once():
    draft = Draft.of(sample_briefs("boutique")["boutique.toml"])
    wrong = draft.but(
        budget="",
        dollar=None,
        rules=({"is": "share", "at_least": 3.0}, {"is": "spend"}, {"why": "?"}),
    )
    with pytest.raises(InputError, match="budget") as caught:
        wrong.brief()
    places = [problem.column for problem in caught.value.problems]
    assert {"rule 1.at_least", "rule 2", "rule 3", "budget", "exchange.USD"} <= set(places)


@pytest.mark.parametrize(
    ("typed", "language", "plainly"),
    [
        ("1 500 000", "fr", "1500000"),
        ("1\u202f500\u00a0000 F\u202fCFA", "fr", "1500000"),
        ("12,5 %", "fr", "12.5 %"),
        ("1,500.50", "en", "1500.50"),
        ("€ 20", "en", "20"),
        ("a lot", "en", "a lot"),
        ("1.2.3", "en", "1.2.3"),
        ("-5", "en", "-5"),
    ],
)
def test_what_people_type_becomes_a_plain_number_or_stays_to_be_refused(typed, language, plainly):
    assert plain(typed, language) == plainly


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("number", ["0", "1500000", "0.05", "1234.50", "33.3333 %", "-7", "999999999999999"])
def test_a_number_is_the_same_after_it_was_shown_and_read_again(number, language):
    assert plain(written(number, Words(language)), language) == number


@pytest.mark.parametrize("part", [0.0, 0.2, 1 / 3, 0.005, 1.0, 0.125])
def test_a_share_is_the_same_after_it_was_shown_as_a_percentage(part):
    assert share(percent(part)) == part


def test_two_slots_of_one_name_are_a_fault():
    draft = Draft.of(sample_briefs("boutique")["boutique.toml"])
    with pytest.raises(InputError, match="2 called “soir”"):
        draft.but(slots=(*draft.slots, SlotRow("soir", "sam", "8-9"))).brief()


def test_weekdays_are_written_as_a_span_only_where_they_are_one():
    assert spans("mon|tue|wed|thu|fri") == "mon-fri"
    assert spans("sat|sun") == "sat|sun"
    assert spans("mon|wed|fri") == "mon|wed|fri"


def test_edits_of_the_table_are_changes_deletions_and_additions():
    rows = (SlotRow("soir", "lun-ven", "18-22"), SlotRow("matin"), SlotRow("nuit", hours="22-2"))
    state = {
        "edited_rows": {0: {"hours": "19-22"}},
        "deleted_rows": [1],
        "added_rows": [{"name": "midi", "days": None}],
    }
    assert edited(rows, state) == (
        SlotRow("soir", "lun-ven", "19-22"),
        SlotRow("nuit", hours="22-2"),
        SlotRow("midi"),
    )


def test_the_slider_offers_round_budgets_and_the_two_that_matter():
    offered = budgets_around(Money(245_050, "EUR"), Money(99_999, "EUR"))
    assert offered == sorted(set(offered))
    assert {Money(245_050, "EUR"), Money(99_999, "EUR")} <= set(offered)
    assert 20 <= len(offered) <= 90
    assert min(offered).minor > 0
    assert budgets_around(Money(1, "XOF"), Money(1, "XOF"))


def test_names_of_other_people_are_never_taken_for_markup():
    from markdown_it import MarkdownIt

    for name in (
        "*a*",
        "$x$ $y$",
        "<b>",
        "[l](http://x)",
        ":red[x]",
        "1. one",
        "- list",
        "# head",
        "`c`",
        "a_b_c",
        "&amp;",
        "| t |",
    ):
        assert MarkdownIt().enable("table").render(escaped(name)).strip() == f"<p>{_as_html(name)}</p>"


def _as_html(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def test_every_repair_that_a_refusal_offers_makes_a_plan_possible():
    brief = sample_briefs("boutique")["boutique.toml"].but(budget=40_000)
    files = sample_files("boutique")
    refusal = plan_of(brief, files)
    assert isinstance(refusal, NoPlanError)
    assert refusal.repairs
    for repair in refusal.repairs:
        mended = repaired(brief, repair)
        assert mended != brief
        assert plan_of(mended, files).spent.minor > 0


def test_files_are_told_apart_by_content_and_by_name():
    whole = sample_files("boutique")
    digests = {
        whole.digest,
        Files(whole.history).digest,
        Files(whole.history, whole.audiences, whole.posts).digest,
    }
    assert len(digests) == 3


def test_a_brief_of_the_form_is_read_back_equal():
    brief = Draft.of(sample_briefs("agency")["agency-north.toml"]).brief()
    assert parse_brief(brief_toml(brief)) == brief


def test_a_port_in_use_is_said_and_not_taken():
    import socket

    from mediaplan.ui.main import serve

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with pytest.raises(InputError, match="already listens") as caught:
            serve(listener.getsockname()[1], headless=True)
    assert caught.value.exit_code == 3
