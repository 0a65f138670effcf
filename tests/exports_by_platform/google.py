"""Google Ads: both kinds of .csv, in six languages, with one total after another at the end; 2016; the API."""

from __future__ import annotations

from datetime import date

from exports_by_platform.account import NARROW, WORLD, Export, Row, text, thousands, truth


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


def google_hours() -> Export:
    """Segments by day and hour; the hour is a plain number."""
    lines: list[list[object]] = [
        ["Campaign performance"],
        ["September 1, 2026 - September 30, 2026"],
        ["Campaign", "Day", "Hour of day", "Currency code", "Impr.", "Clicks", "Cost", "Conversions"],
    ]
    lines += [
        [row.campaign, row.day.isoformat(), row.hour, "EUR", thousands(row.impressions), thousands(row.clicks), row.money, f"{row.results}.00"]
        for row in WORLD
    ]  # fmt: skip
    whole = f"{sum(row.cents for row in WORLD) / 100:.2f}"
    lines += [
        [label, " --", " --", " --", "1", "1", whole, "1.00"]
        for label in ("Total: Campaigns", "Total: Account")
    ]
    return Export("google_hours", text(lines), "google", "en", "EUR", dropped=2, dimensions=("post", "channel", "slot"),
                  extra={"hours": {row.hour for row in WORLD}}, **truth(WORLD, typed=False, kind="conversion"))  # fmt: skip


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
