"""What is read but deserves a word: rows cut off, dates beside the flight, channels that nothing else knows."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from answered import answer

from mediaplan.answering import Sources, read_sources, respond
from mediaplan.brief.briefs import Brief
from mediaplan.errors import InputError
from mediaplan.history.reading.reading import File, read_audiences, read_history, read_posts
from mediaplan.history.records.timing import Ends, timing
from mediaplan.planning.making import plan
from mediaplan.response.fitting import fit

HISTORY = "date,channel,audience,post,spend,clicks,results:lead\n"
HISTORY += "".join(
    f"2026-09-{day:02d},{channel},{audience},p{post},10,{day},{day % 4}\n"
    for day in range(1, 29)
    for channel in ("facebook", "instagram/feed")
    for audience in ("x", "y")
    for post in (1, 2)
)


def history(text: str = HISTORY):
    return read_history(File("h.csv", text.encode()), currency="EUR")


def brief(start: str = "2026-10-05") -> Brief:
    return Brief(name="b", budget=500, currency="EUR", start=start, days=7)


def planned(posts: str | None = None, audiences: str | None = None, text: str = HISTORY):
    files = [None if t is None else File(n, t.encode()) for n, t in (("p.csv", posts), ("a.csv", audiences))]
    return answer(brief(), Sources((File("h.csv", text.encode()),), *files))


def faults(**tables: str):
    with pytest.raises(InputError) as caught:
        planned(**tables)
    return [(p.file, p.row, p.column, p.value, f"{p.message} {p.remedy}") for p in caught.value.problems]


class TestChannels:
    def test_a_post_s_channel_that_nothing_else_names_is_refused_where_it_stands(self):
        posts = "post,channels\np1,facebook\np2,facebok|instagram\np3,tiktok\n"
        found = faults(posts=posts)
        assert [fault[:4] for fault in found] == [
            ("p.csv", 3, "channels", "facebok"),
            ("p.csv", 4, "channels", "tiktok"),
        ]
        assert "Did you mean “facebook”?" in found[0][4]

    def test_a_platform_stands_for_its_placements_and_letter_case_counts(self):
        assert planned("post,channels\np1,instagram\n").lines_planned[0].channel == "instagram/feed"
        assert "“facebook”" in faults(posts="post,channels\np1,Facebook\n")[0][4]

    def test_an_ended_post_may_have_run_anywhere(self):
        made = planned("post,channels,status\np1,,ready\np2,myspace,ended\n")
        assert {line.channel for line in made.lines_planned} <= {"facebook", "instagram/feed"}

    def test_an_audience_may_name_a_new_channel_and_the_plan_says_so(self):
        made = planned("post,channels\np1,tiktok\n", "audience,channel\nx,\ny,\ny,tiktok\n")
        assert {line.channel for line in made.lines_planned} == {"tiktok"}
        assert any("“tiktok”" in str(w) and "judged" in str(w) for w in made.warnings)
        assert not any("judged from the other" in str(w) for w in planned().warnings)

    @pytest.mark.parametrize("slip", ["facebok", "Facebook", "instagram/fed", "instagran/feed"])
    def test_an_audience_s_channel_that_looks_misspelt_is_refused(self, slip):
        ((file, row, column, value, said),) = faults(audiences=f"audience,channel\nx,facebook\ny,{slip}\n")
        assert (file, row, column, value) == ("a.csv", 3, "channel", slip)
        assert ("facebook" if "b" in slip else "instagram/feed") in said

    @pytest.mark.parametrize("new", ["instagram/reels", "twitter", "radio2"])
    def test_what_is_merely_like_a_known_channel_is_new(self, new):
        text = HISTORY.replace("facebook", "radio1") if new == "radio2" else HISTORY
        made = planned(audiences=f"audience,channel\nx,\ny,{new}\n", text=text)
        assert any(f"“{new}”" in str(w) for w in made.warnings)

    def test_where_nothing_else_names_channels_the_posts_do(self):
        bare = "date,spend,results:lead\n" + "".join(f"2026-09-{d:02d},10,{d % 4}\n" for d in range(1, 29))
        made = planned("post,channels\np1,facebook\n", text=bare)
        assert {line.channel for line in made.lines_planned} == {"facebook"}
        assert any("“facebook”" in str(w) for w in made.warnings)


class TestRowsCutOff:
    def test_a_required_cell_that_is_missing_says_that_the_row_ends(self):
        with pytest.raises(InputError) as caught:
            history(
                "date,channel,results:lead,spend\n2026-09-01,facebook,1,10\n2026-09-02,face\n2026-09-03,f,1,\n"
            )
        found = [(p.row, p.column, str(p.message)) for p in caught.value.problems]
        assert found == [
            (3, "spend", "the row ends before this cell: it was cut off."),
            (4, "spend", "this cell is blank."),
        ]

    def test_results_of_a_row_that_is_cut_off_are_not_told_rather_than_none(self):
        text = "date,spend,clicks,results:lead\n2026-09-01,10,3,1\n2026-09-02,10,3,\n\n2026-09-03,10\n"
        found = history(text)
        assert found.rows["results:lead"].tolist()[:2] == [1, 0]
        assert np.isnan(found.rows["results:lead"][2])
        (said,) = map(str, found.warnings)
        assert "h.csv" in said
        assert "lines 5" in said

    def test_a_row_beside_one_that_is_too_long_for_the_quick_way_is_found_too(self):
        text = 'date,spend,note,results:lead\n2026-09-01,10,"a ""b"" c",1,\n2026-09-02,10\n'
        (said,) = map(str, history(text).warnings)
        assert "lines 3" in said

    def test_headers_without_names_and_rows_of_full_length_are_no_fault(self):
        assert history("date,spend,results:lead,,\n2026-09-01,10,1\n2026-09-02,10,\n").warnings == ()

    def test_posts_and_audiences_that_are_cut_off_are_said_in_the_plan(self):
        posts = read_posts(File("p.csv", b"post,title,channels\np1,One,facebook\np2,Two\n"))
        assert "lines 3" in str(posts.origin.warnings[0])
        audiences = read_audiences(File("a.csv", b"audience,size\nx\ny,100\n"))
        assert "lines 2" in str(audiences.origin.warnings[0])
        made = planned("post,title,channels\np1,One,facebook\np2,Two\n")
        assert any("p.csv" in str(w) for w in made.warnings)

    def test_rows_keep_their_places_where_some_are_left_out(self):
        audiences = read_audiences(File("a.csv", b"audience,size\nx,1\n\nx,1\ny,2\n"))
        assert audiences.origin.places == (2, 5)


class TestDates:
    def said(self, start: date, text: str = HISTORY) -> list[str]:
        return [str(warning) for warning in timing(Ends.of(history(text)), start)]

    def test_a_history_that_ends_shortly_before_the_flight_needs_no_word(self):
        assert self.said(date(2026, 9, 29)) == []
        assert self.said(date(2026, 11, 27)) == []

    def test_old_evidence_is_said_with_its_age(self):
        (word,) = self.said(date(2026, 11, 28))
        assert "61 days" in word
        assert "28 Sep 2026" in word

    def test_rows_in_the_flight_or_after_it_are_said_with_their_money(self):
        (word,) = self.said(date(2026, 9, 28))
        assert "€80" in word
        assert ": 8 " in word

    def test_a_slip_of_the_year_does_not_hide_how_old_the_rest_is(self):
        words = self.said(date(2026, 12, 31), HISTORY + "2062-09-28,facebook,x,p1,10,1,0\n")
        assert "2062" in words[0]
        assert "94 days" in words[1]

    def test_a_plan_holds_them_once_whether_its_response_was_fitted_bare_or_for_the_brief(self):
        asked = brief("2027-03-01")
        records = read_sources(asked, Sources((File("h.csv", HISTORY.encode()),)))
        for response in (fit(records.history), respond(asked, records)):
            found = [str(w) for w in plan(asked, response).warnings]
            assert len([word for word in found if "154 days before the flight" in word]) == 1
            assert len(found) == len(set(found))


def test_an_origin_without_rows_knows_no_place():
    frame = pd.DataFrame({"post": ["p1"], "channels": ["tiktok"]})
    assert read_posts(frame).origin.place(0) == {"file": None, "row": 2}
    assert read_posts(frame).origin.place(7) == {"file": None, "row": None}
