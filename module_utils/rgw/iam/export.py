# SPDX-License-Identifier: Apache-2.0
"""What is in a gateway's accounts as entries of an inventory, so that it can be taken over."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ...base.errors import InputError
from ...base.text import holds_template, json_text
from ...s3.documents.policy import json_of_policy
from ..accounts.reconcile import known_accounts
from ..acting import ActingFor
from ..bulk import all_of
from ..connection_options import connect_as, workers
from ..export import Export
from ..user_export import read_users
from ..user_record import State
from .client import IamClient, Root
from .keys import keys_made_here
from .kinds import AWS_POLICY, KINDS
from .reconcile import root_of
from .spec import parse_iam

# What a new thing has.
_NEW: Mapping[str, Any] = {"path": "/", "description": "", "max_session_duration": 3600}


def export_from(params: Mapping[str, Any]) -> Export:
    """Read what is in the accounts that a module's parameters name. Raises InputError, ToolError."""
    clients = [connect_as(IamClient, params) for _client in range(workers(params))]
    export = Export()
    try:
        accounts = {str(account["data"]["id"]): account["data"]["name"] for account in known_accounts(clients[0])}
        roots = params["roots"]
        if roots is None:
            found = _roots(clients)
            roots = [found[account] for account in accounts if account in found]
            without = [name for account, name in accounts.items() if account not in found]
            export.notes += [f"account '{name}' is left out: there is no root user to read it with" for name in without]
        with ActingFor(lambda: connect_as(IamClient, params)) as acting:
            for one in all_of(clients, sorted(roots), lambda client, uid: _export(client, acting, uid)):
                export.entries += one.entries
                export.notes += one.notes
    finally:
        for client in clients:
            client.close()
    return export


def _roots(clients: Sequence[IamClient]) -> dict[str, str]:
    """A root user of each account that has one, by the account's ID."""
    found: dict[str, str] = {}
    for uid, document in read_users(list(clients), sorted(clients[0].list_users())):
        data = document["data"] if isinstance(document, dict) else {}
        if data.get("type") == "root" and data.get("account_id") and not data.get("suspended"):
            found.setdefault(data["account_id"], uid)
    return found


def _export(client: IamClient, acting: ActingFor, uid: str) -> Export:
    root, export = root_of(client, acting, uid, f"roots ('{uid}')"), Export()
    tenant, _sign, name = uid.rpartition("$")
    entry: dict[str, Any] = {"root": name, **({"tenant": tenant} if tenant else {})}
    for kind in KINDS:
        things = [_thing(client, root, kind, each, export) for each in KINDS[kind].names(client, root)]
        entry[kind] = [thing for thing in things if thing is not None]
    export.entries.append(entry)
    return export


def _thing(client: IamClient, root: Root, kind: str, name: str, export: Export) -> dict[str, Any] | None:
    """A thing as an entry. None if it is gone meanwhile, or would be refused."""
    try:
        state = KINDS[kind].read(client, root, name)
        if state is None:
            return None
        entry = {"url" if kind == "oidc_providers" else "name": name, **_described(state)}
        keys = keys_made_here(client, root, name) if kind == "users" else []
        entry.update({"s3_keys": keys} if keys else {})
        parse_iam([{"root": "any", kind: [entry]}])
        if holds_template(json_text(entry)):
            raise InputError("it holds '{{', '{%' or '{#', of which Ansible would make a template.")
    except InputError as error:
        export.notes.append(f"{KINDS[kind].about(name)} of account '{root.account}' is left out: {error}")
        return None
    return entry


def _described(state: State) -> dict[str, Any]:
    """A state in the words of the module, less what a new thing has."""
    entry: dict[str, Any] = {}
    for path, value in state.items():
        if path[0] == "policies":
            entry.setdefault("policies", {})[path[1]] = json.loads(json_of_policy(value))
        elif len(path) == 2:
            word = path[1][len(AWS_POLICY) :] if path[1].startswith(AWS_POLICY) else path[1]
            entry.setdefault(path[0], []).append(word)
        elif path[0] == "trust":
            entry["trust"] = json.loads(json_of_policy(value))
        elif _NEW.get(path[0]) != value:
            entry[path[0]] = value
    return entry
