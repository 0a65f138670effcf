"""Every key of a brief and of its goal, with what is said of it and an example; rules have a file of their own."""

from __future__ import annotations

from dataclasses import dataclass

from mediaplan.words import Percent, Sentence


@dataclass(frozen=True)
class Key:
    """A key of a brief and what is said of it.

    Attributes:
        says: One sentence or two.
        example: TOML that states it, as in the filled example.
        default: What holds where it is missing; empty = it is required.
        shown: Whether the filled example states it; else it stands there as a comment.
    """

    says: Sentence
    example: str
    default: str = ""
    shown: bool = True


KEYS: dict[str, Key] = {
    "name": Key(Sentence("Title of the plan."), 'name = "Fêtes de fin d’année"', '"plan"'),
    "currency": Key(Sentence("ISO 4217 code of every amount in the brief."), 'currency = "XOF"'),
    "budget": Key(
        Sentence("What the client pays at the most, fee and tax included: a ceiling, not an aim."),
        "budget = 150_000",
    ),
    "flight": Key(
        Sentence(
            'First day and number of calendar days. split = "week" or "day" cuts each line into one for each week or day.'
        ),
        "flight = { start = 2026-11-30, days = 14 }",
    ),
    "timezone": Key(
        Sentence("Where the hours of the slots are meant; said in the launch sheet."),
        'timezone = "Africa/Niamey"',
        "–",
    ),
    "data": Key(
        Sentence(
            "Files to plan from, relative to the brief; the options of the command line go before them. rates is a "
            "rate card, ledger a table of your own past plans (docs/formats.md)."
        ),
        'data = { history = ["history.csv"], posts = "posts.csv", audiences = "audiences.csv" }',
        "–",
    ),
    "lines": Key(
        Sentence(
            "“all” that posts, channels, audiences and slots make, or only those “seen” in the history."
        ),
        'lines = "seen"',
        '"all"',
        shown=False,
    ),
    "minimums": Key(
        Sentence(
            "The least for one line and calendar day: “platform” asks for the platforms' own, a table gives "
            "yours by channel. A line receives nothing, or at least that."
        ),
        "minimums = { facebook = 500, instagram = 500 }",
        "–",
        shown=False,
    ),
    "level": Key(
        Sentence(
            "How sure the intervals are to hold what will be counted: 0.8 = in {percent} of cases.",
            percent=Percent(0.8),
        ),
        "level = 0.8",
        "0.8",
        shown=False,
    ),
    "as_of": Key(
        Sentence("The day on which the data were exported."),
        "as_of = 2026-11-29",
        "the last day of the history",
        shown=False,
    ),
    "delay": Key(
        Sentence(
            "Days from money to counted result, on average: the last days of an export are not complete."
        ),
        "delay = { days = 3 }",
        "as daily rows tell",
        shown=False,
    ),
    "costs": Key(
        Sentence(
            "On top of the media money: fee is a part of it, tax a part of both; the budget covers all three."
        ),
        "costs = { fee = 0.10, tax = 0.18 }",
        "0, 0",
        shown=False,
    ),
    "exchange": Key(
        Sentence(
            "Units of the brief's currency for one of another; needed for tables in another currency, and USD for “platform” "
            "minimums. Instead of a number, a table of dates and numbers."
        ),
        "exchange = { EUR = 655.957, USD = 600 }",
        "–",
        shown=False,
    ),
    "rates": Key(
        Sentence(
            "Which counts for a line that is in a rate card and in the history too: “first” (the card), “history”, or "
            "a table with the weight of the card, from 0 to 1."
        ),
        "rates = { weight = 0.5 }",
        "–",
        shown=False,
    ),
    "incrementality": Key(
        Sentence(
            "Incremental results for one that the platform attributes, by channel, with an 80 % range; a channel "
            "that is not named counts in full."
        ),
        "incrementality = { facebook = { value = 0.6, low = 0.4, high = 0.8 } }",
        "all attributed results count",
        shown=False,
    ),
    "test": Key(
        Sentence(
            "Which of these posts is best? One table each: posts, budget (the same for each post), until (its last day), "
            "and channel, audience, slot where the posts could run in several. “mediaplan verdict” tells what came of it."
        ),
        "",
        "–",
        shown=False,
    ),
    "judgement": Key(
        Sentence(
            "What you expect where no history says anything, one table each: spend and results, at_half and at_double "
            "(results of half and of twice the money), days (default: the flight's), type, and lines as in a rule. "
            "With judgements a plan is possible without any history."
        ),
        "",
        "–",
        shown=False,
    ),
    "goal": Key(Sentence("What to get most of; see the goals."), "", "most results", shown=False),
    "slots": Key(
        Sentence(
            "Names for parts of the week: days as mon-fri or sat|sun, hours as 18-22 or 22-2 (over midnight: the "
            "hours after midnight belong to the evening before, and the last line ends the day after the flight)."
        ),
        """[slots]
matin = { days = "mon-fri", hours = "6-9" }
soir = { days = "mon-fri", hours = "18-22" }
week-end = { days = "sat-sun", hours = "8-22" }""",
        "those of the history",
    ),
    "groups": Key(
        Sentence(
            "Names that stand for several posts, channels or audiences, wherever a rule picks by names."
        ),
        'groups = { proches = ["parents", "voisins"] }',
        "–",
        shown=False,
    ),
    "rule": Key(Sentence("Limits on the plan, one table each; see the rules."), "", "–", shown=False),
    "columns": Key(
        Sentence("What foreign columns of the data mean; see docs/formats.md."), "", "–", shown=False
    ),
    "scenario": Key(
        Sentence(
            "The same brief with changes, one table each, with a name: its keys replace the brief's; add_rule adds rules, "
            "drop_rule leaves out those of these names. “plan --scenario NAME” answers one, “compare” all."
        ),
        "",
        "–",
        shown=False,
    ),
}
"""Every key of a brief, in the order in which the example states them."""

GOAL_KEYS = {
    "is": Sentence("The goal's words."),
    "type": Sentence(
        "The one kind of result that counts; needed where the history counts several and values are not given."
    ),
    "worst": Sentence(
        "For “cautious”: the part of the cases that counts, the worst ones; 0.2 is the worst fifth."
    ),
    "worlds": Sentence(
        "For “least regret”: names of worlds, each with what is different there, such as {example}.",
        example='{ "CPM +30 %" = { channel = "facebook", cost = 1.3 } }',
    ),
    "values": Sentence(
        "Worth of one result of each kind: a weight, or money. Kinds that are not named do not count."
    ),
    "test_share": Sentence(
        "Part of the budget that may be spent on lines that are there to learn, 0.10 = a tenth; 0 where it is missing."
    ),
}
