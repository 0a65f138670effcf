"""Plans built by hand: what the views are tried on, with numbers that can be checked with a pencil."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date

import pandas as pd

from mediaplan.brief.briefs import Brief
from mediaplan.brief.goals import Goal, MostResults, MostValue
from mediaplan.brief.rules import EachLine, Share, Spend
from mediaplan.history.records.records import Posts
from mediaplan.money import Money
from mediaplan.planning.answer.contents import (
    Certificate,
    Estimate,
    Held,
    KeptRule,
    Part,
    PlannedLine,
    Totals,
    parts_in_order,
)
from mediaplan.planning.answer.plans import Plan
from mediaplan.slots import Slot
from mediaplan.words import Sentence

Row = tuple[str | None, str | None, str | None, str | None, int, float]
"""Post, channel, audience, slot, amount in minor units, expected results."""

SHOP: tuple[Row, ...] = (
    ("p01", "facebook", "parents-abidjan", "soir", 180_000, 22.4),
    ("p01", "instagram/stories", "parents-abidjan", "soir", 145_000, 16.9),
    ("p02", "facebook", "enseignants", "matin", 125_500, 14.1),
    ("p02", "instagram/feed", "parents-abidjan", "week-end", 118_000, 12.8),
    ("p03", "facebook", "etudiants-niamey", "soir", 110_000, 13.5),
    ("p03", "instagram/stories", "etudiants-niamey", "soir", 104_500, 12.2),
    ("p04", "facebook", "parents-abidjan", "week-end", 95_000, 9.6),
    ("p04", "instagram/feed", "enseignants", "matin", 90_000, 8.3),
    ("p05", "facebook", "diaspora-paris", "soir", 84_000, 7.9),
    ("p05", "instagram/stories", "diaspora-paris", "week-end", 78_000, 7.1),
    ("p06", "facebook", "enseignants", "soir", 70_000, 6.4),
    ("p06", "instagram/feed", "etudiants-niamey", "week-end", 62_500, 5.8),
    ("p07", "facebook", "etudiants-niamey", "matin", 51_000, 4.2),
    ("p07", "instagram/stories", "enseignants", "soir", 40_000, 3.1),
    ("p08", "facebook", "diaspora-paris", "week-end", 20_000, 1.3),
)
SLOTS = (
    Slot.read("matin", "mon-fri", "6-9"),
    Slot.read("soir", "mon-fri", "18-22"),
    Slot.read("week-end", "sat-sun", "8-22"),
)
TITLES = (
    ("p01", "Rentrée : la liste de fournitures, prête en une heure"),
    ("p02", "Trois cahiers, un prix"),
    ("p03", "Ton sac de cours, garanti deux ans"),
    ("p04", "Visite de l’atelier de reliure"),
    ("p05", "Commander d’ici, livrer là-bas"),
    ("p06", "Le coin des enseignants"),
    ("p07", "Concours de dessins"),
    ("p08", "Ils ont ouvert leur école"),
    ("p09", "Promotion calculatrices"),
)


def estimate(mean: float, spread: float = 0.45) -> Estimate:
    """An interval of about the right shape."""
    return Estimate(mean, float(math.floor(mean * (1 - spread))), float(math.ceil(mean * (1 + spread))))


def cost(amount: float, results: Estimate) -> Estimate:
    """Money per result; endless where no result may come."""
    return Estimate(
        amount / results.mean, amount / results.high, amount / results.low if results.low else math.inf
    )


def line(brief: Brief, row: Row, worth: float) -> PlannedLine:
    *names, minor, mean = row
    amount, results = Money(minor, brief.currency), estimate(mean, 0.6)
    why = Sentence(
        "{what}", what=f"Its last unit of money still brings a result for {amount.amount / mean * 1.6:,.0f}."
    )
    return PlannedLine(
        *names,
        start=brief.start,
        days=brief.days,
        amount=amount,
        test=False,
        results=results,
        value=Estimate(results.mean * worth, results.low * worth, results.high * worth),
        cpr=cost(amount.amount, results),
        marginal_cpr=amount.amount / mean * 1.6,
        seen=True,
        why=why,
    )


def part(lines: list[PlannedLine], currency: str) -> Part:
    amount = Money(sum(line.amount.minor for line in lines), currency)
    results, value = (
        estimate(sum(getattr(line, what).mean for line in lines), 0.3) for what in ("results", "value")
    )
    return Part(amount, results, value, cost(amount.amount, results))


def totals(lines: list[PlannedLine], currency: str) -> Totals:
    def by(name: Callable[[PlannedLine], str | None]) -> dict[str, Part]:
        groups: dict[str, list[PlannedLine]] = {}
        for planned in lines:
            if name(planned) is not None:
                groups.setdefault(str(name(planned)), []).append(planned)
        return parts_in_order((group, part(members, currency)) for group, members in groups.items())

    whole = part(lines, currency)
    mean = whole.results.mean
    return Totals(
        whole.results,
        whole.value,
        whole.cpr,
        {
            level: (mean * (1 - width), mean * (1 + width))
            for level, width in ((0.5, 0.15), (0.8, 0.3), (0.95, 0.45))
        },
        {d: by(lambda planned, d=d: getattr(planned, d)) for d in ("channel", "audience", "slot", "post")},
    )


def plan_of(
    brief: Brief, rows: tuple[Row, ...], *, kept: tuple[KeptRule, ...] = (), worth: float = 1.0, **changes
) -> Plan:
    """A whole Plan from its lines."""
    ordered = sorted(rows, key=lambda row: tuple(str(name) for name in row[:4]))
    lines = [line(brief, row, worth) for row in ordered]
    spent = sum(planned.amount.minor for planned in lines)
    fee, tax = brief.costs.on(spent)
    unspent = brief.budget.minor - spent - fee - tax
    whole = totals(lines, brief.currency)
    budget_rule = KeptRule(
        Sentence("budget: at most {budget}", budget=brief.budget),
        "",
        True,
        whole.results.mean / brief.budget.amount / 2,
        0.0,
    )
    return Plan(
        **{
            "brief": brief,
            "budget": brief.budget,
            "lines_planned": tuple(lines),
            "media_budget": brief.media_budget,
            "spent": Money(spent, brief.currency),
            "fee": Money(fee, brief.currency),
            "tax": Money(tax, brief.currency),
            "unspent": Money(unspent, brief.currency),
            "unspent_reason": None,
            "kinds": ("lead", "message"),
            "totals": whole,
            "objective": whole.results.mean,
            "rules": (budget_rule, *kept),
            "certificate": Certificate("optimal", 3e-5, whole.results.mean * 1.00003, 1e-4),
            "held": (),
            "warnings": (),
            "source": {
                "history": "9f" * 32,
                "response": "c1" * 32,
                "seed": 1,
                "versions": {"mediaplan": "0.1.0", "highspy": "1.15.1"},
            },
            **changes,
        }
    )


def shop_plan(goal: Goal | None = None, rows: tuple[Row, ...] = SHOP, **changes) -> Plan:
    """A francophone shop: XOF, 14 days, three slots, three channels, fees and tax."""
    rules = (
        Share(channel="instagram", at_least=0.20, why="contrat avec le client"),
        Spend(audience="diaspora-paris", at_most=182_000),
        EachLine(or_zero=True, at_least=5_000, step=500),
    )
    brief = Brief(
        name="Rentrée 2026",
        budget=1_800_000,
        currency="XOF",
        start=date(2026, 11, 30),
        days=14,
        timezone="Africa/Niamey",
        goal=goal or MostResults(),
        slots=SLOTS,
        rules=rules,
        fee="0.10",
        tax="0.18",
    )
    share, diaspora, each = brief.rules
    kept = (
        KeptRule(share.sentence(), share.why, False, 0.0, 0.274),
        KeptRule(diaspora.sentence(), "", True, 2.1e-5, 0.0),
        KeptRule(each.sentence(), "", True, math.nan, math.nan),
    )
    held = (
        Held("p09", "hold", "En attente de l’accord du directeur", 3.4),
        Held("p10", "ended", "", math.nan),
    )
    warnings = (
        Sentence(
            "{text}",
            text="facebook × diaspora-paris was never bought before: its results are a guess from what is alike.",
        ),
    )
    return plan_of(brief, rows, **{"kept": kept, "held": held, "warnings": warnings, **changes})


def agency_plan(**changes) -> Plan:
    """An agency's client: EUR with cents, one channel dimension without slots, no rules."""
    rows: tuple[Row, ...] = (
        ("teaser", "instagram", "runners", None, 41_237, 31.2),
        ("teaser", "facebook", "runners", None, 30_011, 20.4),
        ("race-day", "instagram", "parents", None, 18_752, 9.7),
        ("race-day", "tiktok", "students", None, 10_000, 3.3),
    )
    brief = Brief(
        name="City run", budget=1_000, currency="EUR", start="2026-12-28", days=10, goal=MostValue()
    )
    return plan_of(brief, rows, **{"worth": 12.5, "kinds": ("lead",), **changes})


def shop_posts() -> Posts:
    """Who the shop's posts are; one link would run code."""
    rows = [
        {"post": name, "title": title, "url": f"https://www.example.com/{name}", "platform_id": f"00{number}"}
        for number, (name, title) in enumerate(TITLES, start=1)
    ]
    rows[1]["url"] = "javascript:alert(1)"
    return Posts(pd.DataFrame(rows))
