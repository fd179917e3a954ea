# SPDX-License-Identifier: Apache-2.0
"""Export of users: which entries and files come of which records, and what is said of the rest."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.rgwkit.ceph.plugins.doc_fragments import rgw_connection
from ansible_collections.rgwkit.ceph.plugins.module_utils import rgw_admin
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_users_info

from tests.unit.rgw_users_double import running_gateway

CANARY = "canary-b20d94e7a1"
NEW = {"max_buckets": 1000, "op_mask": "read, write, delete"}


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
    assert info()["users"] == [{"uid": "u", "tenant": "t1"}, {"uid": "v", "display_name": "V", "op_mask": ["read"]}]


def test_all_pages_are_read(gateway, info, monkeypatch):
    monkeypatch.setattr(rgw_admin, "_PAGE", 3)
    for n in range(7):
        gateway.add_user(f"u{n}", display_name="U", **NEW)
    assert [entry["uid"] for entry in info()["users"]] == [f"u{n}" for n in range(7)]


def test_names_of_files(gateway, info, tmp_path):
    """No name leads out of the directory, and none holds a "$", which the path option of a module would expand."""
    gateway.add_user(
        "t1$u",
        display_name="u",
        keys=[{"user": "t1$u", "access_key": "../../A$B", "secret_key": CANARY}],
        subusers=[{"id": "t1$u:s", "permissions": "read"}],
        swift_keys=[{"user": "t1$u:s", "secret_key": CANARY + "-s"}],
        temp_url_keys=[{"key": 1, "val": CANARY + "-t"}],
        **NEW,
    )
    result = info(secret_directory=str(tmp_path), write_secrets=True)
    directory = tmp_path / "t1%24u"
    files = {path.name: path.read_text() for path in directory.iterdir()}
    assert files == {
        "s3...%2F..%2FA%24B": CANARY + "\n",
        "swift.s": CANARY + "-s\n",
        "temp_url.1": CANARY + "-t\n",
    }
    assert result["secret_files"] == sorted(str(path) for path in directory.iterdir())
    assert result["users"][0]["temp_url_keys"] == [{"index": 1, "secret_file": str(directory / "temp_url.1")}]


def test_what_is_left_out_is_said(gateway, info, tmp_path):
    gateway.add_user(
        "u",
        display_name="u",
        caps=[{"type": "new-in-30", "perm": "read"}, {"type": "usage", "perm": "read"}],
        subusers=[{"id": "u:none", "permissions": "<none>"}, {"id": "u:empty", "permissions": "read"}],
        swift_keys=[{"user": "u:empty", "secret_key": ""}, {"user": "u:gone", "secret_key": CANARY}],
        **NEW,
    )
    gateway.add_user("nameless", display_name="", **NEW)
    result = info(secret_directory=str(tmp_path))
    assert result["users"] == [
        {"uid": "u", "caps": {"usage": "read"}, "subusers": [{"name": "empty", "access": "read"}, {"name": "none"}]}
    ]
    warnings = "\n".join(str(warning) for warning in result["warnings"])
    for words in ("nameless", "new-in-30", "'<none>'", "'empty' is empty", "'gone', which is no subuser"):
        assert words in warnings


@pytest.mark.parametrize(
    "options, says",
    [
        ({"write_secrets": True}, "secret_directory"),
        ({"secret_directory": "relative", "write_secrets": True}, "absolute path"),
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
