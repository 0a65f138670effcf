"""Which of these posts: equal money side by side until a day, and a verdict that knows when it does not know."""

import json

import numpy as np
import pandas as pd
import pytest
from invented import response
from small_questions import brief, planned

import mediaplan as mp
from mediaplan.brief.reading import parse_brief
from mediaplan.brief.rules import Share
from mediaplan.brief.writing import brief_toml
from mediaplan.cli.main import main
from mediaplan.errors import InputError
from mediaplan.learning.verdicts import verdict

ASKED = {
    "posts": ["p0", "p1"],
    "budget": 101,
    "until": "2026-12-02",
    "channel": "facebook",
    "audience": "a0",
    "slot": "evening",
    "name": "visuals",
}


def test_posts_of_a_test_get_the_same_money_side_by_side_until_its_day():
    made = planned(brief(1000, Share(channel="facebook", at_most=0.5), tests=(ASKED,)), response())
    mine = [line for line in made.lines_planned if line.test]
    assert [(line.post, line.amount.minor, line.days) for line in mine] == [("p0", 5050, 3), ("p1", 5050, 3)]
    beside = [
        li for li in made.lines_planned if (li.channel, li.audience, li.slot) == ("facebook", "a0", "morning")
    ]
    assert {line.post for line in beside} <= {"p2"}
    assert made.spent.minor == sum(line.amount.minor for line in made.lines_planned) == 100_000
    assert any("told in four of five cases" in str(warning) for warning in made.warnings)
    assert not planned(brief(1000), response()).lines["test"].any()


@pytest.mark.parametrize(
    ("change", "column", "said"),
    [
        ({"posts": ["p0"]}, "test 1.posts", "at least two"),
        ({"until": "2027-01-01"}, "test 1.until", "no day of the flight"),
        ({"until": "x"}, "test 1.until", "no date"),
        ({"budget": 0}, "test 1.budget", "buys nothing"),
        ({"budgt": 1}, "test 1.budgt", "budget"),
        ({"slot": 3}, "test 1.slot", "name in quotes"),
    ],
)
def test_a_test_that_can_not_be_is_refused_where_it_stands(change, column, said):
    with pytest.raises(InputError, match=said) as raised:
        brief(1000, tests=(ASKED | change,))
    assert [p.column for p in raised.value.problems] == [column]


@pytest.mark.parametrize(
    ("change", "said"),
    [({"posts": ["p0", "p9"]}, "p9"), ({"slot": None}, "slot"), ({"channel": "x"}, "has no line")],
)
def test_a_test_without_one_line_for_each_post_is_refused(change, said):
    with pytest.raises(InputError, match=said):
        planned(brief(1000, tests=({k: v for k, v in (ASKED | change).items() if v},)), response())


def test_a_brief_says_its_tests_and_keeps_them():
    asked = brief(1000, tests=(ASKED,))
    assert parse_brief(brief_toml(asked)) == asked


def history(*results: tuple[int, ...]) -> mp.History:
    rows = [
        {"date": f"2026-12-{1 + day:02d}", "post": f"p{post}", "spend": 10, "results": count}
        for post, each in enumerate(results)
        for day, count in enumerate(each)
    ]
    return mp.read_history(pd.DataFrame(rows), currency="EUR")


def judged(*results: tuple[int, ...]) -> object:
    posts = [f"p{at}" for at in range(len(results))]
    test = brief(1000, tests=(ASKED | {"posts": posts},)).tests[0]
    return verdict(test, history(*results), start=pd.Timestamp("2026-11-30").date())


def test_a_clear_difference_is_a_verdict():
    found = judged((20, 22), (40, 41))
    assert (found.winner, found.missing) == ("p1", 0.0)
    assert "“p1” is best" in str(found.sentence())


def test_the_chance_of_being_best_is_that_of_two_gamma_rates():
    from scipy.stats import beta

    found = judged((9, 9), (12, 12))
    assert found.chance == 1.0
    by_hand = 1 - beta.cdf(0.5, 24.5, 18.5)
    assert found.arms[0].best == pytest.approx(by_hand, abs=0.012)


def test_a_small_difference_is_no_verdict_and_says_what_is_missing():
    found = judged((9, 9), (11, 11))
    assert found.winner is None
    ratio = np.log(22.5 / 18.5)
    share = 22.5 / 41
    assert found.missing == pytest.approx((1.28155 / ratio) ** 2 / (share * (1 - share)) - 40, rel=1e-3)
    assert "Not enough evidence yet" in str(found.sentence())


def test_posts_that_bring_the_same_are_said_to():
    assert "bring the same" in str(judged((10, 10), (10, 10)).sentence())


def test_counts_that_vary_more_than_chance_make_less_sure():
    assert judged((0, 30), (5, 45)).arms[0].best < judged((15, 15), (25, 25)).arms[0].best


def test_a_post_without_money_is_no_verdict():
    with pytest.raises(InputError, match="no money ran on “p1”"):
        verdict(
            brief(1000, tests=(ASKED,)).tests[0], history((1, 2)), start=pd.Timestamp("2026-11-30").date()
        )


def test_the_command_line_tells_the_verdict(tmp_path, capsys):
    rows = history((20, 22), (40, 41)).rows[["date", "post", "spend", "results:result"]]
    rows.to_csv(tmp_path / "h.csv", index=False)
    (tmp_path / "b.toml").write_text(brief_toml(brief(1000, tests=(ASKED,))))
    asked = ["verdict", str(tmp_path / "b.toml"), "--history", str(tmp_path / "h.csv"), "--quiet"]
    assert main([*asked, "--json", "--lang", "fr"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "mediaplan/verdict/1"
    assert document["tests"][0]["winner"] == "p1"
    assert [post["spend"] for post in document["tests"][0]["posts"]] == ["20.00", "20.00"]
    assert (document["currency"], document["warnings"]) == ("EUR", [])
    assert main([*asked, "--lang", "en"]) == 0
    assert "visuals: “p1” is best" in capsys.readouterr().out


def test_a_verdict_says_what_is_doubtful_in_the_data(tmp_path, capsys):
    rows = history((20, 22), (40, 41)).rows[["date", "post", "spend", "results:result"]]
    rows.assign(clics=1).to_csv(tmp_path / "h.csv", index=False)
    (tmp_path / "b.toml").write_text(brief_toml(brief(1000, tests=(ASKED,))))
    asked = [
        "verdict",
        str(tmp_path / "b.toml"),
        "--history",
        str(tmp_path / "h.csv"),
        "--quiet",
        "--lang",
        "en",
    ]
    assert main([*asked, "--json"]) == 0
    told = capsys.readouterr()
    (warning,) = json.loads(told.out)["warnings"]
    assert "did you mean “clicks”" in warning
    assert warning in told.err
