# SPDX-License-Identifier: Apache-2.0
"""Secrets: how they are made, judged, and shown without being shown."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

from .text import to_bytes

_SHORTEST = 16
_VISIBLE = re.compile("[!-~]*")


@dataclass(frozen=True)
class Secret:
    """A secret value that no repr, log line or traceback spells out."""

    value: str = field(repr=False)


class Marks:
    """Stand-ins for secrets in diffs, the same in every run against a gateway: equal secrets have equal marks.

    Keyed by the admin's secret key, so that only who may read every secret of the gateway anyway could try a word list
    on a mark. The key is stretched, so that a user who knows the secret behind a mark gains little for guessing the
    admin's.
    """

    def __init__(self, admin_secret: str) -> None:
        self._admin_secret = admin_secret
        self._key = b""

    def mark(self, secret: Secret) -> str:
        """Return a mark such as "hmac-sha256:1a2b3c4d"."""
        if not secret.value:
            return "(empty)"
        if not self._key:  # some 50 ms, which a run that shows no secret need not spend
            self._key = hashlib.pbkdf2_hmac("sha256", self._admin_secret.encode(), b"rgwkit secret marks", 100_000)
        return "hmac-sha256:" + hmac.new(self._key, to_bytes(secret.value), hashlib.sha256).hexdigest()[:8]


def problem_with(secret: Secret, allow_weak: bool) -> str:
    """Say why a secret must not be used; an empty text if nothing is wrong with it."""
    if not secret.value:
        return "is empty; with an empty secret the gateway lets everyone in"
    if not _VISIBLE.fullmatch(secret.value):
        return "must be printable ASCII without blanks, as it travels in HTTP headers"
    if not allow_weak and len(secret.value) < _SHORTEST:
        return f"is shorter than {_SHORTEST} characters; take a longer one, or set allow_weak_secrets"
    return ""


def generate_secret() -> Secret:
    """Make a secret of 64 hexadecimal digits (256 bits) from the operating system's random source."""
    return Secret(secrets.token_hex(32))
