"""What may stand on the command line, and what is said of it, in the person's language."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, cast

from mediaplan.errors import Problem, UsageError, nearest
from mediaplan.words import LANGUAGES, Sentence, Words

FILE = Sentence("FILE")
FOLDER = Sentence("FOLDER")
"""What stands for a value in the help."""
MOST_SECONDS = 1e6
"""The longest limit of time: some eleven days."""


class Parser(argparse.ArgumentParser):
    """An argument parser that says help and faults as sentences.

    Args:
        words: The person's language.
        options: What `ArgumentParser` takes; `description` may be a `Sentence`.
    """

    def __init__(self, *, words: Words, **options: Any) -> None:
        description = options.pop("description", None)
        super().__init__(
            **{"add_help": False, "allow_abbrev": False, "formatter_class": _formatter(words), **options},
            description=words.say(description) if description else None,
        )
        self.words = words
        self._positionals.title = words.text("arguments")
        self._optionals.title = words.text("options")
        self.says("-h", "--help", action="help", help=Sentence("Show this help."))

    def says(self, *names: str, help: Sentence, **options: Any) -> None:  # noqa: A002 - argparse's own word
        """Add an argument whose help, and the name of its value where people read it, are sentences."""
        if isinstance(metavar := options.get("metavar"), Sentence):
            options["metavar"] = self.words.say(metavar)
        self.add_argument(*names, help=self.words.say(help).replace("%", "%%"), **options)

    def error(self, message: str) -> NoReturn:
        """Raise what argparse found as a `UsageError`."""
        raise UsageError(self._problem(message))

    def _problem(self, message: str) -> Problem:
        usage = Sentence("Usage: {usage}", usage=" ".join(self.format_usage().split(":", 1)[1].split()))
        if found := re.search(r"required: (.+)", message):
            return Problem(Sentence("{names} is missing.", names=found[1]), usage)
        if found := re.search(r"unrecognized arguments: (.+)", message):
            return Problem(
                Sentence("“{text}” is not understood.", text=found[1]),
                self._nearest(found[1]),
                value=found[1],
            )
        if found := re.search(r"argument ([^:]+): invalid choice: '?([^' ]*)", message):
            known = nearest(found[2], self.commands())
            return Problem(Sentence("there is no command “{name}”.", name=found[2]), known, value=found[2])
        if found := re.search(r"argument ([^:]+): expected", message):
            return Problem(Sentence("{name} needs a value.", name=found[1]), usage, column=found[1])
        return Problem(Sentence("this call is not understood: {reason}.", reason=message), usage)

    def _nearest(self, text: str) -> Sentence:
        word = text.split(maxsplit=1)[0]
        options = [
            name for action in self._actions for name in action.option_strings if name.startswith("--")
        ]
        if word.startswith("-"):
            return nearest(word.split("=")[0], options)
        valued = tuple(
            action.option_strings[-1]
            for action in self._actions
            if action.option_strings and action.nargs is None
        )
        return Sentence(
            "Put it behind the option it belongs to ({options}), or leave it out.", options=valued
        )

    def understood(self, arguments: Sequence[str]) -> argparse.Namespace:
        """The options that the arguments give; what is not understood is said by the command it stands behind.

        Raises:
            UsageError: The arguments can't be understood.
        """
        options, left = self.parse_known_args(list(arguments))
        if options.command is None:
            raise UsageError(_no_command())
        if left:
            command = self.commands()[options.command]
            command.error(f"unrecognized arguments: {' '.join(left)}")
        return options

    def commands(self) -> Mapping[str, Parser]:
        """The parser of each command by its name, where this is the parser that knows them."""
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - argparse gives it no other name
                return cast("Mapping[str, Parser]", action.choices)
        return {}


def _no_command() -> Problem:
    return Problem(
        Sentence("say what is to be done."),
        Sentence("Start with “mediaplan demo”; “mediaplan --help” lists the commands."),
    )


def _formatter(words: Words) -> type[argparse.HelpFormatter]:
    class Formatter(argparse.RawDescriptionHelpFormatter):
        def start_section(self, heading: str | None) -> None:
            before_colon = "\u00a0" if words.language == "fr" else ""
            super().start_section(heading + before_colon if heading else heading)

        def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
            super().add_usage(usage, actions, groups, words.text("usage: ") if prefix is None else prefix)

    return Formatter


def whole_number(name: str, least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers between two bounds, for `type=`."""

    def read(text: str) -> int:
        if re.fullmatch(r"\d{1,9}", text) and least <= int(text) <= most:
            return int(text)
        message = Sentence("“{value}” can't be used here.", value=text)
        remedy = Sentence("Give a whole number from {least} to {most}.", least=str(least), most=str(most))
        raise UsageError(Problem(message, remedy, column=name, value=text))

    return read


def share(name: str, *, zero: bool) -> Callable[[str], float]:
    """A reader of a share below 1, for `type=`; `zero`: whether it may be 0."""

    def read(text: str) -> float:
        try:
            part = float(text)
        except ValueError:
            part = -1.0
        if 0 < part < 1 or (zero and part == 0):
            return part
        message = Sentence("“{value}” is no part of what a plan brings.", value=text)
        from_zero = Sentence("Give a number from 0 to below 1, such as 0.005.")
        above_zero = Sentence("Give a number above 0 and below 1, such as 0.01.")
        raise UsageError(Problem(message, from_zero if zero else above_zero, column=name, value=text))

    return read


def one_of(name: str, known: Sequence[str]) -> Callable[[str], str]:
    """A reader of one of some words, for `type=`."""

    def read(text: str) -> str:
        if text in known:
            return text
        message = Sentence("“{value}” is not known.", value=text)
        raise UsageError(Problem(message, nearest(text, known), column=name, value=text))

    return read


def add_brief(parser: Parser) -> None:
    """The brief that is to be answered."""
    parser.says(
        "brief",
        metavar="BRIEF",
        help=Sentence("The brief: a TOML or JSON file (“mediaplan template brief”)."),
    )


SEVERAL: Mapping[str, Any] = {"nargs": "+", "action": "extend", "default": [], "metavar": FILE}
"""Of options that take several files and may be repeated."""


def add_tables(parser: Parser) -> None:
    """`--history`, `--posts` and `--audiences`."""
    parser.says(
        "--history",
        **SEVERAL,
        help=Sentence("What was spent and what came of it: CSV, TSV, XLSX or Parquet, one file or several."),
    )
    parser.says("--posts", **SEVERAL, help=Sentence("The posts that can be boosted."))
    parser.says("--audiences", **SEVERAL, help=Sentence("The audiences, their sizes and values."))


def add_mapping(parser: Parser) -> None:
    """`--mapping`, or `--columns`."""
    parser.says(
        "--mapping",
        "--columns",
        dest="columns",
        **SEVERAL,
        help=Sentence("A TOML file whose [[columns]] and [[names]] say what foreign columns and names mean."),
    )


def add_scenario(parser: Parser) -> None:
    """`--scenario`."""
    parser.says(
        "--scenario",
        metavar=Sentence("NAME"),
        help=Sentence("Answer this [[scenario]] of the brief instead of the brief itself."),
    )


def add_language(parser: Parser) -> None:
    """`--lang`."""
    parser.says(
        "--lang",
        type=one_of("--lang", LANGUAGES),
        metavar="fr|en",
        default=parser.words.language,
        help=Sentence("Language of everything a person reads; default: the one of your system."),
    )


def add_output(parser: Parser) -> None:
    """`--json`, `--quiet` and `--lang`."""
    parser.says(
        "--json", action="store_true", help=Sentence("Write one JSON document to stdout and nothing else.")
    )
    parser.says("--quiet", action="store_true", help=Sentence("Say nothing of the progress."))
    add_language(parser)


def add_engine(parser: Parser) -> None:
    """`--engine`."""
    parser.says(
        "--engine",
        type=_engine,
        metavar="highs|pulp",
        default="highs",
        help=Sentence(
            "Who solves the program: highs (the default), pulp, or pulp:NAME for a solver that PuLP knows."
        ),
    )


def _engine(text: str) -> str:
    return text if text.startswith("pulp:") else one_of("--engine", ("highs", "pulp"))(text)


def add_time_limit(parser: Parser, *, whole: bool = False) -> None:
    """`--time-limit`, of each plan, or of the `whole` answer where it is made of many."""
    of_all = Sentence("Let all the planning together end after so many seconds, with what was found by then.")
    of_each = Sentence(
        "Let the search for a plan end after so many seconds, with the best plan so far and how good it is proven to be."
    )
    parser.says(
        "--time-limit",
        type=_seconds,
        metavar=Sentence("SECONDS"),
        default=None,
        help=of_all if whole else of_each,
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if 0 < seconds <= MOST_SECONDS:
        return seconds
    message = Sentence("“{value}” is no limit of time.", value=text)
    remedy = Sentence("Give a number of seconds above 0, such as 30.")
    raise UsageError(Problem(message, remedy, column="--time-limit", value=text))
