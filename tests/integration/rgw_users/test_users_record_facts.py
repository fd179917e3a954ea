# SPDX-License-Identifier: Apache-2.0
"""What the engine relies on when it writes whole records, on a real gateway."""

from __future__ import annotations

import copy
import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.secret import Marks
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.reconcile import reconcile
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.user_report import report
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.user_spec import parse_users

from tests.integration.rgw_users.helpers import CANARY


@pytest.fixture
def full_user(gateway, release, uid):
    """A user with everything that radosgw-admin can give one, most of it unknown to the engine."""
    gateway.radosgw_admin(
        *("user", "create", f"--uid={uid}", "--display-name=Full", f"--email={uid}@Example.org", "--system"),
        *(f"--access-key=AK{uid}", f"--secret-key={CANARY}-s3", "--caps=users=read,write;buckets=read"),
        *("--max-buckets=7", "--op-mask=read,write"),
    )
    gateway.radosgw_admin(
        *("subuser", "create", f"--uid={uid}", f"--subuser={uid}:swift", "--access=full"),
        *("--key-type=swift", f"--secret-key={CANARY}-swift"),
    )
    gateway.radosgw_admin("subuser", "create", f"--uid={uid}", f"--subuser={uid}:s3", "--key-type=s3", "--access=read")
    gateway.radosgw_admin("user", "modify", f"--uid={uid}", "--temp-url-key=T")
    for scope in ("user", "bucket"):
        gateway.radosgw_admin("quota", "set", f"--uid={uid}", f"--quota-scope={scope}", "--max-size=1048576")
        gateway.radosgw_admin("quota", "enable", f"--uid={uid}", f"--quota-scope={scope}")
    if release >= 17:
        gateway.radosgw_admin("ratelimit", "set", "--ratelimit-scope=user", f"--uid={uid}", "--max-read-ops=1024")
        assert gateway.record(uid)["data"]["attrs"]
    return uid


def without(document, *fields):
    document = copy.deepcopy(document)
    for field in fields:
        document["data"].pop(field)
    return document["data"]


@pytest.mark.parametrize(
    "field, change",
    [
        ("display_name", {"display_name": "Changed"}),
        ("email", {"email": "new{uid}@example.org"}),
        ("email", {"email": ""}),
    ],
    ids=["by the record", "by the endpoint for addresses", "address removed"],
)
def test_everything_else_in_a_record_stays(gateway, module, full_user, field, change):
    before = gateway.record(full_user)
    assert module({"uid": full_user, **{name: value.format(uid=full_user) for name, value in change.items()}})[
        "changed"
    ]
    after = gateway.record(full_user)
    assert without(after, field) == without(before, field)
    assert after["data"][field] != before["data"][field]
    assert after["ver"]["tag"] == before["ver"]["tag"]
    assert after["ver"]["ver"] == before["ver"]["ver"] + 1
    assert after["mtime"] > before["mtime"]


def test_buckets_and_their_count_stay(gateway, module, uid):
    swift = {"name": "swift", "access": "full", "secret": CANARY}
    module({"uid": uid, "subusers": [swift]})
    _, session = gateway.swift_login(f"{uid}:swift", CANARY)
    assert [session("PUT", f"/{uid}"), session("PUT", f"/{uid}/object", b"content")] == [201, 201]

    def owned():
        bucket = json.loads(gateway.radosgw_admin("bucket", "stats", f"--bucket={uid}"))
        stats = json.loads(gateway.radosgw_admin("user", "stats", f"--uid={uid}", "--sync-stats"))["stats"]
        names = ("num_objects", "size") if "size" in stats else ("total_entries", "total_bytes")  # the latter are 14's
        return bucket["id"], bucket["owner"], bucket["usage"], *(stats[name] for name in names)

    before = owned()
    assert before[3:] == (1, 7)
    assert module({"uid": uid, "display_name": "Changed", "user_quota": {"max_objects": 5}})["changed"]
    assert owned() == before
    assert session("HEAD", f"/{uid}/object") == 200  # the token, too, is still good


def test_what_the_user_is_already_needs_no_write(gateway, module, full_user):
    before = gateway.record(full_user)
    entry = {
        "uid": full_user,
        "email": f"{full_user}@EXAMPLE.org",
        "caps": {"users": "*", "buckets": "read"},
        "s3_keys": [{"access_key": f"AK{full_user}", "secret": CANARY + "-s3"}],
        "subusers": [{"name": "swift", "access": "full", "secret": CANARY + "-swift"}],
    }
    assert not module(entry)["changed"]
    assert gateway.record(full_user) == before


def test_an_access_key_has_one_owner(gateway, module, uid):
    key = {"access_key": f"AK{uid}", "secret": CANARY}
    module({"uid": uid, "s3_keys": [key]})
    result = module({"uid": f"{uid}b", "display_name": "B", "s3_keys": [key]})
    assert result["msg"].startswith(
        f"users[0] (uid '{uid}b'): s3_keys: access key 'AK{uid}' belongs to user '{uid}' at "
    )
    assert not gateway.knows(f"{uid}b")
    module({"uid": f"{uid}b"})
    before = gateway.record(f"{uid}b")
    assert module({"uid": f"{uid}b", "s3_keys": [key]})["failed"]
    assert gateway.record(f"{uid}b") == before


def test_an_address_has_one_owner_and_is_free_again_when_given_up(gateway, release, module, uid):
    address = f"{uid}@example.org"
    module({"uid": uid, "email": address})
    for other in ({"uid": f"{uid}b", "email": address.upper()}, {"uid": f"{uid}b", "email": address, "max_buckets": 1}):
        result = module({"uid": f"{uid}c"}, other)
        assert result["msg"].startswith(f"users[1] (uid '{uid}b'): email: another user at ")
        assert f"has '{address}'" in result["msg"]
        assert not gateway.knows(f"{uid}c")
        assert not gateway.knows(f"{uid}b")
    module({"uid": f"{uid}b"})
    assert "email: another user at " in module({"uid": f"{uid}b", "email": address})["msg"]
    # Should somebody be faster than the check, the gateway refuses by itself, in these words.
    client = gateway.client()
    for user, name in ((f"{uid}b", None), (f"{uid}d", "New")):
        with pytest.raises(ToolError) as caught:
            client.set_email(user, address, name)
        # Ceph 14 has no better word for it when the user is new.
        assert caught.value.code == ("InvalidArgument" if release == 14 and name else "EmailExists")
        assert "nother user has this" in caught.value.hint
        assert not gateway.knows(f"{uid}d")
    module({"uid": uid, "email": ""})
    assert module({"uid": f"{uid}b", "email": address})["changed"]
    module({"uid": f"{uid}b", "state": "absent"})
    assert module({"uid": uid, "email": address})["changed"]


def test_an_access_key_is_free_again_when_its_user_is_gone(module, uid):
    key = {"access_key": f"AK{uid}", "secret": CANARY}
    module({"uid": uid, "s3_keys": [key]})
    module({"uid": uid, "state": "absent"})
    assert module({"uid": f"{uid}b", "s3_keys": [key]})["changed"]


class Interrupted:
    """A client before whose first write somebody else changes the same user."""

    def __init__(self, client, interrupt):
        self._client = client
        self._interrupt = interrupt
        self.endpoint = client.endpoint
        self.read_user = client.read_user
        self.record_of_a_new_user = client.record_of_a_new_user
        self.writes = 0

    def write_user(self, uid, document):
        if not self.writes:
            self._interrupt()
        self.writes += 1
        self._client.write_user(uid, document)


@pytest.mark.parametrize("exists", [True, False], ids=["change", "create"])
def test_a_writer_in_between_is_noticed(gateway, release, module, uid, exists):
    if exists:
        module({"uid": uid})
    client = gateway.client()
    interrupted = Interrupted(client, lambda: module({"uid": uid, "max_buckets": 42}))
    users = parse_users([{"uid": uid, "display_name": "Ours"}], allow_weak=False)
    assert report(reconcile(lambda: interrupted, users, check_mode=False), Marks(CANARY))["changed"]
    client.close()
    data = gateway.record(uid)["data"]
    assert data["display_name"] == "Ours"
    if release <= 18:
        assert (data["max_buckets"], interrupted.writes) == (42, 2)
    else:  # stored whatever its version: documented in the module
        assert (data["max_buckets"], interrupted.writes) == (1000, 1)


def test_a_stored_empty_secret_is_replaced(gateway, module, uid, tmp_path):
    module({"uid": uid, "subusers": [{"name": "swift", "access": "full", "secret": CANARY}]})
    document = gateway.record(uid)
    document["data"]["swift_keys"][0]["secret_key"] = ""
    document["ver"]["ver"] += 1
    client = gateway.client()
    client.write_user(uid, document)
    client.close()
    assert gateway.record(uid)["data"]["swift_keys"][0]["secret_key"] == ""
    path = tmp_path / "swift"
    result = module({"uid": uid, "subusers": [{"name": "swift", "secret_file": str(path)}]})
    assert 'subusers.swift.secret: "(empty)" -> "(generated)"' in result["users"][0]["changes"]
    assert gateway.record(uid)["data"]["swift_keys"][0]["secret_key"] == path.read_text().strip()
