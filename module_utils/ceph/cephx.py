# SPDX-License-Identifier: Apache-2.0
"""cephx keys: read from the monitors, compared with what is wanted, changed by `ceph auth`.

A key is in the output of `ceph auth` and in its file, nowhere else.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..base.errors import InputError, ToolError
from ..base.managed_file import access_differences, read_text, write_text
from ..base.remote_json import loads
from .tool import CephTool

# EntityName::from_str of ceph (common/entity_name.cc): type and id with a dot between.
_ENTITY = re.compile(r"(client|mds|mgr|osd)\.[\w.@-]+")
_SERVICES = ("mon", "osd", "mgr", "mds")
_HINTS = (
    ("capability parse failed", "Write the caps as `ceph auth caps` wants them, for example 'allow rw'."),
    ("access denied", "The keyring there may not administer keys: it needs mon 'allow *', as client.admin has."),
)


@dataclass(frozen=True)
class WantedKey:
    """A key as it should be. caps: per service; keyring_file: where its keyring goes on this host, if anywhere."""

    name: str
    caps: Mapping[str, str]
    present: bool = True
    keyring_file: str | None = None


@dataclass
class Outcome:
    """What was done, or in check mode would be: the caps before and after (None: no such key), and the changes.

    key_digest: SHA-256 of the key in hex digits, None without a key.
    """

    name: str
    before: dict[str, str] | None
    after: dict[str, str] | None
    changes: list[str] = field(default_factory=list)
    key_digest: str | None = None


def parse_keys(entries: Sequence[Mapping[str, Any]]) -> list[WantedKey]:
    """The keys of a module's parameters. Raises InputError for what can never be meant."""
    keys = [_parse(entry) for entry in entries]
    names = [key.name for key in keys]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"{', '.join(twice)}: named twice; which of the two is meant?")
    return keys


def _parse(entry: Mapping[str, Any]) -> WantedKey:
    name, present, caps = str(entry["name"]), entry["state"] == "present", dict(entry["caps"] or {})
    if not _ENTITY.fullmatch(name):
        raise InputError(
            f"'{name}' is not the name of a key: it is a type, a dot and an id, such as client.rgw.gateway1."
        )
    if name == "client.admin":
        raise InputError("client.admin is the key that all of this is done with; it is not managed here.")
    if present and not caps:
        raise InputError(f"{name} has no caps: it could do nothing.")
    unknown = sorted(set(caps) - set(_SERVICES))
    if unknown:
        raise InputError(f"caps of {name} name {', '.join(unknown)}; services are {', '.join(_SERVICES)}.")
    return WantedKey(name, {service: str(cap) for service, cap in caps.items()}, present, entry["keyring_file"])


def reconcile(ceph: CephTool, keys: Sequence[WantedKey], check: bool) -> list[Outcome]:
    """Make each key what it should be; with check, say what that would change. Raises ToolError, InputError."""
    return [_reconcile(ceph, key, check) for key in keys]


def _reconcile(ceph: CephTool, key: WantedKey, check: bool) -> Outcome:
    found = _read(ceph, key.name)
    before = None if found is None else found["caps"]
    outcome = Outcome(key.name, before, dict(key.caps) if key.present else None)
    outcome.changes += _differences(key, before)
    if outcome.changes and not check:
        found = _apply(ceph, key, before)
    outcome.changes += _keyring_file(key, found, check)
    outcome.key_digest = digest_of(found["key"]) if found and key.present else None
    return outcome


def digest_of(key: str) -> str:
    """What tells one key from another without showing either: SHA-256 in hex digits."""
    return hashlib.sha256(key.encode()).hexdigest()


def _read(ceph: CephTool, name: str) -> dict[str, Any] | None:
    done = ceph.run("auth", "get", name, "--format", "json")
    if done.returncode == 2 and f"failed to find {name} in keyring" in done.stderr:
        return None
    (entry,) = loads(ceph.success("read", f"key '{name}'", done, _HINTS))
    return dict(entry)


def _differences(key: WantedKey, before: Mapping[str, str] | None) -> Iterator[str]:
    if not key.present:
        yield from [] if before is None else ["key removed"]
    elif before is None:
        yield "key made"
    else:
        for service in sorted(set(before) | set(key.caps)):
            old, new = before.get(service), key.caps.get(service)
            if old != new:
                yield f"caps.{service}: {json.dumps(old)} -> {json.dumps(new)}"


def _apply(ceph: CephTool, key: WantedKey, before: Mapping[str, str] | None) -> dict[str, Any] | None:
    caps = [word for pair in key.caps.items() for word in pair]
    if not key.present:
        operation, command = "remove", ["auth", "del", key.name]
    elif before is None:
        operation, command = "make", ["auth", "get-or-create", key.name, *caps]
    else:
        operation, command = "change the caps of", ["auth", "caps", key.name, *caps]
    ceph.success(operation, f"key '{key.name}'", ceph.run(*command), _HINTS)
    now = _read(ceph, key.name)
    if (None if now is None else now["caps"]) != (dict(key.caps) if key.present else None):
        hint = "Somebody else changes it, too. Run this again when they have ended."
        raise ToolError(operation, f"key '{key.name}' by {ceph.name}", "it is not what was asked for", hint)
    return now


def _keyring_file(key: WantedKey, found: Mapping[str, Any] | None, check: bool) -> list[str]:
    path = key.keyring_file
    if path is None:
        return []
    try:
        return _reconcile_file(key, path, found, check)
    except OSError as error:
        hint = "Does its folder exist, and may this user write there?"
        raise ToolError("write", f"keyring file '{path}'", (error.strerror or "failed").lower(), hint) from error


def _reconcile_file(key: WantedKey, path: str, found: Mapping[str, Any] | None, check: bool) -> list[str]:
    text = read_text(path)
    if not key.present:
        if text is not None and not check:
            os.unlink(path)
        return [] if text is None else [f"keyring file '{path}' removed"]
    wanted = f"[{key.name}]\n\tkey = {found['key']}\n" if found else None
    owner = os.geteuid()
    if text is None:
        change = f"keyring file '{path}' made"
    elif text != wanted:
        change = f"keyring file '{path}' replaced: it had another key"
    else:
        differences = access_differences(path, owner)
        change = f"keyring file '{path}': {', '.join(differences)}" if differences else ""
    if change and wanted and not check:
        write_text(path, wanted, owner)
    return [change] if change else []
