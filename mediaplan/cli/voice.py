"""How the command line speaks: results and documents on stdout, progress, warnings and faults on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from mediaplan.cli.language import spoken_language
from mediaplan.errors import MediaplanError
from mediaplan.report.steering import harmless
from mediaplan.words import Percent, Sentence, Words

if TYPE_CHECKING:
    from rich.console import Console

    from mediaplan.planning.patience import Progress

PIPED_WIDTH = 110
"""Characters of a line where stdout is no terminal and COLUMNS says nothing."""


@dataclass(frozen=True)
class Voice:
    """Who is spoken to, and how.

    Attributes:
        words: The person's language.
        json: Whether stdout holds one document.
        quiet: Whether progress is left out; warnings and faults are not.
    """

    words: Words
    json: bool = False
    quiet: bool = False

    @classmethod
    def of(cls, arguments: Sequence[str]) -> Voice:
        """The voice that the arguments ask for, even where they can't be understood otherwise."""
        return cls(Words(spoken_language(arguments)), "--json" in arguments, "--quiet" in arguments)

    def document(self, content: Mapping[str, Any]) -> None:
        """One JSON document on stdout; ASCII only where the terminal knows no Unicode."""
        plain = not (sys.stdout.encoding or "ascii").lower().startswith("utf")
        sys.stdout.write(json.dumps(content, ensure_ascii=plain, indent=1, allow_nan=False) + "\n")

    def result(self, text: str) -> None:
        """Text on stdout, harmless."""
        text = harmless(text)
        sys.stdout.write(text if text.endswith("\n") else text + "\n")

    def say(self, sentence: Sentence) -> None:
        """A sentence of the result on stdout, unless a document stands there."""
        if not self.json:
            self.result(self.words.say(sentence))

    def progress(self, sentence: Sentence) -> None:
        """What is being done, on stderr."""
        if not self.quiet:
            print(harmless(self.words.say(sentence)), file=sys.stderr, flush=True)

    @contextmanager
    def step(self, sentence: Sentence) -> Iterator[None]:
        """Something that takes a moment: a line that goes away on a terminal, else one that stays."""
        if self.quiet or not sys.stderr.isatty():
            self.progress(sentence)
            yield
            return
        with self.console(error=True).status(self.words.say(sentence)):
            yield

    @contextmanager
    def searching(self, sentence: Sentence) -> Iterator[Callable[[Progress], None] | None]:
        """A search for plans: as `step`, and on a terminal how far it is once it is told."""
        if self.quiet or not sys.stderr.isatty():
            self.progress(sentence)
            yield None
            return
        said = self.words.say(sentence)
        with self.console(error=True).status(said) as status:
            yield lambda progress: status.update(f"{said} {self.words.say(how_far(progress))}")

    @contextmanager
    def measured(self, sentence: Sentence) -> Iterator[Callable[[float], None]]:
        """Something whose share done (0-1) is known: a bar on a terminal once it is told, else as `step`."""
        if self.quiet or not sys.stderr.isatty():
            self.progress(sentence)
            yield lambda _: None
            return
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        with Progress(*columns, console=self.console(error=True), transient=True) as bar:
            task = bar.add_task(self.words.say(sentence), total=None)
            yield lambda share: bar.update(task, total=1.0, completed=share)

    def warn(self, warnings: Iterable[Sentence]) -> None:
        """Warnings on stderr."""
        for warning in warnings:
            print(harmless(self.words.text("Warning: {warning}", warning=warning)), file=sys.stderr)

    def fail(self, error: MediaplanError) -> int:
        """Say an error and give its exit code; with `--json` the document says it too. Its warnings come before it."""
        if self.json:
            self.document(error.to_dict(self.words))
        self.warn(error.warnings)
        print(harmless(error.worded(self.words)), file=sys.stderr)
        return error.exit_code

    def warn_of(self, error: MediaplanError) -> None:
        """An error on stderr alone, where a document says more than the error."""
        print(harmless(error.worded(self.words)), file=sys.stderr)

    def console(self, *, error: bool = False) -> Console:
        """A rich console on stdout, or on stderr."""
        import os

        from rich.console import Console

        class Piped(Console):
            def on_broken_pipe(self) -> None:
                """Leave it to the command line: rich would end the program as one that failed."""
                raise BrokenPipeError

        stream = sys.stderr if error else sys.stdout
        width = None if stream.isatty() or "COLUMNS" in os.environ else PIPED_WIDTH
        return Piped(file=stream, width=width, highlight=False)


def how_far(progress: Progress) -> Sentence:
    """How far a search is: the best plan so far, what none can bring more than, and the gap between."""
    if not isfinite(progress.bound):
        return Sentence("no plan yet")
    if not isfinite(progress.best):
        return Sentence("no plan yet, none can bring more than {bound}", bound=progress.bound)
    return Sentence(
        "best so far {best}, none can bring more than {bound} (gap {gap})",
        best=progress.best,
        bound=progress.bound,
        gap=Percent(progress.gap, 2),
    )
