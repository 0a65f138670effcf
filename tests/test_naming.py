"""Rules for names: what they read, what they refuse, what is proposed, and that no money is lost on the way."""

from __future__ import annotations

import itertools
import json
from decimal import Decimal

import pandas as pd
import pytest
from conventions import AUDIENCES, CONVENTION, SLOTS, meta_export
from hypothesis import given
from hypothesis import strategies as st

from mediaplan.cli.main import main
from mediaplan.errors import InputError
from mediaplan.history.columns.columns import read_columns
from mediaplan.history.files.sources import File
from mediaplan.history.naming.applying import naming_of
from mediaplan.history.naming.proposing import Known, proposed
from mediaplan.history.naming.rules import NameRule, read_names, tables_of
from mediaplan.history.reading.reading import read_history

WORD = st.text("abcdefgxyz", min_size=3, max_size=8)


def rule(origin="ad", pattern=CONVENTION, **rest):
    return read_names([{"from": origin, "pattern": pattern, **rest}])[0]


def rows_by(*names, content=None, **rest):
    file = File("export.csv", content or meta_export())
    return read_history(file, columns=({"names": list(names), **rest},))


# ---- one rule ----


@pytest.mark.parametrize(
    ("pattern", "name", "says"),
    [
        ("{date}_{format}_{audience}_{slot}", "2026-11_reel_parents-abidjan_soir",
         {"format": "reel", "audience": "parents-abidjan", "slot": "soir"}),
        ("{post}_{audience}", "a_b_c", None),
        ("{post}_{post}_{audience}", "a_b_c", {"post": "a_b", "audience": "c"}),
        ("{post}-{audience}-{post}", "a-b-c", {"post": "a-c", "audience": "b"}),
        ("{audience} | {slot}", "LAL 1% | soir", {"audience": "LAL 1%", "slot": "soir"}),
        ("{audience}|{slot}", "LAL 1% | soir", {"audience": "LAL 1%", "slot": "soir"}),
        ("Promo {post}", "PROMO rentrée", {"post": "rentrée"}),
        ("{audience}_*", "parents_x_y_z", {"audience": "parents"}),
        ("{post}_{audience}", "a_ ", None),
        ("{post}_{audience}", "", None),
        ("{post}", "x" * 5000, None),
        ("{post}(.*)", "a(.*)", {"post": "a"}),
    ],
)  # fmt: skip
def test_a_pattern_reads_a_name_or_leaves_it(pattern, name, says):
    assert rule(pattern=pattern).read(name) == says


def test_words_and_constants_say_the_plans_words():
    mine = rule(pattern="{audience}_*", words={"PAR": "parents-abidjan"}, channel="instagram")
    assert mine.read("par_x") == {"audience": "parents-abidjan", "channel": "instagram"}
    assert mine.read("Étu_x") == {"audience": "Étu", "channel": "instagram"}


@given(
    st.permutations(["post", "audience", "slot", "channel"]),
    st.sampled_from(["_", "|", " - ", "__"]),
    st.lists(WORD, min_size=4, max_size=4),
)
def test_what_is_written_by_a_pattern_is_read_by_it(fields, separator, pieces):
    name = separator.join(pieces)
    mine = rule(pattern=separator.join("{" + field + "}" for field in fields))
    assert mine.read(name) == dict(zip(fields, pieces, strict=True))
    assert mine.read(name + separator + "more") is None
    assert read_names(tables_of([mine])) == (mine,)


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ({"from": "ad"}, "pattern"),
        ({"pattern": "{post}"}, "from"),
        ({"from": "ad", "pattern": "{audiance}_{slot}"}, "audience"),
        ({"from": "ad", "pattern": "{post}{slot}"}, "side by side"),
        ({"from": "ad", "pattern": "{post_{slot}"}, "brace"),
        ({"from": "ad", "pattern": "{date}_{other}"}, "says nothing"),
        ({"from": "ad", "pattern": "{post}", "post": "x"}, "beside it"),
        ({"from": "ad", "pattern": "a*b*c*{post}"}, "at most"),
        ({"from": "ad", "pattern": "{post}", "words": {"a": 1}}, "words"),
        ({"from": 3, "pattern": "{post}"}, "3"),
        ({"from": "ad", "pattern": "{post}", "patern": "x"}, "patern"),
    ],
)
def test_a_wrong_rule_is_refused_with_what_to_do(table, found):
    with pytest.raises(InputError) as error:
        read_names([{"from": "ad", "pattern": "{post}"}, table])
    assert found in str(error.value)
    assert {problem.column.split(".")[1] for problem in error.value.problems} == {"2"}


def test_what_is_no_list_of_rules_is_refused():
    with pytest.raises(InputError, match="names"):
        read_columns({"names": "ad"})


# ---- a whole export ----


def test_an_export_is_read_in_the_plans_words_and_no_money_is_lost():
    plain, read = rows_by(), rows_by({"from": "ad", "pattern": CONVENTION})
    assert plain.rows["spend"].sum() == read.rows["spend"].sum() == 87.0
    told = read.rows.groupby(["audience", "slot"], dropna=False)["spend"].sum().to_dict()
    assert {key: money for key, money in told.items() if key[1] == key[1]} == dict.fromkeys(
        itertools.product(AUDIENCES, SLOTS), 20.0
    )
    odd = read.rows[read.rows["post"] == "Boost libre"]
    assert odd["spend"].sum() == 7.0
    assert list(odd["audience"]) == ["All"]
    (said,) = [str(warning) for warning in read.warnings if "no naming rule" in str(warning)]
    assert "7 of 87" in said
    assert "Boost libre" in said


def test_the_first_rule_that_fits_counts_and_another_level_fills_what_it_leaves():
    rules = (
        {"from": "ad", "pattern": "{other}_{post}_{audience}_{slot}", "words": {"femmes-niamey": "femmes"}},
        {"from": "ad", "pattern": "Boost {post}", "slot": "soir"},
        {"from": "ad set", "pattern": "{audience}", "words": {"All": "everybody"}},
    )
    history = rows_by(*rules)
    assert set(history.rows["audience"]) == {"parents-abidjan", "femmes", "everybody"}
    assert set(history.rows["post"]) == {"reel", "photo", "libre"}
    assert [str(warning) for warning in history.warnings if "naming" in str(warning)] == []


def test_rules_stand_beside_columns_and_are_chosen_apart():
    columns = ({"file": "*export*", "dates": "day first"}, {"names": [{"from": "ad", "pattern": CONVENTION}]})
    history = read_history(File("export.csv", meta_export()), columns=columns)
    assert set(history.rows["slot"].dropna()) == set(SLOTS)
    elsewhere = ({"names": [{"from": "ad", "pattern": CONVENTION, "file": "*tiktok*"}]},)
    assert read_history(File("export.csv", meta_export()), columns=elsewhere).rows["slot"].isna().all()


def test_a_table_of_the_contract_and_a_foreign_column_are_read_too():
    table = pd.DataFrame(
        {
            "date": ["2026-11-01"] * 2,
            "Tag": ["par/18h", "etu/8h"],
            "spend": [3, 4],
            "clicks": [1, 1],
            "post": ["p", "q"],
        }
    )
    rules = [{"from": "tag", "pattern": "{audience}/{hour}", "words": {"par": "parents"}}]
    history = read_history(table, columns=({"names": rules},), currency="EUR")
    assert list(zip(history.rows["audience"], history.rows["hour"], history.rows["post"], strict=True)) == [
        ("parents", 18, "p"),
        ("etu", 8, "q"),
    ]


def test_rules_for_names_make_no_other_fault_pass():
    table = pd.DataFrame(
        {"date": ["2026-11-01"], "spend": [3], "lead results": [2], "clicks": [1], "post": ["p_q"]}
    )
    doubled = pd.concat([table, table[["spend"]] + 1], axis=1)
    for rules in ((), ({"names": [{"from": "post", "pattern": "{post}_{audience}"}]},)):
        with pytest.raises(InputError, match="spend"):
            read_history(doubled, columns=rules, currency="EUR")


def test_a_rule_about_a_column_that_is_not_there_leaves_all_money_unread_and_says_so():
    history = rows_by({"from": "adname", "pattern": "{audience}"})
    assert any("87 of 87" in str(warning) for warning in history.warnings)


names = st.lists(
    st.tuples(
        st.sampled_from(["a_b", "c_d", "e", "f_g_h", ""]),
        st.sampled_from(["S", "T|u", ""]),
        st.integers(0, 10**6),
    ),
    min_size=1,
    max_size=30,
)


@given(names)
def test_unmapped_money_is_exactly_what_the_total_has_beyond_the_mapped(rows):
    frame = pd.DataFrame(
        {"ad": [r[0] for r in rows], "ad set": [r[1] for r in rows], "spend": [r[2] / 100 for r in rows]}
    )
    rules = (rule(pattern="{post}_{audience}"), rule("ad set", "{channel}|{slot}"))
    naming = naming_of(rules, frame)
    mapped = sum(cents for ad, group, cents in rows if ad in ("a_b", "c_d") and group == "T|u")
    assert round(naming.total * 100) == sum(cents for *_, cents in rows)
    assert round((naming.total - naming.unmapped) * 100) == mapped
    for origin in ("ad", "ad set"):
        assert sum(round(n.spend * 100) for n in naming.names if n.origin == origin) == round(
            naming.total * 100
        )


# ---- proposals ----

PIECES = {
    "date": ["2026-10", "2026-11"],
    "format": ["reel", "photo", "story"],
    "audience": ["zeta", "omicron", "kappa"],
    "slot": ["soir", "matin"],
}


@given(st.permutations(list(PIECES)), st.sampled_from(["_", "|", " - ", "/"]), st.booleans())
def test_a_convention_is_recovered_from_its_names(order, separator, shouted):
    truth = [
        dict(zip(order, pieces, strict=True))
        for pieces in itertools.product(*(PIECES[word] for word in order))
    ]
    ads = [separator.join(one[word].upper() if shouted else one[word] for word in order) for one in truth]
    found = proposed(pd.DataFrame({"ad": ads}), Known(audience=tuple(PIECES["audience"])))
    for ad, one in zip(ads, truth, strict=True):
        (read,) = [each.read(ad) for each in found]
        assert read["audience"] == one["audience"]
        assert read["slot"].casefold() == one["slot"]
        assert {one["date"], one["format"]} <= {part.casefold() for part in read["post"].split(separator)}


def test_a_piece_that_varies_with_the_ad_set_and_not_within_it_is_the_audience():
    rows = [
        (f"set {who}", f"{who}_{topic}_{form}")
        for who, topic, form in itertools.product(("zeta", "kappa"), ("kits", "sacs"), ("reel", "photo"))
    ]
    (found,) = proposed(pd.DataFrame(rows, columns=["ad set", "ad"]))
    assert found.read("zeta_kits_reel") == {"audience": "zeta", "post": "kits_reel"}


def test_known_posts_and_audiences_are_recognised_however_they_are_written():
    ads = ["KitsScolaires|Parents Abidjan", "Sacs_Cartable|Étudiants"]
    known = Known(post=("kits-scolaires", "sacs-cartable"), audience=("parents-abidjan", "etudiants"))
    (found,) = proposed(pd.DataFrame({"ad": ads}), known)
    assert found.read(ads[0]) == {"post": "kits-scolaires", "audience": "parents-abidjan"}
    assert found.read(ads[1]) == {"post": "sacs-cartable", "audience": "etudiants"}


@pytest.mark.parametrize(
    "ads",
    [
        ["Reel; n° 1", "Photo B", "All together"],
        ["Spring sale", "Come and see us"],
        ["x"],
        [""],
        ["a_b", "c_d_e", "f"],
    ],
)
def test_names_without_a_convention_propose_nothing(ads):
    assert proposed(pd.DataFrame({"ad": ads, "ad set": ads})) == ()


@given(st.lists(st.text(max_size=30), min_size=1, max_size=12))
def test_any_names_can_be_looked_at_and_what_is_proposed_is_a_rule(ads):
    found = proposed(pd.DataFrame({"ad": ads, "ad set": ads[::-1]}, dtype=object))
    assert all(isinstance(each, NameRule) and read_names(tables_of([each])) for each in found)


# ---- the command line ----


def called(capsys, *arguments):
    code = main([*arguments, "--json", "--lang", "en"])
    out, err = capsys.readouterr()
    return code, json.loads(out), err


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "export.csv"
    path.write_bytes(meta_export())
    return str(path)


def test_check_proposes_rules_and_says_what_they_read(capsys, export):
    code, document, _ = called(capsys, "check", export)
    assert code == 0
    shown = document["names"]
    assert (shown["proposed"], shown["rules"]) == (True, [{"from": "ad", "pattern": CONVENTION}])
    (file,) = shown["files"]
    assert (file["mapped"], file["unmapped"], file["currency"]) == ("80.00", "7.00", "EUR")
    assert Decimal(file["mapped"]) + Decimal(file["unmapped"]) == Decimal(document["totals"]["spend"])
    assert [each["name"] for each in file["names"] if each["means"] is None] == ["Boost libre"]
    assert document["files"][0]["dimensions"] == ["post", "audience"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_check_shows_people_the_rules_that_count(capsys, export, tmp_path, language):
    mapping = tmp_path / "names.toml"
    mapping.write_text(f'[[names]]\nfrom = "ad"\npattern = "{CONVENTION}"\n')
    assert main(["check", export, "--mapping", str(mapping), "--lang", language]) == 0
    out = capsys.readouterr().out
    assert "Boost libre → –" in out
    assert "slot soir" in out or "créneau soir" in out


def test_a_plan_is_made_in_the_words_of_the_mapping(capsys, export, tmp_path):
    brief, mapping = tmp_path / "brief.toml", tmp_path / "names.toml"
    brief.write_text('budget = 100\ncurrency = "EUR"\nflight = { start = 2026-11-30, days = 7 }\n')
    mapping.write_text(f'[[names]]\nfrom = "ad"\npattern = "{CONVENTION}"\n')
    code, plan, err = called(capsys, "plan", str(brief), "--history", export, "--mapping", str(mapping))
    assert code == 0
    assert set(plan["totals"]["by_slot"]) <= set(SLOTS)
    assert set(plan["totals"]["by_audience"]) <= {*AUDIENCES, "All"}
    assert "no naming rule reads" in err
    mapping.write_text('[[names]]\nfrom = "ad"\npattern = "{pots}"\n')
    code, refused, _ = called(capsys, "plan", str(brief), "--history", export, "--mapping", str(mapping))
    assert (code, refused["schema"]) == (3, "mediaplan/problems/1")
    assert refused["problems"][0]["remedy"] == "Did you mean “post”?"


def test_a_client_remembers_its_rules_and_export_gives_them_back(capsys, tmp_path):
    mapping, kept = tmp_path / "names.toml", str(tmp_path / "w.sqlite")
    mapping.write_text(f'[[names]]\nfrom = "ad"\npattern = "{CONVENTION}"\n')
    for day, options in ((1, ["--mapping", str(mapping)]), (2, [])):
        path = tmp_path / f"day{day}.csv"
        path.write_bytes(meta_export(day=day))
        code, document, _ = called(
            capsys, "import", str(path), "--client", "C", "--workspace", kept, *options
        )
        assert code == 0
        assert "slot" in document["imports"][0]["breakdown"]
        assert document["imports"][0]["mapping"] == {"names": [{"from": "ad", "pattern": CONVENTION}]}
    code, _, _ = called(capsys, "export", "--client", "C", "--workspace", kept, "-o", str(tmp_path / "out"))
    assert code == 0
    code, document, _ = called(
        capsys, "check", str(tmp_path / "day1.csv"), "--mapping", str(tmp_path / "out" / "columns.toml")
    )
    assert (code, document["names"]["proposed"]) == (0, False)
