# SPDX-License-Identifier: Apache-2.0
"""Wire bytes as text that can be shown to anyone: secrets struck out, nothing unprintable, bounded in size."""

from __future__ import annotations

import re
from typing import Iterable

SECRET_HEADERS = ("x-auth-token", "x-subject-token", "x-auth-key", "x-storage-token", "authorization", "temp-url-key")
STRUCK = "***"
MAX_TEXT = 4096

# A short secret would strike out half of the text, and its own header field is struck by name anyway.
_MIN_SECRET = 8

# Peers misspell header fields, so any line that names one is struck to its end, with the lines folded onto it.
_SECRET_LINE = re.compile(rf"(?i)({'|'.join(SECRET_HEADERS)})[^\n]*(?:\n[ \t][^\n]*)*")
_SIGNED_QUERY = re.compile(r"(?i)(temp_url_sig|X-Amz-Signature)=[^&\s]*")
_LOGIN = re.compile(r"(?<=//)[^/]*@")
_UNPRINTABLE = re.compile(r"[^\n\x20-\x7e]")


def printable(data: bytes, secrets: Iterable[str] = ()) -> str:
    """`data` as text of at most MAX_TEXT characters, free of SECRET_HEADERS, signatures of URLs and `secrets`."""
    text = data.decode("latin-1").replace("\r\n", "\n")
    for secret in secrets:
        if len(secret) >= _MIN_SECRET:
            text = text.replace(secret, STRUCK)
    text = _SECRET_LINE.sub(rf"\1: {STRUCK}", text)
    text = _SIGNED_QUERY.sub(rf"\1={STRUCK}", text)
    text = _UNPRINTABLE.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + " [cut]"


def transcript(sent: bytes, received: bytes, secrets: Iterable[str] = ()) -> str:
    """Both heads of an exchange as `curl -v` shows them: `> ` before each line sent, `< ` before each received."""
    known = list(secrets)
    lines = [f"> {line}" for line in printable(sent, known).rstrip("\n").split("\n")]
    if received:
        lines += [f"< {line}" for line in printable(received, known).rstrip("\n").split("\n")]
    return "\n".join(lines)


def without_login(url: str) -> str:
    """`url` with user and password struck out, should someone have put them there."""
    return _LOGIN.sub(f"{STRUCK}@", url)
