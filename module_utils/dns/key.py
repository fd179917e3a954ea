# SPDX-License-Identifier: Apache-2.0
"""The key with which updates are signed (TSIG, RFC 8945)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field

from ..base.errors import InputError
from ..base.secret import Secret

ALGORITHMS = ("hmac-sha256", "hmac-sha224", "hmac-sha384", "hmac-sha512", "hmac-sha1")


@dataclass(frozen=True)
class Key:
    """name: the one by which the server knows the key. secret: the bytes."""

    name: str
    algorithm: str
    secret: bytes = field(repr=False)

    @classmethod
    def read(cls, name: str, algorithm: str, secret: Secret) -> Key:
        """A key from its name and its secret in base64, as tsig-keygen prints it. Raises InputError."""
        if not name.strip():
            raise InputError("key_name is empty. Next: give the name that the server's configuration has for the key.")
        try:
            content = base64.b64decode(secret.value.strip(), validate=True)
        except (binascii.Error, ValueError):
            content = b""
        if not content:
            raise InputError(
                f"the secret of the key '{name}' is not base64. Next: give what stands between the quotes after "
                "'secret' in the output of tsig-keygen, and nothing else."
            )
        return cls(name.strip(), algorithm, content)
