"""The page of the brief without a browser: every rule can be added, filled in, refused beside its field, and planned."""

from __future__ import annotations

import pytest

pytest.importorskip("streamlit")

from mediaplan.brief.goals import Cautious, LeastRegret
from mediaplan.brief.reading import parse_brief
from mediaplan.brief.rule_reference import RULE_EXAMPLES
from mediaplan.brief.rules import RULES, LineCount, Needs, NotBefore, Share, Spend
from mediaplan.brief.scenarios import scenarios_of
from mediaplan.ui.drafts import Draft
from mediaplan.ui.loading import plan_of

BRIEF, PLAN, COMPARE = (f"mediaplan/ui/screens/{name}.py" for name in ("brief", "plan", "compare"))


def clean(app):
    assert not app.exception, [e.value for e in app.exception]
    return app


def form(pages, locale="en-GB", **changes):
    """The page of the brief with the boutique's data and, by default, no rule."""
    app = clean(clean(pages(locale)).pills(key="field_chosen").set_value("boutique").run())
    app.session_state["draft"] = app.session_state["draft"].but(**{"rules": ()} | changes)
    return clean(app.switch_page(BRIEF).run())


def said(app):
    return "\n".join(str(e.value) for kind in ("markdown", "caption") for e in getattr(app, kind)).replace(
        "\\", ""
    )


def asked(app):
    return app.session_state["draft"].brief()


@pytest.mark.parametrize("locale", ["en-GB", "fr-FR"])
def test_every_rule_of_the_vocabulary_is_shown_with_its_form(pages, locale):
    rules = tuple(rule.in_currency("XOF").to_dict() for rule in RULE_EXAMPLES.values())
    app = form(pages, locale, rules=rules)
    for number in range(1, len(RULES) + 1):
        app = clean(app.button(key=f"change_rules_{number}").click().run())
    brief = asked(app)
    assert list(brief.rules) == [rule.in_currency("XOF") for rule in RULE_EXAMPLES.values()]


def test_a_rule_is_added_said_as_a_sentence_and_kept_by_the_plan(pages):
    app = form(pages)
    app = clean(app.button(key="add_rules_share").click().run())
    assert "Fill in: At least, At most." in said(app)
    assert "go" not in [button.key for button in app.button]
    app = clean(app.multiselect(key="field_rules_1_lines").set_value(["channel=instagram/stories"]).run())
    app = clean(app.text_input(key="field_rules_1_at_least").set_value("25 %").run())
    app = clean(app.text_input(key="field_rules_1_why").set_value("stories sell").run())
    assert "share of instagram/stories: at least 25% (stories sell)" in said(app)
    brief = asked(app)
    assert brief.rules == (Share(channel="instagram/stories", at_least=0.25, why="stories sell"),)
    plan = plan_of(brief, app.session_state["files"])
    stories = sum(line.amount.minor for line in plan.lines_planned if line.channel == "instagram/stories")
    assert stories >= 0.25 * plan.spent.minor - len(plan.lines_planned)


def test_french_numbers_and_days_are_understood(pages):
    app = form(pages, "fr-FR")
    app = clean(app.button(key="add_rules_spend").click().run())
    app = clean(app.text_input(key="field_rules_1_at_most").set_value("12 500 F CFA").run())
    app = clean(app.text_input(key="field_rules_1_date").set_value("1er décembre").run())
    assert "Un jour, ou le premier et le dernier" in said(app)
    app = clean(app.text_input(key="field_rules_1_date").set_value("01/12/2026 – 03/12/2026").run())
    app = clean(app.text_input(key="field_rules_1_soft").set_value("0,5").run())
    app = clean(app.multiselect(key="field_rules_1_per").set_value(["post"]).run())
    stated = Spend(at_most=12_500, date="2026-12-01/2026-12-03", soft=0.5, per="post")
    assert asked(app).rules == (stated.in_currency("XOF"),)


def test_a_wrong_field_is_said_beside_it_and_in_the_list_of_what_is_to_do(pages):
    app = form(pages, rules=({"is": "spend", "at_least": "a lot"}, {"is": "lines", "at_most": 1.5}))
    app = clean(app.button(key="change_rules_2").click().run())
    beside = [m.value for m in app.markdown if ":red[" in m.value]
    assert len(beside) == 2
    assert "a lot" in beside[0]
    assert list(app.table[0].value["Where"]) == ["Rule 1, At least", "Rule 2, At most"]
    app = clean(app.text_input(key="field_rules_2_at_most").set_value("2").run())
    app = clean(app.button(key="remove_rules_1").click().run())
    assert asked(app).rules == (LineCount(at_most=2),)


def test_a_budget_that_is_no_amount_is_said_beside_it(pages):
    app = form(pages)
    app = clean(app.text_input(key="field_budget").set_value("two hundred").run())
    assert any("two hundred" in m.value and ":red[" in m.value for m in app.markdown)
    assert list(app.table[0].value["Where"]) == ["Budget"]


def test_what_has_no_field_is_named_and_kept(pages):
    app = form(pages)
    assert "kept as it was read: time zone." in said(app)


def test_names_days_flags_and_choices_reach_the_rule(pages):
    app = form(pages, rules=({"is": "needs"}, {"is": "not before"}, {"is": "change"}, {"is": "each line"}))
    app = clean(app.button(key="change_rules_1").click().run())
    posts = [
        choice for choice in app.multiselect(key="field_rules_1_lines").options if choice.startswith("post")
    ]
    one, other = (f"post={choice.partition(': ')[2]}" for choice in posts[:2])
    app = clean(app.multiselect(key="field_rules_1_lines").set_value([one]).run())
    app = clean(app.multiselect(key="field_rules_1_needs").set_value([other]).run())
    app = clean(app.button(key="change_rules_2").click().run())
    app = clean(app.date_input(key="field_rules_2_date").set_value("2026-12-05").run())
    app = clean(app.button(key="change_rules_3").click().run())
    app = clean(app.multiselect(key="field_rules_3_before").set_value(["facebook", "tiktok"]).run())
    app = clean(app.text_input(key="field_rules_3_before_0").set_value("60,000").run())
    app = clean(app.text_input(key="field_rules_3_at_most").set_value("20").run())
    app = clean(app.button(key="change_rules_4").click().run())
    app = clean(app.checkbox(key="field_rules_4_or_zero").check().run())
    app = clean(app.text_input(key="field_rules_4_step").set_value("500").run())
    needs, later, moves, lines = asked(app).rules
    assert needs == Needs(post=one.partition("=")[2], needs={"post": other.partition("=")[2]})
    assert later == NotBefore(date="2026-12-05")
    assert {name: money.text for name, money in moves.before.items()} == {"facebook": "60000", "tiktok": "0"}
    assert (moves.at_most, lines.or_zero, lines.step.minor) == (0.2, True, 500)


def test_each_goal_has_its_own_fields(pages):
    app = form(pages)
    app = clean(app.radio(key="field_goal").set_value("cautious").run())
    app = clean(app.number_input(key="field_worst").set_value(10.0).run())
    assert isinstance(asked(app).goal, Cautious)
    assert asked(app).goal.worst == 0.1
    app = clean(app.radio(key="field_goal").set_value("least regret").run())
    app = clean(app.button(key="add_world").click().run())
    assert "Still to do" in app.info[0].value
    app = clean(app.text_input(key="field_world_1_name").set_value("dear").run())
    app = clean(app.multiselect(key="field_world_1_lines").set_value(["channel=facebook"]).run())
    app = clean(app.number_input(key="field_world_1_cost").set_value(1.3).run())
    goal = asked(app).goal
    assert isinstance(goal, LeastRegret)
    assert goal.worlds == {"dear": {"channel": "facebook", "cost": 1.3}}


def test_a_goal_without_a_budget_is_planned_without_a_slider(pages):
    target = {"is": "results", "at_least": 20}
    app = form(pages, rules=(target,), goal="lowest cost", budget="", type="lead", values={})
    assert "As little as the rules need" in said(app)
    app = clean(app.switch_page(PLAN).run())
    assert not app.select_slider
    assert app.metric, said(app)
    clean(app.switch_page(COMPARE).run())


def test_scenarios_are_written_in_the_form_and_come_out_of_the_downloaded_file(pages):
    app = form(
        pages, rules=({"is": "spend", "channel": "facebook", "at_least": "10000", "name": "contract"},)
    )
    app = clean(app.button(key="add_scenario").click().run())
    assert "Scenario 1" in list(app.table[0].value["Where"])
    app = clean(app.text_input(key="field_scenario_1_name").set_value("half").run())
    app = clean(app.text_input(key="field_scenario_1_budget").set_value("100,000").run())
    app = clean(app.number_input(key="field_scenario_1_days").set_value(7).run())
    app = clean(app.multiselect(key="field_scenario_1_drop").set_value(["contract"]).run())
    app = clean(app.button(key="add_scenario_1_posts").click().run())
    app = clean(app.text_input(key="field_scenario_1_1_at_most").set_value("2").run())
    from mediaplan.brief.writing import brief_toml

    (half,) = scenarios_of(parse_brief(brief_toml(asked(app))))
    assert (half.name, half.budget.amount, half.days) == ("half", 100_000, 7)
    assert half.start == asked(app).start
    assert [rule.word for rule in half.rules] == ["posts"]
    app = clean(app.button(key="remove_scenario_1").click().run())
    assert asked(app).scenarios == ()


def test_a_group_is_offered_to_rules_by_its_name(pages):
    app = form(pages)
    app = clean(app.button(key="add_group").click().run())
    app = clean(app.text_input(key="field_group_1_name").set_value("big").run())
    app = clean(app.multiselect(key="field_group_1_members").set_value(["facebook", "tiktok"]).run())
    app = clean(app.button(key="add_rules_hold").click().run())
    assert "channel: big" in app.multiselect(key="field_rules_1_lines").options
    assert asked(app).groups == {"big": ("facebook", "tiktok")}


def test_rules_stay_as_edited_when_another_page_was_shown(pages):
    app = form(pages, rules=({"is": "posts", "at_most": 2}, {"is": "posts", "at_most": 3}))
    app = clean(app.button(key="remove_rules_1").click().run())
    app = clean(clean(app.switch_page(PLAN).run()).switch_page(BRIEF).run())
    assert "1." in said(app)
    assert [rule["at_most"] for rule in app.session_state["draft"].rules] == [3]


def test_what_is_typed_beside_a_removal_in_the_same_go_reaches_its_own_rule(pages):
    app = form(pages, rules=({"is": "posts", "at_most": 2}, {"is": "posts", "at_most": 3}))
    app = clean(app.button(key="change_rules_2").click().run())
    app.text_input(key="field_rules_2_at_most").set_value("4")
    app = clean(app.button(key="remove_rules_1").click().run())
    assert [rule["at_most"] for rule in app.session_state["draft"].rules] == [4]
    app = form(pages, groups=(("one", ("a",)), ("two", ("b",))))
    app.text_input(key="field_group_2_name").set_value("second")
    app = clean(app.button(key="remove_group_1").click().run())
    assert app.session_state["draft"].groups == (("second", ("b",)),)


def test_without_data_the_whole_form_can_still_be_filled_in(pages):
    app = clean(clean(pages()).switch_page(BRIEF).run())
    for word in RULES:
        app = clean(app.button(key=f"add_rules_{word}").click().run())
    assert len(app.session_state["draft"].rules) == len(RULES)


def test_a_repair_keeps_groups_and_scenarios():
    brief = Draft.of(parse_brief(SCENARIO)).brief()
    assert brief.scenarios == ({"name": "half", "budget": 50},)
    assert brief.groups == {"g": ("a", "b")}


SCENARIO = """
currency = "EUR"
budget = 100
flight = { start = 2026-12-01, days = 3 }
groups = { g = ["a", "b"] }
[[scenario]]
name = "half"
budget = 50
"""


def test_fields_for_files_speak_the_language_of_the_page(pages):
    styles = "".join(html.value for html in clean(pages("fr-FR")).html)
    assert "Choisir un fichier…" in styles
    assert "200 Mo par fichier au plus" in styles
