"""The businesses of the bundled sample: invented names, posts, audiences and habits, before any chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Post:
    """A post of the sample; the fields are the columns of `posts.csv`, `quality` the truth behind its figures."""

    post: str
    title: str
    format: str
    topic: str
    published: str
    quality: float
    channels: str = ""
    status: str = "ready"
    reason: str = ""
    value: str = ""


@dataclass(frozen=True)
class Shop:
    """A business of the sample.

    Attributes:
        folder: Below `data/`.
        seed: Of its chance.
        currency, step: ISO 4217 code, and what amounts are multiples of.
        week: Least and most money of a week.
        kinds: Kinds of result, with usual money for one.
        channels, slots: With their effect on the log rate.
        audiences: With size, effect on the log rate, value, and channel of the row (blank = all).
        posts: What it published.
        pairs: Effects of channel and audience together on the log rate.
        click: Usual money for one click; impressions cost a fiftieth.
        kappa: Money of a week at which saturation bites on an audience of 100 000 people.
    """

    folder: str
    seed: int
    currency: str
    step: float
    week: tuple[float, float]
    kinds: Mapping[str, float]
    channels: Mapping[str, float]
    slots: Mapping[str, float]
    audiences: Mapping[tuple[str, str], tuple[int, float, str]]
    posts: tuple[Post, ...]
    pairs: Mapping[tuple[str, str], float]
    click: float
    kappa: float


BOUTIQUE = Shop(
    folder="boutique",
    seed=20261122,
    currency="XOF",
    step=500,
    week=(60_000, 140_000),
    kinds={"lead": 1_100, "message": 320},
    channels={"facebook": 0.1, "instagram/feed": 0.0, "instagram/stories": 0.15},
    slots={"matin": -0.15, "soir": 0.25, "week-end": 0.05},
    audiences={
        ("parents-abidjan", ""): (420_000, 0.25, "1.2"),
        ("parents-niamey", ""): (160_000, 0.15, "1.0"),
        ("jeunes-abidjan", ""): (650_000, -0.2, "0.7"),
        ("femmes-niamey", ""): (110_000, 0.1, "1.0"),
        ("femmes-niamey", "instagram"): (35_000, 0.1, "1.0"),
    },
    posts=(
        Post(
            "kits-scolaires",
            "Kits scolaires complets à prix doux",
            "carrousel",
            "rentrée",
            "2026-08-24",
            0.3,
            status="ended",
        ),
        Post(
            "sacs-cartable", "Des cartables qui durent toute l’année", "photo", "rentrée", "2026-08-27", 0.1
        ),
        Post(
            "conseil-tailles", "Bien choisir la taille de l’uniforme", "vidéo", "conseil", "2026-09-10", 0.0
        ),
        Post(
            "pagnes-octobre", "Les nouveaux pagnes sont arrivés", "carrousel", "nouveauté", "2026-09-28", 0.35
        ),
        Post(
            "promo-chaussures",
            "Moins 20 % sur les chaussures d’enfant",
            "photo",
            "promo",
            "2026-11-02",
            0.65,
            status="hold",
            reason="rupture de stock jusqu’en janvier",
        ),
        Post(
            "atelier-couture",
            "Une journée à l’atelier de couture",
            "vidéo",
            "coulisses",
            "2026-10-12",
            -0.3,
            channels="instagram",
        ),
        Post("avis-clientes", "Elles racontent leur commande", "vidéo", "conseil", "2026-10-26", 0.15),
        Post("boubous-fetes", "Boubous brodés pour les fêtes", "carrousel", "fêtes", "2026-11-02", 0.4),
        Post("livraison-niamey", "Livraison en 48 h à Niamey", "photo", "promo", "2026-11-09", 0.2),
        Post(
            "coffrets-cadeaux",
            "Coffrets cadeaux à partir de 10 000 F",
            "photo",
            "fêtes",
            "2026-11-16",
            0.3,
            channels="facebook|instagram/feed",
            value="1.1",
        ),
        Post("calendrier-avent", "Une surprise chaque jour de décembre", "vidéo", "fêtes", "2026-12-01", 0.2),
    ),
    pairs={
        ("facebook", "parents-abidjan"): 0.2,
        ("instagram/stories", "jeunes-abidjan"): 0.35,
        ("facebook", "jeunes-abidjan"): -0.3,
    },
    click=55,
    kappa=9_000,
)

AGENCY = Shop(
    folder="agency",
    seed=20261123,
    currency="EUR",
    step=0.01,
    week=(900, 2_600),
    kinds={"lead": 7.5, "sale": 24.0},
    channels={"facebook": 0.05, "instagram/feed": 0.1, "instagram/stories": -0.05, "tiktok": -0.1},
    slots={"morning": 0.0, "evening": 0.2, "weekend": 0.1},
    audiences={
        ("families", ""): (48_000, 0.2, "1.3"),
        ("commuters", ""): (73_000, 0.05, "1.0"),
        ("students", ""): (39_000, -0.15, "0.6"),
        ("students", "tiktok"): (61_000, -0.15, "0.8"),
        ("visitors", ""): (120_000, -0.1, "1.0"),
    },
    posts=(
        Post(
            "bikes-back-to-work", "Ride back to work", "video", "commuting", "2026-08-26", 0.2, status="ended"
        ),
        Post("bikes-test-ride", "Book a free test ride", "photo", "offer", "2026-09-07", 0.35),
        Post("bikes-lights", "See and be seen: winter lights", "carousel", "advice", "2026-10-05", 0.0),
        Post("bikes-cargo", "Two children, one cargo bike", "video", "families", "2026-10-19", 0.4),
        Post("bikes-service", "Winter service in one day", "photo", "offer", "2026-11-09", 0.1),
        Post("bikes-gift-card", "The gift that rolls", "photo", "gifts", "2026-12-03", 0.2),
        Post("bakery-breakfast", "Breakfast boxes for the office", "carousel", "offer", "2026-09-02", 0.25),
        Post(
            "bakery-behind-oven",
            "Four in the morning at the oven",
            "video",
            "story",
            "2026-09-21",
            -0.1,
            channels="instagram|tiktok",
        ),
        Post(
            "bakery-birthday", "Birthday cakes to order", "photo", "families", "2026-10-12", 0.45, value="1.2"
        ),
        Post(
            "bakery-gluten-free",
            "Gluten-free Fridays",
            "photo",
            "advice",
            "2026-10-26",
            0.1,
            status="hold",
            reason="supplier changes in December",
        ),
        Post("bakery-advent", "Order your advent stollen", "carousel", "gifts", "2026-11-12", 0.35),
    ),
    pairs={("tiktok", "students"): 0.4, ("tiktok", "families"): -0.35, ("facebook", "families"): 0.2},
    click=0.55,
    kappa=190.0,
)

SHOPS = (BOUTIQUE, AGENCY)
