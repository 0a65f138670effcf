"""The rules that real exports need: what is a sum, what is blank, what may be guessed and what is asked."""

from __future__ import annotations

import io
from datetime import date

import pandas as pd
import pytest
from exports_by_platform import EXPORTS
from exports_by_platform.account import WORLD, text
from exports_by_platform.meta import META, meta, meta_rows
from reports_read import one, said

from mediaplan.errors import InputError
from mediaplan.history.checking.checking import checked
from mediaplan.history.reading.reading import File, read_history
from mediaplan.history.tables.dates import dates_in

SHAPE = {export.name: export for export in EXPORTS}
HEADER = [name.format("EUR") for name in META["en"]]


class TestSums:
    @pytest.mark.parametrize("place", [0, 5, len(WORLD)])
    def test_a_total_is_known_by_its_empty_names_wherever_it_stands(self, place):
        export = meta("en", total=True)
        lines = export.content.decode("utf-8-sig").splitlines()
        total = lines.pop(1)
        lines.insert(1 + place, total)
        found = one("\n".join(lines) + "\n")
        assert (found.rows, found.dropped) == (export.rows, 1)
        assert found.figures.spend == {"EUR": str(export.spend)}

    def test_a_campaign_may_be_called_total(self):
        rows = "Campaign,Cost,Impr.,Clicks,Currency code,Day\nTotal,5.00,10,1,EUR,2026-09-01\nOther,7.00,10,1,EUR,2026-09-01\n"
        assert one(rows).figures.spend == {"EUR": "12.00"}
        assert one(rows.replace("Total,", "Total Wine,")).dropped == 0
        whole = rows + "Total: Account,99.00,20,2,EUR, --\n"
        assert (one(whole).dropped, one(whole).figures.spend) == (1, {"EUR": "12.00"})

    def test_an_account_total_may_exceed_the_listed_rows(self):
        export = SHAPE["google_uk"]
        text_ = export.content.decode()
        spend = str(export.spend)
        assert spend in text_
        assert one(text_.replace(spend, "99999999.00")).figures.spend == {"EUR": spend}

    def test_rows_that_are_missing_below_a_total_are_pointed_out(self):
        lines = meta("en", total=True).content.decode("utf-8-sig").splitlines()
        found = one("\n".join(lines[:-5]) + "\n")
        assert any("seem to be missing" in str(warning) for warning in found.warnings)
        assert not any("missing" in str(warning) for warning in one("\n".join(lines)).warnings)

    def test_a_file_of_a_single_row_without_names_is_no_total(self):
        found = one(
            "Amount spent (EUR),Impressions,Link clicks,Reporting starts,Reporting ends\n12.50,100,5,2026-09-01,2026-09-30\n"
        )
        assert (found.rows, found.dropped, found.figures.spend) == (1, 0, {"EUR": "12.50"})

    def test_a_naive_sum_of_the_pivot_would_be_several_times_the_money(self):
        export = SHAPE["meta_pivot_en"]
        naive = pd.read_excel(io.BytesIO(export.content), engine="calamine")["Amount spent (EUR)"].sum()
        assert naive > 4 * float(export.spend)


class TestResults:
    def test_a_row_without_result_is_none_of_what_its_ad_was_for(self):
        history = read_history(File("x", meta("en").content))
        rows = history.rows
        wanted = {row.ad: row.kind for row in WORLD}
        for ad, kind in wanted.items():
            mine = rows[rows["post"] == ad]
            (other,) = set(wanted.values()) - {kind}
            assert mine[f"results:{kind}"].notna().all()
            assert mine[f"results:{other}"].isna().all()

    def test_kinds_are_never_added_up(self):
        found = one(meta("en").content)
        assert len(found.figures.results) == 2

    def test_the_exported_cost_per_result_does_not_matter(self):
        header, *lines = meta("en").content.decode("utf-8-sig").splitlines()
        spoilt = pd.read_csv(io.StringIO("\n".join([header, *lines])), dtype=str, keep_default_na=False)
        spoilt["Cost per result"] = "nonsense"
        assert one(spoilt.to_csv(index=False)).figures.spend == one(meta("en").content).figures.spend

    def test_a_report_without_any_result_says_that_clicks_count(self):
        history = read_history(File("x", SHAPE["meta_regions"].content))
        assert history.kinds == ("click",)
        assert any("clicks count instead" in str(warning) for warning in history.warnings)


class TestMoneyAndNumbers:
    def test_derived_money_is_said(self):
        assert any("impressions × cost" in str(w) for w in one(SHAPE["meta_derived"].content).warnings)

    def test_a_custom_column_of_costs_is_no_spend(self):
        body = text([["* Amount spent (EUR)", *HEADER], *[["9999", *row] for row in meta_rows(WORLD)]])
        assert one(body).figures.spend == one(meta("en").content).figures.spend

    def test_a_price_that_can_be_read_both_ways_is_asked_for_and_can_be_said(self):
        rows = 'Campaign,Cost,Impr.,Clicks,Currency code,Day\nA,"1,234",10,1,EUR,2026-09-01\n'
        assert "may mean thousands or decimals" in said(rows)
        for mark, spend in ((",", "1.23"), (".", "1234.00")):
            assert one(rows, columns=({"decimal": mark},)).figures.spend == {"EUR": spend}

    def test_money_of_a_currency_without_cents_is_whole(self):
        rows = (
            'Campaign name,Day,Amount spent (XOF),Impressions,Link clicks\nA,2026-09-01,"1,234","2,345",7\n'
        )
        found = one(rows)
        assert found.figures.spend == {"XOF": "1234"}
        assert found.figures.counts["impressions"] == 2345

    def test_several_currencies_are_never_one_sum(self):
        rows = "Campaign,Cost,Impr.,Clicks,Currency code,Day\nA,5.00,10,1,EUR,2026-09-01\nB,700,10,1,XOF,2026-09-01\n"
        found = one(rows)
        assert found.figures.spend == {"EUR": "5.00", "XOF": "700"}
        assert found.figures.to_dict()["spend"] is None
        assert (
            read_history(File("x", rows.encode()), currency="XOF", exchange={"EUR": 655.957})
            .rows["spend"]
            .sum()
            == 3979.785
        )

    def test_money_without_a_currency_is_read_and_the_currency_asked_for(self):
        found = one(SHAPE["tiktok_api"].content.replace(b",EUR", b",").replace(b",currency", b",other"))
        assert found.usable
        assert found.figures.spend == {"": str(SHAPE["tiktok_api"].spend)}
        assert found.problems[0].column == "currency"


class TestDates:
    LINKEDIN = "Start Date (in UTC)\tCampaign Name\tCurrency\tTotal Spent\tImpressions\tClicks\n{}\tA\tEUR\t5.00\t10\t1\n"

    def test_meta_re_saved_by_a_spreadsheet_asks_for_the_order_of_day_and_month(self):
        rows = "Campaign name,Day,Amount spent (EUR),Impressions,Link clicks\nA,03/04/2026,5.00,10,1\n"
        assert "may mean two dates" in said(rows)
        assert one(rows, columns=({"dates": "day first"},)).figures.first == date(2026, 4, 3)
        assert one(rows, columns=({"dates": "month first"},)).figures.first == date(2026, 3, 4)

    def test_a_platform_that_always_writes_the_month_first_is_believed(self):
        assert one(self.LINKEDIN.format("3/4/2026")).figures.first == date(2026, 3, 4)

    def test_but_the_period_above_the_table_is_better_evidence(self):
        above = "Ad Performance Report (in UTC)\nReport Start: April 1, 2026\nReport End: April 30, 2026\n\n"
        assert one(above + self.LINKEDIN.format("3/4/2026")).figures.first == date(2026, 4, 3)

    def test_one_first_day_on_all_rows_is_the_whole_period(self):
        above = "Ad Performance Report (in UTC)\nReport Start: April 1, 2026\nReport End: April 30, 2026\n\n"
        found = one(above + self.LINKEDIN.format("4/1/2026"))
        assert (found.figures.first, found.figures.last) == (date(2026, 4, 1), date(2026, 4, 30))

    def test_a_report_without_any_period_is_asked_for_one(self):
        found = one(SHAPE["tiktok_gmv"].content)
        assert found.usable
        assert "date = { is" in str(found.problems[0].remedy)
        assert "says when" in said(SHAPE["tiktok_gmv"].content)
        told = {"date": {"is": "2026-09-01", "days": 30}}
        history = read_history(File("x", SHAPE["tiktok_gmv"].content), columns=(told,))
        assert (history.first, history.last) == (date(2026, 9, 1), date(2026, 9, 30))

    @pytest.mark.parametrize(
        "line",
        ["July 8, 2025 - July 31, 2025", "8 July 2025 - 31 July 2025", "8 juil. 2025 – 31 juil. 2025", "Ad report (Jul 8, 2025-Jul 31, 2025)",
         "8–31 juillet 2025", "8 juil. - 31 juil. 2025", "8 de julio de 2025 - 31 de julio de 2025", "8. Juli 2025 - 31. Juli 2025",
         "2025-07-08 - 2025-07-31", "8 de jul. de 2025 - 31 de jul. de 2025", "Jul 8 - 31, 2025", "Jul 8 - Jul 31, 2025",
         "08/07/2025 - 31/07/2025"],
    )  # fmt: skip
    def test_periods_are_read_in_every_language(self, line):
        assert dates_in(line, "day first") == [date(2025, 7, 8), date(2025, 7, 31)]

    @pytest.mark.parametrize("line", ["All time", "Campaign report", "", "July 2025"])
    def test_lines_without_a_period_have_none(self, line):
        assert dates_in(line, "unclear") == []

    def test_weeks_and_months_end_with_the_period(self):
        rows = "Campaign report\n8 September 2026 - 20 September 2026\nWeek,Campaign,Currency code,Cost,Impr.,Clicks\n"
        rows += "2026-09-07,A,EUR,5.00,10,1\n2026-09-14,A,EUR,5.00,10,1\n"
        history = read_history(File("x", rows.encode()))
        assert list(history.rows["date"].dt.date) == [date(2026, 9, 8), date(2026, 9, 14)]
        assert list(history.rows["days"]) == [6, 7]


class TestOverlap:
    def test_age_file_place_file_and_ad_file_of_one_account_are_one_money(self):
        ages, ads = META["en"], HEADER
        by_age = pd.DataFrame(meta_rows(WORLD), columns=[name.format("EUR") for name in ages])
        age = by_age[
            [
                "Campaign name",
                "Day",
                "Age",
                "Gender",
                "Amount spent (EUR)",
                "Impressions",
                "Link clicks",
                "Results",
                "Result type",
            ]
        ]
        ad = by_age[[name for name in ads if name not in ("Age", "Gender")]]
        files = [
            File("age.csv", age.to_csv(index=False).encode()),
            File("ad.csv", ad.to_csv(index=False).encode()),
        ]
        check = checked(*files)
        spend = str(meta("en").spend)
        assert [file.figures.spend for file in check.files] == [{"EUR": spend}] * 2
        assert check.totals.spend == {"EUR": spend}
        assert {name for overlap in check.overlaps for name in overlap.files} == {"age.csv", "ad.csv"}
        assert round(read_history(*files).rows["spend"].sum(), 2) == float(spend)

    def test_other_platforms_are_other_money_though_they_name_nothing_alike(self):
        files = [File(name, SHAPE[name].content) for name in ("meta_en_plain", "google_daily", "pinterest")]
        check = checked(*files)
        assert check.overlaps == ()
        assert check.totals.spend == {"EUR": str(3 * meta("en").spend)}

    def test_the_same_file_twice_counts_once(self):
        content = meta("en").content
        check = checked(File("a.csv", content), File("b.csv", content))
        assert check.totals.spend == {"EUR": str(meta("en").spend)}
        assert check.overlaps[0].files == ("a.csv", "b.csv")


class TestNamesThatLookLikeSums:
    @pytest.mark.parametrize("total", [False, True])
    @pytest.mark.parametrize("name", ["All", "Tous", "Todos"])
    def test_an_ad_set_may_be_called_all(self, name, total):
        header = "Campaign name,Ad set name,Day,Amount spent (EUR),Impressions,Link clicks\n"
        rows = (
            f"A,{name},2026-09-01,5.00,10,1\nA,Jeunes,2026-09-01,7.00,20,2\nB,{name},2026-09-01,9.00,30,3\n"
        )
        found = one(header + (",,,21.00,60,6\n" if total else "") + rows)
        assert (found.rows, found.dropped, found.figures.spend) == (3, int(total), {"EUR": "21.00"})


def test_a_total_is_known_by_what_the_other_rows_name_even_if_nobody_knows_the_word():
    header = "Objective,Ad ID,Amount spent (EUR),Impressions,Link clicks,CTR (all),Results,Result type,Reporting starts,Reporting ends\n"
    rows = "OUTCOME_SALES,120200,5.00,10,1,7.5%,2,Purchases,2026-09-01,2026-09-30\nOUTCOME_LEADS,120201,7.00,20,2,8%,,,2026-09-01,2026-09-30\n"
    found = one(header + ",,12.00,30,3,7.8%,,mixed,2026-09-01,2026-09-30\n" + rows)
    assert (found.rows, found.dropped, found.figures.spend) == (2, 1, {"EUR": "12.00"})
    assert one(header + rows).dropped == 0


@pytest.mark.parametrize(("header", "cell"), [("Leads", "1,234"), ("Posibles contactos", "1.234")])
def test_grouped_counts_are_counts(header, cell):
    money = "Total Spent" if header == "Leads" else "Gasto total"
    shown = "Impressions" if header == "Leads" else "Impresiones"
    rows = f'"{money}"\t"{shown}"\tCurrency\t"{header}"\tStart Date\n5.25\t10\tEUR\t{cell}\t2026-09-01\n'
    rows = (
        rows
        if header == "Leads"
        else rows.replace("Currency", "Divisa").replace("Start Date", "Fecha de inicio")
    )
    assert one(rows).figures.results == {"lead": 1234}


def test_the_order_of_dates_can_be_said_of_a_table_of_ours_too():
    rows = b'date,spend,clicks\n03/04/2026,"1,234",1\n'
    history = read_history(
        File("x", rows), currency="EUR", columns=({"dates": "month first", "decimal": "."},)
    )
    assert (history.first, history.rows["spend"][0]) == (date(2026, 3, 4), 1234)


def test_money_in_millionths_that_is_no_whole_number_is_refused_instead_of_divided():
    text = "start_time,campaign_name,impressions,swipes,spend\n2026-10-01T00:00:00Z,a,100,3,12500000\n2026-10-02T00:00:00Z,a,100,3,12.5\n"
    with pytest.raises(InputError) as caught:
        read_history(File("x.csv", text.encode()), currency="EUR")
    assert [(p.row, p.column, p.value) for p in caught.value.problems] == [(3, "spend", "12.5")]
    mapped = read_history(
        File("x.csv", text.encode()),
        currency="EUR",
        columns=({"spend": "spend", "date": "start_time", "clicks": "swipes"},),
    )
    assert mapped.rows["spend"].sum() == 12_500_012.5


REGIONS = "Campaign name,Day,Region,Amount spent (EUR),Impressions,Link clicks,Reporting starts\n" + "".join(
    f"a,2026-10-0{day},{region},{day},10,1,2026-10-01\n" for day in (1, 2) for region in ("North", "South")
)


def test_regions_are_put_together_and_it_is_said_how_to_plan_by_them():
    history = read_history(File("x.csv", REGIONS.encode()))
    assert history.rows["spend"].sum() == 6
    (said,) = [str(warning) for warning in history.warnings if "count together" in str(warning)]
    assert "“Region”" in said
    assert said.endswith('audience = "Region"')


def test_regions_that_a_mapping_or_a_rule_reads_need_no_word():
    for mapping in ({"audience": "Region"}, {"names": [{"from": "Region", "pattern": "{audience}"}]}):
        history = read_history(File("x.csv", REGIONS.encode()), columns=(mapping,))
        assert set(history.rows["audience"]) == {"North", "South"}
        assert not any("count together" in str(warning) for warning in history.warnings)


def test_one_region_alone_needs_no_word():
    history = read_history(File("x.csv", REGIONS.replace("South", "North").encode()))
    assert not any("count together" in str(warning) for warning in history.warnings)
