# SPDX-License-Identifier: Apache-2.0
"""What users are declared to be: from a module's parameters to checked values.

What an entry does not mention is left alone. What it gives as null becomes what a new user has: no limit, no address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..base.errors import InputError, checked
from ..base.secret import Secret, problem_with
from ..base.secret_files import NamedOnce, check_new_file, read_secret_file
from ..base.words import shortened
from .user_record import ACCESS_WORDS, Path, State, is_given_at_creation, new_document, read_state
from .user_values import (
    GROUPS,
    SCALARS,
    access_key,
    cap_perm,
    full_uid,
    problem_with_new_part,
    problem_with_new_uid,
    subuser_name,
)

# The options of which a user has any number, each with a name.
PARTS = ("caps", "s3_keys", "subusers", "temp_url_keys")


class AsNew:
    """A value that is to become what the gateway gives a new user, which is for its operator to say."""


AS_NEW = AsNew()


@dataclass(frozen=True)
class MissingSecretFile:
    """A secret that is to be kept in a file which does not exist yet."""

    path: str


@dataclass(frozen=True)
class DesiredUser:
    """One entry of the list, checked.

    where: its place in the list, for errors. uid: with its tenant ("tenant$uid"). wanted: only what the entry mentions;
    a secret is a Secret or a MissingSecretFile, None is what has to go, AS_NEW what a new user has. required: the parts
    that have to be there when all is done, as (option, name). spared: the parts that purging leaves, likewise: those
    required and those retired. purged: the options of which all other parts have to go. purge_data: whether the user's
    buckets go with it. move_buckets: whether buckets of the user go with the user into an account. allow_weak: whether
    a short secret found at the gateway may be kept. not_made: why a user or part that the gateway has may be changed,
    and is not made where there is none: ("uid", uid) or (option, name) -> the reason.
    """

    where: str
    uid: str
    present: bool
    wanted: State
    required: tuple[tuple[str, str], ...]
    spared: tuple[tuple[str, str], ...]
    purged: tuple[str, ...]
    purge_data: bool
    move_buckets: bool
    allow_weak: bool
    not_made: Mapping[tuple[str, str], str]


def parse_users(entries: Sequence[Mapping[str, Any]], allow_weak: bool, retire: bool = False) -> list[DesiredUser]:
    """Check all entries and return them as desired users. Raises InputError, whose text names index and uid.

    retire: whether parts with the state "retired" have to go; otherwise they may stay, and need not.
    """
    users: list[DesiredUser] = []
    given = GivenOnce()
    for index, entry in enumerate(entries):
        where = f"users[{index}] (uid '{shortened(entry['uid'])}')"
        try:
            user = parse_user(where, entry, allow_weak, retire)
            given.claim(where, entry, user)
        except InputError as error:
            raise InputError(f"{where}: {error}") from error
        users.append(user)
    return users


class GivenOnce:
    """What no two entries of a run may have: uids, addresses, access keys and secret files."""

    def __init__(self) -> None:
        self._owners: dict[tuple[str, str], str] = {}
        self._files = NamedOnce()

    def claim(self, where: str, entry: Mapping[str, Any], user: DesiredUser) -> None:
        """Take what an entry has for itself. where: the place of the entry. Raises InputError if another has it."""
        for name, value in _unshared(entry, user):
            if (name, value) in self._owners:
                raise InputError(f"{name} '{value}' is given twice, first at {self._owners[name, value]}.")
            self._owners[name, value] = where
        for place, path in _secret_files(entry, user):
            self._files.claim(path, f"{place} of '{user.uid}'")


def check_entry(entry: Mapping[str, Any]) -> DesiredUser:
    """Check an entry by itself, as one of any number of its options. Raises InputError, whose text names no entry."""
    return parse_user("", entry, allow_weak=True, retire=False)


def parse_user(where: str, entry: Mapping[str, Any], allow_weak: bool, retire: bool) -> DesiredUser:
    """Check one entry, by itself. where: for errors about plans. Raises InputError, whose text names no entry."""
    uid = full_uid(entry["uid"], entry.get("tenant"))
    present = _present(entry)
    wanted: State = _scalars(entry, uid) if present else {}
    listed = {part: _items(entry, part) for part in PARTS if present}
    for part, items in listed.items():
        _check_successor(part, items)
        for item in items:
            if retire or not _retired(item):
                wanted.update(_part(part, item, uid, allow_weak))
    purged = tuple(part for part in listed if entry.get("purge") and part in entry)
    named = [(part, _name(part, item, uid), item) for part, items in listed.items() for item in items]
    required = tuple((part, name) for part, name, item in named if _present(item))
    spared = required + tuple((part, name) for part, name, item in named if _retired(item))
    purge_data = bool(entry.get("purge_data"))
    move_buckets = bool(entry.get("move_buckets"))
    not_made = _not_made(uid, required) if present else {}
    return DesiredUser(
        where, uid, present, wanted, required, spared, purged, purge_data, move_buckets, allow_weak, not_made
    )


def _not_made(uid: str, required: tuple[tuple[str, str], ...]) -> dict[tuple[str, str], str]:
    if ":" in uid:
        # Whatever the gateway has of it: of a record that is written whole, RGW takes what follows ":" for a subuser.
        raise InputError(f"{problem_with_new_uid(uid)} One with ':' can only be removed.")
    problems = {("uid", uid): problem_with_new_uid(uid)}
    problems.update({(part, name): problem_with_new_part(part, name) for part, name in required})
    return {name: problem for name, problem in problems.items() if problem}


def _check_successor(part: str, items: Sequence[Mapping[str, Any]]) -> None:
    """What is retired has to leave another one of its kind, or its user's clients would have nothing to turn to."""
    retired = [item for item in items if _retired(item)]
    if retired and not any(_present(item) for item in items):
        given = retired[0].get("access_key") or retired[0].get("name") or retired[0].get("index")
        raise InputError(f"{part} ('{given}'): retired without a successor; list the one that takes over as present.")


def _scalars(entry: Mapping[str, Any], uid: str) -> State:
    wanted: State = {}
    for name, check in SCALARS.items():
        if name in entry:
            wanted[name,] = _as_new(uid, (name,)) if entry[name] is None else checked(name, check, entry[name])
    for group, checks in GROUPS.items():
        if group not in entry:
            continue
        given = dict.fromkeys(checks) if entry[group] is None else dict(entry[group])
        if any(value is not None for value in given.values()):
            given.setdefault("enabled", True)  # a limit that is written down is meant to hold
        for name, value in given.items():
            path = (group, name)
            place = f"{group}.{name}"
            wanted[path] = _as_new(uid, path) if value is None else checked(place, checks[name], value)
    return wanted


def _as_new(uid: str, path: Path) -> Any:
    return AS_NEW if is_given_at_creation(path) else read_state(new_document(uid))[path]


def _items(entry: Mapping[str, Any], part: str) -> list[Mapping[str, Any]]:
    """The items of a part; caps, which are a mapping, in the form of the others."""
    if part != "caps":
        return entry.get(part) or []
    caps: Mapping[str, Any] = entry.get("caps") or {}
    return [{"cap": cap, "perm": perm, "state": "absent" if perm is None else "present"} for cap, perm in caps.items()]


def _name(part: str, item: Mapping[str, Any], uid: str) -> str:
    if part == "caps":
        return str(item["cap"])
    if part == "s3_keys":
        return access_key(item["access_key"])
    if part == "subusers":
        return subuser_name(item["name"], uid)
    if item["index"] not in (0, 1):
        raise InputError("index is 0 or 1: an account has two temp-URL keys.")
    return str(item["index"])


def _part(part: str, item: Mapping[str, Any], uid: str, allow_weak: bool) -> State:
    where = part if part == "caps" else f"{part} ('{_given_name(item)}')"
    try:
        name = _name(part, item, uid)
        if part == "caps":
            return {(part, name): cap_perm(name, item["perm"]) if _present(item) else None}
        if not _present(item):
            gone: State = {(part, name, "secret"): None}
            return {(part, name, "access"): None, **gone} if part == "subusers" else gone
        wanted: State = {}
        access = item.get("access")
        if access is not None and access not in ACCESS_WORDS:
            raise InputError(f"access is one of {', '.join(ACCESS_WORDS)}, not '{access}'.")
        if access is not None:
            wanted[part, name, "access"] = access
        secret = _secret(item, allow_weak)
        if secret is not None:
            wanted[part, name, "secret"] = secret
        if item.get("active") is not None:
            wanted[part, name, "active"] = bool(item["active"])
        if item.get("subuser") is not None:
            wanted[part, name, "subuser"] = subuser_name(item["subuser"], uid)
        return wanted
    except InputError as error:
        raise InputError(f"{where}: {error}") from error


def _secret(item: Mapping[str, Any], allow_weak: bool) -> Secret | MissingSecretFile | None:
    given, path = item.get("secret"), item.get("secret_file")
    if given is not None and path is not None:
        raise InputError("secret and secret_file exclude each other.")
    if path is not None:
        kept = read_secret_file(path)
        if kept is None:
            check_new_file(path)
            return MissingSecretFile(path)
        secret, source = kept, f"the secret in '{path}'"
    elif given is not None:
        secret, source = Secret(given), "secret"
    else:
        return None
    problem = problem_with(secret, allow_weak)
    if problem:
        raise InputError(f"{source} {problem}.")
    return secret


def _present(item: Mapping[str, Any]) -> bool:
    return bool(item.get("state", "present") == "present")


def _retired(item: Mapping[str, Any]) -> bool:
    return item.get("state") == "retired"


def _unshared(entry: Mapping[str, Any], user: DesiredUser) -> Iterator[tuple[str, str]]:
    """Everything in an entry that must not be given a second time in the list, as (option, value)."""
    yield "uid", user.uid
    if not user.present:
        return
    if entry.get("email"):
        yield "email", entry["email"].lower()
    for key in _items(entry, "s3_keys"):
        # A key may move: gone from one user, there for another.
        yield ("access_key" if _present(key) else f"access_key of '{user.uid}'"), key["access_key"]
    for subuser in _items(entry, "subusers"):
        yield "subuser", f"{user.uid}:{subuser_name(subuser['name'], user.uid)}"
    for key in _items(entry, "temp_url_keys"):
        yield f"temp_url_keys index of '{user.uid}'", str(key["index"])


def _secret_files(entry: Mapping[str, Any], user: DesiredUser) -> Iterator[tuple[str, str]]:
    """The secret files of an entry, as (what the secret is of, path)."""
    for part in PARTS if user.present else ():
        for item in _items(entry, part):
            if _present(item) and item.get("secret_file"):
                yield f"{part} ('{_given_name(item)}')", item["secret_file"]


def _given_name(item: Mapping[str, Any]) -> str:
    return next(str(item[name]) for name in ("cap", "access_key", "name", "index") if name in item)
