"""Exports written letter by letter from what is known of the platforms, with what a person would add up in them."""

from __future__ import annotations

from datetime import date

import pytest

from mediaplan.history.checking.checking import checked
from mediaplan.history.reading.reading import File, read_history
from mediaplan.words import Words

GOOGLE = 'Campaign report\n"December 29, 2025 - January 11, 2026"\n'

PADDED = """Rapport sur les campagnes;;;;;;
1 sept. 2026 - 2 sept. 2026;;;;;;
Campagne;Code de la devise;Impr.;Clics;Coût;Conversions;Coût/conv.
Rentrée;EUR;1 234;56;1 028,10;3,50;8,03
Brand;EUR;10;1;0,90;0,00;0,00
Total : campagnes; --;1 244;57;1 029,00;3,50;8,29
"""

TOTAL_ENERGIES = """Campaign status,Campaign,Currency code,Cost,Impr.,Clicks,Conversions
Enabled,Total Energies,EUR,1.00,10,1,0.00
Enabled,Total,EUR,2.00,10,1,0.00
Enabled,Other,EUR,3.00,10,1,0.00
Total: Campaigns, --, --,6.00,30,3,0.00
Total: Account, --, --,60.00,300,30,0.00
"""

META_TOTALS = """"Campaign name","Amount spent (EUR)",Impressions,"Link clicks",Results,"Result type","Reporting starts","Reporting ends"
Total Energies,1.00,100,1,1,Leads,2026-01-01,2026-01-31
Total - promo,2.00,100,1,2,Leads,2026-01-01,2026-01-31
Other,5.00,100,1,2,Leads,2026-01-01,2026-01-31
"""

META_LAST = """"Campaign name","Amount spent (EUR)",Impressions,"Link clicks",Results,"Result type","Reporting starts","Reporting ends"
C,1.00,100,1,1,Leads,2026-01-01,2026-01-31
D,2.00,100,1,,,2026-01-01,2026-01-31
,3.00,200,2,,mixed,2026-01-01,2026-01-31
"""

META_SPREADSHEET = """sep=;
Campaign name;Day;Amount spent (EUR);Impressions;Link clicks;Reporting starts;Reporting ends
C;2026-01-01;1,50;100;1;2026-01-01;2026-01-01
"""

FRANCS = """"Nom de la campagne",Jour,"Montant dépensé (XOF)",Impressions,"Clics sur un lien","Début des rapports","Fin des rapports"
A,2026-11-01,12500,12345,5,2026-11-01,2026-11-01
A,2026-11-02,"1,500","1,000",5,2026-11-02,2026-11-02
"""

WEEKS = """Week,Campaign,Currency code,Cost,Impr.,Clicks,Conversions
2026-W01,C1,EUR,10.00,100,10,1.00
2026-W02,C1,EUR,20.00,100,10,1.00
"""

HOURS = """By Hour,Campaign name,Cost,Impressions,Clicks (destination),Conversions,Currency
2026-05-01 09:00 ~ 2026-05-01 10:00,C,10.25,1000,10,2,EUR
2026-05-02 23:00 ~ 2026-05-03 00:00,C,9.75,500,5,0,EUR
"""

HALF_DAYS = """Day,Hour of day,Campaign,Currency code,Cost,Impr.,Clicks,Conversions
2026-01-01,12 AM,C1,EUR,10.00,100,10,1.00
2026-01-01,9 a.m.,C1,EUR,10.00,100,10,1.00
2026-01-02,12 PM,C1,EUR,20.00,100,10,1.00
2026-01-02,11 PM,C1,EUR,20.00,100,10,1.00
"""

TWICE = """Campaign,Currency code,Cost,Cost,Impr.,Clicks,Conversions,Conversions
A,EUR,1.00,1.00,10,1,2.00,2.00
"""

SNAPCHAT = """start_time,end_time,ad_account_name,currency,campaign_name,ad_squad_name,ad_name,impressions,swipes,spend,conversion_purchases
2026-09-01T00:00:00.000-07:00,2026-09-02T00:00:00.000-07:00,A,USD,C,S,Ad,1000,10,5550000,2
2026-09-02T00:00:00.000-07:00,2026-09-03T00:00:00.000-07:00,A,USD,C,S,Ad,1000,10,4450000,0
"""

SPANS = """Time period,Campaign name,Spend (EUR),Impressions,Link clicks,Results,Result type
2026-09-01 to 2026-09-30,C,5.55,100,3,3,Link clicks
2026-10-01 to 2026-10-31,C,4.45,100,3,3,Link clicks
"""

UNKNOWN_MONEY = """Rapport de performance de la publicité (en UTC)
"Début du rapport : 01/10/2026"
"Fin du rapport : 31/10/2026"

Date de début (en UTC)\tDevise\tNom de la campagne\tArgent parti\tImpressions\tClics
01/10/2026\tEUR\tC1\t30,00\t100\t50
"""

EXPORTS = {
    "a French spreadsheet fills up the lines above the table": (
        PADDED.encode("cp1252"), "google", "1029.00", 2, 1, 1244, {"conversion": 3.5}, ("2026-09-01", "2026-09-02")),
    "campaigns called Total in Google's": (
        GOOGLE + TOTAL_ENERGIES, "google", "6.00", 3, 2, 30, {"conversion": 0}, ("2025-12-29", "2026-01-11")),
    "campaigns called Total in Meta's": (
        META_TOTALS, "meta", "8.00", 3, 0, 300, {"Leads": 5}, ("2026-01-01", "2026-01-31")),
    "a total at the end of Meta's": (META_LAST, "meta", "3.00", 2, 1, 200, {"Leads": 1}, ("2026-01-01", "2026-01-31")),
    "a line that declares the separator": (
        META_SPREADSHEET, "meta", "1.50", 1, 0, 100, {}, ("2026-01-01", "2026-01-01")),
    "francs with and without groups of thousands": (
        FRANCS, "meta", "14000", 2, 0, 13345, {}, ("2026-11-01", "2026-11-02")),
    "weeks by their number": (GOOGLE + WEEKS, "google", "30.00", 2, 0, 200, {"conversion": 2}, ("2025-12-29", "2026-01-11")),
    "hours with their days": (HOURS, "tiktok", "20.00", 2, 0, 1500, {"conversion": 2}, ("2026-05-01", "2026-05-02")),
    "hours of half a day": (GOOGLE + HALF_DAYS, "google", "60.00", 4, 0, 400, {"conversion": 4}, ("2026-01-01", "2026-01-02")),
    "a column that stands twice": (GOOGLE + TWICE, "google", "1.00", 1, 0, 10, {"conversion": 2}, ("2025-12-29", "2026-01-11")),
    "periods in one cell": (SPANS, "x", "10.00", 2, 0, 200, {"Link clicks": 6}, ("2026-09-01", "2026-10-31")),
    "moments in another time zone": (SNAPCHAT, "snapchat", "10.00", 2, 0, 2000, {"purchase": 2}, ("2026-09-01", "2026-09-02")),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_read_as_a_person_adds_it_up(name):
    content, platform, spend, rows, dropped, impressions, results, (first, last) = EXPORTS[name]
    (found,) = checked(File("x", content if isinstance(content, bytes) else content.encode())).files
    assert not found.problems
    assert found.platform == platform
    assert list(found.figures.spend.values()) == [spend]
    assert (found.rows, found.dropped) == (rows, dropped)
    assert found.figures.counts["impressions"] == impressions
    assert found.figures.results == results
    assert (found.figures.first, found.figures.last) == (date.fromisoformat(first), date.fromisoformat(last))


def test_hours_of_all_spellings_are_hours_of_the_day():
    assert read_history(File("x", HOURS.encode())).rows["hour"].tolist() == [9, 23]
    assert sorted(read_history(File("x", (GOOGLE + HALF_DAYS).encode())).rows["hour"]) == [0, 9, 12, 23]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_report_whose_money_goes_by_an_unknown_name_is_not_an_empty_one(encoding):
    file = File("x", UNKNOWN_MONEY.encode(encoding))
    (found,) = checked(file).files
    assert not found.usable
    (wrong,) = [problem for problem in found.problems if problem.column == "spend"]
    assert "Argent parti" in Words("en").say(wrong.remedy)
    mapping = {
        "date": "Date de début (en UTC)",
        "spend": "Argent parti",
        "clicks": "Clics",
        "currency": "Devise",
    }
    history = read_history(file, columns=({**mapping, "dates": "day first"},))
    assert history.rows["spend"].tolist() == [30]
    assert str(history.rows["date"].iloc[0].date()) == "2026-10-01"


@pytest.mark.parametrize("padding", ["", ";;;;", ",,,,,", "\t\t"])
def test_a_title_and_a_period_alone_are_an_empty_report(padding):
    lines = ("Ad Performance Report (in UTC)", '"Report Start: September 21, 2026, 12:00 AM"')
    (found,) = checked(File("x", "\n".join(line + padding for line in lines).encode())).files
    assert (found.platform, found.rows, found.usable, len(found.problems)) == ("linkedin", 0, True, 1)
