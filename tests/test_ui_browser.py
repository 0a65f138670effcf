"""The pages in a real browser, started as people start them: from the sample to the files of a plan."""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest
from answered import answer

from mediaplan.answering import Sources
from mediaplan.brief.reading import parse_brief
from mediaplan.worlds.sample import sample_folder

pytestmark = pytest.mark.browser

PATIENCE = 60_000
"""Milliseconds that a page may take: the machines of others are slow."""


@contextmanager
def page_of(chromium, url, locale, width=1300):
    """A fresh page in that locale; whatever it asks for elsewhere than at `url` is an error."""
    context = chromium.new_context(
        locale=locale, timezone_id="Africa/Abidjan", viewport={"width": width, "height": 1000}
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    elsewhere = []
    page.on("request", lambda request: elsewhere.append(request.url) if leaves(request.url, url) else None)
    page.on(
        "websocket",
        lambda socket: (
            elsewhere.append(socket.url) if leaves(socket.url.replace("ws:", "http:"), url) else None
        ),
    )
    page.goto(url)
    settled(page)
    yield page
    assert elsewhere == []
    assert page.locator('[data-testid="stException"]').count() == 0
    context.close()


def leaves(asked, url):
    server = "/".join(url.split("/")[:3])
    return not asked.startswith((server, "data:", "blob:"))


def settled(page):
    """Wait until the script has run and what it shows is there: a click before would interrupt it."""
    page.wait_for_timeout(300)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_function(
        "document.querySelectorAll('[data-stale=\"true\"],[data-testid=stSkeleton]').length === 0"
    )


def click(page, selector):
    page.locator(selector).click()
    settled(page)


def downloaded(page, name):
    with page.expect_download() as waiting:
        page.locator(f".st-key-download_{name.replace('.', '-')} button >> visible=true").first.click()
    assert waiting.value.suggested_filename == name
    return waiting.value.path().read_bytes()


@pytest.mark.parametrize(
    ("locale", "language", "heading"),
    [("fr-FR", "fr", "Où va l’argent"), ("en-GB", "en", "Where the money goes")],
)
def test_from_the_sample_to_the_files_of_a_plan_with_another_budget(
    chromium, ui_url, locale, language, heading
):
    with page_of(chromium, ui_url, locale) as page:
        click(page, ".st-key-field_chosen button >> nth=0")
        click(page, ".st-key-next button")
        click(page, ".st-key-go button")
        page.get_by_role("heading", name=heading).wait_for()
        assert page.evaluate("document.documentElement.lang") == language
        before = page.locator('[data-testid="stMetricValue"]').first.inner_text()
        page.locator('.st-key-field_slider input[type="range"]').press("ArrowRight")
        settled(page)
        page.wait_for_function(
            "before => document.querySelector('[data-testid=\"stMetricValue\"]').innerText !== before",
            arg=before,
        )
        settled(page)
        report, lines, brief, plan = (
            downloaded(page, name) for name in ("report.html", "lines.csv", "brief.toml", "plan.json")
        )

    asked = parse_brief(brief)
    assert asked.budget.amount > 200_000
    folder = sample_folder() / "boutique"
    alone = answer(asked, Sources((folder / "history.csv",), folder / "posts.csv", folder / "audiences.csv"))
    assert json.loads(plan)["lines"] == alone.to_dict(language)["lines"]
    assert lines.decode("utf-8-sig").strip().count("\n") == len(alone.lines_planned)
    assert f'lang="{language}"'.encode() in report
    assert b"http://" not in report.replace(b"http://www.w3.org", b"")


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("data", "What happened so far"),
        ("clients", "Clients"),
        ("plan", "The plan"),
        ("looking-back", "Would it"),
    ],
)
def test_a_page_can_be_opened_by_its_own_address(chromium, ui_url, name, heading):
    with page_of(chromium, f"{ui_url}/{name}", "en-GB") as page:
        page.get_by_role("heading", name=heading).first.wait_for()


def test_on_a_phone_nothing_is_wider_than_the_screen(chromium, ui_url):
    with page_of(chromium, ui_url, "fr-FR", width=390) as page:
        for step in (".st-key-field_chosen button >> nth=0", ".st-key-next button", ".st-key-go button"):
            click(page, step)
            wide = page.evaluate(
                "document.querySelector('[data-testid=\"stMain\"]').scrollWidth - window.innerWidth"
            )
            assert wide <= 0


def test_an_uploaded_file_with_faults_is_refused_in_the_browser(chromium, ui_url):
    with page_of(chromium, ui_url, "en-GB") as page:
        click(page, ".st-key-field_chosen button >> nth=2")
        page.locator('.st-key-upload_history input[type="file"]').set_input_files(
            {
                "name": "mine.csv",
                "mimeType": "text/csv",
                "buffer": b"date,channel,spend,results\n2026-09-01,facebook,-4,2\nsomeday,facebook,4,2\n",
            }
        )
        settled(page)
        page.get_by_text("These files can't be used as they are.").wait_for()
        said = page.locator('[data-testid="stTable"]').inner_text()
        assert "-4" in said
        assert "someday" in said
