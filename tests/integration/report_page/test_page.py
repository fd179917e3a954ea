# SPDX-License-Identifier: Apache-2.0
"""The page in a real browser: nothing is loaded, nothing complains, and everyone can read it."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.html import to_page
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.report_sample import HOSTILE, sample

SCREENS = {"wide": 1200, "phone": 360}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Debian's: Playwright's own comes from a host that need not be reachable. Root has no use for its sandbox.
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium-headless-shell", args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=SCREENS)
def page(request: pytest.FixtureRequest, browser: Browser, scheme: str, tmp_path: Path) -> Iterator[Page]:
    """The sample's page; whatever it asks for or complains about fails the test."""
    file = tmp_path / "report.html"
    file.write_text(to_page(sample()))
    viewport = {"width": SCREENS[request.param], "height": 900}
    with browser.new_context(viewport=viewport, color_scheme=scheme, offline=True) as context:
        shown = context.new_page()
        asked: list[str] = []
        said: list[str] = []
        shown.on("request", lambda wanted: asked.append(wanted.url))
        shown.on("console", lambda message: said.append(message.text))
        shown.on("pageerror", lambda error: said.append(str(error)))
        shown.goto(file.as_uri())
        yield shown
        assert (asked, said) == ([file.as_uri()], [])


def test_the_verdict_stands_at_the_top(page: Page) -> None:
    title = "Failed: head-empty-manifest on http://gw2.example:8080 seen from reg2, and 3 more findings."
    assert (page.title(), page.locator("h1").inner_text()) == (title, title)
    assert page.locator("h1").bounding_box()["y"] < 100


def test_failures_come_first_and_every_probe_has_a_row(page: Page) -> None:
    outcomes = page.locator("#run-1 li.probe").evaluate_all("rows => rows.map(row => row.dataset.outcome)")
    assert outcomes == ["fail", "fail", "warn", "ok", "skip"]
    assert page.locator("h2").all_inner_texts() == [
        "http://gw2.example:8080 as registry:swift, seen from reg2",
        "reg3",
        "http://gw1.example:8080 as registry:swift, seen from reg1",
    ]


def test_outcomes_have_words_and_shapes(page: Page) -> None:
    marks = page.locator("#run-1 .mark")
    assert [text.strip() for text in marks.all_inner_texts()] == ["failed", "failed", "warning", "ok", "skipped"]
    shapes = marks.locator("path").evaluate_all("paths => paths.map(path => path.getAttribute('d'))")
    assert len(shapes) == 5 and len(set(shapes)) == 4


def test_evidence_is_one_click_away(page: Page) -> None:
    failed = page.locator("#run-1 li.probe").first
    assert failed.get_by_text("Upgrade.").is_visible()
    assert not failed.locator("pre").is_visible()
    failed.get_by_text("Evidence: 1 exchange on the wire").click()
    assert "< Content-Length: 0" in failed.locator("pre").inner_text()
    passed = page.locator("#run-3 li.probe").first
    assert not passed.locator("pre").is_visible()
    passed.locator("summary").click()
    assert passed.locator("pre").is_visible()


def test_the_keyboard_opens_a_row(page: Page) -> None:
    passed = page.locator("#run-3 li.probe").first
    passed.locator("summary").focus()
    page.keyboard.press("Enter")
    assert passed.locator("pre").is_visible()


def test_hostile_text_is_shown_and_not_obeyed(page: Page) -> None:
    assert page.locator("script, img").count() == 0
    row = page.locator("#run-1 li.probe", has_text="hostile")
    shown = HOSTILE.replace("\x1b", r"\x1b").replace("\x00", r"\x00").replace("\u202e", r"\u202e")
    assert row.locator("dd").nth(2).inner_text() == shown


def test_the_latency_is_drawn_and_told(page: Page) -> None:
    plot = page.get_by_role("img", name="Latency: p50 1.4 ms, p95 3.6 ms, p99 7.9 ms, max 41 ms, of 1000 answers").first
    assert plot.is_visible()
    heights = plot.locator("rect").evaluate_all("bars => bars.map(bar => bar.getBoundingClientRect().height)")
    assert len(heights) == 7 and max(heights) == heights[1] and min(heights) > 1
    assert page.get_by_text("HEAD, 7142 a second").is_visible()


def test_facts_are_shown_where_they_are_known(page: Page) -> None:
    assert "20.2.4" in page.locator("#run-3").inner_text()
    assert "Version" not in page.locator("#run-1").inner_text()


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    for row in page.locator("details").all():
        row.evaluate("row => { row.open = true }")
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("text").evaluate_all(
        "(texts, width) => texts.every(text => text.getBoundingClientRect().right <= width)", width
    )


def test_everyone_can_read_it(page: Page) -> None:
    """axe: contrast, names, roles, order of headings, in this scheme, with every row open."""
    for row in page.locator("details").all():
        row.evaluate("row => { row.open = true }")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_scheme_is_obeyed(page: Page, scheme: str) -> None:
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour == {"light": "rgb(255, 255, 255)", "dark": "rgb(13, 17, 23)"}[scheme]
