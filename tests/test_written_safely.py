"""Names in the CSV files that mediaplan writes: no spreadsheet of any country takes them for formulas, none is changed on the way back."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from plans_by_hand import plan_of

from mediaplan.brief.briefs import Brief
from mediaplan.report.files import harmless, launch_csv, lines_csv
from mediaplan.words import Words
from mediaplan.workspace.plain import table_csv, table_from

STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
NASTY = [
    "a;=1+1",
    "a,=1+1",
    'a;"=1+1;b',
    'a,"=1+1,b',
    "a; =1+1",
    "a\n=1+1",
    "a\r=1+1;b",
    ";=1",
    "a;\n+1",
    "x;-2+3;y",
    "=1;=2",
]

nasty = st.text(alphabet=";,'\"=+-@ \t\r\n\uff1d1a", min_size=1, max_size=12)


def cells_elsewhere(content, separator):
    """The cells as a spreadsheet sees them that parts lines at another separator: a quote counts at a cell's beginning only."""
    text = content.decode("utf-8-sig")
    return [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", NASTY)
def test_no_cell_is_a_formula_in_a_spreadsheet_of_any_country(name, language):
    said = Words(language)
    brief = Brief(name=name, budget=1_000, currency="XOF", start="2026-01-01", days=3)
    plan = plan_of(brief, ((name, name, name, name, 1_000, 2.0),))
    for content in (lines_csv(plan, said), launch_csv(plan, said)):
        for separator in ",;":
            assert not [c for c in cells_elsewhere(content, separator) if c.strip(' "').startswith(STARTS)]


@given(nasty, st.sampled_from(",;"))
@example('a;"=1+1;b', ",")
def test_what_is_made_harmless_loses_nothing_but_gains_apostrophes(text, separator):
    safe = harmless(text, separator)
    assert safe.replace("'", "") == text.replace("'", "")
    assert harmless("promo 1+1, -20 %", ",") == "promo 1+1, -20 %"


@given(st.lists(nasty, min_size=1, max_size=4), nasty.filter(lambda kind: kind.strip() == kind))
@example(["a;'b", "'", "''a", "a;=x", "a\r=x", "\n'=x"], "lead;=x")
def test_an_exported_table_gives_back_every_name_to_the_letter(names, kind):
    rows = pd.DataFrame({"post": pd.Series(names, dtype="str"), f"results:{kind}": [1.0] * len(names)})
    content = table_csv(rows)
    assert table_from(content, list(rows.columns), "x.csv")["post"].tolist() == names
    assert not [c for c in cells_elsewhere(content, ";") if c.lstrip(' "').startswith(STARTS)]
