"""What is wrong with a brief, as its form says it: by the form's own labels, without the words of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable

import streamlit as st

from mediaplan.brief.rules import RULES
from mediaplan.errors import Problem
from mediaplan.ui.markup import escaped
from mediaplan.ui.rule_fields import Field, rule_fields
from mediaplan.ui.rule_forms import HELPS, RULE_FORMS
from mediaplan.ui.session import draft
from mediaplan.words import Sentence, Words

_NOT_ENOUGH = Sentence("this rule does not say enough yet.")
_NOTHING_YET = Sentence("nothing stands here yet.")
_SAYS_NOTHING = {
    "the rule “{word}” has no limit, and so says nothing.",
    "the rule “{word}” has no date, and so says nothing.",
    "the rule “{word}” does not say which resource.",
    "the rule “{word}” does not say what excludes each other.",
}
_EMPTY = {"None", "()", "", "{}"}

_IN_FORM = {
    "A share is a number from 0 to 1: write 0.2 for {percent}.": Sentence("Write a percentage, such as 20%."),
    "Give a day as {day}, the days from one to another as {run}, or a list of these.": HELPS["date"],
    "Add {example} to the goal, or values for each kind.": Sentence(
        "Choose under “{label}”.", label=Sentence("Which results count?")
    ),
    "Write each world as a table: {example}.": Sentence(
        "Give each world a name, and say how many times as much a result costs, or money brings: from 0.001 to 1000."
    ),
    "Write each group as a list of names: {example}.": Sentence(
        "Give the group a name, and choose who is in it."
    ),
    "Give each [[scenario]] another name than the brief and the other scenarios.": Sentence(
        "Give each scenario a name of its own, another than the plan's."
    ),
    "No rule of the brief has a name: add name = … to the rule.": Sentence("Give the rule a name first."),
}
"""Remedies for a file -> what to do in the form."""


def in_form(problem: Problem) -> Problem:
    """The same problem for a person who looks at the form."""
    word = str(problem.message.values.get("word", ""))
    if problem.message.template in _SAYS_NOTHING and word in RULES:
        return problem.at(
            message=_NOT_ENOUGH,
            remedy=Sentence("Fill in: {fields}.", fields=_limits(word)),
        )
    if problem.value in _EMPTY and problem.row is None:
        return problem.at(message=_NOTHING_YET, remedy=Sentence("Fill it in."), value=None)
    if problem.message.template == "{key} is “{value}”.":
        message = Sentence("“{value}” can't stand here.", value=problem.message.values["value"])
        problem = problem.at(message=message)
    return problem.at(remedy=_IN_FORM.get(problem.remedy.template, problem.remedy))


def _limits(word: str) -> tuple[Sentence, ...]:
    """The labels of the fields by which that rule says anything."""
    own = [one for one in rule_fields(word) if not one.common]
    said = [one for one in own if one.takes in ("money", "share", "number", "day", "days", "text", "choice")]
    chosen = [one for one in said if one.takes != "choice" or "" in one.choices]
    return tuple(one.label for one in chosen or own)


def place_in_form(problem: Problem, words: Words) -> str:
    """Where in the form a problem of a brief is."""
    column = problem.column or ""
    if rule := re.match(r"rule (\d+)", column):
        return _rule(problem, int(rule[1]), words)
    if scenario := re.match(r"scenario (\d+)", column):
        return _scenario(int(scenario[1]), words)
    if column.startswith("goal.worlds"):
        return words.text("Worlds to be ready for")
    labels = {
        "budget": words.text("Budget"),
        "currency": words.text("Currency"),
        "flight": words.text("Money and dates"),
        "goal": words.text("What counts"),
        "exchange": words.text("Platforms’ minimums"),
        "minimums": words.text("Platforms’ minimums"),
        "costs": words.text("Fee and tax, slots, which lines"),
        "slots": words.text("Slots"),
        "groups": words.text("Groups"),
    }
    return labels.get(column.partition(".")[0], column)


def _rule(problem: Problem, number: int, words: Words) -> str:
    place = words.text("Rule {number}", number=number)
    rules = draft().rules
    word = rules[number - 1].get("is") if number <= len(rules) else None
    fields = rule_fields(word) if word in RULES else ()
    labels = [one.label for one in fields if at_field(problem, one)]
    return f"{place}, {words.say(labels[0])}" if labels else place


def _scenario(number: int, words: Words) -> str:
    return words.text("Scenario {number}", number=number)


def at_field(problem: Problem, one: Field) -> bool:
    """Whether a problem of a rule is that field's."""
    keys = (problem.column or "").split(".")[1:]
    if not keys:
        return False
    twins = {"equal": ("at_least", "amount")}
    named = "lines" if keys[0] in ("post", "channel", "audience", "slot", "format", "topic") else keys[0]
    return one.key in twins.get(named, (named,))


def show_beside(words: Words, problems: Iterable[Problem]) -> None:
    """Faults right under the field that they are about; what is only not said yet is no alarm."""
    said = {}
    for problem in map(in_form, problems):
        text = " ".join(escaped(words.say(part)) for part in (problem.message, problem.remedy))
        said[text[:1].upper() + text[1:]] = not_said_yet(problem)
    for text, missing in said.items():
        if missing:
            st.markdown(f":small[:material/pending: {text}]")
        else:
            st.markdown(f":small[:red[:material/error: {text}]]")


def not_said_yet(problem: Problem) -> bool:
    """Whether something is only missing so far, and nothing is wrong."""
    return in_form(problem).message in (_NOT_ENOUGH, _NOTHING_YET)


def rule_name(word: str) -> Sentence:
    """What the form calls that rule."""
    return RULE_FORMS[word].name if word in RULE_FORMS else Sentence("“{name}”", name=word)
