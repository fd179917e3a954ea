# SPDX-License-Identifier: Apache-2.0
"""A user's rate limit, as it is kept in an attribute of the metadata document.

The layout is that of RGWRateLimitInfo in Ceph 18.2.7 and 20.2.4 (radosgw-admin ratelimit set, and what then stood in
the document): version, oldest version that can read it, length; four little-endian numbers; a flag.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Mapping
from typing import Any

from ..base.errors import InputError

ATTRIBUTE = "user.rgw.ratelimit"
# 0 means no limit. Operations or bytes per minute and gateway.
LIMITS = ("max_write_ops", "max_read_ops", "max_write_bytes", "max_read_bytes")
NO_LIMITS: dict[str, Any] = {**dict.fromkeys(LIMITS, 0), "enabled": False}

_HEAD = struct.Struct("<BBI")
_BODY = struct.Struct("<qqqq?")


def decode(value: str) -> dict[str, Any]:
    """Return the limits in an attribute's base64 text. Raises InputError if it is in no known layout."""
    blob = _blob(value)
    *limits, enabled = _BODY.unpack_from(blob, _HEAD.size)
    return {**dict(zip(LIMITS, limits)), "enabled": enabled}


def encode(limits: Mapping[str, Any], value: str | None) -> str:
    """Return the attribute's text with these limits. What a later release may have put after them in value is kept."""
    blob = bytearray(_HEAD.pack(1, 1, _BODY.size) + bytes(_BODY.size) if value is None else _blob(value))
    _BODY.pack_into(blob, _HEAD.size, *(limits[name] for name in LIMITS), limits["enabled"])
    return base64.b64encode(blob).decode()


def _blob(value: str) -> bytes:
    try:
        blob = base64.b64decode(value)
    except ValueError:
        blob = b""
    if len(blob) < _HEAD.size + _BODY.size or blob[1] != 1:
        raise InputError("a user's rate limit is stored in a layout that this toolkit does not know.")
    return blob
