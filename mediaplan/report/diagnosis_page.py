"""A diagnosis as one HTML file that needs nothing else, looking like the report on a plan."""

from __future__ import annotations

from mediaplan.report import drawing
from mediaplan.report.diagnosis_shown import diagnosis_shown
from mediaplan.report.html import broken, template
from mediaplan.response.diagnosis.diagnoses import Diagnosis
from mediaplan.words import Words


def diagnosis_page(diagnosis: Diagnosis, words: Words) -> str:
    """The diagnosis as a page of its own.

    Args:
        diagnosis: What to show.
        words: In which language.

    Returns:
        A whole HTML document.
    """
    return template("diagnosis_page.html.jinja").render(
        text=words.text,
        say=words.say,
        language=words.language,
        diagnosis=diagnosis_shown(diagnosis, words, alone=True),
        interval=drawing.interval,
        bar=drawing.bar,
        broken=broken,
    )
