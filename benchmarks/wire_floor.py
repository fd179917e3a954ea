# SPDX-License-Identifier: Apache-2.0
"""The wire floor of rgw_users: the fewest requests that a truthful run needs, sent by a bare client (wire.py).

A first run reads each user (there is none), writes it, and reads it again: without the first it could not know what it
changes, without the last not say what is. A run that changes nothing reads each user once.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from typing import NamedTuple

from wire import SUCCESS, Login, Request, Wire

PATH = "/admin/metadata/user"


class WireFloor(NamedTuple):
    """A gateway and its administrator's key."""

    wire: Wire
    admin: Login

    def first_run(self, uids: Sequence[str]) -> float:
        """Make users, each with a subuser, a swift key and a quota; the seconds it takes."""
        return self.wire.send([[self._read(uid, "404"), self._write(uid), self._read(uid, SUCCESS)] for uid in uids])

    def noop(self, uids: Sequence[str]) -> float:
        """Read users; the seconds it takes."""
        return self.wire.send([[self._read(uid, SUCCESS)] for uid in uids])

    def _read(self, uid: str, status: str) -> Request:
        return self.wire.request(self.admin, "GET", PATH, {"key": uid}, status=status)

    def _write(self, uid: str) -> Request:
        swift = {
            "subusers": [{"id": f"{uid}:swift", "permissions": "full-control"}],
            "swift_keys": [{"user": f"{uid}:swift", "secret_key": secrets.token_hex(20), "active": True}],
            "user_quota": {"max_size": 10 * 1024**3, "max_objects": -1, "enabled": True},
        }
        return write_user(self.wire, self.admin, uid, max_buckets=1000, **swift)


def write_user(wire: Wire, admin: Login, uid: str, **data: object) -> Request:
    """The request that writes a user's record as the module would; data: what the record has of its own."""
    shared = {"user_id": uid, "display_name": uid, "op_mask": "read, write, delete", "type": "rgw"}
    body = json.dumps({"ver": {"ver": 1}, "data": {**shared, **data}}).encode()
    return wire.request(admin, "PUT", PATH, {"key": uid, "update-type": "update-by-version"}, body)
