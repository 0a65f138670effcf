"""Every error that mediaplan raises for a person, and how it is said.

    MediaplanError              exit code
    ├─ UsageError                   2    the call itself is wrong
    ├─ InputError                   3    a file, brief or argument can't be used; all its problems at once
    ├─ NoPlanError                  4    the rules can't hold together; what clashes and what would mend it
    └─ StoppedError                 5    a limit (time) was reached before there was a plan

A problem says where, what was found (with the value), and what to do now.
"""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from mediaplan.words import Sentence, Words

MOST_SAID = 20
"""Problems said in full; of more, the count is said."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input.

    Attributes:
        message: What was found, with the value.
        remedy: What to do now.
        file: The file's name, as the person gave it; `None` where there is no file.
        row: Line of the file as a spreadsheet counts (the header is 1); `None` for the whole file.
        column: The column's or key's own name in the file.
        value: What stands there, as text.
    """

    message: Sentence
    remedy: Sentence
    file: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def worded(self, words: Words) -> str:
        """`place: message`, and the remedy on a second line, indented."""
        place = [self.file] if self.file else []
        if self.row is not None:
            place.append(words.text("line {row}", row=str(self.row)))
        if self.column:
            place.append(words.text("“{name}”", name=self.column))
        said = words.say(self.message)
        if place:
            said = words.text("{place}: {message}", place=tuple(place), message=said)
        return said + "\n  " + words.say(self.remedy)

    def to_dict(self, words: Words) -> dict[str, Any]:
        """The problem as an item of `mediaplan/problems/1`."""
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "message": words.say(self.message),
            "remedy": words.say(self.remedy),
        }

    def at(self, **place: Any) -> Problem:
        """The same problem with a place (`file`, `row`, `column`, `value`) filled in."""
        return replace(self, **place)


class MediaplanError(Exception):
    """An error for the person who reads it; never raised itself, only its children.

    Attributes:
        problems: What is wrong, in the order of the input; at least one.
        warnings: What had been noticed of the data before; it may be why.
        exit_code: What the command line returns.
    """

    exit_code: ClassVar[int]

    def __init__(self, *problems: Problem, warnings: tuple[Sentence, ...] = ()) -> None:
        super().__init__(*problems)
        self.problems = problems
        self.warnings = warnings

    def worded(self, words: Words) -> str:
        """All problems, at most `MOST_SAID` of them in full."""
        said = [problem.worded(words) for problem in self.problems[:MOST_SAID]]
        if (left := len(self.problems) - MOST_SAID) > 0:
            said.append(words.text("… and {count} more of this kind of problem.", count=left))
        return "\n".join(said)

    def __str__(self) -> str:
        return self.worded(Words("en"))

    def to_dict(self, words: Words) -> dict[str, Any]:
        """The document that `--json` prints: `mediaplan/problems/1`."""
        return {
            "schema": "mediaplan/problems/1",
            "problems": [problem.to_dict(words) for problem in self.problems],
            "warnings": self.warned(words),
        }

    def warned(self, words: Words) -> list[str]:
        """The warnings as an item of a document."""
        return [words.say(warning) for warning in self.warnings]


class UsageError(MediaplanError):
    """The call is wrong: a missing argument, options that exclude each other."""

    exit_code = 2


class InputError(MediaplanError):
    """A file, brief or argument can't be used as it is."""

    exit_code = 3


class StoppedError(MediaplanError):
    """A limit was reached before there was any plan."""

    exit_code = 5


@dataclass(frozen=True)
class Conflict:
    """Rules that can't hold together; without any one of them the rest can.

    Attributes:
        rules: The rules' sentences.
        together: Why they clash: what they need together against what there is.
    """

    rules: tuple[Sentence, ...]
    together: Sentence


@dataclass(frozen=True)
class Repair:
    """The smallest change of one rule that makes a plan possible, checked by planning again.

    Attributes:
        change: The change as a sentence.
        rule: The rule's sentence.
        before, after: Its limit now and then: text of money, a number, or the rule and nothing where it is left out.
        cost: Results (or value) of the plan that the repair makes possible, less those of the best other repair.
    """

    change: Sentence
    rule: Sentence
    before: str | float
    after: str | float
    cost: float


class NoPlanError(MediaplanError):
    """No plan can keep all rules of the brief.

    Attributes:
        conflicts: At least one, each minimal.
        repairs: Ordered by cost; empty where no change of limits is enough.
        together: Whether all repairs are needed, one for each conflict, instead of any one of them.
        more: Whether the rules left clash too: the conflicts are not all there are, and the repairs mend only these.
    """

    exit_code = 4

    def __init__(
        self,
        conflicts: tuple[Conflict, ...],
        repairs: tuple[Repair, ...],
        *,
        together: bool = False,
        more: bool = False,
    ) -> None:
        super().__init__(*(_as_problem(conflict, conflicts, repairs) for conflict in conflicts))
        self.conflicts = conflicts
        self.repairs = repairs
        self.together = together
        self.more = more

    def worded(self, words: Words) -> str:
        """The clashing rules as a list, then the repairs, the cheapest first."""
        said = []
        for conflict in self.conflicts:
            said.append(words.text("No plan can keep all of these rules:"))
            said += [f"  - {words.say(rule)}" for rule in conflict.rules]
            said.append("  " + words.say(conflict.together))
        if self.more:
            said.append(words.text("There are more clashes than these: mend these first, then plan again."))
        if self.repairs:
            said.append(words.say(self.mended()))
            said += [f"  - {words.say(repair.change)}" for repair in self.repairs]
        return "\n".join(said)

    def mended(self) -> Sentence:
        """What stands above the repairs: whether any one of them is enough, or all are needed."""
        if self.more:
            return Sentence("These changes together mend the clashes above:")
        if self.together:
            return Sentence("All of these changes together make a plan possible:")
        return Sentence("Any one of these changes makes a plan possible:")

    def to_dict(self, words: Words) -> dict[str, Any]:
        """The document that `--json` prints: `mediaplan/refusal/1`."""
        return {
            "schema": "mediaplan/refusal/1",
            "conflicts": [
                {"rules": [words.say(rule) for rule in c.rules], "together": words.say(c.together)}
                for c in self.conflicts
            ],
            "repairs": [
                {
                    "change": words.say(r.change),
                    "rule": words.say(r.rule),
                    "from": r.before,
                    "to": r.after,
                    "cost": r.cost,
                }
                for r in self.repairs
            ],
            "repairs_together": self.together,
            "more_conflicts": self.more,
            "warnings": self.warned(words),
        }


def check_made(given: object, kind: type, argument: str, maker: str) -> None:
    """Refuse what is of another class than an argument takes, before it fails somewhere within.

    Args:
        given: What was given.
        kind: The class that is taken.
        argument: What the argument is called.
        maker: What makes one, such as `mediaplan.fit(…)`.

    Raises:
        InputError: It is of another class.
    """
    if not isinstance(given, kind):
        message = Sentence(
            "“{argument}” is of the class {found}.", argument=argument, found=type(given).__name__
        )
        remedy = Sentence("Give a {kind}, as {maker} makes it.", kind=kind.__name__, maker=maker)
        raise InputError(Problem(message, remedy, column=argument))


def _as_problem(conflict: Conflict, conflicts: tuple[Conflict, ...], repairs: tuple[Repair, ...]) -> Problem:
    """A conflict with its own remedy: the cheapest repair of a rule of its own, else of a rule that others share.

    One repair alone, whosever rule it changes, mends all conflicts.
    """
    shared = {rule for other in conflicts if other is not conflict for rule in other.rules}
    own = sorted(
        (each for each in repairs if each.rule in conflict.rules), key=lambda each: each.rule in shared
    )
    mending = own or repairs
    return Problem(
        message=Sentence("No plan can keep all of these rules: {rules}.", rules=conflict.rules),
        remedy=mending[0].change if mending else conflict.together,
    )


_REASONS = {
    errno.ENOENT: Sentence("there is no such file or folder"),
    errno.EISDIR: Sentence("this is a folder"),
    errno.ENOTDIR: Sentence("there is a file where a folder is needed"),
    errno.EEXIST: Sentence("there is a file where a folder is needed"),
    errno.EACCES: Sentence("you lack the right to do so"),
    errno.EPERM: Sentence("you lack the right to do so"),
    errno.ENOSPC: Sentence("there is no room left"),
    errno.EROFS: Sentence("nothing can be written there"),
}


def reason(error: OSError) -> Sentence:
    """Why a file or folder can't be read or written, in the person's language; rare reasons in the system's own."""
    said = Sentence("the system says “{detail}”", detail=error.strerror or str(error))
    return _REASONS.get(error.errno or 0, said)


def nearest(name: str, known: Iterable[str], otherwise: Sentence | None = None) -> Sentence:
    """What to do about an unknown name.

    Args:
        name: As it was written.
        known: Names that could have been meant; the nearest is offered.
        otherwise: What to do where none is near; `None` = the known ones are listed.
    """
    names = sorted({str(other) for other in known})
    folded = {other.casefold(): other for other in names}
    close = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    if close:
        return Sentence("Did you mean “{name}”?", name=folded[close[0]])
    if otherwise is not None:
        return otherwise
    if not names:
        return Sentence("There is no name to choose from here: leave it out.")
    return Sentence("Known here: {names}.", names=tuple(names[:12]) + (("…",) if len(names) > 12 else ()))
