"""The entry point: one call of the command line becomes an exit code, and never a traceback."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from types import ModuleType

from mediaplan import __version__
from mediaplan.cli import (
    alternatives,
    app,
    backtest,
    batch,
    check,
    compare,
    demo,
    diagnose,
    exporting,
    frontier,
    importing,
    listing,
    plan,
    showing,
    simplify,
    template,
    undoing,
    verdict,
    why,
)
from mediaplan.cli.arguments import Parser, add_language
from mediaplan.cli.encoding import any_encoding
from mediaplan.cli.voice import Voice
from mediaplan.errors import MediaplanError, Problem, UsageError, reason
from mediaplan.own_process import look_for_garbage_seldom
from mediaplan.words import Sentence, Words

COMMANDS: dict[str, ModuleType] = {
    "demo": demo,
    "check": check,
    "plan": plan,
    "compare": compare,
    "frontier": frontier,
    "why": why,
    "simplify": simplify,
    "alternatives": alternatives,
    "batch": batch,
    "backtest": backtest,
    "import": importing,
    "list": listing,
    "show": showing,
    "undo": undoing,
    "export": exporting,
    "diagnose": diagnose,
    "verdict": verdict,
    "template": template,
    "app": app,
}
"""Every command by its name, in the order of the help: a module with `HELP`, `arguments` and `run`."""

OUR_FAULT = 1
INTERRUPTED = 130
UNSAID = (errno.ENOSPC, errno.EIO)
"""What the system says where stdout takes nothing more."""
DEBUG = "MEDIAPLAN_DEBUG"
"""Environment variable that lets the traceback of an unforeseen fault be seen."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments ask.

    Args:
        arguments: Without the program's name; default: those of the process.

    Returns:
        0 done, 1 our fault, 2 wrong usage, 3 input can't be used, 4 no plan can satisfy the brief, 5 stopped at a
        limit without a plan, 130 interrupted.
    """
    look_for_garbage_seldom()
    asked = sys.argv[1:] if arguments is None else list(arguments)
    any_encoding(sys.stdout, sys.stderr)
    voice = Voice.of(asked)
    try:
        code = _run(asked, voice)
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go_of_stdout()
        return 0
    except OSError as error:  # a full disk behind stdout
        return _unsaid(error, voice)
    return code


def _run(asked: Sequence[str], voice: Voice) -> int:
    try:
        options = parser(voice.words).understood(asked)
        code: int = COMMANDS[options.command].run(options, voice)
    except SystemExit as leaving:  # after --help and --version
        return int(leaving.code or 0)
    except MediaplanError as error:
        return voice.fail(error)
    except KeyboardInterrupt:
        return _say(voice, INTERRUPTED, Sentence("interrupted."), Sentence("Call again when you like."))
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno in UNSAID:
            raise
        return _our_fault(error, voice)
    except Exception as error:  # noqa: BLE001 - the last line of defence: a person never sees a traceback
        return _our_fault(error, voice)
    return code


def parser(words: Words) -> Parser:
    """The parser of the whole command line, in that language."""
    whole = Parser(
        words=words,
        prog="mediaplan",
        description=Sentence("Which posts to boost, when, for whom, on which channel, with how much money."),
        epilog=words.text("“mediaplan COMMAND --help” says more of a command. Start with: mediaplan demo"),
    )
    whole.add_argument(
        "--version",
        action="version",
        version=f"mediaplan {__version__}",
        help=words.text("Show the version."),
    )
    add_language(whole)
    title = words.text("commands")
    commands = whole.add_subparsers(
        dest="command", metavar=words.text("COMMAND"), title=title, parser_class=Parser
    )
    for name, command in COMMANDS.items():
        said = words.say(command.HELP)
        command.arguments(
            commands.add_parser(name, words=words, help=said.replace("%", "%%"), description=command.HELP)
        )
    return whole


def _our_fault(error: Exception, voice: Voice) -> int:
    if os.environ.get(DEBUG):
        traceback.print_exc()
    found = f"{type(error).__name__}: {error}"
    return _say(
        voice,
        OUR_FAULT,
        Sentence("This is a fault of mediaplan, not yours: {found}.", found=found.rstrip(".")),
        Sentence(
            "Please report this sentence, the command and “mediaplan {version}”; your files are unchanged.",
            version=__version__,
        ),
    )


def _unsaid(error: OSError, voice: Voice) -> int:
    """Say on stderr that stdout takes nothing; with `--json` there is no document then."""
    _let_go_of_stdout()
    problem = Problem(
        Sentence("the result can't be written out: {reason}.", reason=reason(error)),
        Sentence("Make room there, or send the output elsewhere."),
    )
    print(problem.worded(voice.words), file=sys.stderr)
    return OUR_FAULT


def _say(voice: Voice, code: int, message: Sentence, remedy: Sentence) -> int:
    voice.fail(UsageError(Problem(message, remedy)))
    return code


def _let_go_of_stdout() -> None:
    """Whoever read has enough: what is still to be written goes nowhere, so that Python's own flush is silent."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
