"""Everything of a client as plain files, and back: the same to the last bit."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kept_files import AT, DOCUMENT, FOREIGN, LATER, MAPPING, OCTOBER, same, take

from mediaplan.errors import InputError
from mediaplan.history.files.sources import File
from mediaplan.money import Money
from mediaplan.words import Percent, Sentence
from mediaplan.workspace.exact import amounts_of, units_of
from mediaplan.workspace.exporting import Bundle
from mediaplan.workspace.plain import table_csv, table_from
from mediaplan.workspace.readings import Given
from mediaplan.workspace.sentences import sentences_from, sentences_json
from mediaplan.worlds.sample import sample_folder

SAMPLE = sample_folder() / "agency"


class TestPlainFiles:
    def full(self, workspace):
        asked = Given((SAMPLE / "history.csv",), (SAMPLE / "posts.csv",), (SAMPLE / "audiences.csv",))
        workspace.keep("boutique", workspace.read("boutique", asked), asked, at=AT)
        take(workspace, ("tiktok-1.csv", FOREIGN), columns=(MAPPING,), currency="USD")
        take(workspace, ("october.csv", OCTOBER.replace("facebook", "@=formula").replace("2026", "2025")))
        workspace.keep_plan("boutique", DOCUMENT, "budget = 10\n", at=AT)
        asked = Given(actuals=(File("real.csv", LATER.encode()),), plan=1)
        workspace.keep("boutique", workspace.read("boutique", asked), asked, at=AT)
        workspace.undo("boutique", [4], at=AT)
        return workspace.bundle("boutique")

    def test_everything_of_a_client_comes_back_the_same(self, workspace):
        bundle = self.full(workspace)
        workspace.restore("again", bundle)
        again = workspace.bundle("again")
        assert again.files.keys() == bundle.files.keys()
        assert {**again.manifest, "client": ""} == {**bundle.manifest, "client": ""}
        for name in bundle.files.keys() - {"client.json"}:
            assert again.files[name] == bundle.files[name]
        one, other = (workspace.records(name, "EUR") for name in ("boutique", "again"))
        same(one.history.rows, other.history.rows)
        same(one.posts.rows, other.posts.rows)
        same(one.audiences.rows, other.audiences.rows)
        assert one.history.warnings == other.history.warnings
        assert workspace.plan("again", 1) == workspace.plan("boutique", 1)

    def test_bringing_it_back_twice_changes_nothing_and_never_mixes(self, workspace):
        bundle = self.full(workspace)
        workspace.restore("again", bundle)
        before = workspace.client("again")
        workspace.restore("again", bundle)
        assert workspace.client("again") == before
        take(workspace, ("more.csv", OCTOBER), client="other")
        with pytest.raises(InputError, match="something else"):
            workspace.restore("other", bundle)

    def test_a_known_file_is_still_known_after_it_came_back(self, workspace):
        take(workspace, ("october.csv", OCTOBER))
        workspace.restore("again", workspace.bundle("boutique"))
        assert not take(workspace, ("october.csv", OCTOBER), client="again")[0].new

    def test_no_cell_is_a_formula(self, workspace):
        text = self.full(workspace).files["history/005-october.csv"].decode()
        assert "'@=formula" in text
        assert ",@=formula" not in text

    @pytest.mark.parametrize(
        ("path", "before", "after"),
        [
            ("history/001-history.csv", b"139.65", b"139.66"),
            ("history/001-history.csv", b"139.65", b"much"),
            ("history/001-history.csv", b"date,days", b"date,d"),
            ("client.json", b'"imports"', b'"import"'),
            ("client.json", b"mediaplan/client/1", b"mediaplan/client/9"),
            ("client.json", b"{", b"["),
        ],
    )
    def test_a_file_that_was_changed_is_refused_and_nothing_stays(self, workspace, path, before, after):
        bundle = self.full(workspace)
        assert before in bundle.files[path]
        spoilt = Bundle({**bundle.files, path: bundle.files[path].replace(before, after, 1)})
        with pytest.raises(InputError, match="not as it was exported"):
            workspace.restore("again", spoilt)
        assert [client.name for client in workspace.clients()] == ["boutique"]

    @given(
        st.lists(
            st.tuples(
                st.one_of(
                    st.none(), st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1)
                ),
                st.one_of(st.just(float("nan")), st.floats(0, 1e15)),
            ),
            min_size=1,
        )
    )
    def test_any_table_comes_back_from_csv(self, cells):
        table = pd.DataFrame(
            {
                "date": np.array(["2026-10-01"] * len(cells), dtype="datetime64[us]"),
                "post": pd.Series([name for name, _ in cells], dtype="str"),
                "spend": [figure for _, figure in cells],
            }
        )
        same(table_from(table_csv(table), list(table.columns), "t.csv"), table)


class TestExactly:
    @settings(max_examples=300)
    @given(st.lists(st.tuples(st.floats(0, 1e15), st.integers(0, 3)), min_size=1))
    def test_any_amount_comes_back_to_the_last_bit(self, cells):
        amounts = np.array([amount for amount, _ in cells])
        units, digits = units_of(amounts, np.array([least for _, least in cells], dtype=np.int64))
        assert amounts_of(units, digits).tobytes() == (amounts + 0.0).tobytes()

    def test_amounts_in_minor_units_are_whole_minor_units(self):
        units, digits = units_of(np.array([12.34, 0.1 + 0.2, 1e9, 5.0]), np.array([2, 2, 0, 2]))
        assert units.tolist()[0] == 1234
        assert digits.tolist()[:1] + digits.tolist()[2:] == [2, 0, 2]
        assert Decimal(int(units[1])).scaleb(-int(digits[1])) == Decimal("0.30000000000000004")

    def test_sentences_come_back_in_any_language(self):
        said = (
            Sentence(
                "{a} {b} {c} {d} {e}",
                a=Money(1234, "EUR"),
                b=Percent(0.125),
                c=date(2026, 11, 30),
                d=("x", 2),
                e=Sentence("spent"),
            ),
            Sentence("{a} {b}", a=None, b=np.float64(2.5)),
        )
        found = sentences_from(sentences_json(said))
        assert [str(one) for one in found] == [str(one) for one in said]
        assert found[0] == said[0]
        assert json.loads(sentences_json(())) == []
