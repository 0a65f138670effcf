"""Where a workspace is: a file's name or a database's URL, checked before anything is opened."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from mediaplan.errors import InputError, Problem, UsageError
from mediaplan.words import Sentence

SQLITE = "sqlite"
POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
OPTION = "--workspace"


def url_of(address: str) -> URL:
    """The URL that an address means: `agency.sqlite`, `sqlite:///agency.sqlite`, `postgresql://host/agency`.

    Raises:
        UsageError: It is neither a file's name nor the URL of a database that can hold a workspace.
    """
    text = address.strip()
    if not text or "\0" in text:
        raise _unknown(address)
    if "://" not in text:
        return URL.create(SQLITE, database=text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise _unknown(text.partition("://")[0] + "://…") from error
    if url.drivername in POSTGRESQL and url.database:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == SQLITE and url.database and url.database != ":memory:":
        return url.set(query={})
    raise _unknown(said(url))


def said(url: URL) -> str:
    """The address as people may see it: a password never."""
    if url.get_backend_name() == SQLITE and url.database:
        return url.database
    return url.render_as_string(hide_password=True).replace("+psycopg", "")


def file_of(url: URL) -> Path | None:
    """The file of an SQLite workspace; `None` for a server's."""
    return Path(url.database) if url.get_backend_name() == SQLITE and url.database else None


def not_there(url: URL) -> InputError:
    """The fault of a workspace that nobody has made yet."""
    return InputError(
        Problem(
            Sentence("there is no workspace here yet."),
            Sentence("“mediaplan import” makes one; or name another with {option}.", option=OPTION),
            file=said(url),
        )
    )


def _unknown(address: str) -> UsageError:
    return UsageError(
        Problem(
            Sentence("“{address}” can't be a workspace.", address=address),
            Sentence(
                "Give the name of a file, such as {file}, or {url}.",
                file="agency.sqlite",
                url="postgresql://…",
            ),
            column=OPTION,
            value=address,
        )
    )
