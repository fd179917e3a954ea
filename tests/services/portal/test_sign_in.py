# SPDX-License-Identifier: Apache-2.0
"""Who gets in: tokens with each fault, the proxy's headers from whoever sends them, roles by groups."""

from __future__ import annotations

import http.client
import time
from urllib.parse import urlsplit

import pytest

from tests.portal import RunningPortal, running_portal
from tests.services.portal.conftest import PROXY_SECRET, settings
from tests.services.portal.issuer import Issuer, running_issuer


def listing(portal: RunningPortal, token: str):
    return portal.ask("GET", "/v1/projects", token)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"aud": ["another", "portal"]},
        {"nbf": time.time() - 10},
        {"exp": time.time() + 3600},
        {"typ": "at+jwt"},
        {"typ": "application/AT+JWT"},
        {"typ": None},
    ],
    ids=str,
)
def test_a_good_token_gets_in(portal, issuer, changes):
    assert listing(portal, issuer.token(**changes)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "http://another.example"}, "another issuer"),
        ({"iss": None}, "another issuer"),
        ({"aud": "another"}, "not for this portal"),
        ({"aud": None}, "not for this portal"),
        ({"aud": ["portal-of-others"]}, "not for this portal"),
        ({"exp": 1000000000}, "has ended"),
        ({"exp": None}, "when it ends"),
        ({"exp": "never"}, "no time"),
        ({"exp": True}, "no time"),
        ({"nbf": 4000000000}, "has not begun"),
        ({"sub": None}, "no subject"),
        ({"sub": ""}, "no subject"),
        ({"sub": 7}, "no subject"),
        ({"sub": "a\nb"}, "no subject"),
        ({"alg": "none"}, "algorithm"),
        ({"alg": "HS256"}, "algorithm"),
        ({"alg": "PS256"}, "algorithm"),
        ({"kid": "another"}, "signature"),
        ({"nonce": "n"}, "something else than access"),
        ({"at_hash": "x"}, "something else than access"),
        ({"events": {}}, "something else than access"),
        ({"typ": "logout+jwt"}, "something else than access"),
        ({"typ": 7}, "signature"),
    ],
    ids=str,
)
def test_a_bad_token_is_refused_with_its_reason(portal, issuer, changes, reason):
    answer = listing(portal, issuer.token(**changes))
    assert answer.status_code == 401, answer.text
    assert reason in answer.json()["detail"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_token_that_another_issuer_has_signed_is_refused(portal, issuer):
    stranger = Issuer()
    stranger.url = issuer.url
    answer = listing(portal, stranger.token())
    assert (answer.status_code, "signature" in answer.json()["detail"]) == (401, True)


@pytest.mark.parametrize("token", ["x", "a.b.c", "..", "e30.e30.", "é", "a" * 20000, "null.null.null"], ids=len)
def test_what_is_no_token_is_refused(portal, token):
    answer = portal.ask("GET", "/v1/projects", headers={"Authorization": f"Bearer {token}".encode()})
    assert answer.status_code == 401, answer.text


def test_a_changed_token_is_refused(portal, issuer):
    head, claims, _signature = issuer.token().split(".")
    signature = issuer.token("bob").split(".")[2]
    assert listing(portal, f"{head}.{claims}.{signature}").status_code == 401


def test_without_a_token_nobody_gets_in(portal):
    assert listing(portal, "").status_code == 401
    assert portal.ask("GET", "/v1/projects", headers={"Authorization": "Basic YTpi"}).status_code == 401


@pytest.mark.parametrize("groups", [None, [], "users", {"users": True}, ["others"], [["users"]], [None]], ids=str)
def test_without_a_group_that_has_a_role_nobody_gets_in(portal, issuer, groups):
    answer = listing(portal, issuer.token(groups=groups))
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:rgwkit:portal:forbidden")


def through_proxy(portal: RunningPortal, source: str, **headers: str) -> int:
    """The status of a request from one of the loopback's addresses."""
    parts = urlsplit(portal.url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30, source_address=(source, 0))
    try:
        connection.request(
            "GET", "/v1/projects", headers={name.replace("_", "-"): text for name, text in headers.items()}
        )
        return connection.getresponse().status
    finally:
        connection.close()


def named(secret: str = PROXY_SECRET, groups: str = "users, staff") -> dict[str, str]:
    return {"X_Forwarded_User": "ann", "X_Forwarded_Groups": groups, "X_Portal_Proxy_Secret": secret}


def test_the_proxy_s_headers_count_from_the_proxy_alone(portal):
    assert through_proxy(portal, "127.0.0.2", **named()) == 200
    assert through_proxy(portal, "127.0.0.1", **named()) == 401
    assert through_proxy(portal, "127.0.0.2", **named("guessed")) == 401
    assert through_proxy(portal, "127.0.0.2", X_Forwarded_User="ann", X_Forwarded_Groups="users") == 401
    assert through_proxy(portal, "127.0.0.1", X_Forwarded_For="127.0.0.2", **named()) == 401
    assert through_proxy(portal, "127.0.0.2", **named(groups="")) == 403
    assert through_proxy(portal, "127.0.0.2", **{**named(), "X_Forwarded_User": ""}) == 401


def fields(portal: RunningPortal, *given: tuple[bytes, bytes]) -> int:
    """The status of a request from the proxy with these fields and its secret."""
    parts = urlsplit(portal.url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30, source_address=("127.0.0.2", 0))
    try:
        connection.putrequest("GET", "/v1/projects")
        for name, value in ((b"X-Portal-Proxy-Secret", PROXY_SECRET.encode()), *given):
            connection.putheader(name, value)
        connection.endheaders()
        return connection.getresponse().status
    finally:
        connection.close()


def test_two_fields_of_a_kind_are_refused(portal):
    user, groups = (b"X-Forwarded-User", b"bob"), (b"X-Forwarded-Groups", b"users")
    assert fields(portal, user, groups) == 200
    assert fields(portal, (b"x-forwarded-user", b"eve"), user, groups) == 401
    assert fields(portal, (b"X-Forwarded-Groups", b"admins"), user, groups) == 401
    assert fields(portal, (b"X-Portal-Proxy-Secret", b"guessed"), user, groups) == 401


def test_the_proxy_s_names_are_utf_8(portal, people, project):
    groups = (b"X-Forwarded-Groups", b"users")
    members = {"people": ["maría", "łukasz", "jürgen"]}
    assert portal.ask("PUT", f"/v1/projects/{project}", people.admin, json=members).status_code == 200
    for name in members["people"]:
        assert fields(portal, (b"X-Forwarded-User", name.encode()), groups) == 200
    assert fields(portal, (b"X-Forwarded-User", b"j\xfcrgen"), groups) == 401
    assert fields(portal, (b"X-Forwarded-User", b"ann"), (b"X-Forwarded-Groups", b"users,\xff")) == 401


def test_a_token_beside_the_proxy_s_headers_is_refused(portal, issuer):
    assert through_proxy(portal, "127.0.0.2", Authorization=f"Bearer {issuer.token()}", **named()) == 401


def test_headers_mean_nothing_without_a_proxy(tmp_path, issuer):
    with running_portal(tmp_path, **settings(tmp_path, issuer, proxy=None)) as portal:
        assert through_proxy(portal, "127.0.0.2", **named()) == 401
        assert listing(portal, issuer.token()).status_code == 200


def test_an_empty_list_switches_a_role_off(tmp_path, issuer):
    roles = {"user": ["users"], "admin": [], "uber_admin": []}
    with running_portal(tmp_path, **settings(tmp_path, issuer, roles=roles)) as portal:
        assert listing(portal, issuer.token()).status_code == 200
        for group in ("admins", "ubers", ""):
            assert listing(portal, issuer.token(groups=[group])).status_code == 403


def test_while_the_issuer_is_down_its_keys_still_hold(tmp_path):
    with running_issuer() as issuer, running_portal(tmp_path, **settings(tmp_path, issuer)) as portal:
        issuer.is_down = True
        answer = listing(portal, issuer.token())
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
        assert portal.ask("GET", "/health/ready").status_code == 200
    with running_issuer() as issuer, running_portal(tmp_path, **settings(tmp_path, issuer)) as portal:
        assert listing(portal, issuer.token()).status_code == 200
        issuer.is_down = True
        assert listing(portal, issuer.token()).status_code == 200
        assert listing(portal, issuer.token(kid="made-up")).status_code == 401
