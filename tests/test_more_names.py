"""A history told in other names that hold its own too, as beside a rate card: each row stays what it was of."""

from __future__ import annotations

import numpy as np

from mediaplan.response.given.more_names import recoded

KNOWN = {"post": ("b", "d"), "channel": ("tv",), "audience": (), "slot": ("soir",)}
NAMES = {
    "post": ("a", "b", "c", "d"),
    "channel": ("radio", "tv"),
    "audience": ("x",),
    "slot": ("matin", "soir"),
}


def test_rows_keep_their_names_and_what_has_none_here_gets_none():
    codes = np.array([[0, 0, -1, 0], [1, -1, -1, -1], [-1, 0, -1, 1], [-1, 0, -1, 2]], dtype=np.int32)
    found = recoded(codes, KNOWN, NAMES)
    assert found.tolist() == [[1, 1, -1, 1], [3, -1, -1, -1], [-1, 1, -1, 2], [-1, 1, -1, 3]]
    assert codes[0, 0] == 0  # what was given is not changed
