# SPDX-License-Identifier: Apache-2.0
"""What is wanted of the folders of some containers: checked before an image or a folder is looked at."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

from ...base.errors import InputError, checked
from ...base.file_access import octal_mode
from ...base.words import listed
from ..relabel import PRIVATE, SHARED, refuse_colon

__all__ = ["Container", "Folder", "Storage", "Use", "names", "storage"]

# A name becomes the name of a folder, and a key of the result.
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")
_LARGEST_ID = 2**31 - 1
_READ, _WRITE, _SETGID = 0o050, 0o020, 0o2000


@dataclass(frozen=True)
class Container:
    """Who writes: the image, and the user that the container is run with, empty for the image's own."""

    name: str
    image: str
    user: str = ""


@dataclass(frozen=True)
class Use:
    """One container's mount of a folder."""

    container: str
    target: str
    read_only: bool = False


@dataclass(frozen=True)
class Folder:
    """group: the common one, None without. mode: None for the default. hand_over: what is in there gets a new owner."""

    name: str
    uses: Tuple[Use, ...]
    group: Optional[int] = None
    mode: Optional[int] = None
    relabel: str = SHARED
    hand_over: bool = False


@dataclass(frozen=True)
class Storage:
    """path: of the folder that has the others. containers: by name."""

    path: str
    containers: Mapping[str, Container]
    folders: Tuple[Folder, ...]


def storage(path: str, containers: Iterable[Mapping[str, Any]], folders: Iterable[Mapping[str, Any]]) -> Storage:
    """The options of the module host_folders. Raises InputError for what cannot be meant."""
    known = [Container(_named("containers", one["name"]), one["image"], one["user"]) for one in containers]
    wanted = [_folder(one, {container.name for container in known}) for one in folders]
    _refuse_twice("containers", (container.name for container in known))
    _refuse_twice("folders", (folder.name for folder in wanted))
    targets = ((use.container, use.target.rstrip("/")) for folder in wanted for use in folder.uses)
    _refuse_twice("used_by", (f"{target} of {container}" for container, target in targets))
    refuse_colon("path", path)
    return Storage(path, {container.name: container for container in known}, tuple(wanted))


def names(folders: Iterable[Mapping[str, Any]]) -> List[str]:
    """The names of folders that are to be removed. Raises InputError for what is no name."""
    return [_named("folders", one["name"]) for one in folders]


def _folder(given: Mapping[str, Any], containers: Iterable[str]) -> Folder:
    name = _named("folders", given["name"])
    option = f"folders, {name}"
    uses = tuple(_use(option, one, containers) for one in given["used_by"])
    if not uses:
        raise InputError(f"{option}: used_by names no container. Next: name the containers that use the folder")
    mode = None if given["mode"] is None else checked(option, octal_mode, given["mode"])
    folder = Folder(name, uses, given["group"], mode, given["relabel"], given["hand_over"])
    _refuse_private(option, folder)
    _refuse_closed(option, folder)
    return folder


def _use(option: str, given: Mapping[str, Any], containers: Iterable[str]) -> Use:
    use = Use(given["container"], given["target"], given["read_only"])
    if use.container not in containers:
        raise InputError(f"{option}: containers has no {use.container}. Next: name a container of that list")
    if not use.target.startswith("/") or use.target.rstrip("/") == "":
        raise InputError(
            f"{option}: target {use.target} is no absolute path of a folder. Next: write one, such as /data"
        )
    refuse_colon(f"{option}: target", use.target)
    return use


def _refuse_private(option: str, folder: Folder) -> None:
    users = sorted({use.container for use in folder.uses})
    if folder.relabel == PRIVATE and len(users) > 1:
        raise InputError(
            f"{option}: relabel=private (:Z) gives the files the label of one container, and {listed(users)} use the "
            "folder: the one that starts last would lock the others out. Next: set relabel=shared (:z)"
        )


def _refuse_closed(option: str, folder: Folder) -> None:
    """Refuse a mode that keeps the members of the common group out."""
    if folder.group is None:
        return
    if not 0 < folder.group <= _LARGEST_ID:
        raise InputError(
            f"{option}: group {folder.group} is no common group. Next: give a number from 1 to {_LARGEST_ID}"
        )
    if folder.mode is None:
        return
    needed = _SETGID | _READ | (0 if all(use.read_only for use in folder.uses) else _WRITE)
    if folder.mode & needed != needed:
        raise InputError(
            f"{option}: mode {folder.mode:04o} keeps the common group {folder.group} out, or does not pass the group "
            f"on to new files. Next: leave mode out, or add {needed:04o}"
        )


def _named(option: str, name: str) -> str:
    if not _NAME.match(name):
        raise InputError(f"{option}: {name!r} is no name. Next: use letters, digits and any of _.-")
    return name


def _refuse_twice(option: str, names: Iterable[str]) -> None:
    counts: Dict[str, int] = Counter(names)
    twice: List[str] = [name for name, count in counts.items() if count > 1]
    if twice:
        raise InputError(f"{option}: {listed(twice)} is there twice. Next: remove one of the entries")
