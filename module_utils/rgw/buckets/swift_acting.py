# SPDX-License-Identifier: Apache-2.0
"""Acting for users by swift: with the key of a subuser who has full access, or with a subuser of the run."""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from types import TracebackType
from typing import Any, Mapping

from ...base.errors import InputError, ToolError
from ...base.login import Login
from ..acting import LEFT_BEHIND_S, ActingFor, raise_or_add, user_info
from ..admin_api import AdminClient
from ..admin_errors import Attempt
from ..admin_session import success
from .swift_client import SwiftAccount, log_in

# What the subusers are called that are made for a run; the time follows, in hexadecimal seconds since 1970.
RUN_SUBUSER = "rgwkit-run-"
_RUN_SUBUSER = re.compile(rf".*:{RUN_SUBUSER}([0-9a-f]{{8}})-[0-9a-f]{{16}}")
_FULL = "full-control"


class SwiftActing:
    """The swift accounts of users for the time of a `with` block; for several threads at once.

    acting: knows the users. connect: makes a client of the admin API, for the removal of subusers at the end.
    """

    def __init__(self, acting: ActingFor, connect: Callable[[], AdminClient]) -> None:
        self._acting = acting
        self._connect = connect
        self._accounts: dict[str, SwiftAccount] = {}
        self._made: dict[str, str] = {}  # uid -> subuser
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)

    def __enter__(self) -> SwiftActing:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the subusers that were made. Raises ToolError for one that is still there."""
        raise_or_add(self._remove_made(), error)

    def _remove_made(self) -> ToolError | None:
        """Remove every subuser that was made; the first failure, after which the others are removed all the same."""
        if not self._made:
            return None
        failure = None
        client = self._connect()
        try:
            for uid, name in self._made.items():
                try:
                    client.remove_subuser(uid, name)
                except ToolError as error:
                    failure = failure or _still_there(uid, name, error)
        finally:
            client.close()
        return failure

    def account(self, client: AdminClient, uid: str) -> SwiftAccount:
        """A user's account. Raises InputError if nobody can act for the user, ToolError."""
        problem = self._acting.problem(client, uid)
        if problem:
            raise InputError(problem)
        with self._lock:
            lock = self._locks[uid]
        with lock:
            if uid not in self._accounts:
                user = self._acting.record(client, uid) or {}
                _remove_left(client, uid, user)
                own = _own_login(user)
                self._accounts[uid] = log_in(client, own or self._made_login(client, uid))
            return self._accounts[uid]

    def _made_login(self, client: AdminClient, uid: str) -> Login:
        name = f"{RUN_SUBUSER}{int(time.time()):08x}-{secrets.token_hex(8)}"
        self._made[uid] = name
        attempt = Attempt("make a subuser for the run for", f"user '{uid}' at {client.endpoint}", "users=*", "")
        query = {
            "subuser": f"{uid}:{name}",
            "uid": uid,
            "access": "full",
            "key-type": "swift",
            "generate-secret": "true",
            "format": "json",
        }
        success(attempt, client.request(attempt, "PUT", "/admin/user", query))
        made = _login_of(user_info(client, uid) or {}, f"{uid}:{name}")
        if made is None:
            raise ToolError(attempt.operation, attempt.target, "it has no key", "Look at the gateway's log.")
        return made


def _still_there(uid: str, name: str, error: ToolError) -> ToolError:
    hint = f"{error.hint} Then remove the subuser: radosgw-admin subuser rm --subuser='{uid}:{name}' --purge-keys"
    return ToolError("remove", f"the run's subuser '{uid}:{name}'", error.code, hint, status=error.status)


def _remove_left(client: AdminClient, uid: str, user: Mapping[str, Any]) -> None:
    """Remove the subusers that dead runs have left."""
    for subuser in user.get("subusers", []):
        run = _RUN_SUBUSER.fullmatch(str(subuser["id"]))
        if run and time.time() - int(run[1], 16) > LEFT_BEHIND_S:
            client.remove_subuser(uid, str(subuser["id"]).partition(":")[2])


def _own_login(user: Mapping[str, Any]) -> Login | None:
    """A subuser with full access and a key, none of a run."""
    for subuser in user.get("subusers", []):
        name = str(subuser["id"])
        if subuser["permissions"] == _FULL and not name.partition(":")[2].startswith(RUN_SUBUSER):
            login = _login_of(user, name)
            if login is not None:
                return login
    return None


def _login_of(user: Mapping[str, Any], name: str) -> Login | None:
    for key in user.get("swift_keys", []):
        if key["user"] == name and key.get("secret_key") and key.get("active", True):
            return Login(name, key["secret_key"])
    return None
