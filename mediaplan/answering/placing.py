"""In which file a fault is to be mended, where what found it saw no files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def about(brief: str | None, posts: Any = None) -> Iterator[None]:
    """Say the brief's file with every fault that names no file; the posts' file with faults of their status.

    Args:
        brief: The brief's file.
        posts: The posts' file, if there is one.
    """
    from mediaplan.errors import InputError, Problem

    def at(problem: Problem) -> Problem:
        if problem.file is not None:
            return problem
        of_posts = posts is not None and (problem.column or "").startswith("posts.")
        return problem.at(file=str(posts) if of_posts else brief)

    try:
        yield
    except InputError as error:
        raise InputError(*map(at, error.problems), warnings=error.warnings) from error
