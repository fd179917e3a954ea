# SPDX-License-Identifier: Apache-2.0
"""Acting for users of a gateway: what belongs to a user is read and changed with a key of that user.

Buckets and topics have no admin API of their own. The admin API tells a user's keys (users=read). For a user without a
usable key, a key is made for the run and removed at its end, whatever ends it. The gateway makes the key's secret, so
that the secret is in no URL. The names of such keys hold the time at which they were made: a key of a run that was
killed is removed by the next one that acts for the same user.

Source: Ceph documentation "Admin Operations" (radosgw/adminops), "Get User Info" and "Create Key"; answers as of Ceph
16.2.15 and 18.2.7.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from ..base.errors import InputError, ToolError
from ..base.login import Login
from ..base.secret import Secret, problem_with
from .admin_api import AdminClient
from .admin_errors import NOT_A_GATEWAY, Attempt, error_code
from .admin_session import json_of, success

_USER = "/admin/user"
# What the names of keys begin with that are made for a run; the time follows, in hexadecimal seconds since 1970.
RUN_KEY = "RGWKITRUN"
_RUN_KEY = re.compile(rf"{RUN_KEY}([0-9A-F]{{8}})[0-9A-F]{{16}}")
# A run of that age is dead. One that gives the objects of buckets to another user may well take an hour.
LEFT_BEHIND_S = 6 * 3600


class ActingFor:
    """The logins of users for the time of a `with` block, each user read once; for several threads at once.

    connect: makes a client of the admin API, for the removal of keys at the end.
    """

    def __init__(self, connect: Callable[[], AdminClient]) -> None:
        self._connect = connect
        self._users: dict[str, dict[str, Any] | None] = {}
        self._logins: dict[str, Login] = {}
        self._made: dict[str, str] = {}  # access key -> uid
        self._lock = threading.Lock()
        self._locks: dict[str, threading.RLock] = defaultdict(threading.RLock)

    def __enter__(self) -> ActingFor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the keys that were made. Raises ToolError for a key that is still there."""
        raise_or_add(self._remove_made(), error)

    def record(self, client: AdminClient, uid: str) -> Mapping[str, Any] | None:
        """What the admin API tells of a user, None if there is no such user. Raises ToolError."""
        with self._lock_of(uid):
            if uid not in self._users:
                self._users[uid] = user_info(client, uid)
            return self._users[uid]

    def problem(self, client: AdminClient, uid: str) -> str:
        """Why nobody can act for a user; empty if nothing is against it. Raises ToolError."""
        user = self.record(client, uid)
        if user is None:
            return f"there is no user '{uid}' at {client.endpoint}. Create the user first."
        if user.get("suspended"):
            return f"user '{uid}' is suspended. Enable the user first: radosgw-admin user enable --uid='{uid}'"
        return ""

    def login(self, client: AdminClient, uid: str) -> Login:
        """A key that acts for a user ("uid" or "tenant$uid"). Raises InputError if nobody can, ToolError."""
        problem = self.problem(client, uid)
        if problem:
            raise InputError(problem)
        with self._lock_of(uid):
            if uid not in self._logins:
                self._logins[uid] = self._own_login(client, uid) or self._made_login(client, uid)
            return self._logins[uid]

    def _lock_of(self, uid: str) -> threading.RLock:
        with self._lock:
            return self._locks[uid]

    def _own_login(self, client: AdminClient, uid: str) -> Login | None:
        """One of the user's own keys, None if none can be used. Keys that dead runs have left are removed."""
        found = None
        for key in (self._users[uid] or {}).get("keys") or ():
            name = str(key.get("access_key"))
            run = _RUN_KEY.fullmatch(name)
            if run and time.time() - int(run[1], 16) > LEFT_BEHIND_S:
                client.remove_key(uid, name)
            elif found is None and not name.startswith(RUN_KEY) and _is_usable(key, uid):
                found = Login(name, key["secret_key"])
        return found

    def _made_login(self, client: AdminClient, uid: str) -> Login:
        """A key for this run. It is on the list of keys to remove before the gateway hears of it."""
        name = f"{RUN_KEY}{int(time.time()):08X}{secrets.token_hex(8).upper()}"
        with self._lock:
            self._made[name] = uid
        return make_key(client, uid, name)

    def _remove_made(self) -> ToolError | None:
        """Remove every key that was made; the first failure, after which the others are removed all the same."""
        if not self._made:
            return None
        failure = None
        client = self._connect()
        try:
            for name, uid in self._made.items():
                try:
                    client.remove_key(uid, name)
                except ToolError as error:
                    failure = failure or _still_there(uid, name, error)
        finally:
            client.close()
        return failure


def raise_or_add(failure: ToolError | None, error: BaseException | None) -> None:
    """Tell of something that a run has left behind: beside the ToolError that broke the run, or else by raising it."""
    if failure is None:
        return
    if not isinstance(error, ToolError):
        raise failure from error
    error.hint = f"{error.hint} {failure}".lstrip()  # and the first error says what broke the run


def user_info(client: AdminClient, uid: str) -> dict[str, Any] | None:
    """What the admin API tells of a user, secret keys included; None if there is no such user. Raises ToolError."""
    attempt = _attempt(client, "read the keys of", uid, "users=read")
    answer = client.request(attempt, "GET", _USER, {"uid": uid, "format": "json"})
    if answer.status == 404 and error_code(answer) == "NoSuchUser":
        return None
    user = json_of(success(attempt, answer))
    if not isinstance(user, dict) or "user_id" not in user:
        raise ToolError(attempt.operation, attempt.target, "without a user", NOT_A_GATEWAY, status=answer.status)
    return user


def make_key(client: AdminClient, uid: str, access_key: str) -> Login:
    """Give a user a new S3 key with this name; the gateway makes its secret. Raises ToolError.

    Of an access key that the user has already, the gateway replaces the secret (seen on 18.2.7).
    """
    attempt = _attempt(client, "make a key for the run for", uid, "users=*")
    query = {"key": "", "uid": uid, "key-type": "s3", "access-key": access_key, "generate-key": "true"}
    answer = success(attempt, client.request(attempt, "PUT", _USER, {**query, "format": "json"}))
    keys = json_of(answer)
    for key in keys if isinstance(keys, list) else ():
        if key.get("access_key") == access_key and key.get("secret_key"):
            return Login(access_key, key["secret_key"])
    raise ToolError(attempt.operation, attempt.target, "without the key", "Look at the gateway's log.", answer.status)


def _is_usable(key: Mapping[str, Any], uid: str) -> bool:
    """Whether a key is the user's own, and not that of a subuser, who may have fewer rights, nor disabled (19)."""
    secret = Secret(str(key.get("secret_key") or ""))
    named = str(key.get("access_key") or "")
    is_own = key.get("user") == uid and key.get("active") is not False
    return is_own and named.isascii() and named.isprintable() and " " not in named and not problem_with(secret, True)


def _still_there(uid: str, access_key: str, error: ToolError) -> ToolError:
    hint = f"{error.hint} Then remove the key: radosgw-admin key rm --uid='{uid}' --access-key={access_key}"
    target = f"the run's access key '{access_key}' of user '{uid}'"
    return ToolError("remove", target, error.code, hint, status=error.status)


def _attempt(client: AdminClient, operation: str, uid: str, caps: str) -> Attempt:
    return Attempt(operation, f"user '{uid}' at {client.endpoint}", caps, client.credentials.user)
