# SPDX-License-Identifier: Apache-2.0
"""A registry's htpasswd file: bcrypt entries, kept as long as they fit the password."""

from __future__ import annotations

from typing import Dict, List, Mapping, NamedTuple, Optional

from ..base.errors import InputError
from ..base.secret_files import problem_with_text

try:
    import bcrypt

    HAS_BCRYPT = True
except ImportError:
    HAS_BCRYPT = False

# bcrypt looks at the first 72 bytes only; two passwords that differ after them would be the same.
_BCRYPT_BYTES = 72
# A registry computes this for each request without a session: 2^10 is its own tool's choice too (htpasswd -B).
_ROUNDS = 10


class Plan(NamedTuple):
    """text: what the file has to hold. changes: what differs from now, in words."""

    text: str
    changes: List[str]


def plan(current: Optional[str], passwords: Mapping[str, str]) -> Plan:
    """Compare the file's text (None: no file) with the wanted users and their passwords.

    Users that are not wanted go. An entry that fits its password stays as it is, since a new salt would be no change
    worth a write. The registry accepts bcrypt only (distribution 2.8, registry/auth/htpasswd). Raises InputError.
    """
    entries = _entries(current or "")
    changes = [f"user {name} removed" for name in entries if name not in passwords]
    lines = []
    for name, password in sorted(passwords.items()):
        _check(name, password)
        if not _fits(entries.get(name), password):
            changes.append(f"user {name} {'changed' if name in entries else 'added'}")
            entries[name] = bcrypt.hashpw(password.encode(), bcrypt.gensalt(_ROUNDS)).decode()
        lines.append(f"{name}:{entries[name]}\n")
    return Plan("".join(lines), changes)


def _entries(text: str) -> Dict[str, str]:
    pairs = (line.partition(":") for line in text.splitlines() if ":" in line and not line.startswith("#"))
    return {name: entry for name, _colon, entry in pairs}


def _fits(entry: Optional[str], password: str) -> bool:
    if entry is None:
        return False
    try:
        return bool(bcrypt.checkpw(password.encode(), entry.encode()))
    except ValueError:  # not a bcrypt entry: the registry would not take it either
        return False


def _check(name: str, password: str) -> None:
    if not name or ":" in name or not name.isprintable():
        raise InputError(f"user {name!r}: a name needs printable characters and no colon")
    problem = problem_with_text(password)
    if problem:
        raise InputError(f"user {name}: the password {problem}")
    if len(password.encode()) > _BCRYPT_BYTES:
        raise InputError(
            f"user {name}: bcrypt uses {_BCRYPT_BYTES} bytes of a password, this one is longer; take a shorter one"
        )
