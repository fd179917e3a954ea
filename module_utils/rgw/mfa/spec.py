# SPDX-License-Identifier: Apache-2.0
"""What devices users are declared to have: from a module's parameters to checked values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...base.errors import InputError, checked
from ...base.secret import Secret
from ...base.secret_files import NamedOnce, check_new_file, read_secret_file
from ...base.words import shortened
from ..user_values import full_uid
from .device import SEED_TYPES, SHORTEST_SEED_BYTES, seed_bytes

# In a request the serial number and the password stand beside each other, parted by a blank (x-amz-mfa).
_SERIAL = re.compile(r"[A-Za-z0-9._:/@+=,-]{1,256}")
_NUMBERS = {"seconds": (1, 3600), "window": (0, 10)}
DEFAULTS = {"seconds": 30, "window": 2}

MFA_OPTIONS: dict[str, dict[str, Any]] = {
    "uid": {"type": "str", "required": True},
    "tenant": {"type": "str"},
    "purge": {"type": "bool", "default": False},
    "devices": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "serial": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "seed": {"type": "str", "no_log": True},
            "seed_file": {"type": "path", "no_log": False},
            "seed_type": {"type": "str", "choices": list(SEED_TYPES), "default": "base32"},
            "seconds": {"type": "int"},
            "window": {"type": "int"},
        },
    },
}


@dataclass(frozen=True)
class DesiredDevice:
    """One device of an entry. seed: None where the entry gives none, or names a file that does not exist yet."""

    serial: str
    present: bool
    seed: bytes | None
    seed_file: str | None
    seed_type: str
    seconds: int | None
    window: int | None


@dataclass(frozen=True)
class DesiredUser:
    """One entry of the list, checked. where: its place in the list, for errors. uid: with its tenant."""

    where: str
    uid: str
    devices: tuple[DesiredDevice, ...]
    purge: bool


def parse_users(entries: Sequence[Mapping[str, Any]]) -> list[DesiredUser]:
    """Check all entries. Raises InputError, whose text names index and uid."""
    users: list[DesiredUser] = []
    places: dict[str, str] = {}
    files = NamedOnce()
    for index, entry in enumerate(entries):
        where = f"users[{index}] (uid '{shortened(entry['uid'])}')"
        try:
            uid = full_uid(entry["uid"], entry.get("tenant"))
            if uid in places:
                raise InputError(f"uid '{uid}' is given twice, first at {places[uid]}.")
            places[uid] = where
            devices = tuple(_device(device) for device in entry["devices"])
            for number, device in enumerate(devices):
                if device.serial in [other.serial for other in devices[:number]]:
                    raise InputError(f"device '{device.serial}' is given twice.")
                if device.seed_file is not None:
                    files.claim(device.seed_file, f"device '{device.serial}' of '{uid}'")
        except InputError as error:
            raise InputError(f"{where}: {error}") from error
        users.append(DesiredUser(where, uid, devices, bool(entry.get("purge"))))
    return users


def _device(given: Mapping[str, Any]) -> DesiredDevice:
    serial = given["serial"]
    if not _SERIAL.fullmatch(serial):
        raise InputError(f"device '{shortened(serial)}': a serial is made of letters, digits and . _ : / @ + = , -")
    try:
        present = given.get("state", "present") == "present"
        seed_type = given.get("seed_type") or "base32"
        seed, path = (_seed(given, seed_type), given.get("seed_file")) if present else (None, None)
        numbers = {name: checked(name, _number(name), given[name]) for name in _NUMBERS if given.get(name) is not None}
        return DesiredDevice(serial, present, seed, path, seed_type, numbers.get("seconds"), numbers.get("window"))
    except InputError as error:
        raise InputError(f"device '{serial}': {error}") from error


def _seed(given: Mapping[str, Any], seed_type: str) -> bytes | None:
    text, path = given.get("seed"), given.get("seed_file")
    if text is not None and path is not None:
        raise InputError("seed and seed_file exclude each other.")
    if path is not None:
        kept = read_secret_file(path)
        if kept is None:
            check_new_file(path)
            return None
        text = kept.value
    if text is None:
        return None
    seed = seed_bytes(Secret(text), seed_type)
    if len(seed) < SHORTEST_SEED_BYTES:
        raise InputError(f"the seed has fewer than {8 * SHORTEST_SEED_BYTES} bits (RFC 4226, section 4).")
    return seed


def _number(name: str) -> Any:
    least, most = _NUMBERS[name]

    def check(given: int) -> int:
        if not least <= given <= most:
            raise InputError(f"must be {least} to {most}.")
        return given

    return check
