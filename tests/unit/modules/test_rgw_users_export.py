# SPDX-License-Identifier: GPL-3.0-or-later
"""Export of users: which files come of which secrets. For entries and records see test_rgw_users_info.py."""

from __future__ import annotations

import stat

import pytest
import yaml
from ansible_collections.rgwkit.ceph.plugins.doc_fragments import rgw_connection
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_users_export, rgw_users_info

from tests.unit.rgw.gateway_double import running_gateway

CANARY = "canary-51c9e0d7f3"
NEW = {"max_buckets": 1000, "op_mask": "read, write, delete"}


@pytest.fixture
def gateway():
    with running_gateway() as gateway:
        yield gateway


@pytest.fixture
def run(gateway, run_module):
    """Run one of the two modules on the gateway; the export unless told otherwise."""

    def run(module=rgw_users_export, **options):
        admin = {"endpoint": gateway.endpoint, "access_key": "A", "secret_key": CANARY + "-admin", "wait": 0}
        result = run_module(module, **{**admin, **options})
        assert CANARY not in result.pop("printed")
        return result

    return run


@pytest.fixture
def two_users(gateway):
    for uid in ("a", "b"):
        key = {"user": uid, "access_key": uid.upper(), "secret_key": f"{CANARY}-{uid}"}
        gateway.add_user(uid, display_name=uid, keys=[key], **NEW)


def test_names_of_files(gateway, run, tmp_path):
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
    result = run(secret_directory=str(tmp_path))
    directory = tmp_path / "t1%24u"
    files = {path.name: path.read_text() for path in directory.iterdir()}
    assert files == {
        "s3...%2F..%2FA%24B": CANARY + "\n",
        "swift.s": CANARY + "-s\n",
        "temp_url.1": CANARY + "-t\n",
    }
    assert result["secret_files"] == sorted(str(path) for path in directory.iterdir())
    assert result["users"][0]["temp_url_keys"] == [{"index": 1, "secret_file": str(directory / "temp_url.1")}]


def test_check_mode_names_the_files_and_writes_none(run, two_users, tmp_path):
    directory = tmp_path / "secrets"
    planned = run(check=True, secret_directory=str(directory))
    assert not directory.exists()
    done = run(secret_directory=str(directory))
    assert {**planned, "invocation": 0} == {**done, "invocation": 0}
    assert done["changed"] and done["secret_files"] == [f"{directory}/a/s3.A", f"{directory}/b/s3.B"]


def test_only_the_owner_reads_the_files(run, two_users, tmp_path):
    directory = tmp_path / "secrets"
    run(secret_directory=str(directory))
    modes = {path.is_dir(): stat.S_IMODE(path.stat().st_mode) for path in (directory, *directory.rglob("*"))}
    assert modes == {True: 0o700, False: 0o600}


def test_a_second_run_writes_nothing_and_a_missing_file_alone(run, two_users, tmp_path):
    (first, other) = run(secret_directory=str(tmp_path))["secret_files"]
    again = run(secret_directory=str(tmp_path))
    assert not again["changed"] and again["secret_files"] == []
    (tmp_path / "b" / "s3.B").unlink()
    assert run(secret_directory=str(tmp_path))["secret_files"] == [other]
    assert first != other


def test_a_file_with_another_secret_is_in_the_way_of_all(run, two_users, tmp_path):
    (tmp_path / "b").mkdir()
    file = tmp_path / "b" / "s3.B"
    file.touch(mode=0o600)
    file.write_text("x" * 20)
    result = run(secret_directory=str(tmp_path))
    assert result["failed"]
    assert result["msg"] == f"secret file '{file}' holds another secret than the gateway does. Move it away first."
    assert file.read_text() == "x" * 20 and not (tmp_path / "a").exists()


def test_both_modules_return_the_same_entries(run, two_users, tmp_path):
    directory = str(tmp_path)
    exported = run(secret_directory=directory, uids=["b", "nobody", "a"])["users"]
    assert [entry["uid"] for entry in exported] == ["b", "a"]
    assert exported == run(rgw_users_info, secret_directory=directory, uids=["b", "nobody", "a"])["users"]


@pytest.mark.parametrize(
    "options, says",
    [
        ({}, "missing required arguments: secret_directory"),
        ({"secret_directory": "relative"}, "absolute path"),
        ({"secret_directory": "/nowhere", "parallel": 65}, "parallel must be 1 to 64"),
    ],
)
def test_refused(two_users, run, options, says):
    result = run(**options)
    assert result["failed"] and says in result["msg"]


def test_documentation_says_what_the_argument_spec_does():
    options = yaml.safe_load(rgw_users_export.DOCUMENTATION)["options"]
    options.update(yaml.safe_load(rgw_connection.ModuleDocFragment.DOCUMENTATION)["options"])
    spec = rgw_users_export.OPTIONS["argument_spec"]
    assert {name: (option["type"], option.get("required", False)) for name, option in options.items()} == {
        name: (option["type"], option.get("required", False)) for name, option in spec.items()
    }
