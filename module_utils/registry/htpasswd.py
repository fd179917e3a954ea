# SPDX-License-Identifier: Apache-2.0
"""A registry's htpasswd file: bcrypt entries, kept as long as they fit the password and the wanted cost."""

from __future__ import annotations

from typing import Dict, List, Mapping, NamedTuple, Optional

from ..base.errors import InputError
from ..base.secret_files import problem_with_text
from ..host.libcrypt import MOST_BYTES, bcrypt_cost, bcrypt_entry, bcrypt_fits

# The range of Apache's tool (htpasswd(1), -C). A registry checks the password of each request anew (distribution 2.8,
# registry/auth/htpasswd), so that a cost above 17 would take seconds for each.
LEAST_COST, MOST_COST = 4, 17
# bcrypt.DefaultCost of the library that registries use (golang.org/x/crypto/bcrypt).
DEFAULT_COST = 10


class Plan(NamedTuple):
    """text: what the file has to hold. changes: what differs from now, in words."""

    text: str
    changes: List[str]


def plan(current: Optional[str], passwords: Mapping[str, str], cost: int = DEFAULT_COST) -> Plan:
    """Compare the file's text (None: no file) with the wanted users, their passwords and the entries' cost.

    Users that are not wanted go. An entry of this cost that fits its password stays as it is, since a new salt would be
    no change worth a write. The registry accepts bcrypt only (distribution 2.8, registry/auth/htpasswd). Raises
    InputError, and ToolError on a host without bcrypt.
    """
    if not LEAST_COST <= cost <= MOST_COST:
        raise InputError(f"cost {cost}: bcrypt's cost in a htpasswd file is {LEAST_COST} to {MOST_COST}")
    entries = _entries(current or "")
    changes = [f"user {name} removed" for name in entries if name not in passwords]
    lines = []
    for name, password in sorted(passwords.items()):
        _check(name, password)
        difference = _difference(entries.get(name), password, cost)
        if difference:
            changes.append(f"user {name} {difference}")
            entries[name] = bcrypt_entry(password, cost)
        lines.append(f"{name}:{entries[name]}\n")
    return Plan("".join(lines), changes)


def _difference(entry: Optional[str], password: str, cost: int) -> str:
    """What is wrong with a user's entry, in words; empty if nothing is."""
    if entry is None:
        return "added"
    if not bcrypt_fits(password, entry):
        return "changed"
    found = bcrypt_cost(entry)
    return f"changed: cost {found} -> {cost}" if found != cost else ""


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
