# SPDX-License-Identifier: Apache-2.0
"""Who a container's process is, by the user of its image and the image's own /etc/passwd and /etc/group.

The rules are those of docker and podman, which share them: Dockerfile reference, USER; github.com/moby/sys/user,
GetExecUser. An image without a user is root's. A user by number needs no line in /etc/passwd; its group is then the one
of that line, or 0. A group that is given takes the place of all groups of the user.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, Optional, Tuple

from ..base.errors import InputError

__all__ = ["User", "resolve"]

# GetExecUser takes no larger ones.
_LARGEST_ID = 2**31 - 1
_PASSWD_FIELDS, _GROUP_FIELDS = 7, 4


@dataclass(frozen=True)
class User:
    """Ids in the container. name: of the line in /etc/passwd, empty without one. groups: the further ones."""

    uid: int
    gid: int
    name: str = ""
    groups: Tuple[int, ...] = ()


def resolve(user: str, passwd: str, group: str) -> User:
    """The process's user. user: USER of the image, or --user. passwd, group: the image's files, empty without one.

    Raises InputError for a name that is not in the files, and for a number that no user or group has.
    """
    wanted_user, _colon, wanted_group = user.partition(":")
    wanted_user = wanted_user or "0"
    uid, gid, name = _user(wanted_user, passwd)
    if wanted_group:
        return User(uid, _group(wanted_group, group), name)
    members = [(entry[3].split(","), _id(entry[2])) for entry in _lines(group, _GROUP_FIELDS)]
    further = {one for names, one in members if name and name in names and one is not None}
    return User(uid, gid, name, tuple(sorted(further - {gid})))


def _user(wanted: str, passwd: str) -> Tuple[int, int, str]:
    """uid, gid, name. The first line wins."""
    number = _number(wanted)
    for entry in _lines(passwd, _PASSWD_FIELDS):
        uid, gid = _id(entry[2]), _id(entry[3])
        if uid is None or gid is None:
            continue
        if (number is None and entry[0] == wanted) or number == uid:
            return uid, gid, entry[0]
    if number is None:
        raise InputError(f"the image has no user {wanted} in /etc/passwd. Next: name one that it has, or a number")
    return number, 0, ""


def _group(wanted: str, group: str) -> int:
    number = _number(wanted)
    if number is not None:
        return number
    for entry in _lines(group, _GROUP_FIELDS):
        gid = _id(entry[2])
        if entry[0] == wanted and gid is not None:
            return gid
    raise InputError(f"the image has no group {wanted} in /etc/group. Next: name one that it has, or a number")


def _number(text: str) -> Optional[int]:
    """The id that a text is, None for a name. Raises InputError for a number that is no id."""
    if not (text.isascii() and text.lstrip("-").isdigit()):
        return None
    found = _id(text)
    if found is None:
        raise InputError(f"{text} is no id of a user or group. Next: give a number from 0 to {_LARGEST_ID}")
    return found


def _id(text: str) -> Optional[int]:
    """The id in a line of a file; None where the line has none."""
    return int(text) if text.isascii() and text.isdigit() and int(text) <= _LARGEST_ID else None


def _lines(text: str, fields: int) -> Iterator[Tuple[str, ...]]:
    """The fields of each line of passwd(5) or group(5); what is cut short has empty ones."""
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            yield (*stripped.split(":"), *[""] * fields)[:fields]
