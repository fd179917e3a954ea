# SPDX-License-Identifier: Apache-2.0
"""Makes users have the devices for one-time passwords that they are declared to have: read, plan, apply, read again.

The devices of a user are one document of the admin API's metadata, which holds the seeds: these travel in the bodies of
requests (`radosgw-admin mfa create` takes a seed as an argument only). The user's record says which of them count.

RGW keeps a list of all devices that were ever stored in a document, and answers 404 from then on if one of them is not
in the document that is stored next (seen on 14.2.21, 18.2.7 and 20.2.4). So a document with fewer devices is removed
first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Mapping

from ...base.errors import InputError, ToolError
from ...base.secret import Secret
from ...base.secret_files import write_secret_files
from ...base.text import json_text, to_bytes
from ..admin_api import AdminClient
from ..admin_errors import Attempt, error_code
from ..admin_session import json_of, success
from ..bulk import all_of, apply_all, clients_for
from ..plan_checks import check_zone
from .device import Device, new_seed, read_device, text_of
from .spec import DEFAULTS, DesiredDevice, DesiredUser

_PATH = "/admin/metadata/otp"
_MAX_WRITES = 3
Devices = Mapping[str, Device]


class MfaClient(AdminClient):
    """The operations on devices. All of them raise ToolError."""

    def read_devices(self, uid: str) -> dict[str, Device]:
        """The devices of a user, by their serials; none where there is no such document, or a broken one."""
        attempt = self._attempt("read the MFA devices of", uid, "metadata=read")
        answer = self.request(attempt, "GET", _PATH, {"key": f"user:{uid}"})
        if answer.status == 404 and error_code(answer) == "NoSuchKey":
            return {}
        said = json_of(success(attempt, answer))
        try:
            return {device.serial: device for device in map(read_device, said["data"]["devices"])}
        except (InputError, KeyError, TypeError):
            raise ToolError(
                attempt.operation, attempt.target, "devices in an unknown form", "Look at: radosgw-admin mfa list", 200
            ) from None

    def write_devices(self, uid: str, devices: Devices, anew: bool) -> None:
        """Store all devices of a user. anew: whether the document is removed first."""
        key = {"key": f"user:{uid}"}
        attempt = self._attempt("write the MFA devices of", uid, "metadata=*")
        if anew:
            answer = self.request(attempt, "DELETE", _PATH, key)
            if answer.status != 404:
                success(attempt, answer)
        if devices:
            document = {"data": {"devices": [device.record() for device in devices.values()]}}
            success(attempt, self.request(attempt, "PUT", _PATH, key, to_bytes(json_text(document))))

    def write_serials(self, uid: str, serials: Sequence[str]) -> None:
        """Say in a user's record which devices count."""
        attempt: Attempt = self._attempt("write the MFA devices of", uid, "metadata=*")
        for _write in range(_MAX_WRITES):
            document = self.read_user(uid)
            if document is None:
                raise ToolError(attempt.operation, attempt.target, "no such user", "Somebody has removed the user.")
            if sorted(document["data"].get("mfa_ids", [])) == sorted(serials):
                return
            document["data"]["mfa_ids"] = list(serials)
            document["ver"]["ver"] += 1
            document.pop("mtime", None)
            self.write_user(uid, document)
        hint = "Find out who else writes this user, then run this again."
        raise ToolError(attempt.operation, attempt.target, "somebody else changes the user", hint)


@dataclass(frozen=True)
class Plan:
    """What a user takes to have the devices of its entry.

    before, after: the devices that count, by their serials. stored: those that the document has, counting or not.
    seed_files: what has to be written first, path -> seed.
    """

    user: DesiredUser
    before: Devices
    after: Devices
    stored: Devices = field(repr=False)
    seed_files: Mapping[str, Secret] = field(default_factory=dict)

    @property
    def to_store(self) -> Devices:
        """What the document is to have: with devices that do not count and are none of our business."""
        gone = self.before.keys() - self.after.keys()
        return {**{serial: device for serial, device in self.stored.items() if serial not in gone}, **self.after}

    @property
    def touches_gateway(self) -> bool:
        """Whether the gateway has to be told anything."""
        return self.before != self.after

    @property
    def changed(self) -> bool:
        """Whether anything has to be written, be it only a file."""
        return self.touches_gateway or bool(self.seed_files)


def reconcile(
    connect: Callable[[], MfaClient],
    users: Sequence[DesiredUser],
    check_mode: bool,
    parallel: int,
    coming: Collection[str] = (),
) -> list[Plan]:
    """Plan all users, and only then apply the plans. Raises InputError or ToolError, UnfinishedRun after a write.

    coming: for check mode, the uids of users that earlier tasks of the run create.
    """
    clients = clients_for(connect, users, parallel)
    try:
        plans: list[Plan] = all_of(clients, users, lambda client, user: _read_and_plan(client, user, coming))
        if any(plan.touches_gateway for plan in plans):
            check_zone(clients[0], "Devices written there would be there only")
        if check_mode:
            return plans
        write_secret_files({path: seed for plan in plans for path, seed in plan.seed_files.items()})
        apply_all(clients, plans, _apply, lambda plan: plan.user.uid, "users")
        return plans
    finally:
        for client in clients:
            client.close()


def _read_and_plan(client: MfaClient, user: DesiredUser, coming: Collection[str]) -> Plan:
    document = client.read_user(user.uid)
    if document is None and user.uid in coming:
        return plan_user(user, [], {})
    if document is None:
        raise InputError(f"{user.where}: there is no user '{user.uid}' at {client.endpoint}. Create the user first.")
    stored = client.read_devices(user.uid)
    return plan_user(user, document["data"].get("mfa_ids", []), stored)


def plan_user(user: DesiredUser, serials: Sequence[str], stored: Devices) -> Plan:
    """Compare a user's devices with the entry. serials: of the devices that count. Raises InputError."""
    before = {serial: stored[serial] for serial in sorted(serials) if serial in stored}
    listed = {device.serial: device for device in user.devices}
    after = {} if user.purge else {serial: device for serial, device in before.items() if serial not in listed}
    files: dict[str, Secret] = {}
    for serial, wanted in listed.items():
        if wanted.present:
            after[serial] = _settled(user, wanted, stored.get(serial))
            if wanted.seed_file is not None and wanted.seed is None:
                files[wanted.seed_file] = _text(after[serial].seed, wanted.seed_type)
    return Plan(user, before, dict(sorted(after.items())), stored, files)


def _settled(user: DesiredUser, wanted: DesiredDevice, known: Device | None) -> Device:
    """The device as it is to be. A seed that the gateway has goes into a missing file, or else a new one."""
    seed = wanted.seed if wanted.seed is not None else known.seed if known else None
    if seed is None:
        if wanted.seed_file is None:
            raise InputError(f"{user.where}: device '{wanted.serial}' does not exist yet; give seed or seed_file.")
        seed = new_seed()
    step, window = (known.step, known.window) if known else (DEFAULTS["seconds"], DEFAULTS["window"])
    return Device(
        wanted.serial,
        seed,
        step if wanted.seconds is None else wanted.seconds,
        window if wanted.window is None else wanted.window,
    )


def _text(seed: bytes, seed_type: str) -> Secret:
    return Secret(seed.hex() if seed_type == "hex" else text_of(seed))


def _apply(client: MfaClient, plan: Plan) -> Plan:
    """Carry out a plan, and compare what the gateway has then."""
    if not plan.touches_gateway:
        return plan
    uid = plan.user.uid
    document = plan.to_store
    if plan.stored != document:
        # Devices stop to count before they are gone, and are there before they count.
        client.write_serials(uid, [serial for serial in plan.before if serial in plan.after])
        client.write_devices(uid, document, anew=not plan.stored or any(one not in document for one in plan.stored))
    client.write_serials(uid, list(plan.after))
    if client.read_devices(uid) != document:
        target = f"user '{uid}' at {client.endpoint}"
        hint = "Somebody else has changed them meanwhile, or the gateway keeps others. Run this again."
        raise ToolError("write the MFA devices of", target, "the gateway has other devices now", hint, status=200)
    return plan


def report(plans: Sequence[Plan], with_diff: bool) -> dict[str, Any]:
    """The result of a run: no seed in it."""
    changed = [plan for plan in plans if plan.changed]
    users = [
        {
            "uid": plan.user.uid.rpartition("$")[2],
            "tenant": plan.user.uid.rpartition("$")[0],
            "devices": [_described(device) for device in plan.after.values()],
            "changed": plan.changed,
            "changes": _changes(plan),
        }
        for plan in plans
    ]
    result: dict[str, Any] = {"changed": bool(changed), "users": users}
    if with_diff:
        result["diff"] = {
            "before": {plan.user.uid: _differing(plan, plan.before, plan.after) for plan in changed},
            "after": {plan.user.uid: _differing(plan, plan.after, plan.before) for plan in changed},
        }
    return result


def _described(device: Device) -> dict[str, Any]:
    return {"serial": device.serial, "seconds": device.step, "window": device.window}


def _differing(plan: Plan, devices: Devices, others: Devices) -> dict[str, Any]:
    """What differs. Of a seed, this says only that another one is stored."""
    return {
        serial: {**_described(device), "seed": "(as it is now)" if devices is plan.after else "(as it was)"}
        for serial, device in devices.items()
        if others.get(serial) != device
    }


def _changes(plan: Plan) -> list[str]:
    lines = []
    for serial in sorted({*plan.before, *plan.after}):
        old, new = plan.before.get(serial), plan.after.get(serial)
        if old is None:
            lines.append(f"device {serial}: added")
        elif new is None:
            lines.append(f"device {serial}: removed")
        elif old != new:
            lines.append(f"device {serial}: {'new seed' if old.seed != new.seed else 'changed'}")
    return lines + [f"seed_file {path}: written" for path in sorted(plan.seed_files)]
