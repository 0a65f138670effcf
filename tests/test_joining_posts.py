"""Paid history and a platform's table of posts: the same post is found by number, link or title, and only then."""

from __future__ import annotations

import pandas as pd
import pytest
from conventions import HEADER

from mediaplan.answering import Sources, read_sources
from mediaplan.history.files.sources import File
from mediaplan.history.naming.joining import joined
from mediaplan.history.reading.reading import read_history, read_posts
from mediaplan.workspace.readings import Given
from mediaplan.workspace.workspaces import open_workspace

ORGANIC = (
    "Post ID,Page ID,Page name,Title,Publish time,Permalink,Post type,Reach\n"
    "1220330444,77,Boutique,Kits scolaires : la rentrée commence ici,10/01/2026 10:00,https://www.facebook.com/b/posts/pfbid0A1,Photos,500\n"
    "1220330555,77,Boutique,Sacs et cartables à prix doux,10/02/2026 10:00,https://www.facebook.com/b/posts/pfbid0B2,Photos,700\n"
    "1220330666,77,Boutique,Sacs et cartables à prix cassés,10/03/2026 10:00,https://www.facebook.com/b/posts/pfbid0C3,Photos,900\n"
).encode("utf-8-sig")


def paid(*ads: str) -> bytes:
    lines = [",".join(HEADER), *(f'C,S,"{ad}",2026-11-0{at},5.00,1000,30' for at, ad in enumerate(ads, 1))]
    return "\n".join(lines).encode("utf-8-sig")


@pytest.mark.parametrize(
    ("ad", "post"),
    [
        ("1220330444", "1220330444"),
        ("Boost 1220330555 soir", "1220330555"),
        ("https://www.facebook.com/b/posts/pfbid0C3/", "1220330666"),
        ("boost facebook.com/b/posts/pfbid0A1 x", "1220330444"),
        ("Kits scolaires : la rentrée commence ici", "1220330444"),
        ("Publication : « Kits scolaires : la rent… »", "1220330444"),
        ("Post: Sacs et cartables…", "Post: Sacs et cartables…"),
        ("Sacs", "Sacs"),
        ("Kits scolaires", "Kits scolaires"),
        ("12203304441", "12203304441"),
        ("facebook.com/b/posts/pfbid0A12", "facebook.com/b/posts/pfbid0A12"),
    ],
)
def test_a_post_is_found_only_where_one_alone_is_meant(ad, post):
    history = read_history(File("paid.csv", paid(ad)))
    found = joined(history, read_posts(File("posts.csv", ORGANIC)))
    assert list(found.rows["post"]) == [post]
    assert found.rows["spend"].sum() == 5
    assert (len(found.warnings) > len(history.warnings)) == (ad != post)


def test_a_name_that_the_table_has_is_never_taken_for_another():
    posts = read_posts(pd.DataFrame({"post": ["kits", "sacs"], "title": ["sacs", "kits"]}))
    history = read_history(File("paid.csv", paid("kits")))
    assert joined(history, posts) is history


def test_loose_files_and_a_workspace_join_alike(tmp_path):
    files = File("paid.csv", paid("Boost 1220330555", "free")), File("posts.csv", ORGANIC)
    loose = read_sources(None, Sources((files[0],), files[1])).history
    workspace = open_workspace(str(tmp_path / "w.sqlite"), make=True)
    given = Given((files[0],), (files[1],))
    workspace.keep("C", workspace.read("C", given), given, at=pd.Timestamp("2026-11-22").to_pydatetime())
    kept = workspace.records("C").history
    workspace.close()
    assert list(loose.rows["post"]) == ["1220330555", "free"]
    assert kept.digest == loose.digest
    assert [str(w) for w in kept.warnings] == [str(w) for w in loose.warnings]
