"""Limits on the same sum of money: of all of them the tightest count."""

from __future__ import annotations

from collections.abc import Sequence

from mediaplan.brief.terms import Linear


def is_plain_row(term: Linear) -> bool:
    """Whether it is a limit on money alone that holds."""
    return term.results is None and not term.soft < float("inf")


def tightest(terms: Sequence[Linear]) -> list[int]:
    """Places of the rows that all others follow from, in order.

    Limits on money that weigh the same lines alike are one sum: its largest lower limit and its smallest upper one stand
    for all of them, the first of several. Other rows all count.
    """
    lowest: dict[tuple[bytes, bytes, float, bool], int] = {}
    highest: dict[tuple[bytes, bytes, float, bool], int] = {}
    kept = set()
    for place, term in enumerate(terms):
        if not is_plain_row(term):
            kept.add(place)
            continue
        weights = term.weights
        key = (weights.line.tobytes(), weights.value.tobytes(), weights.common, term.ratio)
        if term.at_least > terms[lowest.setdefault(key, place)].at_least:
            lowest[key] = place
        if term.at_most < terms[highest.setdefault(key, place)].at_most:
            highest[key] = place
    return sorted(kept | set(lowest.values()) | set(highest.values()))
