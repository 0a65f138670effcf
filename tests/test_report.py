"""What people read of a plan: the figures are the plan's, they add up, and no text in them does harm."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plans_by_hand import SHOP, agency_plan, plan_of, shop_plan, shop_posts
from rich.console import Console

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import MostValue
from mediaplan.errors import InputError
from mediaplan.history.records import Posts
from mediaplan.money import Money
from mediaplan.planning.answer.contents import Estimate, Held, KeptRule
from mediaplan.report import drawing
from mediaplan.report.bearing import bearing, held_back
from mediaplan.report.figures import Figures, alike, telling_step
from mediaplan.report.files import harmless, launch_csv, lines_csv, plan_json, write_plan, write_report
from mediaplan.report.html import MOST_PARTS, html_report
from mediaplan.report.launch import HEADS, launch_rows
from mediaplan.report.layout import paragraph
from mediaplan.report.tables import MOST_COLUMNS, MOST_ROWS, calendar, parts, per_day, rule_rows
from mediaplan.report.terminal import MOST_LINES, show
from mediaplan.slots import Slot
from mediaplan.words import Sentence, Words

EN, FR = Words("en"), Words("fr")
EVIL = '<script>alert("x")</script>'


def shown(plan, words, width=80):
    file = io.StringIO()
    show(plan, words, Console(file=file, width=width))
    return file.getvalue()


def figures_in(text):
    """The text without any kind of space, so that numbers can be found however they are grouped."""
    return "".join(text.split())


# Money per day


@pytest.mark.parametrize("plan", [shop_plan(), agency_plan()], ids=["XOF", "EUR"])
@pytest.mark.parametrize("dimension", ["channel", "audience", "slot", "post"])
def test_a_calendar_adds_up_to_what_the_plan_spends(plan, dimension):
    grid = calendar(plan, dimension)
    assert grid.minor.sum() == plan.spent.minor
    assert grid.by_period.sum() == plan.spent.minor
    amounts = {row.name: row.amount.minor for row in parts(plan, dimension)}
    if None not in grid.names:
        assert dict(zip(grid.names, grid.minor.sum(axis=0), strict=True)) == amounts


@given(
    amount=st.integers(1, 10**12),
    start=st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    days=st.integers(1, 90),
    slot=st.sampled_from(["matin", "soir", "week-end", "always", None]),
)
def test_a_line_s_days_add_up_are_even_and_lie_in_its_slot(amount, start, days, slot):
    plan = shop_plan()
    line = replace(plan.lines_planned[0], slot=slot, start=start, days=days, amount=Money(amount, "XOF"))
    daily = per_day(plan, line)
    assert sum(money.minor for money in daily.values()) == amount
    assert max(daily.values()).minor - min(daily.values()).minor <= 1
    assert all(start <= day < start + timedelta(days=days) for day in daily)
    weekend = {day for day in daily if day.weekday() >= 5}
    if slot in ("matin", "soir") and any((start + timedelta(days=i)).weekday() < 5 for i in range(days)):
        assert not weekend
    if slot in ("always", None):
        assert len(daily) == days


def test_days_are_taken_together_where_a_flight_is_long():
    brief = Brief(name="year", budget=100_000, currency="XOF", start="2026-01-01", days=365)
    plan = plan_of(brief, (("a", "facebook", None, None, 36_501, 5.0), ("b", "tiktok", None, None, 7, 1.0)))
    grid = calendar(plan, "channel")
    assert len(grid.periods) <= MOST_ROWS
    assert sum(period.days for period in grid.periods) == 365
    assert grid.periods[-1].end == brief.flight.end
    assert grid.minor.sum() == 36_508


def test_the_smallest_names_of_a_wide_calendar_are_taken_together():
    rows = tuple(("a", f"channel{n}", None, None, 1000 - n, 5.0) for n in range(9))
    brief = Brief(name="wide", budget=10_000, currency="XOF", start="2026-01-01", days=3)
    grid = calendar(plan_of(brief, rows), "channel")
    assert grid.names == ("channel0", "channel1", "channel2", "channel3", None)
    assert len(grid.names) == MOST_COLUMNS
    assert grid.minor[:, -1].sum() == sum(1000 - n for n in range(4, 9))


def test_lines_that_nothing_breaks_down_stand_in_one_column():
    grid = calendar(agency_plan(), "slot")
    assert grid.names == (None,)
    assert grid.minor.sum() == 100_000


# The launch sheet


@pytest.mark.parametrize("plan", [shop_plan(), agency_plan()], ids=["XOF", "EUR"])
def test_launch_rows_add_up_to_what_is_spent(plan):
    rows = launch_rows(plan, None, EN)
    assert sum(Decimal(row["amount"]) for row in rows) == Decimal(plan.spent.text)
    for row in rows:
        assert list(row) == list(HEADS)
        daily, amount = Decimal(row["amount_per_day"]), Decimal(row["amount"])
        least = Decimal(Money(1, plan.brief.currency).text)
        assert daily * row["days"] <= amount < (daily + least) * row["days"]
        assert daily * row["days"] + Decimal(row["rest"]) == amount


def test_a_launch_row_says_who_when_and_where():
    row = launch_rows(shop_plan(), shop_posts(), FR)[0]
    assert row == {
        "platform": "facebook",
        "placement": "",
        "post": "p01",
        "platform_id": "001",
        "title": "Rentrée : la liste de fournitures, prête en une heure",
        "link": "https://www.example.com/p01",
        "audience": "parents-abidjan",
        "slot": "soir",
        "weekdays": "lun., mar., mer., jeu., ven.",
        "hours": "18:00–22:00",
        "start": "2026-11-30 18:00",
        "end": "2026-12-11 22:00",
        "timezone": "Africa/Niamey",
        "days": 10,
        "amount": "180000",
        "amount_per_day": "18000",
        "rest": "0",
        "currency": "XOF",
    }


def test_without_slots_a_line_runs_around_the_clock_to_the_last_minute():
    row = launch_rows(agency_plan(), None, EN)[0]
    assert (row["start"], row["end"]) == ("2026-12-28 00:00", "2027-01-06 23:59")
    assert (row["weekdays"], row["hours"], row["days"]) == ("every day", "00:00–24:00", 10)


@pytest.mark.parametrize(
    ("hours", "runs"),
    [
        ("18-22", [(18, 22)]),
        ("22-2", [(22, 2)]),
        ("20-24", [(20, 24)]),
        ("0-6", [(0, 6)]),
        ("0-24", [(0, 24)]),
        ("8-10|18-20", [(8, 10), (18, 20)]),
        ("22-2|12-14", [(12, 14), (22, 2)]),
    ],
)
def test_hours_are_told_as_runs_around_the_clock(hours, runs):
    assert list(Slot.read("x", "mon-sun", hours).runs()) == runs


def test_a_slot_over_midnight_ends_on_the_day_after():
    plan = shop_plan()
    brief = plan.brief.but(slots=(Slot.read("soir", "mon-sun", "22-2"),))
    row = launch_rows(replace(plan, brief=brief), None, EN)[0]
    assert (row["start"], row["end"]) == ("2026-11-30 22:00", "2026-12-14 02:00")
    assert row["hours"] == "22:00–02:00 the day after"
    split = plan.brief.but(slots=(Slot.read("soir", "mon-sun", "0-2|22-24"),))
    row = launch_rows(replace(plan, brief=split), None, EN)[0]
    assert (row["start"], row["end"]) == ("2026-11-30 00:00", "2026-12-13 23:59")
    assert row["hours"] == "00:00–02:00, 22:00–24:00"


def test_a_daypart_of_the_history_keeps_its_hours():
    rows = tuple((*row[:3], "08-12", *row[4:]) for row in SHOP)
    row = launch_rows(shop_plan(rows=rows), None, EN)[0]
    assert (row["hours"], row["start"]) == ("08:00–12:00", "2026-11-30 08:00")


# Rules and figures


def test_a_price_is_said_for_a_step_that_tells_something():
    plan = shop_plan()
    assert telling_step(Money(1_800_000, "XOF")) == Money(10_000, "XOF")
    assert telling_step(Money(100_000, "EUR")) == Money(1_000, "EUR")
    assert telling_step(Money(50, "XOF")) == Money(1, "XOF")
    price = plan.rules[0].price
    assert bearing(plan, plan.rules[0]).values["gain"] == pytest.approx(price * 10_000)
    assert bearing(agency_plan(), agency_plan().rules[0]).values["step"].values["step"] == Money(1_000, "EUR")


def test_a_share_gives_way_by_a_point_and_money_by_money():
    plan = shop_plan()
    share = replace(plan.rules[1], binding=True, price=0.7)
    assert str(bearing(plan, share)) == "Giving way by 1 percentage point would bring about 0.7 more results."
    assert (
        str(bearing(plan, plan.rules[2]))
        == "Giving way by 10,000\u00a0F\u202fCFA would bring about 0.21 more results."
    )
    assert "value" in str(bearing(shop_plan(goal=MostValue()), plan.rules[0]))


def test_room_is_said_in_the_unit_of_the_rule():
    plan = shop_plan()
    money = KeptRule(plan.brief.rules[1].sentence(), "", False, 0.0, 1234.0)
    assert str(bearing(plan, plan.rules[1])) == "Kept, with 27.4 percentage points to spare."
    assert str(bearing(plan, money)) == "Kept, with 1,234\u00a0F\u202fCFA to spare."
    assert str(bearing(plan, replace(money, slack=math.nan))) == "Kept, and it costs nothing."


def test_rules_that_bind_come_first():
    assert [row.binding for row in rule_rows(shop_plan())] == [True, True, True, False]


def test_a_held_post_says_what_holding_it_costs():
    plan = shop_plan()
    assert str(held_back(plan, Held("a", "hold", "no stock", 3.44))) == (
        "on hold: no stock – with it, about 3.44 more results."
    )
    assert str(held_back(plan, Held("a", "hold", "", 0.0))) == "on hold – it would change nothing."
    assert str(held_back(plan, Held("a", "ended", "", math.nan))) == "ended"


def test_a_cost_without_an_upper_bound_is_open():
    figures = Figures(EN, "EUR")
    assert figures.cost_span(Estimate(3.0, 2.0, math.inf)) == "€2.00 or more"
    assert figures.cost_span(Estimate(math.nan, math.nan, math.nan)) == "–"
    assert figures.cost_span(Estimate(3.0, 2.0, 4.5)) == "€2.00 to €4.50"
    assert Figures(FR, "EUR").cost_span(Estimate(3.0, 2.0, 4.5)) == "2,00 à 4,50\u00a0€"


def test_counts_in_a_column_have_decimals_alike():
    assert (alike([0.2, 0.9]), alike([0.2, 3.0]), alike([5.0, 1000.0]), alike([math.nan])) == (2, 1, 0, 2)


# The terminal


@pytest.mark.parametrize("words", [EN, FR], ids=["en", "fr"])
@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("plan", [shop_plan(), agency_plan()], ids=["XOF", "EUR"])
def test_the_terminal_shows_every_figure_within_its_width(plan, words, width):
    said = shown(plan, words, width)
    assert max(len(line) for line in said.splitlines()) <= width
    seen, figures = figures_in(said), Figures(words, plan.brief.currency)
    for money in (plan.spent, plan.brief.budget, plan.fee, plan.tax):
        if money.minor:
            assert figures_in(figures.money(money)) in seen
    for line in plan.lines_planned:
        assert figures_in(figures.bare(line.amount.minor)) in seen
        assert all(name in seen for name in (line.post, line.channel, line.audience) if name)
    for row in parts(plan, "channel"):
        assert figures_in(figures.share(row.share)) in seen
    assert figures_in(figures.count(plan.totals.results.mean)) in seen
    assert figures_in(figures.span(plan.totals.results)) in seen
    assert figures_in(words.say(plan.certificate.sentence())) in seen
    for kept in plan.rules:
        assert figures_in(words.say(kept.rule)) in seen
    for warning in plan.warnings:
        assert figures_in(words.say(warning)) in seen


def test_an_amount_is_never_parted_from_its_currency():
    text = "Un résultat coûte 131\u00a0F\u202fCFA ici, 1\u202f560\u00a0F\u202fCFA dans le plan."
    for width in range(25, 70):
        lines = str(paragraph(text, width, indent="  ")).split("\n")
        assert "131\u00a0F\u202fCFA" in "".join(lines)
        assert any("1\u202f560\u00a0F\u202fCFA" in line for line in lines)
        assert all(len(line) <= width for line in lines)


def test_long_plans_are_cut_with_a_count():
    rows = tuple((f"post{n:02d}", "facebook", "all", None, 1_000 + n, 5.0) for n in range(40))
    brief = Brief(name="long", budget=100_000, currency="XOF", start="2026-01-01", days=3)
    said = shown(plan_of(brief, rows), EN)
    assert f"{40 - MOST_LINES} more lines" in said
    assert "post39" in said
    assert "post00" not in said


def test_a_report_on_many_posts_shows_the_biggest_and_counts_the_others():
    rows = tuple((f"post{n:02d}", "facebook", "all", None, 1_000 + n, 5.0) for n in range(40))
    brief = Brief(name="long", budget=100_000, currency="XOF", start="2026-01-01", days=3)
    report = html_report([plan_of(brief, rows)], EN)
    assert f"… and {40 - MOST_PARTS} more." in report
    assert report.count("post00") == 1  # among the lines, not among the parts
    assert report.count("post39") == 2


def test_a_plan_without_lines_says_so():
    brief = Brief(name="empty", budget=100, currency="XOF", start="2026-01-01", days=3)
    plan = replace(shop_plan(), brief=brief, lines_planned=(), spent=Money(0, "XOF"))
    assert "No line receives money." in shown(plan, EN)
    assert "No line receives money." in html_report([plan], EN)


def test_names_steer_neither_the_terminal_nor_its_markup():
    rows = (("\x1b[2J[bold]x", "facebook", "a", None, 1_000, 2.0),)
    brief = Brief(name="\x1b]0;owned\x07[red]", budget=1_000, currency="XOF", start="2026-01-01", days=3)
    steering = "\x1b[31mred\x9b2K"
    plan = plan_of(
        brief,
        rows,
        kept=(KeptRule(Sentence("{x}", x=steering), steering, True, 1.0, 0.0),),
        held=(Held(steering, "hold", steering, 1.0),),
        warnings=(Sentence("{x}", x=steering),),
        kinds=(steering,),
    )
    said = shown(plan, EN)
    assert "\x1b" not in said
    assert "\x9b" not in said
    assert "\x07" not in said
    assert "[2J[bold]x" in said
    assert "]0;owned[red]" in said


# The HTML report


class Page(HTMLParser):
    """Checks that tags are closed in order, and collects what the page would load."""

    VOID = frozenset({"meta", "br", "wbr", "rect", "line", "link", "img"})

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.loads, self.links, self.tags, self.text, self.ids = [], [], [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.loads += [given[name] for name in ("src", "srcset", "data", "action", "poster") if name in given]
        (self.links if tag == "a" else self.loads).extend([given["href"]] if "href" in given else [])
        assert not any(name.startswith("on") for name in given), (tag, given)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.text.append(data)

    def all(self, tag):
        return [given for name, given in self.tags if name == tag]


@pytest.mark.parametrize("words", [EN, FR], ids=["en", "fr"])
@pytest.mark.parametrize(
    "plans", [[shop_plan()], [agency_plan()], [shop_plan(), agency_plan()]], ids=["XOF", "EUR", "both"]
)
def test_the_report_is_well_formed_and_needs_nothing_from_elsewhere(plans, words):
    report = html_report(plans, words, shop_posts())
    page = Page(report)
    assert page.open == []
    assert page.loads == []
    assert page.all("html")[0]["lang"] == words.language
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    style = report[report.index("<style>") : report.index("</style>")]
    assert not any(word in style for word in ("url(", "@import", "http"))
    assert "<script" not in report


@pytest.mark.parametrize("words", [EN, FR], ids=["en", "fr"])
@pytest.mark.parametrize("plan", [shop_plan(), agency_plan()], ids=["XOF", "EUR"])
def test_the_report_holds_the_plan_s_figures_reasons_and_rules(plan, words):
    seen = figures_in("".join(Page(html_report([plan], words)).text)).replace("\u2060", "")
    figures = Figures(words, plan.brief.currency)
    expected = [
        figures.money(plan.spent),
        figures.money(plan.brief.budget),
        figures.span(plan.totals.results),
    ]
    expected += [figures.bare(line.amount.minor) for line in plan.lines_planned]
    expected += [words.say(line.why) for line in plan.lines_planned]
    expected += [words.say(kept.rule) for kept in plan.rules]
    expected += [words.say(bearing(plan, kept)) for kept in plan.rules]
    expected += [words.say(rule.said()) for rule in plan.brief.rules]
    expected += [words.say(held_back(plan, held)) for held in plan.held]
    expected += [words.say(warning) for warning in plan.warnings]
    expected += [figures.bare(total) for total in calendar(plan, "channel").by_period]
    expected += [words.say(plan.certificate.sentence()), str(plan.source["seed"])]
    assert [text for text in expected if figures_in(text) not in seen] == []
    assert "caus" not in seen.lower().replace("because", "")


def test_tables_have_captions_heads_and_pictures_have_words():
    page = Page(html_report([shop_plan(), agency_plan()], EN))
    assert len(page.all("caption")) == len(page.all("table"))
    assert all("scope" in head for head in page.all("th"))
    for picture in page.all("svg"):
        assert picture.get("aria-hidden") == "true" or picture.get("aria-label")


def test_names_from_files_stay_text_in_the_report():
    rows = ((EVIL, EVIL, EVIL, EVIL, 1_000, 2.0),)
    brief = Brief(name=EVIL, budget=1_000, currency="XOF", start="2026-01-01", days=3)
    plan = plan_of(
        brief, rows, held=(Held(EVIL, "hold", EVIL, 1.0),), warnings=(Sentence("{x}", x=EVIL),), kinds=(EVIL,)
    )
    posts = Posts(
        pd.DataFrame([{"post": EVIL, "title": EVIL, "url": "javascript:alert(1)", "platform_id": EVIL}])
    )
    report = html_report([plan, plan], EN, posts)
    assert "<script" not in report
    assert "javascript:" not in report
    page = Page(report)
    assert page.open == []
    assert "".join(page.text).count(EVIL) > 8


def test_posts_are_linked_by_web_addresses_only():
    page = Page(html_report([shop_plan()], EN, shop_posts()))
    assert "https://www.example.com/p01" in page.links
    assert not any("javascript" in link for link in page.links)
    assert "Trois cahiers, un prix" in "".join(page.text)


def test_an_interval_is_drawn_to_scale():
    picture = str(drawing.interval({0.5: (40.0, 60.0), 0.8: (25.0, 75.0)}, 50.0, (0.0, 100.0), "50 & more"))
    assert 'x="75.0"' in picture  # 25 of 100 on a width of 300
    assert 'width="150.0"' in picture
    assert 'x="120.0"' in picture
    assert 'x="148.8"' in picture  # the tick of 2.5 around 150
    assert 'aria-label="50 &amp; more"' in picture


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
    assert harmless(text) == f"'{text}"
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
