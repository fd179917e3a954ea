# SPDX-License-Identifier: Apache-2.0
"""Keys to act for the owners of buckets, without anybody keeping them.

The admin API shows the keys of a user to an administrator. An owner who has none gets one for the run, which is removed
in any case. A run that was killed leaves that key behind; the next one that needs it takes it, and removes it at its
end.
"""

from __future__ import annotations

import secrets
import threading
from collections import defaultdict
from collections.abc import Callable
from types import TracebackType
from typing import Any, Mapping

from ...base.errors import InputError, ToolError
from ...base.login import Login
from ...base.secret import generate_secret
from ..admin_api import AdminClient
from ..user_record import Document, with_changes

# What the access keys begin with that are made for a run.
RUN_KEY = "RGWKITRUN"
_MAX_WRITES = 3
_REMOVE = "Run this again, which removes the key, or remove it by hand: radosgw-admin key rm --uid=... --access-key=..."


class OwnerLogins:
    """The logins of owners, each read once in a run; for several threads at once.

    To be used as a context manager: its end removes the keys that were made. connect: makes a client of the admin API.
    """

    def __init__(self, connect: Callable[[], AdminClient]) -> None:
        self._connect = connect
        self._records: dict[str, Document | None] = {}
        self._logins: dict[str, Login] = {}
        self._made: dict[str, str] = {}  # uid -> access key
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)

    def __enter__(self) -> OwnerLogins:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        failed = self._remove_made()
        if failed is not None and kind is None:
            raise failed

    def record(self, client: AdminClient, uid: str) -> Mapping[str, Any] | None:
        """The record of a user ("data" of the metadata document), None if there is no such user. Raises ToolError."""
        with self._lock_of(uid):
            if uid not in self._records:
                self._records[uid] = client.read_user(uid)
            document = self._records[uid]
        return None if document is None else document["data"]

    def problem(self, client: AdminClient, uid: str) -> str:
        """Why nobody can act for a user; empty if nothing is against it. Raises ToolError."""
        data = self.record(client, uid)
        if data is None:
            return f"there is no user '{uid}'."
        if data.get("suspended"):
            return (
                f"user '{uid}' is suspended, and can do nothing. Enable the user: radosgw-admin user enable --uid=..."
            )
        return ""

    def login(self, client: AdminClient, uid: str) -> Login:
        """A login of a user. Raises InputError if nobody can act for him, ToolError."""
        problem = self.problem(client, uid)
        if problem:
            raise InputError(problem)
        with self._lock_of(uid):
            if uid not in self._logins:
                self._logins[uid] = self._login(client, uid)
            return self._logins[uid]

    def _lock_of(self, uid: str) -> threading.Lock:
        with self._lock:
            return self._locks[uid]

    def _login(self, client: AdminClient, uid: str) -> Login:
        document = self._records[uid]
        for _write in range(_MAX_WRITES):
            if document is None:
                break
            keys = _own_keys(document["data"])
            left = [key for key in keys if key.user.startswith(RUN_KEY)]
            if left:
                self._made[uid] = left[0].user
            if keys:
                return keys[0]
            self._made[uid] = RUN_KEY + secrets.token_hex(8).upper()
            path = ("s3_keys", self._made[uid], "secret")
            client.write_user(uid, with_changes(document, {path: generate_secret()}))
            document = self._records[uid] = client.read_user(uid)
        hint = "Find out who else writes this user, then run this again."
        raise ToolError("make a key for", f"user '{uid}' at {client.endpoint}", "somebody else changes it", hint)

    def _remove_made(self) -> ToolError | None:
        """Remove the keys that were made; the last thing that went wrong."""
        failed = None
        client = self._connect()
        for uid, access_key in self._made.items():
            try:
                client.remove_key(uid, access_key)
            except ToolError as error:
                target = f"the key '{access_key}' of this run from user '{uid}' at {client.endpoint}"
                failed = ToolError("remove", target, str(error), _REMOVE, status=error.status)
        client.close()
        return failed


def _own_keys(data: Mapping[str, Any]) -> list[Login]:
    """The keys that have all rights of a user, those made for a run last."""
    found = [
        Login(key["access_key"], key["secret_key"])
        for key in data.get("keys", [])
        if key.get("user", data["user_id"]) == data["user_id"] and key.get("active", True) and key.get("secret_key")
    ]
    return sorted(found, key=lambda login: login.user.startswith(RUN_KEY))
