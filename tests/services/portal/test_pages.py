# SPDX-License-Identifier: Apache-2.0
"""What pages do beside what they show: what is written down of them, and values that no page of the portal sends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.playbooks import free_port
from tests.portal import RunningPortal, running_portal
from tests.services.portal.conftest import secret_file, settings
from tests.services.portal.issuer import Issuer

SECRET = "canary-" + "q" * 32


class Person:
    """Somebody whom a proxy has signed in."""

    def __init__(self, portal: RunningPortal, name: str, group: str) -> None:
        self._portal = portal
        self._headers = {"X-Portal-Proxy-Secret": SECRET, "X-Forwarded-User": name, "X-Forwarded-Groups": group}

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        return self._portal.ask(method, path, headers={**self._headers, "Origin": self._portal.url}, **options)

    def send(self, path: str, page: str = "/web", **fields: str) -> requests.Response:
        """Send a form with the token of a page."""
        token = re.search(r'name="token" value="([0-9a-f]+)"', self.ask("GET", page).text)
        assert token
        return self.ask("POST", path, data={"token": token[1], **fields}, allow_redirects=False)


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, issuer: Issuer) -> Iterator[RunningPortal]:
    folder, port = tmp_path_factory.mktemp("pages"), free_port()
    proxy = {"addresses": ["127.0.0.1"], "secret_file": secret_file(folder, "p.secret", SECRET)}
    web = {"url": f"http://127.0.0.1:{port}"}
    own = settings(folder, issuer, oidc=None, proxy=proxy, web=web, port=port, backends={"dummy": {"kind": "dummy"}})
    with running_portal(folder, "tests.services.portal.serve", **own) as portal:
        made = Person(portal, "eve", "admins").ask("POST", "/v1/projects", json={"name": "pages", "people": ["ann"]})
        assert made.status_code == 201, made.text
        yield portal


def test_a_look_at_a_bucket_is_no_upload(portal):
    ann, zoe = Person(portal, "ann", "users"), Person(portal, "zoe", "ubers")
    ann.ask("POST", "/v1/dummy/projects/pages/buckets", json={"name": "looked-at"}).raise_for_status()
    portal.ask("POST", "/test/objects").raise_for_status()

    def actions() -> list[str]:
        items = zoe.ask("GET", "/v1/audit").json()["items"]
        return [one["action"] for one in items if one["target"] == "looked-at/"]

    assert "looked-at" in ann.ask("GET", "/web/dummy/pages/buckets/looked-at").text
    assert actions() == ["object.form"]
    ann.ask("POST", "/v1/dummy/projects/pages/buckets/looked-at/uploads", json={}).raise_for_status()
    assert actions() == ["object.upload", "object.form"]
    asked = ann.send("/web/dummy/pages/buckets/looked-at/uploads", "/web/dummy/pages")
    assert asked.json() == {"fields": None}, "memory takes no files from scripts"
    assert actions() == ["object.upload", "object.upload", "object.form"]
    refused = ann.ask("POST", "/web/dummy/pages/buckets/looked-at/uploads", data={"token": "0" * 64})
    assert refused.status_code == 403 and "fields" not in refused.text


def test_the_storage_is_told_of_scripts_by_an_upload_alone(portal):
    ann, place = Person(portal, "ann", "users"), "/web/dummy/pages/buckets/scripted"
    ann.ask("POST", "/v1/dummy/projects/pages/buckets", json={"name": "scripted"}).raise_for_status()
    portal.ask("POST", "/test/objects").raise_for_status()

    def allowed() -> list[list[str]]:
        return portal.ask("GET", "/test/scripts").json()

    portal.ask("POST", "/test/scripts/true").raise_for_status()
    page = ann.ask("GET", f"{place}?prefix=in/")
    assert f'data-uploads="{place}/uploads"' in page.text and "data-fields" not in page.text
    # The form of a browser without scripts is whole.
    assert f'name="back" value="{portal.url}{place}?prefix=in%2F' in page.text
    policy = page.headers["Content-Security-Policy"].split("; ")
    assert "script-src 'self'" in policy and [one for one in policy if one.startswith("connect-src 'self'")]
    assert not [one for one in policy if "*" in one or "unsafe" in one]
    for path, fields in ((f"{place}/uploads", {"token": "0" * 64}), (f"{place}/uploads", {})):
        assert ann.ask("POST", path, data=fields).status_code == 403
    assert allowed() == [], "neither a look nor a form from elsewhere changes the storage"

    made = ann.send(f"{place}/uploads", "/web/dummy/pages", prefix="in/")
    assert (made.json(), allowed()) == ({"fields": {"back": ""}}, [["pages", "scripted", portal.url]])
    assert made.headers["Cache-Control"] == "no-store"
    portal.ask("POST", "/test/scripts/false").raise_for_status()
    assert ann.send(f"{place}/uploads", "/web/dummy/pages").json() == {"fields": None}


@pytest.mark.parametrize("number", [str(2**31), str(2**63 - 1), str(2**63), str(2**70), "-1", "0", "x"])
def test_a_number_that_no_request_has_is_no_fault(portal, number):
    eve = Person(portal, "eve", "admins")
    answer = eve.send(f"/web/requests/{number}/grant")
    assert answer.status_code == 422 and answer.headers["content-type"].startswith("text/html")


def test_only_the_two_answers_are_answers(portal):
    ann, eve = Person(portal, "ann", "users"), Person(portal, "eve", "admins")
    asked = {"wanted": {"max_buckets": 5}, "reason": "x"}
    number = ann.ask("POST", "/v1/dummy/projects/pages/requests", json=asked).json()["id"]
    assert eve.send(f"/web/requests/{number}/anything").status_code == 422
    assert ann.ask("GET", "/v1/projects/pages/requests").json()["items"][0]["state"] == "open"
    assert eve.send(f"/web/requests/{number}/decline").status_code == 303


def test_the_page_of_members_says_what_somebody_who_leaves_keeps(portal):
    for person in (Person(portal, "ann", "users"), Person(portal, "eve", "admins")):
        shown = " ".join(person.ask("GET", "/web/projects/pages/members").text.split())
        assert "Keys that they have seen, and links that they have shared, stay good" in shown
