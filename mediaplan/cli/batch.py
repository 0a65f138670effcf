"""`mediaplan batch`: every brief below a folder, one row and one status each."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mediaplan.cli.arguments import FOLDER, Parser, add_engine, add_output, add_time_limit, whole_number
from mediaplan.cli.keeping import address
from mediaplan.cli.plan import check_folder
from mediaplan.cli.records import add_kept, check_kept
from mediaplan.cli.voice import Voice
from mediaplan.words import Sentence, Words

if TYPE_CHECKING:
    from mediaplan.batch.answering import Task
    from mediaplan.batch.outcomes import Outcome

ADDRESS = Sentence("ADDRESS")
HELP = Sentence("Every brief below a folder and each of its scenarios: one row and one status each.")


def arguments(parser: Parser) -> None:
    """What the command takes."""
    parser.says(
        "places",
        nargs="+",
        metavar=FOLDER,
        help=Sentence("Folders with briefs (*.toml, *.json), or briefs."),
    )
    parser.says(
        "--workers",
        type=whole_number("--workers", 1, 512),
        default=None,
        metavar="N",
        help=Sentence("Processes that work at the same time; default: one for each processor."),
    )
    parser.says(
        "-o",
        "--output",
        metavar=FOLDER,
        help=Sentence("Folder that gets a folder of files for each brief; without it nothing is written."),
    )
    parser.says(
        "--cluster",
        metavar=ADDRESS,
        help=Sentence(
            "Dask scheduler whose workers do the work instead; they need the same files under the same paths."
        ),
    )
    add_kept(parser)
    add_engine(parser)
    add_time_limit(parser)
    add_output(parser)


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Answer every brief; a failed one never stops the others."""
    from mediaplan.batch.outcomes import document, exit_code

    check_kept(options)
    if options.output is not None:
        check_folder(options.output)
    outcomes = answered(
        tasks(options, voice.words), options.workers or os.cpu_count() or 1, voice, options.cluster
    )
    if voice.json:
        voice.document(document(outcomes))
    else:
        show(outcomes, voice)
    return exit_code(outcomes)


def tasks(options: argparse.Namespace, words: Words) -> list[Task]:
    """One task for each brief that the options ask for, and for each of its scenarios."""
    from mediaplan.batch.answering import Task
    from mediaplan.batch.finding import find

    output = Path(options.output) if options.output else None
    return [
        Task(
            path=_seen_from(brief.path, options),
            name=brief.name,
            engine=options.engine,
            language=words.language,
            output=_seen_from(output / brief.folder, options) if output else None,
            client=options.client,
            workspace=None if options.client is None else address(options.workspace),
            time_limit=options.time_limit,
            scenario=brief.scenario,
        )
        for brief in find(options.places, leave_out=output)
    ]


def _seen_from(path: Path, options: argparse.Namespace) -> str:
    """The path as a worker finds it: those of a cluster run in folders of their own."""
    return str(path.absolute() if options.cluster else path)


def answered(asked: Sequence[Task], workers: int, voice: Voice, cluster: str | None = None) -> list[Outcome]:
    """The outcomes, with a bar on stderr; those that an interruption cuts short are said to be so."""
    from mediaplan.batch.clustering import run_on_cluster
    from mediaplan.batch.outcomes import Outcome
    from mediaplan.batch.running import run as run_tasks

    outcomes: list[Outcome] = []
    arriving = run_on_cluster(asked, cluster) if cluster else run_tasks(asked, workers=workers)
    with _bar(len(asked), voice) as advance:
        try:
            for outcome in arriving:
                outcomes.append(outcome)
                advance(outcome)
        except KeyboardInterrupt:
            outcomes += [Outcome(task.name, 130, scenario=task.scenario) for task in asked[len(outcomes) :]]
    return outcomes


def show(outcomes: Sequence[Outcome], voice: Voice) -> None:
    """The outcomes as a table on stdout, what went wrong below it."""
    from rich.markup import escape
    from rich.table import Table

    words = voice.words
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title, side in (("brief", "left"), ("status", "left"), ("spent", "right"), ("results", "right")):
        table.add_column(words.say(_TITLES[title]), justify=side, overflow="fold")  # type: ignore[arg-type]
    for outcome in outcomes:
        table.add_row(
            escape(outcome.name),
            words.say(_STATUS[outcome.status]),
            _spent(outcome, words),
            _results(outcome, words),
        )
    voice.console().print(table)
    for outcome in outcomes:
        if outcome.message:
            voice.result(f"\n{outcome.name}\n  " + outcome.message.replace("\n", "\n  "))


@contextmanager
def _bar(total: int, voice: Voice) -> Iterator[Callable[[Outcome], None]]:
    """A progress bar on a terminal, else a line for each brief; nothing where quiet."""
    if voice.quiet:
        yield lambda _: None
        return
    console = voice.console(error=True)
    if not console.is_terminal:
        yield lambda outcome: voice.progress(
            Sentence("{brief}: {status}", brief=outcome.name, status=_STATUS[outcome.status])
        )
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(voice.words.text("Planning…"), total=total)
        yield lambda _: progress.advance(task)


def _spent(outcome: Outcome, words: Words) -> str:
    from mediaplan.money import Money

    if outcome.spent is None or outcome.currency is None:
        return words.say(None)
    return words.say(Money.read(outcome.spent, outcome.currency))


def _results(outcome: Outcome, words: Words) -> str:
    from mediaplan.report.figures import Figures

    if outcome.results is None or outcome.currency is None:
        return words.say(None)
    return Figures(words, outcome.currency).count(outcome.results)


_TITLES = {
    "brief": Sentence("brief"),
    "status": Sentence("status"),
    "spent": Sentence("spent"),
    "results": Sentence("results"),
}

_STATUS = {
    "done": Sentence("planned"),
    "refused": Sentence("refused"),
    "unusable": Sentence("can't be used"),
    "stopped": Sentence("stopped"),
    "failed": Sentence("failed"),
    "interrupted": Sentence("interrupted"),
}
