# SPDX-License-Identifier: Apache-2.0
"""Sign-ins that somebody has begun, sealed into a cookie of that browser.

The portal keeps nothing of them, so that nobody can push out the ones of others. The seal is a JWE (RFC 7516) with a
key that ends with the process.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from .login import Attempt

_HEADER = {"alg": "dir", "enc": "A256GCM"}
_KEY_BITS = 256


class Seal:
    """Seals attempts, each for so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._key = OctKey.generate_key(_KEY_BITS)

    def close(self, attempt: Attempt) -> str:
        """The attempt as a text that nobody can read or change."""
        content = json.dumps([time.monotonic() + self._seconds, asdict(attempt)])
        return jwe.encrypt_compact(_HEADER, content.encode(), self._key)

    def open(self, text: str) -> Attempt | None:
        """What has been sealed here, and not too long ago."""
        try:
            content = jwe.decrypt_compact(text, self._key, algorithms=list(_HEADER.values())).plaintext
            ends, attempt = json.loads(content or b"")
        except (JoseError, ValueError, KeyError, TypeError, RecursionError):
            return None
        return Attempt(**attempt) if ends > time.monotonic() else None
