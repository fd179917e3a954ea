# SPDX-License-Identifier: Apache-2.0
"""What swift keeps of a container beside its objects, as the header fields of one HEAD and of one POST.

A swift container of RGW is a bucket, and its quota is the bucket's. Swift's own are read and write ACL, the container
of old versions, what makes a website of a container, and metadata of any name. In a state:

    ("read_acl",): [".r:*", ".rlistings"]     ("web", "index"): "index.html"
    ("write_acl",): ["ci", "ci:swift"]        ("metadata", "team"): "research"
    ("versions_location",): "old"             what is not there is "" or []

Sources: OpenStack Swift documentation ("Container ACLs", "Static Web", "Object Versioning"), and Ceph's "Swift
Container Operations"; as answered by Ceph 18.2.7.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from ...base.errors import InputError
from ..user_record import Path, State

_META = "x-container-meta-"
_ACLS = {"read_acl": "x-container-read", "write_acl": "x-container-write"}
_ACL_NAMES = {header: name for name, header in _ACLS.items()}
_VERSIONS = "x-versions-location"
_WEB = {"index": "web-index", "error": "web-error", "listings": "web-listings", "css": "web-listings-css"}
_WEB_NAMES = {header: name for name, header in _WEB.items()}
OPTIONS = (*_ACLS, "versions_location", "web", "metadata")
# Metadata with a meaning, for which there are options; RGW keeps a key for temporary URLs and never looks at it.
_QUOTA = re.compile("quota-(bytes|count)")
_TEMP_URL = re.compile("temp-url-key(-2)?")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_VALUE = re.compile(r"[ -~]*")
_ENTRY = re.compile(r"[!-+\--~]+")  # visible, without a comma
_TRUE = ("true", "1", "yes", "on", "t", "y")


def wanted(entry: Mapping[str, Any]) -> State:
    """What an entry mentions of these. Raises InputError, whose text names the option."""
    found: State = {}
    for name in _ACLS:
        if name in entry:
            found[name,] = _acl(name, entry[name] or [])
    if "versions_location" in entry:
        found["versions_location",] = _text("versions_location", entry["versions_location"] or "")
    web = entry.get("web", {})
    for name in _WEB if web is None else web:
        found["web", name] = _web(name, None if web is None else web[name])
    for name, value in (entry.get("metadata") or {}).items():
        path = ("metadata", _metadata_name(str(name)))
        if path in found:
            raise InputError(f"metadata: {name!r} is given twice; swift takes capitals and underscores for the same.")
        found[path] = _text(f"metadata.{name}", "" if value is None else str(value))
    return found


def read_state(fields: Iterable[tuple[str, str]]) -> State:
    """What the header fields of a HEAD of a container say."""
    state: State = {("versions_location",): ""}
    for option in _ACLS:
        state[option,] = []
    for name in _WEB:
        state["web", name] = _web(name, None)
    for field, value in fields:
        header = field.lower()
        if header in _ACL_NAMES:
            state[_ACL_NAMES[header],] = _sorted(value.split(","))
        if header == _VERSIONS:
            # RGW takes the name as it is, and tells it encoded as in a URL (18.2.7).
            state["versions_location",] = unquote(value)
        key = header[len(_META) :] if header.startswith(_META) else ""
        if key in _WEB_NAMES:
            state["web", _WEB_NAMES[key]] = value.lower() in _TRUE if key == _WEB["listings"] else value
        elif key and not _QUOTA.fullmatch(key) and not _TEMP_URL.fullmatch(key):
            state["metadata", key] = value
    return state


def new_state() -> State:
    """What a new container has."""
    return read_state(())


def headers(changes: Mapping[Path, Any]) -> dict[str, str]:
    """The fields of a POST that makes changes; an empty value removes what was there."""
    fields: dict[str, str] = {}
    for path, value in changes.items():
        if path[0] in _ACLS:
            fields[_ACLS[path[0]]] = ",".join(value)
        elif path[0] == "versions_location":
            fields[_VERSIONS if value else "x-remove-versions-location"] = value or "x"
        else:
            key = _WEB[path[1]] if path[0] == "web" else path[1]
            # RGW does not remove this one (18.2.7), and takes "false" for nothing.
            text = ("true" if value else "false") if isinstance(value, bool) else value
            fields[f"{_META}{key}" if text else f"x-remove-container-meta-{key}"] = text or "x"
    return fields


def users_of(acl: list[str]) -> set[str]:
    """The uids in an ACL; what begins with a dot is about referrers. RGW takes users that it does not have (18.2.7)."""
    return {entry.partition(":")[0] for entry in acl if not entry.startswith(".") and entry != "*"}


def is_of_swift(path: Path) -> bool:
    """Whether a path of a state is one of these."""
    return path[0] in OPTIONS


def empty(path: Path) -> Any:
    """The value of what is not there."""
    return [] if path[0] in _ACLS else _web(path[1], None) if path[0] == "web" else ""


def _acl(name: str, given: Any) -> list[str]:
    entries = given.split(",") if isinstance(given, str) else list(given)
    for entry in entries:
        if not isinstance(entry, str) or not _ENTRY.fullmatch(entry.strip()):
            raise InputError(
                f"{name}: {entry!r} is no element of an ACL; give uid, uid:subuser, .r:HOST or .rlistings."
            )
    return _sorted(entries)


def _sorted(entries: list[str]) -> list[str]:
    return sorted({entry.strip() for entry in entries if entry.strip()})


def _web(name: str, value: Any) -> Any:
    if name == "listings":
        return bool(value)
    return _text(f"web.{name}", value or "")


def _text(name: str, value: str) -> str:
    if not _VALUE.fullmatch(value) or value != value.strip():
        raise InputError(f"{name}: {value!r} is no value of an HTTP header: printable ASCII, no blanks at the ends.")
    return value


def _metadata_name(name: str) -> str:
    key = name.lower().replace("_", "-")
    if not _NAME.fullmatch(key):
        raise InputError(f"metadata: {name!r} is no name: letters, digits and hyphens.")
    if _TEMP_URL.fullmatch(key):
        raise InputError("metadata: RGW knows temp-URL keys of accounts only: temp_url_keys of the owner (rgw_users).")
    if _QUOTA.fullmatch(key) or key in _WEB_NAMES:
        raise InputError(f"metadata: for {name!r} there is an option of its own: quota, web.")
    return key
