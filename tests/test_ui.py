"""The browser pages without a browser: what they show, what they keep, and that they agree with the command line."""

from __future__ import annotations

import pytest
from answered import answer

pytest.importorskip("streamlit")

from mediaplan.answering import Sources
from mediaplan.brief.goals import MostValue
from mediaplan.brief.reading import read_brief
from mediaplan.brief.writing import brief_toml
from mediaplan.money import Money
from mediaplan.ui.loading import plan_of
from mediaplan.ui.samples import NAMES, sample_briefs, sample_files
from mediaplan.words import Words
from mediaplan.worlds.sample import sample_folder

DATA, BRIEF, PLAN = (f"mediaplan/ui/screens/{name}.py" for name in ("data", "brief", "plan"))


def clean(app):
    """The app after a run that raised nothing."""
    assert not app.exception, [e.value for e in app.exception]
    return app


def with_sample(pages, sample="boutique", locale="en-GB"):
    app = clean(pages(locale))
    return clean(app.pills(key="field_chosen").set_value(sample).run())


def on(app, page):
    return clean(app.switch_page(page).run())


def figures(app):
    return {metric.label: metric.value for metric in app.metric}


def all_text(app):
    found = [
        element.value
        for kind in ("title", "subheader", "markdown", "caption", "info", "error", "warning")
        for element in getattr(app, kind)
    ]
    return "\n".join(str(text).replace("\\", "") for text in found)


# ---- the way from the sample to the plan ----


@pytest.mark.parametrize(
    ("locale", "titles", "results"),
    [
        ("en-GB", ["What happened so far", "What you ask for"], "Expected results"),
        ("fr-FR", ["Ce qui s’est passé jusqu’ici", "Ce que vous demandez"], "Résultats attendus"),
        ("de-DE", ["What happened so far", "What you ask for"], "Expected results"),
    ],
)
def test_the_sample_becomes_a_plan_in_the_language_of_the_browser(pages, locale, titles, results):
    app = with_sample(pages, locale=locale)
    assert app.title[0].value == titles[0]
    app = on(app, BRIEF)
    assert app.title[0].value == titles[1]
    app = on(app, PLAN)
    assert app.title[0].value == "Fêtes de fin d’année"
    assert results in figures(app)
    assert len(app.dataframe[0].value) > 5


def test_another_language_can_be_chosen_and_stays_on_every_page(pages):
    app = with_sample(pages)
    app = clean(app.segmented_control(key="language").set_value("fr").run())
    assert app.title[0].value == "Ce qui s’est passé jusqu’ici"
    assert on(app, BRIEF).title[0].value == "Ce que vous demandez"
    assert "document.documentElement.lang='fr'" in "".join(html.value for html in app.html)


@pytest.mark.parametrize("sample", sorted(NAMES))
def test_the_data_page_says_what_was_read(pages, sample):
    app = with_sample(pages, sample)
    rows = (sample_folder() / sample / "history.csv").read_text(encoding="utf-8").count("\n") - 1
    assert figures(app)["Rows"] == str(rows)
    assert len(app.tabs) == 3


def test_without_data_every_page_says_what_to_do_first(pages):
    app = clean(pages())
    assert "New here?" in all_text(app)
    for page in (BRIEF, PLAN):
        assert "data" in on(app, page).info[0].value


# ---- the same plan as the command line ----


@pytest.mark.parametrize("locale", ["en-GB", "fr-FR"])
@pytest.mark.parametrize("sample", sorted(NAMES))
def test_a_brief_made_in_the_browser_gives_the_same_plan_on_the_command_line(pages, sample, locale, tmp_path):
    app = on(with_sample(pages, sample, locale), BRIEF)
    spent = 155_000 if sample == "boutique" else 1999.5
    app = clean(
        app.text_input(key="field_budget")
        .set_value(Words(locale[:2]).number(spent, 0 if sample == "boutique" else 2))
        .run()
    )
    app = clean(app.number_input(key="field_days").set_value(10).run())
    shown = plan_of(app.session_state["draft"].brief(), app.session_state["files"])
    on(app, PLAN)

    for file in (sample_folder() / sample).iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "brief.toml").write_text(brief_toml(app.session_state["draft"].brief()), encoding="utf-8")
    brief = read_brief(tmp_path / "brief.toml")
    assert brief.budget.amount == spent
    named = brief.data
    alone = answer(
        brief,
        Sources(
            tuple(str(tmp_path / name) for name in named.history),
            str(tmp_path / named.posts),
            str(tmp_path / named.audiences),
        ),
    )

    assert [line.to_dict(Words()) for line in shown.lines_planned] == [
        line.to_dict(Words()) for line in alone.lines_planned
    ]
    assert shown.spent == alone.spent
    assert [row["amount"] for row in shown.to_dict()["lines"]] == [
        row["amount"] for row in alone.to_dict()["lines"]
    ]
    assert alone.lines_planned


def test_the_page_shows_the_amounts_of_the_plan(pages):
    app = on(with_sample(pages), PLAN)
    plan = answer(sample_briefs("boutique")["boutique.toml"], sample_files("boutique").sources)
    assert sorted(app.dataframe[0].value["Amount (F\u202fCFA)"]) == sorted(
        line.amount.amount for line in plan.lines_planned
    )


# ---- faults ----

BAD_HISTORY = (
    "date,channel,audience,post,spend,results\n"
    "2026-09-01,facebook,a,p,1000,3\n"
    "2026-09-02,facebook,a,p,-5,3\n"
    "someday,facebook,a,p,1000,3\n"
    "2026-09-04,facebook,a,p,abc,3\n"
    "2026-09-05,facebook,a,p,1000,-2\n"
)


def test_a_bad_upload_shows_all_its_faults_at_once_with_their_places(pages):
    app = clean(pages())
    app = clean(app.pills(key="field_chosen").set_value("own").run())
    app = clean(
        app.file_uploader(key="upload_history").upload("mine.csv", BAD_HISTORY.encode(), "text/csv").run()
    )
    assert "can't be used" in app.error[0].value
    assert "mine.csv" in app.error[0].value
    faults = app.table[0].value.map(lambda text: text.replace("\\", ""))
    assert list(zip(faults["Where"], faults["Value"], strict=True)) == [
        ("line 3, spend", "-5"),
        ("line 4, date", "someday"),
        ("line 5, spend", "abc"),
        ("line 6, results", "-2"),
    ]
    assert all(len(text.split("\n")) == 2 for text in faults["What was found, and what to do"])
    assert "next" not in [button.key for button in app.button]


def test_a_mended_upload_is_read_and_its_currency_taken(pages):
    app = clean(pages().pills(key="field_chosen").set_value("own").run())
    history = (sample_folder() / "agency" / "history.csv").read_bytes()
    app = clean(app.file_uploader(key="upload_history").upload("mine.csv", history, "text/csv").run())
    assert not app.error
    assert app.session_state["draft"].currency == "EUR"
    assert app.session_state["draft"].data.history == ("mine.csv",)


def test_uploads_stay_when_another_page_was_shown(pages):
    app = clean(pages().pills(key="field_chosen").set_value("own").run())
    history = (sample_folder() / "boutique" / "history.csv").read_bytes()
    app = clean(app.file_uploader(key="upload_history").upload("mine.csv", history, "text/csv").run())
    app = on(on(app, BRIEF), DATA)
    assert "In use: mine.csv" in all_text(app)
    assert figures(app)["Rows"]


def test_an_uploaded_brief_fills_the_form_but_never_names_files_of_this_machine(pages):
    app = clean(pages().pills(key="field_chosen").set_value("own").run())
    text = (sample_folder() / "briefs" / "agency-north.toml").read_bytes()
    app = clean(app.file_uploader(key="upload_brief").upload("north.toml", text, "application/toml").run())
    draft = app.session_state["draft"]
    assert draft.name == "North: bicycles before the holidays"
    assert draft.data.history == ()
    app = on(app, BRIEF)
    assert app.text_input(key="field_budget").value == "2,450.50"
    assert len(draft.rules) == 3


def test_an_unreadable_brief_is_said_with_its_place(pages):
    app = clean(pages().pills(key="field_chosen").set_value("own").run())
    app = clean(
        app.file_uploader(key="upload_brief")
        .upload("b.toml", b'budgett = 5\ncurrency = "XOF"', "application/toml")
        .run()
    )
    said = " ".join(app.table[0].value.map(lambda text: text.replace("\\", "")).to_numpy().ravel())
    assert "budgett" in said
    assert "flight" in said
    assert "b.toml" in app.error[0].value


def test_an_unfinished_brief_says_what_is_missing_instead_of_a_plan(pages):
    app = clean(pages().pills(key="field_chosen").set_value("own").run())
    history = (sample_folder() / "boutique" / "history.csv").read_bytes()
    app = clean(app.file_uploader(key="upload_history").upload("mine.csv", history, "text/csv").run())
    app = on(app, PLAN)
    said = " ".join(app.table[0].value["What was found, and what to do"])
    assert "budget" in said
    assert "dollar" in said
    assert not app.metric


# ---- the form ----


def test_without_a_choice_between_several_kinds_of_result_the_form_asks_for_one(pages):
    app = on(with_sample(pages), BRIEF)
    app = clean(app.multiselect(key="field_kinds").set_value([]).run())
    assert "several kinds of result" in " ".join(app.table[0].value["What was found, and what to do"])
    app = clean(app.multiselect(key="field_kinds").set_value(["lead"]).run())
    app = clean(app.number_input(key="field_value_lead").set_value(2500.0).run())
    assert app.session_state["draft"].brief().goal == MostValue(type="lead", values={"lead": 2500})


# ---- the slider and the refusal ----


def test_the_slider_changes_the_plan_and_says_the_difference(pages):
    app = on(with_sample(pages), PLAN)
    before = figures(app)
    slider = app.select_slider(key="field_slider")
    app = clean(slider.set_value(Money(400_000, "XOF")).run())
    after = figures(app)
    assert before["Money for the platforms"] == "200,000\u00a0F\u202fCFA"
    assert after["Money for the platforms"] == "400,000\u00a0F\u202fCFA"
    results = [int(shown["Expected results"].replace(",", "")) for shown in (before, after)]
    said = app.metric[1].delta.replace("\\", "")
    assert said.startswith("+")
    assert abs(int(said.replace(",", "")) - (results[1] - results[0])) <= 1  # each is rounded by itself
    assert app.session_state["draft"].brief().budget == Money(400_000, "XOF")
    assert "What other budgets bring" in all_text(app)


def test_a_budget_too_small_for_its_rules_shows_the_clash_and_a_repair_mends_it(pages):
    app = on(with_sample(pages), PLAN)
    app = clean(app.select_slider(key="field_slider").set_value(Money(40_000, "XOF")).run())
    assert "No plan can keep all of these rules" in app.error[0].value
    assert "60,000" in app.error[0].value
    repairs = [button for button in app.button if button.key.startswith("repair_")]
    assert repairs
    app = clean(repairs[0].click().run())
    assert not app.error
    assert figures(app)["Expected results"]
