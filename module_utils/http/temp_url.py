# SPDX-License-Identifier: Apache-2.0
"""Temporary URLs of swift, signed with a key of the account.

Source: OpenStack Swift, "TempURL middleware". RGW takes signatures with SHA-1.
"""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlencode

from ..base.text import to_bytes

SIGNATURE, EXPIRES = "temp_url_sig", "temp_url_expires"


def temp_url_signature(method: str, path: str, expires: str, key: str) -> str:
    """The signature in hex digits. path: unquoted, with its first slash. expires: seconds since 1970."""
    return hmac.new(to_bytes(key), to_bytes(f"{method}\n{expires}\n{path}"), hashlib.sha1).hexdigest()


def temp_url_query(method: str, path: str, expires: int, key: str) -> str:
    """The query that makes a URL with this path a temporary one. path: unquoted. expires: seconds since 1970."""
    signature = temp_url_signature(method, path, str(expires), key)
    return urlencode({SIGNATURE: signature, EXPIRES: expires})
