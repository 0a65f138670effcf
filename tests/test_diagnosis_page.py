"""The diagnosis as a page of its own: what stands on it, and where `diagnose -o` writes it."""

from __future__ import annotations

import itertools
import json
import re
from xml.etree import ElementTree as ET

import pytest

from mediaplan.answering import Sources, learn, read_sources
from mediaplan.cli.main import main
from mediaplan.report import drawing
from mediaplan.report.diagnosis_page import diagnosis_page
from mediaplan.report.figures import Figures
from mediaplan.response.diagnosis.diagnosing import diagnose
from mediaplan.words import Words
from mediaplan.worlds.sample import sample_folder

SHOP = sample_folder() / "boutique"
FILES = ["--history", str(SHOP / "history.csv"), "--posts", str(SHOP / "posts.csv")]


@pytest.fixture(scope="module")
def found():
    return diagnose(learn(None, read_sources(None, Sources((SHOP / "history.csv",), SHOP / "posts.csv"))))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_shows_names_fullness_course_and_all_lessons(found, language):
    words = Words(language)
    page, figures = diagnosis_page(found, words), Figures(words, found.currency)
    assert page.startswith("<!doctype html>")
    assert f'<html lang="{language}">' in page
    for findings in found.findings:
        for effects in findings.effects:
            for factor in effects.factors:
                assert f"×{words.number(factor.times.mean, 2)}" in page
        for each in findings.pools:
            assert words.text("+{gain}", gain=_percent(each.gain.mean)) in page
            assert figures.money(each.weekly) in page
        last = findings.weeks[-1]
        said = f"×{words.number(last.times.mean, 2)}"
        assert words.text("{what}: {said}", what=figures.day(last.start), said=said) in page
        for lesson in findings.lessons:
            assert f"“{lesson.name}”" in page or f"«\u202f{lesson.name}\u202f»" in page


def _percent(share):
    from mediaplan.words import Percent

    return Percent(share)


def test_the_page_needs_nothing_else_and_has_one_title_and_no_gap_in_its_headings(found):
    page = diagnosis_page(found, Words("en"))
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
    assert not re.search(r"<script|<link|@import|src=|url\(", page)
    assert all(name.strip() for name in re.findall(r'aria-label="([^"]*)"', page))


def test_the_course_is_drawn_where_its_numbers_are():
    picture = ET.fromstring(drawing.course([(1.0, 0.5, 2.0), (2.0, 1.0, 4.0)], "A & B"))
    around = [tuple(map(float, p.split(","))) for p in picture.find("polygon").get("points").split()]
    # 150 high, 4 at the top, from 10 to 590
    assert around == [(10, 95), (590, 20), (590, 132.5), (10, 151.2)]
    assert picture.find("line").get("y1") == "132.5"
    assert [c.get("cy") for c in picture.findall("circle")] == ["132.5", "95.0"]
    assert picture.get("aria-label") == "A & B"


@pytest.mark.parametrize("place", ["diagnosis.html", "new/PAGE.HTML"])
def test_a_name_that_ends_with_html_gets_the_page(tmp_path, capsys, place):
    assert main(["diagnose", *FILES, "-o", str(tmp_path / place), "--lang", "fr", "--quiet"]) == 0
    assert "Par canal" in capsys.readouterr().out
    assert '<html lang="fr">' in (tmp_path / place).read_text(encoding="utf-8")
    assert [file.name for file in (tmp_path / place).parent.iterdir()] == [(tmp_path / place).name]


def test_any_other_name_is_a_folder_with_the_document_of_stdout(tmp_path, capsys):
    assert main(["diagnose", *FILES, "-o", str(tmp_path / "out"), "--json", "--quiet"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert json.loads((tmp_path / "out" / "diagnosis.json").read_text(encoding="utf-8")) == told
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["diagnosis.json", "report.html"]


@pytest.mark.parametrize("place", ["mine.pdf", "folder.html", "a-file/page.html", "a-file"])
def test_a_place_that_can_t_be_written_to_is_refused_before_anything_is_read(tmp_path, capsys, place):
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "a-file").write_text("kept")
    assert main(["diagnose", "--history", "missing.csv", "-o", str(tmp_path / place), "--json"]) == 2
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert problem["column"] == "-o"
    assert (tmp_path / "a-file").read_text() == "kept"
