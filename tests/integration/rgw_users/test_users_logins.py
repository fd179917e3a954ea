# SPDX-License-Identifier: Apache-2.0
"""What a client of the gateway sees of the users: who gets in, and what they may do."""

from __future__ import annotations

import stat

import pytest

from tests.integration.rgw_users.helpers import CANARY


def swift(uid, **options):
    return {"uid": uid, "subusers": [{"name": "swift", **options}]}


def test_generated_secret_logs_in(gateway, module, uid, tmp_path):
    path = tmp_path / "new" / "registry.swift"
    entry = swift(uid, access="readwrite", secret_file=str(path))
    assert module(entry, check=True)["changed"]
    assert not path.parent.exists()
    assert module(entry)["changed"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    secret = path.read_text().removesuffix("\n")
    assert len(secret) == 64
    status, session = gateway.swift_login(f"{uid}:swift", secret)
    assert status == 204
    assert [session("PUT", f"/{uid}"), session("PUT", f"/{uid}/o", b"data"), session("HEAD", f"/{uid}/o")] == [
        201,
        201,
        200,
    ]
    assert not module(entry)["changed"]
    assert path.read_text() == secret + "\n"


def test_lost_file_comes_back_without_an_outage(gateway, module, uid, tmp_path):
    path = tmp_path / "swift"
    module(swift(uid, access="full", secret_file=str(path)))
    secret = path.read_text()
    _, session = gateway.swift_login(f"{uid}:swift", secret.strip())
    path.unlink()
    result = module(swift(uid, secret_file=str(path)))
    assert result["users"][0]["changes"] == [f"secret_file {path}: written"]
    assert path.read_text() == secret
    assert session("GET") == 204  # an account without containers


def test_new_content_of_the_file_is_a_new_secret(gateway, module, uid, tmp_path):
    path = tmp_path / "swift"
    module(swift(uid, access="full", secret_file=str(path)))
    old = path.read_text().strip()
    path.write_text(CANARY)
    assert module(swift(uid, secret_file=str(path)))["changed"]
    assert [gateway.swift_login(f"{uid}:swift", key)[0] for key in (old, CANARY)] == [401, 204]


@pytest.mark.parametrize("tenant", ["", "t1"])
def test_given_secret_replaces_the_old_one_at_once(gateway, module, uid, tenant):
    user = f"{tenant}${uid}:swift" if tenant else f"{uid}:swift"
    module({**swift(uid, access="readwrite", secret=CANARY + "-1"), "tenant": tenant})
    assert gateway.swift_login(user, CANARY + "-1")[0] == 204
    module({**swift(uid, secret=CANARY + "-2"), "tenant": tenant})
    assert [gateway.swift_login(user, CANARY + end)[0] for end in ("-1", "-2", "")] == [401, 204, 401]


@pytest.mark.parametrize(
    "access, statuses",
    # list the account, put an object, read it
    [("read", (200, 403, 404)), ("write", (403, 201, 403)), ("readwrite", (200, 201, 200)), ("full", (200, 201, 200))],
)
def test_access(gateway, module, uid, access, statuses):
    module(swift(uid, access=access, secret=CANARY))
    _, session = gateway.swift_login(f"{uid}:swift", CANARY)
    assert session("PUT", f"/{uid}") == 201
    assert (session("GET"), session("PUT", f"/{uid}/o", b"data"), session("GET", f"/{uid}/o")) == statuses


def test_suspended_user_is_out_and_comes_back(gateway, module, uid):
    module(swift(uid, access="full", secret=CANARY))
    _, session = gateway.swift_login(f"{uid}:swift", CANARY)
    assert session("PUT", f"/{uid}") == 201
    module({"uid": uid, "suspended": True})
    assert session("GET", f"/{uid}") == 401
    module({"uid": uid, "suspended": False})
    assert session("GET", f"/{uid}") == 204


def test_s3_key_works_and_its_caps_too(gateway, module, uid):
    key = {"access_key": f"AK{uid}", "secret": CANARY}
    module({"uid": uid, "s3_keys": [key]})
    reader = gateway.client(key["access_key"], key["secret"], wait=0)
    with pytest.raises(Exception, match="AccessDenied"):
        reader.read_user(uid)
    module({"uid": uid, "caps": {"metadata": "read"}})
    assert reader.read_user(uid)["data"]["user_id"] == uid
    module({"uid": uid, "s3_keys": [{**key, "secret": CANARY + "-2"}]})
    with pytest.raises(Exception, match="SignatureDoesNotMatch"):
        reader.read_user(uid)
    assert gateway.client(key["access_key"], CANARY + "-2").read_user(uid) is not None


def test_data_outlive_changes_and_hold_off_removal(gateway, module, uid):
    module(swift(uid, access="full", secret=CANARY))
    _, session = gateway.swift_login(f"{uid}:swift", CANARY)
    session("PUT", f"/{uid}-1")
    session("PUT", f"/{uid}-2")
    session("PUT", f"/{uid}-1/o", b"data")
    module({"uid": uid, "display_name": "Changed", "max_buckets": 5, "caps": {"usage": "read"}})
    assert session("HEAD", f"/{uid}-1/o") == 200
    result = module({"uid": uid, "state": "absent"})
    assert result["failure"] == {**result["failure"], "operation": "remove", "status": 409, "code": "UserHasBuckets"}
    assert "owns 2 buckets" in result["msg"]
    assert session("HEAD", f"/{uid}-1/o") == 200
    for method, path in (("DELETE", f"/{uid}-1/o"), ("DELETE", f"/{uid}-1"), ("DELETE", f"/{uid}-2")):
        assert session(method, path) == 204
    assert module({"uid": uid, "state": "absent"})["changed"]
