"""Tables of people's own with headers in their language: what is meant is asked, and nothing is left out in silence."""

from __future__ import annotations

import pytest

import mediaplan as mp
from mediaplan.history.columns.columns import AUDIENCES, HISTORY, POSTS
from mediaplan.history.columns.foreign import CALLED, MEANT
from mediaplan.history.files.sources import File


def read(text: str, *columns: dict) -> mp.History:
    return mp.read_history(File("boosts.csv", text.encode()), columns=columns, currency="EUR")


def test_a_required_column_is_looked_for_by_what_it_is_called_elsewhere():
    with pytest.raises(mp.InputError) as raised:
        read("Datum;Kanaal;Kosten;Resultaten\n2026-10-05;facebook;12;3\n")
    said = {str(problem.column): str(problem.remedy) for problem in raised.value.problems}
    assert 'spend = "kosten"' in said["spend"].lower()
    assert 'results = "resultaten"' in said["results"].lower()


def test_a_breakdown_that_is_called_otherwise_is_named_in_a_warning():
    history = read(
        "date;canal;Cible;créneau;dépense;résultats;couleur\n2026-10-05;facebook;parents;soir;12;3;bleu\n",
        {"spend": "dépense", "results": "résultats"},
    )
    said = " ".join(map(str, history.warnings))
    for header, column in {"canal": "channel", "Cible": "audience", "créneau": "slot"}.items():
        assert f"“{header}” was not read; did you mean “{column}”" in said
    assert "couleur" not in said


def test_a_word_stands_for_one_column():
    words = [word for several in CALLED.values() for word in several.split()]
    assert len(words) == len(set(words)) == len(MEANT)


def test_words_are_of_columns_that_tables_have():
    assert set(CALLED) <= {*HISTORY, *POSTS, *AUDIENCES}
