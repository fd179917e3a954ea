# SPDX-License-Identifier: Apache-2.0
"""What lets somebody without a token at objects of swift for a while, signed with a key of the account.

Source: OpenStack Swift, "TempURL middleware" and "FormPost middleware". RGW takes signatures with SHA-1. Swift 2.30
takes SHA-1, SHA-256 and SHA-512, and calls SHA-1 deprecated.
"""

from __future__ import annotations

import hmac
from urllib.parse import urlencode

from ..base.text import to_bytes

SIGNATURE, EXPIRES = "temp_url_sig", "temp_url_expires"


def temp_url_signature(method: str, path: str, expires: str, key: str, digest: str = "sha1") -> str:
    """The signature in hex digits. path: unquoted, with its first slash. expires: seconds since 1970."""
    return hmac.new(to_bytes(key), to_bytes(f"{method}\n{expires}\n{path}"), digest).hexdigest()


def temp_url_query(method: str, path: str, expires: int, key: str, digest: str = "sha1") -> str:
    """The query that makes a URL with this path a temporary one. path: unquoted. expires: seconds since 1970."""
    signature = temp_url_signature(method, path, str(expires), key, digest)
    return urlencode({SIGNATURE: signature, EXPIRES: expires})


def form_fields(path: str, redirect: str, most_bytes: int, expires: int, key: str, digest: str) -> dict[str, str]:
    """The fields of a form that uploads one file, whose name is added to a path. The field with the file comes last.

    path: unquoted, with its first slash. redirect: where the browser goes then. expires: seconds since 1970.
    """
    own = {"redirect": redirect, "max_file_size": str(most_bytes), "max_file_count": "1", "expires": str(expires)}
    signed = "\n".join([path, *own.values()])
    return {**own, "signature": hmac.new(to_bytes(key), to_bytes(signed), digest).hexdigest()}
