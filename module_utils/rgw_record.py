# SPDX-License-Identifier: Apache-2.0
"""A user's metadata document, and the state that is read from it and written into it.

A state maps paths to values in the words of this toolkit; what is not there has no path:

    ("display_name",): "R"                      ("caps", "usage"): "read"
    ("email",): "r@example.org"                 ("keys", "AKIA...", "secret"): Secret
    ("suspended",): False                       ("subusers", "swift", "access"): "readwrite"
    ("max_buckets",): 1000                      ("subusers", "swift", "secret"): Secret
    ("op_mask",): ["read", "write", "delete"]   ("temp_url_keys", "0", "secret"): Secret
    ("default_placement",): "fast"              ("user_quota", "max_size"): 1024     bytes; -1: no limit
    ("default_storage_class",): ""              ("bucket_quota", "max_objects"): -1
    ("placement_tags",): ["ssd"]                ("rate_limit", "max_read_ops"): 100  a minute; 0: no limit

In changes to a state, the value None means that the path is to go.

Everything else in the document is kept as it was read. Documents as Ceph 14.2.21, 16.2.15, 18.2.7 and 20.2.4 give them.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Mapping
from typing import Any, Dict, Tuple

from . import rgw_ratelimit
from .rgw_secrets import Secret

Document = Dict[str, Any]
Path = Tuple[str, ...]
State = Dict[Path, Any]

# Words of an inventory (and of the admin API's requests) -> words of the document (and of the API's answers).
_PERMISSIONS = {"read": "read", "write": "write", "readwrite": "read-write", "full": "full-control"}
_ACCESS = {stored: word for word, stored in _PERMISSIONS.items()}
ACCESS_WORDS = tuple(_PERMISSIONS)
OPERATIONS = ("read", "write", "delete")

QUOTAS = ("user_quota", "bucket_quota")
_NO_QUOTA = {"max_size": -1, "max_objects": -1, "enabled": False}


def new_document(uid: str) -> Document:
    """The record of a user that does not exist yet, with what `radosgw-admin user create` puts there.

    Left out, these fields would read 0, "<none>" and "none": no limit on buckets, and no right to do anything.
    """
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
    """Return the state that a document holds. Raises InputError if part of it is in an unknown form."""
    data = document["data"]
    op_mask = {word.strip() for word in data.get("op_mask", "").split(",")}
    state: State = {
        ("display_name",): data.get("display_name", ""),
        # Ceph 18 and before store addresses in lower case, later ones as given.
        ("email",): data.get("email", "").lower(),
        ("suspended",): bool(data.get("suspended", 0)),
        ("max_buckets",): data.get("max_buckets", 0),
        ("op_mask",): [word for word in OPERATIONS if word in op_mask],
        ("default_placement",): data.get("default_placement", ""),
        ("default_storage_class",): canonical_storage_class(data.get("default_storage_class", "")),
        ("placement_tags",): sorted(data.get("placement_tags", [])),
    }
    for quota in QUOTAS:
        stored = {**_NO_QUOTA, **data.get(quota, {})}
        state[quota, "max_size"] = max(stored["max_size"], -1)
        state[quota, "max_objects"] = max(stored["max_objects"], -1)
        state[quota, "enabled"] = stored["enabled"]
    state.update({("rate_limit", name): value for name, value in _rate_limit(data).items()})
    for cap in data.get("caps", []):
        state["caps", cap["type"]] = canonical_perm(cap["perm"])
    for key in data.get("keys", []):
        state["keys", key["access_key"], "secret"] = Secret(key["secret_key"])
    prefix = f"{data['user_id']}:"
    for subuser in data.get("subusers", []):
        if subuser["id"].startswith(prefix):
            access = _ACCESS.get(subuser["permissions"], subuser["permissions"])
            state["subusers", subuser["id"][len(prefix) :], "access"] = access
    for key in data.get("swift_keys", []):
        if key["user"].startswith(prefix):
            state["subusers", key["user"][len(prefix) :], "secret"] = Secret(key["secret_key"])
    for key in data.get("temp_url_keys", []):
        if key["val"]:
            state["temp_url_keys", str(key["key"]), "secret"] = Secret(key["val"])
    return state


def with_changes(document: Document, changes: Mapping[Path, Any]) -> Document:
    """Return a copy of the document that holds the changes and is one version further, ready to be written."""
    updated = copy.deepcopy(document)
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
    elif path[0] == "keys":
        key = _entry(data, "keys", "access_key", path[1])
        key.setdefault("user", uid)
        _set_secret(key, value)
    elif path[0] == "subusers" and path[2] == "access":
        _entry(data, "subusers", "id", f"{uid}:{path[1]}")["permissions"] = _PERMISSIONS[value]
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
        if attribute["key"] == rgw_ratelimit.ATTRIBUTE:
            return rgw_ratelimit.decode(attribute["val"])
    return rgw_ratelimit.NO_LIMITS


def _change_rate_limit(data: Document, name: str, value: Any) -> None:
    limits = {**_rate_limit(data), name: value}
    attribute = _entry(data, "attrs", "key", rgw_ratelimit.ATTRIBUTE)
    attribute["val"] = rgw_ratelimit.encode(limits, attribute.get("val"))


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


def _now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
