"""Exports in the shapes that platforms give them, written by our own code, each with the truth that it holds.

The names of columns stand here once more, as the platforms write them: the tests compare two sources, not one with itself.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np

NARROW, WIDE = "\u202f", "\u00a0"


@dataclass(frozen=True)
class Row:
    """What really happened on one day, for one ad and one kind of people."""

    day: date
    campaign: str
    group: str
    ad: str
    age: str
    gender: str
    platform: str
    placement: str
    hour: int
    cents: int
    impressions: int
    clicks: int
    results: int
    kind: str

    @property
    def money(self) -> str:
        return f"{self.cents // 100}.{self.cents % 100:02d}"

    @property
    def comma(self) -> str:
        return self.money.replace(".", ",")


@dataclass(frozen=True)
class Export:
    """A file and the truth that it holds; `results` by the kind as the reader calls it."""

    name: str
    content: bytes
    platform: str
    language: str | None
    currency: str | None
    spend: Decimal
    impressions: int
    clicks: int
    results: dict[str, int]
    first: date | None
    last: date | None
    rows: int
    dropped: int = 0
    dimensions: tuple[str, ...] = ()
    encoding: str | None = "utf-8"
    extra: dict[str, object] = field(default_factory=dict)


KINDS = ("Website purchases", "Messaging conversations started")


def world(days: int = 4, seed: int = 7) -> list[Row]:
    """Two campaigns, three ads, some days; some rows without any result."""
    random = np.random.default_rng(seed)
    rows = []
    ads = (
        ("Rentrée « Été »", "Parents, Abidjan", "Reel; n° 1", KINDS[0]),
        ("Rentrée « Été »", "Étudiants", 'Photo "B"', KINDS[0]),
        ("Total Wine", "Tous", "All together", KINDS[1]),
    )
    people = (("18-24", "female", "facebook", "Feed"), ("25-34", "male", "instagram", "Instagram Stories"))
    for at in range(days):
        for campaign, group, ad, kind in ads:
            for number, (age, gender, platform, placement) in enumerate(people):
                cents = int(random.integers(1_000, 200_000))
                rows.append(
                    Row(
                        date(2026, 9, 10) + timedelta(at), campaign, group, ad, age, gender, platform, placement,
                        8 + 10 * number, cents, int(random.integers(900, 90_000)), int(random.integers(10, 2_000)),
                        int(random.integers(1, 1_400)) if random.random() < 0.8 else 0, kind,
                    )
                )  # fmt: skip
    return rows


WORLD = world()


def text(
    rows: Iterable[Sequence[object]], separator: str = ",", encoding: str = "utf-8", end: str = "\n"
) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding)


def workbook(
    rows: Sequence[Sequence[object]], *, first_sheet: Sequence[Sequence[object]] | None = None
) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": datetime(2026, 9, 1)})  # noqa: DTZ001 - the same bytes on every day
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for lines in ([first_sheet] if first_sheet else []) + [rows]:
        sheet = book.add_worksheet()
        for r, line in enumerate(lines):
            for c, cell in enumerate(line):
                if isinstance(cell, date):
                    sheet.write_datetime(r, c, cell, day)
                elif cell is not None:
                    sheet.write(r, c, cell)
    book.close()
    return content.getvalue()


def truth(
    rows: Sequence[Row], *, typed: bool = True, kind: str | None = None, counted: bool = True
) -> dict[str, object]:
    """The figures of some rows: results by kind, all of one kind, or none."""
    results: dict[str, int] = {}
    for row in rows:
        name = row.kind if typed else str(kind)
        results[name] = results.get(name, 0) + row.results
    return {
        "spend": Decimal(sum(row.cents for row in rows)) / 100,
        "impressions": sum(row.impressions for row in rows),
        "clicks": sum(row.clicks for row in rows),
        "results": results if counted else {},
        "first": min(row.day for row in rows),
        "last": max(row.day for row in rows),
        "rows": len(rows),
    }


# ---------------------------------------------------------------- Meta

META = {
    "en": ("Campaign name", "Ad set name", "Ad name", "Day", "Age", "Gender", "Amount spent ({})", "Impressions", "Reach", "Results",
           "Result type", "Cost per result", "Link clicks", "Clicks (all)", "CTR (all)", "* Cost /Purchase ({})", "Reporting starts",
           "Reporting ends"),
    "fr": ("Nom de la campagne", "Nom de l’ensemble de publicités", "Nom de la publicité", "Jour", "Âge", "Genre", "Montant dépensé ({})",
           "Impressions", "Couverture", "Résultats", "Indicateur de résultats", "Coût par résultat", "Clics sur un lien",
           "Clics (tous)", "CTR (tous)", "* Coût /Achat ({})", "Début des rapports", "Fin des rapports"),
    "es": ("Nombre de la campaña", "Nombre del conjunto de anuncios", "Nombre del anuncio", "Día", "Edad", "Sexo", "Importe gastado ({})",
           "Impresiones", "Alcance", "Resultados", "Indicador de resultado", "Costo por resultado", "Clics en el enlace",
           "Clics (todos)", "CTR (todos)", "* Costo /Compra ({})", "Inicio del informe", "Fin del informe"),
    "pt": ("Nome da campanha", "Nome do conjunto de anúncios", "Nome do anúncio", "Dia", "Idade", "Gênero", "Valor usado ({})",
           "Impressões", "Alcance", "Resultados", "Indicador de resultados", "Custo por resultados", "Cliques no link",
           "Cliques (todos)", "CTR (todos)", "* Custo /Compra ({})", "Início dos relatórios", "Encerramento dos relatórios"),
    "de": ("Kampagnenname", "Name der Anzeigengruppe", "Anzeigenname", "Tag", "Alter", "Geschlecht", "Ausgegebener Betrag ({})",
           "Impressionen", "Reichweite", "Ergebnisse", "Ergebnisindikator", "Kosten pro Ergebnis", "Link-Klicks", "Klicks (alle)",
           "CTR (alle)", "* Kosten /Kauf ({})", "Berichtsstart", "Berichtsende"),
    "nl": ("Campagnenaam", "Naam advertentieset", "Advertentienaam", "Dag", "Leeftijd", "Geslacht", "Besteed bedrag ({})", "Weergaven",
           "Bereik", "Resultaten", "Resultatenindicator", "Kosten per resultaten", "Klikken op links", "Klikken (alle)",
           "CTR (alle)", "* Kosten /Aankoop ({})", "Start rapportage", "Einde rapportage"),
}  # fmt: skip


def meta_rows(rows: Sequence[Row], *, comma: bool = False) -> list[list[object]]:
    """The cells as Meta writes them: no result leaves count, kind and cost empty."""
    lines: list[list[object]] = []
    for row in rows:
        money = row.comma if comma else row.money
        cost = f"{row.cents / 100 / row.results:.8f}" if row.results else ""
        cost = cost.replace(".", ",") if comma else cost
        lines.append(
            [row.campaign, row.group, row.ad, row.day.isoformat(), row.age, row.gender, money, row.impressions,
             row.impressions // 2, row.results or "", row.kind if row.results else "", cost, row.clicks, row.clicks * 2,
             "7.5" if not comma else "7,5", "9.99", row.day.isoformat(), row.day.isoformat()]
        )  # fmt: skip
    return lines


def meta_total(rows: Sequence[Row]) -> list[object]:
    cents = sum(row.cents for row in rows)
    shown, clicks = sum(row.impressions for row in rows), sum(row.clicks for row in rows)
    return ["", "", "", "", "", "", f"{cents / 100:.2f}", shown, shown // 2, "", "mixed", "", clicks, clicks * 2, "7.5", "9",
            rows[0].day.isoformat(), rows[-1].day.isoformat()]  # fmt: skip


def meta(language: str, *, total: bool = False, variant: str = "plain") -> Export:
    header = [name.format("EUR") for name in META[language]]
    lines = meta_rows(WORLD, comma=variant == "resaved")
    body = [*([meta_total(WORLD)] if total else []), *lines]
    encoding, separator = "utf-8-sig", ","
    if variant == "resaved":
        encoding, separator = "cp1252", ";"
    elif variant == "straight":
        header = [name.replace("’", "'") for name in header]
    elif variant == "spaces":
        header = [name.replace(" ", WIDE) for name in header]
    elif variant == "bare":
        header = [name.translate(str.maketrans("éèÉâÂû’", "eeEaAu'")) for name in header]
    content = text([header, *body], separator, encoding)
    if variant == "mojibake":
        content = content.decode("utf-8-sig").encode().decode("cp1252", "ignore").encode("utf-8")
        encoding = "utf-8"
    return Export(
        f"meta_{language}_{variant}{'_total' if total else ''}", content, "meta", language, "EUR",
        dropped=int(total), dimensions=("post", "audience"), encoding=encoding, **truth(WORLD),
    )  # fmt: skip


def meta_derived() -> Export:
    """No column of money: impressions × price of a thousand / 1,000, in a currency of the header."""
    header = ["Nom de la campagne", "Jour", "Impressions", f"CPM (Coût pour 1{WIDE}000{WIDE}impressions) (USD)", "Clics sur un lien",
              "Résultats", "Indicateur de résultats", "Coût par résultat (USD)", "Début des rapports", "Fin des rapports"]  # fmt: skip
    lines = [
        [row.campaign, row.day, row.impressions, repr(row.cents / 100 * 1000 / row.impressions), row.clicks, row.results or "",
         row.kind if row.results else "", "0.1", row.day, row.day]
        for row in WORLD
    ]  # fmt: skip
    return Export("meta_derived", text([header, *lines], encoding="utf-8-sig"), "meta", "fr", "USD", encoding="utf-8-sig",
                  dimensions=("post",), **truth(WORLD))  # fmt: skip


def meta_places() -> Export:
    """Platform and placement, the whole period in each row, money of XOF without decimals."""
    header = ["Campaign name", "Platform", "Placement", "Amount spent (XOF)", "Impressions", "Link clicks", "Results",
              "Result indicator", "Reporting starts", "Reporting ends"]  # fmt: skip
    lines = [[row.campaign, row.platform, row.placement, row.cents, row.impressions, row.clicks, row.results or "",
              "actions:lead" if row.results else "", "2026-09-01", "2026-09-30"] for row in WORLD]  # fmt: skip
    figures = truth(WORLD, typed=False, kind="actions:lead")
    figures |= {
        "spend": Decimal(sum(row.cents for row in WORLD)),
        "first": date(2026, 9, 1),
        "last": date(2026, 9, 30),
    }
    return Export("meta_places", text([header, *lines], encoding="utf-8-sig"), "meta", "en", "XOF", encoding="utf-8-sig",
                  dimensions=("post", "channel"), extra={"channels": {"facebook/feed", "instagram/stories"}}, **figures)  # fmt: skip


def meta_hours() -> Export:
    header = ["Campaign name", "Day", "Time of day (ad account time zone)", "Amount spent (EUR)", "Impressions", "Link clicks",
              "Results", "Result type", "Cost per result", "Reporting starts", "Reporting ends"]  # fmt: skip
    lines = [[row.campaign, row.day, f"{row.hour:02d}:00:00 - {row.hour:02d}:59:59", row.money, row.impressions, row.clicks, "", "", "",
              row.day, row.day] for row in WORLD]  # fmt: skip
    return Export(
        "meta_hours",
        text([header, *lines]),
        "meta",
        "en",
        "EUR",
        dimensions=("post", "slot"),
        **truth(WORLD, counted=False),
    )


def meta_regions() -> Export:
    header = ["Campaign name", "Region", "Amount spent (EUR)", "Impressions", "Link clicks", "Results", "Result type", "Purchases",
              "Reporting starts", "Reporting ends"]  # fmt: skip
    lines = [
        [row.campaign, "Niamey", row.money, row.impressions, row.clicks, "", "", "", row.day, row.day]
        for row in WORLD
    ]
    return Export(
        "meta_regions",
        text([header, *lines]),
        "meta",
        "en",
        "EUR",
        dimensions=("post",),
        **truth(WORLD, counted=False),
    )


def meta_empty() -> Export:
    figures = {
        "spend": Decimal(0),
        "impressions": 0,
        "clicks": 0,
        "results": {},
        "first": None,
        "last": None,
        "rows": 0,
    }
    return Export("meta_empty", text([[name.format("EUR") for name in META["en"]]], encoding="utf-8-sig"), "meta", "en", None,
                  encoding="utf-8-sig", **figures)  # fmt: skip


def meta_pivot(language: str = "en", *, childless: bool = False) -> Export:
    """The workbook: the grand total first, then for every prefix of the dimensions a row that says "All" below it."""
    names = META[language]
    header = [names[0], names[1], names[1], names[2], names[3], names[6].format("EUR"), names[7], names[12], names[9],
              names[10].replace(" type", " Type"), names[16], names[17]]  # fmt: skip
    leaves = [row for row in WORLD if not (childless and row.ad == "All together")]
    orphans = [row for row in WORLD if row not in leaves]
    body: list[list[object]] = []

    def line(keys: Sequence[str], rows: Sequence[Row], depth: int) -> list[object]:
        shown = [*keys[:depth], *["All"] * (4 - depth)] if depth else [None] * 4
        results = sum(row.results for row in rows)
        return [shown[0], shown[1], shown[1], shown[2], shown[3], sum(row.cents for row in rows) / 100,
                sum(row.impressions for row in rows), sum(row.clicks for row in rows), results or None,
                (rows[0].kind if depth == 4 else "mixed") if results else None, "2026-09-10", "2026-09-13"]  # fmt: skip

    body.append(line((), WORLD, 0))
    for depth in (1, 2, 3, 4):
        keys = sorted({(row.campaign, row.group, row.ad, row.day.isoformat())[:depth] for row in leaves})
        body += [
            line(
                key,
                [r for r in leaves if (r.campaign, r.group, r.ad, r.day.isoformat())[:depth] == key],
                depth,
            )
            for key in keys
        ]
    dropped = len([row for row in body if "All" in row or row[0] is None])
    if orphans:
        body.append(line((orphans[0].campaign,), orphans, 1))
    figures = truth(leaves)
    figures |= {
        "spend": truth(WORLD)["spend"], "impressions": truth(WORLD)["impressions"], "clicks": truth(WORLD)["clicks"],
        "rows": len(body) - dropped,
    }  # fmt: skip
    if orphans:
        figures["results"] = {KINDS[0]: sum(row.results for row in WORLD)}
    return Export(f"meta_pivot_{language}{'_childless' if childless else ''}", workbook([header, *body]), "meta", language, "EUR",
                  dropped=dropped, dimensions=("post", "audience"), encoding=None, **figures)  # fmt: skip


def meta_api() -> Export:
    header = ["date_start", "date_stop", "account_currency", "campaign_name", "adset_name", "ad_name", "publisher_platform",
              "platform_position", "spend", "impressions", "reach", "clicks", "inline_link_clicks", "actions_lead"]  # fmt: skip
    lines = [[row.day, row.day, "EUR", row.campaign, row.group, row.ad, row.platform, "instagram_stories", row.money, row.impressions,
              7, 2 * row.clicks, row.clicks, row.results or ""] for row in WORLD]  # fmt: skip
    return Export("meta_api", text([header, *lines]), "meta", None, "EUR", dimensions=("post", "channel", "audience"),
                  **truth(WORLD, typed=False, kind="lead"))  # fmt: skip


# ---------------------------------------------------------------- Google


def thousands(number: int, mark: str = ",") -> str:
    return f"{number:,}".replace(",", mark)


def google(variant: str) -> Export:
    """Preamble, rows, and at the end one total after another, each with the same money."""
    names = {
        "fr": ["État de la campagne", "Campagne", "Code de la devise", "Clics", "Impr.", "CTR", "CPC moy.", "Coût", "Coût/conv.",
               "Conversions", "Jour"],
        "de": ["Kampagnenstatus", "Kampagne", "Währungscode", "Klicks", "Impr.", "CTR", "Durchschn. CPC", "Kosten", "Kosten/Conv.",
               "Conversions", "Tag"],
        "es": ["Estado de la campaña", "Campaña", "Código de moneda", "Clics", "Impr.", "CTR", "CPC medio", "Coste", "Coste/conv.",
               "Conversiones", "Día"],
        "pt": ["Status da campanha", "Campanha", "Código da moeda", "Cliques", "Impr.", "CTR", "CPC méd.", "Custo", "Custo / conv.",
               "Conversões", "Dia"],
        "nl": ["Campagnestatus", "Campagne", "Valutacode", "Klikken", "Vert.", "CTR", "Gem. CPC", "Kosten", "Kosten/conv.",
               "Conversies", "Dag"],
    }  # fmt: skip
    english = ["Campaign status", "Campaign", "Currency code", "Clicks", "Impr.", "CTR", "Avg. CPC", "Cost", "Cost / conv.",
               "Conversions", "Day"]  # fmt: skip
    language = variant if variant in names else "en"
    header = names.get(variant, english)
    daily = variant not in ("us", "uk", "device")
    mark = {"fr": NARROW, "de": ".", "es": ".", "pt": ".", "nl": "."}.get(variant, ",")

    def cells(row: Row) -> list[object]:
        money, results = row.money, f"{thousands(row.results, mark)}.00"
        if language != "en":
            money = f"{thousands(row.cents // 100, mark)},{row.cents % 100:02d}"
            results = f"{thousands(row.results, mark)},00"
        return ["Enabled", row.campaign, "EUR", thousands(row.clicks, mark), thousands(row.impressions, mark), "77.77%", "< 10%", money,
                "0.00" if language == "en" else "0,00", results, row.day.isoformat()]  # fmt: skip

    body = [cells(row) for row in WORLD]
    whole = Row(date(2026, 9, 10), " --", "", "", "", "", "", "", 0, sum(r.cents for r in WORLD), sum(r.impressions for r in WORLD),
                sum(r.clicks for r in WORLD), sum(r.results for r in WORLD), "")  # fmt: skip
    labels = {"fr": ["Total : campagnes", "Total : compte", "Total : Réseau de Recherche"], "de": ["Gesamt: Kampagnen", "Gesamt: Konto"],
              "nl": ["Totaal: campagnes", "Totaal: account"]}.get(variant, ["Total: Campaigns", "Total: Account", "Total: Search"])  # fmt: skip
    for label in labels:
        total = [*cells(whole)[:-1], " --"]
        total[0] = label
        if variant == "device":
            total[0], total[1] = " --", label
        body.append(total)
    if not daily:
        header, body = header[:-1], [line[:-1] for line in body]
    period = {
        "us": ["July 8, 2026 - July 31, 2026"], "uk": ["8 July 2026 - 31 July 2026"], "device": ["8 July 2026 - 31 July 2026"],
        "fr": ["1 sept. 2026 - 30 sept. 2026"], "de": ["1. Sept. 2026 - 30. Sept. 2026"], "es": ["1 de sept de 2026 - 30 de sept de 2026"],
        "pt": ["1 de set. de 2026 - 30 de set. de 2026"], "nl": ["1 sept. 2026 - 30 sept. 2026"], "daily": ["All time"],
    }[variant]  # fmt: skip
    title = {"fr": "Rapport sur les campagnes", "de": "Kampagnenbericht"}.get(variant, "Campaign report")
    lines = [[title], period, header, *body]
    wide = variant in ("us", "fr", "de", "nl")
    content = text(lines, "\t" if wide else ",", "utf-16-le" if wide else "utf-8")
    if wide:
        content = b"\xff\xfe" + content
    figures = truth(WORLD, typed=False, kind="conversion")
    if not daily:
        figures |= {"first": date(2026, 7, 8), "last": date(2026, 7, 31)}
    return Export(f"google_{variant}", content, "google", language, "EUR", dropped=len(labels), dimensions=("post", "channel"),
                  encoding="utf-16" if wide else "utf-8", **figures)  # fmt: skip


def google_2016() -> Export:
    lines: list[list[object]] = [
        ["Ad report (Oct 25, 2016-Oct 31, 2016)"],
        ["Ad", "Ad group", "Campaign", "Cost", "Impressions", "Clicks", "Conversions", "Currency"],
    ]
    lines += [
        [row.ad, row.group, row.campaign, row.money, row.impressions, row.clicks, f"{row.results}.0", "EUR"]
        for row in WORLD
    ]
    whole = f"{sum(row.cents for row in WORLD) / 100:.2f}"
    lines += [
        ["Total - filtered", " --", " --", whole, 1, 1, 1, "EUR"],
        ["Total", " --", " --", whole, 1, 1, 1, "EUR"],
    ]
    figures = truth(WORLD, typed=False, kind="conversion") | {
        "first": date(2016, 10, 25),
        "last": date(2016, 10, 31),
    }
    content = b"\xff\xfe" + text(lines, "\t", "utf-16-le")
    return Export(
        "google_2016",
        content,
        "google",
        "en",
        "EUR",
        dropped=2,
        dimensions=("post", "channel", "audience"),
        encoding="utf-16",
        **figures,
    )


def google_api() -> Export:
    header = ["segments.date", "customer.currency_code", "campaign.name", "ad_group.name", "metrics.cost_micros", "metrics.impressions",
              "metrics.clicks", "metrics.conversions"]  # fmt: skip
    lines = [
        [
            row.day,
            "EUR",
            row.campaign,
            row.group,
            row.cents * 10_000,
            row.impressions,
            row.clicks,
            row.results,
        ]
        for row in WORLD
    ]
    return Export("google_api", text([header, *lines]), "google", None, "EUR", dimensions=("post", "channel", "audience"),
                  **truth(WORLD, typed=False, kind="conversion"))  # fmt: skip


# ---------------------------------------------------------------- LinkedIn


def linkedin(variant: str) -> Export:
    header = {
        "en": ["Start Date (in UTC)", "Account Name", "Currency", "Campaign Name", "Ad Set Name", "Ad Name", "Total Spent", "Impressions",
               "Clicks", "Click Through Rate", "Conversions", "Average Dwell Time (in Seconds)"],
        "old": ["Start Date (in UTC)", "Account Name", "Currency", "Campaign Group Name", "Campaign Name", "Ad Name", "Total Spent",
                "Impressions", "Clicks", "Click Through Rate", "Conversions", "Average Dwell Time (in Seconds)"],
        "es": ["Fecha de inicio (en UTC)", "Nombre de la cuenta", "Divisa", "Nombre de la campaña", "Nombre del conjunto de anuncios",
               "Nombre del anuncio", "Gasto total", "Impresiones", "Clics", "Porcentaje de clics", "Conversiones",
               "Promedio de permanencia (en segundos)"],
        "nl": ["Begindatum (in UTC)", "Accountnaam", "Valuta", "Campagnenaam", "Naam advertentieset", "Advertentienaam",
               "Totaal uitgegeven", "Weergaven", "Klikken", "Doorklikpercentage", "Conversies", "Gemiddelde CPC"],
    }[variant]  # fmt: skip
    written = {"en": "{0.month}/{0.day}/{0.year}", "old": "{0.month}/{0.day}/{0.year}", "es": "{0.day}/{0.month}/{0.year}",
               "nl": "{0.day:02d}-{0.month:02d}-{0.year}"}[variant]  # fmt: skip
    comma = variant in ("es", "nl")
    lines: list[list[object]] = {
        "en": [["Ad Performance Report (in UTC)"], ["Report Start: September 10, 2026, 12:00 AM"], ["Report End: September 13, 2026, 11:59 PM"],
               ["Date Generated: November 1, 2026, 9:12 AM"], []],
        "old": [["Campaign Performance Report (in UTC)"], ["Report Start: September 10, 2026, 12:00 AM"],
                ["Report End: September 13, 2026, 11:59 PM"], []],
        "es": [["Informe de rendimiento del anuncio (huso horario de UTC)"], ["Inicio del informe: 10 de septiembre de 2026, 0:00"],
               ["Fin del informe: 13 de septiembre de 2026, 23:59"], ["Fecha de generación: 1 de noviembre de 2026, 9:12"], [], []],
        "nl": [["Prestatierapport voor advertenties (in UTC)"], ["Begin rapport: 10 september 2026"], ["Einde rapport: 13 september 2026"], []],
    }[variant]  # fmt: skip
    for row in WORLD:
        results = f"{row.results},00" if comma else str(row.results)
        lines.append([written.format(row.day), "Agence\nNiamey", "EUR", row.campaign, row.group, row.ad, row.comma if comma else row.money,
                      row.impressions, row.clicks, f"5,263{WIDE}%", results, "3.25"])  # fmt: skip
    lines.insert(len(lines) - len(WORLD), header)
    if variant == "es":
        content, encoding = text(lines, "\t", "utf-8", "\r\n"), "utf-8"
    else:
        content, encoding = b"\xff\xfe" + text(lines, "\t", "utf-16-le"), "utf-16"
    return Export(f"linkedin_{variant}", content, "linkedin", "en" if variant == "old" else variant, "EUR", encoding=encoding,
                  dimensions=("post", "channel", "audience"), extra={"audiences": {row.group for row in WORLD}},
                  **truth(WORLD, typed=False, kind="conversion"))  # fmt: skip


def linkedin_empty() -> Export:
    lines: list[list[object]] = [
        ["Ad Performance Report (in UTC)"],
        ["Report Start: September 10, 2026, 12:00 AM"],
        ["Report End: September 13, 2026"],
    ]
    figures = {
        "spend": Decimal(0),
        "impressions": 0,
        "clicks": 0,
        "results": {},
        "first": None,
        "last": None,
        "rows": 0,
    }
    return Export(
        "linkedin_empty",
        b"\xff\xfe" + text(lines, "\t", "utf-16-le"),
        "linkedin",
        None,
        None,
        encoding="utf-16",
        **figures,
    )


# ---------------------------------------------------------------- TikTok and others


def tiktok(variant: str) -> Export:
    header = {
        "en": ["By Day", "Campaign name", "Ad group name", "Ad name", "Currency", "Cost", "Impressions", "Reach", "Clicks (destination)",
               "CPC (destination)", "Clicks (all)", "CPM", "Conversions", "Cost per conversion"],
        "fr": ["Par jour", "Nom de la campagne", "Nom du groupe de publicités", "Nom de la publicité", "Devise", "Coût", "Impressions",
               "Couverture", "Clics (destination)", "CPC (destination)", "Clics (tous)", "CPM", "Conversions", "Coût par conversion"],
    }[variant]  # fmt: skip
    lines: list[list[object]] = [
        [row.day.isoformat(), row.campaign, row.group, row.ad, "EUR", row.cents / 100, row.impressions, row.impressions // 2, row.clicks, 0.1,
         2 * row.clicks, 3.5, row.results, 0]
        for row in WORLD
    ]  # fmt: skip
    label = f"Total of {len(lines)} results" if variant == "en" else f"Total de {len(lines)} résultats"
    lines.append([label, "-", "-", "-", "EUR", sum(row.cents for row in WORLD) / 100, 1, 1, 1, 1, 1, 1, 1, 1])
    return Export(f"tiktok_{variant}", workbook([header, *lines]), "tiktok", variant, "EUR", dropped=1, encoding=None,
                  dimensions=("post", "channel", "audience"), **truth(WORLD, typed=False, kind="conversion"))  # fmt: skip


def tiktok_gmv() -> Export:
    """Every cell wrapped as `="…"`, money with three decimals, no day at all."""
    header = ["Campaign ID", "Campaign name", "Video title", "Cost", "SKU orders", "Cost per order", "Gross revenue", "Product ad impressions",
              "Product ad clicks", "Product ad click rate", "Currency"]  # fmt: skip
    lines = [[f"18{at:014d}", row.campaign, row.ad, f"{row.money}0", row.results, "0.000" if not row.results else "1.500", "N/A", row.impressions,
              row.clicks, "7.30%", "EUR"] for at, row in enumerate(WORLD)]  # fmt: skip
    content = "\n".join("\t".join(f'="{cell}"' for cell in line) for line in [header, *lines]) + "\n"
    figures = truth(WORLD, typed=False, kind="order") | {"first": None, "last": None}
    return Export(
        "tiktok_gmv", content.encode(), "tiktok", "en", "EUR", dimensions=("post", "channel"), **figures
    )


def tiktok_api() -> Export:
    header = [
        "stat_time_day",
        "campaign_name",
        "adgroup_name",
        "ad_name",
        "spend",
        "impressions",
        "clicks",
        "conversion",
        "currency",
    ]
    lines = [
        [
            f"{row.day} 00:00:00",
            row.campaign,
            row.group,
            row.ad,
            row.money,
            row.impressions,
            row.clicks,
            row.results,
            "EUR",
        ]
        for row in WORLD
    ]
    return Export("tiktok_api", text([header, *lines]), "tiktok", None, "EUR", dimensions=("post", "channel", "audience"),
                  **truth(WORLD, typed=False, kind="conversion"))  # fmt: skip


def linkedin_api() -> Export:
    header = ["day", "campaign_group_name", "campaign_name", "creative_id", "cost_in_local_currency", "cost_in_usd", "impressions", "clicks",
              "external_website_conversions", "currency"]  # fmt: skip
    lines = [
        [
            row.day,
            row.campaign,
            row.group,
            7,
            row.money,
            "1.00",
            row.impressions,
            row.clicks,
            row.results,
            "EUR",
        ]
        for row in WORLD
    ]
    return Export("linkedin_api", text([header, *lines]), "linkedin", None, "EUR", dimensions=("post", "channel", "audience"),
                  **truth(WORLD, typed=False, kind="conversion"))  # fmt: skip


def x_api() -> Export:
    header = [
        "date",
        "campaign_name",
        "line_item_name",
        "billed_charge_local_micro",
        "impressions",
        "url_clicks",
        "clicks",
        "currency",
    ]
    lines = [
        [
            row.day,
            row.campaign,
            row.group,
            row.cents * 10_000,
            row.impressions,
            row.clicks,
            3 * row.clicks,
            "EUR",
        ]
        for row in WORLD
    ]
    return Export(
        "x_api",
        text([header, *lines]),
        "x",
        None,
        "EUR",
        dimensions=("post", "channel", "audience"),
        **truth(WORLD, counted=False),
    )


def snapchat(language: str) -> Export:
    header = {
        "en": ["Start Time", "End Time", "Campaign Name", "Ad Set Name", "Ad Name", "Currency", "Paid Impressions", "Swipe Ups", "Spend",
               "Results", "Result Type"],
        "fr": ["Début", "Fin", "Nom de la campagne", "Nom de l’ensemble de publicités", "Nom de la publicité", "Devise",
               "Impressions payées", "Swipe Ups", "Montant dépensé", "Résultats", "Type de résultat"],
    }[language]  # fmt: skip
    lines = [[f"{row.day} 00:00:00", f"{row.day + timedelta(1)} 00:00:00", row.campaign, row.group, row.ad, "EUR", row.impressions, row.clicks,
              row.cents / 100, row.results or None, row.kind if row.results else None] for row in WORLD]  # fmt: skip
    return Export(f"snapchat_{language}", workbook([header, *lines]), "snapchat", language, "EUR", encoding=None,
                  dimensions=("post", "channel", "audience"), **truth(WORLD))  # fmt: skip


def snapchat_api() -> Export:
    header = [
        "start_time",
        "end_time",
        "campaign_name",
        "ad_squad_name",
        "ad_name",
        "impressions",
        "swipes",
        "spend",
        "conversion_purchases",
        "currency",
    ]
    lines = [[f"{row.day}T00:00:00.000-08:00", f"{row.day + timedelta(1)}T00:00:00.000-08:00", row.campaign, row.group, row.ad, row.impressions,
              row.clicks, row.cents * 10_000, row.results, "EUR"] for row in WORLD]  # fmt: skip
    return Export("snapchat_api", text([header, *lines]), "snapchat", None, "EUR", dimensions=("post", "channel", "audience"),
                  **truth(WORLD, typed=False, kind="purchase"))  # fmt: skip


def pinterest() -> Export:
    header = ["Date", "Campaign name", "Ad group name", "Currency", "Spend in account currency", "Impressions", "Pin clicks",
              "Outbound clicks", "CTR", "eCPC", "Checkouts"]  # fmt: skip
    lines = [[row.day, row.campaign, row.group, "EUR", row.money, row.impressions, 5 * row.clicks, row.clicks, "0.5%", "0.1", row.results]
             for row in WORLD]  # fmt: skip
    return Export("pinterest", text([header, *lines]), "pinterest", "en", "EUR", dimensions=("post", "channel", "audience"),
                  **truth(WORLD, typed=False, kind="checkout"))  # fmt: skip


def x_ads() -> Export:
    header = ["Time period", "Campaign name", "Ad group name", "Tweet", "Objective", "Currency", "Spend", "Impressions", "Link clicks", "Results",
              "Result type", "Cost per result", "Follows"]  # fmt: skip
    lines = [[row.day, row.campaign, row.group, row.ad, "Traffic", "EUR", row.money, thousands(row.impressions), row.clicks, row.results or "-",
              row.kind if row.results else "-", "-", 3] for row in WORLD]  # fmt: skip
    return Export(
        "x_ads",
        text([header, *lines]),
        "x",
        "en",
        "EUR",
        dimensions=("post", "channel", "audience"),
        **truth(WORLD),
    )


SHAPES: tuple[Callable[[], Export], ...] = (
    *(lambda language=language: meta(language) for language in META),
    *(lambda language=language: meta(language, total=True) for language in ("en", "fr", "es")),
    *(lambda variant=variant: meta("fr", total=True, variant=variant) for variant in ("resaved", "straight", "spaces", "bare", "mojibake")),
    meta_derived, meta_places, meta_hours, meta_regions, meta_empty, meta_api,
    *(lambda language=language: meta_pivot(language) for language in ("en", "fr", "es")),
    lambda: meta_pivot(childless=True),
    *(lambda variant=variant: google(variant) for variant in ("us", "uk", "device", "daily", "fr", "de", "es", "pt", "nl")),
    google_2016, google_api,
    *(lambda variant=variant: linkedin(variant) for variant in ("en", "old", "es", "nl")),
    linkedin_empty, linkedin_api,
    lambda: tiktok("en"), lambda: tiktok("fr"), tiktok_gmv, tiktok_api,
    lambda: snapchat("en"), lambda: snapchat("fr"), snapchat_api, pinterest, x_ads, x_api,
)  # fmt: skip
"""Every shape of a report of money."""

EXPORTS = tuple(make() for make in SHAPES)
