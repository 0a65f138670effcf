"""Reading tables: right to the cent, or refused with the place and a remedy."""

from __future__ import annotations

import csv
import io
import math
import sys
import zipfile
from datetime import date

import pandas as pd
import pytest
from tables_by_hand import HEADER, PLAIN, faults, file, history, refusal, said, workbook

from mediaplan.errors import InputError
from mediaplan.history.reading.reading import read_history


class TestAPlainTable:
    def test_gives_every_cell_as_it_stands(self):
        found = history(PLAIN)
        assert list(found.rows["spend"]) == [12.5, 7.25, 0.0]
        assert list(found.rows["date"].dt.date) == [date(2026, 10, 5), date(2026, 10, 6), date(2026, 10, 7)]
        assert found.rows["post"][0] == "007"
        assert found.kinds == ("result",)
        assert found.dimensions == ("post", "channel", "audience")
        assert (found.first, found.last) == (date(2026, 10, 5), date(2026, 10, 7))
        assert found.warnings == ()

    def test_has_the_columns_of_the_record_in_their_order(self):
        assert list(history(PLAIN).rows) == [
            "date", "days", "post", "channel", "audience", "slot", "hour", "spend", "impressions", "reach", "clicks",
            "results:result",
        ]  # fmt: skip

    def test_blank_is_not_reported_for_counts_and_zero_for_results(self):
        rows = history(PLAIN).rows
        assert math.isnan(rows["impressions"][1])
        assert rows["results:result"][1] == 0

    def test_a_blank_dimension_is_missing_and_stays(self):
        assert pd.isna(history(PLAIN).rows["audience"][2])

    def test_clicks_are_the_results_where_nothing_else_is_counted(self):
        found = history("date,spend,clicks\n2026-10-05,5,7\n2026-10-06,5,\n")
        assert found.kinds == ("click",)
        assert found.rows["results:click"][0] == 7
        assert math.isnan(found.rows["results:click"][1])

    def test_rows_that_cover_several_days_end_on_their_last_day(self):
        assert history("date,days,spend,clicks\n2026-10-05,7,5,7\n").last == date(2026, 10, 11)

    @pytest.mark.parametrize("text", ["18", "18h", "18:00", "18:00:00 - 18:59:59", "18.0"])
    def test_hours_are_read_as_platforms_write_them(self, text):
        found = history(f"date,hour,spend,clicks\n2026-10-05,{text},5,7\n")
        assert found.rows["hour"][0] == 18
        assert found.dimensions == ("slot",)

    def test_formulas_are_only_text(self):
        found = history("date,post,spend,clicks\n2026-10-05,=cmd|' /C calc'!A0,5,7\n")
        assert found.rows["post"][0] == "=cmd|' /C calc'!A0"

    def test_names_are_normalised_trimmed_and_nothing_else(self):
        found = history("date,post,spend,clicks\n2026-10-05,  E\u0301te\u0301 ,5,7\n2026-10-05,été,5,7\n")
        assert list(found.rows["post"]) == ["Été", "été"]

    def test_headers_may_differ_in_case_and_kind_of_space(self):
        assert history("\ufeffDate, SPEND\u00a0,Clicks\n2026-10-05,5,7\n").rows["spend"][0] == 5


class TestTheSameTableInAnotherFile:
    """One table in many files: the digest of the rows must not change."""

    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"]
    )
    @pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
    def test_encodings_and_separators(self, encoding, separator):
        text = PLAIN.replace("parents", "élèves à l’été")
        same = text.replace(",", separator).encode(encoding)
        assert history(same).digest == history(text).digest

    def test_decimal_commas_and_line_ends(self):
        french = (
            PLAIN.replace(",", ";").replace("12.50", "12,50").replace("7.25", "7,25").replace("\n", "\r\n")
        )
        assert history(french).digest == history(PLAIN).digest
        assert history("sep=;\r\n" + french).digest == history(PLAIN).digest

    def test_excel(self):
        lines = list(csv.reader(io.StringIO(PLAIN)))
        typed = [lines[0]] + [
            [date.fromisoformat(row[0]), *row[1:4], *[float(c) if c else "" for c in row[4:]]]
            for row in lines[1:]
        ]
        assert history(workbook(typed), "h.xlsx").digest == history(PLAIN).digest
        assert history(workbook([["About"], ["x"]], typed), "h.xlsx").digest == history(PLAIN).digest

    def test_parquet_and_data_frames(self):
        pytest.importorskip("pyarrow")
        frame = pd.read_csv(io.StringIO(PLAIN), dtype={"post": str}, parse_dates=["date"])
        content = io.BytesIO()
        frame.to_parquet(content)
        assert history(content.getvalue(), "h.parquet").digest == history(PLAIN).digest
        assert read_history(frame, currency="EUR").digest == history(PLAIN).digest

    def test_without_pyarrow_parquet_says_what_to_install(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        assert "pip install 'mediaplan[parquet]'" in said(b"PAR1....PAR1")

    def test_a_path_reads_like_its_content(self, tmp_path):
        (tmp_path / "h.csv").write_text(PLAIN, encoding="utf-8")
        assert read_history(tmp_path / "h.csv", currency="EUR").digest == history(PLAIN).digest

    def test_the_order_of_rows_and_columns_changes_nothing(self):
        lines = [line.split(",") for line in PLAIN.splitlines()]
        turned = "\n".join(",".join(reversed(line)) for line in [lines[0], *reversed(lines[1:])])
        assert history(turned).digest == history(PLAIN).digest


class TestFaults:
    def test_all_are_said_at_once_each_with_its_place(self):
        table = (
            "date,hour,days,channel,spend,impressions,clicks\n"
            "2026-13-05,25,0,facebook,abc,-4,7\n"
            "\n"
            ",3,1,facebook,,5,x\n"
            "2026-10-05,3,1.5,facebook,-5,inf,7\n"
        )
        found = faults(table)
        assert set(found) == {
            (2, "date", "2026-13-05"), (2, "hour", "25"), (2, "days", "0"), (2, "spend", "abc"),
            (2, "impressions", "-4"), (4, "date", ""), (4, "spend", ""), (4, "clicks", "x"), (5, "days", "1.5"),
            (5, "spend", "-5"), (5, "impressions", "inf"),
        }  # fmt: skip
        assert len(found) == len(set(found))

    def test_all_files_are_said_at_once(self):
        with pytest.raises(InputError) as caught:
            read_history(file("date,spend\n"), file("%PDF-1.7", "x.pdf"), "no such file.csv", currency="EUR")
        assert {problem.file for problem in caught.value.problems} == {"h.csv", "x.pdf", "no such file.csv"}

    def test_a_missing_column_names_the_nearest_header(self):
        text = said("date,spending,clicks\n2026-10-05,5,7\n")
        assert "no column “spend”" in text
        assert "“spending”" in text

    def test_a_table_without_results_or_clicks_is_refused(self):
        assert faults("date,spend\n2026-10-05,5\n") == [(None, "results", None)]

    def test_an_unknown_column_of_results_is_refused(self):
        assert "“results:lead”" in said("date,spend,result_lead\n2026-10-05,5,1\n")
        assert faults("date,spend,results:\n2026-10-05,5,1\n") == [(None, "results:", None)]

    def test_a_header_twice_is_refused_once(self):
        assert faults("date,spend,Spend,clicks\n2026-10-05,5,6,7\n") == [(None, "spend", None)]

    def test_a_column_that_stands_twice_and_says_the_same_counts_once(self):
        assert history("date,spend,Spend,clicks\n2026-10-05,5,5,7\n").rows["spend"].tolist() == [5]

    def test_a_misspelt_optional_column_is_a_warning(self):
        found = history("date,spend,clicks,impresions\n2026-10-05,5,7,100\n")
        assert "“impresions”" in str(found.warnings[0])
        assert "“impressions”" in str(found.warnings[0])

    def test_other_columns_are_no_matter(self):
        assert history("date,spend,clicks,notes\n2026-10-05,5,7,hello\n").warnings == ()

    def test_a_row_longer_than_the_header_is_refused(self):
        assert faults("date,spend,clicks\n2026-10-05,12,50,7\n") == [(2, None, "7")]
        assert history("date,spend,clicks\n2026-10-05,12,7,,\n").rows["clicks"][0] == 7

    def test_an_open_quote_is_refused_where_it_begins(self):
        assert (
            faults('date,post,spend,clicks\n2026-10-05,a,5,7\n2026-10-06,"b,5,7\n2026-10-07,c,5,7\n')[0][0]
            == 3
        )

    def test_many_faults_are_counted(self):
        table = "date,spend,clicks\n" + "2026-10-05,x,7\n" * 500
        found = faults(table)
        assert len(found) == 101
        assert "400" in str(refusal(table).problems[-1].message)

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "empty"), (b"\n \n", "empty"), (b"\xef\xbb\xbf", "empty"), (HEADER.encode(), "no rows"),
            (b"%PDF-1.4 x", "PDF"), (b"\x89PNG\r\n", "image"), (b"<!DOCTYPE html><p>", "web page"),
            (b"date,spend\n2026-10-05,5\0\n", "binary"), (b"PK\x03\x04rubbish", "damaged"),
            (b"\xd0\xcf\x11\xe0 x", "old kind"),
            (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password"), (b"PAR1 x", "Parquet"),
        ],
    )  # fmt: skip
    def test_what_is_no_table_is_called_what_it_is(self, content, words):
        assert words in said(content)

    def test_places_that_hold_no_file(self, tmp_path):
        (tmp_path / "history.csv").write_text(PLAIN)
        (tmp_path / "empty").mkdir()
        with pytest.raises(InputError, match="folder"):
            read_history(tmp_path / "empty", currency="EUR")
        with pytest.raises(InputError, match="Did you mean “history"):
            read_history(tmp_path / "histroy.csv", currency="EUR")
        with pytest.raises(InputError, match="can't be opened"):
            read_history("a\0b", currency="EUR")

    def test_no_source_at_all(self):
        with pytest.raises(InputError, match="no history"):
            read_history(currency="EUR")


class TestBounds:
    def test_a_zip_bomb_is_refused_before_it_is_unpacked(self):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("xl/workbook.xml", "<workbook/>")
            with package.open("xl/worksheets/sheet1.xml", "w") as part:
                for _ in range(250):
                    part.write(bytes(2**20))
        assert len(content.getvalue()) < 2**20
        assert "more than can be read" in said(content.getvalue())

    def test_a_cell_at_the_far_corner_of_a_sheet_is_refused(self):
        xlsxwriter = pytest.importorskip("xlsxwriter")
        content = io.BytesIO()
        book = xlsxwriter.Workbook(content)
        book.add_worksheet().write(1_048_575, 16_383, "here")
        book.close()
        assert "more than can be read" in said(content.getvalue())

    def test_a_million_columns_are_refused(self):
        assert "1,000,001 columns" in said(b"\ndate,spend" + b",x" * 999_999 + b"\n")

    def test_any_other_zip_is_refused(self):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as package:
            package.writestr("h.csv", PLAIN)
        assert "zip" in said(content.getvalue())


class TestFilesThatAreNoTables:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"," * 9_000_000, "longer than 8 MB"),
            (
                HEADER.encode() + b"2026-10-05,facebook,x," + b"P" * 9_000_000 + b",1,1,1,1\n",
                "longer than 8 MB",
            ),
            (b"," * 5_000_000 + b"\n" + PLAIN.encode(), "5,000,001 columns"),
            (b"\n" * 9_000_000, "empty"),
            (b"\r" * 9_000_000, "empty"),
            (b",,\n" * 3_000_000, "empty"),
            (HEADER.encode() + b"\n" * 9_000_000, "more than can be read"),
        ],
    )
    def test_are_refused_before_they_take_minutes_or_gigabytes(self, content, words):
        assert words in said(content)

    @pytest.mark.parametrize("more", ["", '2026-10-09,facebook,parents,"P"x,1.00,1,1,1,9\n'])
    def test_a_cell_beyond_measure_is_refused_by_its_row(self, more):
        text = PLAIN + f"2026-10-08,facebook,parents,{'P' * 200_000},1.00,1,1,\n" + more
        assert "a cell of this row is longer than 131,072 characters" in said(text)
        assert [row for row, _, _ in faults(text)] == [5]
