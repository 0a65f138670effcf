"""What names of ads say of their posts, format and topic, reaches the posts table, from files and from a workspace."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from mediaplan.answering import Sources, read_sources
from mediaplan.brief.reading import read_brief
from mediaplan.errors import InputError
from mediaplan.history.naming.describing import about_posts, described
from mediaplan.history.naming.rules import read_names
from mediaplan.history.reading.reading import File, read_history, read_posts
from mediaplan.workspace.readings import Given
from mediaplan.workspace.workspaces import open_workspace

META = "Campaign name,Ad name,Day,Amount spent (EUR),Impressions,Link clicks,Reporting starts\n"
ADS = ("2026-10_reel_soldes_A", "2026-10_photo_recette_B", "2026-11_reel_recette_A")
EXPORT = META + "".join(
    f"c,{ad},2026-10-{day:02d},{day},100,{3 + day},2026-10-01\n" for day in range(1, 9) for ad in ADS
)
RULE = {"from": "ad", "pattern": "{date}_{format}_{topic}_{version}", "words": {"photo": "image"}}
MAPPING = {"names": [RULE]}


def history(text=EXPORT, *rules):
    return read_history(File("x.csv", text.encode()), columns=({"names": list(rules) or [RULE]},))


def test_format_and_topic_are_read_from_the_names_of_ads():
    found = history()
    assert found.about == {
        "format": {ADS[0]: "reel", ADS[1]: "image", ADS[2]: "reel"},
        "topic": {ADS[0]: "soldes", ADS[1]: "recette", ADS[2]: "recette"},
    }
    assert set(found.rows["post"]) == set(ADS)


def test_what_every_name_says_may_stand_beside_the_pattern():
    found = history(EXPORT, {"from": "ad", "pattern": "*_reel_*", "format": "video"})
    assert found.about == {"format": {ADS[0]: "video", ADS[2]: "video"}}


def test_the_table_of_posts_goes_before_what_names_say():
    table = pd.DataFrame({"post": ADS[:2], "format": ["carousel", None]})
    posts = described(read_posts(table), history())
    assert posts.rows["format"].tolist() == ["carousel", "image"]
    assert posts.rows["topic"].tolist() == ["soldes", "recette"]


def test_without_a_table_the_posts_are_those_of_the_history():
    posts = described(None, history())
    assert posts.names == tuple(sorted(ADS))
    assert set(posts.rows["status"]) == {"ready"}
    blank = read_posts(pd.DataFrame({"post": sorted(ADS)})).rows
    pd.testing.assert_frame_equal(
        posts.rows.drop(columns=["format", "topic"]), blank.drop(columns=["format", "topic"])
    )


def test_without_such_rules_nothing_changes():
    plain = read_history(File("x.csv", EXPORT.encode()))
    assert plain.about == {}
    assert described(None, plain) is None


def test_a_post_of_which_names_say_several_things_stays_open():
    posts, formats = pd.Series(["a", "a", "b", "b", None]), pd.Series(["reel", "photo", "reel", None, "reel"])
    assert about_posts(posts, {"format": formats}) == {"format": {"b": "reel"}}


def test_a_rule_that_says_nothing_is_still_refused():
    with pytest.raises(InputError, match="format or topic"):
        read_names([{"from": "ad", "pattern": "{date}_{other}"}])


def test_a_brief_and_a_client_get_the_same_posts(tmp_path):
    (tmp_path / "export.csv").write_text(EXPORT)
    (tmp_path / "brief.toml").write_text(
        'budget = 50\ncurrency = "EUR"\nflight = { start = 2026-11-01, days = 7 }\ndata = { history = ["export.csv"] }\n'
        '[[columns]]\nnames = [{ from = "ad", pattern = "{date}_{format}_{topic}_{version}", words = { photo = "image" } }]\n'
    )
    loose = read_sources(
        read_brief(str(tmp_path / "brief.toml")), Sources(history=(str(tmp_path / "export.csv"),))
    ).posts
    workspace = open_workspace(str(tmp_path / "kept.sqlite"), make=True)
    given = Given(history=(str(tmp_path / "export.csv"),), columns=(MAPPING,))
    workspace.keep(
        "Client", workspace.read("Client", given), given, at=datetime.fromisoformat("2026-11-22T12:00:00")
    )
    kept = workspace.records("Client", "EUR").posts
    workspace.restore("Twin", workspace.bundle("Client"))
    twin = workspace.records("Twin", "EUR").posts
    workspace.close()
    pd.testing.assert_frame_equal(loose.rows, kept.rows)
    pd.testing.assert_frame_equal(loose.rows, twin.rows)
    assert dict(zip(loose.rows["post"], loose.rows["format"], strict=True)) == {
        ADS[0]: "reel",
        ADS[1]: "image",
        ADS[2]: "reel",
    }
