# SPDX-License-Identifier: Apache-2.0
"""Owner, group and mode of the folders, and what their containers are to be run with."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional

from ...base.errors import InputError
from ..image_user import User
from ..relabel import volume_entry
from .spec import Folder, Storage

__all__ = ["Access", "Wiring", "access", "wiring"]

_OWN_MODE, _COMMON_MODE = 0o700, 0o2770


@dataclass(frozen=True)
class Access:
    """Ids and mode of a folder on the host."""

    uid: int
    gid: int
    mode: int


@dataclass
class Wiring:
    """What a container is run with. volumes: as `--volume` takes them. groups: for `--group-add`."""

    user: User
    volumes: List[str] = field(default_factory=list)
    groups: List[int] = field(default_factory=list)

    def as_dict(self) -> Dict[str, Any]:
        """For a module's result."""
        return {"uid": self.user.uid, "gid": self.user.gid, "volumes": self.volumes, "groups": self.groups}


def access(folder: Folder, users: Mapping[str, User]) -> Access:
    """Whose the folder is to be. users: of the containers, by name.

    A folder of one user is that user's. With a common group, a folder of several is root's and the group's.
    Raises InputError for several users without a common group.
    """
    writers = {users[use.container].uid: use.container for use in folder.uses if not use.read_only}
    everybody = {users[use.container].uid: use.container for use in folder.uses}
    owners = writers if folder.group is not None and writers else everybody
    if folder.group is None and len(owners) > 1:
        listed = ", ".join(f"{name} as user {uid}" for uid, name in sorted(owners.items()))
        raise InputError(
            f"folders, {folder.name}: several users share the folder ({listed}), and none of them can own it for all. "
            "Next: set group to a number that no group of the host has; each container gets that group"
        )
    uid = next(iter(owners)) if len(owners) == 1 else 0
    gid = users[owners[uid]].gid if folder.group is None else folder.group
    default = _OWN_MODE if folder.group is None else _COMMON_MODE
    return Access(uid, gid, default if folder.mode is None else folder.mode)


def wiring(storage: Storage, users: Mapping[str, Optional[User]]) -> Dict[str, Wiring]:
    """What each container whose user is known is run with, by its name."""
    wired = {name: Wiring(user) for name, user in users.items() if user}
    for folder in storage.folders:
        for use in folder.uses:
            if use.container in wired:
                _wire(wired[use.container], storage.path, folder, use.target, use.read_only)
    return wired


def _wire(wired: Wiring, path: str, folder: Folder, target: str, read_only: bool) -> None:
    wired.volumes.append(volume_entry(posixpath.join(path, folder.name), target, read_only, folder.relabel))
    if folder.group is not None and folder.group not in {wired.user.gid, *wired.user.groups, *wired.groups}:
        wired.groups.append(folder.group)
