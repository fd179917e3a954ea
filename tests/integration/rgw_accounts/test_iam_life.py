# SPDX-License-Identifier: Apache-2.0
"""Users, groups, roles and providers: the IAM API's view, what they may do, and what is refused."""

from __future__ import annotations

import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.accounts.client import AccountClient
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3 import markup

from tests.integration.rgw_accounts.helpers import CANARY, NEEDS_19

pytestmark = NEEDS_19


def reading(bucket):
    resources = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    statement = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": resources}
    return {"Version": "2012-10-17", "Statement": [statement]}


def trusting(who, action="sts:AssumeRole"):
    statement = {"Effect": "Allow", "Principal": who, "Action": action}
    return {"Version": "2012-10-17", "Statement": [statement]}


@pytest.fixture
def user(users, name, account):
    """A user of the account, whose name for IAM is ada."""
    login = Login(f"ADA{name.upper()}", CANARY)
    key = {"access_key": login.user, "secret": login.secret}
    users({"uid": f"{name}-ada", "display_name": "ada", "account": account, "s3_keys": [key]})
    return login


@pytest.fixture
def bucket(gateway, name, root):
    assert gateway.s3(root, "PUT", f"/{name}").status_code == 200
    assert gateway.s3(root, "PUT", f"/{name}/object", body=b"data").status_code == 200
    return name


def test_a_user_s_policy_create_again_change_check_absent_again(gateway, iam, user, root, bucket):
    def get():
        return gateway.s3(user, "GET", f"/{bucket}/object").status_code

    assert get() == 403
    entry = {"users": [{"name": "ada", "policies": {"read": reading(bucket)}}]}
    assert iam(entry, check=True)["changed"] and get() == 403
    assert len(iam(entry)["accounts"][0]["changes"]) == 1
    assert get() == 200
    assert not iam(entry)["changed"]
    as_text = {"users": [{"name": "ada", "policies": {"read": json.dumps(reading(bucket))}}]}
    assert not iam(as_text)["changed"]
    assert not iam({"users": [{"name": "ada"}]})["changed"]  # what is not listed stays
    gone = {"users": [{"name": "ada", "policies": {"read": None}}]}
    assert iam(gone)["changed"] and get() == 403
    assert not iam(gone)["changed"]


def test_a_group_of_users(gateway, iam, user, root, bucket):
    group = {"name": "readers", "members": ["ada"], "managed_policies": ["AmazonS3ReadOnlyAccess"]}
    changes = iam({"groups": [group]})["accounts"][0]["changes"]
    assert changes[0] == "groups.readers: created" and len(changes) == 3
    assert gateway.s3(user, "GET", f"/{bucket}/object").status_code == 200
    assert gateway.s3(user, "PUT", f"/{bucket}/other", body=b"x").status_code == 403
    assert not iam({"groups": [group]})["changed"]
    found = gateway.asked(root, "GetGroup", GroupName="readers")
    assert markup.texts_of(found, ".//UserName") == ["ada"]
    assert iam({"groups": [{"name": "readers", "purge": True, "members": []}]})["changed"]
    assert gateway.s3(user, "GET", f"/{bucket}/object").status_code == 403
    iam({"groups": [group]})
    gone = {"groups": [{"name": "readers", "state": "absent"}]}
    assert iam(gone)["accounts"][0]["changes"] == ["groups.readers: removed"]
    assert not iam(gone)["changed"]
    assert gateway.act(root, "GetGroup", GroupName="readers").status_code == 404
    assert gateway.act(root, "GetUser", UserName="ada").status_code == 200


def test_a_user_comes_and_goes(gateway, iam, root):
    entry = {"name": "grace", "path": "/eng/", "managed_policies": ["AmazonS3FullAccess"]}
    group = {"name": "all", "members": ["grace"]}
    iam({"users": [entry], "groups": [group]})
    assert not iam({"users": [entry], "groups": [group]})["changed"]
    assert iam({"users": [{**entry, "path": "/ops/"}]})["changed"]
    found = gateway.asked(root, "GetUser", UserName="grace")
    assert markup.text_of(found, ".//Path") == "/ops/"
    gone = {"users": [{"name": "grace", "state": "absent"}]}
    assert iam(gone)["changed"] and not iam(gone)["changed"]


def test_a_role_create_again_change_absent(gateway, iam, root, account):
    arn = f"arn:aws:iam::{account}:root"
    role = {"name": "job", "path": "/ci/", "trust": trusting({"AWS": arn}), "policies": {"read": reading("b")}}
    iam({"roles": [role]})
    assert not iam({"roles": [role]})["changed"]
    change = {**role, "description": "Jobs", "max_session_duration": 7200, "trust": trusting({"AWS": "*"})}
    assert len(iam({"roles": [change]})["accounts"][0]["changes"]) == 3
    assert not iam({"roles": [change]})["changed"]
    found = gateway.asked(root, "GetRole", RoleName="job")
    assert markup.text_of(found, ".//MaxSessionDuration") == "7200"
    assert json.loads(markup.text_of(found, ".//AssumeRolePolicyDocument"))["Statement"][0]["Principal"] == {
        "AWS": ["*"]
    }
    gone = {"roles": [{"name": "job", "state": "absent"}]}
    assert iam(gone)["changed"] and not iam(gone)["changed"]
    assert gateway.act(root, "GetRole", RoleName="job").status_code == 404


def test_a_provider_create_again_change_absent(gateway, iam, root, account):
    provider = {"url": "https://ci.example.org/x", "client_ids": ["a"], "thumbprints": ["A" * 40]}
    iam({"oidc_providers": [provider]})
    assert not iam({"oidc_providers": [provider]})["changed"]
    change = {**provider, "client_ids": ["b", "c"], "thumbprints": ["B" * 40]}
    assert len(iam({"oidc_providers": [change]})["accounts"][0]["changes"]) == 2
    assert not iam({"oidc_providers": [change]})["changed"]
    arn = f"arn:aws:iam::{account}:oidc-provider/ci.example.org/x"
    found = gateway.asked(root, "GetOpenIDConnectProvider", OpenIDConnectProviderArn=arn)
    assert sorted(markup.texts_of(found, ".//ClientIDList/member")) == ["b", "c"]
    gone = {"oidc_providers": [{"url": provider["url"], "state": "absent"}]}
    assert iam(gone)["changed"] and not iam(gone)["changed"]


def test_what_is_in_an_account_of_somebody_else_is_left_alone(gateway, iam, accounts, name, root):
    group = {"groups": [{"name": "theirs"}]}
    assert "belongs to inventory" in iam(group, home="another")["msg"]
    assert gateway.act(root, "GetGroup", GroupName="theirs").status_code == 404
    iam(group)
    assert not iam(group, home="another")["changed"]  # nothing to do
    assert "belongs to inventory" in iam({"groups": [{"name": "theirs", "state": "absent"}]}, home="another")["msg"]


def test_a_root_user_without_a_key(gateway, iam, users, name, account, root):
    users({"uid": f"{name}-root", "purge": True, "s3_keys": []})
    assert gateway.user_info(f"{name}-root")["keys"] == []
    assert iam({"groups": [{"name": "made"}]})["changed"]
    assert gateway.user_info(f"{name}-root")["keys"] == []


def test_who_is_no_root(iam, users, name, account):
    users({"uid": f"{name}-u"}, {"uid": f"{name}-m", "account": account})
    for uid in (f"{name}-u", f"{name}-m"):
        assert "is not the root user of an account" in iam({"root": uid, "groups": []})["msg"]
    assert "there is no user" in iam({"root": f"{name}-none", "groups": [{"name": "g"}]})["msg"]
    coming = {"root": f"{name}-none", "groups": [{"name": "g"}]}
    assert iam(coming, check=True, users_to_be_made=[f"{name}-none"])["changed"]


ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ({"Version": "2012-10-17"}, "Statement"),
        ({"Statement": [{**ALLOW, "Action": "s3:NoSuch"}]}, "no RGW from 14 to 20 knows"),
        ({"Statement": [{"Effect": "Allow", "Action": "s3:*"}]}, "give one of Resource and NotResource"),
        ({"Statement": [{**ALLOW, "Principal": "*"}]}, "a policy of a user, group or role has none"),
        ({"Statement": [{**ALLOW, "Condition": {"StringMatches": {"a": "b"}}}]}, "does not know the operator"),
        ({"Statement": [{**ALLOW, "Effect": "Permit"}]}, "has to be Allow or Deny"),
        ("{", "a text that is no JSON"),
    ],
)
def test_policies_that_rgw_would_take_and_ignore_are_refused(iam, root, policy, said):
    result = iam({"users": [{"name": "ada", "policies": {"p": policy}}]})
    assert result["failed"] and said in result["msg"] and "policies.p" in result["msg"]


def test_rgw_takes_a_policy_that_says_nothing(gateway, root):
    """Why such a policy is refused before it is sent."""
    gateway.asked(root, "CreateUser", UserName="idle")
    nothing = {"UserName": "idle", "PolicyName": "p", "PolicyDocument": '{"Version":"2012-10-17"}'}
    assert gateway.act(root, "PutUserPolicy", **nothing).status_code == 200


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"users": [{"name": "a b"}]}, "a name is made of"),
        ({"groups": [{"name": "g", "path": "x"}]}, "path: begins and ends with"),
        ({"roles": [{"name": "r"}]}, "the role does not exist yet; give its trust"),
        ({"roles": [{"name": "r", "trust": trusting("*", "s3:GetObject")}]}, "a trust policy tells of actions of STS"),
        ({"roles": [{"name": "r", "max_session_duration": 60}]}, "must be 3600 to 43200"),
        ({"oidc_providers": [{"url": "ci.example.org"}]}, "url is that of the issuer"),
        ({"oidc_providers": [{"url": "https://x", "thumbprints": ["AA"]}]}, "is not 40 hexadecimal digits"),
        ({"users": [{"name": "a"}, {"name": "a"}]}, "is given twice"),
    ],
)
def test_bad_input(iam, root, entry, said):
    assert said in iam(entry)["msg"]


def test_path_and_groups_of_a_user_of_rgw_users(gateway, iam, users, user, name, root):
    iam({"users": [{"name": "ada", "path": "/eng/"}], "groups": [{"name": "readers", "members": ["ada"]}]})
    record = json.loads(gateway.radosgw_admin("metadata", "get", f"user:{name}-ada"))["data"]
    assert record["path"] == "/eng/" and len(record["group_ids"]) == 1
    assert not users({"uid": f"{name}-ada", "display_name": "ada"})["changed"]
    users({"uid": f"{name}-ada", "suspended": True})
    after = json.loads(gateway.radosgw_admin("metadata", "get", f"user:{name}-ada"))["data"]
    assert (after["path"], after["group_ids"]) == (record["path"], record["group_ids"])


@pytest.mark.parametrize("condition", ["aws:PrincipalTag/team", "iam:ResourceTag/team"])
def test_tags_of_a_record_open_nothing(gateway, iam, user, root, bucket, name, condition):
    """Why the tags of users are no data."""
    client = AccountClient(gateway.demo.url, Login(gateway.demo.access_key, gateway.demo.secret))
    document = client.read_user(f"{name}-ada")
    document["data"]["tags"] = [{"key": "team", "val": "storage"}]
    document["ver"]["ver"] += 1
    client.write_user(f"{name}-ada", document)
    assert client.read_user(f"{name}-ada")["data"]["tags"] == document["data"]["tags"]
    client.close()
    for conditions, status in (({"StringEquals": {condition: "storage"}}, 403), ({}, 200)):
        more = {"Condition": conditions} if conditions else {}
        statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", **more}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        gateway.asked(root, "PutUserPolicy", UserName="ada", PolicyName="p", PolicyDocument=policy)
        assert gateway.s3(user, "GET", f"/{bucket}/object").status_code == status
    assert gateway.act(root, "TagUser", UserName="ada").status_code == 405
