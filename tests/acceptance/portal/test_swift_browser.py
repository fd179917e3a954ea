# SPDX-License-Identifier: Apache-2.0
"""The pages in Chromium with Debian's Swift, whose forms take uploads: what people do there, and who can read it.

A complaint in the browser's console and a request to anybody but portal, Swift and provider fail each test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.portal.browser_site import MIB, SwiftSite, Visit, Visitor, chromium, swift_site, visits
from tests.acceptance.portal.browser_steps import (
    SCREENS,
    ask_for_limits,
    create_bucket,
    create_project,
    is_stored,
    members_are,
    readable,
)
from tests.integration.clients.programs import python_programs, shell
from tests.swift.person import log_in

PLACE = "/web/swift/genomes"
BUCKET = f"{PLACE}/buckets/raw"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SwiftSite]:
    with swift_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the command swift, which logs in at Keystone."""
    return python_programs(tmp_path_factory.mktemp("swift") / "venv", "python-swiftclient", "python-keystoneclient")


@pytest.fixture
def visit(site: SwiftSite, browser: Browser) -> Iterator[Visit]:
    with visits(site, browser) as visit:
        yield visit


@pytest.fixture(scope="module")
def genomes(site: SwiftSite, browser: Browser) -> None:
    """The project genomes of the group users, with a bucket."""
    for name in ("eve", "ann"):
        with browser.new_context() as context:
            visitor = Visitor(site, context.new_page())
            visitor.sign_in(name)
            if name == "eve":
                create_project(visitor.page, "genomes", "Genomes")
            else:
                visitor.open(PLACE)
                create_bucket(visitor.page, "raw")


def settings_of(page: Page) -> dict[str, str]:
    """What the page of a new key shows, by name."""
    return dict(zip(page.locator("dt").all_inner_texts(), page.locator("dd").all_inner_texts(), strict=True))


@pytest.mark.usefixtures("genomes")
def test_a_person_asks_gets_uses_shares_rotates_and_leaves(
    site: SwiftSite, visit: Visit, programs: Path, tmp_path: Path
) -> None:
    ann, eve = visit("ann").page, visit("eve").page
    ann.get_by_role("link", name="swift", exact=True).click()
    ann.get_by_role("link", name="Requests", exact=True).click()
    ask_for_limits(ann, Size="96", Buckets="5", Reason="a second instrument")
    expect(ann.get_by_role("status")).to_have_text("The request has been sent.")
    eve.get_by_role("link", name="Open requests").click()
    eve.get_by_role("button", name=re.compile("Grant request")).click()
    expect(eve.get_by_role("status")).to_have_text("The request has been answered.")
    ann.get_by_role("link", name="Buckets", exact=True).click()
    expect(ann.locator("main")).to_contain_text("of 96.0 MiB")
    expect(ann.locator("main")).to_contain_text("of 5 buckets")

    create_bucket(ann, "mine")
    ann.get_by_role("link", name="Keys", exact=True).click()
    ann.get_by_label(re.compile("Label")).fill("laptop")
    ann.get_by_role("button", name="Create the key").click()
    key = settings_of(ann)
    (tmp_path / "by key.txt").write_text("by key")
    settings = {name: value for name, value in key.items() if name.startswith("OS_")}
    settings |= {"OS_PASSWORD": key["Secret key"], "OS_CACERT": str(site.swift.keystone.ca_file)}
    said = shell(
        f"swift upload --object-name 'runs/by key.txt' mine '{tmp_path}/by key.txt'",
        "swift list",
        path=programs,
        **settings,
    )
    assert "\nmine\n" in said

    ann.goto(f"{site.portal.url}{PLACE}/buckets/mine?prefix=runs/")
    is_stored(ann, "by key.txt")
    (tmp_path / "by form é.txt").write_text("by form")
    ann.get_by_label(re.compile("File")).set_input_files(tmp_path / "by form é.txt")
    ann.get_by_role("button", name="Upload").click()
    expect(ann.get_by_role("status")).to_have_text("The file has been uploaded.")
    is_stored(ann, "by form é.txt")
    for name, content in (("by key.txt", "by key"), ("by form é.txt", "by form")):
        with ann.expect_download() as download:
            ann.get_by_role("button", name=f"Download runs/{name}").click()
        assert Path(download.value.path()).read_text() == content

    ann.get_by_role("link", name="Share runs/by form é.txt").click()
    ann.get_by_role("button", name="Create a link for 1 hour").click()
    link = ann.get_by_label("Link", exact=True).inner_text().strip()
    assert link.startswith(site.swift.url) and requests.get(link, timeout=30).text == "by form"

    ann.get_by_role("link", name="Back to the bucket").click()
    is_stored(ann, "by key.txt")
    ann.goto(f"{site.portal.url}{PLACE}/keys")
    ann.get_by_label("Old key good for hours").fill("0")
    ann.get_by_role("button", name=f"Rotate {key['Access key']}").click()
    new = settings_of(ann)
    assert log_in(site.swift, new, new["Secret key"]).ask("GET", "mine/runs/by key.txt").text == "by key"
    with pytest.raises(requests.HTTPError, match="401"):
        log_in(site.swift, key, key["Secret key"])

    eve.goto(f"{site.portal.url}/web/projects/genomes/members")
    members_are(eve, "nobody")
    ann.goto(f"{site.portal.url}/web")
    expect(ann.locator("main")).to_contain_text("You do not work in a project yet")
    members_are(eve, "users")


@pytest.mark.usefixtures("genomes")
def test_a_file_beyond_the_quota_is_said_not_to_be_uploaded(site: SwiftSite, visit: Visit, tmp_path: Path) -> None:
    visitor = visit("ann")
    ann = visitor.page
    ann.goto(f"{site.portal.url}{BUCKET}")
    ann.get_by_label("Size").fill("1")
    ann.get_by_label("Unit").select_option("MiB")
    ann.get_by_role("button", name="Set the quota").click()
    expect(ann.get_by_role("status").first).to_have_text("The bucket has been changed.")
    for name, size in (("large.bin", 2 * MIB), ("small.bin", 1)):
        (tmp_path / name).write_bytes(b"x" * size)
    ann.get_by_label(re.compile("File")).set_input_files(tmp_path / "small.bin")
    ann.get_by_role("button", name="Upload").click()
    expect(ann.get_by_role("status")).to_have_text("The file has been uploaded.")
    ann.get_by_label(re.compile("File")).set_input_files(tmp_path / "large.bin")
    ann.get_by_role("button", name="Upload").click()
    # Swift leads nobody back who sends more than the form allows (FormPost middleware).
    expect(ann.locator("body")).to_contain_text("max_file_size exceeded")
    assert ["400 (Bad Request)" in one for one in visitor.said] == [True]
    visitor.said.clear()
    ann.goto(f"{site.portal.url}{BUCKET}")
    is_stored(ann, "small.bin")
    expect(ann.get_by_role("rowheader", name="large.bin")).to_have_count(0)


@pytest.mark.usefixtures("genomes")
def test_a_limit_of_objects_is_refused_in_words(site: SwiftSite, visit: Visit) -> None:
    visitor = visit("ann")
    visitor.open(f"{PLACE}/requests")
    ask_for_limits(visitor.page, Size="96", Buckets="5", Objects="7", Reason="why not")
    expect(visitor.page.locator("main")).to_contain_text(
        "This storage does not limit the number of a project's objects."
    )
    readable(visitor.page)
    assert all("501" in one for one in visitor.said)
    visitor.said.clear()


PAGES = ["/web", PLACE, BUCKET, f"{BUCKET}/delete", f"{BUCKET}/share?key=in/a", f"{PLACE}/keys", f"{PLACE}/requests"]
PAGES += ["/web/projects/genomes/members", "/web/status"]
FOR_ADMINS = ["/web", "/web/requests", "/web/projects/genomes/members", BUCKET]


@pytest.mark.usefixtures("genomes")
@pytest.mark.parametrize("screen", SCREENS)
def test_everybody_can_read_every_page(site: SwiftSite, visit: Visit, screen: str) -> None:
    """By axe: contrast, names, roles, order of headings; and nothing is wider than the screen."""
    size = {"width": SCREENS[screen], "height": 800}
    for name, pages in (("ann", PAGES), ("eve", FOR_ADMINS)):
        page = visit(name, viewport=size).page
        for path in pages:
            page.goto(site.portal.url + path)
            readable(page)
        if name == "ann":
            page.goto(f"{site.portal.url}{PLACE}/keys")
            page.get_by_role("button", name="Create the key").click()
            readable(page)
            page.goto(f"{site.portal.url}{BUCKET}/share?key=in/a")
            page.get_by_role("button", name="Create a link for 1 day").click()
            readable(page)
