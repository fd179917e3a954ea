# SPDX-License-Identifier: Apache-2.0
"""What volumes are declared to be: from a module's parameters to checked values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Sequence

from ..base.errors import InputError
from ..rgw.buckets.names import problem_with_new_container

__all__ = [
    "ACCESS_MODES",
    "MANY_WRITERS",
    "ONE_WRITER",
    "READ_ONLY",
    "DesiredVolume",
    "parse_volumes",
    "problem_with_host",
]

# The words of Kubernetes for who may mount a volume.
ONE_WRITER, READ_ONLY, MANY_WRITERS = "ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany"
ACCESS_MODES = (ONE_WRITER, READ_ONLY, MANY_WRITERS)
# docker's own rule for the names of volumes.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]+")
# A host's name becomes a part of metadata of swift.
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]*")
_UMASK = re.compile(r"0?[0-7]{3}")
_LARGEST_ID = 2**32 - 2


@dataclass(frozen=True)
class DesiredVolume:
    """One entry of the list, checked.

    where: its place in the list, for errors. options: what the driver is told besides the container. moves_from: the
    host whose right to write this host takes over; empty for none.
    """

    where: str
    name: str
    container: str
    present: bool
    access_mode: str = ONE_WRITER
    options: Mapping[str, str] = field(default_factory=dict)
    moves_from: str = ""

    @property
    def writes(self) -> bool:
        """Whether this host writes into the container."""
        return self.present and self.access_mode != READ_ONLY


def parse_volumes(entries: Sequence[Mapping[str, Any]], host: str) -> List[DesiredVolume]:
    """Check all entries and return them as desired volumes. Raises InputError, whose text names index and volume.

    host: the name of this host among those that use the containers.
    """
    volumes: List[DesiredVolume] = []
    seen: Dict[str, str] = {}
    for index, entry in enumerate(entries):
        where = f"volumes[{index}] (name '{entry['name']}')"
        try:
            volume = _parse(where, entry, host)
        except InputError as error:
            raise InputError(f"{where}: {error}") from error
        if volume.name in seen:
            raise InputError(f"{where}: volume '{volume.name}' is given twice, first at {seen[volume.name]}.")
        seen[volume.name] = where
        volumes.append(volume)
    _check_containers(volumes)
    return volumes


def problem_with_host(host: str) -> str:
    """Why a host cannot have this name; empty if nothing is against it."""
    if _HOST.fullmatch(host):
        return ""
    return (
        f"{host!r} is no name of a host: letters, digits and any of _.:- make a name, and a letter or digit begins it."
    )


def _parse(where: str, entry: Mapping[str, Any], host: str) -> DesiredVolume:
    name = entry["name"]
    container = entry.get("container") or name
    if not _NAME.fullmatch(name):
        raise InputError("docker takes names of two or more letters, digits and any of _.- for volumes.")
    problem = "it must not hold '/'." if "/" in container else problem_with_new_container(container)
    if problem:
        raise InputError(f"container: {problem}")
    moves_from = entry.get("moves_from") or ""
    if moves_from:
        problem = problem_with_host(moves_from)
        if problem or moves_from == host:
            raise InputError(
                f"moves_from: {problem or 'this is the name of this host (host), which cannot move from itself.'}"
            )
    access = entry.get("access_mode") or ONE_WRITER
    if moves_from and access == READ_ONLY:
        raise InputError(f"moves_from: a volume that is {READ_ONLY} takes over no right to write.")
    return DesiredVolume(
        where, name, container, entry.get("state", "present") == "present", access, _options(entry, access), moves_from
    )


def _options(entry: Mapping[str, Any], access: str) -> Dict[str, str]:
    """The options by their names in rclone ("VFS" and "mount" options of `rclone serve docker`)."""
    options: Dict[str, str] = {}
    for name in ("uid", "gid"):
        number = entry.get(name)
        if number is not None:
            if not 0 <= number <= _LARGEST_ID:
                raise InputError(f"{name}: {number} is no id; give a number from 0 to {_LARGEST_ID}.")
            options[name] = str(number)
    umask = entry.get("umask")
    if umask is not None:
        if not _UMASK.fullmatch(umask):
            raise InputError(f"umask: {umask!r} is no umask; give three octal digits as text, such as '027'.")
        options["umask"] = umask
    if access == READ_ONLY:
        options["read-only"] = "true"
    return options


def _check_containers(volumes: Sequence[DesiredVolume]) -> None:
    """Refuse two volumes that write into one container: each has a cache, and sees the other's files late."""
    writers: Dict[str, DesiredVolume] = {}
    for volume in volumes:
        if not volume.writes:
            continue
        first = writers.setdefault(volume.container, volume)
        if first is not volume and ONE_WRITER in (first.access_mode, volume.access_mode):
            raise InputError(
                f"{volume.where}: container '{volume.container}' is also written by {first.where}. "
                f"Next: share one volume between the programs, or give both access_mode: {MANY_WRITERS}."
            )
