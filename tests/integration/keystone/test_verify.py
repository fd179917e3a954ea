# SPDX-License-Identifier: Apache-2.0
"""The probes as users of a real Keystone: what passes, and what each mistake is told apart by."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_verify

from tests.playbooks import PROJECT

CATALOGUE = "correct the object-store endpoint in keystone's catalogue"


@pytest.fixture(scope="module")
def person(gateway):
    return gateway.keystone.identity.person("member")


@pytest.fixture
def verify(run_module, gateway, person, tmp_path):
    """Run the module as a person; the result, which shows no secret."""

    def run(who=person, keystone=(), **options: Any) -> dict[str, Any]:
        secret = options.pop("secret", who.password)
        place = {"url": gateway.keystone.tls_url, "ca_file": str(gateway.keystone.ca_file), "project": who.project}
        given = {"endpoint": gateway.url, "auth": "keystone", "user": who.user, "secret": secret}
        result = run_module(rgw_verify, **{**given, "keystone": {**place, **dict(keystone)}, **options})
        assert secret not in result["printed"] and who.password not in result["printed"]
        return result

    return run


def found(result: dict[str, Any], probe: str) -> dict[str, Any]:
    (verdict,) = [one for one in result["verdicts"] if one["probe"] == probe]
    return verdict


def test_all_probes_pass_for_a_member(verify):
    result = verify()
    assert result["passed"], result["summary"]
    ran = {one["probe"] for one in result["verdicts"] if one["verdict"] == "ok"}
    assert {
        "auth",
        "storage-url",
        "token-lifetime",
        "revoked-token",
        "token-cache",
        "no-project",
        "registry-push",
    } <= ran
    assert {"wrong-key", "empty-key", "expired-token"}.isdisjoint(ran)
    assert "from its cache, for 3600 s at most" in str(found(result, "token-cache")["evidence"])
    assert "gAAAA" not in result["printed"]


def test_an_application_credential(verify, gateway, person):
    name, secret = gateway.keystone.identity.application_credential(person)
    who = replace(person, user=name)
    result = verify(who, {"application_credential": True, "project": None}, secret=secret, groups=["auth"])
    assert result["passed"], result["summary"]
    refused = verify(who, {"application_credential": True, "project": None}, secret=f"x{secret}", groups=["auth"])
    assert "Create a new application credential" in found(refused, "auth")["remedy"]


def test_a_token_of_before_and_its_end(verify, gateway):
    identity = gateway.keystone.identity
    person = identity.person("member")
    token = identity.token_of(person)
    options = {"auth": "preauth", "storage_url": f"{gateway.url}/swift/v1", "groups": ["head"]}
    assert verify(person, secret=token, **options)["passed"]
    unused = identity.token_of(person)
    identity.delete(f"projects/{person.project_id}")
    gone = verify(person, secret=unused, **options)
    assert "its project or user is gone" in found(gone, "auth")["cause"]


def test_a_wrong_password_and_a_missing_role_are_told_apart(verify, gateway, person):
    wrong = found(verify(secret=f"{person.password}x"), "auth")
    assert "does not know this user with this password" in wrong["cause"]
    nobody = gateway.keystone.identity.person()
    missing = found(verify(nobody), "auth")
    assert "The password is right, but the user has no role in the project" in missing["cause"]
    reader = found(verify(gateway.keystone.identity.person("reader")), "auth")
    assert reader["got"] == "HTTP/1.1 401 Unauthorized"
    assert "The token has the roles reader in its project" in reader["cause"]


def test_a_token_that_ends_before_the_longest_push(verify):
    verdict = found(verify(groups=["auth"], longest_push=7200), "token-lifetime")
    assert (verdict["verdict"], verdict["severity"]) == ("limit-near", "warning")
    assert verdict["got"] == "3600 s" and "section [token] of keystone.conf" in verdict["remedy"]


def test_a_catalogue_with_another_port_or_region(verify, gateway):
    identity = gateway.keystone.identity
    host, _, port = gateway.url.rpartition(":")
    identity.endpoint(gateway.service_id, f"{host}:{int(port) + 1}/swift/v1", region="Elsewhere")
    other = found(verify(keystone={"region": "Elsewhere"}, groups=["auth"]), "storage-url")
    assert other["verdict"] == "refused" and "Keystone's catalogue names" in other["cause"]
    assert CATALOGUE in other["remedy"].lower()
    none = found(verify(keystone={"region": "Nowhere"}), "auth")
    assert "in region Nowhere" in none["expected"] and "public in Elsewhere" in none["got"]


@pytest.mark.parametrize("interface", ["public", "internal", "admin"])
def test_each_interface_of_the_catalogue(verify, interface):
    assert verify(keystone={"interface": interface}, probes=["storage-url"])["passed"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"url": "https://keystone.example:5000/v2.0"}, "Next: write https://keystone.example:5000/v3"),
        ({"url": "http://keystone.example:5000/v3"}, "has no TLS"),
        ({"project": None}, "name the user's project"),
        ({"application_credential": True}, "leave project out"),
    ],
)
def test_what_cannot_be_meant_is_refused(verify, changed, says):
    result = verify(keystone=changed)
    assert result["failed"] and says in result["msg"]


def test_a_url_that_is_not_keystone_s(verify, gateway):
    verdict = found(verify(keystone={"url": f"{gateway.keystone.tls_url}/identity"}), "auth")
    assert "There is no Identity API v3 at this URL" in verdict["cause"]
    verdict = found(verify(keystone={"ca_file": None}), "auth")
    assert verdict["verdict"] == "tls-error" and "Keystone's ca_file" in verdict["remedy"]


def test_the_command(gateway, person, tmp_path: Path):
    secret = tmp_path / "password"
    secret.touch(mode=0o600)
    secret.write_text(person.password)
    where = ["--keystone", gateway.keystone.tls_url, "--keystone-ca-file", gateway.keystone.ca_file]
    who = ["--user", person.user, "--secret-file", secret, "--project", person.project]
    command = [sys.executable, "-m", "commands.doctor", "--endpoint", gateway.url, *where, *who, "--group", "auth"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "token-cache" in done.stdout and person.password not in done.stdout
