# SPDX-License-Identifier: Apache-2.0
"""Users in accounts: how they get there, that they stay, and who does not."""

from __future__ import annotations

from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_users_info

from tests.integration.rgw_accounts.helpers import CANARY, NEEDS_19

pytestmark = NEEDS_19


def test_a_root_user_by_the_account_s_name(gateway, users, name, account):
    entry = {"uid": f"{name}-r", "account": name, "account_root": True}
    assert users(entry, check=True)["changed"]
    (made,) = users(entry)["users"]
    assert (made["account"], made["account_root"]) == (account, True)
    said = gateway.user_info(f"{name}-r")
    assert (said["account_id"], said["type"]) == (account, "root")
    assert not users(entry)["changed"]
    assert users({**entry, "account_root": False})["changed"]
    assert gateway.user_info(f"{name}-r")["type"] == "rgw"
    assert not users({"uid": f"{name}-r"})["changed"]  # what is not mentioned stays


def test_a_root_user_owns_what_it_makes_for_the_account(gateway, account, name, root):
    assert gateway.s3(root, "PUT", f"/{name}").status_code == 200
    assert gateway.s3(root, "PUT", f"/{name}/object", body=b"data").status_code == 200
    assert f'"owner": "{account}"' in gateway.radosgw_admin("bucket", "stats", f"--bucket={name}")


def test_nobody_leaves_an_account(gateway, accounts, users, name, account):
    users({"uid": f"{name}-u", "account": name})
    accounts({"name": f"{name}-2"})
    for other in (f"{name}-2", None, ""):
        result = users({"uid": f"{name}-u", "account": other})
        assert f"the user is in account '{account}', and no user ever leaves an account" in result["msg"]
    assert gateway.user_info(f"{name}-u")["account_id"] == account


def test_a_user_with_buckets_is_refused_or_loses_the_objects_until_a_policy(gateway, users, name, account, root):
    login = Login(f"OLD{name.upper()}", CANARY)
    entry = {"uid": f"{name}-o", "s3_keys": [{"access_key": login.user, "secret": login.secret}]}
    users(entry)
    assert gateway.s3(login, "PUT", f"/{name}-old").status_code == 200
    assert gateway.s3(login, "PUT", f"/{name}-old/object", body=b"data").status_code == 200
    for check in (True, False):
        assert "account: the user owns buckets" in users({**entry, "account": name}, check=check)["msg"]
    assert gateway.user_info(f"{name}-o")["account_id"] == ""
    users({**entry, "account": name, "move_buckets": True})
    # What the error and the option's documentation say of releases that take it.
    assert [gateway.s3(who, "GET", f"/{name}-old/object").status_code for who in (login, root)] == [403, 403]
    policy = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
    gateway.asked(root, "AttachUserPolicy", UserName=f"{name}-o", PolicyArn=policy)
    assert gateway.s3(login, "GET", f"/{name}-old/object").status_code == 200
    assert not users({**entry, "account": name})["changed"]


def test_export_and_what_is_refused(gateway, run_module, users, name, account):
    users({"uid": f"{name}-u", "account": name, "account_root": True})
    (found,) = run_module(rgw_users_info, **gateway.admin, uids=[f"{name}-u"])["users"]
    assert (found["account"], found["account_root"]) == (account, True)
    assert not users(found)["changed"]
    for entry, said in (
        ({"account": f"{name}-none"}, f"there is no account '{name}-none' without a tenant"),
        ({"account": "RGW99999999999999999"}, "there is no account 'RGW99999999999999999'"),
        ({"account": name, "tenant": "ten"}, f"there is no account '{name}' of tenant 'ten'"),
        ({"account_root": True}, "account_root: the user is in no account"),
        ({"account": name, "display_name": "A User"}, "display_name: 'A User' is no name for a user of an account"),
    ):
        assert said in users({"uid": f"{name}-n", **entry})["msg"]


def test_a_plan_for_an_account_that_is_to_be_made(users, name):
    entry = {"uid": f"{name}-u", "account": f"{name}-new", "account_root": True}
    assert users(entry, check=True, accounts_to_be_made=[f"{name}-new"])["changed"]
    assert "there is no account" in users(entry, accounts_to_be_made=[f"{name}-new"])["msg"]
