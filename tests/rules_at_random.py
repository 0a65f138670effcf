"""Rules as tables of a brief, drawn at random, and cases in which they bear on the best plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from random import Random

from cards_by_hand import DAYS, Card
from rules_by_program import DIMENSIONS, Names, Table, programmed


def some(random: Random, card: Card, keys: int) -> Names:
    """Names in so many dimensions, one name or two each; some stand for several."""
    found = {}
    for key in random.sample(DIMENSIONS, keys):
        names = card.names(key) + {"channel": ["instagram"], "post": ["videos"]}.get(key, [])
        found[key] = random.sample(names, min(random.choice([1, 1, 2]), len(names)))
    return found


def limited(random: Random, draw: Callable[[], float]) -> dict[str, float]:
    """At least so much, at most, exactly, or from so much to so much."""
    sides = random.choice([("at_least",), ("at_most",), ("equal",), ("at_least", "at_most")])
    return dict(zip(sides, sorted(draw() for _ in sides), strict=True))


def repeated(random: Random, *also: list[str]) -> Table:
    per = random.choice([[], [random.choice(DIMENSIONS)], *also])
    return {"per": per} if per else {}


def of_kind(random: Random) -> Table:
    return random.choice([{}, {"type": "lead"}, {"type": "message"}])


def _spend(random: Random, card: Card) -> Table:
    first = random.randrange(14)
    days = {"date": f"{DAYS[first]}/{DAYS[random.randrange(first, 14)]}"}
    return some(random, card, 2) | days | limited(random, lambda: random.randint(0, 90))


def _spend_per(random: Random, card: Card) -> Table:
    per = [*random.sample(DIMENSIONS, random.choice([1, 2])), *random.choice([[], ["day"], ["week"]])]
    return some(random, card, random.choice([0, 1])) | {"per": per, "at_most": random.randint(5, 100)}


def _share(random: Random, card: Card) -> Table:
    return some(random, card, random.choice([1, 2])) | limited(
        random, lambda: round(random.uniform(0, 0.6), 2)
    )


def _share_per(random: Random, card: Card) -> Table:
    per = repeated(random, ["audience"], ["post"], ["week"]) or {"per": "post"}
    limit = random.choice([("at_least", 0.02, 0.1), ("at_most", 0.3, 0.7)])
    return some(random, card, random.choice([0, 1])) | per | {limit[0]: round(random.uniform(*limit[1:]), 2)}


def _each_line(random: Random, card: Card) -> Table:
    steps = {"step": random.choice([5, 10])} if random.random() < 0.7 else {}
    least, most = random.choice([5, 10, 20]), random.choice([60, 100])
    return (
        some(random, card, random.choice([0, 1]))
        | {"or_zero": True, "at_least": least, "at_most": most}
        | steps
    )


def _per_day(random: Random, card: Card) -> Table:
    limits = random.choice([{"at_most": random.randint(5, 40)}, {"at_least": random.randint(1, 20)}, {}])
    shape = random.choice([None, "front", "even"]) if limits else random.choice(["front", "even"])
    shaped = {"shape": shape} if shape else {}
    return some(random, card, 1) | {"per": random.choice(["day", "week"])} | limits | shaped


def _change(random: Random, card: Card) -> Table:
    per = random.choice(["channel", "post", "audience", "slot"])
    before = {name: random.randint(10, 120) for name in random.sample(card.names(per), 2)}
    return {"per": per, "at_most": random.choice([0.2, 0.5]), "before": before}


def _count(random: Random, card: Card) -> Table:
    per = repeated(random, ["channel"], ["day"], ["channel", "week"])
    return some(random, card, random.choice([0, 0, 1])) | per | limited(random, lambda: random.randint(0, 4))


def _excludes(random: Random, card: Card) -> Table:
    key = random.choice(["post", "channel", "audience", "slot"])
    return {key: random.sample(card.names(key), 2)} | repeated(random, ["week"], ["day"])


def _results(random: Random, card: Card) -> Table:
    return some(random, card, 1) | repeated(random) | of_kind(random) | {"at_least": random.randint(1, 25)}


def _cpr(random: Random, card: Card) -> Table:
    per, most = repeated(random, ["post", "audience"]), random.choice([3, 5, 8, 15])
    return some(random, card, random.choice([0, 1])) | per | of_kind(random) | {"at_most": most}


def _units(random: Random, card: Card) -> Table:
    return some(random, card, 1) | repeated(random) | limited(random, lambda: random.randint(1, 120))


def _ratio(random: Random, card: Card) -> Table:
    sides = {
        "of": some(random, card, 1),
        "to": some(random, card, 1),
        "in": random.choice(["spend", "units"]),
    }
    return sides | repeated(random) | limited(random, lambda: random.choice([0.5, 1, 2, 3]))


def _day(random: Random, card: Card) -> Table:
    return some(random, card, 1) | {"date": str(random.choice(DAYS[2:12]))}


def _blackout(random: Random, card: Card) -> Table:
    first = random.randrange(12)
    days = [f"{DAYS[first]}/{DAYS[first + random.randrange(3)]}", str(random.choice(DAYS))]
    return some(random, card, 1) | {"date": days}


Drawn = Callable[[Random, Card], Table]
GIVING_WAY: dict[str, tuple[str, Drawn, float]] = {
    "spend": ("spend", _spend, 0.1), "spend per": ("spend", _spend_per, 0.1), "share": ("share", _share, 100.0),
    "share of the budget": ("share", lambda random, card: _share(random, card) | {"of": "budget"}, 100.0),
    "share per": ("share", _share_per, 100.0), "posts": ("posts", _count, 3.0), "lines": ("lines", _count, 3.0),
    "needs": ("needs", lambda r, card: some(r, card, 1) | repeated(r, ["week"]) | {"needs": some(r, card, 1)}, 3.0),
    "excludes": ("excludes", _excludes, 3.0), "results": ("results", _results, 1.0),
    "value": ("value", lambda r, card: some(r, card, 1) | repeated(r) | {"at_least": r.randint(5, 80)}, 0.5),
    "cpr": ("cpr", _cpr, 0.1), "units": ("units", _units, 0.1),
    "resource": ("resource", lambda random, card: _units(random, card) | {"name": "planning"}, 0.1), "ratio": ("ratio", _ratio, 0.1),
}  # fmt: skip
"""Rules that may give way: their word, how they are drawn, and a usual price."""


def _soft(drawn: Drawn, usual: float, random: Random, card: Card) -> Table:
    table = drawn(random, card)
    return table | {"soft": float(f"{usual * 10 ** random.uniform(-0.7, 0.7):.3g}")}


RULES: dict[str, tuple[str, Drawn]] = {
    **{kind: (word, drawn) for kind, (word, drawn, _) in GIVING_WAY.items()},
    **{f"soft {kind}": (word, partial(_soft, drawn, usual)) for kind, (word, drawn, usual) in GIVING_WAY.items()},
    "each line": ("each line", _each_line),
    "every line": ("each line", lambda random, card: some(random, card, 2) | {"at_least": random.randint(2, 20)}),
    "locked": ("locked", lambda random, card: some(random, card, 2) | {"amount": random.randint(1, 40)}),
    "per day": ("per day", _per_day), "change": ("change", _change), "hold": ("hold", lambda random, card: some(random, card, 2)),
    "learning phase": ("learning phase", lambda r, card: some(r, card, r.choice([0, 1])) | {"at_least": r.choice([1, 2.5, 5])}),
    "not before": ("not before", _day), "not after": ("not after", _day), "blackout": ("blackout", _blackout),
}  # fmt: skip
KINDS = tuple(RULES)


def drawn(kinds: Sequence[str], seed: str) -> list[Table]:
    """A rule of each kind for the card of a seed; the same for each kind whatever the others are."""
    card = Card(Random(seed))
    tables = []
    for kind in kinds:
        word, draw = RULES[kind]
        tables.append({"is": word} | draw(Random(f"{seed} {kind}"), card))
    return tables


def tolerance(best: float) -> float:
    """By how much the worth of a plan may miss the best: lines are chosen whole to a gap of 1e-4."""
    return 2e-4 * abs(best) + 0.01


def bears(tables: Sequence[Table], seed: str, best: float | None) -> bool:
    """Whether without any one of the rules the best plan is another, by far more than plans may miss it."""
    for out in range(len(tables)):
        without = programmed(seed, [*tables[:out], *tables[out + 1 :]])[1].best()
        if without is None or (best is not None and abs(without - best) <= 10 * tolerance(best)):
            return False
    return True


def bearing(
    kinds: Sequence[str], seed: str, *, possible: bool = True
) -> tuple[str, list[Table], float | None]:
    """The first case drawn in which every one of the rules bears on the plan, or all of them clash: seed, rules, best plan."""
    for draw in range(400):
        own = f"{seed} {draw}"
        tables = drawn(kinds, own)
        best = programmed(own, tables)[1].best()
        if (best is not None) == possible and bears(tables, own, best):
            return own, tables, best
    raise AssertionError(f"no case of {kinds} bears")
