# SPDX-License-Identifier: Apache-2.0
"""Logins by Keystone v3: what is sent, what is taken of the answer, and how refusals are told apart."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.keystone_login import KeystoneLogin, TokenLogin
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor import session
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.catalogue import select
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import Report, verify
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.messages import Answer, Request

from tests.unit.doctor.swift_double import Gateway, answer

TOKEN = "token-of-the-user"
PASSWORD = "password-of-the-user"
LOGIN = KeystoneLogin("http://keystone:5000", Login("ada", PASSWORD), project="p", verified=False)


class Keystone:
    """Answers as a Keystone; `asked` is what came. unscoped: whether the password is right."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.status = 201
        self.unscoped = 201
        self.lifetime = "11:00:00"
        self.endpoints = [{"interface": "public", "region_id": "one", "url": "http://gw:8080/swift/v1"}]

    def exchange(self, request: Request, _seconds: float) -> Answer:
        self.asked.append(request)
        if request.method == "DELETE":
            return answer("DELETE", 204)
        scoped = json.loads(request.body or b"")["auth"].get("scope") != {"unscoped": {}}
        issued: dict[str, Any] = {
            "issued_at": "2026-11-30T10:00:00.000000Z",
            "expires_at": f"2026-11-30T{self.lifetime}.000000Z",
            "user": {"id": "u"},
            "project": {"id": "p"},
            "roles": [{"name": "reader"}],
            "catalog": [{"type": "identity", "endpoints": []}, {"type": "object-store", "endpoints": self.endpoints}],
        }
        status = self.status if scoped else self.unscoped
        fields = {"X-Subject-Token": TOKEN if scoped else "unscoped-token"} if status == 201 else {}
        return answer("POST", status, fields, json.dumps({"token": issued}).encode())

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    return Gateway()


@pytest.fixture
def keystone(monkeypatch: pytest.MonkeyPatch, gateway: Gateway) -> Keystone:
    double = Keystone()
    monkeypatch.setattr(session, "Connection", lambda place: double if place.host == "keystone" else gateway)
    return double


def run(*names: str, login: Any = LOGIN) -> Report:
    return verify(Endpoint("gw", 8080), login, select(names or ("auth",)), 5)


def auth_of(report: Report) -> Any:
    return report.verdicts[0]


def test_a_password_is_asked_with_for_the_project(keystone: Keystone) -> None:
    assert run().passed
    (request,) = keystone.asked
    assert (request.method, request.target) == ("POST", "/v3/auth/tokens")
    auth = json.loads(request.body or b"")["auth"]
    user = {"name": "ada", "domain": {"name": "Default"}, "password": PASSWORD}
    assert auth["identity"] == {"methods": ["password"], "password": {"user": user}}
    assert auth["scope"] == {"project": {"name": "p", "domain": {"name": "Default"}}}


def test_an_application_credential_has_its_scope(keystone: Keystone) -> None:
    login = KeystoneLogin("http://keystone:5000", Login("id", "word"), application_credential=True, verified=False)
    assert run(login=login).passed
    auth = json.loads(keystone.asked[0].body or b"")["auth"]
    credential = {"id": "id", "secret": "word"}
    wanted = {"methods": ["application_credential"], "application_credential": credential}
    assert auth == {"identity": wanted}


@pytest.mark.parametrize(
    ("status", "unscoped", "says", "requests"),
    [
        (401, 401, "does not know this user with this password", 2),
        (401, 201, "The password is right, but the user has no role in the project", 2),
        (404, 404, "no Identity API v3 at this URL", 1),
        (500, 500, "does not give tokens", 1),
    ],
)
def test_refusals_of_keystone(keystone: Keystone, status: int, unscoped: int, says: str, requests: int) -> None:
    keystone.status, keystone.unscoped = status, unscoped
    verdict = auth_of(run())
    assert (verdict.verdict, len(keystone.asked)) == ("wrong-status", requests)
    assert says in verdict.cause and PASSWORD not in str(verdict.as_dict())


def test_a_refusal_of_the_gateway_names_the_roles(keystone: Keystone, gateway: Gateway) -> None:
    gateway.change = lambda request, right: answer(request.method, 401)
    verdict = auth_of(run())
    assert "The token has the roles reader in its project" in verdict.cause
    assert TOKEN not in str(verdict.as_dict())


def test_the_catalogue_is_chosen_from_by_region_and_interface(keystone: Keystone, gateway: Gateway) -> None:
    keystone.endpoints.append({"interface": "internal", "region_id": "two", "url": "http://gw:8080/swift/v1/two"})
    login = KeystoneLogin(**{**LOGIN.__dict__, "region": "two", "interface": "internal"})
    gateway.change = lambda request, right: answer("HEAD", 204)
    assert run(login=login).passed
    assert gateway.requests[0].target == "/swift/v1/two"
    missing = KeystoneLogin(**{**LOGIN.__dict__, "region": "three"})
    verdict = auth_of(run(login=missing))
    assert verdict.expected.endswith("object-store with interface public in region three")
    assert verdict.got == "public in one, internal in two"


def test_a_document_that_is_no_token(keystone: Keystone) -> None:
    keystone.lifetime = "soon"
    assert auth_of(run()).verdict == "bad-header"


def test_the_lifetime_is_keystone_s(keystone: Keystone) -> None:
    keystone.lifetime = "10:20:00"
    report = run("token-lifetime")
    assert [verdict.verdict for verdict in report.verdicts] == ["ok", "limit-near"]
    assert report.verdicts[1].got == "1200 s"


def test_a_registry_does_not_start_on_tokens_that_end_within_a_minute(keystone: Keystone) -> None:
    keystone.lifetime = "10:01:00"
    report = run("token-lifetime")
    assert (report.verdicts[1].severity, report.passed) == ("error", False)
    assert "it does not start" in report.verdicts[1].cause


@pytest.mark.parametrize(("lifetime", "word"), [("11:00:00", "ok"), ("23:00:00", "wrong-status")])
def test_a_cache_is_a_warning_where_tokens_live_long(keystone: Keystone, lifetime: str, word: str) -> None:
    keystone.lifetime = lifetime
    report = run("token-cache")
    assert [verdict.verdict for verdict in report.verdicts] == ["ok", word]
    assert keystone.asked[-1].method == "DELETE"
    assert report.passed


def test_probes_of_keystone_are_skipped_for_others(keystone: Keystone) -> None:
    report = run("revoked-token", "token-cache", "no-project", login=Login("demo:swift", "secret-of-the-user"))
    assert [verdict.verdict for verdict in report.verdicts[1:]] == ["skipped"] * 3
    token = TokenLogin("somebody", "http://gw:8080/swift/v1", TOKEN)
    report = run("wrong-key", "revoked-token", "no-project", login=token)
    assert [verdict.verdict for verdict in report.verdicts] == ["ok", *["skipped"] * 3]
    assert not keystone.asked
