"""Every rule as people write it, drawn at random, and what it says in rows of an independent program."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from random import Random

import numpy as np
from cards_by_hand import DAYS, GROUPS, Card, Program

Stated = Callable[[Random, Card, Program], str]
Names = dict[str, list[str]]
DIMENSIONS = ("post", "channel", "audience", "slot", "format", "topic")
WEEKS = (DAYS[:7], DAYS[7:])


def some(random: Random, card: Card, keys: int) -> Names:
    """Names in so many dimensions, one name or two each; some stand for several."""
    found = {}
    for key in random.sample(DIMENSIONS, keys):
        names = card.names(key) + {"channel": ["instagram"], "post": ["videos"]}.get(key, [])
        found[key] = random.sample(names, min(random.choice([1, 1, 2]), len(names)))
    return found


def stated(word: str, picks: Names, **more: object) -> str:
    """The rule in TOML."""
    table = {"is": word} | {k: v[0] if len(v) == 1 else v for k, v in picks.items()} | more
    return "\n".join(
        f"{key.rstrip('_')} = {inline(value)}" for key, value in table.items() if value not in ([], ())
    )


def inline(value: object) -> str:
    if not isinstance(value, dict):
        return json.dumps(value)
    return "{ " + ", ".join(f'"{key}" = {inline(each)}' for key, each in value.items()) + " }"


def bounds(limits: dict[str, float], times: float = 1.0) -> tuple[float, float]:
    """Least and most of limits as they are written."""
    equal = limits.get("equal")
    least, most = (limits.get(key, equal) for key in ("at_least", "at_most"))
    return (-np.inf if least is None else least * times), (np.inf if most is None else most * times)


def limited(random: Random, draw: Callable[[], float]) -> dict[str, float]:
    """At least so much, at most, exactly, or from so much to so much."""
    sides = random.choice([("at_least",), ("at_most",), ("equal",), ("at_least", "at_most")])
    return dict(zip(sides, sorted(draw() for _ in sides), strict=True))


def each(card: Card, picks: Names, per: tuple[str, ...]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The part of each line's money that a rule counts in each piece, and the part that is in the piece at all.

    A post that nothing may run for asks for as much as any other, a day on which nothing may run for nothing.
    """
    alone = not set(picks) - set(per)
    names = [key for key in per if key not in ("day", "week")]
    times = {"day": [[day] for day in DAYS], "week": WEEKS}.get(
        per[-1] if len(per) > len(names) else "", [DAYS]
    )
    for combination in itertools.product(*(spelled(picks.get(key, card.names(key))) for key in names)):
        piece = dict(zip(names, combination, strict=True))
        mine = card.picked(**picks) * card.picked(**piece)
        for days in times:
            inside = card.on(days)
            if (mine * inside).any() or (times == [DAYS] and card.had(picks, piece)):
                yield mine * inside, np.ones(len(card.lines)) if alone else card.picked(**piece) * inside


def spelled(names: list[str]) -> list[str]:
    """The names, with those of a group for the group."""
    return list(dict.fromkeys(one for name in names for one in GROUPS.get(name, [name])))


def repeated(random: Random, *also: tuple[str, ...]) -> tuple[str, ...]:
    return random.choice([(), (random.choice(DIMENSIONS),), *also])


def spend(random: Random, card: Card, program: Program) -> str:
    picks, limits = some(random, card, 2), limited(random, lambda: random.randint(0, 90))
    first = random.randrange(14)
    last = random.randrange(first, 14)
    program.money(card.picked(**picks) * card.on(DAYS[first : last + 1]), *bounds(limits))
    return stated("spend", picks, date=f"{DAYS[first]}/{DAYS[last]}", **limits)


def spend_per(random: Random, card: Card, program: Program) -> str:
    picks = some(random, card, random.choice([0, 1]))
    per = (*random.sample(DIMENSIONS, random.choice([1, 2])), *random.choice([(), ("day",), ("week",)]))
    money = random.randint(5, 100)
    for parts, _ in each(card, picks, per):
        program.money(parts, most=money)
    return stated("spend", picks, per=per, at_most=money)


def share(random: Random, card: Card, program: Program) -> str:
    picks, limits = (
        some(random, card, random.choice([1, 2])),
        limited(random, lambda: round(random.uniform(0, 0.6), 2)),
    )
    low, high = bounds(limits)
    parts = card.picked(**picks)
    for part in {low, high} & set(limits.values()):
        at_least, at_most = part == low, part == high
        program.money(parts - part, 0.0 if at_least else -np.inf, 0.0 if at_most else np.inf)
    return stated("share", picks, **limits)


def share_of_budget(random: Random, card: Card, program: Program) -> str:
    picks, limits = (
        some(random, card, random.choice([1, 2])),
        limited(random, lambda: round(random.uniform(0, 0.6), 2)),
    )
    program.money(card.picked(**picks), *bounds(limits, program.budget))
    return stated("share", picks, of="budget", **limits)


def share_per(random: Random, card: Card, program: Program) -> str:
    picks, per = (
        some(random, card, random.choice([0, 1])),
        repeated(random, ("audience",), ("post",), ("week",)) or ("post",),
    )
    limit = random.choice(["at_least", "at_most"])
    part = round(random.uniform(0.02, 0.1) if limit == "at_least" else random.uniform(0.3, 0.7), 2)
    for inside, whole in each(card, picks, per):
        program.money(inside - part * whole, *((0.0,) if limit == "at_least" else (-np.inf, 0.0)))
    return stated("share", picks, per=per, **{limit: part})


def each_line(random: Random, card: Card, program: Program) -> str:
    picks, least = some(random, card, random.choice([0, 1])), random.choice([5, 10, 20])
    most, step = random.choice([60, 100]), random.choice([5, 10])
    for funded, tiers, mine in zip(program.funded(), program.tiers, card.picked(**picks), strict=True):
        if mine:
            money, steps = dict.fromkeys(tiers, 1.0), program.column(whole=True)
            program.row(money | {funded: -float(least)}, least=0.0)
            program.row(money, most=most)
            program.row(money | {steps: -float(step)}, 0.0, 0.0)
    return stated("each line", picks, or_zero=True, at_least=least, at_most=most, step=step)


def every_line(random: Random, card: Card, program: Program) -> str:
    """None left out."""
    picks, least = some(random, card, 2), random.randint(2, 20)
    for parts in np.diag(card.picked(**picks)):
        if parts.any():
            program.money(parts, least)
    return stated("each line", picks, at_least=least)


def locked(random: Random, card: Card, program: Program) -> str:
    picks, money = some(random, card, 2), random.randint(1, 40)
    program.money(card.picked(**picks), money, money)
    return stated("locked", picks, amount=money)


def per_day(random: Random, card: Card, program: Program) -> str:
    picks, per = some(random, card, 1), random.choice(["day", "week"])
    runs = [inside for inside, _ in each(card, picks, (per,))]
    limits = random.choice([{"at_most": random.randint(5, 40)}, {"at_least": random.randint(1, 20)}, {}])
    shape = random.choice([None, "front", "even"]) if limits else random.choice(["front", "even"])
    for part in runs if limits else ():
        program.money(part, *bounds(limits))
    for before, after in pairwise(runs) if shape else ():
        program.money(before - after, 0.0, 0.0 if shape == "even" else np.inf)
    return stated("per day", picks, per=per, **limits, **({"shape": shape} if shape else {}))


def change(random: Random, card: Card, program: Program) -> str:
    per, part = random.choice(["channel", "post", "audience", "slot"]), random.choice([0.2, 0.5])
    before = {name: random.randint(10, 120) for name in random.sample(card.names(per), 2)}
    for name, money in before.items():
        program.money(card.picked(**{per: name}), money * (1 - part), money * (1 + part))
    return stated("change", {}, per=per, at_most=part, before=before)


def counted(word: str, random: Random, card: Card, program: Program) -> str:
    picks = some(random, card, random.choice([0, 0, 1]))
    per = repeated(random, ("channel",), ("day",), ("channel", "week"))
    limits = limited(random, lambda: random.randint(0, 4))
    posts = [card.picked(post=name) for name in card.names("post")]
    for inside, _ in each(card, picks, per):
        cuts = posts if word == "posts" else np.eye(len(card.lines))
        groups = [program.any_of(inside * cut) for cut in cuts if (inside * cut).any()]
        program.row(dict.fromkeys(groups, 1.0), *bounds(limits))
    return stated(word, picks, per=per, **limits)


def needs(random: Random, card: Card, program: Program) -> str:
    picks, other, per = some(random, card, 1), some(random, card, 1), repeated(random, ("week",))
    for inside, whole in each(card, picks, per):
        others = whole if per else np.ones(len(card.lines))
        if per and not set(picks) - set(per):
            others = np.ones(len(card.lines))
        one, two = program.any_of(inside), program.any_of(card.picked(**other) * others)
        program.row({one: 1.0, two: -1.0}, most=0.0)
    return stated("needs", picks, per=per, needs=other)


def excludes(random: Random, card: Card, program: Program) -> str:
    key, per = random.choice(["post", "channel", "audience", "slot"]), repeated(random, ("week",), ("day",))
    names = random.sample(card.names(key), 2)
    for inside, _ in each(card, {key: names}, per):
        groups = [program.any_of(inside * card.picked(**{key: name})) for name in names]
        program.row(dict.fromkeys(groups, 1.0), most=1.0)
    return stated("excludes", {key: names}, per=per)


def hold(random: Random, card: Card, program: Program) -> str:
    picks = some(random, card, 2)
    program.money(card.picked(**picks), most=0.0)
    return stated("hold", picks)


def results(random: Random, card: Card, program: Program) -> str:
    picks, per, kind = some(random, card, 1), repeated(random), random.choice(["results", "lead", "message"])
    many = random.randint(1, 25)
    for inside, _ in each(card, picks, per):
        program.outcome(inside, kind, many)
    return stated("results", picks, per=per, at_least=many, **({} if kind == "results" else {"type": kind}))


def value(random: Random, card: Card, program: Program) -> str:
    picks, per, much = some(random, card, 1), repeated(random), random.randint(5, 80)
    for inside, _ in each(card, picks, per):
        program.outcome(inside, "value", much)
    return stated("value", picks, per=per, at_least=much)


def cpr(random: Random, card: Card, program: Program) -> str:
    picks, per = some(random, card, random.choice([0, 1])), repeated(random, ("post", "audience"))
    kind, most = random.choice(["results", "lead", "message"]), random.choice([3, 5, 8, 15])
    for inside, _ in each(card, picks, per):
        program.cost(inside, kind, most)
    return stated("cpr", picks, per=per, at_most=most, **({} if kind == "results" else {"type": kind}))


def learning(random: Random, card: Card, program: Program) -> str:
    picks, least = some(random, card, random.choice([0, 1])), random.choice([1, 2.5, 5])
    for at, (funded, line) in enumerate(zip(program.funded(), card.lines, strict=True)):
        if card.picked(**picks)[at]:
            needed = least / 7 * ((line.last - line.first).days + 1)
            brought = program.sum_of(np.eye(len(card.lines))[at], "results")
            program.row(brought | {funded: -needed}, least=0.0)
    return stated("learning phase", picks, at_least=least)


def amounts_of(kind: str, random: Random, card: Card, program: Program) -> str:
    """Units, or another resource."""
    picks, per, limits = (
        some(random, card, 1),
        repeated(random),
        limited(random, lambda: random.randint(1, 120)),
    )
    for inside, _ in each(card, picks, per):
        program.outcome(inside, kind, *bounds(limits))
    named = {} if kind == "units" else {"name": kind}
    return stated("units" if kind == "units" else "resource", picks, per=per, **named, **limits)


def ratio(random: Random, card: Card, program: Program) -> str:
    kind, times = random.choice(["spend", "units"]), limited(random, lambda: random.choice([0.5, 1, 2, 3]))
    sides, per = (some(random, card, 1), some(random, card, 1)), repeated(random)
    of, to = (card.picked(**side) for side in sides)
    for inside, _ in each(card, {}, per):
        for key, many in times.items():
            signed = program.sum_of((of - many * to) * inside, "money" if kind == "spend" else "units")
            if key != "at_most":
                program.row(signed, least=0.0)
            if key != "at_least":
                program.row(signed, most=0.0)
    return stated("ratio", {}, per=per, of=sides[0], to=sides[1], in_=kind, **times)


def from_day(random: Random, card: Card) -> str:
    picks, at = some(random, card, 1), random.randrange(2, 12)
    card.closed(picks, DAYS[:at])
    return stated("not before", picks, date=str(DAYS[at]))


def to_day(random: Random, card: Card) -> str:
    picks, at = some(random, card, 1), random.randrange(2, 12)
    card.closed(picks, DAYS[at + 1 :])
    return stated("not after", picks, date=str(DAYS[at]))


def blackout(random: Random, card: Card) -> str:
    picks, first, alone = some(random, card, 1), random.randrange(12), random.choice(DAYS)
    last = first + random.randrange(3)
    card.closed(picks, {*DAYS[first : last + 1], alone}, all_days=False)
    return stated("blackout", picks, date=[f"{DAYS[first]}/{DAYS[last]}", str(alone)])


def soft(rule: Stated, usual: float, random: Random, card: Card, program: Program) -> str:
    """The same rule where it may give way, at about that price for a unit of money, or of what it counts."""
    program.soft = float(f"{usual * 10 ** random.uniform(-0.7, 0.7):.3g}")
    said = rule(random, card, program)
    price, program.soft = program.soft * (program.budget if "share" in said.split("\n")[0] else 1.0), None
    return f"{said}\nsoft = {price!r}"


DATED: dict[str, Callable[[Random, Card], str]] = {
    "not before": from_day,
    "not after": to_day,
    "blackout": blackout,
}
"""Rules that cut lines, before anything else is said of them."""
GIVING_WAY: dict[str, tuple[Stated, float]] = {
    "spend": (spend, 0.1), "spend per": (spend_per, 0.1), "share": (share, 0.1), "share of the budget": (share_of_budget, 0.1),
    "share per": (share_per, 0.1), "posts": (partial(counted, "posts"), 3.0), "lines": (partial(counted, "lines"), 3.0),
    "needs": (needs, 3.0), "excludes": (excludes, 3.0), "results": (results, 1.0), "value": (value, 0.5), "cpr": (cpr, 0.1),
    "units": (partial(amounts_of, "units"), 0.1), "resource": (partial(amounts_of, "planning"), 0.1), "ratio": (ratio, 0.1),
}  # fmt: skip
"""Rules that may give way, and a usual price."""
RULES: dict[str, Stated] = {
    **{word: rule for word, (rule, _) in GIVING_WAY.items()},
    **{f"soft {word}": partial(soft, rule, price) for word, (rule, price) in GIVING_WAY.items()},
    "each line": each_line, "every line": every_line, "locked": locked, "per day": per_day, "change": change, "hold": hold,
    "learning phase": learning,
}  # fmt: skip
WORDS = (*DATED, *RULES)


def posed(words: Sequence[str], seed: str) -> tuple[Card, Program, list[str]]:
    """A card, the rules of these words as people write them, and the program of both; the same for each word whatever the others are."""
    random = Random(seed)
    card, budget = Card(random), random.choice([300, 800, 1500])
    said = {word: DATED[word](Random(f"{seed} {word}"), card) for word in words if word in DATED}
    program = Program(card, budget)
    said |= {
        word: RULES[word](Random(f"{seed} {word}"), card, program) for word in words if word not in DATED
    }
    return card, program, [said[word] for word in words]


def bears(words: Sequence[str], seed: str, best: float | None) -> bool:
    """Whether without any one of the rules the best plan is another, by far more than plans may miss it."""
    for word in words:
        without = posed([other for other in words if other != word], seed)[1].best()
        if without is None or (best is not None and abs(without - best) <= 10 * tolerance(best)):
            return False
    return True


def tolerance(best: float) -> float:
    """By how much the worth of a plan may miss the best: lines are chosen whole to a gap of 1e-4."""
    return 2e-4 * abs(best) + 0.01


def bearing(
    words: Sequence[str], seed: str, *, possible: bool = True
) -> tuple[Card, Program, list[str], float | None]:
    """The first case drawn in which every one of the rules bears on the plan; or in which they clash."""
    for draw in range(400):
        case = posed(words, f"{seed} {draw}")
        best = case[1].best()
        if (best is not None) == possible and bears(words, f"{seed} {draw}", best):
            return *case, best
    raise AssertionError(f"no case of {words} bears")
