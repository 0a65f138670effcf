"""A workspace: nothing twice, nothing lost, and the same records as from loose files, on both databases."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kept_files import AT, DOCUMENT, FOREIGN, LATER, MAPPING, OCTOBER, rows, same, take
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from mediaplan.errors import InputError
from mediaplan.history.files.sources import File
from mediaplan.history.reading.reading import read_audiences, read_history, read_posts
from mediaplan.workspace.address import url_of
from mediaplan.workspace.opening import engine_of
from mediaplan.workspace.readings import Given
from mediaplan.workspace.tables import PLANS
from mediaplan.workspace.workspaces import open_workspace
from mediaplan.worlds.sample import sample_folder

SAMPLE = sample_folder() / "agency"


class TestSameAsLooseFiles:
    def test_the_sample_comes_back_to_the_last_bit(self, workspace):
        asked = Given((SAMPLE / "history.csv",), (SAMPLE / "posts.csv",), (SAMPLE / "audiences.csv",))
        workspace.keep("agency", workspace.read("agency", asked), asked, at=AT)
        found = workspace.records("agency", "EUR")
        history = read_history(SAMPLE / "history.csv", currency="EUR")
        same(found.history.rows, history.rows)
        assert (found.history.digest, found.history.warnings) == (history.digest, history.warnings)
        same(found.posts.rows, read_posts(SAMPLE / "posts.csv").rows)
        assert found.posts.origin.places == read_posts(SAMPLE / "posts.csv").origin.places
        same(found.audiences.rows, read_audiences(SAMPLE / "audiences.csv").rows)

    def test_what_is_odd_in_a_table_comes_back_as_it_is(self, workspace):
        text = (
            "date,days,hour,channel,post,audience,spend,impressions,reach,results,result_type,currency\n"
            "2026-10-01,1,0,facebook,007,e\u0301te\u0301,0.1,,3,1.5,lead,EUR\n"
            "2026-10-01,1,23,facebook,@promo,=1+1,1234567.891234,9,,,sale,eur\n"
            '2026-10-02,7,,\'tis,x;y,"a""b",0,0,0,2,lead,USD\n'
        )
        take(workspace, ("odd.csv", text))
        rates = {"USD": {"2026-10-01": 0.9}}
        found = workspace.records("boutique", "EUR", rates).history
        loose = read_history(File("odd.csv", text.encode()), currency="EUR", exchange=rates)
        same(found.rows, loose.rows)
        assert found.rows["audience"].iloc[0] == "été"

    def test_overlapping_and_continuing_files_count_as_they_do_loose_and_the_same_is_said(self, workspace):
        files = (("october.csv", OCTOBER), ("later.csv", LATER))
        take(workspace, *files)
        found = workspace.records("boutique", "EUR").history
        loose = read_history(*(File(name, text.encode()) for name, text in files), currency="EUR")
        same(found.rows, loose.rows)
        assert found.warnings == loose.warnings
        assert found.sources == loose.sources

    def test_money_without_a_currency_is_the_briefs_unless_the_import_says_it(self, workspace):
        take(workspace, ("october.csv", OCTOBER))
        assert workspace.records("boutique", "XOF").history.rows["spend"].sum() == 65.75
        take(workspace, ("october.csv", OCTOBER), client="other", currency="EUR")
        assert workspace.records("other", "XOF").history.rows["spend"].sum() == pytest.approx(65.75 * 655.957)


class TestNothingTwice:
    def test_the_same_file_again_changes_nothing(self, workspace):
        first = take(workspace, ("october.csv", OCTOBER))
        before = workspace.client("boutique")
        again = take(workspace, ("renamed.csv", OCTOBER))
        assert [each.new for each in (*first, *again)] == [True, False]
        assert again[0].number == 1
        assert workspace.client("boutique") == before

    def test_the_same_rows_saved_anew_by_a_spreadsheet_are_known(self, workspace):
        take(workspace, ("october.csv", OCTOBER))
        assert not take(workspace, ("october.csv", OCTOBER.replace(",", ";").replace(".", ",")))[0].new

    def test_a_file_named_twice_in_one_call_is_there_once(self, workspace):
        found = take(workspace, ("a.csv", OCTOBER), ("b.csv", OCTOBER))
        assert [(each.number, each.new) for each in found] == [(1, True), (1, False)]

    def test_another_client_has_files_of_its_own(self, workspace):
        take(workspace, ("october.csv", OCTOBER))
        assert take(workspace, ("october.csv", OCTOBER), client="other")[0].new
        assert [client.name for client in workspace.clients()] == ["boutique", "other"]

    def test_the_same_bytes_read_by_other_rules_are_refused_with_the_way_out(self, workspace):
        take(workspace, ("october.csv", OCTOBER))
        with pytest.raises(InputError, match="mediaplan undo 1"):
            take(workspace, ("october.csv", OCTOBER), columns=({"channel": {"is": "tiktok"}},))
        assert len(workspace.client("boutique").imports) == 1


class TestNothingLost:
    def test_a_newer_export_replaces_the_same_rows_and_the_older_version_stays_on_record(self, workspace):
        take(workspace, ("october.csv", OCTOBER))
        take(workspace, ("later.csv", LATER))
        found = rows(workspace)
        assert found["results:lead"].sum() == 1 + 2 + 4 + 1 + 5
        assert found["spend"].sum() == 10.25 + 20 + 30.75 + 5 + 40
        counts, warnings = workspace.counting("boutique")
        assert [(one.number, one.rows, one.counting) for one in counts] == [(1, 4, 1), (2, 4, 4)]
        assert "later.csv" in str(warnings[0])
        older = workspace.client("boutique").imports[0]
        assert (older.undone_at, older.content["results"]) == (None, {"lead": 5.0})

    def test_an_older_export_imported_late_does_not_undo_the_newer(self, workspace):
        take(workspace, ("later.csv", LATER))
        take(workspace, ("october.csv", OCTOBER))
        assert rows(workspace)["results:lead"].sum() == 13

    def test_taking_an_import_back_restores_what_it_had_replaced(self, workspace):
        take(workspace, ("october.csv", OCTOBER))
        before = rows(workspace)
        take(workspace, ("later.csv", LATER))
        undone = workspace.undo("boutique", at=AT)
        same(rows(workspace), before)
        assert [(each.number, each.undone_at) for each in undone] == [(2, AT)]
        assert take(workspace, ("later.csv", LATER))[0].number == 3

    def test_undo_takes_back_all_files_of_the_last_call_then_of_the_one_before(self, workspace):
        take(workspace, ("october.csv", OCTOBER))
        november = OCTOBER.replace("2026-10", "2026-11")
        take(workspace, ("later.csv", LATER), ("november.csv", november))
        assert [each.number for each in workspace.undo("boutique", at=AT)] == [2, 3]
        assert [each.number for each in workspace.undo("boutique", at=AT)] == [1]
        with pytest.raises(InputError, match="nothing is there"):
            workspace.undo("boutique", at=AT)

    def test_what_can_not_be_taken_back_is_named_and_nothing_else_is(self, workspace):
        take(workspace, ("october.csv", OCTOBER))
        with pytest.raises(InputError, match="stands: 7"):
            workspace.undo("boutique", [1, 7], at=AT)
        assert len(rows(workspace)) == 4

    def test_posts_and_audiences_of_a_newer_table_replace_those_of_the_same_name(self, workspace):
        def listing(name, text, role):
            asked = Given(**{role: (File(name, text.encode()),)})
            return workspace.keep("boutique", workspace.read("boutique", asked), asked, at=AT)

        take(workspace, ("october.csv", OCTOBER))
        listing("p.csv", "post,status,organic_reach\na,ready,5\nb,ready,\n", "posts")
        listing("p2.csv", "post,status,title\nb,hold,B\nc,ready,C\n", "posts")
        listing("a.csv", "audience,channel,size\nx,,10\nx,facebook,5\n", "audiences")
        listing("a2.csv", "audience,channel,size\nx,facebook,6\n", "audiences")
        found = workspace.records("boutique", "EUR")
        assert dict(zip(found.posts.rows["post"], found.posts.rows["status"], strict=True)) == {
            "a": "ready", "b": "hold", "c": "ready",
        }  # fmt: skip
        assert list(found.posts.rows["organic_reach"].dropna()) == [5]
        assert sorted(found.audiences.rows["size"]) == [6, 10]
        workspace.undo("boutique", [3, 5], at=AT)
        found = workspace.records("boutique", "EUR")
        assert list(found.posts.rows["status"]) == ["ready", "ready"]
        assert sorted(found.audiences.rows["size"]) == [5, 10]

    def test_a_fault_in_one_of_several_files_leaves_nothing_and_all_faults_are_said(self, workspace):
        with pytest.raises(InputError) as caught:
            take(workspace, ("october.csv", OCTOBER), ("b.csv", "date,spend\n"), ("c.csv", "%PDF-1"))
        assert {problem.file for problem in caught.value.problems} == {"b.csv", "c.csv"}
        assert workspace.clients() == []

    @settings(max_examples=12, deadline=None)
    @given(data=st.data())
    def test_after_any_imports_and_undos_there_is_what_the_standing_files_alone_would_give(
        self, data, tmp_path_factory
    ):
        workspace = open_workspace(str(tmp_path_factory.mktemp("law") / "w.sqlite"), make=True)
        standing = {}
        days = st.lists(st.integers(1, 9), min_size=1, max_size=5, unique=True)
        for step in range(data.draw(st.integers(1, 6))):
            if standing and data.draw(st.booleans()):
                number = data.draw(st.sampled_from(sorted(standing)))
                workspace.undo("boutique", [number], at=AT)
                del standing[number]
                continue
            late = data.draw(st.integers(0, 3))
            text = "date,channel,spend,results:lead\n" + "".join(
                f"2026-10-{day:02d},facebook,{10 * day},{day + late}\n" for day in sorted(data.draw(days))
            )
            found = take(workspace, (f"{step}.csv", text))[0]
            standing.setdefault(found.number, (f"{found.file}", text))
        files = [File(name, text.encode()) for _, (name, text) in sorted(standing.items())]
        if files:
            same(rows(workspace), read_history(*files, currency="EUR").rows)
        workspace.close()


class TestMappings:
    def test_the_mapping_of_one_import_reads_the_next(self, workspace):
        found = take(workspace, ("tiktok-1.csv", FOREIGN), columns=(MAPPING,))
        assert found[0].mapping == MAPPING
        take(workspace, ("tiktok-2.csv", FOREIGN.replace("10-01", "10-02")))
        assert list(rows(workspace)["channel"]) == ["tiktok", "tiktok"]

    def test_another_mapping_goes_before_the_remembered_one(self, workspace):
        take(workspace, ("tiktok-1.csv", FOREIGN), columns=(MAPPING,))
        other = {**MAPPING, "channel": {"is": "tiktok/feed"}}
        take(workspace, ("tiktok-2.csv", FOREIGN.replace("10-01", "10-02")), columns=(other,))
        take(workspace, ("tiktok-3.csv", FOREIGN.replace("10-01", "10-03")))
        assert list(rows(workspace)["channel"]) == ["tiktok", "tiktok/feed", "tiktok/feed"]

    def test_a_mapping_goes_with_the_imports_that_it_read(self, workspace):
        take(workspace, ("tiktok-1.csv", FOREIGN), columns=(MAPPING,))
        workspace.undo("boutique", at=AT)
        with pytest.raises(InputError, match=r"spen[dt]"):
            take(workspace, ("tiktok-2.csv", FOREIGN))


class TestPlans:
    def test_plans_are_numbered_for_each_client_and_come_back_as_they_were(self, workspace):
        for client in ("a", "b"):
            take(workspace, ("october.csv", OCTOBER), client=client)
        assert [workspace.keep_plan(c, DOCUMENT, "budget = 10\n", at=AT) for c in ("a", "a", "b")] == [
            1,
            2,
            1,
        ]
        kept = workspace.plan("a", 2)
        assert (kept.document, kept.brief, kept.made_at) == (DOCUMENT, "budget = 10\n", AT)
        with pytest.raises(InputError, match="no plan 3"):
            workspace.plan("a", 3)

    @pytest.mark.parametrize("change", [update(PLANS).values(document="{}"), delete(PLANS)])
    def test_no_statement_changes_or_deletes_a_plan(self, workspace, database, change):
        take(workspace, ("october.csv", OCTOBER))
        workspace.keep_plan("boutique", DOCUMENT, "budget = 10\n", at=AT)
        engine = engine_of(url_of(database))
        with pytest.raises(DBAPIError, match="never changed"), engine.begin() as connection:
            connection.execute(change)
        engine.dispose()
        assert workspace.plan("boutique", 1).document == DOCUMENT

    def test_actuals_belong_to_a_plan_and_are_no_history(self, workspace):
        take(workspace, ("october.csv", OCTOBER))
        workspace.keep_plan("boutique", DOCUMENT, "budget = 10\n", at=AT)
        asked = Given(actuals=(File("real.csv", LATER.encode()),), plan=1)
        workspace.keep("boutique", workspace.read("boutique", asked), asked, at=AT)
        assert workspace.actuals("boutique", 1, "EUR").rows["spend"].sum() == 95.75
        assert rows(workspace)["spend"].sum() == 65.75
        wrong = Given(actuals=(File("real.csv", LATER.encode()),), plan=2)
        with pytest.raises(InputError, match="no plan 2"):
            workspace.keep("boutique", workspace.read("boutique", wrong), wrong, at=AT)
