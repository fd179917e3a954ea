# SPDX-License-Identifier: Apache-2.0
"""Taking over a living gateway: export, feed back, nothing changes; and elsewhere the same users come of it."""

from __future__ import annotations

import copy
import functools
import stat

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_users_export, rgw_users_info

from tests.integration.rgw_users.helpers import CANARY


@pytest.fixture
def run_on_gateway(gateway, run_module):
    """Run a module as the gateway's administrator; returns what Ansible would get."""

    def run(module, check=False, **options):
        demo = gateway.demo
        admin = {"endpoint": demo.url, "access_key": demo.access_key, "secret_key_file": str(demo.secret_file)}
        result = run_module(module, check=check, **{**admin, **options})
        printed = result.pop("printed")
        assert CANARY not in printed
        assert demo.secret not in printed
        return result

    return run


@pytest.fixture
def info(run_on_gateway):
    """Run rgw_users_info."""
    return functools.partial(run_on_gateway, rgw_users_info)


@pytest.fixture
def export(run_on_gateway):
    """Run rgw_users_export."""
    return functools.partial(run_on_gateway, rgw_users_export)


@pytest.fixture(params=["", "t1$"], ids=["no tenant", "tenant"])
def living(request, gateway, release, uid):
    """A user that somebody made with radosgw-admin."""
    full = f"{request.param}{uid}"
    gateway.radosgw_admin(
        *("user", "create", f"--uid={full}", "--display-name=Living User", f"--email={uid}@example.org"),
        *(f"--access-key=AK/{uid}", f"--secret-key={CANARY}-s3", "--caps=users=read,write;buckets=read"),
        *("--max-buckets=7", "--op-mask=read,write"),
    )
    gateway.radosgw_admin(
        *("subuser", "create", f"--uid={full}", f"--subuser={full}:swift", "--access=full"),
        *("--key-type=swift", f"--secret-key={CANARY}-swift"),
    )
    gateway.radosgw_admin("subuser", "create", f"--uid={full}", f"--subuser={full}:ro", "--access=read")
    gateway.radosgw_admin("quota", "set", f"--uid={full}", "--quota-scope=user", "--max-size=1G")
    gateway.radosgw_admin("quota", "enable", f"--uid={full}", "--quota-scope=user")
    if release > 14:
        gateway.radosgw_admin("user", "modify", f"--uid={full}", f"--temp-url-key={CANARY}-tu", "--tags=b,a")
    if release >= 17:
        gateway.radosgw_admin("ratelimit", "set", "--ratelimit-scope=user", f"--uid={full}", "--max-read-ops=1024")
    return full


def test_export_fed_back_changes_nothing(gateway, module, export, living, tmp_path):
    before = gateway.record(living)
    directory = str(tmp_path / "secrets")
    planned = export(uids=[living], secret_directory=directory, check=True)
    assert not (tmp_path / "secrets").exists()
    done = export(uids=[living], secret_directory=directory)
    assert {**planned, "invocation": 0} == {**done, "invocation": 0}
    assert done["changed"]
    assert len(done["secret_files"]) >= 2
    for path in (tmp_path / "secrets").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
    assert not module(*done["users"])["changed"]
    purging = [{**entry, "purge": True, "caps": entry["caps"]} for entry in done["users"]]
    assert not module(*purging)["changed"]
    assert gateway.record(living) == before
    assert not export(uids=[living], secret_directory=directory)["changed"]


def test_export_without_secrets_fed_back_changes_nothing(gateway, module, info, living):
    result = info(uids=[living, "nobody"])
    assert not result["changed"]
    (entry,) = result["users"]
    assert entry["max_buckets"] == 7
    assert entry["user_quota"] == {"max_size": 1024**3, "max_objects": -1, "enabled": True}
    assert "suspended" not in entry
    assert not module(entry)["changed"]


def test_the_same_user_comes_of_an_export(gateway, module, export, living, tmp_path):
    """What the export says is the whole user: remove it, run the export, and read the same record."""
    (entry,) = export(uids=[living], secret_directory=str(tmp_path))["users"]
    before = gateway.record(living)["data"]
    module({"uid": entry["uid"], "tenant": entry.get("tenant", ""), "state": "absent"})
    assert module(entry)["changed"]
    after = gateway.record(living)["data"]
    for data in (before, after):
        data.pop("create_date", None)
        data["placement_tags"].sort()
        for part in ("keys", "subusers", "swift_keys"):
            data[part] = sorted(({k: v for k, v in item.items() if k != "create_date"} for item in data[part]), key=str)
    assert after == before


def test_a_file_with_another_secret_is_in_the_way(export, living, tmp_path):
    (path, *_) = export(uids=[living], secret_directory=str(tmp_path))["secret_files"]
    with open(path, "w") as file:
        file.write("x" * 20)
    result = export(uids=[living], secret_directory=str(tmp_path))
    assert result["msg"] == f"secret file '{path}' holds another secret than the gateway does. Move it away first."


def test_all_users(gateway, module, info, uid, monkeypatch):
    from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw import admin_api

    monkeypatch.setattr(admin_api, "_PAGE", 3)
    no_quota = {"max_size": -1, "max_objects": -1, "enabled": False}
    limits = {"max_buckets": 1000, "user_quota": no_quota, "bucket_quota": no_quota}
    entries = [{"uid": f"{uid}-{n}", "display_name": f"N {n}", **limits} for n in range(7)]
    module(*copy.deepcopy(entries))
    result = info()
    assert [entry for entry in result["users"] if entry["uid"].startswith(uid)] == entries
    assert "demo" in [entry["uid"] for entry in result["users"]]
    assert not module(*result["users"], allow_weak_secrets=True)["changed"]


def test_what_cannot_be_declared_is_left_out_and_said(gateway, info, uid):
    gateway.radosgw_admin("user", "create", f"--uid={uid} b", "--display-name=Blank in it")
    gateway.radosgw_admin(
        *("user", "create", f"--uid={uid}", "--display-name=X"),
    )
    gateway.radosgw_admin(
        *("key", "create", f"--uid={uid}", f"--subuser={uid}:gone", "--key-type=swift", f"--secret-key={CANARY}")
    )
    result = info(uids=[f"{uid} b", uid])
    assert [entry["uid"] for entry in result["users"]] == [f"{uid} b", uid]
    warnings = "\n".join(str(warning) for warning in result["warnings"])
    assert f"user '{uid} b': this uid is managed where it is, and not made on another gateway" in warnings
    assert "the swift key of 'gone', which is no subuser, is left out" in warnings
