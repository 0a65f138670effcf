"""The rules for names in the browser: proposed, edited with a live preview, used, and remembered with a client."""

from __future__ import annotations

import pytest

pytest.importorskip("streamlit")

from conventions import CONVENTION, meta_export

from mediaplan.errors import InputError
from mediaplan.history.files.sources import File
from mediaplan.ui.keeping import import_files
from mediaplan.ui.loading import Files
from mediaplan.ui.naming import row_of, rule_of, rules_in, with_rules
from mediaplan.workspace.readings import Given

DATA = "mediaplan/ui/screens/data.py"


def clean(app):
    assert not app.exception, [e.value for e in app.exception]
    return app


def with_export(pages):
    app = clean(pages("en-GB"))
    app = clean(app.pills(key="field_chosen").set_value("own").run())
    app.session_state["files"] = Files((File("export.csv", meta_export()),))
    return clean(app.run())


def figures(app):
    return {metric.label: metric.value for metric in app.metric}


def test_proposed_rules_are_shown_with_the_money_they_read_and_used_by_a_click(pages):
    app = with_export(pages)
    shown = figures(app)
    assert (shown["Read by rules"], shown["Not read"]) == ("€80.00", "€7.00")
    assert app.session_state["draft"].rest.get("columns", ()) == ()
    app = clean(app.button(key="use_names").click().run())
    (table,) = app.session_state["draft"].rest["columns"]
    assert table["names"] == [{"from": "ad", "pattern": CONVENTION}]
    assert "no naming rule reads" in " ".join(str(w.value) for w in [*app.warning, *app.markdown, *app.info])
    assert app.button(key="use_names").disabled


def test_a_rule_survives_the_table_and_a_wrong_pair_is_refused():
    rule = {
        "file": "*tiktok*",
        "from": "ad set",
        "pattern": "LAL {other}",
        "audience": "alike",
        "words": {"PAR": "parents", "A b": "c"},
    }
    assert rule_of(row_of(rule)) == rule
    with pytest.raises(InputError, match="PAR"):
        rule_of(row_of(rule) | {"words": "PAR"})


def test_rules_replace_rules_and_leave_columns_alone():
    columns = ({"spend": "cost", "names": [{"from": "ad", "pattern": "{post}"}]},)
    new = [{"from": "ad set", "pattern": "{audience}"}]
    assert with_rules(columns, new) == ({"spend": "cost"}, {"names": new})
    assert rules_in(with_rules(columns, new)) == new
    assert with_rules(with_rules(columns, new), ()) == ({"spend": "cost"},)


def test_an_import_in_the_browser_remembers_its_rules(tmp_path):
    from mediaplan.workspace.workspaces import open_workspace

    address = str(tmp_path / "agency.sqlite")
    rules = ({"names": [{"from": "ad", "pattern": CONVENTION}]},)
    import_files(address, "C", Given((File("a.csv", meta_export(day=1)),), columns=rules))
    import_files(address, "C", Given((File("b.csv", meta_export(day=2)),)))
    workspace = open_workspace(address)
    history = workspace.records("C").history
    workspace.close()
    assert set(history.rows["slot"].dropna()) == {"soir", "matin"}
    assert len(set(history.rows["date"][history.rows["slot"].notna()])) == 2
