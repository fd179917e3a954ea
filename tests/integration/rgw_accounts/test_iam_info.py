# SPDX-License-Identifier: Apache-2.0
"""What is in accounts as entries: they change nothing where they come from, and make the same in another account."""

from __future__ import annotations

import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_iam_info

from tests.integration.rgw_accounts.helpers import CANARY, NEEDS_19
from tests.integration.rgw_accounts.test_iam_life import ALLOW, reading, trusting

pytestmark = NEEDS_19


@pytest.fixture
def info(gateway, run_module):
    def run(**options):
        result = run_module(rgw_iam_info, **gateway.admin, **options)
        printed = result.pop("printed")
        assert CANARY not in printed and gateway.demo.secret not in printed
        return result

    return run


def content(name, account):
    """Something of each kind, with each option."""
    key = {"access_key": f"I{name.upper()}", "secret": CANARY}
    off = {"access_key": f"J{name.upper()}", "secret": CANARY, "active": False}
    read = {"policies": {"read": reading("b")}, "managed_policies": ["AmazonS3ReadOnlyAccess"]}
    role = {"name": "job", "path": "/ci/", "trust": trusting({"AWS": f"arn:aws:iam::{account}:root"}), **read}
    return {
        "users": [{"name": "ada", "path": "/eng/", "s3_keys": [key, off], **read}, {"name": "grace"}],
        "groups": [{"name": "all", "members": ["ada", "grace"], **read}, {"name": "none"}],
        "roles": [{**role, "description": "Jobs", "max_session_duration": 7200}],
        "oidc_providers": [
            {"url": "https://ci.example.org/x", "client_ids": ["a", "b"], "thumbprints": ["A" * 40]},
        ],
    }


def test_entries_change_nothing_and_make_the_same_elsewhere(gateway, info, iam, accounts, users, name, account, root):
    users({"uid": f"{name}-own", "account": account, "s3_keys": [{"access_key": f"O{name}", "secret": CANARY}]})
    iam(content(name, account))
    found = info(roots=[f"{name}-root"])
    assert not found["changed"]
    (entry,) = found["accounts"]
    by_name = {user["name"]: user for user in entry["users"]}
    assert set(by_name) == {"ada", "grace", f"{name}-own"}
    assert by_name["ada"]["s3_keys"] == [
        {"access_key": f"I{name.upper()}"},
        {"access_key": f"J{name.upper()}", "active": False},
    ]
    assert "s3_keys" not in by_name[f"{name}-own"]  # in the list of rgw_users
    assert not iam(entry)["changed"]
    assert not iam(entry, home="another")["changed"]  # nothing to take over for that
    purging = {kind: [{**one, "purge": True} for one in entry[kind]] for kind in ("users", "groups", "roles")}
    assert not iam({**entry, **purging})["changed"]  # nothing is missing in the entries
    accounts({"name": f"{name}2"})
    users({"uid": f"{name}2-root", "account": f"{name}2", "account_root": True})
    for user in entry["users"]:
        user.pop("s3_keys", None)  # no secrets, and no two users have the same key
    assert iam({**entry, "root": f"{name}2-root"})["changed"]
    (copied,) = info(roots=[f"{name}2-root"])["accounts"]
    assert copied == {**entry, "root": f"{name}2-root"}


def test_all_accounts_and_what_is_left_out(gateway, info, iam, accounts, name, account, root):
    accounts({"name": f"{name}-rootless"})
    gateway.asked(root, "CreateUser", UserName="idle")
    nothing = {"UserName": "idle", "PolicyName": "p", "PolicyDocument": '{"Version":"2012-10-17"}'}
    gateway.asked(root, "PutUserPolicy", **nothing)
    iam({"users": [{"name": "ada", "policies": {"p": {"Version": "2012-10-17", "Statement": [ALLOW]}}}]})
    found = info()
    (entry,) = [one for one in found["accounts"] if one["root"] == f"{name}-root"]
    assert [user["name"] for user in entry["users"]] == ["ada"]
    told = json.dumps(found["warnings"])
    assert f"account '{name}-rootless' is left out" in told
    assert f"user 'idle' of account '{account}' is left out" in told
    assert not iam(entry)["changed"]


def test_who_is_no_root(info, users, name):
    users({"uid": f"{name}-u"})
    result = info(roots=[f"{name}-u"])
    assert result["failed"] and "is not the root user of an account" in result["msg"]
