# SPDX-License-Identifier: Apache-2.0
"""A registry's secrets, each in a file of its own, made when missing."""

from __future__ import annotations

from typing import Any, Dict, Mapping, NamedTuple

from ...base.errors import InputError
from ...base.secret import Secret, generate_secret
from ...base.secret_files import NamedOnce, read_secret_file, write_secret_files

# By storage driver: the place of its secret, and the variable of the role that names the file.
_OF_STORAGE = {
    "swift": ("storage.swift.password", "swift_secret_file"),
    "s3": ("storage.s3.secretkey", "s3_secret_file"),
}


class Kept(NamedTuple):
    """A secret, its file, and whether that has to be made."""

    secret: Secret
    path: str
    missing: bool


def files_of(role: Mapping[str, Any]) -> Dict[str, str]:
    """The file of each secret by its place in the configuration. role: variables, without `registry_` before them."""
    files = {
        "http.secret": role["http_secret_file"],
        "redis.password": role["redis_password_file"],
        "proxy.password": role["proxy_password_file"],
    }
    if role["storage"] in _OF_STORAGE:
        place, variable = _OF_STORAGE[role["storage"]]
        files[place] = role[variable]
    if role["storage"] == "swift":
        # Also without redirects: with rgw_swift_account_in_url, the driver would store a key of its own on the account.
        files["storage.swift.secretkey"] = role["swift_temp_url_key_file"]
    return {place: path for place, path in {**files, **role["secrets"]}.items() if path}


def unset_secret(role: Mapping[str, Any]) -> str:
    """The name of the variable that has to name the file of the storage's secret, and does not; empty if it does."""
    _place, variable = _OF_STORAGE.get(role["storage"], ("", ""))
    return f"registry_{variable}" if variable and not role[variable] else ""


def look(files: Mapping[str, Any]) -> Dict[str, Kept]:
    """The secret of each place, read from its file, or a random one where there is no file yet. Nothing is written.

    files: by the names of their places, as messages have them. Raises InputError, which names place and
    file, for a file that must not or cannot be used.
    """
    named, kept = NamedOnce(), {}
    for place, path in files.items():
        if not isinstance(path, str) or not path:
            raise InputError(f"{place}: a {type(path).__name__} is no file; give the absolute path of one.")
        named.claim(path, place)
        try:
            found = read_secret_file(path)
        except InputError as error:
            raise InputError(f"{place}: {error}") from error
        kept[place] = Kept(found or generate_secret(), path, found is None)
    return kept


def make_missing(kept: Mapping[str, Kept]) -> None:
    """Write the files that were missing. Raises ToolError."""
    write_secret_files({one.path: one.secret for one in kept.values() if one.missing})
