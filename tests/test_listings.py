"""Tables of posts and of audiences, the summary of what was read, and filled examples."""

from __future__ import annotations

import pandas as pd
import pytest
from tables_by_hand import PLAIN, faults, file, history, said

from mediaplan.history.columns.template import TEMPLATES
from mediaplan.history.reading.reading import read_audiences, read_history, read_posts
from mediaplan.history.records.summary import summary
from mediaplan.words import Words


class TestPosts:
    def test_are_read_with_their_defaults(self):
        text = "post,channels,status,value,published,organic_reach\n007,a| b |a,,,2026-10-01 18:00,12\nB,,HOLD,2,,\n"
        rows = read_posts(file(text)).rows
        assert list(rows["post"]) == ["007", "B"]
        assert list(rows["channels"]) == [("a", "b"), ()]
        assert list(rows["status"]) == ["ready", "hold"]
        assert list(rows["value"]) == [1, 2]
        assert rows["published"][0] == pd.Timestamp(2026, 10, 1)
        assert pd.isna(rows["published"][1])
        assert rows["organic_reach"][0] == 12
        assert rows["title"].isna().all()

    def test_all_faults_at_once(self):
        text = "post,status,value,published,organic_clicks\na,redy,0,soon,-1\na,ready,-2,,x\n,ready,,,\n"
        assert set(faults(text, read_posts)) == {
            (2, "status", "redy"), (2, "value", "0"), (2, "published", "soon"), (2, "organic_clicks", "-1"),
            (3, "post", "a"), (3, "value", "-2"), (3, "organic_clicks", "x"), (4, "post", ""),
        }  # fmt: skip
        assert "Did you mean “ready”" in said(text, read_posts)

    def test_a_misspelt_column_is_refused_because_it_would_be_lost(self):
        assert "“channels”" in said("post,chanels\na,b\n", read_posts)

    @pytest.mark.parametrize("text", ["", "post\n", "title\nx\n"])
    def test_what_holds_no_posts_is_refused(self, text):
        assert faults(text, read_posts)


class TestAudiences:
    def test_are_read_with_their_defaults(self):
        rows = read_audiences(
            file("audience,channel,size,value\na,,1 000,\na,facebook,,2.5\na,facebook,,2.5\n")
        ).rows
        assert len(rows) == 2
        assert pd.isna(rows["channel"][0])
        assert list(rows["value"]) == [1, 2.5]
        assert rows["size"][0] == 1000

    def test_rows_that_disagree_are_refused(self):
        assert faults("audience,channel,value\na,facebook,1\na,facebook,2\n", read_audiences) == [
            (3, "audience", "a")
        ]

    def test_a_size_must_be_above_zero(self):
        assert set(faults("audience,size\na,0\nb,-1\n", read_audiences)) == {
            (2, "size", "0"),
            (3, "size", "-1"),
        }


class TestSummary:
    def test_says_what_was_read(self):
        assert summary(history(PLAIN)).to_dict() == {
            "rows": 3, "first": "2026-10-05", "last": "2026-10-07", "currency": "EUR", "spend": "19.75",
            "impressions": 1000.0, "reach": None, "clicks": 42.0, "results": {"result": 3.0},
            "dimensions": {"post": 2, "channel": 2, "audience": 2}, "sources": ["h.csv"],
        }  # fmt: skip

    def test_money_adds_up_exactly(self):
        table = "date,spend,clicks\n" + "2026-10-05,0.1,1\n" * 1000
        assert summary(history(table)).to_dict()["spend"] == "100.00"
        assert summary(history(table, currency="XOF")).to_dict()["spend"] == "100"


class TestTemplates:
    def test_can_be_read_as_they_are(self):
        assert len(read_history(file(TEMPLATES["history"].csv)).rows) == 3
        assert read_posts(file(TEMPLATES["posts"].csv)).names == ("P001", "P002")
        assert read_audiences(file(TEMPLATES["audiences"].csv)).names == ("parents-abidjan", "students-dakar")

    @pytest.mark.parametrize("kind", TEMPLATES)
    def test_say_a_sentence_on_each_column(self, kind):
        template = TEMPLATES[kind]
        said = template.worded(Words("en")).splitlines()
        assert len(said) == len(template.columns)
        assert all(line.rstrip().endswith(".") for line in said)
        assert {len(row) for row in template.rows} == {len(template.columns)}
