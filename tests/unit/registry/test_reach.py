# SPDX-License-Identifier: Apache-2.0
"""How the role's verification, docker, podman and everybody else reach a registry."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.sections import registry_sections
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.reach import (
    authenticates,
    client_options,
    is_local,
    login,
    near_url,
    probe_steps,
    pushes,
)

from tests.unit.registry.variables import DEFAULTS, TLS


def given(**changes):
    role = {**DEFAULTS, **changes}
    return role, registry_sections(role)


@pytest.mark.parametrize(
    ("changes", "url"),
    [
        ({}, "http://127.0.0.1:5000"),
        ({"address": "0.0.0.0", "port": 5001, "network": "ceph"}, "http://127.0.0.1:5001"),
        ({"address": "[::]", **TLS}, "https://[::1]:5000"),
        ({"http": {"prefix": "/hub/"}}, "http://127.0.0.1:5000/hub"),
        ({"extra": {"http": {"tls": {"letsencrypt": {}}}}}, "https://127.0.0.1:5000"),
    ],
)
def test_the_verification_goes_where_the_registry_listens(changes, url):
    assert near_url(*given(**changes)) == url


@pytest.mark.parametrize(
    ("changes", "trusted"),
    [
        ({}, True),
        ({"address": "10.0.0.1"}, True),
        (TLS, True),
        ({"address": "10.0.0.1", **TLS}, False),
        ({"address": "::1"}, False),
        ({"runtime": "package"}, False),
        ({"runtime": "podman"}, True),
        ({"runtime": "podman", "address": "10.0.0.1", **TLS}, False),
        ({"http": {"prefix": "/"}}, True),
        ({"http": {"prefix": "/hub/"}}, False),
        ({"http": {"host": "https://hub.example"}}, False),
        ({"proxy": {"remoteurl": "https://hub.example"}}, False),
    ],
)
def test_the_verification_pushes_where_docker_and_podman_can(changes, trusted):
    assert pushes(*given(**changes)) is trusted


def test_what_a_push_has_shown_is_not_done_again_and_a_read_only_registry_is_only_asked():
    beyond = ["index", "mount", "resume", "delete"]
    assert probe_steps(*given()) == beyond
    assert probe_steps(*given(runtime="package")) == ["head", "pull", *beyond]
    assert probe_steps(*given(readonly="yes")) == ["ping"]
    assert probe_steps(*given(proxy={"remoteurl": "https://hub.example"})) == ["mirror"]


def test_a_client_logs_in_as_the_first_user_and_trusts_the_given_authorities():
    assert client_options(*given()) == {"url": "http://127.0.0.1:5000", "server_name": "hub.example"}
    users = [{"name": "ci", "password_file": "/p"}, {"name": "other", "password_file": "/o"}]
    options = client_options(*given(users=users, tls_ca_file="/ca.pem"))
    assert (options["username"], options["password_file"], options["ca_file"]) == ("ci", "/p", "/ca.pem")


def test_the_verification_logs_in_as_the_first_user_or_as_one_of_the_token_server():
    user = {"token_username": "ci", "token_password_file": "/t"}
    token = {"token": {"realm": "https://auth"}}
    role = {**DEFAULTS, **token, **user}
    assert login(role) == {"username": "ci", "password_file": "/t"}
    assert login({**role, "users": [{"name": "own", "password_file": "/o"}]})["username"] == "own"
    assert login({**DEFAULTS, **token}) == login({**DEFAULTS, **user}) == {}


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("[::1]", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("127.0.0.1.example", False),
        ("localhost.example", False),
    ],
)
def test_loopback_is_reached_from_this_host_only(address, local):
    assert is_local({"address": address}) is local


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({}, False),
        ({"users": [{"name": "ci", "password_file": "/p"}]}, True),
        ({"token": {"realm": "https://auth"}}, True),
        ({"extra": {"auth": {"silly": {"realm": "x"}}}}, True),
        ({"http": {"tls": {"clientcas": ["/ca.pem"]}}}, True),
        (TLS, False),
        ({"http": {"tls": None}}, False),
    ],
)
def test_users_tokens_and_client_certificates_authenticate(changes, asked):
    assert authenticates(*given(**changes)) is asked
