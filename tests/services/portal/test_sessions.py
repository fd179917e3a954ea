# SPDX-License-Identifier: Apache-2.0
"""Sessions of the pages: what others cannot do to them, an issuer that hangs, and what is written down of them."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.playbooks import free_port
from tests.portal import RunningPortal, running_portal
from tests.services.portal.conftest import secret_file, settings
from tests.services.portal.issuer import CLIENT_ID, CLIENT_SECRET, Issuer, running_issuer
from tests.services.portal.test_web import RECHECK_S, Browser, signed_in

DEEP = b'{"keys": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
_PAUSE_S = 10


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, issuer: Issuer) -> Iterator[RunningPortal]:
    folder, port = tmp_path_factory.mktemp("sessions"), free_port()
    with running_portal(folder, **given(folder, issuer, port)) as portal:
        yield portal


def given(folder: Path, issuer: Issuer, port: int, **changes: Any) -> dict[str, Any]:
    web = {
        "url": f"http://127.0.0.1:{port}",
        "client_id": CLIENT_ID,
        "client_secret_file": secret_file(folder, "client.secret", CLIENT_SECRET),
        "recheck_s": RECHECK_S,
    }
    return settings(folder, issuer, web=web, port=port, backends={"dummy": {"kind": "dummy"}}, **changes)


def status(portal: RunningPortal, cookie: str | None) -> int:
    """What a page answers to a session."""
    cookies = {"portal": cookie or ""}
    return requests.get(f"{portal.url}/web", cookies=cookies, timeout=60, allow_redirects=False).status_code


def seconds(portal: RunningPortal, path: str, token: str = "") -> float:
    began = time.monotonic()
    assert portal.ask("GET", path, token).status_code == 200
    return time.monotonic() - began


def test_sign_ins_that_nobody_finishes_keep_nobody_out(portal, issuer):
    issuer.person = {"sub": "ann", "groups": ["users"]}
    victim = requests.Session()
    began = victim.get(f"{portal.url}/web/sign-in", timeout=30, allow_redirects=False)
    with requests.Session() as others:
        for _number in range(1001):
            others.cookies.clear()
            others.get(f"{portal.url}/web/sign-in", timeout=30, allow_redirects=False)
    assert victim.get(began.headers["Location"], timeout=30).url == f"{portal.url}/web"


def test_a_sign_in_that_is_under_way_is_sealed(portal):
    session = requests.Session()
    began = session.get(f"{portal.url}/web/sign-in", timeout=30, allow_redirects=False)
    cookie = session.cookies["portal-attempt"]
    parts = [base64.urlsafe_b64decode(one + "==") for one in cookie.split(".")]
    state = requests.utils.urlparse(began.headers["Location"]).query.partition("state=")[2].partition("&")[0]
    assert state and state.encode() not in b"".join(parts)
    ends = session.get(began.headers["Location"], timeout=30, allow_redirects=False).headers["Location"]
    for forged in (cookie[:-4] + "AAAA", "x", "a.b.c.d.e", "eyJhbGciOiJub25lIn0...."):
        answer = requests.get(ends, cookies={"portal-attempt": forged}, timeout=30)
        assert answer.status_code == 401 and "was not begun here" in answer.text


def test_a_way_back_that_is_too_long_for_a_cookie_leads_home(portal, issuer):
    issuer.person = {"sub": "ann", "groups": ["users"]}
    back = "/web/" + "\N{SNOWMAN}" * 1900
    answer = requests.Session().get(f"{portal.url}/web/sign-in", params={"back": back}, timeout=30)
    assert answer.url == f"{portal.url}/web" and answer.status_code == 200


def test_many_sessions_of_one_person_push_out_that_person_s_alone(portal, issuer):
    bob, first = signed_in(portal, issuer, "bob", "users"), signed_in(portal, issuer, "ann", "users")
    last = [signed_in(portal, issuer, "ann", "users") for _number in range(20)][-1]
    assert status(portal, first.session.cookies["portal"]) == 303
    for name, browser in (("ann", last), ("bob", bob)):
        issuer.person = {"sub": name, "groups": ["users"]}
        assert status(portal, browser.session.cookies["portal"]) == 200


def test_a_new_sign_in_ends_the_session_before(portal, issuer):
    ann = signed_in(portal, issuer, "ann", "users")
    old = ann.session.cookies["portal"]
    ann.open("/web/sign-in")
    new = ann.session.cookies["portal"]
    assert old != new and status(portal, new) == 200 and status(portal, old) == 303


def test_somebody_who_has_lost_all_groups_can_sign_out(portal, issuer):
    ann = signed_in(portal, issuer, "ann", "users")
    page, cookie = ann.page, ann.session.cookies["portal"]
    issuer.person = {"sub": "ann", "groups": []}
    time.sleep(RECHECK_S + 0.2)
    assert status(portal, cookie) == 403
    assert ann.send("/web/sign-out", origin="https://evil.example").status_code == 403
    ann.page = page
    answer = ann.send("/web/sign-out")
    assert answer.status_code == 200 and "You have signed out" in answer.text
    assert "portal" not in ann.session.cookies
    issuer.person = {"sub": "ann", "groups": ["users"]}
    time.sleep(RECHECK_S + 0.2)
    assert status(portal, cookie) == 303


def test_an_issuer_that_hangs_is_asked_now_and_then_and_keeps_nobody_waiting(portal, issuer):
    ann, bob = signed_in(portal, issuer, "ann", "users"), signed_in(portal, issuer, "bob", "users")
    issuer.answers.clear()
    try:
        time.sleep(RECHECK_S + 0.2)
        statuses: list[int] = []
        cookies = [browser.session.cookies["portal"] for browser in (ann, bob)] * 30
        threads = [threading.Thread(target=lambda own=one: statuses.append(status(portal, own))) for one in cookies]
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        assert seconds(portal, "/health/live") < 3
        for thread in threads:
            thread.join()
        assert statuses == [200] * len(cookies)
        began = time.monotonic()
        assert status(portal, cookies[0]) == 200
        assert time.monotonic() - began < 1, "the issuer has been asked again at once"
    finally:
        issuer.answers.set()
    time.sleep(_PAUSE_S + 0.5)
    issuer.person = {"sub": "bob", "groups": []}
    assert status(portal, cookies[1]) == 403, "the issuer is asked again after a while"


def test_made_up_tokens_while_the_issuer_hangs_keep_no_good_one_waiting(tmp_path):
    with running_issuer() as issuer, running_portal(tmp_path, **settings(tmp_path, issuer)) as portal:
        good = issuer.token()
        assert portal.ask("GET", "/v1/projects", good).status_code == 200
        time.sleep(_PAUSE_S + 0.2)
        issuer.answers.clear()
        statuses: list[int] = []

        def ask() -> None:
            statuses.append(portal.ask("GET", "/v1/projects", issuer.token(kid="made-up")).status_code)

        threads = [threading.Thread(target=ask) for _number in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        assert seconds(portal, "/v1/projects", good) < 2
        issuer.answers.set()
        for thread in threads:
            thread.join()
        assert statuses == [401] * 4


@pytest.mark.parametrize("path", ["/userinfo", "/token"])
@pytest.mark.parametrize("said", [DEEP, b"{", b"\xff", b"[]"], ids=["deep", "cut", "bytes", "list"])
def test_an_issuer_that_says_nonsense_signs_nobody_in_and_is_no_fault(portal, issuer, path, said):
    issuer.person, issuer.instead = {"sub": "ann", "groups": ["users"]}, {path: said}
    try:
        answer = Browser(portal).open("/web")
        assert answer.status_code in (401, 503), answer.text
    finally:
        issuer.instead = {}


def test_keys_that_are_nonsense_are_none(tmp_path):
    with running_issuer() as issuer, running_portal(tmp_path, **settings(tmp_path, issuer)) as portal:
        issuer.instead = {"/keys": DEEP}
        assert portal.ask("GET", "/v1/projects", issuer.token()).status_code == 503
        assert "Traceback" not in portal.log.read_text()


def test_sign_ins_and_refused_forms_are_written_down(portal, issuer):
    uber = issuer.token("zoe", ["ubers"])

    def newest() -> dict[str, Any]:
        return dict(portal.ask("GET", "/v1/audit?limit=1", uber).json()["items"][0])

    ann = signed_in(portal, issuer, "ann", "users")
    told = newest()
    assert (told["subject"], told["action"], told["status"]) == ("ann", "session.begin", 303)
    assert told["details"] == {"address": "127.0.0.1"}
    ann.open("/web")
    ann.send("/web/projects", origin="https://evil.example", name="evil")
    told = newest()
    assert (told["subject"], told["action"], told["target"], told["status"]) == (
        "ann",
        "form.refused",
        "/web/projects",
        403,
    )
    assert told["details"] == {"origin": "https://evil.example"}
    ann.open("/web")
    ann.send("/web/sign-out")
    assert (newest()["subject"], newest()["action"]) == ("ann", "session.end")
    log = portal.log.read_text()
    forged = requests.get(f"{portal.url}/web/signed-in?state=a&code=b", timeout=30)
    assert f"Request {forged.headers['x-request-id']} from 127.0.0.1 is refused" in portal.log.read_text()[len(log) :]
    issuer.person = {"sub": "mallory", "groups": []}
    log = portal.log.read_text()
    assert Browser(portal).open("/web").status_code == 403
    assert "is refused: None of your groups has a role" in portal.log.read_text()[len(log) :]
