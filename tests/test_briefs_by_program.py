"""Every rule as people write it, alone and beside others, gives the best plan of an independent program, or none."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from cards_by_hand import DAYS, Card, Program

from mediaplan.cli.main import main

Stated = Callable[[Random, Card, Program], str]
DIMENSIONS = ("post", "channel", "audience", "slot", "format", "topic")


def some(random: Random, card: Card, keys: int) -> dict[str, list[str]]:
    """Names in one dimension or two, one name or two each; a channel may stand for its placements."""
    found = {}
    for key in random.sample(DIMENSIONS, keys):
        names = card.names(key) + ["instagram"] * (key == "channel")
        found[key] = random.sample(names, min(random.choice([1, 1, 2]), len(names)))
    return found


def stated(word: str, picks: dict[str, list[str]], **more: object) -> str:
    """The rule in TOML."""
    table = {"is": word} | {k: v[0] if len(v) == 1 else v for k, v in picks.items()} | more
    return "\n".join(f"{key} = {json.dumps(value)}" for key, value in table.items())


def pieces(card: Card, *per: str) -> list[np.ndarray]:
    """The part of each line's money in each piece."""
    found = [np.ones(len(card.lines))]
    for key in per:
        if key == "day":
            cuts = [card.on([day]) for day in DAYS]
        elif key == "week":
            cuts = [card.on(DAYS[:7]), card.on(DAYS[7:])]
        else:
            cuts = [card.picked(**{key: name}) for name in card.names(key)]
        found = [one * cut for one in found for cut in cuts]
    return [one for one in found if one.any()]


def spend(random: Random, card: Card, program: Program) -> str:
    picks, limit = some(random, card, 2), random.choice(["at_least", "at_most", "equal"])
    first = random.randrange(14)
    last = random.randrange(first, 14)
    parts, money = card.picked(**picks) * card.on(DAYS[first : last + 1]), random.randint(0, 90)
    program.money(
        parts,
        money if limit != "at_most" else -np.inf,
        money if limit != "at_least" else np.inf,
    )
    return stated("spend", picks, date=f"{DAYS[first]}/{DAYS[last]}", **{limit: money})


def spend_per(random: Random, card: Card, program: Program) -> str:
    per = [*random.sample(DIMENSIONS, random.choice([1, 2])), *random.choice([(), ("day",), ("week",)])]
    money = random.randint(5, 100)
    for parts in pieces(card, *per):
        program.money(parts, most=money)
    return stated("spend", {}, per=per, at_most=money)


def share(random: Random, card: Card, program: Program) -> str:
    picks, limit = some(random, card, random.choice([1, 2])), random.choice(["at_least", "at_most"])
    part, of = round(random.uniform(0, 0.5), 2), random.choice(["spend", "budget"])
    amount = part * program.budget if of == "budget" else 0.0
    parts = card.picked(**picks) - (part if of == "spend" else 0.0)
    program.money(parts, *((amount, np.inf) if limit == "at_least" else (-np.inf, amount)))
    return stated("share", picks, of=of, **{limit: part})


def share_per(random: Random, card: Card, program: Program) -> str:
    part, channel = round(random.uniform(0.3, 0.7), 2), random.choice(["facebook", "instagram"])
    if random.random() < 0.5:  # of all money
        for parts in pieces(card, "post"):
            program.money(parts - part, most=0.0)
        return stated("share", {}, per="post", at_most=part)
    for parts in pieces(card, "audience"):  # of each audience's money
        program.money(parts * card.picked(channel=channel) - part * parts, most=0.0)
    return stated("share", {"channel": [channel]}, per="audience", at_most=part)


def each_line(random: Random, card: Card, program: Program) -> str:
    least, most, step = random.choice([5, 10, 20]), random.choice([60, 100]), random.choice([5, 10])
    for funded, tiers in zip(program.funded(), program.tiers, strict=True):
        money, steps = dict.fromkeys(tiers, 1.0), program.column(whole=True)
        program.row(money | {funded: -float(least)}, least=0.0)
        program.row(money, most=most)
        program.row(money | {steps: -float(step)}, 0.0, 0.0)
    return stated("each line", {}, or_zero=True, at_least=least, at_most=most, step=step)


def locked(random: Random, card: Card, program: Program) -> str:
    picks, money = some(random, card, 2), random.randint(1, 40)
    program.money(card.picked(**picks), money, money)
    return stated("locked", picks, amount=money)


def per_day(random: Random, card: Card, program: Program) -> str:
    picks, per = some(random, card, 1), random.choice(["day", "week"])
    parts = [piece * card.picked(**picks) for piece in pieces(card, per)]
    runs = [part for part in parts if part.any()]
    money = random.randint(5, 40)
    for part in runs:
        program.money(part, most=money)
    if random.random() < 0.5:
        return stated("per day", picks, per=per, at_most=money)
    for before, after in pairwise(runs):
        program.money(before - after, least=0.0)
    return stated("per day", picks, per=per, at_most=money, shape="front")


def change(random: Random, card: Card, program: Program) -> str:
    per, part = random.choice(["channel", "post", "audience", "slot"]), random.choice([0.2, 0.5])
    before = {name: random.randint(10, 120) for name in random.sample(card.names(per), 2)}
    for name, money in before.items():
        program.money(card.picked(**{per: name}), money * (1 - part), money * (1 + part))
    earlier = ", ".join(f'"{name}" = {money}' for name, money in before.items())
    return stated("change", {}, per=per, at_most=part) + f"\nbefore = {{ {earlier} }}"


def count(random: Random, card: Card, program: Program) -> str:
    word, limit = random.choice(["posts", "lines"]), random.choice(["at_least", "at_most"])
    per, many = random.choice([[], ["channel"], ["day"], ["channel", "week"]]), random.randint(1, 3)
    for parts in pieces(card, *per):
        cuts = pieces(card, "post") if word == "posts" else list(np.eye(len(card.lines)))
        groups = [program.any_of(parts * cut) for cut in cuts if (parts * cut).any()]
        program.row(
            dict.fromkeys(groups, 1.0),
            many if limit == "at_least" else -np.inf,
            many if limit == "at_most" else np.inf,
        )
    return stated(word, {}, **({"per": per} if per else {}), **{limit: many})


def needs(random: Random, card: Card, program: Program) -> str:
    picks, other = some(random, card, 1), random.choice(card.names("channel"))
    one, two = program.any_of(card.picked(**picks)), program.any_of(card.picked(channel=other))
    program.row({one: 1.0, two: -1.0} if one != two else {}, most=0.0)
    return stated("needs", picks) + f'\nneeds = {{ channel = "{other}" }}'


def excludes(random: Random, card: Card, program: Program) -> str:
    key = random.choice(["post", "channel", "audience", "slot"])
    names = random.sample(card.names(key), 2)
    groups = [program.any_of(card.picked(**{key: name})) for name in names]
    program.row(dict.fromkeys(groups, 1.0), most=1.0)
    return stated("excludes", {key: names})


def hold(random: Random, card: Card, program: Program) -> str:
    picks = some(random, card, 2)
    program.money(card.picked(**picks), most=0.0)
    return stated("hold", picks)


def blackout(random: Random, card: Card, program: Program) -> str:
    picks = some(random, card, 1)
    program.money(card.picked(**picks) * card.picked(slot="weekend"), most=0.0)
    days = [day.isoformat() for day in DAYS if day.weekday() > 4]
    return stated("blackout", picks, date=days)


def outcome(random: Random, card: Card, program: Program) -> str:
    picks, many = some(random, card, 1), random.randint(1, 12)
    program.results(card.picked(**picks), many)
    return stated(random.choice(["results", "value"]), picks, at_least=many)


def cpr(random: Random, card: Card, program: Program) -> str:
    most, per = random.choice([3, 4, 5, 8]), random.choice([[], ["channel"], ["post", "audience"]])
    for parts in pieces(card, *per):
        program.cost(parts, most)
    return stated("cpr", {}, at_most=most, **({"per": per} if per else {}))


def soft_money(random: Random, card: Card, program: Program) -> str:
    picks, money, price = some(random, card, 1), random.randint(50, 200), round(random.uniform(0.01, 0.3), 3)
    program.money(card.picked(**picks), money, beside={program.column(-price): 1.0})
    return stated("spend", picks, at_least=money, soft=price)


def soft_results(random: Random, card: Card, program: Program) -> str:
    picks, many, price = some(random, card, 1), random.randint(10, 40), round(random.uniform(0.1, 1), 2)
    program.results(card.picked(**picks), many, beside={program.column(-price): 1.0})
    return stated("results", picks, at_least=many, soft=price)


def soft_share(random: Random, card: Card, program: Program) -> str:
    picks, price = some(random, card, 1), 20
    short = program.column(-price / program.budget)
    program.money(card.picked(**picks), 0.6 * program.budget, beside={short: 1.0})
    return stated("share", picks, of="budget", at_least=0.6, soft=price)


def soft_posts(random: Random, card: Card, program: Program) -> str:
    price = round(random.uniform(0.5, 5), 2)
    posts = [program.any_of(parts) for parts in pieces(card, "post")]
    program.row({**dict.fromkeys(posts, 1.0), program.column(-price): -1.0}, most=1.0)
    return stated("posts", {}, at_most=1, soft=price)


def ratio(random: Random, card: Card, program: Program) -> str:
    (one, other), times = random.sample(card.names("channel"), 2), random.choice([0.5, 1, 2])
    program.money(card.picked(channel=one) - times * card.picked(channel=other), least=0.0)
    sides = f'of = {{ channel = "{one}" }}\nto = {{ channel = "{other}" }}'
    return stated("ratio", {}, at_least=times, **{"in": "spend"}) + "\n" + sides


def units(random: Random, card: Card, program: Program) -> str:
    picks, many = some(random, card, 1), random.randint(1, 60)
    program.money(card.picked(**picks), most=many)  # a unit costs 1
    return stated("units", picks, at_most=many)


def group(random: Random, card: Card, program: Program) -> str:
    money = random.randint(20, 100)
    program.money(card.picked(post=["p1", "p3"]), most=money)
    return stated("spend", {"post": ["videos"]}, at_most=money)


RULES: dict[str, Stated] = {
    rule.__name__: rule
    for rule in (
        spend, spend_per, share, share_per, each_line, locked, per_day, change, count, needs, excludes, hold,
        blackout, outcome, cpr, soft_money, soft_results, soft_share, soft_posts, ratio, units, group,
    )
}  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("word", RULES)
def test_a_brief_gets_the_best_plan_that_its_rules_allow(word, seed, tmp_path, capsys):
    random = Random(f"{word} {seed}")
    card, budget = Card(random), random.choice([300, 800, 1500])
    program = Program(card, budget)
    others = random.sample([rule for name, rule in RULES.items() if name != word], seed)
    rules = [rule(random, card, program) for rule in (RULES[word], *others)]
    best = program.best()
    code = main(["plan", str(card.write(tmp_path, budget, rules)), "--json", "--quiet"])
    made = json.loads(capsys.readouterr().out)
    assert code == (4 if best is None else 0), made
    if best is not None:
        assert made["objective"]["value"] == pytest.approx(best, rel=2e-4, abs=0.01)


def test_a_rule_repeated_over_a_group_holds_for_each_of_its_names(tmp_path, capsys):
    card = Card(Random(1))
    brief = card.write(tmp_path, 800, [stated("spend", {"post": ["videos"]}, per="post", at_most=60)])
    assert main(["plan", str(brief), "--json", "--quiet"]) == 0
    spent = json.loads(capsys.readouterr().out)["totals"]["by_post"]
    assert {post: spent[post]["amount"] for post in ("p1", "p3")} == {"p1": "60.00", "p3": "60.00"}
