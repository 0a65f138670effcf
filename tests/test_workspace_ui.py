"""The page of the clients: import, take back, plan with what is kept, keep the plan and open it."""

from __future__ import annotations

import json

import pytest
from answered import answer

pytest.importorskip("streamlit")

from mediaplan.answering import Sources
from mediaplan.brief.reading import read_brief
from mediaplan.history.files.sources import File
from mediaplan.ui.keeping import import_files
from mediaplan.workspace.readings import Given
from mediaplan.workspace.workspaces import open_workspace
from mediaplan.worlds.sample import sample_folder

CLIENTS, PLAN = (f"mediaplan/ui/screens/{name}.py" for name in ("clients", "plan"))
SHOP = sample_folder() / "boutique"
TODAY = "date,channel,spend,clicks,currency\n2026-10-01,facebook,10,5,EUR\n"
LATER = "date,channel,spend,clicks,currency\n2026-10-01,facebook,10,6,EUR\n2026-10-02,facebook,11,6,EUR\n"


@pytest.fixture
def kept(monkeypatch, tmp_path):
    """The address of the pages' workspace."""
    address = str(tmp_path / "agency.sqlite")
    monkeypatch.setenv("MEDIAPLAN_WORKSPACE", address)
    return address


def clean(app):
    assert not app.exception, [e.value for e in app.exception]
    return app


def on(app, page):
    return clean(app.switch_page(page).run())


def said(app):
    return " ".join(
        str(e.value)
        for kind in ("info", "success", "error", "warning", "caption")
        for e in getattr(app, kind)
    )


def uploading(app, *files):
    app.file_uploader(key=f"import_history_{app.session_state['imports_done']}").set_value(
        [(name, text.encode(), "text/csv") for name, text in files]
    )
    return clean(app.button(key="import").click().run())


def test_looking_makes_no_workspace_and_the_first_import_does(pages, kept, tmp_path):
    app = on(pages(), CLIENTS)
    assert "No client yet" in said(app)
    assert list(tmp_path.iterdir()) == []
    assert "Choose a file first" in said(clean(app.button(key="import").click().run()))
    app.text_input(key="client_name").set_value("Boutique")
    app = uploading(app, ("october.csv", TODAY))
    assert "october.csv was imported: 1 rows" in said(app).replace("\\", "")
    assert list(app.dataframe[0].value["File"]) == ["october.csv"]
    app = uploading(app, ("october.csv", TODAY))
    assert "nothing changed" in said(app)


def test_a_newer_export_is_told_and_taken_back(pages, kept):
    import_files(kept, "Boutique", Given((File("october.csv", TODAY.encode()),)))
    app = uploading(on(pages("fr-FR"), CLIENTS), ("suite.csv", LATER))
    assert "suite.csv" in said(app)
    assert "octo" in said(app)
    app.multiselect(key="undo_numbers").set_value([2])
    app = clean(app.run())
    app = clean(app.button(key="undo").click().run())
    assert list(app.dataframe[0].value["État"]) == ["annulée", "compte"]


def test_faults_are_shown_and_nothing_is_imported(pages, kept):
    import_files(kept, "Boutique", Given((File("october.csv", TODAY.encode()),)))
    app = uploading(on(pages(), CLIENTS), ("bad.csv", TODAY.replace("10,5", "-10,5")))
    assert "Nothing was changed" in said(app)
    assert len(app.dataframe[0].value) == 1


def test_a_plan_made_with_a_clients_data_is_the_plan_from_loose_files_and_is_kept(pages, kept):
    import_files(
        kept, "Boutique", Given((SHOP / "history.csv",), (SHOP / "posts.csv",), (SHOP / "audiences.csv",))
    )
    brief = read_brief(sample_folder() / "briefs" / "boutique.toml")
    from mediaplan.ui.drafts import Draft

    app = on(pages(), CLIENTS)
    app.session_state["draft"] = Draft.of(brief)
    app = clean(app.button(key="plan_with").click().run())
    app = on(app, PLAN)
    app = clean(app.button(key="keep_plan").click().run())
    assert "plan 1" in said(app)
    loose = answer(brief, Sources((SHOP / "history.csv",), SHOP / "posts.csv", SHOP / "audiences.csv"))
    workspace = open_workspace(kept)
    document = workspace.plan("Boutique", 1).document
    workspace.close()
    assert document["lines"] == json.loads(json.dumps(loose.to_dict("en")))["lines"]
    app = on(app, CLIENTS)
    assert len(app.dataframe[1].value) == len(document["lines"])


def test_a_workspace_that_can_not_be_opened_is_said(pages, kept, tmp_path):
    (tmp_path / "agency.sqlite").write_text("no database at all, only a note" * 50)
    assert "can't be opened" in said(on(pages(), CLIENTS))


def test_what_a_file_does_not_say_is_said_beside_it(pages, kept):
    app = on(pages("fr-FR"), CLIENTS)
    app.text_input(key="client_name").set_value("École")
    app.selectbox(key="import_currency").set_value("XOF")
    mapping = (
        '[[columns]]\ndate = "jour"\nspend = "prix"\n"results:lead" = "n"\nchannel = { is = "tiktok" }\n'
    )
    app.file_uploader(key="import_columns_0").set_value(("tiktok.toml", mapping.encode(), "text/plain"))
    app = uploading(app, ("mine.csv", "jour,prix,n\n2026-10-01,500,3\n"))
    assert "mine.csv" in said(app)
    workspace = open_workspace(kept)
    (imported,) = workspace.client("École").imports
    assert imported.content["spend"] == [{"currency": "XOF", "amount": "500"}]
    assert workspace.records("École").history.rows["channel"].tolist() == ["tiktok"]
    workspace.close()


def test_a_mapping_that_can_not_be_read_is_a_fault_and_nothing_is_imported(pages, kept):
    app = on(pages(), CLIENTS)
    app.text_input(key="client_name").set_value("École")
    app.file_uploader(key="import_columns_0").set_value(("tiktok.toml", b"[[columns]\n", "text/plain"))
    app = uploading(app, ("october.csv", TODAY))
    assert "Nothing was changed" in said(app)
    assert not app.dataframe


def test_imports_without_dates_leave_the_cells_blank_in_every_language(pages, kept):
    posts = File("posts.csv", b"post\na\n")
    import_files(kept, "Boutique", Given((File("october.csv", TODAY.encode()),), posts=(posts,)))
    (imports,) = on(pages("fr-FR"), CLIENTS).dataframe
    assert imports.value["Premier jour"].isna().any()
    assert imports.proto.placeholder == ""  # without one the browser writes None
    assert imports.proto.HasField("placeholder")
