"""The text of a rate card, of which digests are taken: as pandas writes the same table."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from mediaplan.history.reading.ratecards import read_rates

NAMES = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
FIGURES = st.floats(1e-9, 1e12, allow_nan=False)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, NAMES, FIGURES, FIGURES, FIGURES), min_size=1, max_size=5))
def test_the_text_of_a_card_is_the_table_that_pandas_writes(tiers):
    frame = pd.DataFrame(tiers, columns=["channel", "slot", "cost", "results", "up_to"])
    card = read_rates(frame)
    assert card.text == card.rows.to_csv(index=False, lineterminator="\n")
    assert card.rows["cost"].tolist() == frame["cost"].tolist()
