# SPDX-License-Identifier: Apache-2.0
"""An account's metadata document, and the state that is read from it and written into it.

A state maps paths to values in the words of this toolkit:

    ("name",): "acme"               ("max_users",): 1000               see ANY
    ("email",): "a@example.org"     ("quota", "max_size"): 1024        bytes; -1: no limit
    ("home",): "production", the inventory that manages the account; empty for none of this toolkit's

Everything else in the document is kept as it was read. Documents as Ceph 20.2.4 gives them.
"""

from __future__ import annotations

import base64
import binascii
import copy
import secrets
from collections.abc import Mapping
from typing import Any

from ...base.errors import InputError
from ...base.text import from_bytes, to_bytes
from ..user_record import Document, Path, State

QUOTAS = ("quota", "bucket_quota")
NO_QUOTA: Mapping[str, Any] = {"max_size": -1, "max_objects": -1, "enabled": False}
# What `radosgw-admin account create` gives.
LIMITS: Mapping[str, int] = {
    "max_users": 1000,
    "max_roles": 1000,
    "max_groups": 1000,
    "max_buckets": 1000,
    "max_access_keys": 4,
}
# What means any number, on 20.2.4. A negative number of buckets means none, as does 0 for the others.
ANY: Mapping[str, int] = {limit: 0 if limit == "max_buckets" else -1 for limit in LIMITS}
NONE: Mapping[str, int] = {limit: -1 if limit == "max_buckets" else 0 for limit in LIMITS}
# An attribute of the record: the gateway keeps it whatever somebody changes by `radosgw-admin account modify`.
_MARK = "user.rgw.x-rgwkit-home"


def new_id() -> str:
    """An ID for a new account: "RGW" and 17 digits."""
    return f"RGW{secrets.randbelow(10**17):017}"


def new_document(identifier: str, name: str, tenant: str) -> Document:
    """The record of an account that does not exist yet. Left out, limits would read 0."""
    quotas = {quota: dict(NO_QUOTA) for quota in QUOTAS}
    return {"data": {"id": identifier, "tenant": tenant, "name": name, "email": "", **LIMITS, **quotas, "attrs": []}}


def read_state(document: Document) -> State:
    """Return the state that a document holds. Raises InputError if it is in an unknown form."""
    try:
        data = document["data"]
        state: State = {("name",): data["name"], ("email",): data["email"]}
        state.update({(limit,): data[limit] for limit in LIMITS})
        for quota in QUOTAS:
            stored = {**NO_QUOTA, **data[quota]}
            # Any negative number means no limit.
            state[quota, "max_size"] = max(stored["max_size"], -1)
            state[quota, "max_objects"] = max(stored["max_objects"], -1)
            state[quota, "enabled"] = bool(stored["enabled"])
        state["home",] = _home(data)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"an account's record is in a form that this toolkit does not know ({error!r}).") from error
    return state


def with_changes(document: Document, changes: Mapping[Path, Any]) -> Document:
    """Return a copy of the document that holds the changes, ready to be written."""
    updated: Document = copy.deepcopy(document)
    data = updated["data"]
    for path, value in changes.items():
        if path == ("home",):
            others = [attribute for attribute in data.get("attrs", []) if attribute["key"] != _MARK]
            data["attrs"] = [*others, {"key": _MARK, "val": base64.b64encode(to_bytes(value)).decode()}]
        elif len(path) == 1:
            data[path[0]] = value
        else:
            data[path[0]][path[1]] = value
    updated.pop("mtime", None)  # else the gateway stores the old time again
    return updated


def _home(data: Mapping[str, Any]) -> str:
    for attribute in data.get("attrs", []):
        if attribute["key"] == _MARK:
            try:
                return from_bytes(base64.b64decode(attribute["val"]))
            except binascii.Error:
                return ""
    return ""
