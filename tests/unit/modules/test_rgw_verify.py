# SPDX-License-Identifier: Apache-2.0
"""The module's main(), run for real: what it refuses, and what it says when no gateway is there."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.catalogue import GROUPS, PROBES
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.verdicts import MEANINGS
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_verify

SECRET = "hunter2-hunter2"

Run = Callable[..., "dict[str, Any]"]


@pytest.fixture
def url() -> str:
    """An address where nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{sock.getsockname()[1]}"


@pytest.fixture
def run(run_module: Run) -> Run:
    """Run the module as demo:swift; no result shows the secret."""

    def run(check: bool = False, **params: Any) -> dict[str, Any]:
        result = run_module(rgw_verify, check=check, **{"user": "demo:swift", **params})
        assert SECRET not in result["printed"]
        return result

    return run


def test_no_gateway_is_a_failure_with_data(run: Run, url: str) -> None:
    result = run(endpoint=url, secret=SECRET)
    assert (result["failed"], result["changed"], result["passed"]) == (True, False, False)
    assert [verdict["verdict"] for verdict in result["verdicts"]] == ["refused", *["skipped"] * (len(PROBES) - 1)]
    assert result["summary"][0].startswith("FAIL  auth ")
    lines = result["msg"].split("\n")
    assert lines[0] == f"Swift verification of {url} as demo:swift: 1 of {len(PROBES)} probes failed."
    assert lines[1] == "auth: refused"
    assert lines[3].endswith("Connection refused")
    assert lines[5].startswith("  remedy:   Check that the gateway runs")


def test_waiting_for_no_gateway_says_what_was_last_seen(run: Run, url: str) -> None:
    result = run(endpoint=url, secret=SECRET, wait=0.2)
    assert [verdict["probe"] for verdict in result["verdicts"]][:2] == ["ready", "auth"]
    assert result["verdicts"][0]["verdict"] == "refused"
    assert result["verdicts"][0]["seconds"] >= 0.2
    assert {verdict["verdict"] for verdict in result["verdicts"][1:]} == {"skipped"}


def test_the_key_is_read_from_a_file(run: Run, url: str, tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.touch(mode=0o600)
    path.write_text(SECRET + "\n")
    assert run(endpoint=url, secret_file=str(path))["verdicts"][0]["verdict"] == "refused"


@pytest.mark.parametrize(
    ("params", "says"),
    [
        (
            {"secret": SECRET, "probes": ["head-empty"]},
            "there is no probe 'head-empty'; did you mean head-empty",
        ),
        ({"secret": ""}, "the swift key is empty"),
        ({"secret_file": "/no/such/file"}, "the swift key: secret file '/no/such/file' does not exist"),
        ({"secret": SECRET, "groups": ["heads"]}, "there is no group 'heads'; did you mean head"),
        (
            {"secret": SECRET, "s3_access_key": "A", "s3_secret_key_file": "/no/such/file"},
            "the S3 secret key: secret file '/no/such/file' does not exist",
        ),
        ({"secret": SECRET, "suspended_user": "idle:swift"}, "the suspended user's swift key is empty"),
        (
            {"secret": SECRET, "endpoint": "https://gw", "client_cert": "/no/such/cert"},
            "the client certificate /no/such/cert cannot",
        ),
        ({"secret": SECRET, "user": "demo\r\nX: y"}, "field 'X-Auth-User' has a character"),
        ({"secret": SECRET, "endpoint": f"http://demo:{SECRET}@gw"}, "must be a URL like"),
        (
            {"secret": SECRET, "endpoint": "https://gw", "ca_file": "/no/such/ca"},
            "the CA file /no/such/ca cannot",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(run: Run, url: str, params: dict[str, Any], says: str) -> None:
    result = run(**{"endpoint": url, **params})
    assert result["failed"]
    assert "was not started" in result["msg"]
    assert says in result["msg"]


def test_a_key_must_be_given_once(run: Run, url: str) -> None:
    assert "one of the following is required: secret, secret_file" in run(endpoint=url)["msg"]
    both = run(endpoint=url, secret=SECRET, secret_file="/key")
    assert "mutually exclusive" in both["msg"]


def test_a_key_of_a_certificate_needs_the_certificate(run: Run, url: str) -> None:
    result = run(endpoint=url, secret=SECRET, client_key="/key")
    assert "missing parameter(s) required by 'client_key': client_cert" in result["msg"]


def test_nothing_fails_the_task_where_that_is_asked(run: Run, url: str) -> None:
    result = run(endpoint=url, secret=SECRET, probes=["auth"], fail_on="never")
    assert (result.get("failed"), result["passed"], result["verdicts"][0]["verdict"]) == (None, True, "refused")
    assert "auth: refused: Nothing accepts connections" in str(result["warnings"])


def test_the_documentation_names_every_word_and_probe() -> None:
    for word in MEANINGS:
        assert f"V({word})" in rgw_verify.RETURN
    for name in (*GROUPS, *(probe.name for probe in PROBES)):
        assert f"V({name})" in rgw_verify.DOCUMENTATION


def test_a_key_that_is_to_be_made_skips_the_task_in_check_mode(run: Run, url: str, tmp_path: Path) -> None:
    missing = str(tmp_path / "key")
    result = run(endpoint=url, secret_file=missing, check=True)
    assert result["skipped"] and not result["changed"]
    assert url in result["skip_reason"] and f"{missing} does not exist" in result["skip_reason"]
    failed = run(endpoint=url, secret_file=missing)
    assert failed["failed"] and "was not started" in failed["msg"]
