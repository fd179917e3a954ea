# SPDX-License-Identifier: Apache-2.0
"""What is said of answers that are not those of a sound Keystone, and that no secret is part of it."""

from __future__ import annotations

import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.keystone_login import KeystoneLogin
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.keystone.client import Keystone
from ansible_collections.rgwkit.ceph.plugins.module_utils.keystone.token_request import token_request

from tests.unit.keystone.keystone_double import TOKEN, answering

ACCOUNT = KeystoneLogin("http://k", Login("rgw", "password-canary-7f31"), project="service")
LOGIN = {"POST /v3/auth/tokens": (201, {"token": TOKEN})}
REFUSED = {"error": {"message": "The request you have made requires authentication.", "code": 401}}


def keystone(url: str) -> Keystone:
    return Keystone(Endpoint.parse(url), 5)


def failure(answers, value="token-canary-91c2") -> ToolError:
    with answering(answers, value) as url, pytest.raises(ToolError) as failed:
        one = keystone(url)
        one.log_in(ACCOUNT)
        one.objects("roles")
    assert "canary" not in str(failed.value)
    return failed.value


def test_a_token_says_what_it_is_for():
    with answering(LOGIN, date="Mon, 30 Nov 2026 10:00:07 GMT") as url:
        one = keystone(url)
        token = one.log_in(ACCOUNT)
    assert (token.lifetime, token.project_id, token.roles) == (3600, "p1", ("admin",))
    assert (token.value.value, one.clock - token.issued) == ("token-canary-91c2", 7)
    assert "canary" not in repr(token) and "canary" not in repr(ACCOUNT)


@pytest.mark.parametrize(
    ("answers", "said", "hint"),
    [
        ({"POST /v3/auth/tokens": (401, REFUSED)}, "HTTP 401 The request you have made requires", "Check the password"),
        ({"POST /v3/auth/tokens": (404, b"<html>")}, "HTTP 404", "Keystone's API v3 is below it"),
        ({"POST /v3/auth/tokens": (201, b"[]")}, "no token of API v3", "Keystone's API v3 is below it"),
        ({"POST /v3/auth/tokens": (201, {"token": {}})}, "no 'issued_at'", "Keystone's API v3 is below it"),
        ({"POST /v3/auth/tokens": (201, b"no json")}, "no token of API v3", "Keystone's API v3 is below it"),
        ({"POST /v3/auth/tokens": (500, b"")}, "HTTP 500", "Keystone's log"),
        ({**LOGIN, "GET /v3/roles": (403, REFUSED)}, "Could not read the roles", "most often admin"),
        ({**LOGIN, "GET /v3/roles": (200, b"<html>")}, "no JSON", "Keystone's API v3 is below it"),
    ],
)
def test_other_answers(answers, said, hint):
    failed = failure(answers)
    assert said in str(failed) and hint in failed.hint


def test_an_answer_without_a_token():
    assert "the answer has no X-Subject-Token" in failure(LOGIN, None).code


def test_nobody_there():
    with pytest.raises(ToolError, match="that Keystone runs"):
        keystone("http://127.0.0.1:1").log_in(ACCOUNT)


def test_a_name_that_is_none():
    with pytest.raises(ToolError, match="name servers"):
        keystone("http://keystone.invalid").log_in(ACCOUNT)


def test_a_token_for_a_domain_says_so_and_names_the_ids_of_its_roles():
    document = {**TOKEN, "domain": {"id": "d1"}, "roles": [{"id": "r1", "name": "admin"}]}
    del document["project"]
    login = KeystoneLogin("http://k", Login("portal", "password-canary-7f31"), domain="storage")
    with answering({"POST /v3/auth/tokens": (201, {"token": document})}) as url:
        token = keystone(url).log_in(login)
    assert (token.domain_id, token.project_id, token.role_ids) == ("d1", "", {"admin": "r1"})
    asked = json.loads(token_request(login, "").body)
    assert asked["auth"]["scope"] == {"domain": {"name": "storage"}}


def test_another_connection_uses_the_same_token():
    answers = {**LOGIN, "GET /v3/users/u%2F1": (200, {"user": {"id": "u/1"}})}
    answers["PUT /v3/projects/p1/users/u1/roles/r1"] = (204, b"")
    with answering(answers) as url:
        other = keystone(url)
        other.use(keystone(url).log_in(ACCOUNT))
        assert other.read("users", "user", "u/1") == {"id": "u/1"}
        other.grant("r1", "u1", "p1")
        with pytest.raises(ToolError, match="Could not grant the role"):
            answers["PUT /v3/projects/p1/users/u1/roles/r1"] = (409, REFUSED)
            other.grant("r1", "u1", "p1")
