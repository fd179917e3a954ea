# SPDX-License-Identifier: Apache-2.0
"""Work with the rights of another account, so that links and folders of that account lead root nowhere."""

from __future__ import annotations

import os
import pwd
from contextlib import contextmanager
from typing import Iterator, NamedTuple, Optional

from ..base.errors import InputError, ToolError

__all__ = ["Account", "account_of", "acting_as"]


class Account(NamedTuple):
    """An account of this host. home: its home directory by the account database; empty for an id without an entry."""

    name: str
    uid: int
    gid: int
    home: str = ""


def account_of(name: Optional[str]) -> Optional[Account]:
    """The account of this name or numeric id, by default the one that runs this; None if the host has none."""
    try:
        if name is None:
            entry = pwd.getpwuid(os.geteuid())
        else:
            entry = pwd.getpwuid(int(name)) if name.isdigit() else pwd.getpwnam(name)
    except KeyError:
        return Account(str(os.geteuid()), os.geteuid(), os.getegid()) if name is None else None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, entry.pw_dir)


def check_home(account: Account, path: str) -> None:
    """Refuse a path in a home directory that is not there. Raises ToolError."""
    inside = account.home and f"{path}/".startswith(account.home.rstrip("/") + "/")
    if inside and not os.path.isdir(account.home):
        raise ToolError(
            "use",
            path,
            f"the home directory of the user {account.name}, {account.home}, does not exist",
            f"Create the home directory (mkhomedir_helper {account.name}), or name a folder elsewhere.",
        )


@contextmanager
def acting_as(account: Account) -> Iterator[None]:
    """Have the effective ids and the groups of the account. Raises InputError where the process may not change them.

    The kernel then refuses whatever the account itself may not do: see credentials(7).
    """
    uid, gid, groups = os.geteuid(), os.getegid(), os.getgroups()
    if account.uid == uid:
        yield
        return
    if uid != 0:
        raise InputError(f"Only root can write files of the user {account.name}. Next: run the task with become: true")
    try:
        # The supplementary groups of root must not go along.
        os.setgroups([account.gid])
        os.setegid(account.gid)
        os.seteuid(account.uid)
        yield
    finally:
        os.seteuid(uid)
        os.setegid(gid)
        os.setgroups(groups)
