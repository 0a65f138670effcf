"""Many files: a folder, a pattern, and files that are large together, in one call with one share of all that was read."""

from __future__ import annotations

import json
from decimal import Decimal

import pandas as pd
import pytest
from exports_by_platform import EXPORTS

from mediaplan.cli.main import main
from mediaplan.errors import InputError
from mediaplan.history.checking.checking import checked
from mediaplan.history.columns.template import TEMPLATES
from mediaplan.history.files import large
from mediaplan.history.files.sources import File, spread
from mediaplan.history.reading.reading import read_history

DAYS = 5
ROWS = [("facebook", "a", 1.10, 3), ("facebook", "a", 2.20, 4), ("tiktok", "b", 0.05, 1)]


@pytest.fixture
def folder(tmp_path):
    for day in range(1, DAYS + 1):
        rows = "".join(f"2026-10-{day:02},{c},{p},{s + day:.2f},{k}\n" for c, p, s, k in ROWS)
        (tmp_path / f"day-{day}.csv").write_text("date,channel,post,spend,clicks\n" + rows)
    (tmp_path / "notes.md").write_text("no table")
    (tmp_path / ".hidden.csv").write_text("date,spend,clicks\n2026-10-01,9999,1\n")
    return tmp_path


ALL = sum(Decimal(str(spend)) + day for day in range(1, DAYS + 1) for _, _, spend, _ in ROWS)


def run(capsys, *arguments):
    code = main([*map(str, arguments), "--json", "--quiet"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("named", ["", "*.csv", "day-?.csv"])
def test_check_reads_a_folder_or_a_pattern_file_by_file(capsys, folder, named):
    code, told = run(capsys, "check", folder / named, "--currency", "EUR")
    assert code == 0
    assert [file["file"] for file in told["files"]] == [
        str(folder / f"day-{day}.csv") for day in range(1, DAYS + 1)
    ]
    assert told["totals"]["spend"] == str(ALL)
    assert sum(file["rows"] for file in told["files"]) == DAYS * len(ROWS)


def test_a_history_and_an_import_take_a_folder(capsys, folder):
    assert read_history(folder, currency="EUR").rows["spend"].sum() == pytest.approx(float(ALL), abs=1e-9)
    shop = ("--client", "c", "--workspace", folder / "w.sqlite")
    code, told = run(capsys, "import", folder, *shop, "--currency", "EUR")
    assert code == 0
    assert len(told["imports"]) == DAYS
    assert run(capsys, "show", *shop)[1]["history"]["spend"] == str(ALL)


def test_a_brief_names_its_files_by_a_pattern(capsys, folder):
    brief = folder / "brief.toml"
    brief.write_text(
        'budget = 100\ncurrency = "EUR"\nflight = { start = 2026-10-06, days = 7 }\ndata = { history = ["day-*.csv"] }\n'
    )
    code, told = run(capsys, "plan", brief)
    assert code == 0
    assert {line["channel"] for line in told["lines"]} <= {"facebook", "tiktok"}


@pytest.mark.parametrize("named", ["*.xlsx", "empty"])
def test_a_pattern_or_a_folder_that_holds_nothing_is_refused_by_what_it_is(capsys, folder, named):
    (folder / "empty").mkdir()
    code, told = run(capsys, "check", folder / named)
    assert code == 3
    (problem,) = told["problems"]
    assert problem["file"] == str(folder / named)
    assert problem["message"] in ("no file fits this pattern.", "this is a folder.")


def test_an_old_workbook_in_a_folder_is_refused_and_not_passed_over(capsys, folder):
    (folder / "september.XLS").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    code, told = run(capsys, "check", folder, "--currency", "EUR")
    assert code == 3
    assert [problem["file"] for problem in told["problems"]] == [str(folder / "september.XLS")]


def test_a_file_whose_name_looks_like_a_pattern_is_itself(tmp_path):
    (tmp_path / "a[1]*.csv").write_text("x")
    (tmp_path / "a1.csv").write_text("x")
    assert spread(tmp_path / "a[1]*.csv") == (tmp_path / "a[1]*.csv",)
    assert spread(tmp_path / "a[1].csv") == (tmp_path / "a[1].csv",)


def test_files_that_are_large_together_are_added_up_and_one_warning_says_so(folder, monkeypatch):
    apart = read_history(folder, currency="EUR")
    monkeypatch.setattr(large, "LARGE", 200)
    assert all(file.stat().st_size < 200 for file in folder.glob("day-*.csv"))
    together = read_history(folder, currency="EUR")
    assert len(together.rows) == 2 * DAYS
    assert together.rows["spend"].sum() == pytest.approx(float(ALL), abs=1e-9)
    assert together.rows["clicks"].sum() == apart.rows["clicks"].sum()
    (said,) = [str(warning) for warning in together.warnings if "added up" in str(warning)]
    assert f"In {DAYS} files {3 * DAYS} rows were added up to {2 * DAYS}" in said


def test_the_share_that_was_read_is_one_of_all_files_and_never_falls(folder, monkeypatch):
    monkeypatch.setattr(large, "LARGE", 200)
    for read in (read_history, checked):
        told = []
        read(folder, currency="EUR", progress=told.append)
        assert told == sorted(told)
        assert len(set(told)) >= DAYS
        assert told[0] == 0
        assert told[-1] == 1


def test_a_large_file_that_is_checked_tells_all_its_rows(monkeypatch):
    text = "date,post,spend,clicks\n" + "2026-10-01,a,0.10,1\n" * 300 + "Total,,30.00,300\n"
    whole = checked(File("x.csv", text.encode()), currency="EUR").files[0]
    monkeypatch.setattr(large, "LARGE", 0)
    pieces = checked(File("x.csv", text.encode()), currency="EUR").files[0]
    assert (pieces.figures.spend, pieces.figures.counts) == (whole.figures.spend, whole.figures.counts)
    assert (pieces.rows, pieces.dropped) == (300, 1)


@pytest.mark.parametrize("export", [e for e in EXPORTS if e.rows], ids=lambda export: export.name)
def test_a_large_export_of_a_platform_is_read_as_a_small_one(export, monkeypatch):
    monkeypatch.setattr(large, "LARGE", 0)
    (found,) = checked(File("any", export.content)).files
    digits = 0 if export.currency == "XOF" else 2
    assert found.figures.spend == {export.currency: str(export.spend.quantize(Decimal(1).scaleb(-digits)))}
    assert found.figures.results == export.results
    assert (found.rows, found.dropped) == (export.rows, export.dropped)


def test_a_file_given_twice_is_refused_though_its_bytes_are_let_go_of(folder):
    again = folder / "again.csv"
    again.write_bytes((folder / "day-1.csv").read_bytes())
    with pytest.raises(InputError) as caught:
        read_history(folder, currency="EUR")
    assert "holds exactly what" in str(caught.value)


def test_parts_of_a_parquet_folder_are_one_history(tmp_path):
    pytest.importorskip("pyarrow")
    for day in range(1, 4):
        frame = pd.DataFrame(
            {"date": [f"2026-10-0{day}"] * 2, "post": ["a", "b"], "spend": [day, 2.5], "clicks": 1}
        )
        frame.to_parquet(tmp_path / f"part-{day}.parquet")
    (tmp_path / "_SUCCESS").write_text("")
    assert read_history(tmp_path, currency="EUR").rows["spend"].sum() == 13.5


@pytest.fixture
def two_shapes(tmp_path):
    (tmp_path / "radio.csv").write_text("jour;cout;clics\n2026-10-01;10,50;3\n")
    (tmp_path / "press.csv").write_text("when,paid,taps\n2026-10-01,20.25,4\n")
    (tmp_path / "a.toml").write_text(
        '[[columns]]\nfile = "*radio*"\ndate = "jour"\nspend = "cout"\nclicks = "clics"\n'
    )
    (tmp_path / "b.toml").write_text(
        '[[columns]]\nfile = "*press*"\ndate = "when"\nspend = "paid"\nclicks = "taps"\n'
    )
    both = (tmp_path / "a.toml").read_text() + (tmp_path / "b.toml").read_text()
    (tmp_path / "both.toml").write_text(both)
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        "radio.csv press.csv --mapping a.toml b.toml",
        "radio.csv press.csv --mapping a.toml --mapping b.toml",
        "radio.csv press.csv --mapping both.toml",
        "--mapping a.toml b.toml radio.csv press.csv",
        "--mapping a.toml radio.csv --mapping b.toml press.csv",
    ],
)
def test_check_takes_a_mapping_for_each_shape_in_any_order(capsys, monkeypatch, two_shapes, arguments):
    monkeypatch.chdir(two_shapes)
    code, told = run(capsys, "check", *arguments.split(), "--currency", "EUR")
    assert code == 0
    assert {file["file"]: file["spend"] for file in told["files"]} == {
        "radio.csv": "10.50",
        "press.csv": "20.25",
    }


def test_check_says_that_a_file_is_missing_beside_its_mapping(capsys, monkeypatch, two_shapes):
    monkeypatch.chdir(two_shapes)
    assert run(capsys, "check", "--mapping", "a.toml", "b.toml")[0] == 2
    assert run(capsys, "check", "radio.csv", "--mapping", "a.toml", "none.toml", "--currency", "EUR")[0] == 3


@pytest.mark.parametrize("behind", [False, True])
def test_a_verdict_takes_a_mapping_for_each_shape(capsys, monkeypatch, two_shapes, behind):
    monkeypatch.chdir(two_shapes)
    for name, mapping in (("radio", "a"), ("press", "b")):
        text = (two_shapes / f"{mapping}.toml").read_text()
        (two_shapes / f"{mapping}.toml").write_text(text + f'post = {{ is = "{name}" }}\n')
    (two_shapes / "t.toml").write_text(
        'budget = 100\ncurrency = "EUR"\nflight = { start = 2026-10-01, days = 7 }\n'
        '[[test]]\nname = "t"\nposts = ["radio", "press"]\nbudget = 50\nuntil = 2026-10-03\n'
    )
    mappings = ("--mapping", "a.toml", "b.toml")
    history = ("--history", "radio.csv", "press.csv")
    asked = (*history, *mappings, "t.toml") if behind else ("t.toml", *history, *mappings)
    code, told = run(capsys, "verdict", *asked)
    assert code == 0, told
    assert [post["spend"] for post in told["tests"][0]["posts"]] == ["10.50", "20.25"]


def meta_rows(rows):
    """A Meta export with its total first, ad numbers apart, and results of two kinds."""
    head = '"Campaign name","Ad name","Ad ID",Day,Age,Region,Impressions,"Amount spent (EUR)",Results,"Result type","Link clicks","Objective","Reporting starts","Reporting ends"\n'
    total = f",,,,,,{rows * 10},{rows * 0.25:.2f},,mixed,{rows},,2026-01-01,2026-01-02\n"
    body = "".join(
        f"C{at % 3},A{at % 6},{at},2026-01-0{1 + at % 2},18-24,R{at % 2},10,0.25,{at % 4 or ''},"
        f"{('Leads', 'Purchases')[at % 3 == 0] if at % 4 else ''},1,SALES,2026-01-0{1 + at % 2},2026-01-0{1 + at % 2}\n"
        for at in range(rows)
    )
    return File("meta.csv", ("\ufeff" + head + total + body).encode())


@pytest.mark.parametrize("rules", [(), ({"from": "Region", "pattern": "{audience}"},)])
def test_rows_of_a_large_export_are_added_up_by_what_plans_know(rules, monkeypatch):
    keys = ["date", "post", "audience"]
    given = {"columns": ({"names": list(rules)},)} if rules else {}

    def told():
        rows = read_history(meta_rows(600), **given).rows
        kinds = [column for column in rows if column.startswith("results:")]
        return rows.groupby(keys)[["spend", "impressions", "clicks", *kinds]].sum()

    usual = told()
    monkeypatch.setattr(large, "LARGE", 0)
    pd.testing.assert_frame_equal(told(), usual, check_exact=False, rtol=1e-12)
    (found,) = checked(meta_rows(600)).files
    assert (found.rows, found.dropped, found.figures.spend) == (600, 1, {"EUR": "150.00"})
    assert "600 rows were added up to" in str(found.warnings[0])


@pytest.mark.parametrize("kind", ["posts", "audiences"])
def test_a_table_of_another_kind_given_as_history_is_called_what_it_is(kind):
    with pytest.raises(InputError) as caught:
        read_history(File("x.csv", TEMPLATES[kind].csv.encode()), currency="EUR")
    (problem,) = caught.value.problems
    assert f"this is a table of {kind}" in str(problem.message)
    assert f"--{kind}" in str(problem.remedy)
