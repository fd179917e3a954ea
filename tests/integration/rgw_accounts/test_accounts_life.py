# SPDX-License-Identifier: Apache-2.0
"""Accounts: what radosgw-admin says of them, whose they are, and what is refused."""

from __future__ import annotations

import secrets

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.accounts.record import ANY, LIMITS, NONE
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_accounts_info

from tests.integration.rgw_accounts.helpers import HOME, NEEDS_19

pytestmark = NEEDS_19
NO_QUOTA = {"max_size": -1, "max_objects": -1, "enabled": False}


def test_create_again_change_check_absent_again(gateway, accounts, name):
    entry = {
        "name": name,
        "email": f"{name}@Example.org",
        "max_users": 7,
        "max_access_keys": 2,
        "quota": {"max_size": "1GiB"},
        "bucket_quota": {"max_objects": 10},
    }
    planned = accounts(entry, check=True)
    assert planned["changed"] and "1 would be created" in planned["summary"]
    (made,) = accounts(entry)["accounts"]
    assert made["changes"] == ["account created"]
    said = gateway.account(made["id"])
    assert (said["name"], said["email"], said["max_users"]) == (name, f"{name}@example.org", 7)
    assert (said["max_roles"], said["max_groups"], said["max_buckets"], said["max_access_keys"]) == (1000,) * 3 + (2,)
    assert (said["quota"]["max_size"], said["quota"]["enabled"]) == (1024**3, True)
    assert (said["bucket_quota"]["max_objects"], said["bucket_quota"]["enabled"]) == (10, True)
    assert not accounts(entry)["changed"]
    change = {"name": name, "max_users": None, "max_groups": -1, "email": None, "quota": None}
    planned = accounts(change, check=True)
    (changed,) = accounts(change)["accounts"]
    assert planned["accounts"][0]["changes"] == changed["changes"]
    assert "max_users: 7 -> 1000" in changed["changes"] and "quota.enabled: true -> false" in changed["changes"]
    assert (changed["quota"], changed["bucket_quota"]["max_objects"], changed["email"]) == (NO_QUOTA, 10, "")
    assert not accounts(change)["changed"]
    gone = {"name": name, "state": "absent"}
    assert accounts(gone, check=True)["changed"]
    assert accounts(gone)["accounts"][0]["changes"] == ["account removed"]
    assert not accounts(gone)["changed"]


def test_a_chosen_id_and_another_name(gateway, accounts, name):
    identifier = f"RGW{secrets.randbelow(10**17):017}"
    entry = {"name": name, "id": identifier, "tenant": "ten"}
    assert accounts(entry)["accounts"][0]["id"] == identifier
    assert accounts({**entry, "name": f"{name}-2"})["accounts"][0]["changes"] == [f'name: "{name}" -> "{name}-2"']
    assert gateway.account(identifier)["name"] == f"{name}-2"
    assert not accounts({"name": f"{name}-2", "tenant": "ten"})["changed"]
    assert "which cannot be changed" in accounts({"name": f"{name}-2", "id": identifier})["msg"]


def test_the_mark_outlives_a_change_by_radosgw_admin(gateway, accounts, name, account):
    gateway.radosgw_admin("account", "modify", f"--account-id={account}", "--max-users=3")
    gateway.radosgw_admin("quota", "set", "--quota-scope=account", f"--account-id={account}", "--max-objects=5")
    assert accounts({"name": name, "max_users": 4})["accounts"][0]["changes"] == ["max_users: 3 -> 4"]
    assert gateway.account(account)["quota"]["max_objects"] == 5


def test_an_account_of_somebody_else_is_left_alone(gateway, accounts, name):
    gateway.radosgw_admin("account", "create", f"--account-name={name}")
    assert not accounts({"name": name})["changed"]
    for entry in ({"name": name, "max_users": 5}, {"name": name, "state": "absent"}):
        assert "was not created by this toolkit" in accounts(entry)["msg"]
    (adopted,) = accounts({"name": name, "max_users": 5, "adopt": True})["accounts"]
    assert f'home: (none) -> "{HOME}"' in adopted["changes"]
    assert not accounts({"name": name, "max_users": 5, "adopt": True})["changed"]
    other = {"home": "another"}
    assert f"belongs to inventory '{HOME}'" in accounts({"name": name, "max_users": 6}, **other)["msg"]
    assert f"belongs to inventory '{HOME}'" in accounts({"name": name, "state": "absent"}, **other)["msg"]
    assert accounts({"name": name, "max_users": 6}, takeover=True, **other)["changed"]
    assert "belongs to inventory 'another'" in accounts({"name": name, "state": "absent"})["msg"]


def test_names_and_addresses_of_others(accounts, name, account):
    accounts({"name": name, "email": f"{name}@example.org"})
    other = {"name": f"{name}-2", "email": f"{name}@example.org"}
    assert f"email: account '{name}' ({account}) has this address" in accounts(other)["msg"]
    taken = {"name": name, "id": "RGW00000000000000042"}
    assert f"account '{name}' has the ID '{account}'" in accounts(taken)["msg"]


def test_an_account_with_users_is_not_removed(gateway, accounts, users, name, account, root):
    result = accounts({"name": name, "state": "absent"})
    assert "AccountNotEmpty" in result["msg"] and "It still has users" in result["msg"]
    assert gateway.account(account)["id"] == account
    users({"uid": f"{name}-root", "state": "absent"})
    assert accounts({"name": name, "state": "absent"})["changed"]


def test_export_changes_nothing(gateway, accounts, run_module, name):
    entry = {"name": name, "max_users": 5, "bucket_quota": {"max_size": 4096}}
    accounts(entry)
    gateway.radosgw_admin("account", "create", f"--account-name={name}-theirs", "--max-buckets=3")
    found = run_module(rgw_accounts_info, **gateway.admin, home=HOME)
    ours, theirs = (one for one in found["accounts"] if one["name"].startswith(name))
    assert ours == {**entry, "id": ours["id"], "bucket_quota": {"max_size": 4096, "max_objects": -1, "enabled": True}}
    assert (theirs["max_buckets"], theirs["adopt"]) == (3, True)
    assert not accounts(ours)["changed"]
    assert accounts(theirs)["accounts"][0]["changes"] == [f'home: (none) -> "{HOME}"']
    assert not accounts(theirs)["changed"]
    of_another = run_module(rgw_accounts_info, **gateway.admin, home="another")
    assert any(f"'{name}' belongs to inventory '{HOME}'" in str(warning) for warning in of_another["warnings"])


def test_without_the_cap_the_error_names_it_and_the_releases(gateway, accounts, name, account):
    gateway.radosgw_admin("caps", "rm", "--uid=demo", "--caps=accounts=write")
    try:
        result = accounts({"name": name, "state": "absent"})
    finally:
        gateway.radosgw_admin("caps", "add", "--uid=demo", "--caps=accounts=write")
    assert "needs the admin caps 'accounts=write'" in result["msg"] and "20.0 to 20.2.1" in result["msg"]


def test_an_account_s_quota_holds(gateway, accounts, name, root):
    assert gateway.s3(root, "PUT", f"/{name}").status_code == 200
    accounts({"name": name, "quota": {"max_objects": 1}})
    assert gateway.s3(root, "PUT", f"/{name}/one", body=b"1").status_code == 200
    assert gateway.s3(root, "PUT", f"/{name}/two", body=b"1").status_code == 403


TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["*"]},"Action":["sts:AssumeRole"]}]}'
)


@pytest.mark.parametrize("limit", LIMITS)
def test_limits_hold(gateway, accounts, name, root, limit):
    """The table of what the numbers mean, held against the gateway."""
    gateway.asked(root, "CreateUser", UserName=f"{name}-u")

    def make(what):
        if limit == "max_buckets":
            return gateway.s3(root, "PUT", f"/{name}-{what}").status_code
        action, options = {
            "max_users": ("CreateUser", {"UserName": f"{name}-{what}"}),
            "max_groups": ("CreateGroup", {"GroupName": what}),
            "max_roles": ("CreateRole", {"RoleName": what, "AssumeRolePolicyDocument": TRUST}),
            "max_access_keys": ("CreateAccessKey", {"UserName": f"{name}-u"}),
        }[limit]
        return gateway.act(root, action, **options).status_code

    accounts({"name": name, limit: NONE[limit]})
    assert make("none") >= 400
    accounts({"name": name, limit: 1})
    # Root and one user are there already.
    assert (make("one") < 300) is (limit != "max_users")
    assert make("two") >= 400
    accounts({"name": name, limit: ANY[limit]})
    assert make("any") < 300


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"name": "a b"}, "name is made of"),
        ({"name": "RGW00000000000000001"}, "is not like an ID"),
        ({"name": "a", "id": "RGW1"}, "'RGW' and 17 digits"),
        ({"name": "a", "tenant": "a-b"}, "a tenant is made of"),
        ({"name": "a", "max_users": -2}, "max_users: -2 is no limit"),
        ({"name": "a", "quota": {"max_size": "1GB"}}, "quota.max_size: '1GB' is no size"),
        ({"name": "a", "email": "nobody"}, "email: is no e-mail address"),
    ],
)
def test_bad_input(accounts, entry, said):
    assert said in accounts(entry)["msg"]
