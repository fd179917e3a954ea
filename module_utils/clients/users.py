# SPDX-License-Identifier: Apache-2.0
"""Settings that follow the users of the inventory: a new key is written, and settings go with their user."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence

from ..base.errors import InputError, checked

__all__ = ["with_logins"]

_Entry = Mapping[str, Any]


def with_logins(
    entries: Sequence[_Entry], users: Sequence[_Entry], endpoint: str, ca_file: str, state: str = "present"
) -> List[Dict[str, Any]]:
    """Entries of the module client_settings, from entries that name a user of the inventory.

    users: entries of the module rgw_users. An entry with `uid` (and `tenant`) gets the first subuser with access and
    the first S3 key that are present, or the ones that `subuser` and `access_key` name. What an entry says itself wins.
    An entry of a user with state absent is absent, and with the state absent every entry. Raises InputError.
    """
    if state == "absent":
        return [{**_own(entry), "state": state} for entry in entries]
    by_id = {(user.get("tenant") or "", user["uid"]): user for user in users}
    return [
        checked(f"client_settings_list[{number}]", lambda one: _with_login(one, by_id, endpoint, ca_file), entry)
        for number, entry in enumerate(entries)
    ]


def _own(entry: _Entry) -> Dict[str, Any]:
    """The options of the module that the entry has."""
    return {name: value for name, value in entry.items() if name not in ("uid", "tenant", "subuser", "access_key")}


def _with_login(entry: _Entry, users: Mapping[Any, _Entry], endpoint: str, ca_file: str) -> Dict[str, Any]:
    own = _own(entry)
    given: Dict[str, Any] = {"endpoint": endpoint} if endpoint else {}
    given.update({"ca_file": ca_file} if ca_file else {})
    uid, tenant = entry.get("uid"), entry.get("tenant") or ""
    if uid is None:
        return {**given, **own}
    user = users.get((tenant, uid))
    if user is None:
        raise InputError(f"uid: rgw_users_list has no user {_user_id(tenant, uid)}.")
    if user.get("state", "present") == "absent":
        return {**own, "state": "absent"}
    subuser = _first(user.get("subusers"), "name", entry.get("subuser"))
    if subuser:
        login = f"{_user_id(tenant, uid)}:{subuser['name'].rpartition(':')[2]}"
        given["swift"] = {"user": login, **_secret(subuser, "key")}
    key = _first(user.get("s3_keys") or user.get("keys"), "access_key", entry.get("access_key"))
    if key:
        given["s3"] = {"access_key": key["access_key"], **_secret(key, "secret_key")}
    return {**given, **own}


def _user_id(tenant: str, uid: str) -> str:
    return f"{tenant}${uid}" if tenant else uid


def _first(parts: Optional[Sequence[_Entry]], option: str, name: Optional[str]) -> Optional[_Entry]:
    """The first part that can be used, or the one of this name."""
    usable = [
        part
        for part in parts or ()
        if part.get("state", "present") == "present"
        and part.get("access") != "none"
        and (part.get("secret") or part.get("secret_file"))
    ]
    if name is not None:
        usable = [part for part in usable if part[option] == name]
        if not usable:
            raise InputError(f"the user has no {option} {name} that is present and has a secret.")
    return usable[0] if usable else None


def _secret(part: _Entry, name: str) -> Dict[str, Any]:
    """The secret of a part by the option of the module: in its file, or as it stands."""
    if part.get("secret_file"):
        return {f"{name}_file": part["secret_file"]}
    return {name: part["secret"]}
