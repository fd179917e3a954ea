# SPDX-License-Identifier: Apache-2.0
"""What is said of answers that are not those of a sound Designate. tests/integration/dns has the sound one."""

from __future__ import annotations

import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.secret import Secret
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.designate.client import Designate
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint

from tests.hostile_servers import fixed, hostile_server

INVALID = {"code": 400, "type": "invalid_object", "errors": {"errors": [{"message": "one"}, {"message": "two"}]}}


def client(url: str) -> Designate:
    return Designate(Endpoint.parse(f"http://{url}"), Secret("token-canary-91c2"), 5)


@pytest.mark.parametrize(
    ("status", "body", "said", "hint"),
    [
        ("400 Bad Request", json.dumps(INVALID).encode(), "HTTP 400 one; two", "Designate's log"),
        ("401 Unauthorized", b'{"error": {"message": "no"}}', "HTTP 401 no", "[keystone_authtoken]"),
        ("503 Service Unavailable", b"<html>", "HTTP 503", "designate-central"),
        ("500 Internal Server Error", b'["x"]', "HTTP 500", "designate-central"),
        ("200 OK", b"<html>", "no JSON", "Check the URL"),
        ("200 OK", b"[]", "no JSON: no object", "Check the URL"),
        ("200 OK", b'{"zones": [{"id": "1"}]}', "no list of zones", "Check the URL"),
        ("200 OK", b'{"zones": {}}', "no list of zones", "Check the URL"),
        ("200 OK", b'{"versions": []}', "no list of zones", "Check the URL"),
    ],
)
def test_other_answers(status, body, said, hint):
    with hostile_server(fixed(body, status=status)) as url, pytest.raises(ToolError) as failed:
        client(url).zones(name="example.com.")
    assert f"Could not list the zones at Designate http://{url}" in str(failed.value)
    assert said in str(failed.value) and hint in failed.value.hint
    assert "canary" not in str(failed.value)


def test_nobody_there():
    with pytest.raises(ToolError, match="that designate-api runs") as failed:
        client("127.0.0.1:1").recordsets("1", name="s3.example.com.")
    assert failed.value.status is None and failed.value.code.startswith("refused")


def test_what_is_gone_is_as_good_as_removed():
    with hostile_server(fixed(b"{}", status="404 Not Found")) as url:
        client(url).remove("A of s3.example.com", "1", "2")
        assert client(url).recordset("A of s3.example.com", "1", "2") is None
