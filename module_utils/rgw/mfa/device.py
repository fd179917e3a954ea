# SPDX-License-Identifier: Apache-2.0
"""A device that makes one-time passwords from the time, as RGW keeps one: RFC 6238 (TOTP), with HMAC-SHA-1.

Records as Ceph 14.2.21, 16.2.15, 18.2.7 and 20.2.4 give them (GET /admin/metadata/otp).
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...base.errors import InputError
from ...base.secret import Secret

# RFC 4226, section 4, R6: 128 bits at least, 160 recommended.
SHORTEST_SEED_BYTES = 16
_NEW_SEED_BYTES = 20
SEED_TYPES = ("base32", "hex")
_TOTP = 2


@dataclass(frozen=True)
class Device:
    """seed: the key in bytes, which no repr shows. step: seconds that a password holds. window: steps to both sides."""

    serial: str
    seed: bytes = field(repr=False)
    step: int
    window: int

    def record(self) -> dict[str, Any]:
        """The device in the words of RGW."""
        return {
            "type": _TOTP,
            "id": self.serial,
            "seed": text_of(self.seed),
            "seed_type": "base32",
            "time_ofs": 0,
            "step_size": self.step,
            "window": self.window,
        }


def read_device(record: Mapping[str, Any]) -> Device:
    """The device that a record holds. Raises InputError if it is in an unknown form."""
    try:
        seed = seed_bytes(Secret(record["seed"]), record["seed_type"])
        return Device(str(record["id"]), seed, int(record["step_size"]), int(record["window"]))
    except (KeyError, TypeError, ValueError):
        raise InputError("a device is kept in a form that this toolkit does not know.") from None


def seed_bytes(seed: Secret, seed_type: str) -> bytes:
    """The key that a text stands for. Raises InputError, whose text does not show the seed."""
    text = seed.value.strip().replace(" ", "")
    try:
        if seed_type == "hex":
            return bytes.fromhex(text)
        text = text.rstrip("=").upper()
        return base64.b32decode(text + "=" * (-len(text) % 8))
    except (ValueError, binascii.Error):
        raise InputError(f"the seed is not {seed_type}.") from None


def text_of(seed: bytes) -> str:
    """A key in base32, as programs that make one-time passwords take one."""
    return base64.b32encode(seed).decode().rstrip("=")


def new_seed() -> bytes:
    """A key from the operating system's random source."""
    return secrets.token_bytes(_NEW_SEED_BYTES)
