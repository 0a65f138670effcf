"""Cells of a table: numbers, dates, kinds of result, sums and currencies, each read by what its column proves."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from tables_by_hand import PLAIN, faults, file, history, said

from mediaplan.errors import InputError
from mediaplan.history.reading.reading import read_history
from mediaplan.history.tables.figures import mark_of, numbers


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
