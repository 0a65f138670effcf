"""What the form says of every rule: its family, its name, one sentence, and what its own fields are called.

The fields themselves are those of the rule's record (see `rule_fields`); a rule with usual fields needs only its line
in `RULE_FORMS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mediaplan.words import Sentence

MONEY = Sentence("Money")
CHOICE = Sentence("Choice")
TIME = Sentence("Time")
OUTCOME = Sentence("Outcome")
CARD = Sentence("Rate card")


@dataclass(frozen=True)
class RuleForm:
    """How people meet a rule.

    Attributes:
        family: The heading it stands under.
        name: What it is called.
        explained: What it is for, in one sentence.
        labels: Of its own fields, by key, where the usual label does not fit.
        helps: Of its own fields, by key, where the record's own sentence does not fit a form.
    """

    family: Sentence
    name: Sentence
    explained: Sentence
    labels: Mapping[str, Sentence] = field(default_factory=dict)
    helps: Mapping[str, Sentence] = field(default_factory=dict)


_PERCENTAGE = Sentence("A percentage, such as 20%.")
_COMPARED = Sentence("Choose channels, audiences, posts or other names.")

RULE_FORMS: Mapping[str, RuleForm] = {
    "share": RuleForm(
        MONEY,
        Sentence("share of the money"),
        Sentence("The part of the money that some lines get, such as at least 20% for Instagram."),
        {"of": Sentence("Part of what")},
        {"at_least": _PERCENTAGE, "at_most": _PERCENTAGE, "of": Sentence("The money that the plan spends may be less than the budget.")},
    ),
    "spend": RuleForm(
        MONEY,
        Sentence("money in all"),
        Sentence("What some lines receive together: a least, a most, or both."),
    ),
    "each line": RuleForm(
        MONEY,
        Sentence("money for each line"),
        Sentence("What every single line receives: nothing or at least so much, in round steps."),
        {},
        {"or_zero": Sentence("For each line: it may also receive nothing.")},
    ),
    "locked": RuleForm(
        MONEY,
        Sentence("money already committed"),
        Sentence("Boosts that run already or are promised: these lines receive exactly that, together."),
    ),
    "per day": RuleForm(
        MONEY,
        Sentence("money per day"),
        Sentence("How the money is spread over the days: a ceiling, a floor, evenly, or more at the start."),
        {"per": Sentence("Counted by")},
        {
            "shape": Sentence("Evenly: every day has the same. More at the start: no day has less than the one after it."),
            "per": Sentence("Weeks are seven days from the first day on."),
        },
    ),
    "change": RuleForm(
        MONEY,
        Sentence("change against before"),
        Sentence("How far each channel, post or audience may move from the money that it had before."),
        {
            "at_most": Sentence("More or less by at most"),
            "per": Sentence("What is compared"),
            "against": Sentence("Or compared with"),
            "weeks": Sentence("Weeks of the history"),
        },
        {
            "at_most": _PERCENTAGE,
            "per": Sentence("Names of this kind are compared; those that you leave out stay free."),
            "before": Sentence("What each had before; those that you leave out stay free."),
            "against": Sentence("Instead of amounts: “history”, or the number of a kept plan."),
            "weeks": Sentence("How many of its last weeks count; 4 where nothing is said."),
        },
    ),
    "posts": RuleForm(
        CHOICE,
        Sentence("number of posts"),
        Sentence("How many posts are boosted, in all or for each channel, day or audience."),
    ),
    "lines": RuleForm(
        CHOICE,
        Sentence("number of lines"),
        Sentence("How many lines receive money: one per post and day means one boost at a time."),
    ),
    "needs": RuleForm(
        CHOICE,
        Sentence("one needs another"),
        Sentence("Where some lines run, others must run too: a teaser only with its announcement."),
        {"lines": Sentence("Where these run"), "needs": Sentence("One of these runs too")},
        {"needs": _COMPARED},
    ),
    "excludes": RuleForm(
        CHOICE,
        Sentence("only one of several"),
        Sentence("At most one of them receives money: variants of one post, two brands that must not meet."),
        {"lines": Sentence("At most one of these")},
        {"lines": Sentence("Choose two names or more of one kind, such as two posts.")},
    ),
    "hold": RuleForm(
        CHOICE,
        Sentence("on hold"),
        Sentence("Nothing for these lines now, as in a crisis; the plan says what that costs."),
    ),
    "not before": RuleForm(
        TIME,
        Sentence("not before a day"),
        Sentence("These lines start on that day or later."),
        {"date": Sentence("First day")},
    ),
    "not after": RuleForm(
        TIME,
        Sentence("not after a day"),
        Sentence("These lines end on that day or earlier."),
        {"date": Sentence("Last day")},
    ),
    "blackout": RuleForm(
        TIME,
        Sentence("days without boosts"),
        Sentence("Nothing runs on these days: holidays, elections, a funeral."),
    ),
    "results": RuleForm(
        OUTCOME,
        Sentence("results to reach"),
        Sentence("The results that must be expected of some lines, such as 40 leads from one audience."),
    ),
    "value": RuleForm(
        OUTCOME,
        Sentence("value to reach"),
        Sentence("The value that must be expected of some lines, in the unit of the goal's values."),
    ),
    "cpr": RuleForm(
        OUTCOME,
        Sentence("cost per result"),
        Sentence("What one result of some lines may cost on average."),
    ),
    "learning phase": RuleForm(
        OUTCOME,
        Sentence("learning phase"),
        Sentence("A line that runs brings so many results a week that the platform learns who responds."),
        {"at_least": Sentence("Results a week, at least")},
    ),
    "reach": RuleForm(
        OUTCOME,
        Sentence("people to reach"),
        Sentence("How many different people some lines must reach, each counted once over all channels."),
        {"at_least": Sentence("People, at least")},
        {
            "soft": Sentence(
                "What each person short of the limit takes from the goal; nothing here means that the rule always holds."
            )
        },
    ),
    "frequency": RuleForm(
        OUTCOME,
        Sentence("how often people see it"),
        Sentence("How often each person reached sees the boosts, on average over the whole flight."),
        {"at_least": Sentence("Times, at least"), "at_most": Sentence("Times, at most")},
        {
            "at_least": Sentence("Only for one channel and audience, or for each channel and audience."),
            "soft": Sentence(
                "What each impression too many, or too few, takes from the goal; nothing here means that the rule always holds."
            ),
        },
    ),
    "units": RuleForm(
        CARD,
        Sentence("units of the rate card"),
        Sentence("How many insertions or spots some lines buy together."),
    ),
    "resource": RuleForm(
        CARD,
        Sentence("another resource"),
        Sentence("How much else than money some lines use, such as hours of planning."),
        {"name": Sentence("Resource")},
        {"name": Sentence("As in the rate card: “planning” for its column “uses:planning”.")},
    ),
    "ratio": RuleForm(
        CARD,
        Sentence("so many times as much"),
        Sentence("The units or the money of some lines against those of others, such as twice as many spots on radio as on TV."),
        {
            "lines": Sentence("Only among"),
            "of": Sentence("Of these"),
            "to": Sentence("Against these"),
            "in": Sentence("What is counted"),
            "at_least": Sentence("Times, at least"),
            "at_most": Sentence("Times, at most"),
        },
        {"of": _COMPARED, "to": _COMPARED, "in": Sentence("Units are those of the rate card.")},
    ),
}  # fmt: skip
"""By the rule's word in a brief, in the order in which they are offered."""

LABELS: Mapping[str, Sentence] = {
    "lines": Sentence("Of what"),
    "at_least": Sentence("At least"),
    "at_most": Sentence("At most"),
    "step": Sentence("Step"),
    "or_zero": Sentence("Or nothing"),
    "amount": Sentence("Committed money"),
    "shape": Sentence("Spread"),
    "before": Sentence("What had money before"),
    "type": Sentence("Kind of result"),
    "date": Sentence("Days"),
    "per": Sentence("For each"),
    "soft": Sentence("May give way at this price"),
    "name": Sentence("Name of the rule"),
    "why": Sentence("Why"),
}
"""What fields are usually called."""

HELPS: Mapping[str, Sentence] = {
    "lines": Sentence(
        "Nothing chosen means all lines. Several names of one kind mean any of them; different kinds must all hold."
    ),
    "date": Sentence(
        "A day, or the first and the last with a dash between; commas between several: 2026-12-24 – 2026-12-26, 2026-12-31."
    ),
    "per": Sentence("The limit then holds for each by itself. Nothing chosen means one limit for all together."),
    "soft": Sentence(
        "What one unit short of the limit takes from the goal; nothing here means that the rule always holds."
    ),
    "name": Sentence("So that scenarios can leave the rule out."),
    "why": Sentence("Your reason; the plan quotes it."),
    "type": Sentence("Nothing chosen means those that the goal counts."),
}  # fmt: skip
"""What is usually said of fields, in place of the reference's words about a file."""

CHOICES: Mapping[tuple[str, str], Mapping[str, Sentence]] = {
    ("share", "of"): {
        "spend": Sentence("of the money that the plan spends"),
        "budget": Sentence("of the whole budget"),
    },
    ("per day", "shape"): {"even": Sentence("evenly"), "front": Sentence("more at the start")},
    ("per day", "per"): {"day": Sentence("day"), "week": Sentence("week")},
    ("change", "per"): {
        "channel": Sentence("channel"),
        "post": Sentence("post"),
        "audience": Sentence("audience"),
        "slot": Sentence("slot"),
    },
    ("ratio", "in"): {"units": Sentence("units"), "spend": Sentence("money")},
}
"""(Rule, key) -> what may stand there, as people say it."""
