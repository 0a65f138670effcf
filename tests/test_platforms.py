"""Every shape of every platform, in every language: right to the cent, or refused for the right reason."""

from __future__ import annotations

from decimal import Decimal

import pytest
from exports_by_platform import EXPORTS
from exports_by_platform.account import Export

from mediaplan.errors import InputError
from mediaplan.history.checking.checking import checked
from mediaplan.history.reading.reading import File, read_history


def file(export: Export, name: str = "any name") -> File:
    return File(name, export.content)


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_every_shape_is_read_to_the_cent_whatever_its_name(export):
    (found,) = checked(file(export)).files
    assert found.platform == export.platform
    assert found.kind == "history"
    assert found.language == export.language
    assert found.encoding == export.encoding
    assert (found.rows, found.dropped) == (export.rows, export.dropped)
    if not export.rows:
        assert len(found.problems) == 1
        assert found.figures.spend == {}
        return
    digits = 0 if export.currency == "XOF" else 2
    assert found.figures.spend == {export.currency: str(export.spend.quantize(Decimal(1).scaleb(-digits)))}
    assert found.figures.counts == {"impressions": export.impressions, "clicks": export.clicks}
    assert found.figures.results == export.results
    assert (found.figures.first, found.figures.last) == (export.first, export.last)
    assert set(found.dimensions) == set(export.dimensions)


def test_there_are_shapes_enough():
    assert len(EXPORTS) >= 30
    assert {export.language for export in EXPORTS} >= {"en", "fr", "es", "pt", "de", "nl", None}


@pytest.mark.parametrize("export", [e for e in EXPORTS if e.first and e.rows], ids=lambda export: export.name)
def test_a_history_reads_the_same_directly(export):
    history = read_history(file(export))
    assert history.currency == export.currency
    assert round(Decimal(history.rows["spend"].sum()), 4) == export.spend
    for kind, count in export.results.items():
        assert history.rows[f"results:{kind}"].sum() == count
    if "channels" in export.extra:
        assert set(history.rows["channel"]) == export.extra["channels"]
    if "audiences" in export.extra:
        assert set(history.rows["audience"]) == export.extra["audiences"]
    if "hours" in export.extra:
        assert set(history.rows["hour"]) == export.extra["hours"]


@pytest.mark.parametrize("export", [e for e in EXPORTS if not e.rows], ids=lambda export: export.name)
def test_an_empty_report_is_no_history(export):
    with pytest.raises(InputError, match="no rows"):
        read_history(file(export))
