"""What many plans are spared: lines that can't matter, libraries that nobody asked for, names that no platform has."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import mediaplan as mp
from mediaplan.brief.terms import Choice, Domain, Linear, Term
from mediaplan.history.platforms.catalogue import platforms
from mediaplan.history.platforms.heading import ENOUGH, heading_of_text
from mediaplan.history.platforms.recognising import FEWEST, known_names, recognised
from mediaplan.planning.asking.demands import limits_of
from mediaplan.planning.asking.objective import Objective
from mediaplan.planning.formulation.formulating import Terms
from mediaplan.planning.search import choosing_whole
from mediaplan.planning.search.searching import Asked
from mediaplan.planning.solvers.highs import solve
from mediaplan.response.curves import Curves

LINES, BUDGET = 900, 90_000


def asked(seed: int, most: int) -> Asked:
    """Money for lines of which each receives nothing or at least 300, at most so many of them, no slot more than a tenth."""
    random = np.random.default_rng(seed)
    rate = np.exp(random.normal(-1, 0.6, (1, LINES, 1)))
    scale = np.exp(random.normal(1.5, 0.7, (1, LINES, 1)))
    ones, each, slot = np.ones(LINES), np.arange(LINES), random.integers(0, 20, LINES)
    objective = Objective(
        Curves(("lead",), rate, scale, np.full(1, 0.1), ones, ones > 0), ones[None, :], 0.01
    )
    terms: list[Term] = [Linear.over(ones, -np.inf, float(BUDGET), ones > 0)]
    terms += [
        Linear.over((slot == n).astype(float), -np.inf, BUDGET / 10, np.asarray(slot == n)) for n in range(20)
    ]
    terms += [Domain(ones > 0, at_least=300), Choice(each, each, ones, -np.inf, float(most))]
    return Asked(Terms.of(terms), limits_of(terms, LINES, BUDGET), BUDGET, objective, solve)


@pytest.mark.parametrize("most", [900, 20])
def test_of_many_lines_few_are_chosen_among_and_the_plan_is_as_good_as_from_all(monkeypatch, most):
    question = asked(3, most)
    relaxed = question.relaxed()
    assert relaxed is not None
    few, left = choosing_whole.among_few(question, relaxed)
    assert few is not None
    if most == 900:  # no count: the first, very narrow choice is enough
        assert len(left.lines) < LINES / 3
        assert few.straight >= 0.999 * relaxed.bound
    monkeypatch.setattr(choosing_whole, "FIRST_SHORT", np.inf)  # all lines at once
    every, _ = choosing_whole.among_few(question, relaxed)
    assert every is not None
    assert few.straight >= every.straight - choosing_whole.CHOICE_LOSS * relaxed.bound
    assert every.straight <= few.bound


def test_a_narrow_choice_that_is_not_near_enough_is_widened(monkeypatch):
    question = asked(3, 900)
    relaxed = question.relaxed()
    assert relaxed is not None
    narrow, _ = choosing_whole.among_few(question, relaxed)
    monkeypatch.setattr(choosing_whole, "CHOICE_LOSS", 0.0)  # nothing is near enough
    wide, left = choosing_whole.among_few(question, relaxed)
    assert narrow is not None
    assert wide is not None
    assert wide.straight >= narrow.straight
    assert left.ceiling <= wide.straight


def test_all_names_of_every_platform_are_known_and_numbers_are_not():
    for platform in platforms():
        for names in platform.names.values():
            assert known_names(tuple(names)) == len(names)
    assert known_names(("12", "0.5", "facebook", "", "2026-11-01")) == 0


def test_a_line_is_recognised_only_if_some_of_its_names_are_known():
    # Fewer than two known names recognise nothing, and a title above asks for more of them than that.
    assert ENOUGH >= FEWEST
    assert recognised(("Campaign name", "12", "x")) is None
    assert heading_of_text("a,b\n1,2\n" * 30, ",;") is None


def test_columns_names_below_a_title_are_found_where_they_stand_across_line_ends():
    title = 'Report,"of a\nmonth"\r\n\r\n'
    header = "Campaign name,Ad set name,Day,Amount spent (EUR),Impressions,Link clicks\r\n"
    found = heading_of_text(title + header + "a,b,2026-01-01,1.50,10,1\r\n", ",;")
    assert found is not None
    assert (found.separator, found.offset) == (",", len(title))


def test_a_brief_with_files_of_its_own_is_answered_without_any_database(tmp_path: Path):
    (tmp_path / "card.csv").write_text("channel,cost,results\nfacebook,1,2\n", encoding="utf-8")
    (tmp_path / "brief.toml").write_text(
        'currency = "EUR"\nbudget = 10\nflight = { start = 2026-11-30, days = 7 }\ndata = { rates = "card.csv" }\n',
        encoding="utf-8",
    )
    program = (
        "import sys\nfrom mediaplan.batch.answering import Task, answer_task\n"
        f"done = answer_task(Task({str(tmp_path / 'brief.toml')!r}, 'b', 'highs', 'en', None))\n"
        "print(done.exit_code, done.spent, 'sqlalchemy' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["0", "10.00", "False"]


def test_a_card_gives_each_post_that_may_run_its_lines_and_none_to_one_on_hold(tmp_path: Path):
    (tmp_path / "posts.csv").write_text("post,status\nnew,ready\nold,hold\nother,ready\n", encoding="utf-8")
    (tmp_path / "card.csv").write_text(
        "post,channel,cost,results,up_to\n,facebook,1,2,5\nold,facebook,1,9,5\nnew,instagram,1,3,5\n",
        encoding="utf-8",
    )
    brief = mp.Brief(budget=100, currency="EUR", start="2026-11-30", days=7)
    rates, posts = mp.read_rates(tmp_path / "card.csv"), mp.read_posts(tmp_path / "posts.csv")
    made = mp.plan(brief, mp.from_rates(rates, currency="EUR", as_of=brief.start, posts=posts))
    funded = [(line.post, line.channel) for line in made.lines_planned]
    assert funded == [(None, "facebook"), ("new", "instagram")]
