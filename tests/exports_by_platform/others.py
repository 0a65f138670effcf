"""TikTok, Snapchat, Pinterest and X: their managers' tables and those of their APIs."""

from __future__ import annotations

from datetime import timedelta

from exports_by_platform.account import WORLD, Export, text, thousands, truth, workbook


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
