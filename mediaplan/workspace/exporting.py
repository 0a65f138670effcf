"""Everything of a client as plain files, and back in: the same rows, numbers, mappings, briefs and plans."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

import pandas as pd
import tomli_w
from sqlalchemy import Connection

from mediaplan.errors import InputError, Problem
from mediaplan.words import Sentence
from mediaplan.workspace.imports import Import, imports_of, mappings_of, plan_key, written
from mediaplan.workspace.plain import changed, table_csv, table_from
from mediaplan.workspace.plans import KeptPlan, keep_plan, plans_of
from mediaplan.workspace.readings import Reading
from mediaplan.workspace.rows import audiences_of, history_of, posts_of
from mediaplan.workspace.sentences import sentences_from, sentences_json

SCHEMA = "mediaplan/client/1"
MANIFEST = "client.json"


@dataclass(frozen=True)
class Bundle:
    """Files of one client by their path below a folder, with forward slashes; `client.json` says what they are."""

    files: Mapping[str, bytes]

    @property
    def manifest(self) -> dict[str, Any]:
        """What `client.json` says.

        Raises:
            InputError: It is no such document.
        """
        try:
            found = json.loads(self.files[MANIFEST])
        except (KeyError, ValueError) as error:
            raise InputError(changed(MANIFEST)) from error
        if not isinstance(found, dict) or found.get("schema") != SCHEMA:
            raise InputError(changed(MANIFEST))
        return found


def bundle_of(connection: Connection, name: str, client: int) -> Bundle:
    """Everything of a client.

    Args:
        connection: Any.
        name: The client's name.
        client: Its key.
    """
    files: dict[str, bytes] = {}
    imported = [_exported(connection, each, files) for each in imports_of(connection, client)]
    planned = [_exported_plan(plan, files) for plan in plans_of(connection, client)]
    if mappings := mappings_of(connection, client):
        files["columns.toml"] = tomli_w.dumps({"columns": mappings}).encode()
    manifest = {"schema": SCHEMA, "client": name, "imports": imported, "plans": planned}
    files[MANIFEST] = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()
    return Bundle(files)


def _exported(connection: Connection, each: Import, files: dict[str, bytes]) -> dict[str, Any]:
    """An import's entry in the manifest; its rows go to a file of their own while it stands."""
    path: str | None = None
    lines: tuple[int, ...] = ()
    if each.undone_at is None:
        rows, lines = _rows_of(connection, each)
        path = f"{each.role}/{_named(each.number, each.file)}.csv"
        files[path] = table_csv(rows)
    return {
        **each.to_dict(),
        "rows_digest": each.rows_digest,
        "content": dict(each.content),
        "warnings": json.loads(sentences_json(each.warnings)),
        "path": path,
        "lines": list(lines),
    }


def _rows_of(connection: Connection, each: Import) -> tuple[pd.DataFrame, tuple[int, ...]]:
    columns = each.content["columns"]
    if each.role == "posts":
        return posts_of(connection, each.key, columns)
    if each.role == "audiences":
        return audiences_of(connection, each.key, columns)
    return history_of(connection, each.key, columns), ()


def _exported_plan(plan: KeptPlan, files: dict[str, bytes]) -> dict[str, Any]:
    named = _named(plan.number, plan.name)
    files[f"plans/{named}.json"] = plan.text.encode()
    files[f"briefs/{named}.toml"] = plan.brief.encode()
    return {**plan.to_dict(), "path": f"plans/{named}.json", "brief": f"briefs/{named}.toml"}


def _named(number: int, name: str) -> str:
    """A file's name without its ending: the number first, so that folders are in order."""
    stem = re.sub(r"[^\w-]+", "-", PurePath(name).stem).strip("-")[:60]
    return f"{number:03d}-{stem}" if stem else f"{number:03d}"


def restored(connection: Connection, client: int, bundle: Bundle) -> list[Import]:
    """Write everything of a bundle for a client that holds nothing yet, or just that.

    Args:
        connection: In a transaction that writes and holds the client.
        client: The client's key.
        bundle: What was exported.

    Raises:
        InputError: A file was changed or is missing, or the client holds something else.
    """
    manifest = bundle.manifest
    if imports_of(connection, client) or plans_of(connection, client):
        mine = bundle_of(connection, manifest.get("client", ""), client)
        if mine.manifest != manifest:
            raise InputError(_taken())
        return imports_of(connection, client)
    try:
        for plan in manifest["plans"]:
            document, brief = json.loads(bundle.files[plan["path"]]), bundle.files[plan["brief"]].decode()
            keep_plan(
                connection, client, document, brief, at=_moment(plan["made_at"]), number=int(plan["number"])
            )
        return list(_imports(connection, client, bundle, manifest["imports"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(changed(MANIFEST)) from error


def _imports(connection: Connection, client: int, bundle: Bundle, entries: list[Any]) -> Iterator[Import]:
    for entry in entries:
        reading = _reading(bundle, entry)
        plan = None if entry["plan"] is None else plan_key(connection, client, int(entry["plan"]))
        yield written(
            connection,
            client,
            reading,
            number=int(entry["number"]),
            call=int(entry["call"]),
            plan=plan,
            at=_moment(entry["imported_at"]),
            undone_at=None if entry["undone_at"] is None else _moment(entry["undone_at"]),
            version=str(entry["version"]),
            content=entry["content"],
        )


def _reading(bundle: Bundle, entry: Mapping[str, Any]) -> Reading:
    """What a file of the bundle says, as it was read first; of an import that was taken back, only that it was there."""
    content, rows = entry["content"], pd.DataFrame()
    if entry["path"] is not None:
        rows = table_from(bundle.files[entry["path"]], content["columns"], entry["path"])
    reading = Reading(
        role=entry["role"],
        file=entry["file"],
        digest=entry["digest"],
        rows=rows,
        lines=tuple(entry["lines"]),
        warnings=sentences_from(json.dumps(entry["warnings"])),
        mapping=entry["mapping"],
        currency=entry["currency"],
        rows_digest=entry["rows_digest"],
        about=content.get("about", {}),
    )
    if entry["path"] is not None and json.loads(json.dumps(reading.content)) != content:
        raise InputError(changed(entry["path"]))
    return reading


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix("Z"))


def _taken() -> Problem:
    return Problem(
        Sentence("this client holds something else already."),
        Sentence("Bring the folder back under a new name with --client."),
        column="--client",
    )
