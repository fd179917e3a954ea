# SPDX-License-Identifier: Apache-2.0
"""The pages: signing in, what people do there, and what others try."""

from __future__ import annotations

import html
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.playbooks import free_port
from tests.portal import RunningPortal, running_portal
from tests.services.portal.conftest import PROXY_SECRET, secret_file, settings
from tests.services.portal.issuer import CLIENT_ID, CLIENT_SECRET, Issuer, running_issuer

RECHECK_S = 1


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, issuer: Issuer) -> Iterator[RunningPortal]:
    folder, port = tmp_path_factory.mktemp("web"), free_port()
    web = {
        "url": f"http://127.0.0.1:{port}",
        "client_id": CLIENT_ID,
        "client_secret_file": secret_file(folder, "client.secret", CLIENT_SECRET),
        "recheck_s": RECHECK_S,
    }
    given = settings(folder, issuer, web=web, port=port)
    with running_portal(folder, "tests.services.portal.serve", **given) as portal:
        yield portal


@dataclass
class Browser:
    """Follows links and sends forms as a browser without JavaScript does."""

    portal: RunningPortal
    session: requests.Session = field(default_factory=requests.Session)
    page: str = ""

    def open(self, path: str, **options: object) -> requests.Response:
        answer = self.session.get(self.portal.url + path, timeout=30, **options)
        self.page = answer.text
        return answer

    def token(self) -> str:
        found = re.search(r'name="token" value="([0-9a-f]+)"', self.page)
        assert found, self.page
        return found[1]

    def send(self, path: str, origin: str | None = "", **fields: str) -> requests.Response:
        headers = {"Origin": origin or self.portal.url} if origin is not None else {}
        data = {"token": self.token(), **fields}
        answer = self.session.post(self.portal.url + path, data, headers=headers, timeout=30, allow_redirects=False)
        if answer.is_redirect and answer.headers["Location"].startswith("/"):
            self.open(answer.headers["Location"])
        else:
            self.page = answer.text
        return answer


def signed_in(portal: RunningPortal, issuer: Issuer, name: str, *groups: str) -> Browser:
    issuer.person = {"sub": name, "groups": list(groups)}
    browser = Browser(portal)
    answer = browser.open("/web")
    assert answer.status_code == 200 and answer.url == f"{portal.url}/web", answer.text
    return browser


@pytest.fixture
def project(portal: RunningPortal, issuer: Issuer) -> str:
    """The name of a project of ann's."""
    name = f"p{secrets.token_hex(4)}"
    admin = issuer.token("eve", ["admins"])
    answer = portal.ask("POST", "/v1/projects", admin, json={"name": name, "people": ["ann"]})
    assert answer.status_code == 201, answer.text
    return name


@pytest.fixture
def ann(portal: RunningPortal, issuer: Issuer) -> Browser:
    return signed_in(portal, issuer, "ann", "users")


def test_who_is_not_signed_in_is_led_to_the_issuer_and_back(portal, issuer, project):
    issuer.person = {"sub": "ann", "groups": ["users"]}
    browser = Browser(portal)
    answer = browser.open(f"/web/dummy/{project}")
    assert answer.status_code == 200 and urlsplit(answer.url).path == f"/web/dummy/{project}"
    assert [urlsplit(one.headers["Location"]).path for one in answer.history] == [
        "/web/sign-in",
        "/authorize",
        "/web/signed-in",
        f"/web/dummy/{project}",
    ]
    (cookie,) = [one for one in browser.session.cookies if one.name == "portal"]
    assert cookie.has_nonstandard_attr("HttpOnly") and cookie.get_nonstandard_attr("SameSite") == "lax"


def test_a_file_that_the_storage_did_not_take_is_said(ann, project):
    ann.open(f"/web/dummy/{project}")
    ann.send(f"/web/dummy/{project}/buckets", name=f"{project}-raw")
    for status, said in (("201", "The file has been uploaded."), ("413", "The file has not been uploaded")):
        ann.open(f"/web/dummy/{project}/buckets/{project}-raw?done=uploaded&sent=form&status={status}&message=")
        assert said in ann.page


def test_a_person_gets_a_bucket_and_a_key(ann, project):
    ann.open(f"/web/dummy/{project}")
    ann.send(f"/web/dummy/{project}/buckets", name=f"{project}-raw", number="1.5", unit="MiB")
    assert "The bucket has been created." in ann.page and "0 B of 1.5 MiB" in ann.page
    ann.open(f"/web/dummy/{project}/keys")
    made = ann.send(f"/web/dummy/{project}/keys", label="laptop")
    assert made.status_code == 201
    key, secret = re.findall(r"<dd><code>([^<]+)</code></dd>", made.text)
    ann.open(f"/web/dummy/{project}/keys")
    assert key in ann.page and "laptop" in ann.page and secret not in ann.page
    rotated = ann.send(f"/web/dummy/{project}/keys/{key}/rotate", hours="1")
    assert rotated.status_code == 201 and key in rotated.text
    ann.open(f"/web/dummy/{project}/keys")
    ann.send(f"/web/dummy/{project}/keys/{key}/revoke")
    assert "The key has been revoked." in ann.page and key not in ann.page


def test_a_secret_is_in_no_log_and_in_no_file(portal, ann, project):
    ann.open(f"/web/dummy/{project}/keys")
    secret = re.findall(r"<dd><code>([^<]+)</code></dd>", ann.send(f"/web/dummy/{project}/keys").text)[1]
    cookie = ann.session.cookies.get("portal")
    for path in portal.log.parent.rglob("*"):
        if path.is_file() and not path.name.endswith(".secret"):
            kept = path.read_bytes()
            assert not [one for one in (secret, cookie, CLIENT_SECRET, PROXY_SECRET) if one.encode() in kept], path


def test_what_would_be_lost_is_said_before_a_bucket_goes(portal, ann, project):
    ann.open(f"/web/dummy/{project}")
    ann.send(f"/web/dummy/{project}/buckets", name=f"{project}-full")
    portal.ask("POST", f"/test/store/{project}/{project}-full/3").raise_for_status()
    place = f"/web/dummy/{project}/buckets/{project}-full/delete"
    ann.open(place)
    assert "3 objects with 300 B" in ann.page
    etag = html.unescape(re.search(r'name="etag" value="([^"]+)"', ann.page)[1])
    assert ann.send(place, etag=etag).status_code == 409
    portal.ask("POST", f"/test/store/{project}/{project}-full/4").raise_for_status()
    assert ann.send(place, etag=etag, with_objects="yes").status_code == 412
    ann.open(place)
    etag = html.unescape(re.search(r'name="etag" value="([^"]+)"', ann.page)[1])
    ann.send(place, etag=etag, with_objects="yes")
    assert "The bucket has been deleted." in ann.page


def test_a_request_is_sent_granted_and_takes_effect(portal, issuer, ann, project):
    ann.open(f"/web/dummy/{project}/requests")
    ann.send(f"/web/dummy/{project}/requests", number="2", unit="GiB", buckets="7", reason="a <b>new</b> instrument")
    assert "a &lt;b&gt;new&lt;/b&gt; instrument" in ann.page and ">open</td>" in ann.page
    eve = signed_in(portal, issuer, "eve", "admins")
    eve.open("/web/requests")
    number = re.search(rf"Request (\d+) of {project}", eve.page)[1]
    eve.send(f"/web/requests/{number}/grant", text="for a year")
    assert "The request has been answered." in eve.page
    assert eve.open("/web/requests").status_code == 200
    ann.open(f"/web/dummy/{project}/requests")
    assert "granted by eve: for a year" in ann.page and "2.0 GiB, 7 buckets" in ann.page
    assert eve.send(f"/web/requests/{number}/decline").status_code == 409


def test_of_two_who_change_the_members_the_second_is_told(portal, issuer, project):
    eve, kim = (signed_in(portal, issuer, name, "admins") for name in ("eve", "kim"))
    seen = []
    for browser in (eve, kim):
        browser.open(f"/web/projects/{project}/members")
        seen.append(re.search(r'name="version" value="(\d+)"', browser.page)[1])
    assert eve.send(f"/web/projects/{project}/members", people="ann\nbob", version=seen[0]).status_code == 303
    assert kim.send(f"/web/projects/{project}/members", people="ann", version=seen[1]).status_code == 412
    eve.open(f"/web/projects/{project}/members")
    assert "bob" in eve.page


@pytest.mark.parametrize("origin", ["https://evil.example", None, "null"])
def test_a_form_of_another_site_does_nothing(ann, project, origin):
    ann.open(f"/web/dummy/{project}")
    answer = ann.send(f"/web/dummy/{project}/buckets", origin=origin, name=f"{project}-evil")
    assert answer.status_code == 403 and "did not come from a page of this portal" in answer.text
    ann.open(f"/web/dummy/{project}")
    assert f"{project}-evil" not in ann.page


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_a_form_without_the_token_does_nothing(ann, project, token):
    ann.open(f"/web/dummy/{project}")
    answer = ann.send(f"/web/dummy/{project}/buckets", token=token, name=f"{project}-evil")
    assert answer.status_code == 403
    ann.open(f"/web/dummy/{project}")
    assert f"{project}-evil" not in ann.page


def test_a_browser_that_says_cross_site_is_believed(ann, project):
    ann.open(f"/web/dummy/{project}")
    ann.session.headers["Sec-Fetch-Site"] = "cross-site"
    assert ann.send(f"/web/dummy/{project}/buckets", name=f"{project}-evil").status_code == 403


def test_the_token_of_one_person_is_none_of_another_s(portal, issuer, ann, project):
    ann.open(f"/web/dummy/{project}")
    stolen = signed_in(portal, issuer, "bob", "users")
    stolen.open("/web")
    answer = ann.send(f"/web/dummy/{project}/buckets", token=stolen.token(), name=f"{project}-evil")
    assert answer.status_code == 403


def test_somebody_else_s_project_looks_as_if_there_were_none(portal, issuer, project):
    bob = signed_in(portal, issuer, "bob", "users")
    assert project not in bob.page
    for path in ("", "/keys", "/requests"):
        assert bob.open(f"/web/dummy/{project}{path}").status_code == 404
    assert bob.open(f"/web/projects/{project}/members").status_code == 404
    bob.open("/web")
    assert bob.send(f"/web/dummy/{project}/buckets", name=f"{project}-bob").status_code == 404


def test_an_admin_who_is_demoted_in_a_session_is_none_any_more(portal, issuer):
    eve = signed_in(portal, issuer, "eve", "admins", "users")
    assert eve.open("/web/requests").status_code == 200
    issuer.person = {"sub": "eve", "groups": ["users"]}
    time.sleep(RECHECK_S + 0.2)
    assert eve.open("/web/requests").status_code == 403
    issuer.person = {"sub": "eve", "groups": []}
    time.sleep(RECHECK_S + 0.2)
    assert eve.open("/web").status_code == 403


@pytest.mark.parametrize("claims", [{}, {"groups": "users"}, {"groups": None}], ids=str)
def test_somebody_whose_groups_are_not_told_does_not_get_in(portal, issuer, claims):
    issuer.person = {"sub": "ann", **claims}
    answer = Browser(portal).open("/web")
    assert answer.status_code == 403 and "None of your groups has a role here" in html.unescape(answer.text)


def test_somebody_whom_the_issuer_no_longer_knows_has_to_sign_in(portal, issuer):
    browser = signed_in(portal, issuer, "ann", "users")
    issuer.tokens.clear()
    time.sleep(RECHECK_S + 0.2)
    answer = browser.open("/web", allow_redirects=False)
    assert answer.status_code == 303 and answer.headers["Location"].startswith("/web/sign-in")


def test_while_the_issuer_is_down_who_is_signed_in_goes_on_and_nobody_else_gets_in(portal, issuer, ann):
    issuer.is_down = True
    try:
        time.sleep(RECHECK_S + 0.2)
        assert ann.open("/web").status_code == 200
        answer = requests.get(f"{portal.url}/web/signed-in?state=a&code=b", timeout=30)
        assert answer.status_code == 401
    finally:
        issuer.is_down = False


@pytest.mark.parametrize(
    "changes",
    [{"nonce": "another"}, {"iss": "https://evil.example"}, {"aud": "another"}, {"exp": 1}, {"alg": "none"}],
    ids=lambda changes: next(iter(changes)),
)
def test_an_identity_that_is_not_for_this_sign_in_is_refused(portal, issuer, changes):
    issuer.person, issuer.changes = {"sub": "ann", "groups": ["users"]}, changes
    try:
        browser = Browser(portal)
        answer = browser.open("/web")
        assert answer.status_code == 401 and "You are not signed in" in answer.text
        assert "portal" not in browser.session.cookies
    finally:
        issuer.changes = {}


def test_a_sign_in_that_somebody_else_began_is_refused(portal, issuer):
    issuer.person = {"sub": "mallory", "groups": ["users"]}
    began = requests.get(f"{portal.url}/web/sign-in", timeout=30, allow_redirects=False)
    ends = requests.get(began.headers["Location"], timeout=30, allow_redirects=False).headers["Location"]
    victim = Browser(portal)
    assert victim.session.get(ends, timeout=30).status_code == 401
    assert "portal" not in victim.session.cookies


def test_a_code_works_once(portal, issuer):
    browser = signed_in(portal, issuer, "ann", "users")
    again = requests.Session()
    began = again.get(f"{portal.url}/web/sign-in", timeout=30, allow_redirects=False)
    ends = again.get(began.headers["Location"], timeout=30, allow_redirects=False).headers["Location"]
    assert again.get(ends, timeout=30, allow_redirects=False).status_code == 303
    assert again.get(ends, timeout=30, allow_redirects=False).status_code == 401
    assert browser.open("/web").status_code == 200


def test_signing_out_ends_the_session(portal, ann):
    ann.open("/web")
    cookie = ann.session.cookies.get("portal")
    assert ann.send("/web/sign-out").status_code == 200
    answer = requests.get(f"{portal.url}/web", cookies={"portal": cookie}, timeout=30, allow_redirects=False)
    assert answer.status_code == 303


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/webevil", "/\\evil.example"])
def test_the_way_back_leads_to_the_portal_alone(portal, issuer, back):
    issuer.person = {"sub": "ann", "groups": ["users"]}
    answer = requests.Session().get(f"{portal.url}/web/sign-in", params={"back": back}, timeout=30)
    assert answer.url == f"{portal.url}/web"


def test_a_proxy_s_people_see_the_pages_without_a_session(portal, project):
    headers = {"X-Portal-Proxy-Secret": PROXY_SECRET, "X-Forwarded-User": "ann", "X-Forwarded-Groups": "users"}
    session = requests.Session()
    session.mount("http://", FromAddress("127.0.0.2"))
    assert project in session.get(f"{portal.url}/web", headers=headers, timeout=30).text
    near = requests.get(f"{portal.url}/web", headers=headers, timeout=30, allow_redirects=False)
    assert near.status_code == 303 and near.headers["Location"].startswith("/web/sign-in")


class FromAddress(requests.adapters.HTTPAdapter):
    """Requests from an address of this host."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *arguments: object, **options: object) -> None:
        super().init_poolmanager(*arguments, **options, source_address=(self._address, 0))


def test_a_back_end_that_is_down_leaves_the_other_on_the_page(portal, ann, project):
    ann.open("/web")
    assert project in ann.page and "does not answer at the moment" in ann.page and "0 of 3" in ann.page
    assert "All storage that answers" in ann.page
    answer = ann.open(f"/web/gone/{project}")
    assert answer.status_code == 503 and "Not available at the moment" in answer.text


@pytest.mark.parametrize("name", ["..", "a" * 300, "UPPER", "häuser", "a/b", "<script>alert(1)</script>"])
def test_a_name_that_no_bucket_can_have_is_refused_and_not_run(ann, project, name):
    ann.open(f"/web/dummy/{project}")
    answer = ann.send(f"/web/dummy/{project}/buckets", name=name)
    assert answer.status_code == 422 and "<script>" not in answer.text
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("number, unit", [("x", "GiB"), ("-1", "GiB"), ("1", "EiB"), ("nan", "GiB"), ("9" * 30, "PiB")])
def test_a_size_that_is_none_is_named(ann, project, number, unit):
    ann.open(f"/web/dummy/{project}")
    answer = ann.send(f"/web/dummy/{project}/buckets", name=f"{project}-size", number=number, unit=unit)
    assert answer.status_code == 422, answer.text


PAGES = ["/web", "/web/dummy/{project}", "/web/dummy/{project}/keys", "/web/dummy/{project}/requests"]
PAGES += ["/web/projects/{project}/members", "/web/dummy/{project}/buckets/{project}-b", "/web/requests"]
PAGES += ["/web/dummy/{project}/buckets/{project}-b/delete", "/web/dummy/{project}/buckets/none", "/web/status"]
PAGES += ["/web/dummy/{project}/buckets/{project}-b/share?key=a"]


class Outline(HTMLParser):
    """What a screen reader goes by."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_strict_and_can_be_read_by_everybody(portal, issuer, project, path):
    user = signed_in(portal, issuer, "ann", "users", "admins")
    user.open(f"/web/dummy/{project}")
    user.send(f"/web/dummy/{project}/buckets", name=f"{project}-b")
    answer = user.open(path.format(project=project))
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    page = Outline(answer.text)
    assert page.all("html")[0]["lang"] == "en" and len(page.all("h1")) == 1 and len(page.all("main")) == 1
    assert not page.all("script", "img", "iframe") and not [one for _tag, one in page.tags if "style" in one]
    assert all(re.fullmatch(r"/web/static/\w+-[0-9a-f]{16}\.\w+", one["href"]) for one in page.all("link"))
    labels = {one["for"] for one in page.all("label") if "for" in one}
    for one in page.all("input", "select", "textarea"):
        hidden = one.get("type") in ("hidden", "checkbox") or one.get("name") in ("hours", "text")
        assert hidden or one.get("id") in labels, one
    identifiers = [one["id"] for _tag, one in page.tags if "id" in one]
    assert len(identifiers) == len(set(identifiers))
    assert all(one.get("scope") for one in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))
    for one in page.all("form"):
        assert one["method"] == "post"


def test_files_beside_the_pages_are_the_portal_s_own_and_may_be_kept(portal, ann):
    ann.open("/web")
    (style,) = [one["href"] for one in Outline(ann.page).all("link") if one["rel"] == "stylesheet"]
    answer = requests.get(f"{portal.url}{style}", timeout=30)
    assert answer.headers["Content-Type"].startswith("text/css") and "color-scheme: light dark" in answer.text
    assert answer.headers["Cache-Control"].endswith("immutable")
    assert "url(" not in answer.text and "@import" not in answer.text
    assert requests.get(f"{portal.url}/web/static/style.css", timeout=30).status_code == 404


def test_a_portal_without_pages_has_none(tmp_path: Path, issuer: Issuer):
    with running_portal(tmp_path, **settings(tmp_path, issuer)) as portal:
        assert portal.ask("GET", "/web").status_code == 404
