# SPDX-License-Identifier: Apache-2.0
"""A name and its secret, whichever service they are for."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

# Where RGW authenticates swift users itself, as long as rgw_swift_auth_entry has its default.
TEMPAUTH_PATH = "/auth/v1"


@dataclass(frozen=True)
class Login:
    """A name and its secret: uid:subuser and swift key, S3 access key and secret key, or a user and the password."""

    user: str
    secret: str = field(repr=False)

    @property
    def basic(self) -> str:
        """The value of the header field Authorization (RFC 7617, in UTF-8)."""
        return "Basic " + base64.b64encode(f"{self.user}:{self.secret}".encode()).decode("ascii")
