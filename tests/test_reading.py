"""Reading tables: right to the cent, or refused with the place and a remedy."""

from __future__ import annotations

import csv
import io
import math
import sys
import zipfile
from datetime import date

import numpy as np
import pandas as pd
import pytest

from mediaplan.errors import InputError
from mediaplan.history.columns.columns import read_columns
from mediaplan.history.columns.template import TEMPLATES
from mediaplan.history.reading.reading import File, read_audiences, read_history, read_posts
from mediaplan.history.records.summary import summary
from mediaplan.history.tables.figures import mark_of, numbers
from mediaplan.words import Words

HEADER = "date,channel,audience,post,spend,impressions,clicks,results\n"
PLAIN = (
    HEADER
    + "2026-10-05,facebook,parents,007,12.50,1000,30,3\n"
    + "2026-10-06,instagram,students,P2,7.25,,12,\n"
    + "2026-10-07,facebook,,P2,0,0,0,0\n"
)


def file(text: str | bytes, name: str = "h.csv") -> File:
    return File(name, text if isinstance(text, bytes) else text.encode())


def history(text: str | bytes, name: str = "h.csv", **given):
    return read_history(file(text, name), **{"currency": "EUR", **given})


def refusal(text, read=None, **given) -> InputError:
    with pytest.raises(InputError) as caught:
        (read or history)(file(text) if read else text, **given)
    return caught.value


def faults(text, read=None, **given):
    problems = refusal(text, read, **given).problems
    assert all("{" not in problem.worded(Words("en")) for problem in problems)
    return [(p.row, p.column, p.value) for p in problems]


def said(text, read=None, **given) -> str:
    return str(refusal(text, read, **given))


def workbook(rows: list[list[object]], *more: list[list[object]]) -> bytes:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for lines in (rows, *more):
        sheet = book.add_worksheet()
        for r, line in enumerate(lines):
            for c, cell in enumerate(line):
                if isinstance(cell, date):
                    sheet.write_datetime(r, c, cell, day)
                else:
                    sheet.write(r, c, cell)
    book.close()
    return content.getvalue()


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


class TestNumbers:
    @pytest.mark.parametrize(
        ("texts", "values"),
        [
            (["1,5", "1 234,56"], [1.5, 1234.56]),
            (["1\u202f234,5", "1\u00a0234\u00a0567"], [1234.5, 1234567]),
            (["1.234,56", "12"], [1234.56, 12]),
            (["1,234.56", "1,234"], [1234.56, 1234]),
            (["1,234,567", "1,5"], None),
            (["1'234.50"], [1234.5]),
            (["1.234.567"], [1234567]),
            (["1.234", "56789"], [1.234, 56789]),
            (["0.125", "1.234"], [0.125, 1.234]),
            (["1.5E+06", "2"], [1.5e6, 2]),
            (["12,50 €", "€ 3,20", "3,00 EUR"], [12.5, 3.2, 3]),
            (["1 500 F CFA", "250FCFA"], [1500, 250]),
            (["(5.50)", "−2"], [-5.5, -2]),
            (["", "-", "--", "N/A", "7"], [math.nan] * 4 + [7]),
        ],
    )
    def test_a_column_decides_its_decimal_mark(self, texts, values):
        read = numbers(np.array(texts, dtype=object), money=True)
        if values is None:
            assert read.faults
        else:
            assert not read.faults
            np.testing.assert_array_equal(read.array, values)

    @pytest.mark.parametrize("text", ["1,234", "1.234"])
    def test_a_column_that_can_be_read_both_ways_is_refused(self, text):
        table = f'date,spend,clicks\n2026-10-05,"{text}",7\n'
        assert mark_of(np.array([text], dtype=object)) == "unclear"
        assert faults(table) == [(2, "spend", text)]

    def test_unless_the_file_the_counts_or_the_currency_tell(self):
        assert history('date,spend,results\n2026-10-05,"1,234","2,5"\n').rows["spend"][0] == 1.234
        assert history('date,spend,clicks\n2026-10-05,5,"1,234"\n').rows["clicks"][0] == 1234
        assert history('date,spend,clicks\n2026-10-05,"1,234",5\n', currency="XOF").rows["spend"][0] == 1234

    @pytest.mark.parametrize(
        "text",
        ["abc", "1.2.3", "12 34", "nan", "inf", "1e400", "1e16", "TRUE", "5%", "0x10", "1_000", "٣", "."],
    )
    def test_what_is_no_number_is_refused_where_it_stands(self, text):
        table = f"date,spend,clicks\n2026-10-05,5,7\n2026-10-05,{text},7\n"
        assert faults(table) == [(3, "spend", text)]

    def test_a_sign_on_a_count_is_refused(self):
        assert faults("date,spend,clicks\n2026-10-05,5,7 €\n") == [(2, "clicks", "7 €")]


class TestDates:
    @pytest.mark.parametrize(
        "text",
        ["2026-11-30", "2026-11-30 18:00:00", "2026-11-30T18:00:00Z", "2026/11/30", "20261130", "30.11.2026",
         "30/11/2026", "11/30/2026", "30-11-2026", "30 novembre 2026", "30 nov. 2026", "lun. 30 nov. 2026",
         '"Nov 30, 2026"', "November 30 2026"],
    )  # fmt: skip
    def test_one_day_written_in_many_ways(self, text):
        assert history(f"date,spend,clicks\n{text},5,7\n").first == date(2026, 11, 30)

    def test_the_column_proves_the_order_for_all_its_cells(self):
        found = history("date,spend,clicks\n01/02/2026,5,7\n13/02/2026,5,7\n")
        assert found.first == date(2026, 2, 1)
        found = history("date,spend,clicks\n01/02/2026,5,7\n02/13/2026,5,7\n")
        assert found.first == date(2026, 1, 2)

    def test_an_order_that_nothing_proves_is_asked_for(self):
        assert faults("date,spend,clicks\n01/02/2026,5,7\n") == [(2, "date", "01/02/2026")]
        assert "2026-11-30" in said("date,spend,clicks\n01/02/2026,5,7\n")

    def test_a_column_that_proves_both_orders_proves_none(self):
        table = "date,spend,clicks\n13/02/2026,5,7\n02/13/2026,5,7\n"
        assert [row for row, _, _ in faults(table)] == [2, 3]

    @pytest.mark.parametrize("text", ["2026-02-30", "soon", "45000", "0206-11-30", "30/11/26", "31/04/2026"])
    def test_what_is_no_day_is_refused(self, text):
        assert faults(f"date,spend,clicks\n{text},5,7\n") == [(2, "date", text)]


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
        assert faults("date,spend,Spend,clicks\n2026-10-05,5,5,7\n") == [(None, "spend", None)]

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
        with pytest.raises(InputError, match="folder"):
            read_history(tmp_path, currency="EUR")
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


class TestKindsOfResult:
    def test_columns_by_kind_keep_the_kind_as_it_stands(self):
        found = history("date,spend,results:lead,results:WhatsApp message\n2026-10-05,5,2,\n")
        assert found.kinds == ("WhatsApp message", "lead")
        assert found.rows["results:lead"][0] == 2
        assert found.rows["results:WhatsApp message"][0] == 0

    def test_rows_by_kind_become_columns_and_money_stands_once(self):
        found = history(
            "date,post,spend,results,result_type\n"
            "2026-10-05,a,10,3,lead\n2026-10-05,a,,4,message\n2026-10-06,b,6,1,lead\n"
        )
        assert list(found.rows["spend"]) == [10, 6]
        assert list(found.rows["results:lead"]) == [3, 1]
        assert found.rows["results:message"][0] == 4
        assert math.isnan(found.rows["results:message"][1])
        assert found.warnings == ()

    def test_money_repeated_for_each_kind_is_pointed_out(self):
        found = history(
            "date,post,spend,results,result_type\n2026-10-05,a,10,3,lead\n2026-10-05,a,10,4,message\n"
        )
        assert found.rows["spend"].sum() == 20
        assert "same spend" in str(found.warnings[0])

    def test_a_sum_of_the_kinds_is_left_out(self):
        found = history("date,spend,results,results:a,results:b\n2026-10-05,5,3,1,2\n")
        assert found.kinds == ("a", "b")
        assert len(found.warnings) == 1


class TestSumRows:
    BODY = "2026-10-05,facebook,p1,10,1\n2026-10-05,facebook,p2,20,2\n2026-10-06,facebook,p1,30,3\n"

    @pytest.mark.parametrize(
        "total", [",,,60,6\n", "Total,,,60,6\n", "2026-10-05,,,60,6\n", "Total,Total,All,60.01,6\n"]
    )
    @pytest.mark.parametrize("first", [True, False])
    def test_are_left_out_and_said_wherever_they_stand(self, total, first):
        table = "date,channel,post,spend,clicks\n" + (total + self.BODY if first else self.BODY + total)
        found = history(table)
        assert found.rows["spend"].sum() == 60
        assert "60" in str(found.warnings[0])

    def test_subtotals_of_dates(self):
        found = history(
            "date,channel,post,spend,clicks\n" + self.BODY + "2026-10-05,,,30,3\n2026-10-06,,,30,3\n"
        )
        assert found.rows["spend"].sum() == 60
        assert len(found.rows) == 3

    def test_money_that_is_not_broken_down_stays(self):
        found = history("date,channel,post,spend,clicks\n" + self.BODY + "2026-10-06,,,17,3\n")
        assert found.rows["spend"].sum() == 77
        assert found.warnings == ()

    def test_a_total_without_any_dimension(self):
        assert (
            history("date,spend,clicks\n2026-10-05,5,1\n2026-10-06,6,1\nTotal,11,2\n").rows["spend"].sum()
            == 11
        )


class TestCurrencies:
    TABLE = "date,spend,clicks,currency\n2026-10-05,10,1,EUR\n2026-10-05,100,1,XOF\n2026-10-05,100,1,\n"

    def test_others_are_converted_and_blank_is_the_briefs(self):
        found = history(self.TABLE, currency="XOF", exchange={"EUR": 655.957})
        assert list(found.rows["spend"]) == pytest.approx([6559.57, 100, 100])
        assert found.currency == "XOF"

    def test_dated_rates_hold_from_their_day_on(self):
        table = "date,spend,clicks,currency\n" + "".join(
            f"{day},1,1,USD\n" for day in ("2026-09-30", "2026-10-01", "2026-10-02")
        )
        rates = {"USD": {"2026-10-01": 610, date(2026, 9, 1): 600}}
        assert list(history(table, currency="XOF", exchange=rates).rows["spend"]) == [600, 610, 610]
        assert "2026" in said(table, currency="XOF", exchange={"USD": {"2026-10-02": 610}})

    def test_without_a_rate_they_are_refused_with_the_line_to_add(self):
        text = said(self.TABLE.replace("EUR", "USD"), currency="XOF")
        assert "USD, XOF" in text
        assert "USD = …" in text

    def test_the_euro_and_both_cfa_francs_are_converted_at_their_fixed_parity_and_it_is_said(self):
        found = history(self.TABLE, currency="XOF")
        assert list(found.rows["spend"]) == pytest.approx([6559.57, 100, 100])
        assert "655.957" in " ".join(map(str, found.warnings))
        euros = history(self.TABLE.replace("XOF", "XAF"), currency="EUR")
        assert list(euros.rows["spend"]) == pytest.approx([10, 100 / 655.957, 100])
        assert history(self.TABLE.replace("EUR", "XAF"), currency="XOF").rows["spend"].sum() == 210

    def test_a_rate_that_is_given_goes_before_the_fixed_parity(self):
        found = history(self.TABLE, currency="XOF", exchange={"EUR": 650})
        assert found.rows["spend"][0] == 6500
        assert found.warnings == ()

    def test_the_only_currency_of_the_table_is_its_currency(self):
        found = read_history(file("date,spend,clicks,currency\n2026-10-05,10,1,gbp\n"))
        assert found.currency == "GBP"

    def test_several_or_none_are_asked_for(self):
        with pytest.raises(InputError, match="several currencies: EUR, XOF"):
            read_history(file(self.TABLE))
        with pytest.raises(InputError, match="which currency"):
            read_history(file(PLAIN))

    def test_a_sign_is_a_currency_too(self):
        assert read_history(file("date,spend,clicks\n2026-10-05,12 €,1\n")).currency == "EUR"
        assert history("date,spend,clicks\n2026-10-05,$12,1\n", currency="USD").rows["spend"][0] == 12
        assert faults("date,spend,clicks\n2026-10-05,$12,1\n", currency="XOF") == [(2, "spend", "$")]
        assert faults("date,spend,clicks,currency\n2026-10-05,12 €,1,USD\n") == [(2, "spend", "€")]

    @pytest.mark.parametrize("rate", [0, -1, "x", math.nan, math.inf, True, None])
    def test_a_rate_that_is_none_is_refused(self, rate):
        with pytest.raises(InputError, match="no rate"):
            history(PLAIN, exchange={"USD": rate})

    def test_an_unknown_code_is_refused_where_it_stands(self):
        assert faults("date,spend,clicks,currency\n2026-10-05,12,1,EURO\n") == [(2, "currency", "EURO")]


class TestSeveralSources:
    def test_are_added_up(self):
        other = PLAIN.replace("2026-10", "2026-11")
        found = read_history(file(PLAIN), file(other, "b.csv"), currency="EUR")
        assert found.rows["spend"].sum() == 2 * history(PLAIN).rows["spend"].sum()
        assert found.sources == ("h.csv", "b.csv")
        assert list(found.rows.index) == list(range(6))

    @pytest.mark.parametrize("again", [PLAIN, "\n".join([HEADER.strip(), *reversed(PLAIN.splitlines()[1:])])])
    def test_the_same_rows_twice_are_refused(self, again):
        with pytest.raises(InputError, match="exactly what “h"):
            read_history(file(PLAIN), file(again, "copy.csv"), currency="EUR")

    def test_views_of_one_money_are_not_added_up(self):
        days = [f"2026-10-{day:02d}" for day in range(1, 11)]
        age = "date,audience,spend,clicks\n" + "".join(f"{d},a{i},10,1\n" for d in days for i in range(3))
        place = "date,channel,audience,spend,clicks\n" + "".join(
            f"{d},c{i},a{i % 3},5,1\n" for d in days for i in range(6)
        )
        total = "date,days,spend,clicks\n2026-10-01,10,300.1,60\n"
        found = read_history(
            file(age, "age.csv"), file(place, "place.csv"), file(total, "t.csv"), currency="EUR"
        )
        assert found.rows["spend"].sum() == 300
        assert found.dimensions == ("channel", "audience")
        assert len(found.warnings) == 1
        assert "age.csv, place.csv, t.csv" in str(found.warnings[0])

    def test_other_money_of_the_same_size_is_added_up(self):
        one = "date,channel,spend,clicks\n2026-10-01,facebook,10,1\n"
        other = "date,channel,post,spend,clicks\n2026-10-01,tiktok,p,10,1\n"
        assert read_history(file(one), file(other, "b.csv"), currency="EUR").rows["spend"].sum() == 20

    def test_kinds_that_only_one_counts_are_not_reported_by_the_other(self):
        one = "date,spend,clicks\n2026-10-01,10,3\n"
        other = "date,spend,clicks,results:lead\n2026-10-02,11,4,2\n"
        found = read_history(file(one), file(other, "b.csv"), currency="EUR")
        assert found.kinds == ("click", "lead")
        assert math.isnan(found.rows["results:lead"][0])
        assert list(found.rows["results:click"]) == [3, 4]


class TestMapping:
    FOREIGN = (
        "ad,age,sex,cost,conv,month,day,clicks,clicks\n1,30-34,M,1.5,2,April,7,5,5\n2,,F,2.5,1,mai,30,6,6\n"
    )
    MAP = {
        "file": "*ads*",
        "post": "ad",
        "audience": ["age", "sex"],
        "spend": "cost",
        "results:conversion": "conv",
        "date": {"month": "month", "day": "day", "year": 2020},
        "channel": {"is": "facebook"},
    }

    def test_reads_a_foreign_table(self):
        found = history(self.FOREIGN, "my ads.csv", columns=(read_columns(self.MAP),))
        assert list(found.rows["date"].dt.date) == [date(2020, 4, 7), date(2020, 5, 30)]
        assert list(found.rows["audience"]) == ["30-34 M", "F"]
        assert list(found.rows["post"]) == ["1", "2"]
        assert set(found.rows["channel"]) == {"facebook"}
        assert found.kinds == ("conversion",)
        assert found.rows["spend"].sum() == 4

    def test_a_constant_date_may_cover_days(self):
        mapping = {**self.MAP, "date": {"is": date(2017, 8, 1), "days": 30}}
        found = history(self.FOREIGN, "ads.csv", columns=(mapping,))
        assert (found.first, found.last) == (date(2017, 8, 1), date(2017, 8, 30))

    def test_concerns_only_the_files_that_its_glob_names(self):
        assert read_columns(self.MAP).concerns("exports/My ADS 2020.csv")
        assert not read_columns(self.MAP).concerns("ads/other.csv")
        assert "no column “date”" in said(self.FOREIGN, columns=(read_columns(self.MAP),))

    def test_headers_twice_matter_only_where_they_disagree(self):
        other = self.FOREIGN.replace("5,5", "5,50")
        text = said(other, columns=({**self.MAP, "file": "*"},))
        assert 'clicks = "clicks#2"' in text
        found = history(other, columns=({**self.MAP, "file": "*", "clicks": "clicks#2"},))
        assert list(found.rows["clicks"]) == [50, 6]

    def test_a_column_that_is_not_there_is_refused_with_the_nearest(self):
        text = said(self.FOREIGN, columns=({**self.MAP, "file": "*", "spend": "costs"},))
        assert "“costs”" in text
        assert "“cost”" in text

    def test_dates_that_their_parts_do_not_make_are_refused(self):
        table = self.FOREIGN.replace("April,7", "April,31")
        assert faults(table, columns=({**self.MAP, "file": "*"},)) == [(2, "month + day", "2020 April 31")]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"spendd": "cost"}, {"spend": 5}, {"spend": ""}, {"spend": ["a", "b"]}, {"spend": []},
            {"spend": {"is": "5", "days": 3}}, {"date": {"is": "yesterday"}}, {"date": {"is": "2020-01-01", "days": 0}},
            {"date": {"month": "m", "day": "d"}}, {"date": {"month": 13, "day": "d", "year": 2020}},
            {"date": {"month": "m", "day": "d", "year": True}}, {"file": 5}, {"results:": "x"}, {"post": {"was": 1}},
            {"post": [1]}, {"channel": {"is": None}},
        ],
    )  # fmt: skip
    def test_what_a_mapping_can_not_mean_is_refused(self, wrong):
        with pytest.raises(InputError) as caught:
            read_columns(wrong)
        assert len(caught.value.problems) == 1

    def test_all_faults_of_a_mapping_are_said_at_once(self):
        with pytest.raises(InputError) as caught:
            read_columns({"spendd": "cost", "spend": 5, "date": {"is": "x"}})
        assert {p.column for p in caught.value.problems} == {
            "columns.spendd",
            "columns.spend",
            "columns.date",
        }


class TestPosts:
    def test_are_read_with_their_defaults(self):
        text = "post,channels,status,value,published,organic_reach\n007,a| b |a,,,2026-10-01 18:00,12\nB,,HOLD,2,,\n"
        rows = read_posts(file(text)).rows
        assert list(rows["post"]) == ["007", "B"]
        assert list(rows["channels"]) == [("a", "b"), ()]
        assert list(rows["status"]) == ["ready", "hold"]
        assert list(rows["value"]) == [1, 2]
        assert rows["published"][0] == pd.Timestamp(2026, 10, 1)
        assert pd.isna(rows["published"][1])
        assert rows["organic_reach"][0] == 12
        assert rows["title"].isna().all()

    def test_all_faults_at_once(self):
        text = "post,status,value,published,organic_clicks\na,redy,0,soon,-1\na,ready,-2,,x\n,ready,,,\n"
        assert set(faults(text, read_posts)) == {
            (2, "status", "redy"), (2, "value", "0"), (2, "published", "soon"), (2, "organic_clicks", "-1"),
            (3, "post", "a"), (3, "value", "-2"), (3, "organic_clicks", "x"), (4, "post", ""),
        }  # fmt: skip
        assert "Did you mean “ready”" in said(text, read_posts)

    def test_a_misspelt_column_is_refused_because_it_would_be_lost(self):
        assert "“channels”" in said("post,chanels\na,b\n", read_posts)

    @pytest.mark.parametrize("text", ["", "post\n", "title\nx\n"])
    def test_what_holds_no_posts_is_refused(self, text):
        assert faults(text, read_posts)


class TestAudiences:
    def test_are_read_with_their_defaults(self):
        rows = read_audiences(
            file("audience,channel,size,value\na,,1 000,\na,facebook,,2.5\na,facebook,,2.5\n")
        ).rows
        assert len(rows) == 2
        assert pd.isna(rows["channel"][0])
        assert list(rows["value"]) == [1, 2.5]
        assert rows["size"][0] == 1000

    def test_rows_that_disagree_are_refused(self):
        assert faults("audience,channel,value\na,facebook,1\na,facebook,2\n", read_audiences) == [
            (3, "audience", "a")
        ]

    def test_a_size_must_be_above_zero(self):
        assert set(faults("audience,size\na,0\nb,-1\n", read_audiences)) == {
            (2, "size", "0"),
            (3, "size", "-1"),
        }


class TestSummary:
    def test_says_what_was_read(self):
        assert summary(history(PLAIN)).to_dict() == {
            "rows": 3, "first": "2026-10-05", "last": "2026-10-07", "currency": "EUR", "spend": "19.75",
            "impressions": 1000.0, "reach": None, "clicks": 42.0, "results": {"result": 3.0},
            "dimensions": {"post": 2, "channel": 2, "audience": 2}, "sources": ["h.csv"],
        }  # fmt: skip

    def test_money_adds_up_exactly(self):
        table = "date,spend,clicks\n" + "2026-10-05,0.1,1\n" * 1000
        assert summary(history(table)).to_dict()["spend"] == "100.00"
        assert summary(history(table, currency="XOF")).to_dict()["spend"] == "100"


class TestTemplates:
    def test_can_be_read_as_they_are(self):
        assert len(read_history(file(TEMPLATES["history"].csv)).rows) == 3
        assert read_posts(file(TEMPLATES["posts"].csv)).names == ("P001", "P002")
        assert read_audiences(file(TEMPLATES["audiences"].csv)).names == ("parents-abidjan", "students-dakar")

    @pytest.mark.parametrize("kind", TEMPLATES)
    def test_say_a_sentence_on_each_column(self, kind):
        template = TEMPLATES[kind]
        said = template.worded(Words("en")).splitlines()
        assert len(said) == len(template.columns)
        assert all(line.rstrip().endswith(".") for line in said)
        assert {len(row) for row in template.rows} == {len(template.columns)}
