"""Filled examples of the contract's tables, with a sentence on each column."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from mediaplan.words import Sentence, Words


@dataclass(frozen=True)
class Template:
    """A filled example of one table.

    Attributes:
        columns: Names of the columns, each with a sentence on it.
        rows: Cells of the example, one tuple per row.
    """

    columns: tuple[tuple[str, Sentence], ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def csv(self) -> str:
        """The example as a CSV table that can be filled further and read as it is."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([name for name, _ in self.columns])
        writer.writerows(self.rows)
        return text.getvalue()

    def worded(self, words: Words) -> str:
        """One line on each column."""
        width = max(len(name) for name, _ in self.columns)
        return "\n".join(f"{name:<{width}}  {words.say(sentence)}" for name, sentence in self.columns)


HISTORY = Template(
    (
        ("date", Sentence("Required. First day of the row, as year-month-day.")),
        ("days", Sentence("Days that the row covers; blank means 1.")),
        ("hour", Sentence("Hour of the day, 0 to 23, local time; or a column “slot” with your own names.")),
        ("channel", Sentence("Platform, its placement after a slash; blank if the source does not tell.")),
        ("audience", Sentence("Who was targeted, as you name them; blank if the source does not tell.")),
        ("post", Sentence("Which post the money was for; blank if the source does not tell.")),
        ("spend", Sentence("Required. Money spent, in the currency of the row.")),
        ("impressions", Sentence("How often it was shown; blank if not reported.")),
        ("reach", Sentence("How many people saw it; blank if not reported.")),
        ("clicks", Sentence("How many clicks; needed if there are no results.")),
        (
            "results:lead",
            Sentence("Results of the kind named after the colon; one column for each, or one called “results”."),
        ),
        ("results:message", Sentence("A second kind of results, such as messages; leave it out where there is none.")),
        ("currency", Sentence("Code of the currency, such as XOF or EUR; blank means the brief's.")),
    ),
    (
        (
            "2026-10-05", "1", "18", "facebook/feed", "parents-abidjan", "P001",
            "12000", "8450", "6120", "131", "9", "21", "XOF",
        ),
        (
            "2026-10-05", "1", "20", "instagram/stories", "parents-abidjan", "P001",
            "8000", "5210", "4480", "74", "4", "12", "XOF",
        ),
        (
            "2026-10-06", "1", "8", "facebook/feed", "students-dakar", "P002",
            "10000", "9030", "7700", "118", "", "17", "XOF",
        ),
    ),
)  # fmt: skip

POSTS = Template(
    (
        ("post", Sentence("Required. The post's name, the same as in the history; each post once.")),
        ("title", Sentence("What people call it.")),
        ("channels", Sentence("Where it may be boosted, separated by |; blank means everywhere.")),
        ("format", Sentence("Reel, carousel, image…: posts of one format teach about each other.")),
        ("topic", Sentence("What it is about: posts of one topic teach about each other.")),
        ("published", Sentence("Day of publication; no money runs before it.")),
        ("status", Sentence("ready (or blank) may get money, hold gets none for now, ended only teaches.")),
        ("reason", Sentence("Why it is on hold.")),
        ("value", Sentence("Worth of one result of this post beside the others; blank means 1.")),
        ("url", Sentence("Where the post is found.")),
        ("platform_id", Sentence("The platform's own number for it, for the launch sheet.")),
        ("organic_reach", Sentence("People reached without money; every column that begins with “organic_” is read.")),
    ),
    (
        (
            "P001", "Rentrée : la liste des fournitures", "facebook|instagram", "carousel", "school",
            "2026-09-28", "ready", "", "", "https://example.com/p001", "000123456789", "3400",
        ),
        (
            "P002", "Three tips for exams", "", "reel", "study",
            "2026-10-01", "hold", "waits for a photo", "1.5", "", "", "910",
        ),
    ),
)  # fmt: skip

AUDIENCES = Template(
    (
        ("audience", Sentence("Required. The audience's name, the same as in the history.")),
        ("channel", Sentence("The channel that this row is about; blank means all channels.")),
        ("size", Sentence("How many people it has there.")),
        (
            "value",
            Sentence("Worth of one result from this audience, as a weight or as money; blank means 1."),
        ),
    ),
    (
        ("parents-abidjan", "facebook", "240000", "1.5"),
        ("parents-abidjan", "instagram", "110000", "1.5"),
        ("students-dakar", "", "85000", ""),
    ),
)

LEDGER = Template(
    (
        ("plan", Sentence("Required. The plan's name.")),
        ("start", Sentence("Required. First day of its flight, as year-month-day.")),
        ("days", Sentence("Days of its flight; blank means 1.")),
        ("promised", Sentence("Required. Results that the plan expected.")),
        ("delivered", Sentence("Required. Results that were counted in the end.")),
        (
            "factor",
            Sentence(
                "Correction by the ledger that the promise already held (plan.json, source); blank means 1."
            ),
        ),
    ),
    (
        ("Rentrée", "2026-09-07", "14", "120", "96", ""),
        ("Octobre rose", "2026-10-05", "14", "88", "90", "0.94"),
    ),
)

RATES = Template(
    (
        (
            "channel",
            Sentence(
                "What a line is made of; also “post”, “audience” or “slot”. The rows of a line are its tiers, in order."
            ),
        ),
        (
            "cost",
            Sentence("Required. Money for one unit (a spot, an insertion); 1 if the unit is money itself."),
        ),
        ("results", Sentence("Results of one unit; or “results:lead” and so on, one column for each kind.")),
        ("up_to", Sentence("Units in this tier; blank means no limit.")),
        ("whole", Sentence("“yes” if only whole units are sold; blank means no.")),
        ("at_least", Sentence("Units of the line, if it is used at all; blank means any.")),
        ("fixed", Sentence("Money due once if the line is used; blank means none.")),
        (
            "uses:planning",
            Sentence("What one unit uses of something else than money; leave it out where there is nothing."),
        ),
    ),
    (
        ("radio", "30000", "12", "10", "yes", "3", "50000", "2"),
        ("radio", "30000", "8", "20", "", "", "", "2"),
        ("newspaper", "120000", "40", "4", "yes", "", "", "5"),
    ),
)

TEMPLATES = {"history": HISTORY, "posts": POSTS, "audiences": AUDIENCES, "rates": RATES, "ledger": LEDGER}
"""By the word that `mediaplan template` takes."""
