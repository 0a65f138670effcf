"""What somebody expects where no history says anything: plans without any, new channels, and answers that contradict."""

import json

import numpy as np
import pytest
from answered import answer
from hypothesis import given
from hypothesis import strategies as st
from invented import posts_table, response
from small_questions import brief

import mediaplan as mp
from mediaplan.answering import Sources, read_sources, respond
from mediaplan.brief.reading import parse_brief
from mediaplan.brief.writing import brief_toml
from mediaplan.cli.main import main
from mediaplan.errors import InputError
from mediaplan.planning.asking.eligible import eligible_lines
from mediaplan.planning.making import plan
from mediaplan.response.given.judgements import Judgement
from mediaplan.response.given.judging import judged

TIKTOK = {"channel": "tiktok", "spend": 100, "results": 12, "at_half": 7, "at_double": 20}


def alone(budget: float, *judgements: dict, **more: object) -> mp.Plan:
    return answer(brief(budget, judgements=judgements, **more))


@given(r=st.floats(0.01, 10), scale=st.floats(20, 2000), spend=st.floats(10, 1000))
def test_answers_that_lie_on_a_hyperbola_give_its_scale_back(r, scale, spend):
    def brings(money: float) -> float:
        return r * money / (1 + money / scale)

    told = Judgement(
        spend=spend, results=brings(spend), at_half=brings(spend / 2), at_double=brings(2 * spend)
    )
    bend, doubt = told.bend
    assert bend == pytest.approx(min(max(spend / scale, 0.02), 50), rel=1e-6)
    assert doubt == 0.3


def test_without_any_history_a_plan_promises_what_was_judged():
    made = alone(100, TIKTOK)
    assert [line.channel for line in made.lines_planned] == ["tiktok"]
    assert made.totals.results.mean == pytest.approx(12, rel=1e-6)
    assert made.totals.results.low < 8 < 16 < made.totals.results.high
    assert any("no history" in str(warning) for warning in made.warnings)


@pytest.mark.parametrize(("budget", "told"), [(50, 7), (200, 20)])
def test_half_and_twice_the_money_bring_about_what_was_said(budget, told):
    assert alone(budget, TIKTOK).totals.results.mean == pytest.approx(told, rel=0.12)


def test_the_judged_money_is_that_of_all_its_lines_together():
    frame = posts_table(post=[f"p{i}" for i in range(6)])
    asked = brief(100, judgements=(TIKTOK,))
    known = respond(asked, _records(asked, posts=mp.Posts(frame)))
    made = plan(asked, known)
    assert len({line.post for line in made.lines_planned}) > 1
    assert 12 * 0.999 <= made.totals.results.mean <= 12 * 1.25


def _records(asked: mp.Brief, posts: mp.Posts) -> object:
    from dataclasses import replace

    return replace(read_sources(asked, Sources()), posts=posts)


def test_money_goes_where_more_is_expected():
    facebook = TIKTOK | {"channel": "facebook", "results": 18, "at_half": 11, "at_double": 27}
    made = alone(200, TIKTOK, facebook)
    by = made.totals.by["channel"]
    assert by["facebook"].amount.minor > by["tiktok"].amount.minor > 0


def test_twice_the_days_at_the_same_money_a_day_bring_twice_the_results():
    once, twice = alone(100, TIKTOK), alone(200, TIKTOK | {"days": 7}, days=14)
    assert twice.totals.results.mean == pytest.approx(2 * once.totals.results.mean, rel=1e-6)


def test_the_order_of_judgements_does_not_matter():
    facebook = TIKTOK | {"channel": "facebook", "results": 13}
    one, other = alone(100, TIKTOK, facebook), alone(100, facebook, TIKTOK)
    assert one.to_dict()["lines"] == other.to_dict()["lines"]


def test_a_judgement_settles_what_is_unknown_and_hardly_moves_what_is_known():
    told = (Judgement(channel="facebook", spend=300, results=30, days=7),)
    expected = {}
    for name, draws_sd in (("sure", {"draws": 1}), ("unsure", {"draws": 60})):
        known = response(channels=("facebook",), slots=("evening",), **draws_sd)
        if name == "unsure":
            known = _doubtful(known)
        lines = eligible_lines(brief(300), known)
        money = np.full(len(lines), 300 / len(lines))
        before = known.curves(lines).results(money)[0].sum(axis=0).mean()
        after = judged(known, told).curves(lines).results(money)[0].sum(axis=0).mean()
        expected[name] = np.log(after / before) / np.log(30 / before)
    assert expected["sure"] == pytest.approx(0.0, abs=1e-9)
    assert 0.9 < expected["unsure"] < 1.0


def _doubtful(known: mp.Response) -> mp.Response:
    """The same response, all of whose rates may be wrong together by a factor of e squared."""
    from dataclasses import dataclass, replace

    @dataclass(frozen=True, eq=False)
    class Doubtful:
        inner: object

        def curves(self, lines):
            curves = self.inner.curves(lines)
            shock = np.exp(2.0 * np.random.default_rng(1).normal(size=curves.draws))
            return replace(curves, rate=curves.rate * shock)

    return replace(known, estimate=Doubtful(known.estimate))


def test_a_new_channel_beside_a_history_is_planned_by_what_is_judged_of_it(tmp_path):
    history = tmp_path / "history.csv"
    rows = [f"2026-10-{day:02d},facebook,20,{2 + day % 2}" for day in range(1, 29)]
    history.write_text("date,channel,spend,results\n" + "\n".join(rows) + "\n")
    shares = []
    for results in (10, 100):
        told = {"channel": "tiktok", "spend": 100, "results": results}
        made = answer(brief(200, judgements=(told,)), Sources(history=(str(history),)))
        by = made.totals.by["channel"]
        shares.append(by["tiktok"].amount.minor / made.spent.minor)
        assert any("Your judgement counts for tiktok" in str(warning) for warning in made.warnings)
    assert shares[1] > shares[0]


def test_a_judgement_on_a_channel_misspelt_is_refused(tmp_path):
    history = tmp_path / "history.csv"
    history.write_text("date,channel,spend,results\n2026-10-01,facebook,20,2\n")
    with pytest.raises(InputError, match="misspelt"):
        answer(
            brief(200, judgements=({"channel": "facebok", "spend": 9, "results": 1},)),
            Sources(history=(str(history),)),
        )


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"at_half": 13}, "at_half"),
        ({"at_half": 5}, "at_half"),
        ({"at_double": 25}, "at_double"),
        ({"at_double": 11}, "at_double"),
        ({"results": 0}, "results"),
        ({"results": float("nan")}, "results"),
        ({"spend": -1}, "spend"),
        ({"spend": "100"}, "spend"),
        ({"spend": True}, "spend"),
        ({"days": 1.5}, "days"),
        ({"channel": 3}, "channel"),
        ({"chanel": "x"}, "chanel"),
        ({"type": 3}, "type"),
    ],
)
def test_a_judgement_that_can_not_be_is_refused_where_it_stands(change, column):
    with pytest.raises(InputError) as raised:
        brief(100, judgements=(TIKTOK, TIKTOK | change))
    assert [p.column for p in raised.value.problems] == [f"judgement 2.{column}"]


def test_a_brief_says_its_judgements_and_keeps_them():
    asked = brief(100, judgements=(TIKTOK, {"post": ["a", "b"], "spend": 5, "results": 2, "type": "lead"}))
    assert parse_brief(brief_toml(asked)) == asked


def test_the_command_line_plans_from_judgements_alone(tmp_path, capsys):
    file = tmp_path / "brief.toml"
    file.write_text(brief_toml(brief(100, judgements=(TIKTOK,))))
    assert main(["plan", str(file), "--json", "--quiet", "--lang", "fr", "-o", str(tmp_path / "out")]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["totals"]["results"]["mean"] == pytest.approx(12, rel=1e-6)
    assert document["spent"] == "100.00"


def test_python_says_its_days_or_is_told_to():
    with pytest.raises(InputError, match="over how many days"):
        judged(response(), (Judgement(spend=1, results=1),))
