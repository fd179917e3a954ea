# SPDX-License-Identifier: GPL-3.0-or-later
"""Users as entries: which entries come of which records, and what is said of the rest."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.rgwkit.ceph.plugins.doc_fragments import rgw_connection
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw import admin_api
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_users_info

from tests.unit.rgw.gateway_double import running_gateway

CANARY = "canary-b20d94e7a1"
NEW = {"max_buckets": 1000, "op_mask": "read, write, delete"}
# What a new user has by the options of its gateway is always said, as another gateway may give something else.
NO_QUOTA = {"max_size": -1, "max_objects": -1, "enabled": False}
LIMITS = {"max_buckets": 1000, "user_quota": NO_QUOTA, "bucket_quota": NO_QUOTA}


@pytest.fixture
def gateway():
    with running_gateway() as gateway:
        yield gateway


@pytest.fixture
def info(gateway, run_module):
    def run(**options):
        admin = {"endpoint": gateway.endpoint, "access_key": "A", "secret_key": CANARY + "-admin", "wait": 0}
        result = run_module(rgw_users_info, **{**admin, **options})
        assert CANARY not in result.pop("printed")
        return result

    return run


def test_what_a_new_user_has_is_not_said(gateway, info):
    gateway.add_user("t1$u", display_name="u", **NEW)
    gateway.add_user("v", display_name="V", **{**NEW, "op_mask": "read"})
    assert info()["users"] == [
        {"uid": "u", "tenant": "t1", **LIMITS},
        {"uid": "v", "display_name": "V", "op_mask": ["read"], **LIMITS},
    ]


def test_all_pages_are_read(gateway, info, monkeypatch):
    monkeypatch.setattr(admin_api, "_PAGE", 3)
    for n in range(7):
        gateway.add_user(f"u{n}", display_name="U", **NEW)
    assert [entry["uid"] for entry in info()["users"]] == [f"u{n}" for n in range(7)]


def test_entries_name_files_and_the_module_writes_none(gateway, info, tmp_path):
    gateway.add_user("u", display_name="u", keys=[{"user": "u", "access_key": "A", "secret_key": CANARY}], **NEW)
    for check in (True, False):
        result = info(check=check, secret_directory=str(tmp_path / "secrets"))
        assert result["users"][0]["s3_keys"] == [{"access_key": "A", "secret_file": f"{tmp_path}/secrets/u/s3.A"}]
        assert not result["changed"]
    assert not list(tmp_path.iterdir())


def test_what_is_left_out_is_said(gateway, info, tmp_path):
    gateway.add_user(
        "u",
        display_name="u",
        caps=[{"type": "new-in-30", "perm": "read"}, {"type": "usage", "perm": "read"}],
        subusers=[
            {"id": "u:none", "permissions": "<none>"},
            {"id": "u:empty", "permissions": "read"},
            {"id": "u:acp", "permissions": "read-acp"},
            {"id": "u:a b", "permissions": "read"},
        ],
        swift_keys=[{"user": "u:empty", "secret_key": ""}, {"user": "u:gone", "secret_key": CANARY}],
        keys=[
            {"user": "u", "access_key": "GOOD", "secret_key": CANARY},
            {"user": "u", "access_key": "odd key", "secret_key": CANARY},
            {"user": "u", "access_key": "BYTES", "secret_key": CANARY + "\udcfc"},
            {"user": "u:acp", "access_key": "ITS", "secret_key": CANARY},
        ],
        system=True,
        mfa_ids=["token"],
        attrs=[{"key": "user.rgw.user-policy", "val": "e30="}, {"key": "user.rgw.ratelimit", "val": "AQI="}],
        placement_tags=["\udcff"],
        **NEW,
    )
    gateway.add_user("nameless", display_name="", **NEW)
    result = info(secret_directory=str(tmp_path))
    assert result["users"] == [
        {"uid": "nameless", **LIMITS},
        {
            "uid": "u",
            "system": True,
            **LIMITS,
            "caps": {"usage": "read"},
            "s3_keys": [{"access_key": "GOOD", "secret_file": f"{tmp_path}/u/s3.GOOD"}],
            "subusers": [{"name": "empty", "access": "read"}, {"name": "none", "access": "none"}],
        },
    ]
    warnings = "\n".join(str(warning) for warning in result["warnings"])
    for words in (
        *("user 'nameless': display_name is left out: display_name: must not be empty", "new-in-30"),
        *(
            "'empty' is empty",
            "'gone', which is no subuser",
            "subusers 'acp' is left out",
            "subusers 'a b' is left out",
        ),
        *(
            "s3_keys 'odd key' is left out",
            "secret of s3_keys 'BYTES'",
            "s3_keys 'ITS' is left out, as its subuser 'acp' is",
        ),
        *("mfa_ids is left out", "attribute 'user.rgw.user-policy' is left out"),
        *("rate_limit is left out", "placement_tags is left out"),
    ):
        assert words in warnings


def test_a_record_that_cannot_be_read_is_left_out_alone(gateway, info):
    for uid in ("a", "b", "c", "d$e$f", "g:h"):
        gateway.add_user(uid, display_name=uid, **NEW)
    gateway.users["b"] = ["no record"]
    gateway.data("c")["caps"] = [{"perm": "read"}]
    result = info()
    assert [entry["uid"] for entry in result["users"]] == ["a"]
    warnings = "\n".join(str(warning) for warning in result["warnings"])
    for words in (
        "user 'b' is left out: Could not read user 'b'",
        "user 'c' is left out: its record is in a form that this toolkit does not know",
        "user 'd$e$f' is left out",
        "user 'g:h' is left out",
    ):
        assert words in warnings
    assert "without a user record" in info(uids=["b"])["msg"]


def test_a_name_that_is_no_utf_8(gateway, info):
    """RGW keeps bytes. Its JSON is no UTF-8 then, and Ansible takes nothing else."""
    gateway.add_user("u", display_name="Z\udcfcrich", email="\udce4@x.org", **NEW)
    gateway.add_user("Z\udcfcrich", display_name="Z", **NEW)
    result = info()
    assert result["users"] == [{"uid": "u", **LIMITS}]
    warnings = "\n".join(str(warning) for warning in result["warnings"])
    assert "user 'u': display_name is left out: display_name: is no Unicode text" in warnings
    assert r"user 'Z\xfcrich' is left out" in warnings.replace(r"\\", "\\")


@pytest.mark.parametrize("uid", ["two words", "a/b", "J\u00f6rg"])
def test_a_user_that_would_not_be_made_is_exported(gateway, info, uid):
    gateway.add_user(uid, display_name="X", **NEW)
    result = info()
    assert result["users"] == [{"uid": uid, "display_name": "X", **LIMITS}]
    warnings = "\n".join(str(warning) for warning in result["warnings"])
    assert f"user '{uid}': this uid is managed where it is, and not made on another gateway" in warnings


def test_a_key_of_a_subuser_stays_one(gateway, info):
    gateway.add_user(
        "u",
        display_name="u",
        subusers=[{"id": "u:ro", "permissions": "read"}],
        keys=[
            {"user": "u:ro", "access_key": "RO", "secret_key": CANARY},
            {"user": "u", "access_key": "U", "secret_key": CANARY},
        ],
        **NEW,
    )
    (entry,) = info()["users"]
    assert entry["s3_keys"] == [{"access_key": "RO", "subuser": "ro"}, {"access_key": "U"}]


@pytest.mark.parametrize(
    "options, says",
    [
        ({"write_secrets": True}, "Unsupported parameters"),
        ({"secret_directory": "relative"}, "absolute path"),
        ({"parallel": 0}, "parallel must be 1 to 64"),
    ],
)
def test_refused(gateway, info, options, says):
    gateway.add_user("u", display_name="u", keys=[{"user": "u", "access_key": "A", "secret_key": CANARY}], **NEW)
    assert says in str(info(**options))


def test_documentation_says_what_the_argument_spec_does():
    options = yaml.safe_load(rgw_users_info.DOCUMENTATION)["options"]
    options.update(yaml.safe_load(rgw_connection.ModuleDocFragment.DOCUMENTATION)["options"])
    spec = rgw_users_info.OPTIONS["argument_spec"]
    assert {name: option["type"] for name, option in options.items()} == {
        name: option["type"] for name, option in spec.items()
    }
    assert len(yaml.safe_load(rgw_users_info.EXAMPLES)) >= 3
