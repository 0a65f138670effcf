"""What was noticed of the data is said where there is no plan either: it may be why."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

import pytest
from briefs_by_hand import BRIEF, CLASH, folder, history
from commands import call

import mediaplan as mp
from mediaplan.answering import noticed
from mediaplan.errors import InputError, Problem
from mediaplan.words import Sentence

TWICE = "rows that repeat an earlier one word for word: 2 "
"""Of what is warned below: two rows of the history stand twice."""
UNKNOWN = '\n[[rule]]\nis = "share"\nchannel = "tiktok"\nat_least = 0.2\n'


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A history with two rows that stand twice, and briefs that each fail at another step."""
    place = folder(
        tmp_path_factory.mktemp("shop"),
        fine=BRIEF,
        clash=BRIEF + CLASH,
        unknown=BRIEF + UNKNOWN,
        kind=BRIEF + '\n[goal]\ntype = "sale"\n',
        earlier=BRIEF + '\n[[rule]]\nis = "change"\nagainst = "gone.json"\nat_most = 0.2\nper = "channel"\n',
        posts=BRIEF.replace('["history.csv"] }', '["history.csv"], posts = "posts.csv" }'),
    )
    rows = history().splitlines()
    (place / "history.csv").write_text("\n".join([*rows, *rows[-2:]]) + "\n", encoding="utf-8")
    (place / "posts.csv").write_text("post,status\ncartable,sleeping\n", encoding="utf-8")
    return place


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def told_once(said: Iterable[str]) -> bool:
    return [TWICE in each for each in said] == [True]


@pytest.mark.parametrize(
    ("brief", "code"), [("clash", 4), ("unknown", 3), ("kind", 3), ("earlier", 3), ("posts", 3)]
)
def test_a_refusal_warns_of_the_history_as_the_plan_would(capsys, shop, brief, code):
    found, out, err = call(capsys, "plan", shop / f"{brief}.toml", "--json")
    assert found == code
    assert told_once(json.loads(out)["warnings"])
    assert told_once(line for line in err.splitlines() if line.startswith("Warning: "))
    # the fault is what is read last
    assert not err.splitlines()[-1].startswith("Warning: ")


@pytest.mark.parametrize(
    "asked",
    [["why"], ["simplify"], ["alternatives"], ["compare"], ["frontier", "--budgets", "10000:20000:2"]],
    ids=lambda asked: asked[0],
)
def test_every_command_that_plans_warns_beside_its_refusal(capsys, shop, asked):
    code, out, err = call(capsys, *asked, shop / "clash.toml", "--json")
    assert code == 4
    assert told_once(json.loads(out)["warnings"])
    assert told_once(line for line in err.splitlines() if line.startswith("Warning: "))


def test_a_batch_says_what_went_wrong_then_what_it_noticed(capsys, shop, tmp_path):
    place = tmp_path / "briefs"
    folder(place, clash=BRIEF + CLASH)
    (place / "history.csv").write_bytes((shop / "history.csv").read_bytes())
    code, out, _ = call(capsys, "batch", place, "--json")
    (said,) = [each["message"] for each in json.loads(out)["briefs"]]
    assert code == 4
    assert said.startswith("No plan can keep all of these rules:")
    assert told_once(line for line in said.splitlines() if line.startswith("Warning: "))


def test_a_check_of_two_files_keeps_the_warnings_of_the_one_when_the_other_is_refused(capsys, shop, tmp_path):
    (tmp_path / "broken.csv").write_text("date,spend,results\nsoon,1,1\n", encoding="utf-8")
    code, out, err = call(capsys, "check", shop / "history.csv", tmp_path / "broken.csv", "--json")
    document = json.loads(out)
    assert code == 3
    assert told_once(document["warnings"])
    assert told_once(line for line in err.splitlines() if line.startswith("Warning: "))


def test_a_fault_without_anything_noticed_says_so_with_an_empty_list(capsys, tmp_path):
    code, out, err = call(capsys, "plan", folder(tmp_path, clash=BRIEF + CLASH) / "clash.toml", "--json")
    assert (code, json.loads(out)["warnings"]) == (4, [])
    assert "Warning" not in err


def test_in_python_the_error_tells_what_the_response_warns_of(shop):
    response = mp.fit(mp.read_history(shop / "history.csv", currency="XOF"))
    warned = replace(response, warnings=(Sentence("Once."), Sentence("Once."), Sentence("Then this.")))
    with pytest.raises(mp.InputError) as caught:
        mp.plan(mp.read_brief(shop / "unknown.toml"), warned)
    assert [str(each) for each in caught.value.warnings] == ["Once.", "Then this."]


def test_what_is_noticed_twice_on_the_way_out_is_told_once_and_in_its_order():
    first, second = Sentence("First."), Sentence("Second.")
    with pytest.raises(InputError) as caught, noticed(first), noticed(first, second):
        raise InputError(Problem(Sentence("Wrong."), Sentence("Mend it.")))
    assert caught.value.warnings == (first, second)
