# SPDX-License-Identifier: Apache-2.0
"""The two kinds of systemd's managers: that of the system, and that of an ordinary user."""

from __future__ import annotations

from typing import Dict, List, Tuple

__all__ = ["SCOPES", "SYSTEM", "UNIT_FOLDER", "USER", "journal_of", "systemctl", "unit_folders"]

SYSTEM, USER = "system", "user"
SCOPES = (SYSTEM, USER)
# systemd.unit(5), "Unit File Load Path": where an administrator's units are, and a user's own.
UNIT_FOLDER = {SYSTEM: "/etc/systemd/system", USER: "~/.config/systemd/user"}
# The first that has the file counts. A user's transient units are found by XDG_RUNTIME_DIR.
_UNIT_FOLDERS: Dict[str, Tuple[str, ...]] = {
    SYSTEM: (
        UNIT_FOLDER[SYSTEM],
        "/run/systemd/system",
        "/run/systemd/transient",
        "/usr/local/lib/systemd/system",
        "/usr/lib/systemd/system",
        "/lib/systemd/system",
    ),
    USER: (
        UNIT_FOLDER[USER],
        "/etc/systemd/user",
        "$XDG_RUNTIME_DIR/systemd/user",
        "$XDG_RUNTIME_DIR/systemd/transient",
        "/usr/local/lib/systemd/user",
        "/usr/lib/systemd/user",
    ),
}


def systemctl(scope: str, *words: str) -> List[str]:
    """A command for the manager. That of a user is found by XDG_RUNTIME_DIR, which a login sets."""
    return ["systemctl", *(["--user"] if scope == USER else []), *words]


def journal_of(unit: str, scope: str) -> str:
    """The option by which journalctl shows the lines of a unit."""
    return f"--user-unit={unit}" if scope == USER else f"--unit={unit}"


def unit_folders(scope: str) -> Tuple[str, ...]:
    """Where units are, with ~ and variables as the shell knows them."""
    return _UNIT_FOLDERS[scope]
