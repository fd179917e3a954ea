# SPDX-License-Identifier: Apache-2.0
"""A registry's htpasswd file: bcrypt entries, kept as long as they fit the password."""

from __future__ import annotations

from typing import Dict, List, Mapping, NamedTuple, Optional

from ..base.errors import InputError
from ..base.secret_files import problem_with_text
from ..host.libcrypt import MOST_BYTES, bcrypt_entry, bcrypt_fits

# A registry computes this for each request without a session: 2^10 is its own tool's choice too (htpasswd -B).
_ROUNDS = 10


class Plan(NamedTuple):
    """text: what the file has to hold. changes: what differs from now, in words."""

    text: str
    changes: List[str]


def plan(current: Optional[str], passwords: Mapping[str, str]) -> Plan:
    """Compare the file's text (None: no file) with the wanted users and their passwords.

    Users that are not wanted go. An entry that fits its password stays as it is, since a new salt would be no change
    worth a write. The registry accepts bcrypt only (distribution 2.8, registry/auth/htpasswd). Raises InputError, and
    ToolError on a host without bcrypt.
    """
    entries = _entries(current or "")
    changes = [f"user {name} removed" for name in entries if name not in passwords]
    lines = []
    for name, password in sorted(passwords.items()):
        _check(name, password)
        if not bcrypt_fits(password, entries.get(name, "")):
            changes.append(f"user {name} {'changed' if name in entries else 'added'}")
            entries[name] = bcrypt_entry(password, _ROUNDS)
        lines.append(f"{name}:{entries[name]}\n")
    return Plan("".join(lines), changes)


def _entries(text: str) -> Dict[str, str]:
    pairs = (line.partition(":") for line in text.splitlines() if ":" in line and not line.startswith("#"))
    return {name: entry for name, _colon, entry in pairs}


def _check(name: str, password: str) -> None:
    if not name or ":" in name or not name.isprintable():
        raise InputError(f"user {name!r}: a name needs printable characters and no colon")
    problem = problem_with_text(password)
    if problem:
        raise InputError(f"user {name}: the password {problem}")
    if len(password.encode()) > MOST_BYTES:
        raise InputError(
            f"user {name}: bcrypt uses {MOST_BYTES} bytes of a password, this one is longer; take a shorter one"
        )
