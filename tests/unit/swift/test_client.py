# SPDX-License-Identifier: Apache-2.0
"""What is said of answers that are not those of a sound Swift. tests/integration/portal has the sound one."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.secret import Secret
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.swift.client import (
    SwiftClient,
    is_container_name,
    swift_path,
)

from tests.hostile_servers import fixed, hostile_server


def client(url: str) -> SwiftClient:
    made = SwiftClient(Endpoint.parse(f"http://{url}"), 5)
    made.use(Secret("token-canary-91c2"))
    return made


@pytest.mark.parametrize(
    ("status", "body", "said", "hint"),
    [
        ("403 Forbidden", b"", "Could not list the account AUTH_a at Swift http://", "ResellerAdmin"),
        ("401 Unauthorized", b"", "HTTP 401 Unauthorized", "authtoken"),
        ("503 Service Unavailable", b"", "HTTP 503 Service Unavailable", "the log of Swift's proxy"),
        ("200 OK", b"<html>", "no JSON", "Check the URL"),
    ],
)
def test_other_answers(status, body, said, hint):
    with hostile_server(fixed(body, status=status)) as url, pytest.raises(ToolError) as failed:
        client(url).entries("AUTH_a")
    assert said in str(failed.value) and hint in failed.value.hint
    assert "canary" not in str(failed.value)


def test_nobody_there():
    with pytest.raises(ToolError, match="that Swift's proxy runs") as failed:
        client("127.0.0.1:1").container("AUTH_a", "box")
    assert failed.value.status is None and failed.value.code.startswith("refused")


def test_what_is_not_there_is_none():
    with hostile_server(fixed(b"", status="404 Not Found")) as url:
        assert client(url).container("AUTH_a", "box") is None and client(url).entries("AUTH_a", "box") is None
        client(url).remove("AUTH_a", "box", "object")


def test_names_are_quoted_and_slashes_are_those_of_objects():
    assert swift_path("AUTH_a", "b c", "d/é?") == "/v1/AUTH_a/b%20c/d/%C3%A9%3F"
    assert [name for name in ("a", "a/b", "", "..", "x" * 257) if is_container_name(name)] == ["a"]
