"""What mediaplan says, it says in French too: every template of the code stands in the catalogue, well set."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

import mediaplan
from mediaplan.words import LANGUAGES, Percent, Sentence, Words, preferred_language

HOUSE = Path(mediaplan.__file__).parent
NARROW, WIDE = "\u202f", "\u00a0"
UNNAMED = {"words"}
"""Rooms whose own code handles templates it can't know."""


def literals(node: ast.expr) -> Iterator[str] | None:
    """The texts that an argument may be; `None` where it is no literal."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return iter([node.value])
    if isinstance(node, ast.IfExp):
        first, second = literals(node.body), literals(node.orelse)
        return None if first is None or second is None else iter([*first, *second])
    return None


def python_calls() -> Iterator[tuple[str, str, ast.expr]]:
    """Where, what is called (`Sentence` or `text`), and its first argument."""
    for path in sorted(HOUSE.rglob("*.py")):
        if path.relative_to(HOUSE).parts[0] in UNNAMED:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                called = node.func
                name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
                if name in ("Sentence", "text"):
                    yield f"{path.relative_to(HOUSE)}:{node.lineno}", name, node.args[0]


def page_templates() -> Iterator[tuple[str, str]]:
    """Where and what `text("…")` says in the report's pages."""
    for path in sorted(HOUSE.rglob("*.jinja")):
        for call in Environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "text":
                assert isinstance(call.args[0], nodes.Const), f"{path.name}:{call.lineno} is no literal"
                yield f"{path.name}:{call.lineno}", call.args[0].value


@cache
def templates() -> dict[str, str]:
    """Template -> where it first stands; those that only put fields beside each other need no translation."""
    found: dict[str, str] = {}
    for place, _, argument in python_calls():
        for text in literals(argument) or ():
            found.setdefault(text, place)
    for place, text in page_templates():
        found.setdefault(text, place)
    return {
        text: place
        for text, place in found.items()
        if re.search(r"[^\W\d_]|[:;!?%“]", re.sub(r"{\w+}", "", text))
    }


@cache
def catalogue() -> dict[str, str]:
    with (HOUSE / "words" / "fr.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id}


def fields(template: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_there_is_something_to_say():
    assert len(templates()) > 300


def test_a_sentence_is_a_literal_that_the_catalogue_can_know():
    assert [place for place, name, a in python_calls() if name == "Sentence" and literals(a) is None] == []


def test_every_template_has_its_french():
    assert {text: place for text, place in templates().items() if not catalogue().get(text)} == {}


def test_the_catalogue_holds_nothing_that_nobody_says():
    assert sorted(set(catalogue()) - set(templates())) == []


def test_a_translation_has_the_same_fields():
    assert {text: french for text, french in catalogue().items() if fields(text) != fields(french)} == {}


def spoilt(french: str) -> list[str]:
    """What is wrong with the setting of a French text; code in it is left alone."""
    text = re.sub(r"\[\[?\w+\]?\]|\w+(\.\w+)* = \S+|{ \w+ = [^}]*}|\w+:<\w+>", "", french)
    faults = []
    if re.search(rf"[^{NARROW}\s][;!?](?=\s|$|[”»)])|[ {WIDE}][;!?]", text):
        faults.append("U+202F before ; ! ?")
    if re.search(rf"(?<!{WIDE}):(?=\s|$)", text):
        faults.append("U+00A0 before :")
    if re.search(rf"«(?!{NARROW})|(?<!{NARROW})»", text):
        faults.append("U+202F inside « »")
    if re.search(rf"(?<![{NARROW}(])%", text):
        faults.append("U+202F before %")
    if "'" in text:
        faults.append("’ for an apostrophe")
    if "..." in text:
        faults.append("… for three dots")
    if re.search(r"\b(tu|ton|toi|tes)\b", text, re.IGNORECASE):
        faults.append("vous, not tu")
    return faults


def test_french_is_set_as_french():
    assert {french: wrong for french in catalogue().values() if (wrong := spoilt(french))} == {}


@pytest.mark.parametrize(
    "text",
    ["Vraiment ?", "Vraiment?", "ligne: 3", "« oui »", "20 %", "l'argent", "Attendez...", "Vois ton plan."],
)
def test_the_eye_for_french_setting_sees_faults(text):
    assert spoilt(text)


@pytest.mark.parametrize(
    "text", [f"Vraiment{NARROW}?", f"ligne{WIDE}: 3", f"«{NARROW}oui{NARROW}»", "results:<type>"]
)
def test_the_eye_for_french_setting_lets_good_french_pass(text):
    assert spoilt(text) == []


def test_numbers_money_and_dates_follow_the_language():
    from datetime import date

    from mediaplan.money import Money

    said = Sentence(
        "{a} {b} {c} {d}", a=1234.5, b=Money(150_050, "EUR"), c=Percent(0.125), d=date(2026, 11, 30)
    )
    assert Words("en").say(said) == "1,234 €1,500.50 12.5% Mon 30 Nov 2026"
    assert Words("fr").say(said) == f"1{NARROW}234 1{NARROW}500,50{WIDE}€ 12,5{NARROW}% lun. 30 nov. 2026"


@pytest.mark.parametrize("digits", [15, 28, 29, 300, 4000])
def test_a_number_of_any_length_is_said_whole(digits):
    typed = 10**digits
    for language in LANGUAGES:
        words = Words(language)
        for said in (
            words.text("{n}", n=typed),
            words.number(typed),
            words.currency(typed, "XOF"),
            words.percent(typed),
        ):
            assert re.sub(r"\D", "", said) in {str(typed), str(100 * typed)}


@pytest.mark.parametrize(
    ("days", "english", "french"),
    [
        (1, "1 day", "1 jour"),
        (0.1, "0.1 days", "0,1 jour"),
        (1.9, "1.9 days", "1,9 jour"),
        (1.999, "2 days", "2 jours"),
        (0, "0 days", "0 jour"),
        (14, "14 days", "14 jours"),
        (float("nan"), "– days", "– jours"),
    ],
)
def test_what_is_counted_is_singular_or_plural_as_the_language_has_it(days, english, french):
    said = Sentence("{days} {days:day|days}", days=days)
    assert (str(said), Words("fr").say(said)) == (english, french)


def test_what_is_undefined_is_said_as_a_dash():
    assert str(Sentence("{a} {b}", a=None, b=float("nan"))) == "– –"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LC_MESSAGES": "fr_NE", "LANG": "en_US"}, "fr"),
        ({"LANG": "de_DE"}, "en"),
        ({}, "en"),
    ],
)
def test_the_locale_chooses_the_language(environment, language):
    assert preferred_language(environment) == language
    assert language in LANGUAGES


IN_ENGLISH = "“‘planning’ used by all lines: at most 8” costs nothing: without it the plan would be as good."
IN_FRENCH = (
    "«\u202f“planning” utilisé par toutes les lignes\u00a0: au plus 8\u202f» ne coûte rien\u00a0: sans elle, le plan "
    "serait aussi bon."
)


@pytest.mark.parametrize(("language", "said"), [("en", IN_ENGLISH), ("fr", IN_FRENCH)])
def test_what_is_quoted_within_a_quotation_stands_between_other_marks(language, said):
    rule = mediaplan.Resource(name="planning", at_most=8)
    whole = Sentence("“{rule}” costs nothing: without it the plan would be as good.", rule=rule.said())
    assert Words(language).say(whole) == said


def test_quotation_marks_that_do_not_pair_are_left_alone():
    for text in ("“{name}” and “{name}”", "“{name}”"):
        assert Words("en").text(text, name="a”b") == text.format(name="a”b")
    assert Words("en").text("“{name}” and “{name}”", name="ab") == "“ab” and “ab”"
