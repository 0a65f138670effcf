"""Tasks go to a Dask cluster: the same function as in local processes, so the same bytes, in the order of the tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from mediaplan.batch.answering import Task, answer_task
from mediaplan.batch.outcomes import Outcome
from mediaplan.batch.running import Answer
from mediaplan.errors import InputError, Problem
from mediaplan.words import Sentence, Words

if TYPE_CHECKING:
    from distributed import Client

PATIENCE = 10
"""Seconds for which a scheduler is waited for."""


def run_on_cluster(tasks: Sequence[Task], address: str, answer: Answer = answer_task) -> Iterator[Outcome]:
    """The outcomes in the order of the tasks, each as soon as it and those before it are there.

    A task whose worker dies goes to another one. Outcomes that were there already stay: Dask keeps each until it is
    fetched, and tasks write the same files wherever they run. Workers see the folders of the briefs and of the output
    under the same paths.

    Args:
        tasks: What to answer.
        address: Of a Dask scheduler, `tcp://host:8786` or `host:8786`.
        answer: What a worker does with a task; importable by name there.

    Raises:
        InputError: Dask is not installed, or no scheduler answers at the address.
    """
    with _connected(address) as client:
        handed = [
            client.submit(answer, task, key=f"mediaplan-{number}-{task.name}", pure=False, retries=0)
            for number, task in enumerate(tasks)
        ]
        try:
            for task, future in zip(tasks, handed, strict=True):
                yield _outcome(task, future)
                future.release()
        finally:
            client.cancel(handed)


def _outcome(task: Task, future: Any) -> Outcome:
    from distributed.scheduler import KilledWorker

    try:
        outcome: Outcome = future.result()
    except KilledWorker:
        said = Sentence(
            "Every worker that this brief was given to was ended; the machines may be short of memory."
        )
        return Outcome(task.name, 1, message=Words(task.language).say(said), scenario=task.scenario)
    return outcome


def _connected(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError(
            Problem(
                Sentence("a cluster needs Dask, which is not installed."),
                Sentence("Install it with: {command}", command="pip install mediaplan[cluster]"),
                column="--cluster",
                value=address,
            )
        ) from error
    try:
        return Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            Problem(
                Sentence("no Dask scheduler answers at this address."),
                Sentence(
                    "Start one with “{command}” and give the address that it prints.",
                    command="dask scheduler",
                ),
                column="--cluster",
                value=address,
            )
        ) from error
