# SPDX-License-Identifier: Apache-2.0
"""What a user is declared to be: from a module's parameters to checked values.

The gateway checks little of a record that is written whole, so names, addresses and words are checked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .rgw_errors import InputError
from .rgw_record import ACCESS_WORDS, State, canonical_perm
from .rgw_secrets import Secret, problem_with, read_secret_file

# "$" parts the tenant from the uid and ":" the uid from the subuser, so neither can be part of a name.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+=,-]*")
_TENANT = re.compile(r"[A-Za-z0-9_]+")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_ACCESS_KEY = re.compile(r"[!-~]+")

# Every cap of Ceph 14 to 20 (radosgw-admin caps add, tried on each), in the order in which they came.
CAPS = [
    "buckets",
    "users",
    "usage",
    "metadata",
    "zone",
    "roles",
    "user-policy",
    "bilog",
    "datalog",
    "mdlog",
    "amz-cache",
    "oidc-provider",
    "ratelimit",
    "info",
    "accounts",
    "user-info-without-keys",
]
_PERMS = ("read", "write", "*")


@dataclass(frozen=True)
class MissingSecretFile:
    """A secret that is to be kept in a file which does not exist yet."""

    path: str


@dataclass(frozen=True)
class DesiredUser:
    """One entry of the list, checked.

    where: its place in the list, for errors. uid: with its tenant ("tenant$uid"). wanted: only what the entry mentions;
    a secret is a Secret or a MissingSecretFile. allow_weak: whether a short secret found at the gateway may be kept.
    """

    where: str
    uid: str
    present: bool
    wanted: State
    allow_weak: bool


def parse_users(entries: Sequence[Mapping[str, Any]], allow_weak: bool) -> list[DesiredUser]:
    """Check all entries and return them as desired users. Raises InputError, whose text names index and uid."""
    users: list[DesiredUser] = []
    owners: dict[tuple[str, str], str] = {}
    for index, entry in enumerate(entries):
        where = f"users[{index}] (uid '{entry['uid']}')"
        try:
            user = _parse_user(where, entry, allow_weak)
            for name, value in _unshared(entry, user):
                if (name, value) in owners:
                    raise InputError(f"{name} '{value}' is given twice, first at {owners[name, value]}.")
                owners[name, value] = where
        except InputError as error:
            raise InputError(f"{where}: {error}") from error
        users.append(user)
    return users


def _parse_user(where: str, entry: Mapping[str, Any], allow_weak: bool) -> DesiredUser:
    uid = _full_uid(entry["uid"], entry.get("tenant"))
    present = entry.get("state", "present") == "present"
    wanted: State = {}
    if present:
        wanted.update(_scalars(entry))
        wanted.update({("caps", cap): _perm(cap, perm) for cap, perm in (entry.get("caps") or {}).items()})
        for key in entry.get("keys") or []:
            wanted.update(_key(key, allow_weak))
        for subuser in entry.get("subusers") or []:
            wanted.update(_subuser(subuser, uid, allow_weak))
    return DesiredUser(where, uid, present, wanted, allow_weak)


def _full_uid(uid: str, tenant: str | None) -> str:
    if "$" in uid:
        raise InputError("'$' has no place in a uid; give the part before it as 'tenant'.")
    if not _NAME.fullmatch(uid):
        raise InputError("a uid is made of letters, digits and . _ @ + = , - and begins with a letter or digit.")
    if uid == "anonymous":
        raise InputError("RGW keeps this uid for requests without credentials.")
    if not tenant:
        return uid
    if not _TENANT.fullmatch(tenant):
        raise InputError("a tenant is made of letters, digits and underscores.")
    return f"{tenant}${uid}"


def _scalars(entry: Mapping[str, Any]) -> State:
    wanted: State = {
        (name,): entry[name]
        for name in ("display_name", "email", "suspended", "max_buckets")
        if entry.get(name) is not None
    }
    if wanted.get(("display_name",)) == "":
        raise InputError("display_name must not be empty.")
    email = wanted.get(("email",))
    if email:
        if not _EMAIL.fullmatch(email):
            raise InputError("email is no e-mail address; an empty one removes it.")
        wanted["email",] = email.lower()  # the gateway looks addresses up in lower case
    return wanted


def _perm(cap: str, perm: Any) -> str:
    if cap not in CAPS:
        raise InputError(f"caps: no Ceph from 14 to 20 knows '{cap}'; the caps are {', '.join(CAPS)}.")
    canonical = canonical_perm(str(perm))
    if canonical not in _PERMS:
        raise InputError(f"caps: '{cap}' may be read, write or '*', not '{perm}'.")
    return canonical


def _key(key: Mapping[str, Any], allow_weak: bool) -> State:
    access_key = key["access_key"]
    if not _ACCESS_KEY.fullmatch(access_key):
        raise InputError("keys: an access_key is printable ASCII without blanks.")
    secret = _secret(key, f"keys ('{access_key}')", allow_weak)
    if secret is None:
        raise InputError(f"keys ('{access_key}'): give secret or secret_file.")
    return {("keys", access_key, "secret"): secret}


def _subuser(subuser: Mapping[str, Any], uid: str, allow_weak: bool) -> State:
    prefix, colon, name = subuser["name"].rpartition(":")
    where = f"subusers ('{subuser['name']}')"
    if colon and prefix != uid:
        raise InputError(f"{where}: belongs to another uid; write the part after ':' alone, or '{uid}:' before it.")
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{where}: a name is made of letters, digits and . _ @ + = , - and begins with one of the first."
        )
    wanted: State = {}
    access = subuser.get("access")
    if access is not None and access not in ACCESS_WORDS:
        raise InputError(f"{where}: access is one of {', '.join(ACCESS_WORDS)}, not '{access}'.")
    if access is not None:
        wanted["subusers", name, "access"] = access
    secret = _secret(subuser, where, allow_weak)
    if secret is not None:
        wanted["subusers", name, "secret"] = secret
    if not wanted:
        raise InputError(f"{where}: says nothing; give access, secret or secret_file.")
    return wanted


def _secret(entry: Mapping[str, Any], where: str, allow_weak: bool) -> Secret | MissingSecretFile | None:
    given, path = entry.get("secret"), entry.get("secret_file")
    if given is not None and path is not None:
        raise InputError(f"{where}: secret and secret_file exclude each other.")
    if path is not None:
        kept = read_secret_file(path)
        if kept is None:
            return MissingSecretFile(path)
        secret, source = kept, f"the secret in '{path}'"
    elif given is not None:
        secret, source = Secret(given), "secret"
    else:
        return None
    problem = problem_with(secret, allow_weak)
    if problem:
        raise InputError(f"{where}: {source} {problem}.")
    return secret


def _unshared(entry: Mapping[str, Any], user: DesiredUser) -> Iterator[tuple[str, str]]:
    """Everything in an entry that must not be given a second time in the list, as (option, value)."""
    yield "uid", user.uid
    if not user.present:
        return
    keys, subusers = entry.get("keys") or [], entry.get("subusers") or []
    if entry.get("email"):
        yield "email", entry["email"].lower()
    for key in keys:
        yield "access_key", key["access_key"]
    for subuser in subusers:
        yield "subuser", f"{user.uid}:{subuser['name'].rpartition(':')[2]}"
    for part in (*keys, *subusers):
        if part.get("secret_file"):
            yield "secret_file", part["secret_file"]
