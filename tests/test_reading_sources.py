"""Several tables at once, and tables with columns of their own."""

from __future__ import annotations

import math
from datetime import date

import pytest
from tables_by_hand import HEADER, PLAIN, faults, file, history, said

from mediaplan.errors import InputError
from mediaplan.history.columns.columns import read_columns
from mediaplan.history.reading.reading import read_history


class TestSeveralSources:
    def test_are_added_up(self):
        other = PLAIN.replace("2026-10", "2026-11")
        found = read_history(file(PLAIN), file(other, "b.csv"), currency="EUR")
        assert found.rows["spend"].sum() == 2 * history(PLAIN).rows["spend"].sum()
        assert found.sources == ("h.csv", "b.csv")
        assert list(found.rows.index) == list(range(6))

    @pytest.mark.parametrize("again", [PLAIN, "\n".join([HEADER.strip(), *reversed(PLAIN.splitlines()[1:])])])
    def test_the_same_rows_twice_are_refused(self, again):
        with pytest.raises(InputError, match="exactly what “h"):
            read_history(file(PLAIN), file(again, "copy.csv"), currency="EUR")

    def test_views_of_one_money_are_not_added_up(self):
        days = [f"2026-10-{day:02d}" for day in range(1, 11)]
        age = "date,audience,spend,clicks\n" + "".join(f"{d},a{i},10,1\n" for d in days for i in range(3))
        place = "date,channel,audience,spend,clicks\n" + "".join(
            f"{d},c{i},a{i % 3},5,1\n" for d in days for i in range(6)
        )
        total = "date,days,spend,clicks\n2026-10-01,10,300.1,60\n"
        found = read_history(
            file(age, "age.csv"), file(place, "place.csv"), file(total, "t.csv"), currency="EUR"
        )
        assert found.rows["spend"].sum() == 300
        assert found.dimensions == ("channel", "audience")
        assert len(found.warnings) == 1
        assert "age.csv, place.csv, t.csv" in str(found.warnings[0])

    def test_other_money_of_the_same_size_is_added_up(self):
        one = "date,channel,spend,clicks\n2026-10-01,facebook,10,1\n"
        other = "date,channel,post,spend,clicks\n2026-10-01,tiktok,p,10,1\n"
        assert read_history(file(one), file(other, "b.csv"), currency="EUR").rows["spend"].sum() == 20

    def test_kinds_that_only_one_counts_are_not_reported_by_the_other(self):
        one = "date,spend,clicks\n2026-10-01,10,3\n"
        other = "date,spend,clicks,results:lead\n2026-10-02,11,4,2\n"
        found = read_history(file(one), file(other, "b.csv"), currency="EUR")
        assert found.kinds == ("click", "lead")
        assert math.isnan(found.rows["results:lead"][0])
        assert list(found.rows["results:click"]) == [3, 4]


class TestMapping:
    FOREIGN = (
        "ad,age,sex,cost,conv,month,day,clicks,clicks\n1,30-34,M,1.5,2,April,7,5,5\n2,,F,2.5,1,mai,30,6,6\n"
    )
    MAP = {
        "file": "*ads*",
        "post": "ad",
        "audience": ["age", "sex"],
        "spend": "cost",
        "results:conversion": "conv",
        "date": {"month": "month", "day": "day", "year": 2020},
        "channel": {"is": "facebook"},
    }

    def test_reads_a_foreign_table(self):
        found = history(self.FOREIGN, "my ads.csv", columns=(read_columns(self.MAP),))
        assert list(found.rows["date"].dt.date) == [date(2020, 4, 7), date(2020, 5, 30)]
        assert list(found.rows["audience"]) == ["30-34 M", "F"]
        assert list(found.rows["post"]) == ["1", "2"]
        assert set(found.rows["channel"]) == {"facebook"}
        assert found.kinds == ("conversion",)
        assert found.rows["spend"].sum() == 4

    def test_a_constant_date_may_cover_days(self):
        mapping = {**self.MAP, "date": {"is": date(2017, 8, 1), "days": 30}}
        found = history(self.FOREIGN, "ads.csv", columns=(mapping,))
        assert (found.first, found.last) == (date(2017, 8, 1), date(2017, 8, 30))

    def test_concerns_only_the_files_that_its_glob_names(self):
        assert read_columns(self.MAP).concerns("exports/My ADS 2020.csv")
        assert not read_columns(self.MAP).concerns("ads/other.csv")
        assert "no column “date”" in said(self.FOREIGN, columns=(read_columns(self.MAP),))

    def test_headers_twice_matter_only_where_they_disagree(self):
        other = self.FOREIGN.replace("5,5", "5,50")
        text = said(other, columns=({**self.MAP, "file": "*"},))
        assert 'clicks = "clicks#2"' in text
        found = history(other, columns=({**self.MAP, "file": "*", "clicks": "clicks#2"},))
        assert list(found.rows["clicks"]) == [50, 6]

    def test_a_column_that_is_not_there_is_refused_with_the_nearest(self):
        text = said(self.FOREIGN, columns=({**self.MAP, "file": "*", "spend": "costs"},))
        assert "“costs”" in text
        assert "“cost”" in text

    def test_dates_that_their_parts_do_not_make_are_refused(self):
        table = self.FOREIGN.replace("April,7", "April,31")
        assert faults(table, columns=({**self.MAP, "file": "*"},)) == [(2, "month + day", "2020 April 31")]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"spendd": "cost"}, {"spend": 5}, {"spend": ""}, {"spend": ["a", "b"]}, {"spend": []},
            {"spend": {"is": "5", "days": 3}}, {"date": {"is": "yesterday"}}, {"date": {"is": "2020-01-01", "days": 0}},
            {"date": {"month": "m", "day": "d"}}, {"date": {"month": 13, "day": "d", "year": 2020}},
            {"date": {"month": "m", "day": "d", "year": True}}, {"file": 5}, {"results:": "x"}, {"post": {"was": 1}},
            {"post": [1]}, {"channel": {"is": None}},
        ],
    )  # fmt: skip
    def test_what_a_mapping_can_not_mean_is_refused(self, wrong):
        with pytest.raises(InputError) as caught:
            read_columns(wrong)
        assert len(caught.value.problems) == 1

    def test_all_faults_of_a_mapping_are_said_at_once(self):
        with pytest.raises(InputError) as caught:
            read_columns({"spendd": "cost", "spend": 5, "date": {"is": "x"}})
        assert {p.column for p in caught.value.problems} == {
            "columns.spendd",
            "columns.spend",
            "columns.date",
        }
