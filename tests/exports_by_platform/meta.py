"""Meta Ads Manager: CSV in six languages and their damaged copies, the pivot with "All", places, hours, regions, the API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from exports_by_platform.account import KINDS, NOTHING, WIDE, WORLD, Export, Row, text, truth, workbook

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


HOURS = {
    "account": ("en", "Time of day (ad account time zone)"),
    "viewer": ("en", "Time of day (viewer\u2019s time zone)"),
    "2018": ("en", "Time of Day (Ad Account Time Zone)"),
    "fr": ("fr", "Heure de la journée (fuseau horaire du compte publicitaire)"),
    "fr_reworded": ("fr", "Heure de la journée (fuseau horaire de la personne)"),
}


def meta_hours(variant: str = "account") -> Export:
    """Rows by hour, which hold no results; 2018 wrote its names with capitals."""
    language, hour = HOURS[variant]
    names = META[language]
    header = [
        names[0],
        names[3],
        hour,
        names[6].format("EUR"),
        names[7],
        names[12],
        names[9],
        names[10],
        names[11],
        names[16],
        names[17],
    ]
    if variant == "2018":
        header = [name.title().replace("(Eur)", "(EUR)") for name in header]
    lines = [[row.campaign, row.day, f"{row.hour:02d}:00:00 - {row.hour:02d}:59:59", row.money, row.impressions, row.clicks, "", "", "",
              row.day, row.day] for row in WORLD]  # fmt: skip
    return Export(
        f"meta_hours_{variant}", text([header, *lines]), "meta", language, "EUR", dimensions=("post", "slot"),
        extra={"hours": {row.hour for row in WORLD}}, **truth(WORLD, counted=False),
    )  # fmt: skip


def meta_workbook(language: str) -> Export:
    """The table as a workbook without sums: numbers as numbers, days as text, a metric under the name that it had that year."""
    header = [
        *(name.format("EUR") for name in META[language]),
        "Cost per 1,000 Accounts Center accounts reached (EUR)",
    ]
    lines = [
        [row.campaign, row.group, row.ad, row.day.isoformat(), row.age, row.gender, row.cents / 100, row.impressions, row.impressions // 2,
         row.results or None, row.kind if row.results else None, row.cents / 100 / row.results if row.results else None, row.clicks,
         2 * row.clicks, 7.5, None, row.day.isoformat(), row.day.isoformat(), 2.25]
        for row in WORLD
    ]  # fmt: skip
    return Export(f"meta_workbook_{language}", workbook([header, *lines]), "meta", language, "EUR", dimensions=("post", "audience"),
                  encoding=None, **truth(WORLD))  # fmt: skip


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
    return Export("meta_empty", text([[name.format("EUR") for name in META["en"]]], encoding="utf-8-sig"), "meta", "en", None,
                  encoding="utf-8-sig", **NOTHING)  # fmt: skip


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
