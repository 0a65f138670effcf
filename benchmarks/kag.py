"""Does the estimator choose well, and keep its word, on real ads it was not shown?

    python benchmarks/kag.py KAG_conversion_data.csv --splits 60

The file is that of the public Facebook sample "Sales Conversion Optimization" (one row per ad: campaign, age, gender,
interest, spend, conversions); it is not shipped. Ads with spend are halved at random, many times. Each method learns
from one half, ranks the other half's cells (age × gender × interest; with `--unit ad` its single ads, whose campaign
is then known) by the results per money that it expects at the money each of them really had, and buys the best quarter
of that half's spend. Printed for each method: results of what it bought over the average of the same money, with its
standard error over the splits, and promised over delivered (geometric mean).

What this can't prove: halves are random, not past and future, and the file seems to keep mostly ads with a conversion.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mediaplan.history.records.records import DIMENSIONS, History, Posts
from mediaplan.response.fitting import fit
from mediaplan.response.lines import Lines

Array = NDArray[np.float64]
Method = Callable[[pd.DataFrame, pd.DataFrame, str], Array]

QUARTER = 0.25
"""Part of the other half's spend that is bought."""

CELLS = {"cell": ["age", "gender", "interest"], "ad": ["campaign", "age", "gender", "interest"]}
"""What the averages by cell are taken over, by what is bought."""

KPIS = {"total": "Total_Conversion", "approved": "Approved_Conversion", "clicks": "Clicks"}
DAY = pd.Timestamp("2017-08-17")
DAYS = 30
"""The file has no dates: all its ads ran for thirty days from here."""


def ads_of(path: Path, kpi: str) -> pd.DataFrame:
    """The ads with spend; `results` counts that column of the file."""
    names = {"ad_id": "ad", "xyz_campaign_id": "campaign", "Spent": "spend"}
    ads = pd.read_csv(path, encoding="utf-8-sig").rename(columns=names)
    ads["results"] = ads[kpi].astype(float)
    return ads[ads["spend"] > 0].reset_index(drop=True)


def average(known: pd.DataFrame, asked: pd.DataFrame, _: str) -> Array:
    """Everything gets what all got on average."""
    usual = float(known["results"].sum() / known["spend"].sum())
    return usual * asked["spend"].to_numpy(dtype=np.float64)


def by_cell(known: pd.DataFrame, asked: pd.DataFrame, unit: str) -> tuple[Array, Array]:
    """Spend and results, in the known half, of each asked row's cell."""
    sums = known.groupby(CELLS[unit])[["spend", "results"]].sum()
    found = sums.reindex(pd.MultiIndex.from_frame(asked[CELLS[unit]])).fillna(0.0)
    return found["spend"].to_numpy(), found["results"].to_numpy()


def raw(known: pd.DataFrame, asked: pd.DataFrame, unit: str) -> Array:
    """Results per money of the cell, the average where the cell was never bought."""
    spend, results = by_cell(known, asked, unit)
    usual = average(known, asked, unit)
    return np.where(spend > 0, results / np.maximum(spend, 1e-9) * asked["spend"], usual)


def gamma_poisson(known: pd.DataFrame, asked: pd.DataFrame, unit: str) -> Array:
    """Results per money of the cell, shrunk to the average as far as cells differ (moments)."""
    cells = known.groupby(CELLS[unit])[["spend", "results"]].sum()
    rate = cells["results"].sum() / cells["spend"].sum()
    chance = rate * cells["spend"]
    excess = ((cells["results"] - chance) ** 2 - chance).sum() / (cells["spend"] ** 2).sum()
    prior = rate**2 / max(excess, 1e-6 * rate**2)
    spend, results = by_cell(known, asked, unit)
    shrunk: Array = (results + prior) / (spend + prior / rate) * asked["spend"].to_numpy()
    return shrunk


def mediaplan(known: pd.DataFrame, asked: pd.DataFrame, unit: str) -> Array:
    """The project's estimator: audience = age × gender; post = interest, or the ad, with interest and campaign."""
    return expected(history_of(known, unit), known, asked, unit)


def with_clicks(known: pd.DataFrame, asked: pd.DataFrame, unit: str) -> Array:
    """The same, told the ads' clicks as well."""
    history = history_of(known, unit)
    told = replace(history, rows=history.rows.assign(clicks=known["Clicks"].to_numpy(dtype=np.float64)))
    return expected(told, known, asked, unit)


def expected(history: History, known: pd.DataFrame, asked: pd.DataFrame, unit: str) -> Array:
    """Results that the estimator expects of what is asked."""
    posts = posts_of(pd.concat([known, asked])) if unit == "ad" else None
    response = fit(history, posts=posts)
    labels = labels_of(asked, unit)
    codes = {d: pd.Index(response.names[d]).get_indexer(pd.Index(labels[d])).astype(np.int32) for d in labels}
    codes = {d: codes.get(d, np.full(len(asked), -1, dtype=np.int32)) for d in DIMENSIONS}
    starts = np.full(len(asked), np.datetime64(DAY, "D"))
    lines = Lines(response.names, codes, starts, np.full(len(asked), DAYS, dtype=np.int32))
    promised: Array = response.curves(lines).results(asked["spend"].to_numpy())[0].mean(axis=1)
    return promised


def labels_of(ads: pd.DataFrame, unit: str) -> dict[str, pd.Series]:
    """Names of the dimensions that the file breaks down by."""
    audience = ads["age"] + " " + ads["gender"]
    if unit == "cell":
        return {"post": ads["interest"].astype(str), "audience": audience}
    return {"post": ads["ad"].astype(str), "channel": ads["campaign"].astype(str), "audience": audience}


def history_of(ads: pd.DataFrame, unit: str) -> History:
    """The ads as a history."""
    missing = dict.fromkeys(("channel", "slot", "hour", "impressions", "reach", "clicks"), np.nan)
    told = missing | {"date": DAY, "days": DAYS, **labels_of(ads, unit), "spend": ads["spend"]}
    rows = pd.DataFrame(told | {"results:result": ads["results"]}).reset_index(drop=True)
    return History(rows.astype(dict.fromkeys(DIMENSIONS, "str")), "USD", ("result",))


def posts_of(ads: pd.DataFrame) -> Posts:
    """All ads, with their interest as topic."""
    blank = dict.fromkeys(("title", "format", "reason", "url", "platform_id"), np.nan)
    told = {"post": ads["ad"].astype(str), "topic": ads["interest"].astype(str), **blank}
    more = {"channels": [()] * len(ads), "published": pd.NaT, "status": "ready", "value": 1.0}
    return Posts(pd.DataFrame(told | more).reset_index(drop=True))


def clairvoyant(_: pd.DataFrame, asked: pd.DataFrame, __: str) -> Array:
    """What really came."""
    came: Array = asked["results"].to_numpy()
    return came


METHODS: dict[str, Method] = {
    "average": average,
    "raw cost per result": raw,
    "Gamma-Poisson per cell": gamma_poisson,
    "mediaplan": mediaplan,
    "mediaplan, clicks told": with_clicks,
    "clairvoyant": clairvoyant,
}


def bought(spend: Array, promised: Array) -> Array:
    """Part of each row that the best quarter of the spend buys, by promised results per money."""
    order = np.argsort(-promised / spend, kind="stable")
    before = np.cumsum(spend[order]) - spend[order]
    part = np.empty(len(spend))
    part[order] = np.clip((QUARTER * spend.sum() - before) / spend[order], 0.0, 1.0)
    return part


def judge(ads: pd.DataFrame, unit: str, seed: int) -> dict[str, tuple[float, float]]:
    """Results over those of the average, and promised over delivered, of each method in one split."""
    order = np.random.default_rng(seed).permutation(len(ads))
    known, asked = (ads.iloc[np.sort(half)] for half in np.array_split(order, 2))
    if unit == "cell":
        asked = asked.groupby(CELLS[unit])[["spend", "results"]].sum().reset_index()
    spend, came = asked["spend"].to_numpy(), asked["results"].to_numpy()
    found = {}
    for name, method in METHODS.items():
        promised = method(known, asked, unit)
        # the average can't choose: it buys a quarter of each
        part = np.full(len(asked), QUARTER) if name == "average" else bought(spend, promised)
        delivered = float(part @ came)
        found[name] = delivered / (QUARTER * came.sum()), float(part @ promised) / delivered
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("file", type=Path, help="the sample's CSV")
    asked.add_argument("--splits", type=int, default=60, help="number of random halvings (default 60)")
    asked.add_argument("--unit", choices=list(CELLS), default="cell", help="what is bought (default cell)")
    asked.add_argument("--results", choices=list(KPIS), default="total", help="what is counted as a result")
    options = asked.parse_args()
    ads = ads_of(options.file, KPIS[options.results])
    splits = [judge(ads, options.unit, seed) for seed in range(options.splits)]
    print(f"{len(ads)} ads with spend, {options.splits} random halves, results: {KPIS[options.results]}")
    print(f"{'method':<24}{'times average':>14}{'s.e.':>8}{'promised / delivered':>22}")
    for name in METHODS:
        times, promise = np.array([split[name] for split in splits]).T
        error = times.std(ddof=1) / np.sqrt(len(times)) if len(times) > 1 else float("nan")
        print(f"{name:<24}{times.mean():>14.3f}{error:>8.3f}{np.exp(np.log(promise).mean()):>22.2f}")


if __name__ == "__main__":
    main()
