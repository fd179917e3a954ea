# SPDX-License-Identifier: Apache-2.0
"""Which login of a user of the inventory the settings get."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.clients.users import with_logins

ENDPOINT = "http://127.0.0.1:8080"
ADA = {
    "uid": "ada",
    "subusers": [
        {"name": "old", "state": "retired", "secret_file": "/s/old"},
        {"name": "blind", "access": "none", "secret_file": "/s/blind"},
        {"name": "unknown"},
        {"name": "new", "access": "full", "secret_file": "/s/new"},
        {"name": "other", "secret": "word"},
    ],
    "s3_keys": [{"access_key": "gone", "state": "absent"}, {"access_key": "ADA", "secret_file": "/s/s3"}],
}


def entry(users=(ADA,), **options):
    (found,) = with_logins([{"path": "/srv/own", **options}], users, ENDPOINT, "")
    return found


def test_the_first_logins_that_can_be_used():
    assert entry(uid="ada") == {
        "path": "/srv/own",
        "endpoint": ENDPOINT,
        "swift": {"user": "ada:new", "key_file": "/s/new"},
        "s3": {"access_key": "ADA", "secret_key_file": "/s/s3"},
    }


def test_logins_by_name_and_an_entry_s_own_word():
    assert entry(uid="ada", subuser="other")["swift"] == {"user": "ada:other", "key": "word"}
    own = {"access_key": "X", "secret_key": "y"}
    assert entry(uid="ada", s3=own, endpoint="http://elsewhere")["s3"] == own
    assert entry(uid="ada", endpoint="http://elsewhere")["endpoint"] == "http://elsewhere"
    assert entry(owner="bob") == {"path": "/srv/own", "owner": "bob", "endpoint": ENDPOINT}
    assert with_logins([{"path": "/p"}], [], "", "/ca") == [{"path": "/p", "ca_file": "/ca"}]


def test_a_user_of_a_tenant():
    tenant = {**ADA, "tenant": "research"}
    assert entry([ADA, tenant], uid="ada", tenant="research")["swift"]["user"] == "research$ada:new"


def test_settings_go_with_their_user():
    gone = {"uid": "ada", "state": "absent"}
    assert entry([gone], uid="ada", owner="ada") == {"path": "/srv/own", "owner": "ada", "state": "absent"}
    everything = [{"path": "/p", "uid": "nobody-knows", "swift": {"user": "a:b", "key": "c"}}]
    assert with_logins(everything, [], "", "", "absent")[0]["state"] == "absent"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"uid": "bob"}, r"client_settings_list\[0\]: uid: rgw_users_list has no user bob"),
        ({"uid": "ada", "subuser": "old"}, "has no name old that is present and has a secret"),
        ({"uid": "ada", "access_key": "gone"}, "has no access_key gone that is present"),
    ],
)
def test_a_login_that_is_not_there(options, said):
    with pytest.raises(InputError, match=said):
        entry(**options)
