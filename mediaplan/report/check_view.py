"""What was read of each file on a terminal: one block a file, readable without colour and through a pipe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from babel.dates import format_date
from rich.console import Console, RenderableType
from rich.text import Text

from mediaplan.brief.writing import names_toml
from mediaplan.history.checking.checks import Check, Checked, Figures
from mediaplan.history.checking.previews import Names
from mediaplan.history.columns.kinds import kind_said
from mediaplan.history.naming.rules import tables_of
from mediaplan.report.layout import paragraph
from mediaplan.report.steering import clean
from mediaplan.report.terminal import WIDEST
from mediaplan.words import Sentence, Words

KINDS = {
    "history": Sentence("history"),
    "posts": Sentence("posts"),
    "audiences": Sentence("audiences"),
    "brief": Sentence("brief"),
}
LANGUAGES = {
    "en": Sentence("English"),
    "fr": Sentence("French"),
    "es": Sentence("Spanish"),
    "pt": Sentence("Portuguese"),
    "de": Sentence("German"),
    "nl": Sentence("Dutch"),
}
DIMENSIONS = {
    "post": Sentence("post"),
    "channel": Sentence("channel"),
    "audience": Sentence("audience"),
    "slot": Sentence("slot"),
}

SHOWN_NAMES = 3
"""Names that are shown as examples of what is read, and of what is not."""


def show(check: Check, words: Words, console: Console) -> None:
    """Print what was read.

    Args:
        check: What to show.
        words: In which language.
        console: Where.
    """
    width = min(console.width, WIDEST)
    for block in _blocks(check, words, width):
        console.print(block, width=width)


def _blocks(check: Check, words: Words, width: int) -> Iterator[RenderableType]:
    for file in check.files:
        yield from _file(file, words, width)
    if len(check.files) > 1 and check.totals.spend:
        yield Text(words.text("All money once"), style="bold")
        yield from _facts(list(_figures(check.totals, words)), width)
        yield Text()
    for overlap in check.overlaps:
        yield paragraph(words.say(overlap.said), width, indent="    ", label="  !")
    if check.names is not None:
        yield from _names(check.names, words, width)


def _file(file: Checked, words: Words, width: int) -> Iterator[RenderableType]:
    yield Text(clean(file.file), style="bold")
    facts = [(words.text("What it is"), _kind(file, words))]
    if file.usable and file.kind != "brief":
        rows = words.number(file.rows, 0)
        if file.dropped:
            rows = words.text("{rows}, and {dropped} left out", rows=rows, dropped=file.dropped)
        facts.append((words.text("Rows"), rows))
    facts += _figures(file.figures, words)
    if file.dimensions:
        named = ", ".join(words.say(DIMENSIONS[name]) for name in file.dimensions)
        facts.append((words.text("Broken down by"), named))
    yield from _facts(facts, width)
    for warning in file.warnings:
        yield paragraph(words.say(warning), width, indent="    ", label="  !")
    for problem in file.problems:
        said = problem.at(file=None).worded(words).splitlines()
        yield paragraph(said[0], width, indent="    ", label="  ✗")
        for line in said[1:]:
            yield paragraph(line.strip(), width, indent="    ")
    yield Text()


def _names(names: Names, words: Words, width: int) -> Iterator[RenderableType]:
    """The rules for names, what they read, and the dearest names that they don't."""
    yield Text(
        words.text("Rules for names, proposed") if names.are_proposed else words.text("Rules for names"),
        style="bold",
    )
    for line in names_toml(tables_of(names.rules)).splitlines():
        yield Text("  " + clean(line))
    for preview in names.previews:
        yield paragraph(
            words.text(
                "{file}: the rules read {mapped} and leave {unmapped} unread.",
                file=preview.file,
                mapped=_money(str(preview.mapped), preview.currency or "", words),
                unmapped=_money(str(preview.unmapped), preview.currency or "", words),
            ),
            width,
            indent="    ",
            label="  ✗ " if preview.naming.unread else "  ✓ ",
        )
        examples = [each for each in preview.naming.names if each.means is not None][:SHOWN_NAMES]
        for each in [*examples, *preview.naming.unread[:SHOWN_NAMES]]:
            meaning = "–" if each.means is None else _meaning(each.means, words)
            yield paragraph(f"{each.name or '–'} → {meaning}", width, indent="      ", label="      ")
    if names.are_proposed:
        said = words.text(
            "Nothing was read by these rules yet. Put them into a file, correct them, and give it with --mapping."
        )
        yield paragraph(said, width, indent="    ", label="  ")


def _meaning(means: Mapping[str, str], words: Words) -> str:
    """`post kits, audience parents`."""
    return ", ".join(
        f"{words.say(DIMENSIONS[name])} {word}" if name in DIMENSIONS else f"{words.text('hour')} {word}"
        for name, word in means.items()
    )


def _money(amount: str, code: str, words: Words) -> str:
    number = words.number(float(amount), len(amount.partition(".")[2]))
    return f"{number}\u00a0{code}" if code else number


def _kind(file: Checked, words: Words) -> str:
    said = [words.say(KINDS[file.kind])] if file.kind in KINDS else [words.text("can’t be read")]
    if file.title:
        said.insert(0, file.title)
    if file.language in LANGUAGES:
        said.append(words.say(LANGUAGES[file.language]))
    return " · ".join([*said, *([file.encoding] if file.encoding else [])])


def _figures(figures: Figures, words: Words) -> Iterator[tuple[str, str]]:
    """Name and figure of what is known."""
    if figures.first is not None and figures.last is not None:
        days = [format_date(day, "d MMM yyyy", locale=words.locale) for day in (figures.first, figures.last)]
        yield words.text("Period"), " – ".join(dict.fromkeys(days))
    for code, amount in figures.spend.items():
        yield words.text("Money"), _money(amount, code, words)
    names = {"impressions": words.text("Impressions"), "clicks": words.text("Clicks")}
    for name, count in figures.counts.items():
        if count is not None:
            yield names[name], words.number(count, 0)
    for kind, count in figures.results.items():
        yield (
            words.text("Results"),
            f"{words.number(count, 0 if count == int(count) else 2)} {words.say(kind_said(kind))}",
        )


def _facts(facts: list[tuple[str, str]], width: int) -> Iterator[RenderableType]:
    widest = max((len(name) for name, _ in facts), default=0)
    for name, said in facts:
        yield paragraph(said, width, indent=" " * (widest + 5), label=f"  {name.ljust(widest)}  ")
