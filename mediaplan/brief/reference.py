"""What may stand in a brief: the reference in docs/brief.md and the filled example, both made from the code itself.

`python -m mediaplan.brief.reference > docs/brief.md` writes the reference anew.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from mediaplan.brief.goals import GOALS
from mediaplan.brief.key_reference import GOAL_KEYS, KEYS, Key
from mediaplan.brief.minimums import checked, table
from mediaplan.brief.rule_reference import RULE_EXAMPLES, common_rows, own_rows, rule_toml
from mediaplan.brief.rules import RULES, EachLine, Rule, Share, Spend
from mediaplan.words import Sentence, Words

EXAMPLE_RULES: tuple[tuple[Rule, Sentence], ...] = (
    (Share(channel="instagram", at_least=0.20), Sentence("the client asks for it")),
    (Spend(channel="facebook", at_most=80_000), Sentence("no more than last month")),
    (
        EachLine(or_zero=True, at_least=10_000, step=1_000),
        Sentence("smaller boosts never leave the learning phase"),
    ),
)
"""The rules of the filled example, each with its reason."""


def template_brief(words: Words) -> str:
    """A filled brief for the bundled sample, a sentence on each key; it reads and plans as it is.

    Args:
        words: The language of the sentences.

    Returns:
        TOML.
    """
    tables = ("goal", "slots", "judgement", "test", "rule", "columns", "scenario")
    parts = [_shown(words, KEYS[key]) for key in KEYS if key not in tables]
    parts.append(_goal(words))
    parts.append(_shown(words, KEYS["slots"]))
    parts += [_rule(words, rule, why) for rule, why in EXAMPLE_RULES]
    return "\n\n".join(parts) + "\n"


def reference() -> str:
    """The reference of the brief, in English.

    Returns:
        Markdown.
    """
    parts = [
        _HEAD,
        _table(("key", "where it is missing", ""), [_key_row(name, key) for name, key in KEYS.items()]),
    ]
    parts += [
        "## Goals",
        _GOALS,
        _table(("`[goal]`", ""), [(f"`{key}`", str(says)) for key, says in GOAL_KEYS.items()]),
    ]
    parts.append(_table(("`is`", ""), [(f"`{word}`", _first_line(goal)) for word, goal in GOALS.items()]))
    parts += ["## Rules", _RULES]
    common = [(f"`{key}`", takes, str(says)) for key, takes, says in common_rows()]
    parts.append(_table(("key of every rule", "takes", ""), common))
    for word, kind in RULES.items():
        parts += [f"### `{word}`", _first_line(kind)]
        if own := [(f"`{key}`", takes, str(says)) for key, takes, says in own_rows(kind)]:
            parts.append(_table(("key", "takes", ""), own))
        parts.append(_fenced(rule_toml(RULE_EXAMPLES[word])))
    parts += [
        "## Platform minimums",
        _MINIMUMS.format(day=checked().isoformat()),
        _minimums(),
        "## A whole brief",
    ]
    parts.append(_fenced(template_brief(Words("en"))))
    return "\n\n".join(part.strip() for part in parts) + "\n"


_HEAD = """
# The brief

*Made by `python -m mediaplan.brief.reference > docs/brief.md` from the code: change it there.*

A brief is a TOML file (or a JSON file of the same shape). Keys that are not listed here are refused, with the nearest
one that is. Amounts are whole numbers, decimals or text, in the brief's currency; an amount finer than the currency's
smallest unit is refused. Every limit is for the whole flight. A relative path is relative to the brief.
`mediaplan template brief` writes the example at the end.
"""

_GOALS = """
A plan gets as much of the goal as the budget and the rules allow, in expectation. Where the goal is the lowest cost, rules
say what is to be reached, and `budget` may be left out: the plan then says what it costs.
"""

_RULES = """
A rule is a `[[rule]]` table. It picks lines by names; several names of one key are alternatives, several keys must all
hold; a rule without names is about all lines, and an empty list of names is refused. A name that matches nothing is
refused, with the nearest one. `date` picks days: a line's money runs evenly over the days on which its slot runs, so a
limit on some days counts that part of it.

`per` repeats a rule for each day, week (of seven days from the flight's first), post, channel, …, or for each combination
of several of these. A share is then of the money of that piece; where the rule picks nothing else, it is of all money. Days
and weeks on which `blackout`, `not before` or `not after` leave none of the picked lines to run are passed over.
`soft` lets a rule give way: the goal loses `soft` for each unit of shortfall (a major unit of money, a share of 1 of the
budget, a post, a line, a result, a person, an impression), and the plan says how much that is in all.
"""

_MINIMUMS = """
With `minimums = "platform"` no line gets less than its platform accepts (amounts were checked on {day}; they drift, so
compare them with your own account and give your own table where they differ). A row without kinds of result or
currencies is for all those that no earlier row names. Without `minimums` the plan only warns.
"""


def _shown(words: Words, key: Key) -> str:
    example = key.example if key.shown else _commented(key.example)
    return _commented(words.say(key.says)) + "\n" + example


def _goal(words: Words) -> str:
    said = [f"{name}: {words.say(says)}" for name, says in GOAL_KEYS.items()]
    said = [line for line in said if not line.startswith(("worst", "worlds"))]
    head = words.text("What to get most of: {goals}.", goals=tuple(GOALS))
    return (
        _commented("\n".join((head, *said)))
        + '\n[goal]\nis = "most value"\nvalues = { lead = 4000, message = 900 }'
    )


def _rule(words: Words, rule: Rule, why: Sentence) -> str:
    said = [
        f"{name}: {words.say(says)}" for name, _, says in own_rows(type(rule)) if name not in ("per", "soft")
    ]
    return (
        _commented("\n".join((words.say(rule.in_currency("XOF").sentence()), *said)))
        + "\n"
        + rule_toml(rule, words.say(why))
    )


def _key_row(name: str, key: Key) -> tuple[str, ...]:
    example = f"<br>`{key.example}`" if key.example and "\n" not in key.example else ""
    return f"`{name}`", key.default or "required", f"{key.says}{example}"


def _minimums() -> str:
    rows = [
        (
            ", ".join(row.platforms),
            ", ".join(row.results) or "all",
            ", ".join(row.currencies) or "all",
            f"{row.per_day:g} USD",
            row.source,
        )
        for row in table()
    ]
    return _table(("platform", "results", "currencies", "a day", "source"), rows)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _first_line(kind: type[Any]) -> str:
    return (kind.__doc__ or "").split("\n", 1)[0]


def _commented(text: str) -> str:
    return "\n".join(f"# {line}" for line in text.splitlines())


def _fenced(toml: str) -> str:
    return f"```toml\n{toml.rstrip()}\n```"


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(reference())
