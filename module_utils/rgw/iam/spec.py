# SPDX-License-Identifier: Apache-2.0
"""What is declared to be in accounts: from a module's parameters to checked values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from ...base.errors import InputError, checked
from ...base.words import shortened
from ...s3.documents.policy import IDENTITY, TRUST, policy_of
from ..user_options import KEY
from ..user_record import State
from ..user_spec import DesiredUser
from ..user_values import NAME_IN_ACCOUNT, full_uid
from .keys import KeyRules, parse_keys
from .kinds import AWS_POLICY, KINDS

# IAM API Reference, CreateUser, CreateRole, CreateOpenIDConnectProvider.
_PATH = re.compile(r"/([!-.0-~]+/)*")
_POLICY_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]{1,128}")
_THUMBPRINT = re.compile(r"[0-9A-Fa-f]{40}")
_SHORTEST_SESSION_S, _LONGEST_SESSION_S = 3600, 43200

_NAMED: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "path": {"type": "str"},
    "purge": {"type": "bool", "default": False},
    "policies": {"type": "dict"},
    "managed_policies": {"type": "list", "elements": "str"},
}
# IAM users have no subusers.
_USER_KEY = {name: option for name, option in KEY.items() if name != "subuser"}
_OPTIONS: dict[str, dict[str, Any]] = {
    "users": {**_NAMED, "s3_keys": {"type": "list", "elements": "dict", "no_log": False, "options": _USER_KEY}},
    "groups": {**_NAMED, "members": {"type": "list", "elements": "str"}},
    "roles": {
        **_NAMED,
        "trust": {"type": "raw"},
        "description": {"type": "str"},
        "max_session_duration": {"type": "int"},
    },
    "oidc_providers": {
        "url": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "client_ids": {"type": "list", "elements": "str"},
        "thumbprints": {"type": "list", "elements": "str"},
    },
}
IAM_OPTIONS: dict[str, dict[str, Any]] = {
    "root": {"type": "str", "required": True},
    "tenant": {"type": "str"},
    **{kind: {"type": "list", "elements": "dict", "options": _OPTIONS[kind]} for kind in KINDS},
}


@dataclass(frozen=True)
class DesiredThing:
    """One thing in an account. kind: of KINDS. wanted: what its entry mentions; None is what goes.

    purged: the parts of which all that the entry does not list goes. keys: what a user's entry says of S3 keys.
    """

    where: str
    kind: str
    name: str
    present: bool
    wanted: State
    purged: tuple[str, ...]
    keys: DesiredUser | None = None


@dataclass(frozen=True)
class DesiredAccount:
    """One entry of the list, checked. root: the uid of a root user, with its tenant."""

    where: str
    root: str
    things: tuple[DesiredThing, ...]


def parse_iam(entries: Sequence[Mapping[str, Any]], rules: KeyRules | None = None) -> list[DesiredAccount]:
    """Check all entries. rules: on keys, by default no weak ones. Raises InputError, whose text names the place."""
    rules = rules or KeyRules()
    accounts: list[DesiredAccount] = []
    for index, entry in enumerate(entries):
        where = f"accounts[{index}] (root '{shortened(entry['root'])}')"
        root = checked(where, lambda uid, entry=entry: full_uid(uid, entry.get("tenant")), entry["root"])  # type: ignore[misc]
        if root in [account.root for account in accounts]:
            raise InputError(f"{where}: root '{root}' is given twice.")
        things: list[DesiredThing] = []
        for kind in KINDS:
            for number, one in enumerate(entry.get(kind) or ()):
                name = one["url" if kind == "oidc_providers" else "name"]
                place = f"{where}: {kind}[{number}] ('{shortened(name)}')"
                if (kind, name) in [(thing.kind, thing.name) for thing in things]:
                    raise InputError(f"{place} is given twice.")
                try:
                    thing = _thing(place, kind, name, one)
                    if kind == "users" and thing.present:
                        thing = replace(thing, keys=parse_keys(place, root, name, one, rules))
                    things.append(thing)
                except InputError as error:
                    raise InputError(f"{place}: {error}") from error
        accounts.append(DesiredAccount(where, root, tuple(things)))
    return accounts


def _thing(where: str, kind: str, name: str, entry: Mapping[str, Any]) -> DesiredThing:
    present = entry.get("state", "present") == "present"
    if kind == "oidc_providers":
        return DesiredThing(where, kind, _url(name), present, _provider(entry) if present else {}, ())
    if not NAME_IN_ACCOUNT.fullmatch(name):
        raise InputError("a name is made of 1 to 64 letters, digits and _ + = , . @ -")
    wanted = _named(entry) if present else {}
    parts = ("policies", "managed_policies", "members")
    purged = tuple(part for part in parts if entry.get("purge") and part in entry)
    return DesiredThing(where, kind, name, present, wanted, purged)


def _named(entry: Mapping[str, Any]) -> State:
    wanted: State = {}
    if "path" in entry:
        wanted["path",] = "/" if entry["path"] is None else checked("path", _path, entry["path"])
    for name, document in (entry.get("policies") or {}).items():
        if not _POLICY_NAME.fullmatch(str(name)):
            raise InputError(f"policies: '{shortened(str(name))}': a name is made of letters, digits and _ + = , . @ -")
        place = f"policies.{name}"
        wanted["policies", str(name)] = None if document is None else policy_of(document, place, IDENTITY)
    for policy in entry.get("managed_policies") or ():
        wanted["managed_policies", policy if policy.startswith("arn:") else AWS_POLICY + policy] = True
    for member in entry.get("members") or ():
        wanted["members", member] = True
    if entry.get("trust") is not None:
        wanted["trust",] = policy_of(entry["trust"], "trust", TRUST)
    if "description" in entry:
        wanted["description",] = entry["description"] or ""
    if "max_session_duration" in entry:
        seconds = entry["max_session_duration"]
        wanted["max_session_duration",] = (
            _SHORTEST_SESSION_S if seconds is None else checked("max_session_duration", _session, seconds)
        )
    return wanted


def _provider(entry: Mapping[str, Any]) -> State:
    wanted: State = {}
    if "client_ids" in entry:
        wanted["client_ids",] = sorted(set(entry["client_ids"] or ()))
    if "thumbprints" in entry:
        for thumbprint in entry["thumbprints"] or ():
            if not _THUMBPRINT.fullmatch(thumbprint):
                raise InputError(f"thumbprints: '{shortened(thumbprint)}' is not 40 hexadecimal digits (SHA-1).")
        wanted["thumbprints",] = sorted({thumbprint.upper() for thumbprint in entry["thumbprints"] or ()})
    return wanted


def _url(given: str) -> str:
    parts = urlsplit(given)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment or "@" in given:
        raise InputError("url is that of the issuer, https://host[:port][/path], as the iss of its tokens has it.")
    return given.rstrip("/")


def _path(given: str) -> str:
    if not _PATH.fullmatch(given) or len(given) > 512:
        raise InputError("begins and ends with '/'.")
    return given


def _session(given: int) -> int:
    if not _SHORTEST_SESSION_S <= given <= _LONGEST_SESSION_S:
        raise InputError(f"must be {_SHORTEST_SESSION_S} to {_LONGEST_SESSION_S} seconds.")
    return given
