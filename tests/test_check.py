"""`mediaplan check`: what scripts and people get, for good files, empty ones and bad ones."""

from __future__ import annotations

import json

import pytest
from exports_by_platform import EXPORTS

from mediaplan.cli.main import main
from mediaplan.history.columns.template import TEMPLATES

SHAPE = {export.name: export for export in EXPORTS}
KEYS = {
    "file", "platform", "kind", "language", "encoding", "currency", "first", "last", "rows", "dropped", "spend", "impressions", "clicks",
    "results", "dimensions", "problems",
}  # fmt: skip


@pytest.fixture
def written(tmp_path):
    def write(*names: str) -> list[str]:
        paths = []
        for name in names:
            path = tmp_path / f"{name}.dat"
            path.write_bytes(SHAPE[name].content)
            paths.append(str(path))
        return paths

    return write


def called(capsys, *arguments: str) -> tuple[int, dict, str]:
    code = main(["check", *arguments, "--json", "--lang", "en"])
    out, err = capsys.readouterr()
    return code, json.loads(out), err


def test_one_file_is_a_list_of_one_with_all_keys(capsys, written):
    export = SHAPE["meta_fr_plain_total"]
    code, document, _ = called(capsys, *written(export.name))
    assert code == 0
    assert document["schema"] == "mediaplan/check/1"
    (file,) = document["files"]
    assert set(file) >= KEYS
    assert (file["platform"], file["kind"], file["language"], file["currency"]) == (
        "meta",
        "history",
        "fr",
        "EUR",
    )
    assert file["spend"] == str(export.spend)
    assert (file["rows"], file["dropped"], file["impressions"], file["clicks"]) == (
        24,
        1,
        export.impressions,
        export.clicks,
    )
    assert file["results"] == export.results
    assert (file["first"], file["last"]) == ("2026-09-10", "2026-09-13")
    assert document["totals"]["spend"] == str(export.spend)
    assert document["overlaps"] == []


def test_money_of_a_currency_without_cents_has_none(capsys, written):
    _, document, _ = called(capsys, *written("meta_places"))
    assert document["files"][0]["spend"] == str(SHAPE["meta_places"].spend)
    assert "." not in document["files"][0]["spend"]


def test_the_same_money_counts_once_in_the_totals(capsys, written):
    _, document, _ = called(capsys, *written("meta_en_plain", "meta_en_plain_total", "google_daily"))
    one = SHAPE["meta_en_plain"].spend
    assert document["totals"]["spend"] == str(2 * one)
    assert len(document["overlaps"]) == 1
    assert len(document["overlaps"][0]["files"]) == 2


@pytest.mark.parametrize("name", ["meta_empty", "linkedin_empty"])
def test_an_empty_report_is_no_rows_and_a_problem(capsys, written, name):
    code, document, _ = called(capsys, *written(name))
    assert code == 0
    (file,) = document["files"]
    assert (file["rows"], file["platform"]) == (0, name.split("_")[0])
    assert len(file["problems"]) == 1


def test_a_file_that_is_no_report_is_3_with_the_reason_and_the_others_are_still_read(
    capsys, written, tmp_path
):
    bad = tmp_path / "bulk.csv"
    bad.write_text("Row Type,Action,Campaign,Budget\nCampaign,Add,A,5\n")
    code, document, err = called(capsys, *written("google_uk"), str(bad))
    assert code == 3
    assert document["schema"] == "mediaplan/problems/1"
    assert "Google Ads" in document["problems"][0]["message"]
    assert document["problems"][0]["file"] == str(bad)
    assert "Google Ads" in err
    assert document["files"][0]["spend"] == str(SHAPE["google_uk"].spend)


def test_tables_of_ours_and_briefs_are_known_by_content_in_the_order_given(capsys, tmp_path):
    paths = []
    for kind in ("posts", "history", "audiences"):
        path = tmp_path / f"a {kind} under no name"
        path.write_text(TEMPLATES[kind].csv, encoding="utf-8")
        paths.append(str(path))
    brief = tmp_path / "question.txt"
    brief.write_text('budget = 1000\ncurrency = "EUR"\nflight = { start = 2026-11-30, days = 14 }\n')
    paths.insert(1, str(brief))
    code, document, _ = called(capsys, *paths)
    assert code == 0
    assert [file["kind"] for file in document["files"]] == ["posts", "brief", "history", "audiences"]
    assert [file["platform"] for file in document["files"]] == [None] * 4
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('budget = -5\ncurrency = "EUR"\n')
    code, document, _ = called(capsys, str(wrong))
    assert code == 3
    assert document["files"][0]["kind"] == "brief"


def test_a_missing_file_is_3_and_no_file_2(capsys, tmp_path):
    assert called(capsys, str(tmp_path / "none.csv"))[0] == 3
    assert called(capsys)[0] == 2


def test_the_currency_can_be_said(capsys, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(SHAPE["tiktok_api"].content.decode().replace(",currency", ",other").replace(",EUR", ",x"))
    assert called(capsys, str(path))[1]["files"][0]["currency"] is None
    _, document, _ = called(capsys, str(path), "--currency", "EUR")
    assert document["files"][0]["currency"] == "EUR"
    assert document["files"][0]["problems"] == []
    assert called(capsys, str(path), "--currency", "EURO")[0] == 3


@pytest.mark.parametrize("language", ["en", "fr"])
def test_people_read_it_too_and_names_from_files_steer_nothing(capsys, tmp_path, language):
    export = SHAPE["meta_en_plain"]
    path = tmp_path / "[red]x[bold]\x1b[31m.csv"
    path.write_bytes(export.content.replace(b"Messaging conversations started", b"[bold]m[/bold]\x1b[2J"))
    assert main(["check", str(path), "--lang", language]) == 0
    out = capsys.readouterr().out
    assert "[bold]m[/bold]" in out
    assert "[red]x[bold]" in out.replace("\n", "")  # a long path is broken where the terminal ends
    assert "\x1b" not in out
    assert (
        "Meta Ads Manager · historique · anglais"
        if language == "fr"
        else "Meta Ads Manager · history · English"
    ) in out


def test_plans_can_be_made_from_raw_exports(capsys, written, tmp_path):
    brief = tmp_path / "brief.toml"
    brief.write_text(
        'budget = 1000\ncurrency = "EUR"\nflight = { start = 2026-09-20, days = 7 }\n[goal]\nis = "most results"\ntype = "Website purchases"\n'
    )
    code = main(
        [
            "plan",
            str(brief),
            "--history",
            *written("meta_en_plain_total"),
            "--json",
            "--quiet",
            "--lang",
            "en",
        ]
    )
    out = capsys.readouterr().out
    assert code == 0, out
    assert {line["post"] for line in json.loads(out)["lines"]} <= {"Reel; n° 1", 'Photo "B"', "All together"}
