# SPDX-License-Identifier: Apache-2.0
"""One folder of settings: what is there, what has to change, and the change.

All of this is done with the rights of the account that the folder belongs to.
"""

from __future__ import annotations

import contextlib
import os
import stat
from dataclasses import dataclass, field
from typing import Dict, Iterator, List, Optional

from ..base.errors import ToolError
from ..base.managed_file import MODE, write_text
from ..host.acting import Account, acting_as, check_home
from ..host.owned_folder import Owned, ensure, mark_of, remove
from .files import SettingsFile
from .programs.table import PROGRAMS
from .spec import Wanted

__all__ = ["Inventory", "Plan", "apply", "plan"]

_ALL = tuple(name for program in PROGRAMS.values() for name in program.file_names)


@dataclass(frozen=True)
class Inventory:
    """Whose the folders are: the inventory's home, and whether another home's mark is replaced."""

    home: str
    takeover: bool


@dataclass
class Plan:
    """What has to change, in words: `folder` about the folder itself, the others by the names of files.

    written: the new text of files. removed: names of files that go. left: what an absent folder keeps.
    """

    folder: List[str] = field(default_factory=list)
    files: Dict[str, List[str]] = field(default_factory=dict)
    written: Dict[str, str] = field(default_factory=dict, repr=False)
    removed: List[str] = field(default_factory=list)
    left: List[str] = field(default_factory=list)

    @property
    def changes(self) -> List[str]:
        """All changes, a line for each."""
        return self.folder + [f"{name}: {word}" for name, words in sorted(self.files.items()) for word in words]


def plan(want: Wanted, inventory: Inventory) -> Plan:
    """What has to change. Raises ToolError for what is not the inventory's or the account's, OSError."""
    account = _account(want)
    if account is None:
        return Plan()
    if want.present:
        check_home(account, want.path)
    with acting_as(account):
        return _plan_present(want, account, inventory) if want.present else _plan_absent(want, inventory)


def apply(want: Wanted, inventory: Inventory, todo: Plan) -> None:
    """Make the changes. Raises ToolError, OSError."""
    account = _account(want)
    if account is None or not todo.changes:
        return
    with acting_as(account):
        if want.present:
            ensure(_owned(want.path, inventory, account), check_mode=False)
        for name, text in todo.written.items():
            path = os.path.join(want.path, name)
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            write_text(path, text, account.uid, MODE, account.gid)
        if not want.present:
            remove(_owned(want.path, inventory, account), list(_ALL), check_mode=False)
            return
        for name in todo.removed:
            os.unlink(os.path.join(want.path, name))
            if "/" in name:
                with contextlib.suppress(OSError):  # the program has put more there
                    os.rmdir(os.path.join(want.path, os.path.dirname(name)))


def _account(want: Wanted) -> Optional[Account]:
    """The folder's account. Where the host has lost the account, its id is that of the folder which is left."""
    if want.account is not None:
        return want.account
    try:
        seen = os.lstat(want.path)
    except FileNotFoundError:
        return None
    return Account(str(seen.st_uid), seen.st_uid, seen.st_gid)


def _owned(path: str, inventory: Inventory, account: Account) -> Owned:
    return Owned(path, inventory.home, inventory.takeover, owner=account.uid, group=account.gid, mode=0o700)


def _plan_present(want: Wanted, account: Account, inventory: Inventory) -> Plan:
    todo = Plan(folder=ensure(_owned(want.path, inventory, account), check_mode=True).changes)
    wanted = {file.name: file for file in _files(want)}
    for name in _ALL:
        existing = _read(want.path, name, account)
        if name in wanted:
            _plan_file(wanted[name], os.path.join(want.path, name), existing, todo)
        elif existing is not None:
            todo.files[name] = ["removed"]
            todo.removed.append(name)
    return todo


def _plan_file(file: SettingsFile, path: str, existing: Optional[str], todo: Plan) -> None:
    text = file.content(existing)
    words = [] if text == existing else ["created" if existing is None else "content"]
    if existing is not None:
        mode = stat.S_IMODE(os.lstat(path).st_mode)
        words += [f"mode {mode:04o} -> {MODE:04o}"] if mode != MODE else []
    if words:
        todo.files[file.name] = words
        todo.written[file.name] = text


def _plan_absent(want: Wanted, inventory: Inventory) -> Plan:
    owned = Owned(want.path, inventory.home, inventory.takeover)
    _there, mark = mark_of(want.path)
    if mark is None:
        return Plan(left=remove(owned, [], check_mode=True).left)
    outcome = remove(owned, list(_ALL), check_mode=True)
    removed = [name for name in _ALL if f"removed {name}" in outcome.changes]
    folder = [] if outcome.left else ["removed"]
    return Plan(folder, {name: ["removed"] for name in removed}, removed=removed, left=outcome.left)


def _files(want: Wanted) -> Iterator[SettingsFile]:
    for name in want.programs:
        yield from PROGRAMS[name].files(want.access)


def _read(folder: str, name: str, account: Account) -> Optional[str]:
    """The text of a file of the account; None without one. Raises ToolError for anything else of that name."""
    path = folder
    for part in name.split("/"):
        path = os.path.join(path, part)
        try:
            seen = os.lstat(path)
        except FileNotFoundError:
            return None
        _refuse(path, seen, account)
    if not stat.S_ISREG(seen.st_mode):
        raise ToolError("use", path, "the name is that of a folder or a device", "Remove what has the name.")
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), encoding="utf-8", errors="replace") as file:
        return file.read()


def _refuse(path: str, seen: os.stat_result, account: Account) -> None:
    if stat.S_ISLNK(seen.st_mode):
        code = f"the settings file is a symbolic link to {os.readlink(path)}"
        raise ToolError("use", path, code, "Remove the link, or name another folder.")
    if seen.st_uid != account.uid:
        code = f"the settings file belongs to user id {seen.st_uid}, not to {account.name} ({account.uid})"
        raise ToolError("use", path, code, "Look at the file, then remove the file or give it to that user.")
