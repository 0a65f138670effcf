"""LinkedIn Campaign Manager: lines above the table, two meanings of "campaign"; the API."""

from __future__ import annotations

from exports_by_platform.account import NOTHING, WIDE, WORLD, Export, text, truth


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
    return Export(
        "linkedin_empty",
        b"\xff\xfe" + text(lines, "\t", "utf-16-le"),
        "linkedin",
        None,
        None,
        encoding="utf-16",
        **NOTHING,
    )


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
