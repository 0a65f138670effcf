"""The papers say what is so: examples run, references are made from the code, links lead somewhere."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from pathlib import Path

import pandas as pd
import pytest

import mediaplan as mp
from mediaplan.answering import Sources, read_sources, respond
from mediaplan.brief import from_table, reference
from mediaplan.brief.goals import GOALS
from mediaplan.brief.rule_reference import RULE_EXAMPLES, rule_toml
from mediaplan.brief.rules import RULES
from mediaplan.brief.writing import brief_json
from mediaplan.cli.main import COMMANDS, main
from mediaplan.words import Words
from mediaplan.worlds.sample import sample_folder

ROOT = Path(__file__).parents[1]
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "data").glob("*.md")])


def blocks(paper: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / paper).read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A folder with the sample's data in `data/`, where one is."""
    shutil.copytree(sample_folder(), tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_readme_s_python_example_runs(shop, capsys):
    (example,) = blocks("README.md", "python")
    names: dict[str, object] = {}
    exec(compile(example, "README.md", "exec"), names)
    plan = names["plan"]
    assert isinstance(plan, mp.Plan)
    assert plan.spent.minor == 150_000
    assert plan.why(0) in capsys.readouterr().out
    assert (shop / "plan.html").stat().st_size > 10_000


def test_the_readme_s_brief_plans_and_its_mapping_counts_visits(shop, capsys):
    brief, mapping = blocks("README.md", "toml")
    (shop / "brief.toml").write_text(brief, encoding="utf-8")
    assert main(["plan", "brief.toml", "--lang", "en"]) == 0
    assert "150,000" in capsys.readouterr().out
    (shop / "visits.toml").write_text(mapping, encoding="utf-8")
    goal = re.sub(r"\[goal\].*?\n\n", '[goal]\ntype = "visit"\n\n', brief, flags=re.DOTALL)
    (shop / "mine.toml").write_text(goal, encoding="utf-8")
    assert main(["plan", "mine.toml", "--columns", "visits.toml", "--lang", "en"]) == 0
    assert "visit" in capsys.readouterr().out


def test_the_readme_has_exactly_two_commands_of_set_up(capsys):
    commands = [block for block in blocks("README.md", "sh") if "venv" in block]
    assert len(commands) == 2
    assert all(len(block.splitlines()) == 1 for block in commands)
    assert "mediaplan demo" in commands[0]
    assert "pytest" in commands[1]


@pytest.mark.parametrize("paper", ["README.md", "CONTRIBUTING.md"])
def test_every_command_in_the_papers_is_there(paper, capsys):
    said = re.findall(
        r"(?:^|bin/|`)mediaplan ([a-z]+)([^`\n#]*)", (ROOT / paper).read_text(encoding="utf-8"), re.MULTILINE
    )
    assert {command for command, _ in said} <= set(COMMANDS)
    for command, options in said:
        main([command, "--help", "--lang", "en"])
        known = capsys.readouterr().out
        assert all(option in known for option in re.findall(r" (--?[a-z]+)", options)), (command, options)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_between_the_papers_leads_somewhere(paper):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", paper.read_text(encoding="utf-8")):
        assert (paper.parent / target).exists(), target


def test_the_brief_s_reference_is_what_the_code_says():
    assert (ROOT / "docs" / "brief.md").read_text(encoding="utf-8") == reference.reference()


def test_the_reference_speaks_of_every_key_goal_and_rule():
    assert set(reference.KEYS) == set(from_table.KEYS)
    said = reference.reference()
    assert all(f"`{word}`" in said for word in (*GOALS, *RULES))
    assert {word: type(rule) for word, rule in RULE_EXAMPLES.items()} == RULES


@pytest.mark.parametrize("name", [name for name, key in reference.KEYS.items() if key.example])
def test_every_example_of_a_key_reads(name):
    key = reference.KEYS[name]
    base = {"budget": 1_000_000, "currency": "XOF", "flight": {"start": "2026-11-30", "days": 14}}
    brief = from_table.brief_from(base | tomllib.loads(key.example))
    assert brief != from_table.brief_from(base) or tomllib.loads(key.example).keys() <= {
        "level",
        "currency",
        "flight",
    }


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_brief_s_template_plans_on_the_sample_as_it_is(language):
    brief = mp.parse_brief(reference.template_brief(Words(language)))
    place = sample_folder() / "boutique"
    data = Sources((place / "history.csv",), place / "posts.csv", place / "audiences.csv")
    plan = mp.plan(brief, respond(brief, read_sources(brief, data)))
    assert plan.spent.minor == brief.budget.minor == 150_000
    assert len(brief.rules) == len(reference.EXAMPLE_RULES)


@pytest.mark.parametrize("word", RULES)
def test_the_example_of_every_rule_reads_as_it_stands_and_is_said_in_both_languages(word):
    head = 'currency = "XOF"\nbudget = 500_000\nflight = { start = 2026-11-30, days = 14 }\n'
    brief = mp.parse_brief(head + rule_toml(RULE_EXAMPLES[word]))
    assert brief.rules == (RULE_EXAMPLES[word].in_currency("XOF"),)
    assert mp.parse_brief(mp.brief_toml(brief)) == brief
    assert from_table.brief_from(json.loads(json.dumps(brief_json(brief)))) == brief
    assert Words("fr").say(brief.rules[0].said()) != Words("en").say(brief.rules[0].said())


def test_uncommenting_all_of_the_template_still_reads():
    said = reference.template_brief(Words("en"))
    opened = re.sub(r"^# (\w+ = |\[|\w+ = \{)", r"\1", said, flags=re.MULTILINE)
    assert opened != said
    moved = opened.split("\n[goal]")[0]
    brief = mp.parse_brief(moved)
    assert (brief.lines, brief.level, float(brief.fee), brief.dollar) == ("seen", 0.8, 0.10, 600.0)


@pytest.mark.parametrize(("kind", "read"), [("posts", mp.read_posts), ("audiences", mp.read_audiences)])
def test_the_tables_templates_read_back(kind, read, capsys, tmp_path):
    table, columns = _template(kind, capsys, tmp_path)
    assert list(read(table).rows["post" if kind == "posts" else "audience"]) == list(
        pd.read_csv(table).iloc[:, 0]
    )
    assert all(column in columns for column in pd.read_csv(table).columns)


def test_the_history_s_template_reads_back(capsys, tmp_path):
    table, columns = _template("history", capsys, tmp_path)
    history = mp.read_history(table, currency="XOF")
    assert history.rows["spend"].sum() == pd.read_csv(table)["spend"].sum() > 0
    assert all(column in columns for column in pd.read_csv(table).columns)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_four_templates_fit_together(language, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for kind in ("history", "posts", "audiences", "brief"):
        assert main(["template", kind, "--lang", language]) == 0
        name = "brief.toml" if kind == "brief" else f"{kind}.csv"
        (tmp_path / name).write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["plan", "brief.toml", "--json", "--quiet", "--lang", language]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["spent"] == plan["budget"] == "150000"
    assert {line["post"] for line in plan["lines"]} == {"P001"}


def test_the_brief_beside_the_rate_card_s_template_plans_by_it(capsys, tmp_path):
    card, _ = _template("rates", capsys, tmp_path)
    (brief,) = (block for block in blocks("docs/formats.md", "toml") if 'rates = "' in block)
    (tmp_path / "card.csv").write_bytes(card.read_bytes())
    (tmp_path / "first.toml").write_text(brief, encoding="utf-8")
    assert main(["plan", str(tmp_path / "first.toml"), "--json", "--quiet"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert {line["channel"]: line["amount"] for line in plan["lines"]} == {
        "newspaper": "240000",
        "radio": "350000",
    }


def _template(kind: str, capsys: pytest.CaptureFixture[str], folder: Path) -> tuple[Path, str]:
    assert main(["template", kind, "--lang", "en"]) == 0
    said = capsys.readouterr()
    (folder / f"{kind}.csv").write_text(said.out, encoding="utf-8")
    return folder / f"{kind}.csv", said.err


def test_every_sample_brief_plans(capsys):
    assert main(["batch", str(sample_folder() / "briefs"), "--workers", "2", "--json", "--quiet"]) == 0


def test_the_constraints_name_no_host_and_hold_every_direct_dependency():
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert not [line for line in lines if "://" in line or "--hash" in line]
    held = {re.split(r"[=\[]", line)[0] for line in lines}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    direct = {re.split(r"[<>=\[ ]", name)[0] for name in project["dependencies"]}
    for extra in project["optional-dependencies"].values():
        direct |= {re.split(r"[<>=\[ ]", name)[0] for name in extra}
    assert direct - {"mediaplan"} <= held


def test_the_version_is_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == mp.__version__
    assert f"## [{mp.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_document_that_a_command_prints_is_described():
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "mediaplan").rglob("*.py"))
    documents = set(re.findall(r"\"(mediaplan/\w+/\d)\"", code))
    assert len(documents) > 10
    said = "".join(path.read_text(encoding="utf-8") for path in PAPERS)
    assert {document for document in documents if document not in said} == set()


def test_no_paper_or_code_names_this_machine():
    places = re.compile(r"(?<![\w.])/(?:work|opt|home|root|Users)/")
    files = [
        *PAPERS,
        *(ROOT / "mediaplan").rglob("*.py"),
        *(ROOT / "data").rglob("*.toml"),
        ROOT / ".ci" / "run",
    ]
    assert [path.name for path in files if places.search(path.read_text(encoding="utf-8"))] == []
