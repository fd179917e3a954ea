# SPDX-License-Identifier: Apache-2.0
"""What a real gateway answers when something is wrong with the admin, and what we make of it."""

from __future__ import annotations

import datetime
import subprocess
import threading
import time

import pytest

from tests.integration.rgw_users.helpers import CANARY


@pytest.fixture
def admin(gateway, module, uid):
    """An admin of one's own to spoil: (access key, the entry that makes it)."""
    entry = {
        "uid": uid,
        "caps": {"metadata": "read"},
        "s3_keys": [{"access_key": f"AK{uid}", "secret": CANARY + "-own"}],
    }
    module(entry)
    return {"access_key": f"AK{uid}", "secret_key": CANARY + "-own", "secret_key_file": None, "wait": 0}


def test_wrong_access_key(module, uid):
    result = module({"uid": uid}, access_key="nobody")
    assert result["failure"]["code"] == "InvalidAccessKeyId"
    assert "knows no access key 'nobody'" in result["msg"]


def test_wrong_secret_key(gateway, module, uid):
    result = module({"uid": uid}, secret_key=CANARY + "-wrong", secret_key_file=None)
    assert result["failure"]["code"] == "SignatureDoesNotMatch"
    assert f"does not belong to access key '{gateway.demo.access_key}'" in result["msg"]


def test_missing_caps(module, admin, uid):
    assert not module({"uid": uid}, **admin)["changed"]  # may read
    for entry, operation, caps in (
        ({"uid": uid, "max_buckets": 3}, "write", "metadata=*"),
        ({"uid": uid, "email": f"{uid}@example.org"}, "set e-mail address", "users=*"),
        ({"uid": uid, "state": "absent"}, "remove", "users=write"),
    ):
        result = module(entry, **admin)
        assert result["msg"].startswith(f"Could not {operation}")
        assert f"caps add --uid=... --caps='{caps}'" in result["msg"]


def test_suspended_admin(module, admin, uid):
    module({"uid": uid, "suspended": True})
    assert module({"uid": uid}, **admin)["failure"]["code"] == "UserSuspended"


def test_skewed_clock(module, uid, monkeypatch):
    class Early(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return super().now(tz) - datetime.timedelta(minutes=20)

    monkeypatch.setattr(datetime, "datetime", Early)
    result = module({"uid": uid})
    assert result["failure"]["code"] == "RequestTimeTooSkewed"
    assert "s behind the gateway's" in result["msg"]


def pause(gateway):
    subprocess.run(["docker", "pause", gateway.demo.container], check=True, capture_output=True)


def unpause(gateway):
    subprocess.run(["docker", "unpause", gateway.demo.container], check=True, capture_output=True)


def test_gateway_that_hangs_for_a_while(gateway, module, uid):
    """The connection stands and nothing comes: the request is given up and sent again."""
    users = [{"uid": f"{uid}-{n}"} for n in range(10)]
    pause(gateway)
    threading.Timer(2, unpause, [gateway]).start()
    started = time.monotonic()
    assert module(*users, timeout=0.5, wait=20)["changed"]
    assert 2 <= time.monotonic() - started < 15
    assert not module(*users)["changed"]


def test_gateway_that_hangs_for_good(gateway, module, uid):
    pause(gateway)
    try:
        started = time.monotonic()
        result = module({"uid": uid}, timeout=0.5, wait=1)
        assert time.monotonic() - started < 5
    finally:
        unpause(gateway)
    assert result["failure"]["code"].startswith("timeout: ")


def test_swift_endpoint_is_not_the_gateways_root(gateway, module, uid):
    result = module({"uid": uid}, endpoint=f"{gateway.demo.url}/swift/v1")
    assert "must end after host and port" in result["msg"]


def test_argument_spec_knows_the_access_words(module, uid):
    result = module({"uid": uid, "subusers": [{"name": "s", "access": "full-control"}]})
    says = "users[0].subusers[0].access: it has to be one of none, read, write, readwrite, full, not 'full-control'."
    assert result["msg"] == says
