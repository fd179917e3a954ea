# SPDX-License-Identifier: Apache-2.0
"""What a registry's error answers are taken to mean; the bodies are those of registry 2.8.2."""

from __future__ import annotations

import json
from email.message import Message
from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.stream import Answer
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.auth import challenges
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.errors import got, meaning


def answer(status: int, code: str = "", detail: Any = None, body: bytes = b"") -> Answer:
    errors = {"errors": [{"code": code, "message": "unknown error", "detail": detail}]}
    return Answer("PATCH /v2/a", status, "Reason", Message(), body or json.dumps(errors).encode())


def swift(**enclosed: Any) -> Answer:
    return answer(500, "UNKNOWN", {"DriverName": "swift", "Enclosed": enclosed})


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        (swift(Op="Head", URL="http://gw/swift/v1/c/o", Err={}), "HEAD bug"),
        (swift(Op="Get", URL="http://gw/swift/v1/c/o", Err={}), "storage failed"),
        (swift(Op="Head", URL="http://gw/swift/v1/c/o", Err={"Op": "dial", "Net": "tcp"}), "storage failed"),
        (swift(StatusCode=400, Text="Bad Request"), "length of its segments' names"),
        (swift(StatusCode=404, Text="Object Not Found"), "storage failed"),
        (answer(500, "UNKNOWN", {"DriverName": "swift", "Enclosed": "a text"}), "storage failed"),
        (answer(500, "UNKNOWN", "swift: Timeout expired"), "storage failed"),
        (answer(404, "BLOB_UPLOAD_INVALID"), "http.secret"),
        (answer(400, "DIGEST_INVALID"), "other bytes"),
        (answer(401, "UNAUTHORIZED"), "user or password"),
        (answer(413, body=b"<html>"), "bounds the size"),
        (answer(405, body=b"Method not allowed"), "read-only"),
        (answer(503, body=b'{"errors": {}}'), "not healthy"),
    ],
)
def test_the_cause_is_named(given: Answer, cause: str) -> None:
    advice = meaning(given)
    assert advice
    assert cause in advice.cause


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[]", b'{"errors": []}', b'{"errors": ["text"]}', b"\xff"])
def test_an_error_may_be_of_any_form(body: bytes) -> None:
    assert meaning(answer(404, body=body or b" ")) is None
    assert got(answer(404, body=body or b" "), ()) == "404 Reason"


def test_secrets_and_line_ends_are_not_repeated() -> None:
    text = got(answer(500, "UNKNOWN", "token-of-ci\r\n\x1b[2J" + 1000 * "x"), ["token-of-ci"])
    assert "token-of-ci" not in text
    assert "\n" not in text
    assert "\x1b" not in text
    assert len(text) <= 400


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        (['Basic realm="a b"'], {"basic": {"realm": "a b"}}),
        (
            ['Bearer realm="https://t/token",service="r",scope="a:b:c,d"'],
            {"bearer": {"realm": "https://t/token", "service": "r", "scope": "a:b:c,d"}},
        ),
        (
            ['Bearer realm="t", service="r"', 'basic realm="x"'],
            {"bearer": {"realm": "t", "service": "r"}, "basic": {"realm": "x"}},
        ),
        (
            ['Bearer realm="t",service="r", Basic realm="x"'],
            {"bearer": {"realm": "t", "service": "r"}, "basic": {"realm": "x"}},
        ),
        (["Negotiate"], {}),
        ([], {}),
    ],
)
def test_challenges_are_read(fields: list[str], found: dict[str, dict[str, str]]) -> None:
    assert challenges(fields) == found
