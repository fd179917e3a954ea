# SPDX-License-Identifier: Apache-2.0
"""Grants are a set beside the owner's full control, which goes without saying."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.acl import users
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.catalogue import DOCUMENTS

from .forms import SETTING, TARGET, comes_back, refusal, settled, stored

OWNER = SETTING.owner
FOUR = ["read", "write", "read_acp", "write_acp"]


def grant(permission, user=None, group=None):
    """As 16.2.15 and 18.2.7 write one."""
    kind = "CanonicalUser" if user else "Group"
    who = f"<ID>{user}</ID><DisplayName>N</DisplayName>" if user else f"<URI>{group}</URI>"
    schema = "http://www.w3.org/2001/XMLSchema-instance"
    grantee = f'<Grantee xmlns:xsi="{schema}" xsi:type="{kind}">{who}</Grantee>'
    return f"<Grant>{grantee}<Permission>{permission}</Permission></Grant>"


def answer(*grants, owner=OWNER):
    return (
        '<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>'
        f"{owner}</ID><DisplayName>N</DisplayName></Owner><AccessControlList>{''.join(grants)}</AccessControlList>"
        "</AccessControlPolicy>"
    )


FULL = grant("FULL_CONTROL", OWNER)
ALL = "http://acs.amazonaws.com/groups/global/AllUsers"
AUTHENTICATED = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"


@pytest.mark.parametrize(
    ("grants", "data"),
    [
        ([FULL], "private"),
        ([FULL], None),
        ([FULL], []),
        ([grant("READ", group=ALL), FULL], "public-read"),
        ([grant("READ", group=ALL), grant("WRITE", group=ALL), FULL], "public-read-write"),
        ([grant("READ", group=AUTHENTICATED), FULL], "authenticated-read"),
        ([FULL, grant("READ", "u"), grant("READ", "u")], [{"user": "u", "permissions": ["read"]}]),
        ([FULL, *(grant(word.upper(), "u") for word in FOUR)], [{"user": "u", "permissions": "full_control"}]),
        ([FULL, grant("FULL_CONTROL", "u"), grant("READ", "u")], [{"user": "u", "permissions": FOUR}]),
        ([grant("READ", OWNER)], [{"user": OWNER, "permissions": "read"}]),
        ([FULL, grant("READ", OWNER)], "private"),
    ],
)
def test_answers(grants, data):
    assert stored("acl", answer(*grants)) == settled("acl", data)


def test_an_owner_without_a_grant_is_seen():
    assert stored("acl", answer(grant("READ", "u"))) != settled("acl", [{"user": "u", "permissions": "read"}])
    assert {"user": OWNER, "permissions": []} in stored("acl", answer())["grants"]


def test_an_acl_of_another_owner_is_seen():
    assert stored("acl", answer(grant("FULL_CONTROL", "former"), owner="former")) != settled("acl", "private")


@pytest.mark.parametrize(
    "data",
    [
        "public-read-write",
        [{"user": "u", "permissions": ["write_acp", "read"]}, {"user": "t$u", "permissions": "full_control"}],
        [{"group": "all_users", "permissions": "read_acp"}, {"user": OWNER, "permissions": "read"}],
        [{"user": OWNER, "permissions": "full_control"}],
    ],
)
def test_what_comes_back(data):
    comes_back("acl", data)


def test_order_says_nothing_and_grants_of_one_are_added_up():
    one = [{"user": "u", "permissions": ["read", "write"]}, {"group": "all_users", "permissions": "read"}]
    other = [
        {"group": "all_users", "permissions": "READ"},
        {"user": "u", "permissions": "write"},
        {"user": "u", "permissions": "read"},
    ]
    assert settled("acl", one) == settled("acl", other)


def test_the_body_has_the_attribute_that_rgw_looks_for():
    body = DOCUMENTS["acl"].body(settled("acl", "public-read"))
    assert body.count(b' xsi:type="Group"') == 1
    assert b"<Owner><ID>tenant$owner</ID></Owner>" in body


def test_users():
    data = [{"user": "t$u", "permissions": "read"}, {"group": "all_users", "permissions": "read"}]
    assert users(settled("acl", data)) == {"t$u"}


def test_a_grantee_of_another_kind_is_an_error():
    odd = grant("READ", "u").replace("<ID>u</ID>", "")
    with pytest.raises(ToolError, match="neither a user nor a group"):
        DOCUMENTS["acl"].answered(200, answer(FULL, odd).encode(), TARGET)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("log-delivery-write", "one of private, public-read"),
        ({"u": "read"}, "nothing is known of 'u'"),
        ([{"user": "u"}], "permissions is missing"),
        ([{"permissions": "read"}], "none of user, group is given"),
        ([{"user": "u", "group": "all_users", "permissions": "read"}], "give one of them"),
        ([{"group": "everyone", "permissions": "read"}], "one of all_users, authenticated_users"),
        ([{"user": "u", "permissions": ["delete"]}], "permissions[0]: 'delete', and it has to be one of read"),
        ([{"user": 5, "permissions": ["read"]}], "YAML reads 5 as a number"),
    ],
)
def test_what_is_refused(data, says):
    assert says in refusal("acl", data)
