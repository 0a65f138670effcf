"""Where a workspace is: a file's name or a database's URL, checked before anything is opened."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from mediaplan.errors import InputError, Problem, UsageError, nearest
from mediaplan.words import Sentence

SQLITE = "sqlite"
POSTGRESQL = ("postgresql", "postgres", "postgresql+pg8000")
"""How a server's URL may begin; the driver need not be named."""

OPTION = "--workspace"

ENCRYPTION = "sslmode"
ENCRYPTIONS = ("disable", "prefer", "require", "verify-ca", "verify-full")
"""Whether the way to a server is encrypted, in the words that PostgreSQL's own programs take; default: prefer."""


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
        _check_settings(url)
        return url.set(drivername="postgresql+pg8000")
    if url.drivername == SQLITE and url.database and url.database != ":memory:":
        return url.set(query={})
    raise _unknown(said(url))


def said(url: URL) -> str:
    """The address as people may see it: a password never."""
    if url.get_backend_name() == SQLITE and url.database:
        return url.database
    return url.render_as_string(hide_password=True).replace("+pg8000", "")


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


def _check_settings(url: URL) -> None:
    """Refuse what stands behind the question mark and is not understood: nothing is passed over in silence.

    Raises:
        UsageError: A setting or its value is not known.
    """
    for name, value in url.query.items():
        if name != ENCRYPTION:
            message = Sentence("“{value}” is not known.", value=name)
            raise UsageError(Problem(message, nearest(name, (ENCRYPTION,)), column=OPTION, value=name))
        if value not in ENCRYPTIONS:
            said_value = value if isinstance(value, str) else ", ".join(value)
            message = Sentence("“{value}” is not known.", value=said_value)
            raise UsageError(
                Problem(message, nearest(said_value, ENCRYPTIONS), column=OPTION, value=said_value)
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
