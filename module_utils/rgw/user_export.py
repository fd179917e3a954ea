# SPDX-License-Identifier: Apache-2.0
"""A gateway's users as entries of an inventory, so that a living gateway can be taken over."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from ..base.errors import InputError, ToolError
from ..base.parallel import work_through
from ..base.secret import Secret, problem_with
from ..base.secret_files import read_secret_file, write_secret_file
from .admin_api import AdminClient
from .connection_options import connect, workers
from .user_record import Document, State, is_given_at_creation, new_document, read_state, undeclared
from .user_report import describe
from .user_spec import PARTS, check_entry
from .user_values import CAPS, GROUPS, PERMS, SCALARS

# Option of an entry -> its items' name for themselves, and how their secret files begin.
_SECRETS = {
    "s3_keys": ("access_key", "s3"),
    "subusers": ("name", "swift"),
    "temp_url_keys": ("index", "temp_url"),
}
_LONGEST_FILE_NAME = 255


@dataclass
class Export:
    """entries: in the words of the module rgw_users. secrets: what belongs into which file. notes: what is left out."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    secrets: dict[str, Secret] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def export_from(params: Mapping[str, Any]) -> Export:
    """Read the users that a module's parameters name, and describe them as entries. Raises InputError, ToolError."""
    clients = [connect(params) for _client in range(workers(params))]
    uids = params["uids"] if params["uids"] is not None else sorted(clients[0].list_users())
    return export_users(read_users(clients, uids), params["secret_directory"])


def read_users(clients: list[AdminClient], uids: Iterable[str]) -> list[tuple[str, Document | ToolError]]:
    """Return the records of users, in order; who is not there is left out. Raises ToolError.

    In place of a record that the gateway has and that cannot be read stands the error, unless no other can be read.
    """
    asked = list(uids)
    reading = work_through(clients, asked, _read_user)
    error = reading.first_error()
    if error:
        raise error
    results = [reading.results[index] for index in range(len(asked))]
    if results and all(isinstance(result, ToolError) for result in results):
        raise results[0]  # type: ignore[misc]
    return [(uid, result) for uid, result in zip(asked, results) if result is not None]


def _read_user(client: AdminClient, uid: str) -> Document | ToolError | None:
    try:
        return client.read_user(uid)
    except ToolError as error:
        if error.status != 200:
            raise
        return error


def export_users(records: Iterable[tuple[str, Document | ToolError]], directory: str | None) -> Export:
    """Describe users as entries. directory: where their secrets are, or are to be; None for entries without secrets.

    Raises InputError.
    """
    if directory is not None and not os.path.isabs(directory):
        raise InputError(f"secret_directory '{directory}' must be an absolute path on the host where the module runs.")
    export = Export()
    for uid, document in records:
        one = Export()
        try:
            if isinstance(document, ToolError):
                raise InputError(str(document))
            state = read_state(document)
            entry = _entry(uid, state, one.notes.append)
            one.notes += [f"{fact} is left out: the module rgw_users does not set it" for fact in undeclared(document)]
            _check_names(entry, one.notes.append)
            if directory is not None:
                _refer_to_secrets(entry, uid, state, directory, one)
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
    """Write secret files of mode 0600. Raises ToolError."""
    for path, secret in secrets.items():
        write_secret_file(path, secret)


def _entry(uid: str, state: State, note: Callable[[str], None]) -> dict[str, Any]:
    """The user less what a new user has on any gateway, and less what cannot be declared."""
    tenant, _sign, name = uid.rpartition("$")
    described, new = describe(state), describe(read_state(new_document(uid)))
    entry: dict[str, Any] = {"uid": name, **({"tenant": tenant} if tenant else {})}
    check_entry(entry)
    for option in (*SCALARS, *GROUPS):
        if option == "rate_limit" and not any(path[0] == option for path in state):
            note("rate_limit is left out: it is stored in a layout that this toolkit does not know")
        elif described[option] != new[option] or is_given_at_creation((option,)):
            _take_over(entry, option, described[option], note)
    entry.update({part: described[part] for part in PARTS if described[part]})
    _drop_parts(entry, note)
    return entry


def _take_over(entry: dict[str, Any], option: str, value: Any, note: Callable[[str], None]) -> None:
    """Put an option into the entry, unless it would be refused there."""
    try:
        check_entry({**_named(entry), option: value})
        entry[option] = value
    except InputError as error:
        note(f"{option} is left out: {error}")


def _named(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: entry[name] for name in ("uid", "tenant") if name in entry}


def _drop_parts(entry: dict[str, Any], note: Callable[[str], None]) -> None:
    """Take out of an entry the caps, keys and subusers that cannot be declared."""
    for cap, perm in list(entry.get("caps", {}).items()):
        if cap not in CAPS or perm not in PERMS:
            del entry["caps"][cap]
            note(f"cap '{cap}' with '{perm}' is left out")
    for subuser in list(entry.get("subusers", [])):
        if subuser["access"] is None:
            entry["subusers"].remove(subuser)
            note(f"the swift key of '{subuser['name']}', which is no subuser, is left out")
        else:
            _drop_if_refused(entry, "subusers", subuser, note)
    for part in ("s3_keys", "temp_url_keys"):
        for item in list(entry.get(part, [])):
            _drop_if_refused(entry, part, item, note)


def _drop_if_refused(entry: dict[str, Any], part: str, item: dict[str, Any], note: Callable[[str], None]) -> None:
    try:
        problems = check_entry({**_named(entry), part: [item]}).not_made
        problem = next((problem for (kind, _name), problem in problems.items() if kind == part), "")
    except InputError as error:
        problem = str(error)
    if problem:
        entry[part].remove(item)
        note(f"{part} '{item[_SECRETS[part][0]]}' is left out: {problem}")


def _check_names(entry: dict[str, Any], note: Callable[[str], None]) -> None:
    """Take out the keys of subusers that have been left out, and say of whom no other gateway gets a copy."""
    subusers = [subuser["name"] for subuser in entry.get("subusers", [])]
    for key in list(entry.get("s3_keys", [])):
        if "subuser" in key and key["subuser"] not in subusers:
            entry["s3_keys"].remove(key)
            note(f"s3_keys '{key['access_key']}' is left out, as its subuser '{key['subuser']}' is")
    for (kind, _name), problem in check_entry(_named(entry)).not_made.items():
        if kind == "uid":
            note(f"this uid is managed where it is, and not made on another gateway: {problem}")


def _refer_to_secrets(entry: dict[str, Any], uid: str, state: State, directory: str, export: Export) -> None:
    """Give each item that has a secret its secret_file, "directory/uid/kind.name"."""
    for part, (name_option, kind) in _SECRETS.items():
        for item in list(entry.get(part, [])):
            name = str(item[name_option])
            secret = state.get((part, name, "secret"))
            if secret is None:
                continue
            # Quoted, as names may hold "/", and "$" stands for a variable in the path of a module.
            folder, file = quote(uid, safe="@+=,"), f"{kind}.{quote(name, safe='@+=,')}"
            problem = problem_with(secret, allow_weak=True)
            if not problem and max(len(folder), len(file)) > _LONGEST_FILE_NAME:
                problem = "has a name that is too long for a file"
            if problem:
                export.notes.append(f"the secret of {part} '{name}' {problem}; it is left out")
                if part != "subusers":
                    entry[part].remove(item)  # a key is nothing without its secret
                continue
            path = os.path.join(directory, folder, file)
            item["secret_file"] = path
            export.secrets[path] = secret
