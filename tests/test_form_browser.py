"""The form of the brief in a real browser, in French, on a phone: a rule from the list of rules to the plan's file."""

from __future__ import annotations

import pytest
from test_ui_browser import click, page_of, settled

from mediaplan.brief.reading import parse_brief
from mediaplan.brief.rules import Spend

pytestmark = pytest.mark.browser


def test_a_rule_is_chosen_from_the_list_filled_in_refused_mended_and_downloaded(chromium, ui_url):
    with page_of(chromium, ui_url, "fr-FR", width=400) as page:
        click(page, ".st-key-field_chosen button >> nth=0")
        click(page, ".st-key-next button")
        page.get_by_role("button", name="Ajouter une règle").first.click()
        click(page, ".st-key-add_rules_spend button")
        assert page.locator('[data-testid="stPopoverBody"]').count() == 0
        most = page.locator(".st-key-field_rules_6_at_most input")
        most.fill("beaucoup")
        most.press("Enter")
        settled(page)
        assert "beaucoup" in page.locator(".st-key-rules_6").inner_text()
        assert page.locator(".st-key-go").count() == 0
        most.fill("12 500")
        most.press("Enter")
        settled(page)
        page.get_by_text("dépense sur toutes les lignes").wait_for()
        wide = "document.querySelector('[data-testid=\"stMain\"]').scrollWidth - window.innerWidth"
        assert page.evaluate(wide) <= 0
        with page.expect_download() as waiting:
            page.locator(".st-key-download_brief button").click()
        brief = parse_brief(waiting.value.path().read_bytes())
    assert brief.rules[-1] == Spend(at_most=12_500).in_currency("XOF")
