# SPDX-License-Identifier: Apache-2.0
"""Giving a bucket to another user, with its objects.

The admin API gives away the bucket alone: the new owner lists the objects and cannot read them, the old one still can
(16.2.15, 18.2.7, 20.2.4). The objects follow by `radosgw-admin bucket chown`, which has no REST form and goes through
all of them.

So that a run that is killed in between is seen by the next one, the new owner has a subuser without access and without
keys, named after the bucket, as long as there are objects to hand over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...base.errors import ToolError
from ...ceph.tool import CephTool
from ..acting import ActingFor
from ..user_record import CHOWN_MARK, with_changes
from .client import BucketClient
from .names import bare_name
from .record import Record, objects
from .swift_acting import SwiftActing
from .swift_client import list_container, read_first_byte

_MAX_WRITES = 3
_WHO_WRITES = "Find out who else writes this user, then run this again."
_STILL = "Run this again; if that does not help: radosgw-admin bucket chown --bucket={key} --uid={uid}"


class Chown:
    """Hands objects over by radosgw-admin, run where it has a keyring.

    prefix: the command that gets there (ceph.tool.command_prefix). timeout: seconds for all objects of one bucket.
    """

    def __init__(self, prefix: Sequence[str], timeout: float) -> None:
        self._tool = CephTool(prefix, "radosgw-admin", timeout)

    def __call__(self, key: str, uid: str) -> None:
        """Make a user the owner of a bucket and of all its objects. Raises InputError, ToolError."""
        done = self._tool.run("bucket", "chown", f"--bucket={key}", f"--uid={uid}")
        self._tool.success(f"give user '{uid}' the objects of", f"bucket '{key}'", done)


def is_unfinished(user: Mapping[str, Any] | None, uid: str, key: str) -> bool:
    """Whether a run was ended while it was giving a user (as ActingFor.record tells) the objects of a bucket."""
    return any(subuser.get("id") == f"{uid}:{_mark(key)}" for subuser in (user or {}).get("subusers", []))


def change_owner(
    client: BucketClient,
    record: Record,
    key: str,
    uid: str,
    chown: Chown | None,
    prove: Callable[[], None],
    is_marked: bool = False,
) -> None:
    """Give a bucket to a user, with its objects, and prove it by reading as the new owner. Raises ToolError.

    is_marked: whether the user has the mark of an earlier run. Its objects may be gone since then.
    """
    if not objects(record) or chown is None:
        if record["owner"] != uid:
            client.link(key, record["id"], uid)
    else:
        _mark_user(client, uid, key)
        if record["owner"] != uid:
            client.link(key, record["id"], uid)
        chown(key, uid)
    prove()
    if is_marked or (chown is not None and objects(record)):
        client.remove_subuser(uid, _mark(key))


def prove_container(client: BucketClient, swift: SwiftActing, key: str, uid: str) -> None:
    """Read an object of a container as its owner. Raises ToolError."""
    account = swift.account(client, uid)
    listed = list_container(client, account, key).objects
    if listed:
        read_first_byte(client, account, key, listed[0].key)


def prove_bucket(client: BucketClient, acting: ActingFor, key: str, uid: str) -> None:
    """Look whose the first objects of a bucket are, and read one as the bucket's owner. Raises ToolError."""
    login = acting.login(client, uid)
    listed = client.list_objects(key, login, most=1000).objects
    for entry in listed:
        if entry.owner and entry.owner != uid:
            raise ToolError(
                f"give user '{uid}'",
                f"object '{entry.key}' of bucket '{key}' at {client.endpoint}",
                f"it is still user '{entry.owner}'s",
                _STILL.format(key=key, uid=uid),
            )
    if listed:
        client.read_first_byte(key, login, listed[0].key)


def _mark_user(client: BucketClient, uid: str, key: str) -> None:
    """Leave a mark that the next run sees. Raises ToolError."""
    for _write in range(_MAX_WRITES):
        document = client.read_user(uid)
        if document is None:
            break
        if is_unfinished(document["data"], uid, key):
            return
        client.write_user(uid, with_changes(document, {("subusers", _mark(key), "access"): "none"}))
    raise ToolError("write", f"user '{uid}' at {client.endpoint}", "somebody else changes it", _WHO_WRITES)


def _mark(key: str) -> str:
    return CHOWN_MARK + bare_name(key)
