# SPDX-License-Identifier: Apache-2.0
"""The S3 keys of IAM users: what the gateway lets in, where secrets are, how keys follow each other."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3 import markup

from tests.integration.rgw_accounts.helpers import CANARY, NEEDS_19

pytestmark = NEEDS_19


@pytest.fixture
def key(name):
    """A key with a secret of its own."""
    return {"access_key": f"ONE{name.upper()}", "secret": f"{CANARY}-one"}


def ada(*keys, **options):
    return {"users": [{"name": "ada", "managed_policies": ["AmazonS3FullAccess"], "s3_keys": list(keys), **options}]}


@pytest.fixture
def lets_in(gateway):
    """Whether the gateway takes a key."""
    return lambda key, secret: gateway.s3(Login(key, secret), "GET", "/").status_code == 200


def test_a_user_with_a_given_key_create_again_change_check_absent_again(iam, root, key, lets_in):
    planned = iam(ada(key), check=True)
    assert planned["changed"] and not lets_in(key["access_key"], key["secret"])
    first = iam(ada(key))
    assert first["accounts"] == planned["accounts"] and first["diff"] == planned["diff"]
    (line,) = [line for line in first["accounts"][0]["changes"] if key["access_key"] in line]
    assert line.startswith(f"users.ada.s3_keys.{key['access_key']}.secret: (none) -> ") and "hmac-sha256:" in line
    assert lets_in(key["access_key"], key["secret"])
    assert not iam(ada(key))["changed"]
    assert not iam(ada({"access_key": key["access_key"]}))["changed"]
    other = {**key, "secret": f"{CANARY}-other"}
    assert iam(ada(other), check=True)["changed"] and lets_in(key["access_key"], key["secret"])
    assert iam(ada(other))["changed"] and not iam(ada(other))["changed"]
    assert lets_in(key["access_key"], other["secret"]) and not lets_in(key["access_key"], key["secret"])
    assert iam(ada({**other, "active": False}))["changed"] and not lets_in(key["access_key"], other["secret"])
    assert not iam(ada({**other, "active": False}))["changed"]
    gone = ada({"access_key": key["access_key"], "state": "absent"})
    assert iam(gone)["changed"] and not iam(gone)["changed"]
    assert not lets_in(key["access_key"], other["secret"])


def test_a_secret_is_made_and_kept(iam, root, name, lets_in, tmp_path):
    file = tmp_path / "secrets" / "ada"
    entry = ada({"access_key": f"F{name.upper()}", "secret_file": str(file)})
    assert iam(entry, check=True)["changed"] and not file.exists()
    first = iam(entry)
    secret = file.read_text().strip()
    assert lets_in(f"F{name.upper()}", secret) and secret not in str(first)
    assert file.stat().st_mode & 0o777 == 0o600
    assert "1 new secret file in " in first["summary"]
    assert not iam(entry)["changed"]
    file.unlink()
    assert iam(entry)["changed"] and file.read_text().strip() == secret  # a lost file cuts nobody off


def test_a_key_that_the_gateway_made_gets_into_a_file(gateway, iam, root, tmp_path):
    gateway.asked(root, "CreateUser", UserName="ada")
    made = gateway.asked(root, "CreateAccessKey", UserName="ada")
    known = markup.text_of(made, ".//AccessKeyId")
    iam(ada({"access_key": known, "secret_file": str(tmp_path / "ada")}))
    assert (tmp_path / "ada").read_text().strip() == markup.text_of(made, ".//SecretAccessKey")


def test_a_key_retires_when_its_successor_is_there(iam, root, key, name, lets_in):
    iam(ada(key))
    successor = {"access_key": f"TWO{name.upper()}", "secret": f"{CANARY}-two"}
    old = {"access_key": key["access_key"], "state": "retired"}
    assert "retired without a successor" in iam(ada(old))["msg"]
    assert iam(ada(successor, old))["changed"] and not iam(ada(successor, old))["changed"]
    assert lets_in(key["access_key"], key["secret"]) and lets_in(successor["access_key"], successor["secret"])
    assert iam(ada(successor, old), retire=True)["changed"] and not iam(ada(successor, old), retire=True)["changed"]
    assert not lets_in(key["access_key"], key["secret"]) and lets_in(successor["access_key"], successor["secret"])


def test_purge_takes_the_other_keys_of_the_user_only(iam, root, key, name, lets_in):
    other = {"access_key": f"TWO{name.upper()}", "secret": f"{CANARY}-two"}
    iam(ada(key, other))
    grace = {"name": "grace", "s3_keys": [{"access_key": f"G{name.upper()}", "secret": f"{CANARY}-grace"}]}
    iam({"users": [grace]})
    assert not iam({"users": [{"name": "ada", "purge": True}]})["changed"]  # not mentioned
    assert iam(ada({"access_key": key["access_key"]}, purge=True))["changed"]
    assert lets_in(key["access_key"], key["secret"]) and not lets_in(other["access_key"], other["secret"])
    assert not iam({"users": [grace]})["changed"]


def test_a_user_goes_with_all_keys(gateway, iam, root, key, lets_in):
    iam(ada(key))
    gateway.asked(root, "CreateAccessKey", UserName="ada")
    gone = {"users": [{"name": "ada", "state": "absent"}]}
    assert iam(gone)["changed"] and not iam(gone)["changed"]
    assert not lets_in(key["access_key"], key["secret"])
    assert gateway.act(root, "GetUser", UserName="ada").status_code == 404


def test_a_key_of_a_user_of_rgw_users(users, iam, name, account, root, key, lets_in):
    """Such a user has another uid than name, and both modules write the same record."""
    users({"uid": f"{name}-ada", "display_name": "ada", "account": account})
    assert iam(ada(key))["changed"] and lets_in(key["access_key"], key["secret"])
    assert not users({"uid": f"{name}-ada", "s3_keys": [key]})["changed"]


def test_a_user_with_a_tenant(accounts, users, iam, name, key, lets_in):
    accounts({"name": name, "tenant": "ten"})
    root = {"uid": f"{name}-root", "tenant": "ten", "account": name, "account_root": True}
    assert users(root)["changed"]
    entry = {**ada(key), "root": f"{name}-root", "tenant": "ten"}
    assert iam(entry)["changed"] and not iam(entry)["changed"]
    assert lets_in(key["access_key"], key["secret"])


def test_keys_in_an_account_of_somebody_else_are_left_alone(gateway, iam, root, key, lets_in, tmp_path):
    iam(ada(key))
    assert not iam(ada(key), home="another")["changed"]
    for other in (
        {**key, "secret": f"{CANARY}-other"},
        {"access_key": key["access_key"], "state": "absent"},
        {"access_key": key["access_key"], "secret_file": str(tmp_path / "ada")},
    ):
        assert "belongs to inventory" in iam(ada(other), home="another")["msg"]
    assert lets_in(key["access_key"], key["secret"]) and not (tmp_path / "ada").exists()


def test_keys_that_are_refused_before_anything_is_written(gateway, iam, users, root, name, key, tmp_path):
    users({"uid": f"{name}-else", "s3_keys": [{"access_key": f"E{name.upper()}", "secret": CANARY}]})
    weak = {"access_key": key["access_key"], "secret": "tiny"}
    five = [{"access_key": f"{number}{name.upper()}", "secret": CANARY} for number in range(5)]
    twice = {"users": [{"name": who, "s3_keys": [key]} for who in ("ada", "grace")]}
    for entry, said in (
        (ada({"access_key": key["access_key"]}), "does not exist yet; give secret or secret_file"),
        (ada(weak), "shorter than 16 characters"),
        (ada(key, key), "is given twice"),
        (twice, "is given twice, first at accounts[0]"),
        (ada({**key, "secret_file": str(tmp_path / "x")}), "secret and secret_file exclude each other"),
        (ada({"access_key": f"E{name.upper()}", "secret": CANARY}), f"belongs to user '{name}-else'"),
        (ada(*five), "the user would have 5 keys, and the limit of the account is 4"),
    ):
        result = iam(entry)
        assert result.get("failed") and said in result["msg"] and "users[" in result["msg"], (said, result)
    assert gateway.act(root, "GetUser", UserName="ada").status_code == 404
    assert iam(ada(weak), allow_weak_secrets=True)["changed"]


def test_the_limit_of_the_account(accounts, iam, root, name):
    four = [{"access_key": f"{number}{name.upper()}", "secret": CANARY} for number in range(4)]
    iam(ada(*four))
    assert not iam(ada(*four))["changed"]
    accounts({"name": name, "max_access_keys": 5})
    fifth = {"access_key": f"4{name.upper()}", "secret": CANARY}
    assert iam(ada(fifth))["changed"]
    accounts({"name": name, "max_access_keys": 1})
    assert not iam(ada(*four, fifth))["changed"]  # what is there stays
