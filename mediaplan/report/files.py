"""Plans become files: the documents that scripts and people take away, each whole or not there at all."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mediaplan.errors import InputError, Problem, reason
from mediaplan.history.records.records import Posts
from mediaplan.planning.answer.comparing import Alternative, plans_of
from mediaplan.planning.answer.comparing import document as comparison_document
from mediaplan.planning.answer.plans import COLUMNS, Plan, flat
from mediaplan.planning.replanning.frontier import Frontier
from mediaplan.report.diagnosis_page import diagnosis_page
from mediaplan.report.html import html_report
from mediaplan.report.launch import HEADS, launch_rows
from mediaplan.response.diagnosis.diagnoses import Diagnosis
from mediaplan.words import Sentence, Words, preferred_language

REPORTS = (".html",)
"""Endings that `write_report` knows."""

EXACT = frozenset({"amount", "amount_per_day", "rest", "units"})
"""Columns whose text is a number."""

IDENTIFIERS = frozenset({"platform_id"})
"""Columns whose digits a spreadsheet must not take for a number."""


def write_plan(
    plan: Plan,
    folder: str | Path,
    words: Words,
    posts: Posts | None = None,
    diagnosis: Diagnosis | None = None,
) -> None:
    """Write `plan.json`, `lines.csv`, `launch.csv` and `report.html`.

    CSV files are what the spreadsheets of that language open by a double click: in French with semicolons and
    decimal commas. Each file is written beside its place and then put there, so that none is ever half there.

    Args:
        plan: What to write.
        folder: Where; made if it is not there.
        words: In which language sentences are said.
        posts: Who the posts are, for the launch sheet and the report.
        diagnosis: What the past tells, for the report.

    Raises:
        OSError: The folder or a file can't be written.
    """
    document = plan.to_dict(words.language)
    documents = {
        "plan.json": _json(document),
        "lines.csv": _rows_csv(flat(document["lines"]), words),
        "launch.csv": launch_csv(plan, words, posts),
        "report.html": html_report([plan], words, posts, diagnosis).encode(),
    }
    _write_all(documents, folder)


def write_report(
    plans: Plan | Iterable[Plan],
    path: str | Path,
    language: str | None = None,
    posts: Posts | None = None,
    diagnosis: Diagnosis | None = None,
) -> None:
    """Write one report on one or several plans.

    Args:
        plans: At least one; several are compared in front.
        path: The file; its ending says the format: `.html`.
        language: `"en"` or `"fr"`; default: the locale's.
        posts: Who the posts are.
        diagnosis: What the past tells, at the end of the report.

    Raises:
        InputError: There is no plan, no report of that ending, or the file can't be written.
    """
    chosen: Sequence[Plan] = (plans,) if isinstance(plans, Plan) else tuple(plans)
    place = Path(path)
    problems = []
    if not chosen:
        problems.append(
            Problem(Sentence("there is no plan to report on."), Sentence("Give at least one plan."))
        )
    if place.suffix.lower() not in REPORTS:
        problems.append(
            Problem(
                Sentence("no report is written as “{ending}”.", ending=place.suffix or place.name),
                Sentence("Give a name that ends with one of these: {endings}.", endings=REPORTS),
                file=str(path),
                value=place.suffix,
            )
        )
    if problems:
        raise InputError(*problems)
    curve = plans if isinstance(plans, Frontier) else None
    words = Words(language or preferred_language())
    content = html_report(chosen, words, posts, diagnosis, frontier=curve).encode()
    try:
        _put(place, content)
    except OSError as error:
        message = Sentence("this report can't be written: {reason}.", reason=reason(error))
        remedy = Sentence("Name a file in a folder that is there and that you may write to.")
        raise InputError(Problem(message, remedy, file=str(path))) from error


def write_comparison(
    alternatives: Sequence[Alternative], folder: str | Path, words: Words, posts: Posts | None = None
) -> None:
    """Write `compare.json`, and `report.html` on the plans among the alternatives, where there are any.

    Raises:
        OSError: The folder or a file can't be written.
    """
    documents = {"compare.json": _json(comparison_document(alternatives, words.language))}
    if plans := plans_of(alternatives):
        documents["report.html"] = html_report(plans, words, posts).encode()
    _write_all(documents, folder)


def write_frontier(frontier: Frontier, folder: str | Path, words: Words, posts: Posts | None = None) -> None:
    """Write `frontier.json`, and `report.html` with the curve and all plans.

    Raises:
        OSError: The folder or a file can't be written.
    """
    documents = {
        "frontier.json": _json(frontier.to_dict(words.language)),
        "report.html": html_report(frontier.plans, words, posts, frontier=frontier).encode(),
    }
    _write_all(documents, folder)


def write_diagnosis(diagnosis: Diagnosis, place: str | Path, words: Words) -> None:
    """Write a diagnosis: the page alone where the name ends with `.html`, else `diagnosis.json` and `report.html` there.

    Args:
        diagnosis: What to write.
        place: A file or a folder; folders that are missing are made.
        words: In which language sentences are said.

    Raises:
        OSError: It can't be written.
    """
    page = diagnosis_page(diagnosis, words).encode()
    if Path(place).suffix.lower() in REPORTS:
        _write_all({Path(place).name: page}, Path(place).parent)
        return
    _write_all({"diagnosis.json": _json(diagnosis.to_dict(words.language)), "report.html": page}, place)


def _write_all(documents: Mapping[str, bytes], folder: str | Path) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, content in documents.items():
        _put(Path(folder) / name, content)


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode()


def plan_json(plan: Plan, words: Words) -> bytes:
    """The plan document `mediaplan/plan/1` as UTF-8."""
    return _json(plan.to_dict(words.language))


def lines_csv(plan: Plan, words: Words) -> bytes:
    """The lines with the names of the plan document, those that only some plans have too; `why` in that language."""
    return _rows_csv(plan.rows(words), words)


def _rows_csv(rows: Sequence[Mapping[str, Any]], words: Words) -> bytes:
    columns = tuple(rows[0]) if rows else COLUMNS
    separator = _separator(words)
    return _csv([harmless(column, separator) for column in columns], columns, rows, words)


def launch_csv(plan: Plan, words: Words, posts: Posts | None = None) -> bytes:
    """The launch sheet with heads in that language."""
    rows = launch_rows(plan, posts, words)
    columns = [column for column in HEADS if column != "units" or any(row["units"] for row in rows)]
    return _csv([words.say(HEADS[column]) for column in columns], columns, rows, words)


_SIGNS = "-=+@\uff1d\uff0b\uff0d\uff20"
"""How formulas begin, in full-width letters too."""

_UNSAFE = {
    separator: re.compile(rf'^(?=[{_SIGNS}\t\r\n])|(?<=[{elsewhere}\r\n])(?=["\s]*[{_SIGNS}])')
    for separator, elsewhere in ((",", ";"), (";", ","))
}
"""Where a formula may begin in a cell of a file with that separator: at its beginning, behind what spreadsheets pass over
before they look for one; and wherever a spreadsheet of another country, which parts lines at the other separator and takes
no notice of quotes in the middle of a cell, lets a cell begin."""


def harmless(text: str, separator: str = ",") -> str:
    """The text as a spreadsheet of any country takes it for text: an apostrophe goes before what would be a formula.

    Args:
        text: Of one cell.
        separator: Between the cells of the file, a comma or a semicolon.
    """
    return _UNSAFE[separator].sub("'", text)


def _csv(
    heads: Sequence[str], columns: Sequence[str], rows: Iterable[Mapping[str, Any]], words: Words
) -> bytes:
    separator = _separator(words)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(heads)
    writer.writerows([_cell(row[column], column, separator) for column in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _separator(words: Words) -> str:
    return ";" if words.language == "fr" else ","


def _cell(value: Any, column: str, separator: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and column not in EXACT:
        # Spreadsheets drop leading zeros and all digits after the fifteenth.
        if column in IDENTIFIERS and value.isdigit() and (len(value) > 15 or value.startswith("0")):
            return f"'{value}"
        return harmless(value, separator)
    return str(value).replace(".", ",") if separator == ";" else str(value)


def _put(place: Path, content: bytes) -> None:
    """Write beside the place, then move there in one step."""
    beside = place.with_name(f".{place.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)
