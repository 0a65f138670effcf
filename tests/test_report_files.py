"""The files of a plan: they hold the plan to the letter, harm no spreadsheet, and are written whole or not at all."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pandas as pd
import pytest
from plans_by_hand import agency_plan, plan_of, shop_plan, shop_posts

from mediaplan.brief.briefs import Brief
from mediaplan.errors import InputError
from mediaplan.history.records.records import Posts
from mediaplan.report.files import harmless, launch_csv, lines_csv, plan_json, write_plan, write_report
from mediaplan.report.html import html_report
from mediaplan.words import Words

EN, FR = Words("en"), Words("fr")


# Files


@pytest.mark.parametrize("plan", [shop_plan(), agency_plan()], ids=["XOF", "EUR"])
def test_plan_json_is_the_plan_document_to_the_letter(plan):
    text = plan_json(plan, FR).decode()
    assert json.loads(text) == plan.to_dict("fr")
    assert text.endswith("}\n")
    assert "Rentrée" in text or plan.brief.currency == "EUR"
    assert plan_json(plan, FR) == text.encode()


def table(content, delimiter):
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))


def test_lines_csv_has_the_document_s_names_and_adds_up():
    plan = agency_plan()
    for words, delimiter, point in ((EN, ",", "."), (FR, ";", ",")):
        rows = table(lines_csv(plan, words), delimiter)
        assert list(rows[0])[:7] == ["post", "channel", "audience", "slot", "start", "days", "amount"]
        assert sum(Decimal(row["amount"].replace(point, ".")) for row in rows) == Decimal("1000.00")
        assert all(row["amount"].count(point) == 1 for row in rows)
        assert [row["start"] for row in rows] == ["2026-12-28"] * 4
        assert float(rows[0]["results"].replace(point, ".")) == plan.lines_planned[0].results.mean


def test_launch_csv_speaks_the_language_in_its_heads():
    rows = table(launch_csv(agency_plan(), FR, None), ";")
    assert sum(Decimal(row["montant total"].replace(",", ".")) for row in rows) == 1000
    assert rows[0]["plateforme"] == "instagram"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1+1", "\uff20A1"]
)
def test_text_that_a_spreadsheet_would_run_is_made_harmless(text):
    assert harmless(text).startswith(f"'{text[0]}")
    rows = ((text, text, text, text, 1_000, 2.0),)
    plan = plan_of(Brief(name=text, budget=1_000, currency="XOF", start="2026-01-01", days=3), rows)
    for content in (lines_csv(plan, EN), launch_csv(plan, EN)):
        cells = [
            cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) for cell in row
        ]
        assert not any(
            cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff20")) for cell in cells
        )
    assert harmless("a=1") == "a=1"


def test_identifiers_keep_all_their_digits():
    long = "120210987654321098"
    posts = Posts(pd.DataFrame({"post": ["p01", "p02", "p03"], "platform_id": ["007", long, "42"]}))
    rows = table(launch_csv(shop_plan(), EN, posts), ",")
    found = {row["post"]: row["post ID on the platform"] for row in rows}
    assert (found["p01"], found["p02"], found["p03"], found["p04"]) == ("'007", f"'{long}", "42", "")


def test_the_four_files_are_written_and_nothing_else(tmp_path):
    write_plan(shop_plan(), tmp_path / "new" / "folder", FR, shop_posts())
    folder = tmp_path / "new" / "folder"
    assert {path.name for path in folder.iterdir()} == {"plan.json", "lines.csv", "launch.csv", "report.html"}
    assert (folder / "report.html").read_text(encoding="utf-8") == html_report(
        [shop_plan()], FR, shop_posts()
    )
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    write_plan(shop_plan(), folder, FR, shop_posts())
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_file_that_cannot_be_replaced_leaves_no_half_of_one(tmp_path):
    (tmp_path / "report.html").mkdir()
    with pytest.raises(OSError, match="report"):
        write_plan(shop_plan(), tmp_path, EN)
    assert {path.name for path in tmp_path.iterdir()} == {
        "plan.json",
        "lines.csv",
        "launch.csv",
        "report.html",
    }
    assert (tmp_path / "report.html").is_dir()


def test_write_report_takes_one_plan_or_several(tmp_path):
    write_report(shop_plan(), tmp_path / "one.html", language="fr")
    write_report(iter([shop_plan(), agency_plan()]), tmp_path / "two.HTML", language="en")
    assert (tmp_path / "one.html").read_text(encoding="utf-8") == html_report([shop_plan()], FR)
    assert "2 plans side by side" in (tmp_path / "two.HTML").read_text(encoding="utf-8")


@pytest.mark.parametrize("place", ["missing/x.html", "file/x.html"])
def test_write_report_to_where_nothing_can_be_written_is_a_problem_with_the_file(tmp_path, place):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="can't be written") as refused:
        write_report(shop_plan(), tmp_path / place)
    assert refused.value.problems[0].file == str(tmp_path / place)


def test_write_report_refuses_what_it_cannot_write_and_says_what_it_can(tmp_path):
    with pytest.raises(InputError, match=r"“\.docx”") as caught:
        write_report([], tmp_path / "x.docx")
    assert len(caught.value.problems) == 2
    assert ".html" in str(caught.value)
    assert list(tmp_path.iterdir()) == []
