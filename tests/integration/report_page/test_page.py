# SPDX-License-Identifier: Apache-2.0
"""The page in a real browser: nothing is loaded, nothing complains, and everyone can read it."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.html import to_page
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.json import document, run_of
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.report_sample import HOSTILE, faulty, sample

SCREENS = {"wide": 1200, "phone": 360}
ALONE = document([run_of("reg2", {**faulty(), "endpoint": "http://gw2.example:8080"})])


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


@contextmanager
def opened(browser: Browser, file: Path, report: dict[str, Any], **options: Any) -> Iterator[Page]:
    """The report's page; whatever it asks for or complains about fails the test."""
    file.write_text(to_page(report))
    with browser.new_context(offline=True, **options) as context:
        shown = context.new_page()
        asked: list[str] = []
        said: list[str] = []
        shown.on("request", lambda wanted: asked.append(wanted.url))
        shown.on("console", lambda message: said.append(message.text))
        shown.on("pageerror", lambda error: said.append(str(error)))
        shown.goto(file.as_uri())
        yield shown
        assert (asked, said) == ([file.as_uri()], [])


@pytest.fixture(params=SCREENS)
def page(request: pytest.FixtureRequest, browser: Browser, scheme: str, tmp_path: Path) -> Iterator[Page]:
    """The sample's page on a screen, in a colour scheme."""
    viewport = {"width": SCREENS[request.param], "height": 900}
    with opened(browser, tmp_path / "report.html", sample(), viewport=viewport, color_scheme=scheme) as shown:
        yield shown


@pytest.fixture
def alone(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The page of a report with one run."""
    with opened(browser, tmp_path / "alone.html", ALONE) as shown:
        yield shown


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(row => { row.open = true })")


def test_the_verdict_stands_at_the_top(page: Page) -> None:
    title = (
        "Failed: head-empty-manifest on http://gw2.example:8080 seen from reg2, and 3 more findings. "
        "Under load: 10,000 objects, 3 wrong answers."
    )
    assert (page.title(), page.locator("h1").inner_text()) == (title, title)
    assert page.locator("h1").bounding_box()["y"] < 100


def test_failures_come_first_and_every_probe_has_a_row(page: Page) -> None:
    assert page.locator("#run-1 .finding .mark").all_inner_texts() == ["failed", "failed", "warning", "failed"]
    outcomes = page.locator("#run-1 li.probe").evaluate_all("rows => rows.map(row => row.dataset.outcome)")
    assert outcomes == ["fail", "fail", "warn", "ok", "skip"]
    assert page.locator("section.run h2").all_inner_texts() == [
        "http://gw2.example:8080 as registry:swift, seen from reg2",
        "reg3",
        "http://gw1.example:8080 as registry:swift, seen from reg1",
    ]


def test_outcomes_have_words_and_shapes(alone: Page) -> None:
    marks = alone.locator("ul.probes .mark")
    assert [text.strip() for text in marks.all_inner_texts()] == ["failed", "failed", "warning", "ok", "skipped"]
    shapes = marks.locator("path").evaluate_all("paths => paths.map(path => path.getAttribute('d'))")
    assert len(shapes) == 5 and len(set(shapes)) == 4


def test_evidence_is_one_click_away(page: Page) -> None:
    failed = page.locator("#run-1 .finding").first
    assert failed.get_by_text("Upgrade.").first.is_visible()
    assert not failed.locator("pre").first.is_visible()
    failed.get_by_text("Evidence: 1 exchange on the wire").click()
    assert "< Content-Length: 0" in failed.locator("pre").first.inner_text()


def test_the_keyboard_opens_a_row(alone: Page) -> None:
    passed = alone.locator("li.probe[data-outcome=ok]").first
    passed.locator("summary").focus()
    assert not passed.locator("pre").is_visible()
    alone.keyboard.press("Enter")
    assert passed.locator("pre").is_visible()


def test_the_first_key_leads_to_the_content(page: Page) -> None:
    page.keyboard.press("Tab")
    skip = page.locator(".skip-link")
    assert skip.evaluate("link => link === document.activeElement") and skip.bounding_box()["x"] >= 0


def test_what_has_the_focus_has_an_outline(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert page.evaluate("document.activeElement !== document.body") and outline == "solid"


def test_a_cell_of_the_matrix_leads_to_its_finding(page: Page) -> None:
    page.locator("#probes td.fail a").first.click()
    target = page.locator(".finding:target")
    assert target.count() == 1 and target.is_visible()
    assert target.bounding_box()["y"] < 900


def test_wide_tables_scroll_and_keep_the_names_of_their_rows(page: Page) -> None:
    for table in page.locator(".wide").all():
        if table.evaluate("table => table.scrollWidth > table.clientWidth"):
            table.evaluate("table => { table.scrollLeft = 1000 }")
            left = table.bounding_box()["x"]
            for head in table.locator("tbody th[scope=row]").all():
                assert head.bounding_box()["x"] < left + 3


def test_hostile_text_is_shown_and_not_obeyed(page: Page) -> None:
    assert page.locator("script, img").count() == 0
    finding = page.locator("#run-1 .finding", has_text="hostile")
    shown = HOSTILE.replace("\x1b", r"\x1b").replace("\x00", r"\x00").replace("\u202e", r"\u202e")
    assert finding.locator("dd").nth(2).inner_text() == shown


def test_the_latency_is_drawn_and_told(page: Page) -> None:
    told = "Latency: p50 1.4 ms, p95 3.6 ms, p99 7.9 ms, max 41 ms, of 1,000 answers"
    plot = page.get_by_role("img", name=told).first
    assert plot.is_visible()
    heights = plot.locator("rect").evaluate_all("bars => bars.map(bar => bar.getBoundingClientRect().height)")
    assert len(heights) == 7 and max(heights) == heights[1] and min(heights) > 1
    assert page.get_by_role("cell", name="7,142 a second").is_visible()


def test_no_label_of_a_drawing_is_crossed(page: Page) -> None:
    crossed = """plot => {
        const boxes = kind => [...plot.querySelectorAll(kind)].map(part => part.getBoundingClientRect());
        const crosses = (line, text) =>
            line.left > text.left && line.left < text.right && line.top < text.bottom && line.bottom > text.top;
        return boxes('text').filter(text => boxes('.percentile').some(line => crosses(line, text))).length;
    }"""
    for plot in page.locator("figure svg").all():
        assert plot.evaluate(crossed) == 0


def test_facts_are_shown_where_they_are_known(page: Page) -> None:
    assert "20.2.4 (Tentacle): maintained" in page.locator("#run-3 dl").inner_text()
    assert "the gateway does not tell its version" in page.locator("#run-1 > dl").inner_text()


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    open_all(page)
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("figure text").evaluate_all(
        "(texts, width) => texts.every(text => text.getBoundingClientRect().right <= width)", width
    )


def test_everyone_can_read_it(page: Page) -> None:
    """axe: contrast, names, roles, order of headings, in this scheme, with every row open."""
    open_all(page)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_everyone_can_read_a_report_of_one_run(alone: Page) -> None:
    open_all(alone)
    found = Axe().run(alone)
    assert found.violations_count == 0, found.generate_report()


def test_the_scheme_is_obeyed(page: Page, scheme: str) -> None:
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour == {"light": "rgb(255, 255, 255)", "dark": "rgb(13, 17, 23)"}[scheme]


def test_nothing_moves(page: Page) -> None:
    """Neither for who prefers reduced motion nor for anybody else."""
    moves = """part => {
        const style = getComputedStyle(part);
        return style.transitionDuration !== '0s' || style.animationName !== 'none' || style.scrollBehavior !== 'auto';
    }"""
    assert not page.evaluate(f"[...document.querySelectorAll('*')].some({moves})")


def test_paper_is_white_and_shows_the_evidence_of_findings(page: Page) -> None:
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    evidence = page.locator("#run-1 .finding .evidence pre:not(.copy)").first
    assert evidence.bounding_box()["height"] > 0
    assert not page.locator(".skip-link").is_visible()
    after = page.locator("#run-1 .finding dd a").first.evaluate("link => getComputedStyle(link, '::after').content")
    assert after not in ("none", "normal")
