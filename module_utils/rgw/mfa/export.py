# SPDX-License-Identifier: Apache-2.0
"""The MFA devices of a gateway's users as entries of an inventory, without seeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...base.errors import InputError
from ..bulk import all_of
from ..connection_options import connect_as, workers
from ..export import Export
from ..user_export import read_users
from .device import Device
from .reconcile import MfaClient
from .spec import DEFAULTS, parse_users


def export_from(params: Mapping[str, Any]) -> Export:
    """Read the devices of the users that a module's parameters name. Raises InputError, ToolError."""
    clients = [connect_as(MfaClient, params) for _client in range(workers(params))]
    export = Export()
    try:
        uids = params["uids"] if params["uids"] is not None else sorted(clients[0].list_users())
        serials = {
            uid: sorted(document["data"].get("mfa_ids") or ())
            for uid, document in read_users(clients, uids)  # type: ignore[arg-type]
            if isinstance(document, dict)
        }
        users = [uid for uid in serials if serials[uid]]
        for uid, stored in zip(users, all_of(clients, users, lambda client, uid: client.read_devices(uid))):
            _describe(uid, serials[uid], stored, export)
    finally:
        for client in clients:
            client.close()
    return export


def _describe(uid: str, serials: list[str], stored: Mapping[str, Device], export: Export) -> None:
    tenant, _sign, name = uid.rpartition("$")
    entry: dict[str, Any] = {"uid": name, **({"tenant": tenant} if tenant else {}), "devices": []}
    for serial in serials:
        if serial not in stored:
            export.notes.append(f"user '{uid}': device '{serial}' is left out: the gateway has no such device")
            continue
        device = stored[serial]
        numbers = {"seconds": device.step, "window": device.window}
        described = {"serial": serial, **{word: value for word, value in numbers.items() if value != DEFAULTS[word]}}
        try:
            parse_users([{**entry, "devices": [described]}])
            entry["devices"].append(described)
        except InputError as error:
            export.notes.append(f"user '{uid}': device '{serial}' is left out: {error}")
    if entry["devices"]:
        export.entries.append(entry)
