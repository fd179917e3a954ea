# SPDX-License-Identifier: Apache-2.0
"""The key of temporary URLs that is given, for a subuser to whom the account does not show its key."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_verify as module

from tests.conftest import RunModule
from tests.integration.gateway import Gateway

# As conftest.prepare gives it to the account.
KEY = "key-of-temp-urls"


@pytest.fixture(scope="module")
def limited(gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The login of a subuser with the access readwrite, as the module takes it."""
    key = tmp_path_factory.mktemp("limited") / "key"
    key.touch(mode=0o600)
    key.write_text(secrets.token_urlsafe(24))
    named = ("--uid=demo", "--subuser=demo:limited")
    gateway.run("radosgw-admin", "subuser", "create", *named, "--access=readwrite")
    gateway.run("radosgw-admin", "key", "create", *named, "--key-type=swift", f"--secret-key={key.read_text()}")
    return {"endpoint": gateway.url, "user": "demo:limited", "secret_file": str(key), "probes": ["temp-url"]}


def asked(result: dict[str, Any]) -> dict[str, Any]:
    return next(verdict for verdict in result["verdicts"] if verdict["probe"] == "temp-url")


def test_a_key_that_is_given_lets_the_probe_ask(run_module: RunModule, limited: dict[str, Any], tmp_path: Path) -> None:
    assert "no temp URL key was given" in asked(run_module(module, **limited))["got"]
    file = tmp_path / "temp-url.key"
    file.touch(mode=0o600)
    file.write_text(f"{KEY}\n")
    result = run_module(module, **limited, temp_url_key_file=str(file))
    assert asked(result)["verdict"] == "ok"
    evidence = "\n".join(asked(result)["evidence"])
    assert "Range: bytes=10-99" in evidence
    assert "temp_url_sig=***" in evidence
    assert KEY not in result["printed"]


def test_a_key_that_the_account_does_not_have_is_found(run_module: RunModule, limited: dict[str, Any]) -> None:
    result = run_module(module, **limited, temp_url_key="not-the-key-of-this-account")
    assert (asked(result)["verdict"], result["failed"]) == ("wrong-status", True)
    assert "temp_url_keys of rgw_users" in result["msg"]
    assert "not-the-key-of-this-account" not in result["printed"]
