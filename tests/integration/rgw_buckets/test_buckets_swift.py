# SPDX-License-Identifier: Apache-2.0
"""Containers of swift: ACLs tried by others, quotas, metadata, and what only swift sees."""

from __future__ import annotations

import json
import secrets

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login

from tests.integration.gateway import second_gateway


class Account:
    """A swift client of one user, or of nobody."""

    def __init__(self, url: str, login: Login | None = None) -> None:
        self.url = f"{url}/swift/v1"
        self.headers: dict[str, str] = {}
        if login:
            answer = requests.get(
                f"{url}/auth/v1", headers={"X-Auth-User": login.user, "X-Auth-Key": login.secret}, timeout=30
            )
            self.headers = {"X-Auth-Token": answer.headers["X-Auth-Token"]}

    def __call__(self, method: str, path: str, body: bytes = b"", **headers: str) -> requests.Response:
        given = {**self.headers, **headers}
        return requests.request(method, f"{self.url}/{path}", data=body, headers=given, timeout=30)


def account_of(gateway, user):
    """A subuser with full access, made for the test."""
    made = json.loads(
        gateway.radosgw_admin(
            *("subuser", "create", f"--uid={user.uid}", f"--subuser={user.uid}:swift", "--access=full"),
            *("--key-type=swift", "--gen-secret"),
        )
    )
    key = next(each for each in made["swift_keys"] if each["user"] == f"{user.uid}:swift")
    return Account(gateway.demo.url, Login(key["user"], key["secret_key"]))


@pytest.fixture
def users(gateway):
    return [gateway.add_user(name) for name in ("host", "guest")]


@pytest.fixture
def name():
    return f"c {secrets.token_hex(4)}"


def test_create_again_change_null_absent(gateway, module, release, users, name):
    host, _guest = users
    entry = {
        "name": name,
        "api": "swift",
        "owner": host.uid,
        "placement": "default-placement",
        "read_acl": [".r:*", ".rlistings"],
        "quota": {"max_objects": 2},
        "metadata": {"Team": "a", "Color": "red"},
        "web": {"index": "index.html", "listings": True},
    }
    planned = module(entry, check=True)
    done = module(entry)
    assert planned["diff"] == done["diff"] and not module(entry)["changed"]
    mine = account_of(gateway, host)
    fields = mine("HEAD", name).headers
    assert (fields["X-Container-Meta-Team"], fields["X-Container-Read"]) == ("a", ".r:*,.rlistings")
    assert fields["X-Storage-Policy"] == "default-placement"
    assert release <= 16 or fields["X-Container-Meta-Quota-Count"] == "2"
    assert module({**entry, "metadata": {"color": None}})["changed"]
    assert "X-Container-Meta-Color" not in mine("HEAD", name).headers
    nulls = {"name": name, "api": "swift", **dict.fromkeys(("read_acl", "quota", "metadata", "web"))}
    assert [module(nulls)["changed"], module(nulls)["changed"]] == [True, False]
    gone = {"name": name, "api": "swift", "state": "absent"}
    assert [module(gone)["changed"], module(gone)["changed"]] == [True, False]


def test_no_subuser_of_the_run_is_left(gateway, module, users, name):
    module({"name": name, "api": "swift", "owner": users[0].uid, "metadata": {"a": "b"}})
    assert json.loads(gateway.radosgw_admin("user", "info", f"--uid={users[0].uid}"))["subusers"] == []


def test_acls_let_in_whom_they_name(gateway, module, users, name):
    host, guest = users
    entry = {"name": name, "api": "swift", "owner": host.uid}
    module(entry)
    mine, theirs = account_of(gateway, host), account_of(gateway, guest)
    assert mine("PUT", f"{name}/o", b"x").status_code == 201

    def guest_may():
        return theirs("GET", f"{name}/o").status_code == 200, theirs("PUT", f"{name}/p", b"x").status_code == 201

    assert guest_may() == (False, False)
    module({**entry, "read_acl": [guest.uid]})
    assert guest_may() == (True, False)
    module({**entry, "write_acl": [guest.uid]})
    assert guest_may() == (True, True)
    module({**entry, "read_acl": None, "write_acl": None})
    assert guest_may() == (False, False) and "X-Container-Read" not in mine("HEAD", name).headers


def test_acls_and_objects_go_to_a_new_owner(gateway, module, users, name, tool):
    host, guest = users
    entry = {"name": name, "api": "swift", "owner": host.uid, "read_acl": [".r:*"], "metadata": {"a": "b"}}
    module(entry)
    account_of(gateway, host)("PUT", f"{name}/o", b"x")
    given = {"name": name, "api": "swift", "owner": guest.uid, "change_owner": True}
    assert [module(given, radosgw_admin=tool)["changed"] for _run in range(2)] == [True, False]
    theirs = account_of(gateway, guest)
    assert theirs("GET", f"{name}/o").content == b"x"
    assert theirs("HEAD", name).headers["X-Container-Read"] == ".r:*"
    assert not module({**entry, "owner": guest.uid})["changed"]


def test_the_quota_holds(gateway, module, users, name):
    module({"name": name, "api": "swift", "owner": users[0].uid, "quota": {"max_size": "16KiB"}})
    assert account_of(gateway, users[0])("PUT", f"{name}/o", bytes(32 * 1024)).status_code == 413


def test_users_that_do_not_exist_are_refused(module, users, name):
    entry = {"name": name, "api": "swift", "owner": users[0].uid}
    assert "there is no user 'zz'" in module({**entry, "read_acl": ["zz"]})["msg"]
    assert "swift has no such thing" in module({**entry, "acl": "private"})["msg"]


def test_old_versions_go_where_they_are_sent(gateway, module, users, name):
    entry = {"name": name, "api": "swift", "owner": users[0].uid, "versions_location": f"{name} old"}
    assert "rgw_swift_versioning_enabled" in module(entry)["msg"]
    with second_gateway(gateway.demo, rgw_swift_versioning_enabled="true") as url:
        old = {"name": f"{name} old", "api": "swift", "owner": users[0].uid}
        first = module(old, entry, endpoint=url)
        assert first.get("changed"), first["msg"]
        assert not module(old, entry, endpoint=url)["changed"]
        assert [module({**entry, "versions_location": None}, endpoint=url)["changed"] for _run in range(2)] == [
            True,
            False,
        ]


def test_containers_come_back_from_an_export(gateway, module, info, users, name):
    entry = {"name": name, "api": "swift", "owner": users[0].uid, "read_acl": [".r:*"], "metadata": {"a": "b"}}
    module(entry)
    found = info(buckets=[name], swift=True)["buckets"]
    assert found == [{**entry, "placement": "default-placement"}] and not module(*found)["changed"]
