# SPDX-License-Identifier: Apache-2.0
"""Which logins a rotation retires, and what of them may be shown."""

from __future__ import annotations

from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.retired import retired

USERS = [
    {
        "uid": "a",
        "subusers": [
            {"name": "old", "state": "retired", "secret_file": "/old.secret"},
            {"name": "a:older", "state": "retired", "secret": "hidden"},
            {"name": "new", "secret_file": "/new.secret"},
        ],
        "s3_keys": [{"access_key": "GONE", "state": "absent", "secret_file": "/gone.secret"}],
    },
    {
        "uid": "b",
        "tenant": "t",
        "subusers": [{"name": "swift", "state": "retired"}],
        "keys": [{"access_key": "KEY", "state": "retired", "secret": "hidden", "secret_file": "/key.secret"}],
    },
    {
        "uid": "c",
        "tenant": "",
        "s3_keys": [{"access_key": "KEY3", "state": "retired"}],
        "temp_url_keys": [{"index": 0, "state": "retired", "secret_file": "/url.key"}, {"index": 1, "secret": "no"}],
    },
]


def test_logins_are_named_as_their_users_know_them():
    assert retired(USERS)["logins"] == ["a:old", "a:older", "t$b:swift", "KEY3", "KEY", "temp-URL key 0 of c"]


def test_only_the_files_of_retired_logins_go():
    assert retired(USERS)["files"] == ["/old.secret", "/key.secret", "/url.key"]


def test_no_secret_is_in_the_result():
    assert "hidden" not in str(retired(USERS))


def test_entries_that_the_module_refuses_are_left_to_it():
    assert retired([{"uid": "a", "subusers": ["swift"]}, {"uid": "b"}]) == {"logins": [], "files": []}


def test_keys_of_iam_users():
    keys = [{"access_key": "OLD", "state": "retired", "secret_file": "/ada"}, {"access_key": "NEW", "secret": "hidden"}]
    accounts = [{"root": "acme-root", "users": [{"name": "ada", "s3_keys": keys}, {"name": "grace"}]}, {"root": "r"}]
    assert retired([], accounts) == {"logins": ["OLD"], "files": ["/ada"]}
