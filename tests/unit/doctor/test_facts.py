# SPDX-License-Identifier: Apache-2.0
"""What a gateway tells about itself, and that nothing it tells can do harm."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor import facts as swift_facts
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.facts import gateway_facts
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.messages import Answer, Request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.doctor.swift_double import answer, faulty

# As Ceph 20 answers; 14 to 18 send no Server.
HEADERS = {"X-Trans-Id": "tx00000ee31787baaf7cca8-006b002a66-4112-default", "Server": "Ceph Object Gateway (tentacle)"}
INFO = b'{"swift":{"max_file_size":5368709120,"version":"20.2.4"},"tempauth":{"account_acls":true}}'


class Double:
    """A gateway that has one answer."""

    right: Answer

    def __init__(self, endpoint: Endpoint) -> None:
        pass

    def exchange(self, request: Request, seconds: float) -> Answer:
        assert (request.method, request.target, list(request.headers)) == ("GET", "/below/swift/info", [])
        assert seconds <= 2
        return self.right

    def close(self) -> None:
        pass


def facts_from(monkeypatch: pytest.MonkeyPatch, right: Answer) -> dict[str, str]:
    monkeypatch.setattr(swift_facts, "Connection", Double)
    monkeypatch.setattr(Double, "right", right, raising=False)
    return gateway_facts(Endpoint("gw", 8080, "/below"), 10)


def test_version_zone_and_server(monkeypatch: pytest.MonkeyPatch) -> None:
    assert facts_from(monkeypatch, answer("GET", 200, HEADERS, INFO)) == {
        "version": "20.2.4",
        "zone": "default",
        "server": "Ceph Object Gateway (tentacle)",
    }


def test_a_zone_may_have_a_hyphen(monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {"X-Trans-Id": "tx000000000000000000002-006b002a66-1009-eu-west-1"}
    assert facts_from(monkeypatch, answer("GET", 200, headers, INFO))["zone"] == "eu-west-1"


@pytest.mark.parametrize("right", [answer("GET", 404, HEADERS, INFO), faulty("GET", "no-status-line")])
def test_who_does_not_answer_tells_nothing(monkeypatch: pytest.MonkeyPatch, right: Answer) -> None:
    assert facts_from(monkeypatch, right) == {}


@given(st.binary() | st.sampled_from([b'{"swift": []}', b'{"swift": {"version": {}}}', b"[" * 100000]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_body_is_borne(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    assert facts_from(monkeypatch, answer("GET", 200, {}, body)) == {}
