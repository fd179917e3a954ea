# SPDX-License-Identifier: Apache-2.0
"""The logins that a rotation retires: subusers and S3 keys with state=retired of users and of IAM users."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Mapping

_User = Mapping[str, Any]


def retired(users: Iterable[_User], accounts: Iterable[_User] = ()) -> dict[str, list[str]]:
    """Names of the retired logins (uid:subuser, tenant$uid:subuser, access key), and the files with their secrets.

    users, accounts: entries as the modules rgw_users and rgw_iam take them. They may hold secrets, which are not in the
    result.
    """
    of_accounts = [user for account in accounts for user in account.get("users") or () if isinstance(user, Mapping)]
    subusers = [*_parts(users, "subusers")]
    # `keys` is an alias of s3_keys.
    keys = [*_parts(users, "s3_keys"), *_parts(users, "keys"), *_parts(of_accounts, "s3_keys")]
    logins = [_subuser(user, part["name"]) for user, part in subusers]
    logins += [str(part["access_key"]) for _user, part in keys]
    files = [part["secret_file"] for _user, part in subusers + keys if "secret_file" in part]
    return {"logins": logins, "files": files}


def _parts(users: Iterable[_User], kind: str) -> Iterator[tuple[_User, _User]]:
    for user in users:
        for part in user.get(kind, []):
            # The module judges entries that are no mappings.
            if isinstance(part, Mapping) and part.get("state") == "retired":
                yield user, part


def _subuser(user: _User, name: str) -> str:
    uid = f"{user['tenant']}${user['uid']}" if user.get("tenant") else user["uid"]
    return f"{uid}:{name.split(':')[-1]}"
