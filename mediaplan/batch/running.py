"""Tasks go through worker processes; a process that dies takes down no task but its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context

from mediaplan.batch.answering import Task, answer_task, begin
from mediaplan.batch.outcomes import Outcome
from mediaplan.words import Sentence, Words

Answer = Callable[[Task], Outcome]

AHEAD = 2
"""Tasks handed over for each worker: enough that none waits, few enough that a dead process leaves few suspects."""


def run(tasks: Sequence[Task], *, workers: int, answer: Answer = answer_task) -> Iterator[Outcome]:
    """The outcomes in the order of the tasks, each as soon as it and those before it are there.

    When a process dies (killed, out of memory), nobody can tell which of the tasks under way did it: each of them is
    tried again alone, and fails only if its process dies there twice.

    Args:
        tasks: What to answer.
        workers: Processes, ≥ 1.
        answer: What a process does with a task; importable by name.

    Yields:
        One outcome for each task; the same for any number of workers.
    """
    done = 0
    while done < len(tasks):
        under_way: deque[Future[Outcome]] = deque()
        try:
            for outcome in _together(tasks[done:], workers, answer, under_way):
                yield outcome
                done += 1
        except BrokenProcessPool:
            for future in tuple(under_way):
                yield _result(future) or _alone(tasks[done], answer)
                done += 1


def _together(
    tasks: Sequence[Task], workers: int, answer: Answer, under_way: deque[Future[Outcome]]
) -> Iterator[Outcome]:
    """Outcomes in order from one pool; what is handed over and not yet yielded stands in `under_way`."""
    pool = _pool(min(workers, len(tasks)))
    try:
        upcoming = iter(tasks)
        for task in islice(upcoming, AHEAD * workers):
            under_way.append(pool.submit(answer, task))
        while under_way:
            outcome = waited(under_way[0])
            under_way.popleft()
            yield outcome
            for task in islice(upcoming, 1):
                under_way.append(pool.submit(answer, task))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def waited(future: Future[Outcome]) -> Outcome:
    """The outcome once it is there; an interruption meanwhile stays an interruption.

    Where it comes while Python takes back the lock that it waits with, the lock complains of not being held instead.
    """
    try:
        return future.result()
    except RuntimeError as complaint:
        if isinstance(complaint.__context__, KeyboardInterrupt):
            raise complaint.__context__ from None
        raise


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=begin)


def _result(future: Future[Outcome]) -> Outcome | None:
    """The outcome of a task that was done before the pool broke."""
    return (
        future.result() if future.done() and not future.cancelled() and future.exception() is None else None
    )


def _alone(task: Task, answer: Answer) -> Outcome:
    for _ in range(
        2
    ):  # of the suspects, some had not begun when the pool broke: these die for the first time here
        with _pool(1) as pool:
            try:
                return waited(pool.submit(answer, task))
            except BrokenProcessPool:
                continue
    said = Words(task.language).say(
        Sentence("The process that worked on this brief was ended twice; the machine may be short of memory.")
    )
    return Outcome(task.name, 1, message=said, scenario=task.scenario)
