# SPDX-License-Identifier: Apache-2.0
"""The demo user: one complete record, written through stdin so that the secret never appears in argv.

The ceph/daemon images gave the user only an S3 key. Here the user also has a subuser `<uid>:swift` with the same
secret, for swift clients.
"""

import json
import secrets
import string
from typing import Any, Dict, NamedTuple, Optional, Sequence

from ceph_demo.settings import DemoUser
from ceph_demo.state import State
from ceph_demo.supervisor import Supervisor
from ceph_demo.tools import Tool

DISPLAY_NAME = "Ceph demo user"
CAPS = ("buckets", "users", "usage", "metadata")
ACCESS_KEY_ALPHABET = string.ascii_uppercase + string.digits
SECRET_KEY_ALPHABET = string.ascii_letters + string.digits
NO_SUCH_USER = "(2) No such file or directory"

Record = Dict[str, Any]


class Keys(NamedTuple):
    """An S3 key pair; the swift subuser has the same secret."""

    access_key: str
    secret_key: str


def keys_for(user: DemoUser, existing: Optional[Keys] = None) -> Keys:
    """The given keys; a key that is not given is the existing one, or else a new one of the usual form."""
    access_key, secret_key = existing or (None, None)
    return Keys(
        user.access_key or access_key or _random(ACCESS_KEY_ALPHABET, 20),
        user.secret_key or secret_key or _random(SECRET_KEY_ALPHABET, 40),
    )


def new_record(uid: str, keys: Keys) -> Record:
    """The record of a new user. Ceph 20 rejects a key without `active`; older releases ignore this field."""
    subuser = f"{uid}:swift"
    return {
        "user_id": uid,
        "display_name": DISPLAY_NAME,
        "max_buckets": 1000,
        "op_mask": "read, write, delete",
        "caps": [{"type": kind, "perm": "*"} for kind in CAPS],
        "subusers": [{"id": subuser, "permissions": "full-control"}],
        "keys": [{"user": uid, "access_key": keys.access_key, "secret_key": keys.secret_key, "active": True}],
        "swift_keys": [{"user": subuser, "secret_key": keys.secret_key, "active": True}],
    }


def with_keys(record: Record, keys: Keys, replaced: Optional[str]) -> Record:
    """The record with these keys in place of the S3 key `replaced` and of the swift subuser's key; the rest stays."""
    wanted = new_record(record["user_id"], keys)
    subuser = wanted["subusers"][0]["id"]
    others = {
        "keys": [key for key in record["keys"] if key["access_key"] not in (replaced, keys.access_key)],
        "swift_keys": [key for key in record["swift_keys"] if key["user"] != subuser],
        "subusers": [other for other in record["subusers"] if other["id"] != subuser],
    }
    return dict(record, **{field: others[field] + wanted[field] for field in others})


def current_keys(record: Record, preferred: Sequence[Optional[str]]) -> Optional[Keys]:
    """The user's S3 key: the first preferred access key that the user has, or else the user's first key."""
    keys = {key["access_key"]: Keys(key["access_key"], key["secret_key"]) for key in record["keys"]}
    for access_key in [*preferred, *keys]:
        if access_key in keys:
            return keys[access_key]
    return None


def make(user: DemoUser, state: State, supervisor: Supervisor) -> Keys:
    """Create the user in a new cluster; return the user's keys."""
    keys = keys_for(user)
    _put(new_record(user.uid, keys), supervisor)
    _remember(user, keys, state)
    return keys


def ensure(user: DemoUser, state: State, supervisor: Supervisor) -> Keys:
    """Create the user, or give an existing user the given keys; return the user's keys."""
    record = _get(user.uid, supervisor)
    if record is None:
        return make(user, state, supervisor)
    made = state.access_keys.get(user.uid)
    current = current_keys(record, [made, user.access_key])
    keys = keys_for(user, current)
    if keys != current:
        _put(with_keys(record, keys, made), supervisor)
        _remember(user, keys, state)
    return keys


def _random(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _position in range(length))


def _remember(user: DemoUser, keys: Keys, state: State) -> None:
    state.access_keys[user.uid] = keys.access_key
    state.save()


def _get(uid: str, supervisor: Supervisor) -> Optional[Record]:
    tool = supervisor.finish(Tool(["radosgw-admin", "metadata", "get", f"user:{uid}"]))
    if not tool.succeeded() and NO_SUCH_USER in tool.complaint():
        return None
    record: Record = json.loads(tool.output())["data"]
    return record


def _put(record: Record, supervisor: Supervisor) -> None:
    document = json.dumps({"data": record}).encode()
    supervisor.result(Tool(["radosgw-admin", "metadata", "put", f"user:{record['user_id']}"], document))
