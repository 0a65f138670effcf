"""Where people read the diagnosis: the command, the report, the pages; and what must never be claimed there."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from plans_by_hand import agency_plan, shop_plan
from test_words import catalogue, templates

from mediaplan.answering import Sources, learn, read_sources
from mediaplan.brief.reading import read_brief
from mediaplan.cli.main import main
from mediaplan.history.reading.reading import File
from mediaplan.report.diagnosis_words import what_stands_out, which_posts
from mediaplan.report.html import html_report
from mediaplan.response.diagnosis.diagnosing import diagnose
from mediaplan.words import Words
from mediaplan.worlds.sample import sample_folder

SHOP = sample_folder() / "boutique"
FILES = [
    "--history", str(SHOP / "history.csv"), "--posts", str(SHOP / "posts.csv"),
    "--audiences", str(SHOP / "audiences.csv"),
]  # fmt: skip
TINY = "date,channel,spend,results,currency\n" + "".join(
    f"2026-09-{day:02d},facebook,{day % 5 + 2},{day % 4},EUR\n" for day in range(1, 21)
)


def shop_diagnosis():
    files = Sources((SHOP / "history.csv",), SHOP / "posts.csv", SHOP / "audiences.csv")
    return diagnose(learn(None, read_sources(None, files)))


# ---- the command ----


def test_the_command_writes_the_document_that_the_api_gives(capsys):
    assert main(["diagnose", *FILES, "--json", "--quiet"]) == 0
    out = capsys.readouterr().out
    assert json.loads(out) == json.loads(json.dumps(shop_diagnosis().to_dict("en")))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["What goes with “lead”", "By channel", "How full the lines are", "platforms attribute"]),
        ("fr", ["Ce qui accompagne", "Par canal", "Saturation des lignes", "plateformes attribuent"]),
    ],
)
def test_the_terminal_says_the_figures_of_the_document(capsys, language, said):
    assert main(["diagnose", *FILES, "--lang", language, "--quiet"]) == 0
    shown = capsys.readouterr().out
    assert [text for text in said if text not in shown] == []
    words = Words(language)
    for findings in shop_diagnosis().findings:
        for effects in findings.effects:
            for factor in effects.factors:
                assert f"×{words.number(factor.times.mean, 2)}" in shown
                assert factor.money.worded(words) in shown
    assert max(len(line) for line in shown.splitlines()) <= 120


def test_a_brief_chooses_the_kind_and_the_files(capsys):
    brief = sample_folder() / "briefs" / "boutique-petit-budget.toml"
    assert main(["diagnose", "--brief", str(brief), "--json", "--quiet"]) == 0
    kinds = [each["kind"] for each in json.loads(capsys.readouterr().out)["kinds"]]
    goal = read_brief(brief).goal
    assert kinds == ([goal.type] if goal.type else list(goal.values))


@pytest.mark.parametrize("command", ["diagnose", "backtest"])
def test_without_a_history_or_with_a_broken_one_there_is_a_document_of_problems(capsys, tmp_path, command):
    assert main([command, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["schema"] == "mediaplan/problems/1"
    (tmp_path / "h.csv").write_text("date,spend\nsomeday,-4\n", encoding="utf-8")
    assert main([command, "--history", str(tmp_path / "h.csv"), "--json"]) == 3
    assert all("h.csv" in p["file"] for p in json.loads(capsys.readouterr().out)["problems"])


@pytest.mark.parametrize("command", ["diagnose", "backtest"])
def test_a_goal_may_name_clicks_beside_results_and_a_fault_of_it_names_the_brief(capsys, tmp_path, command):
    text = "date,days,channel,spend,clicks,results:lead,currency\n" + "".join(
        f"2026-{month:02d}-{day:02d},7,{channel},{10 + day},{day + 3},{day % 3},EUR\n"
        for month in (7, 8)
        for day in (1, 8, 15, 22)
        for channel in ("facebook", "tiktok")
    )
    (tmp_path / "h.csv").write_text(text, encoding="utf-8")
    asked = 'budget = 100\ncurrency = "EUR"\nflight = {{ start = 2026-10-01, days = 7 }}\ngoal = {{ type = "{}" }}\ndata = {{ history = ["h.csv"] }}\n'
    brief = tmp_path / "b.toml"
    brief.write_text(asked.format("click"), encoding="utf-8")
    assert main([command, "--brief", str(brief), "--json", "--quiet"]) == 0
    assert '"click"' in capsys.readouterr().out
    brief.write_text(asked.format("sale"), encoding="utf-8")
    assert main([command, "--brief", str(brief), "--json", "--quiet"]) == 3
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert problem["file"] == str(brief)
    assert problem["value"] == "sale"


def test_a_tiny_history_is_diagnosed_in_few_words(capsys, tmp_path):
    (tmp_path / "h.csv").write_text(TINY, encoding="utf-8")
    assert main(["diagnose", "--history", str(tmp_path / "h.csv"), "--lang", "en", "--quiet"]) == 0
    shown = capsys.readouterr().out
    assert "How full the lines are" in shown
    assert "By channel" not in shown


# ---- sentences ----


def test_a_name_is_said_to_stand_out_only_where_the_evidence_is_enough():
    for findings in shop_diagnosis().findings:
        for effects in findings.effects:
            said = " ".join(str(sentence) for sentence in what_stands_out(effects))
            best = effects.factors[0]
            assert (f"“{best.name}” brings {Words('en').say(best.times.mean)} times" in said) == (
                best.better >= 0.8 and best.times.mean > 1.05
            )
        better = str(which_posts(findings)[0])
        for post in findings.posts:
            assert (f"“{post.factor.name}”" in better) == (post.factor.better >= 0.8)


CLAIMS = re.compile(
    r"\bcaus|\bdrive[sn]?\b|\bdriving\b|because of|\bdue to|thanks to|\bleads? to\b|responsible for|\bimpact"
    r"|provoqu|entra[iî]n|grâce à|en raison de|à cause|génèr|\bdus? à",
    re.IGNORECASE,
)
DENIED = {"Results are those that the platforms attribute, not those that the money caused."}
"""What says of itself that it claims no cause."""


def test_no_sentence_claims_that_money_or_posts_cause_results():
    said = {text: catalogue()[text] for text in templates() if text not in DENIED}
    assert {text for text, french in said.items() if CLAIMS.search(text) or CLAIMS.search(french)} == set()


@pytest.mark.parametrize(
    "text",
    [
        "Results caused by Facebook",
        "What drives results",
        "Plus de ventes grâce à Instagram",
        "It leads to sales",
    ],
)
def test_the_eye_for_claims_sees_them(text):
    assert CLAIMS.search(text)


# ---- the report ----


class Headings(HTMLParser):
    """The levels of a page's headings, in order, and its identifiers."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        self.ids += [value for name, value in attrs if name == "id"]


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("with_diagnosis", [False, True])
def test_headings_of_a_report_nest_without_a_gap(count, with_diagnosis):
    plans = [shop_plan(), agency_plan()][:count]
    page = Headings(html_report(plans, Words("en"), None, shop_diagnosis() if with_diagnosis else None))
    assert page.levels[0] == 1
    assert page.levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in zip(page.levels, page.levels[1:], strict=False))
    if count == 2:
        assert page.levels.count(2) == count + with_diagnosis
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_report_ends_with_the_diagnosis_and_its_figures(language):
    words, found = Words(language), shop_diagnosis()
    report = html_report([shop_plan()], words, None, found)
    assert 'id="diagnosis"' in report
    assert 'id="diagnosis"' not in html_report([shop_plan()], words)
    for findings in found.findings:
        for effects in findings.effects:
            for factor in effects.factors[:8]:
                assert f"×{words.number(factor.times.mean, 2)}" in report
    assert "<script" not in report


def test_a_planned_folder_s_report_holds_the_diagnosis(tmp_path, capsys):
    brief = sample_folder() / "briefs" / "boutique-petit-budget.toml"
    assert main(["plan", str(brief), "-o", str(tmp_path / "out"), "--lang", "fr", "--quiet"]) == 0
    capsys.readouterr()
    assert 'id="diagnosis"' in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


# ---- the pages ----

PAGE = "mediaplan/ui/screens/diagnosis.py"


def all_text(app):
    found = [
        str(e.value)
        for kind in ("title", "subheader", "markdown", "caption", "info")
        for e in getattr(app, kind)
    ]
    return "\n".join(found).replace("\\", "")


@pytest.fixture
def diagnosed(pages):
    pytest.importorskip("streamlit")

    def opened(sample, locale="en-GB"):
        app = pages(locale)
        if isinstance(sample, str):
            app.pills(key="field_chosen").set_value(sample).run()
        else:
            app.session_state["files"], app.session_state["chosen"] = sample, "own"
            app.session_state["draft"] = app.session_state["draft"].but(currency="EUR")
        app.switch_page(PAGE).run()
        assert not app.exception, [e.value for e in app.exception]
        return app

    return opened


@pytest.mark.parametrize(
    ("locale", "sample", "title", "heading"),
    [
        ("en-GB", "boutique", "What goes with results", "Which posts are good"),
        ("fr-FR", "agency", "Ce qui accompagne les résultats", "Quelles publications sont bonnes"),
    ],
)
def test_the_page_shows_a_sample_s_diagnosis(diagnosed, locale, sample, title, heading):
    app = diagnosed(sample, locale)
    assert app.title[0].value == title
    assert heading in [element.value for element in app.subheader]
    assert len(app.dataframe) == 2 + len(app.tabs)  # posts, likes, and prices and rates of each dimension


def test_the_page_compares_the_two_posts_that_were_chosen_for_the_kind_that_was_chosen(diagnosed):
    app = diagnosed("boutique")
    one, other = app.selectbox(key="compared_one").value, app.selectbox(key="compared_other").value
    assert one != other
    assert f"“{one}”" in all_text(app)
    app.segmented_control(key="diagnosed_kind").set_value("message").run()
    assert not app.exception
    assert "attributed “message”" in all_text(app)


def test_the_page_needs_neither_posts_nor_several_channels(diagnosed):
    from mediaplan.ui.loading import Files

    app = diagnosed(Files((File("mine.csv", TINY.encode()),)))
    headings = [element.value for element in app.subheader]
    assert "How full the lines are" in headings
    assert "Which posts are good" not in headings


def test_without_files_the_page_shows_the_way_to_them(pages):
    app = pages()
    app.switch_page(PAGE).run()
    assert not app.exception
    assert "Choose your data first" in all_text(app)


def test_the_data_page_shows_what_the_brief_says_of_foreign_columns(pages):
    from mediaplan.ui.loading import Files

    app = pages()
    files = Files((File("mine.csv", TINY.replace("spend", "cost").encode()),))
    app.session_state["files"], app.session_state["chosen"] = files, "own"
    columns = ({"file": "mine*", "spend": "cost"},)
    app.session_state["draft"] = app.session_state["draft"].but(rest={"columns": columns}, currency="EUR")
    app.switch_page("mediaplan/ui/screens/data.py").run()
    assert not app.exception
    tables = [table.value.to_dict("list") for table in app.table]
    assert {"files": ["mine\\*"], "here": ["spend"], "there": ["cost"]} in tables
