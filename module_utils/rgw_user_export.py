# SPDX-License-Identifier: Apache-2.0
"""A gateway's users as entries of an inventory, so that a living gateway can be taken over."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from .rgw_admin import AdminClient
from .rgw_errors import InputError
from .rgw_parallel import work_through
from .rgw_record import ACCESS_WORDS, Document, State, new_document, read_state
from .rgw_secrets import Secret, problem_with
from .rgw_user_report import describe
from .rgw_user_spec import PARTS, parse_users
from .rgw_user_values import CAPS, GROUPS, PERMS, SCALARS
from .secret_files import read_secret_file, write_secret_file

# Option of an entry -> its items' name for themselves, and how their secret files begin.
_SECRETS = {
    "keys": ("access_key", "s3"),
    "subusers": ("name", "swift"),
    "temp_url_keys": ("index", "temp_url"),
}


@dataclass
class Export:
    """entries: in the words of the module rgw_users. secrets: what belongs into which file. notes: what is left out."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    secrets: dict[str, Secret] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_users(clients: list[AdminClient], uids: Iterable[str]) -> list[tuple[str, Document]]:
    """Return the records of users, in order; who is not there is left out. Raises RgwError."""
    asked = list(uids)
    reading = work_through(clients, asked, AdminClient.read_user)
    error = reading.first_error()
    if error:
        raise error
    found = ((uid, reading.results[index]) for index, uid in enumerate(asked))
    return [(uid, document) for uid, document in found if document is not None]


def export_users(records: Iterable[tuple[str, Document]], directory: str | None) -> Export:
    """Describe users as entries. directory: where their secrets are, or are to be; None for entries without secrets."""
    export = Export()
    for uid, document in records:
        one = Export()
        try:
            entry = _entry(uid, read_state(document), one.notes.append)
            if directory is not None:
                _refer_to_secrets(entry, uid, read_state(document), directory, one)
            parse_users([entry], allow_weak=True)
        except InputError as error:
            export.notes.append(f"user '{uid}' is left out: {error}")
            continue
        export.entries.append(entry)
        export.secrets.update(one.secrets)
        export.notes += [f"user '{uid}': {note}" for note in one.notes]
    return export


def missing_files(secrets: dict[str, Secret]) -> dict[str, Secret]:
    """Of the files those that do not exist. Raises InputError if one holds another secret than it should."""
    missing = {}
    for path, secret in secrets.items():
        kept = read_secret_file(path)
        if kept is None:
            missing[path] = secret
        elif kept != secret:
            raise InputError(f"secret file '{path}' holds another secret than the gateway does. Move it away first.")
    return missing


def write_files(secrets: dict[str, Secret]) -> None:
    """Write secret files of mode 0600. Raises RgwError."""
    for path, secret in secrets.items():
        write_secret_file(path, secret)


def _entry(uid: str, state: State, note: Callable[[str], None]) -> dict[str, Any]:
    """The user less what a new user has anyway."""
    tenant, _sign, name = uid.rpartition("$")
    described, new = describe(state), describe(read_state(new_document(uid)))
    entry: dict[str, Any] = {"uid": name, **({"tenant": tenant} if tenant else {})}
    options = (*SCALARS, *GROUPS, *PARTS)
    entry.update({option: described[option] for option in options if described[option] != new[option]})
    for cap, perm in list(entry.get("caps", {}).items()):
        if cap not in CAPS or perm not in PERMS:
            del entry["caps"][cap]
            note(f"cap '{cap}' with '{perm}' is left out")
    for subuser in list(entry.get("subusers", [])):
        if subuser["access"] is None:
            entry["subusers"].remove(subuser)
            note(f"the swift key of '{subuser['name']}', which is no subuser, is left out")
        elif subuser["access"] not in ACCESS_WORDS:
            note(f"access '{subuser.pop('access')}' of subuser '{subuser['name']}' is left out")
    return entry


def _refer_to_secrets(entry: dict[str, Any], uid: str, state: State, directory: str, export: Export) -> None:
    """Give each item that has a secret its secret_file, "directory/uid/kind.name"."""
    for part, (name_option, kind) in _SECRETS.items():
        for item in entry.get(part, []):
            name = str(item[name_option])
            secret = state.get((part, name, "secret"))
            if secret is None:
                continue
            problem = problem_with(secret, allow_weak=True)
            if problem:
                export.notes.append(f"the secret of {part} '{name}' {problem}; it is left out")
                continue
            # Quoted, as names may hold "/", and "$" stands for a variable in the path of a module.
            path = os.path.join(directory, quote(uid, safe="@+=,"), f"{kind}.{quote(name, safe='@+=,')}")
            item["secret_file"] = path
            export.secrets[path] = secret
