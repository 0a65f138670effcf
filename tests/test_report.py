"""What people read of a plan: the figures are the plan's, they add up, and no text in them does harm."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest
from plans_by_hand import agency_plan, plan_of, shop_plan, shop_posts
from rich.console import Console

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import MostValue
from mediaplan.history.records.records import Posts
from mediaplan.money import Money, telling_step
from mediaplan.planning.answer.contents import Estimate, Held, KeptRule
from mediaplan.report import drawing
from mediaplan.report.bearing import bearing, held_back
from mediaplan.report.figures import Figures, alike
from mediaplan.report.html import MOST_PARTS, html_report
from mediaplan.report.layout import paragraph
from mediaplan.report.tables import calendar, parts, rule_rows
from mediaplan.report.terminal import MOST_LINES, show
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


# Rules and figures


def test_a_price_is_said_for_a_step_that_tells_something():
    plan = shop_plan()
    assert telling_step(Money(1_800_000, "XOF")) == Money(10_000, "XOF")
    assert telling_step(Money(100_000, "EUR")) == Money(1_000, "EUR")
    assert telling_step(Money(50, "XOF")) == Money(1, "XOF")
    price = plan.rules[0].price
    assert bearing(plan, plan.rules[0]).values["gain"] == pytest.approx(price * 10_000)
    assert bearing(agency_plan(), agency_plan().rules[0]).values["step"].values["step"] == Money(1_000, "EUR")


def test_a_small_price_is_said_for_a_larger_step_within_the_budget():
    plan = shop_plan()  # 1,800,000 F CFA
    said = [str(bearing(plan, replace(plan.rules[2], price=price))) for price in (2.1e-5, 1e-8, 1e-12)]
    steps = ["10,000", "1,000,000", "1,000,000"]
    gains = ["0.21", "0.01", "0"]
    for sentence, step, gain in zip(said, steps, gains, strict=True):
        assert f"by {step}\u00a0F" in sentence
        assert f"about {gain} more" in sentence


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
