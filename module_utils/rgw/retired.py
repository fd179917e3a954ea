# SPDX-License-Identifier: Apache-2.0
"""The logins that a rotation retires: subusers, S3 and temp-URL keys with state=retired, of users and of IAM users."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Mapping

_User = Mapping[str, Any]


def retired(users: Iterable[_User], accounts: Iterable[_User] = ()) -> dict[str, list[str]]:
    """Names of the retired logins, and the files with their secrets.

    A subuser is named uid:subuser or tenant$uid:subuser, an S3 key by its access key, a temp-URL key by user and index.
    users, accounts: entries as the modules rgw_users and rgw_iam take them. They may hold secrets, which are not in the
    result.
    """
    of_accounts = [user for account in accounts for user in account.get("users") or () if isinstance(user, Mapping)]
    subusers = [*_parts(users, "subusers")]
    # `keys` is an alias of s3_keys.
    keys = [*_parts(users, "s3_keys"), *_parts(users, "keys"), *_parts(of_accounts, "s3_keys")]
    temp_url_keys = [*_parts(users, "temp_url_keys")]
    logins = [_subuser(user, part["name"]) for user, part in subusers]
    logins += [str(part["access_key"]) for _user, part in keys]
    logins += [f"temp-URL key {part['index']} of {_uid(user)}" for user, part in temp_url_keys]
    files = [part["secret_file"] for _user, part in subusers + keys + temp_url_keys if "secret_file" in part]
    return {"logins": logins, "files": files}


def _parts(users: Iterable[_User], kind: str) -> Iterator[tuple[_User, _User]]:
    for user in users:
        for part in user.get(kind, []):
            # The module judges entries that are no mappings.
            if isinstance(part, Mapping) and part.get("state") == "retired":
                yield user, part


def _subuser(user: _User, name: str) -> str:
    return f"{_uid(user)}:{name.split(':')[-1]}"


def _uid(user: _User) -> str:
    return f"{user['tenant']}${user['uid']}" if user.get("tenant") else str(user["uid"])
