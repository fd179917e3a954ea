# SPDX-License-Identifier: Apache-2.0
"""Devices for one-time passwords: radosgw-admin's view, and the removal of versions that wants a password."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import struct
import subprocess
import time

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_mfa, rgw_mfa_info

from tests.integration.rgw_users.helpers import CANARY, s3_status, spellings

# In base32, as everything that is printed is searched for it.
SEED = base64.b32encode(b"canary-canary-20-byt").decode()


def password(seed: str) -> str:
    """RFC 6238 with HMAC-SHA-1, 30 s and 6 digits, written down here a second time."""
    digest = hmac.digest(base64.b32decode(seed), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1)
    (number,) = struct.unpack(">I", digest[digest[-1] & 15 :][:4])
    return f"{(number & 0x7FFFFFFF) % 10**6:06}"


@pytest.fixture
def mfa(gateway, run_module):
    demo = gateway.demo
    admin = {"endpoint": demo.url, "access_key": demo.access_key, "secret_key_file": str(demo.secret_file)}

    def run(uid, *devices, check=False, **options):
        entry = {"uid": uid, "devices": list(devices), **options}
        result = run_module(rgw_mfa, check=check, **admin, users=[entry])
        printed = result.pop("printed")
        assert SEED not in printed and base64.b32decode(SEED).hex() not in printed and demo.secret not in printed
        return result

    return run


@pytest.fixture
def owner(module, uid):
    login = Login(f"AK{uid.upper()}", CANARY)
    module({"uid": uid, "s3_keys": [{"access_key": login.user, "secret": login.secret}]})
    return login


def devices_of(gateway, uid):
    try:
        entries = json.loads(gateway.radosgw_admin("mfa", "list", f"--uid={uid}"))["entries"]
    except subprocess.CalledProcessError as error:
        assert error.returncode == 2  # none
        entries = []
    return {entry["id"]: entry["step_size"] for entry in entries}


def accepts(gateway, uid, serial, seed):
    """Whether radosgw-admin takes the current password of a device."""
    try:
        command = ("mfa", "check", f"--uid={uid}", f"--totp-serial={serial}", f"--totp-pin={password(seed)}")
        return "ok" in gateway.radosgw_admin(*command)
    except subprocess.CalledProcessError:
        return False


def test_create_again_change_check_absent_again(gateway, mfa, owner, uid):
    one, two = ({"serial": serial, "seed": SEED} for serial in ("one", "two"))
    assert mfa(uid, one, check=True)["changed"]
    assert devices_of(gateway, uid) == {}
    assert mfa(uid, one)["users"][0]["changes"] == ["device one: added"]
    assert gateway.user_info(uid)["mfa_ids"] == ["one"]
    assert accepts(gateway, uid, "one", SEED)
    assert not mfa(uid, one)["changed"]
    mfa(uid, two)  # what is not listed stays
    assert devices_of(gateway, uid) == {"one": 30, "two": 30}
    assert mfa(uid, {"serial": "two", "seconds": 60})["users"][0]["changes"] == ["device two: changed"]
    assert devices_of(gateway, uid) == {"one": 30, "two": 60}
    assert mfa(uid, {"serial": "one", "state": "absent"})["users"][0]["changes"] == ["device one: removed"]
    assert devices_of(gateway, uid) == {"two": 60}
    assert gateway.user_info(uid)["mfa_ids"] == ["two"]
    assert not mfa(uid, {"serial": "one", "state": "absent"})["changed"]
    assert mfa(uid, one)["changed"]  # once more after a removal
    assert devices_of(gateway, uid) == {"one": 30, "two": 60}
    assert mfa(uid, purge=True)["changed"]
    assert devices_of(gateway, uid) == {} and gateway.user_info(uid)["mfa_ids"] == []
    assert not mfa(uid, purge=True)["changed"]


def test_a_new_seed_in_place_of_the_old_one(gateway, mfa, owner, uid):
    other = base64.b32encode(os.urandom(20)).decode()
    mfa(uid, {"serial": "one", "seed": SEED})
    assert mfa(uid, {"serial": "one", "seed": other})["users"][0]["changes"] == ["device one: new seed"]
    assert accepts(gateway, uid, "one", other) and not accepts(gateway, uid, "one", SEED)


def test_a_device_of_radosgw_admin_is_taken_over(gateway, mfa, owner, uid, tmp_path):
    gateway.radosgw_admin(
        "mfa", "create", f"--uid={uid}", "--totp-serial=theirs", f"--totp-seed={SEED}", "--totp-seed-type=base32"
    )
    path = tmp_path / "seeds" / "theirs"
    result = mfa(uid, {"serial": "theirs", "seed_file": str(path)})
    assert result["users"][0]["changes"] == [f"seed_file {path}: written"]
    assert path.read_text().strip() == SEED and path.stat().st_mode & 0o777 == 0o600
    assert not mfa(uid, {"serial": "theirs", "seed_file": str(path)})["changed"]


@pytest.mark.parametrize("seed_type", ["base32", "hex"])
def test_a_seed_is_made_and_kept(gateway, mfa, owner, uid, tmp_path, seed_type):
    device = {"serial": "new", "seed_file": str(tmp_path / "seed"), "seed_type": seed_type}
    assert mfa(uid, device, check=True)["changed"] and not (tmp_path / "seed").exists()
    mfa(uid, device)
    text = (tmp_path / "seed").read_text().strip()
    seed = base64.b32encode(bytes.fromhex(text)).decode() if seed_type == "hex" else text
    assert accepts(gateway, uid, "new", seed)
    assert not mfa(uid, device)["changed"]


def test_a_version_goes_with_a_password_only(gateway, mfa, owner, uid):
    """The gateway's own use of the devices: MfaDelete of a bucket."""
    mfa(uid, {"serial": "one", "seed": SEED})
    bucket = f"/b-{uid}"
    document = b"<VersioningConfiguration><Status>Enabled</Status><MfaDelete>%s</MfaDelete></VersioningConfiguration>"
    assert s3_status(gateway, owner, "PUT", bucket) == 200
    assert s3_status(gateway, owner, "PUT", bucket, {"versioning": ""}, document % b"Enabled") == 403
    with_password = {"x-amz-mfa": f"one {password(SEED)}"}
    assert s3_status(gateway, owner, "PUT", bucket, {"versioning": ""}, document % b"Enabled", with_password) == 200
    assert s3_status(gateway, owner, "PUT", f"{bucket}/object", body=b"data") == 200
    gone = {"versionId": "null"}
    assert s3_status(gateway, owner, "DELETE", f"{bucket}/object", gone) == 403
    mfa(uid, {"serial": "one", "state": "absent"})
    refused = {"x-amz-mfa": f"one {password(SEED)}"}
    assert s3_status(gateway, owner, "DELETE", f"{bucket}/object", gone, headers=refused) == 403


def test_no_seed_in_the_gateway_s_log(gateway, mfa, owner, uid):
    mfa(uid, {"serial": "one", "seed": SEED})
    logs = gateway.demo.logs().encode()
    assert b"/admin/metadata/otp" in logs
    assert not any(spelling in logs for spelling in spellings(SEED))


def test_bad_input(mfa, owner, uid):
    for devices, said in (
        ([{"serial": "one"}], "device 'one' does not exist yet; give seed or seed_file"),
        ([{"serial": "a b", "seed": SEED}], "a serial is made of"),
        ([{"serial": "one", "seed": "MFRGG"}], "fewer than 128 bits"),
        ([{"serial": "one", "seed": SEED, "seed_type": "hex"}], "the seed is not hex"),
        ([{"serial": "one", "seed": SEED, "seed_file": "/tmp/x"}], "exclude each other"),
        ([{"serial": "one", "seed": SEED, "seconds": 0}], "seconds: must be 1 to 3600"),
        ([{"serial": "one", "seed": SEED}] * 2, "is given twice"),
    ):
        assert said in mfa(uid, *devices)["msg"]
    assert "there is no user 'nobody'" in mfa("nobody", {"serial": "one", "seed": SEED})["msg"]


def test_entries_of_the_devices_that_are_there_change_nothing(gateway, run_module, mfa, uid, owner):
    mfa(uid, {"serial": "plain", "seed": SEED}, {"serial": "slow", "seed": SEED, "seconds": 60, "window": 1})
    demo = gateway.demo
    admin = {"endpoint": demo.url, "access_key": demo.access_key, "secret_key_file": str(demo.secret_file)}
    found = run_module(rgw_mfa_info, **admin)
    assert SEED not in found["printed"] and base64.b32decode(SEED).hex() not in found["printed"]
    (entry,) = [user for user in found["users"] if user["uid"] == uid]
    assert entry["devices"] == [{"serial": "plain"}, {"serial": "slow", "seconds": 60, "window": 1}]
    assert not mfa(uid, *entry["devices"], purge=True)["changed"]
    assert run_module(rgw_mfa_info, **admin, uids=["nobody-there"])["users"] == []
