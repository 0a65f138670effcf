"""One brief of a batch, in a worker process: answered, written, and turned into an outcome whatever happens."""

from __future__ import annotations

import signal
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mediaplan.batch.outcomes import Outcome
from mediaplan.errors import InputError, MediaplanError, Problem, reason
from mediaplan.own_process import look_for_garbage_seldom
from mediaplan.words import Sentence, Words

if TYPE_CHECKING:
    from mediaplan.answering import Records
    from mediaplan.answering.settling import Earlier
    from mediaplan.brief.briefs import Brief, Data
    from mediaplan.planning.answer.plans import Plan
    from mediaplan.response.responses import Response


@dataclass(frozen=True)
class Task:
    """One brief to answer.

    Attributes:
        path: The brief's file.
        name: How the outcome calls it.
        engine: `"highs"` or `"pulp"`.
        language: Of messages and files.
        output: Folder for the plan's files; `None` = nothing is written.
        client: Whose data answer it, in place of the files that it names; `None` = those files.
        workspace: Where that client's data are.
        scenario: Which scenario of the brief; `None` = the brief itself.
        time_limit: Seconds for the search for a plan; `None` = as long as the engine's own limits let it.
    """

    path: str
    name: str
    engine: str
    language: str
    output: str | None
    client: str | None = None
    workspace: str | None = None
    time_limit: float | None = None
    scenario: str | None = None


def begin() -> None:
    """Leave Ctrl-C to the process that started this one, and look for garbage seldom."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    look_for_garbage_seldom()


def answer_task(task: Task) -> Outcome:
    """Answer one brief; every fault becomes an outcome."""
    words = Words(task.language)
    try:
        return _answered(task, words)
    except MediaplanError as error:
        code = 3 if error.exit_code == 2 else error.exit_code
        return Outcome(task.name, code, message=_said(error, words), scenario=task.scenario)
    except Exception as error:  # noqa: BLE001 - one brief's fault, ours included, must not stop the others
        said = words.say(our_fault(f"{type(error).__name__}: {error}"))
        return Outcome(task.name, 1, message=said, scenario=task.scenario)


def _said(error: MediaplanError, words: Words) -> str:
    """What went wrong, then what had been noticed before it."""
    warned = (words.text("Warning: {warning}", warning=warning) for warning in error.warnings)
    return "\n".join((error.worded(words), *warned))


def our_fault(found: str) -> Sentence:
    """What is said of a fault that nobody foresaw."""
    return Sentence("This is a fault of mediaplan, not yours: {found}.", found=found.rstrip("."))


def _answered(task: Task, words: Words) -> Outcome:
    from mediaplan.answering import about, noticed, respond
    from mediaplan.answering.settling import settled
    from mediaplan.answering.waiting import plan
    from mediaplan.brief.reading import found_from, read_brief
    from mediaplan.brief.scenarios import scenario_named

    brief = read_brief(task.path)
    with about(task.name):
        brief = brief if task.scenario is None else scenario_named(brief, task.scenario)
    data = found_from(brief.data, Path(task.path).parent)
    with about(task.name, data.posts):
        records = _records(task, brief, data)
        with noticed(*records.warnings):
            brief = settled(brief, records.history, _earlier(task))
        response = respond(brief, records)
        made = plan(brief, response, engine=task.engine, time_limit=task.time_limit)
    if task.output is not None:
        _write(made, task.output, words, response)
    said = "\n".join(words.say(warning) for warning in made.warnings)
    spent, results = made.spent, made.totals.results.mean
    return Outcome(task.name, 0, spent.text, spent.currency, results, said, task.scenario)


def _records(task: Task, brief: Brief, data: Data) -> Records:
    """What the brief is answered from."""
    from mediaplan.answering import Sources, read_sources

    if task.client is None or task.workspace is None:
        return read_sources(
            brief, Sources(data.history, data.posts, data.audiences, ledger=data.ledger, rates=data.rates)
        )
    from mediaplan.history.reading.ratecards import read_rates
    from mediaplan.workspace.records import records_of

    kept = records_of(task.workspace, task.client, brief, data.ledger)
    return kept if data.rates is None else replace(kept, rates=read_rates(data.rates))


def _earlier(task: Task) -> Earlier:
    """Where earlier plans are: beside the brief, or the client's."""
    from mediaplan.answering.settling import Earlier

    def numbered(number: int) -> dict[str, Any]:
        from mediaplan.workspace.workspaces import open_workspace

        workspace = open_workspace(str(task.workspace))
        try:
            return workspace.plan(str(task.client), number).document
        finally:
            workspace.close()

    return Earlier(Path(task.path).parent, None if task.client is None else numbered)


def _write(made: Plan, folder: str, words: Words, response: Response) -> None:
    from mediaplan.report.files import write_plan
    from mediaplan.response.diagnosis.diagnosing import diagnose

    try:
        write_plan(made, Path(folder), words, posts=response.posts, diagnosis=diagnose(response))
    except OSError as error:
        message = Sentence("“{folder}” can't be written to: {reason}.", folder=folder, reason=reason(error))
        raise InputError(
            Problem(message, Sentence("Give another folder with -o."), column="-o", value=folder)
        ) from error
