"""The bundled samples: their files, and the briefs to start from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from mediaplan.brief.briefs import Brief
from mediaplan.brief.reading import read_brief
from mediaplan.ui.loading import Files
from mediaplan.words import Sentence
from mediaplan.worlds.sample import sample_folder

NAMES: Mapping[str, Sentence] = {
    "boutique": Sentence("Sample: shop"),
    "agency": Sentence("Sample: agency"),
}
"""The samples by their folder, with what the page calls them."""


@lru_cache
def sample_files(sample: str) -> Files:
    """The tables of a sample."""
    return Files.at(sample_folder() / sample)


@lru_cache
def sample_briefs(sample: str) -> Mapping[str, Brief]:
    """The briefs of a sample by the names of their files, the one with the sample's own name first."""
    found = {}
    for path in sorted((sample_folder() / "briefs").glob("*.toml"), key=lambda p: (p.stem != sample, p.stem)):
        brief = read_brief(path)
        if any(sample in Path(name).parts for name in brief.data.history):
            found[path.name] = brief
    return found
