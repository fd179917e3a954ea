# SPDX-License-Identifier: Apache-2.0
"""A user's metadata document, and the state that is read from it and written into it.

A state maps paths to values in the words of this toolkit; what is not there has no path:

    ("display_name",): "R"                      ("caps", "usage"): "read"
    ("email",): "r@example.org"                 ("s3_keys", "AKIA...", "secret"): Secret
    ("suspended",): False                       ("s3_keys", "AKIA...", "subuser"): "ro", if it is a subuser's
    ("system",): False                          ("s3_keys", "AKIA...", "active"): False, if it is disabled
    ("account",): "RGW00889737169837717"        ("account_root",): False
    ("max_buckets",): 1000                      ("subusers", "swift", "access"): "readwrite"
    ("op_mask",): ["read", "write", "delete"]   ("subusers", "swift", "secret"): Secret
    ("default_placement",): "fast"              ("temp_url_keys", "0", "secret"): Secret
    ("default_storage_class",): ""              ("user_quota", "max_size"): 1024     bytes; -1: no limit
    ("placement_tags",): ["ssd"]                ("rate_limit", "max_read_ops"): 100  a minute; 0: no limit

In changes to a state, the value None means that the path is to go.

Everything else in the document is kept as it was read. Documents as Ceph 14.2.21, 16.2.15, 18.2.7 and 20.2.4 give them.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Dict, Tuple

from ..base.errors import InputError
from ..base.secret import Secret
from . import user_ratelimit

Document = Dict[str, Any]
Path = Tuple[str, ...]
State = Dict[Path, Any]

# Words of an inventory (and of the admin API's requests) -> words of the document (and of the API's answers).
_PERMISSIONS = {"none": "<none>", "read": "read", "write": "write", "readwrite": "read-write", "full": "full-control"}
_ACCESS = {stored: word for word, stored in _PERMISSIONS.items()}
ACCESS_WORDS = tuple(_PERMISSIONS)
OPERATIONS = ("read", "write", "delete")
# Rights beyond those of the caps. In a record, the field is there if the user has the flag.
FLAGS = ("system", "admin")
# Written by a request of its own, in which the gateway checks that the user may get there.
ACCOUNT: tuple[Path, ...] = (("account",), ("account_root",))
_ROOT = "root"

# What the name of a subuser begins with who is no login, but marks a bucket whose objects are being given to the user.
CHOWN_MARK = "rgwkit-chown-"

QUOTAS = ("user_quota", "bucket_quota")
_NO_QUOTA = {"max_size": -1, "max_objects": -1, "enabled": False}

# What a state tells of a document, and of the rest what says nothing. Up to Ceph 16, booleans stand in quotes.
_TOLD = {
    *(
        "user_id",
        "display_name",
        "email",
        "suspended",
        *FLAGS,
        "max_buckets",
        "op_mask",
        "caps",
        "keys",
        "subusers",
        "swift_keys",
    ),
    *(
        "account_id",
        "temp_url_keys",
        "default_placement",
        "default_storage_class",
        "placement_tags",
        *QUOTAS,
        "attrs",
        "create_date",
    ),
}
_EMPTY: tuple[Any, ...] = (None, "", "false", 0, [], {})
_NOTHING: dict[str, tuple[Any, ...]] = {"type": ("rgw", "none", _ROOT, *_EMPTY), "path": ("/", *_EMPTY)}


def is_given_at_creation(path: Path) -> bool:
    """Whether a new user gets this from options of the gateway (rgw_user_max_buckets, rgw_user_default_quota_...)."""
    return path == ("max_buckets",) or path[0] in QUOTAS


def new_document(uid: str, newcomer: Document | None = None) -> Document:
    """The record of a user that does not exist yet, with what `radosgw-admin user create` puts there.

    newcomer: the record of a user that the gateway has just made. Without it, what Ceph's own defaults give. Left out,
    these fields would read 0, "<none>" and "none": no limit on buckets, and no right to do anything.
    """
    if newcomer is not None:
        own = {
            "user_id": uid,
            "display_name": uid.rpartition("$")[2],
            "suspended": 0,
            "keys": [],
            "create_date": _now(),
        }
        return {"ver": {"ver": 0}, "data": {**_copied(newcomer["data"]), **own}}
    return {
        "ver": {"ver": 0},
        "data": {
            "user_id": uid,
            "display_name": uid.rpartition("$")[2],
            "max_buckets": 1000,
            "op_mask": ", ".join(OPERATIONS),
            "type": "rgw",
            # Known to Ceph 20; earlier releases drop them.
            "path": "/",
            "create_date": _now(),
        },
    }


def read_state(document: Document) -> State:
    """Return the state that a document holds. Raises InputError if it is in an unknown form.

    A rate limit in a form that a later release may bring is no part of the state.
    """
    try:
        return _read_state(document["data"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"its record is in a form that this toolkit does not know ({error!r}).") from error


def undeclared(document: Document) -> list[str]:
    """What a user has and no state tells: flags, attributes such as policies, keys that are disabled or another's."""
    data = document["data"]
    found = [name for name, value in data.items() if name not in _TOLD and value not in _NOTHING.get(name, _EMPTY)]
    found += [f"{quota}.check_on_raw" for quota in QUOTAS if data.get(quota, {}).get("check_on_raw")]
    found += [f"op_mask '{word}'" for word in _op_mask_words(data) if word not in (*OPERATIONS, "<none>", "")]
    others = [attribute["key"] for attribute in data.get("attrs", []) if attribute["key"] != user_ratelimit.ATTRIBUTE]
    found += [f"attribute '{name}'" for name in others]
    prefix = f"{data['user_id']}:"
    for field, name in (("subusers", "id"), ("swift_keys", "user")):
        found += [f"{field} '{item[name]}'" for item in data.get(field, []) if not item[name].startswith(prefix)]
    return found


def _op_mask_words(data: Document) -> list[str]:
    return [word.strip() for word in data.get("op_mask", "").split(",")]


def _read_state(data: Document) -> State:
    op_mask = _op_mask_words(data)
    state: State = {
        ("display_name",): data.get("display_name", ""),
        # Ceph 18 and before store addresses in lower case, later ones as given.
        ("email",): data.get("email", "").lower(),
        ("suspended",): bool(data.get("suspended", 0)),
        **{(flag,): data.get(flag, False) not in _EMPTY for flag in FLAGS},
        ("max_buckets",): data.get("max_buckets", 0),
        ("op_mask",): [word for word in OPERATIONS if word in op_mask],
        ("default_placement",): data.get("default_placement", ""),
        ("default_storage_class",): canonical_storage_class(data.get("default_storage_class", "")),
        ("placement_tags",): sorted(data.get("placement_tags", [])),
        ("account",): data.get("account_id", ""),
        ("account_root",): data.get("type") == _ROOT,
    }
    for quota in QUOTAS:
        stored = {**_NO_QUOTA, **data.get(quota, {})}
        state[quota, "max_size"] = max(stored["max_size"], -1)
        state[quota, "max_objects"] = max(stored["max_objects"], -1)
        state[quota, "enabled"] = stored["enabled"]
    with suppress(InputError):
        state.update({("rate_limit", name): value for name, value in _rate_limit(data).items()})
    prefix = f"{data['user_id']}:"
    for cap in data.get("caps", []):
        state["caps", cap["type"]] = canonical_perm(cap["perm"])
    for key in data.get("keys", []):
        state["s3_keys", key["access_key"], "secret"] = Secret(key["secret_key"])
        if key.get("user", "").startswith(prefix):
            state["s3_keys", key["access_key"], "subuser"] = key["user"][len(prefix) :]
        if key.get("active") is False:
            state["s3_keys", key["access_key"], "active"] = False
    for subuser in data.get("subusers", []):
        if subuser["id"].startswith(prefix):
            access = _ACCESS.get(subuser["permissions"], subuser["permissions"])
            state["subusers", subuser["id"][len(prefix) :], "access"] = access
    for key in data.get("swift_keys", []):
        if key["user"].startswith(prefix):
            state["subusers", key["user"][len(prefix) :], "secret"] = Secret(key["secret_key"])
            if key.get("active") is False:
                state["subusers", key["user"][len(prefix) :], "active"] = False
    for key in data.get("temp_url_keys", []):
        if key["val"]:
            state["temp_url_keys", str(key["key"]), "secret"] = Secret(key["val"])
    return state


def value_in(state: State, path: Path) -> Any:
    """What a state has at a path: a key is active unless the state says otherwise."""
    return state.get(path, True if path[-1] == "active" else None)


def with_changes(document: Document, changes: Mapping[Path, Any]) -> Document:
    """Return a copy of the document that holds the changes and is one version further, ready to be written."""
    updated: Document = _copied(document)
    for path, value in changes.items():
        _change(updated["data"], path, value)
    updated["ver"]["ver"] += 1
    updated.pop("mtime", None)  # else the gateway stores the old time again
    return updated


def canonical_perm(perm: str) -> str:
    """One spelling for the rights of a cap: to the gateway, "read, write" and "*" are the same."""
    words = {word.strip() for word in perm.split(",")}
    return "*" if words == {"read", "write"} else perm.strip()


def canonical_storage_class(name: str) -> str:
    """One spelling for a storage class: the gateway keeps STANDARD as no class at all."""
    return "" if name == "STANDARD" else name


def _change(data: Document, path: Path, value: Any) -> None:
    uid = data["user_id"]
    if path[0] == "caps":
        _change_entry(data, "caps", "type", path[1], "perm", value)
    elif path[0] == "s3_keys":
        key = _entry(data, "keys", "access_key", path[1])
        key.setdefault("user", uid)
        if path[2] == "subuser":
            key["user"] = f"{uid}:{value}"
        elif path[2] == "active":
            key["active"] = value
        else:
            _set_secret(key, value)
    elif path[0] == "subusers" and path[2] == "access":
        _entry(data, "subusers", "id", f"{uid}:{path[1]}")["permissions"] = _PERMISSIONS[value]
    elif path[0] == "subusers" and path[2] == "active":
        _entry(data, "swift_keys", "user", f"{uid}:{path[1]}")["active"] = value
    elif path[0] == "subusers":
        _set_secret(_entry(data, "swift_keys", "user", f"{uid}:{path[1]}"), value)
    elif path[0] == "temp_url_keys":
        _change_entry(data, "temp_url_keys", "key", int(path[1]), "val", value and value.value)
    elif path[0] in QUOTAS:
        data.setdefault(path[0], dict(_NO_QUOTA))[path[1]] = value
    elif path[0] == "rate_limit":
        _change_rate_limit(data, path[1], value)
    elif path[0] == "op_mask":
        data["op_mask"] = ", ".join(value) or "<none>"
    else:
        data[path[0]] = int(value) if path[0] == "suspended" else value


def _set_secret(key: dict[str, Any], secret: Secret) -> None:
    if "secret_key" not in key:
        # Ceph 20 takes a key that does not say so for a disabled one.
        key.update({"active": True, "create_date": _now()})
    key["secret_key"] = secret.value


def _rate_limit(data: Document) -> dict[str, Any]:
    for attribute in data.get("attrs", []):
        if attribute["key"] == user_ratelimit.ATTRIBUTE:
            return user_ratelimit.decode(attribute["val"])
    return user_ratelimit.NO_LIMITS


def _change_rate_limit(data: Document, name: str, value: Any) -> None:
    limits = {**_rate_limit(data), name: value}
    attribute = _entry(data, "attrs", "key", user_ratelimit.ATTRIBUTE)
    attribute["val"] = user_ratelimit.encode(limits, attribute.get("val"))


def _change_entry(data: Document, field: str, id_field: str, id_value: Any, value_field: str, value: Any) -> None:
    """Set the value of a list's entry; None removes the entry."""
    if value is None:
        data[field] = [entry for entry in data[field] if entry[id_field] != id_value]
    else:
        _entry(data, field, id_field, id_value)[value_field] = value


def _entry(data: Document, field: str, id_field: str, id_value: Any) -> dict[str, Any]:
    """Find the entry of a list by its identifier, or append one."""
    entries: list[dict[str, Any]] = data.setdefault(field, [])
    for entry in entries:
        if entry[id_field] == id_value:
            return entry
    entries.append({id_field: id_value})
    return entries[-1]


def _copied(value: Any) -> Any:
    """A copy of what JSON holds. copy.deepcopy takes several times as long, since it looks for what is there twice."""
    if isinstance(value, dict):
        return {name: _copied(item) for name, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
