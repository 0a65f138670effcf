"""What a file is: headers in any spelling, posts, what is no report, and what would do harm."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from exports_by_platform import EXPORTS
from exports_by_platform.account import WORLD, Export, text, workbook
from exports_by_platform.meta import META, meta, meta_rows
from reports_read import one, said

from mediaplan.errors import InputError
from mediaplan.history.checking.checking import checked
from mediaplan.history.platforms.headers import compared, mended, without_currency
from mediaplan.history.platforms.recognising import recognised
from mediaplan.history.reading.reading import File, read_history, read_posts

SHAPE = {export.name: export for export in EXPORTS}
HEADER = [name.format("EUR") for name in META["en"]]


class TestHeaders:
    @pytest.mark.parametrize(
        "header",
        ["Nom de l’ensemble de publicités", "nom de l'ensemble de publicites", " Nom\u00a0de l’ensemble  de\u202fpublicités ",
         "Nom de l’ensemble de publicite\u0301s", "\ufeffNOM DE L’ENSEMBLE DE PUBLICITÉS"],
    )  # fmt: skip
    def test_spellings_of_one_header_are_one(self, header):
        assert compared(header) == "nom de l'ensemble de publicites"

    def test_broken_encodings_are_mended_and_good_ones_left(self):
        assert mended("Montant dÃ©pensÃ© (EUR)") == "Montant dépensé (EUR)"
        assert mended("Nom de lâ€™ensemble") == "Nom de l’ensemble"
        for good in ("Montant dépensé", "Âge", "Ãçé", "naïve €", "日本"):
            assert mended(good) == good

    def test_only_codes_of_currencies_are_taken_off(self):
        assert without_currency("Amount spent (IDR)") == ("Amount spent ", "IDR")
        assert without_currency("Fin (XYZ)") == ("Fin (XYZ)", None)
        assert without_currency("Clicks (all)") == ("Clicks (all)", None)

    def test_names_of_people_and_campaigns_are_mended_with_the_headers(self):
        history = read_history(File("x", SHAPE["meta_fr_mojibake_total"].content))
        assert set(history.rows["audience"]) == {"18-24 female", "25-34 male"}
        assert any("é" in name or "Été" in name or "Reel" in name for name in history.rows["post"])

    @pytest.mark.parametrize(
        "header",
        ["date,spend,clicks", "date,campaign,spend,impressions,clicks,likes", "date,channel,post,spend,clicks,ad_name,adset_name",
         "ad_id,xyz_campaign_id,age,gender,interest,Impressions,Clicks,Spent,Total_Conversion", "month,day,banner,placement,displays,cost,clicks",
         "Date,Campaign name,Cost,Impressions,Clicks", "post,title,channels,format", "audience,size,value"],
    )  # fmt: skip
    def test_tables_of_anyone_are_no_platforms(self, header):
        assert recognised(header.split(",")) is None


class TestWhatIsNoReport:
    @pytest.mark.parametrize(
        ("content", "word"),
        [
            ("Row Type,Action,Campaign status,Campaign ID,Campaign,Campaign type,Networks,Budget\nCampaign,Add,Enabled,1,A,Search,x,5\n", "Google Ads"),
            ("Campaign ID,Campaign Name,Campaign Status,Campaign Objective,Buying Type,Ad Set Run Status\n1,A,ACTIVE,x,AUCTION,y\n", "Meta"),
            ('Date,Clicks,Impressions\n"Thu, Jan 1, 2026",5,100\n', "chart"),
            ("Date,Content,Video title,Video publish time,Duration,Views\n2026-01-01,a,b,c,5,7\n", "chart"),
            ("Keyword,Currency,Avg. monthly searches,Competition\nshoes,EUR,500,High\n", "Keyword Planner"),
            ("Date & time,User,Campaign,Ad group,Changes\nx,y,z,a,b\n", "changes"),
        ],
    )  # fmt: skip
    def test_is_called_what_it_is(self, content, word):
        assert word in said(content)
        assert not one(content).usable

    def test_posts_are_no_history_and_a_report_no_posts(self):
        assert "posts without money" in said(POSTS["youtube"])
        with pytest.raises(InputError, match="report of money"):
            read_posts(File("x", meta("en").content))

    @pytest.mark.parametrize(
        "export", [e for e in EXPORTS if e.name.startswith(("google", "linkedin_e"))], ids=lambda e: e.name
    )
    def test_a_mapping_by_hand_may_still_read_a_platforms_file(self, export: Export):
        if not export.rows or export.name.endswith("api"):
            return
        names = {"linkedin_en": "Total Spent", "linkedin_es": "Gasto total"}
        head = {
            "google_fr": "Coût",
            "google_de": "Kosten",
            "google_nl": "Kosten",
            "google_es": "Coste",
            "google_pt": "Custo",
        }
        mapping = {
            "spend": names.get(export.name, head.get(export.name, "Cost")),
            "date": {"is": "2026-09-01", "days": 3}, "currency": {"is": "EUR"},
            "clicks": {"linkedin_en": "Clicks", "linkedin_es": "Clics", "google_fr": "Clics", "google_es": "Clics", "google_pt": "Cliques",
                       "google_de": "Klicks", "google_nl": "Klikken"}.get(export.name, "Clicks"),
        }  # fmt: skip
        history = read_history(File("x", export.content), columns=(mapping,))
        assert round(history.rows["spend"].sum(), 2) == float(export.spend)
        assert history.kinds == ("click",)


POSTS = {
    "facebook": "Post ID,Page ID,Page name,Title,Description,Duration (sec),Publish time,Caption type,Permalink,Post type,Date,Views,Reach,"
    '"Reactions, Comments and Shares",Reactions,Comments,Shares,Total clicks\n'
    '182772013209466300,100045700821521,Studio,"An autumn favourite is back!\nSecond line",,0,09/28/2026 18:12,N/A,'
    "https://www.facebook.com/s/1,Photos,Lifetime,27,20,4,4,0,0,2\n"
    "182772013209466301,100045700821521,Studio,,A longer caption,0,10/02/2026 08:00,N/A,https://www.facebook.com/s/2,Reels,Lifetime,1000,900,,5,1,2,3\n",
    "instagram": "Post ID,Account ID,Account username,Account name,Description,Duration (sec),Publish time,Permalink,Post type,Data comment,Date,"
    "Views,Reach,Likes,Shares,Follows,Comments,Saves\n"
    "179,178,studio,Studio,=cmd|' /C calc'!A0,12,09/05/2026 18:12,https://www.instagram.com/p/1,IG reel,,Lifetime,1000,900,50,2,1,3,4\n",
    "youtube": "Content,Video title,Video publish time,Duration,Views,Watch time (hours),Impressions\n"
    'Total,,,,"28,000",62.1,9000\nabcDEF,First,"Oct 2, 2025",60,"27,000",60.0,8000\nghiJKL,Second,"Sep 13, 2025",61,"1,000",2.1,1000\n',
    "youtube_fr": "Contenu,Titre de la vidéo,Heure de publication de la vidéo,Durée,Vues\n"
    "Total,,,,28\u202f000\nabcDEF,Premier,28 sept. 2026,60,27\u202f000\nghiJKL,Second,2 oct. 2026,61,1\u202f000\n",
}  # fmt: skip


class TestPosts:
    def test_posts_of_a_page(self):
        rows = read_posts(File("x", POSTS["facebook"].encode("utf-8-sig"))).rows
        assert list(rows["post"]) == ["182772013209466300", "182772013209466301"]
        assert list(rows["title"]) == ["An autumn favourite is back!", "A longer caption"]
        assert list(rows["published"].dt.date) == [date(2026, 9, 28), date(2026, 10, 2)]
        assert list(rows["channels"]) == [("facebook",), ("facebook",)]
        assert list(rows["organic_reach"]) == [20, 900]
        assert rows["organic_engagements"].isna().tolist() == [False, True]

    def test_posts_of_an_account_by_the_platforms_own_order_of_day_and_month(self):
        rows = read_posts(File("x", POSTS["instagram"].encode())).rows
        assert rows["published"][0].date() == date(2026, 9, 5)
        assert rows["title"][0] == "=cmd|' /C calc'!A0"
        assert (rows["organic_saves"][0], rows["format"][0], rows["channels"][0]) == (
            4,
            "IG reel",
            ("instagram",),
        )

    @pytest.mark.parametrize("name", ["youtube", "youtube_fr"])
    def test_videos_without_the_total_that_stands_first(self, name):
        found = one(POSTS[name])
        assert (found.platform, found.kind, found.rows, found.dropped) == ("youtube", "posts", 2, 1)
        assert read_posts(File("x", POSTS[name].encode())).rows["organic_views"].tolist() == [27000, 1000]


class TestHarm:
    def test_a_workbook_with_macros_is_read_for_its_cells(self):
        content = io.BytesIO(SHAPE["tiktok_en"].content)
        with zipfile.ZipFile(content, "a") as package:
            package.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macro")
            package.writestr("../../outside.txt", b"no")
        found = one(content.getvalue())
        assert found.figures.spend == {"EUR": str(SHAPE["tiktok_en"].spend)}

    def test_a_formula_in_a_name_stays_text(self):
        rows = meta_rows(WORLD)
        rows[0][2] = '=HYPERLINK("http://x","y")'
        history = read_history(File("x", text([HEADER, *rows])))
        assert '=HYPERLINK("http://x","y")' in set(history.rows["post"])

    def test_a_table_in_another_sheet_than_the_first_is_found(self):
        header = ["Campaign name", "Day", "Amount spent (EUR)", "Impressions", "Link clicks"]
        book = workbook(
            [header, ["A", date(2026, 9, 1), 5.25, 10, 2]], first_sheet=[["Notes"], ["made by hand"]]
        )
        assert one(book).figures.spend == {"EUR": "5.25"}


@pytest.mark.parametrize(
    ("key", "value"), [("dates", "day"), ("dates", 1), ("decimal", ";"), ("decimal", None)]
)
def test_what_can_be_said_of_dates_and_numbers_is_checked(key, value):
    with pytest.raises(InputError) as caught:
        checked(File("x", b"date,spend,clicks\n2026-09-01,5,1\n"), columns=({key: value},))
    assert caught.value.problems[0].column == f"columns.{key}"


@pytest.mark.parametrize(
    "header", ["Job Function", "Job Seniority", "Company Industry", "Company Size", "Job Title"]
)
def test_linkedin_s_demographics_without_money_are_refused_by_name(header):
    text = f"{header},Impressions,% of Impressions,Clicks,Average CTR\nMarketing,100,10%,5,5%\n"
    with pytest.raises(InputError, match="LinkedIn's demographics"):
        read_history(File("x.csv", text.encode()), currency="EUR")


@pytest.mark.parametrize(
    "facets", [("Company Name", "Job Function"), ("Job Seniority",), ("Contextual Country/Region",)]
)
@pytest.mark.parametrize("title", ["Campaign Performance Report (in UTC)", "Professional Demographics"])
def test_linkedin_s_demographics_in_blocks_are_refused_by_name_and_not_taken_for_an_empty_report(
    facets, title
):
    figures = (
        "Impressions\t% of Total Impressions\tClicks\t% of Total Clicks\tClick Through Rate\tConversions"
    )
    text = f'{title}\n"Report Start: September 1, 2026, 12:00 AM"\n"Report End: September 30, 2026, 11:59 PM"\n\n'
    text += "\n".join(
        f"{facet} Segment\t{figures}\nA\t100\t10%\t5\t5%\t5%\t-\nB\t900\t90%\t9\t95%\t1%\t2\n"
        for facet in facets
    )
    with pytest.raises(InputError, match="LinkedIn's demographics"):
        read_history(File("x.csv", text.encode("utf-16")), currency="EUR")


def test_what_looks_like_the_data_of_a_chart_may_be_mapped_and_the_refusal_says_so():
    text = "Date,Clicks,Cost\n2026-10-01,3,5\n2026-10-02,4,6\n"
    with pytest.raises(InputError, match="the data of a chart") as caught:
        read_history(File("x.csv", text.encode()), currency="EUR")
    assert "[[columns]]" in str(caught.value.problems[0].remedy)
    assert (
        read_history(File("x.csv", text.encode()), currency="EUR", columns=({"spend": "Cost"},))
        .rows["spend"]
        .sum()
        == 11
    )
