# SPDX-License-Identifier: Apache-2.0
"""The pages in Chromium, with a real gateway, registry and provider: what people do there, and who can read it.

A complaint in the browser's console, such as one of the Content-Security-Policy, and a request to anybody but portal,
gateway and provider fail each test.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.portal.browser_site import (
    MIB,
    BrowserSite,
    Visit,
    Visitor,
    browser_site,
    chromium,
    faulty_report,
    visits,
)
from tests.acceptance.portal.browser_steps import SCREENS, create_bucket, create_project, is_stored, program, readable
from tests.registry_images import push_image

PLACE = "/web/ceph/genomes"
BUCKET = f"{PLACE}/buckets/genomes-raw"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserSite]:
    with browser_site(tmp_path_factory.mktemp("site")) as site:
        site.verify(reg2=faulty_report())
        push_image(site.registry, "genomes/caller", "v1", 1000, 2000)
        push_image(site.registry, "zoo/secret", "v1", 10)
        yield site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(site: BrowserSite, browser: Browser) -> Iterator[Visit]:
    with visits(site, browser) as visit:
        yield visit


@pytest.fixture
def ann(visit: Visit) -> Page:
    return visit("ann").page


@pytest.fixture(scope="module")
def genomes(site: BrowserSite, browser: Browser) -> None:
    """The project genomes of the group users, with a bucket."""
    with browser.new_context() as context:
        eve = Visitor(site, context.new_page())
        eve.sign_in("eve")
        create_project(eve.page, "genomes", "Genomes")
    with browser.new_context() as context:
        ann = Visitor(site, context.new_page())
        ann.sign_in("ann")
        ann.open(PLACE)
        create_bucket(ann.page, "genomes-raw")


def key_of(page: Page) -> tuple[str, str]:
    """Access key and secret key that a page shows."""
    _endpoint, key, secret = page.locator("dd code").all_inner_texts()[:3]
    return key, secret


def s3cmd(site: BrowserSite, folder: Path, key: str, secret: str, *arguments: str) -> str:
    """Run s3cmd with a key as its manual says."""
    host, config = f"{site.gateway.host}:{site.gateway.port}", folder / f"{key}.s3cfg"
    config.touch(mode=0o600)
    config.write_text(
        f"[default]\naccess_key = {key}\nsecret_key = {secret}\nhost_base = {host}\nhost_bucket = {host}\n"
    )
    command = [program("s3cmd"), f"--config={config}", "--no-ssl", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def is_refused_by_swift(site: BrowserSite, project: str, secret: str) -> bool:
    """Whether the gateway's swift API takes a key of S3 for no key of its own."""
    login = {"ST_AUTH": f"{site.gateway.url}/auth/v1", "ST_USER": f"portal-{project}", "ST_KEY": secret}
    command = [program("swift"), "--retries=0", "stat"]
    done = subprocess.run(command, env=login, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode != 0 and "Auth GET failed" in done.stderr


@pytest.mark.usefixtures("genomes")
def test_a_person_asks_gets_uses_shares_rotates_and_leaves(site: BrowserSite, visit: Visit, tmp_path: Path) -> None:
    ann, eve = visit("ann").page, visit("eve").page
    ann.get_by_role("link", name="ceph", exact=True).click()
    ann.get_by_role("link", name="Requests", exact=True).click()
    ann.get_by_label("Size").fill("96")
    ann.get_by_label("Unit").select_option("MiB")
    ann.get_by_label("Buckets", exact=True).fill("5")
    ann.get_by_label("Reason").fill("a second instrument")
    ann.get_by_role("button", name="Send the request").click()
    expect(ann.get_by_role("status")).to_have_text("The request has been sent.")
    eve.get_by_role("link", name="Open requests").click()
    eve.get_by_role("button", name=re.compile("Grant request")).click()
    expect(eve.get_by_role("status")).to_have_text("The request has been answered.")
    ann.get_by_role("link", name="Buckets", exact=True).click()
    expect(ann.locator("main")).to_contain_text("of 96.0 MiB")

    create_bucket(ann, "genomes-mine")
    ann.get_by_role("link", name="Keys", exact=True).click()
    ann.get_by_label(re.compile("Label")).fill("laptop")
    ann.get_by_role("button", name="Create the key").click()
    key, secret = key_of(ann)
    (tmp_path / "by key.txt").write_text("by key")
    s3cmd(site, tmp_path, key, secret, "put", str(tmp_path / "by key.txt"), "s3://genomes-mine/runs/by key.txt")
    assert "genomes-mine" in s3cmd(site, tmp_path, key, secret, "ls")
    assert is_refused_by_swift(site, "genomes", secret)

    ann.goto(f"{site.portal.url}{PLACE}/buckets/genomes-mine?prefix=runs/")
    is_stored(ann, "by key.txt")
    with ann.expect_download() as download:
        ann.get_by_role("button", name="Download runs/by key.txt").click()
    assert Path(download.value.path()).read_text() == "by key"

    ann.get_by_role("link", name="Share runs/by key.txt").click()
    ann.get_by_role("button", name="Create a link for 1 hour").click()
    link = ann.get_by_label("Link", exact=True).inner_text().strip()
    assert "X-Amz-Expires=3600" in link and requests.get(link, timeout=30).text == "by key"

    ann.get_by_role("link", name="Back to the bucket").click()
    is_stored(ann, "by key.txt")
    ann.goto(f"{site.portal.url}{PLACE}/keys")
    ann.get_by_label("Old key good for hours").fill("0")
    ann.get_by_role("button", name=f"Rotate {key}").click()
    new_key, new_secret = key_of(ann)
    s3cmd(site, tmp_path, new_key, new_secret, "ls", "s3://genomes-mine")
    with pytest.raises(AssertionError, match="InvalidAccessKeyId"):
        s3cmd(site, tmp_path, key, secret, "ls", "s3://genomes-mine")

    eve.goto(f"{site.portal.url}/web/projects/genomes/members")
    eve.get_by_label(re.compile("Groups")).fill("nobody")
    eve.get_by_role("button", name="Change the members").click()
    expect(eve.get_by_role("status")).to_have_text("The members have been changed.")
    ann.goto(f"{site.portal.url}/web")
    expect(ann.locator("main")).to_contain_text("You do not work in a project yet")
    eve.get_by_label(re.compile("Groups")).fill("users")
    eve.get_by_role("button", name="Change the members").click()


def takes_scripts(site: BrowserSite, bucket: str) -> bool:
    """Whether the gateway lets scripts of the portal's pages send files to a bucket."""
    asked = {"Origin": site.portal.url, "Access-Control-Request-Method": "POST"}
    answer = requests.options(f"{site.gateway.url}/{bucket}", headers=asked, timeout=30)
    return answer.headers.get("Access-Control-Allow-Origin") == site.portal.url


@pytest.mark.usefixtures("genomes")
def test_several_files_are_uploaded_with_progress(site: BrowserSite, ann: Page, tmp_path: Path) -> None:
    ann.goto(f"{site.portal.url}{BUCKET}?prefix=in/")
    names = ["one é.bin", 'two "quoted".bin', "three.bin"]
    for number, name in enumerate(names):
        (tmp_path / name).write_bytes(bytes([number]) * (3 * MIB))
    ann.evaluate(
        """() => {
            window.seen = [];
            new MutationObserver(() => window.seen.push(...[...document.querySelectorAll('.uploads span')].map(
                one => one.textContent))).observe(document.body, {subtree: true, childList: true, characterData: true});
            addEventListener('pagehide', () => sessionStorage.setItem('seen', JSON.stringify(window.seen)));
        }"""
    )
    ann.get_by_label(re.compile("File")).set_input_files([tmp_path / name for name in names])
    ann.get_by_role("button", name="Upload").click()
    expect(ann.get_by_role("status").first).to_have_text("The file has been uploaded.")
    for name in names:
        is_stored(ann, name)
    expect(ann.get_by_role("row", name=re.compile("three"))).to_contain_text("3.0 MiB")
    seen = json.loads(ann.evaluate("sessionStorage.getItem('seen')"))
    assert {"waits", "100 %", "uploaded"} <= set(seen)


@pytest.mark.usefixtures("genomes")
def test_a_file_beyond_the_quota_is_said_not_to_be_uploaded(site: BrowserSite, visit: Visit, tmp_path: Path) -> None:
    visitor = visit("ann")
    ann = visitor.page
    ann.goto(f"{site.portal.url}{PLACE}")
    ann.get_by_label("Size").fill("1")
    ann.get_by_label("Unit").select_option("MiB")
    create_bucket(ann, "genomes-small")
    assert not takes_scripts(site, "genomes-small"), "who only looks at the page changes nothing on the gateway"
    (tmp_path / "large.bin").write_bytes(b"x" * (2 * MIB))
    (tmp_path / "small.bin").write_bytes(b"x")
    ann.get_by_label(re.compile("File")).set_input_files([tmp_path / "large.bin", tmp_path / "small.bin"])
    ann.get_by_role("button", name="Upload").click()
    large, small = ann.locator(".uploads li").all()
    expect(large).to_contain_text("not uploaded: there is no room left")
    expect(small).to_contain_text("uploaded")
    expect(ann.get_by_role("status").last).to_have_text("1 of 2 files uploaded. Show them")
    assert takes_scripts(site, "genomes-small")
    assert Axe().run(ann).violations_count == 0
    # The browser's own words for the answer.
    assert [visitor.said.pop()] == ["Failed to load resource: the server responded with a status of 403 (Forbidden)"]
    ann.get_by_role("link", name="Show them").click()
    is_stored(ann, "small.bin")
    expect(ann.get_by_role("rowheader", name="large.bin")).to_have_count(0)


@pytest.mark.usefixtures("genomes")
def test_an_upload_can_be_cancelled(site: BrowserSite, ann: Page, tmp_path: Path) -> None:
    ann.goto(f"{site.portal.url}{BUCKET}")
    slow = ann.context.new_cdp_session(ann)
    slow.send("Network.enable")
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 256 * 1024}
    slow.send("Network.emulateNetworkConditions", conditions)
    for name in ("first.bin", "second.bin"):
        (tmp_path / name).write_bytes(b"x" * (4 * MIB))
    ann.get_by_label(re.compile("File")).set_input_files([tmp_path / "first.bin", tmp_path / "second.bin"])
    ann.get_by_role("button", name="Upload").click()
    for name in ("second.bin", "first.bin"):
        ann.get_by_role("button", name=f"Cancel {name}").click()
    for row in ann.locator(".uploads li").all():
        expect(row).to_contain_text("cancelled")
    expect(ann.get_by_role("status").last).to_have_text("0 of 2 files uploaded. ")
    slow.detach()
    ann.goto(f"{site.portal.url}{BUCKET}")
    expect(ann.get_by_role("rowheader", name=re.compile("first|second"))).to_have_count(0)


@pytest.mark.usefixtures("genomes")
def test_a_script_that_the_portal_refuses_leaves_the_form(site: BrowserSite, visit: Visit, tmp_path: Path) -> None:
    visitor = visit("ann")
    ann = visitor.page
    ann.goto(f"{site.portal.url}{BUCKET}?prefix=form/")
    ann.route("**/uploads", lambda route: route.abort())
    (tmp_path / "form.txt").write_text("form")
    ann.get_by_label(re.compile("File")).set_input_files(tmp_path / "form.txt")
    ann.get_by_role("button", name="Upload").click()
    expect(ann.get_by_role("status").last).to_contain_text("the form uploads one file at a time")
    assert ann.locator(".uploads li").count() == 0
    assert [visitor.said.pop()] == ["Failed to load resource: net::ERR_FAILED"]
    ann.get_by_role("button", name="Upload").click()
    expect(ann.get_by_role("status").first).to_have_text("The file has been uploaded.")
    is_stored(ann, "form.txt")

    # The form would send all files that are chosen, and the gateway would take one of them.
    for name in ("left.txt", "right.txt"):
        (tmp_path / name).write_text(name)
    ann.get_by_label("Files for form/").set_input_files([tmp_path / "left.txt", tmp_path / "right.txt"])
    ann.get_by_role("button", name="Upload").click()
    expect(ann.get_by_role("status").last).to_contain_text("Choose one of them.")
    assert [visitor.said.pop()] == ["Failed to load resource: net::ERR_FAILED"]
    assert ann.get_by_label("File for form/").evaluate("one => one.files.length") == 0
    ann.get_by_label("File for form/").set_input_files(tmp_path / "right.txt")
    ann.get_by_role("button", name="Upload").click()
    is_stored(ann, "right.txt")
    expect(ann.get_by_role("rowheader", name="left.txt")).to_have_count(0)


@pytest.mark.usefixtures("genomes")
def test_without_javascript_a_file_is_uploaded_by_the_form(site: BrowserSite, visit: Visit, tmp_path: Path) -> None:
    page = visit("ann", java_script_enabled=False).page
    page.goto(f"{site.portal.url}{BUCKET}?prefix=plain/")
    (tmp_path / "plain.txt").write_text("plain")
    page.get_by_label(re.compile("File")).set_input_files(tmp_path / "plain.txt")
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("status")).to_have_text("The file has been uploaded.")
    is_stored(page, "plain.txt")


@pytest.mark.usefixtures("genomes")
def test_images_are_listed_with_commands(site: BrowserSite, ann: Page) -> None:
    ann.goto(f"{site.portal.url}{PLACE}")
    ann.get_by_role("link", name="Images in registry").click()
    assert "secret" not in ann.content()
    ann.get_by_role("link", name="caller", exact=True).click()
    host = site.registry.url.partition("//")[2]
    expect(ann.get_by_role("row", name=re.compile("^v1"))).to_contain_text(f"docker pull {host}/genomes/caller:v1")


@pytest.mark.usefixtures("genomes")
def test_the_keyboard_alone_creates_a_bucket(site: BrowserSite, ann: Page) -> None:
    ann.goto(f"{site.portal.url}/web")
    ann.keyboard.press("Tab")
    expect(ann.get_by_role("link", name="Skip to the content")).to_be_focused()
    tab_to(ann, ann.get_by_role("link", name="ceph", exact=True))
    ann.keyboard.press("Enter")
    ann.wait_for_url(f"**{PLACE}")
    tab_to(ann, ann.get_by_label("Name"))
    ann.keyboard.type("genomes-typed")
    tab_to(ann, ann.get_by_label("Size"))
    ann.keyboard.type("1")
    tab_to(ann, ann.get_by_role("button", name="Create the bucket"))
    ann.keyboard.press("Enter")
    expect(ann.get_by_role("status").first).to_have_text("The bucket has been created.")
    expect(ann.get_by_role("heading", level=1)).to_have_text("Bucket genomes-typed")
    expect(ann.locator("main")).to_contain_text("of 1.0 GiB")


def tab_to(page: Page, wanted: object) -> None:
    """Press Tab until an element has the focus, which has to be seen."""
    for _number in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        if wanted.evaluate("one => one === document.activeElement"):  # type: ignore[attr-defined]
            return
    raise AssertionError("Tab does not lead there")


PAGES = ["/web", PLACE, BUCKET, f"{BUCKET}/delete", f"{BUCKET}/share?key=in/a", f"{PLACE}/keys", f"{PLACE}/requests"]
PAGES += ["/web/registries/registry/genomes", "/web/registries/registry/genomes?repository=genomes/caller"]
PAGES += ["/web/projects/genomes/members", "/web/status", "/"]
FOR_ADMINS = ["/web", "/web/requests", "/web/projects/genomes/members", "/web/status", BUCKET]


@pytest.mark.usefixtures("genomes")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_everybody_can_read_every_page(site: BrowserSite, visit: Visit, screen: str, scheme: str) -> None:
    """By axe: contrast, names, roles, order of headings; and nothing is wider than the screen."""
    size = {"width": SCREENS[screen], "height": 800}
    for name, pages in (("ann", PAGES), ("eve", FOR_ADMINS)):
        page = visit(name, viewport=size, color_scheme=scheme).page
        for path in pages:
            page.goto(site.portal.url + path)
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            readable(page)
        if name == "ann":
            page.goto(f"{site.portal.url}{PLACE}/keys")
            page.get_by_role("button", name="Create the key").click()
            readable(page)
            page.goto(f"{site.portal.url}{BUCKET}/share?key=in/a")
            page.get_by_role("button", name="Create a link for 1 day").click()
            readable(page)


def test_somebody_without_a_project_and_a_page_that_is_not_there_can_be_read(
    site: BrowserSite, browser: Browser
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site.portal.url}/web/signed-in?state=a&code=b")
        assert "You are not signed in" in page.content()
        readable(page)
