# SPDX-License-Identifier: Apache-2.0
"""bcrypt by the host's own libcrypt, crypt_r(3), so that a host needs no Python package for it.

Python's module crypt is gone from 3.13. Seen with libxcrypt 4.4.
"""

from __future__ import annotations

import base64
import ctypes
import functools
import hmac
import re
import secrets
from typing import Any

from ..base.errors import InputError, ToolError

# libxcrypt, with and without the names of glibc's old library. None: what the process has loaded, such as musl's libc.
_LIBRARIES = ("libcrypt.so.1", "libcrypt.so.2", None)
# struct crypt_data has 128 KiB in glibc, 32 KiB in libxcrypt and 260 bytes in musl. It begins as zeros (crypt_r(3)).
_WORK_BYTES = 1 << 18
_SALT_BYTES = 16
# bcrypt looks at the first 72 bytes only; two passwords that differ after them would be the same.
MOST_BYTES = 72
# Prefix, cost, salt and digest. $2x$ is the wrong hash that crypt_blowfish once made, and $2$ is older still.
_ENTRY = re.compile(r"\$2[aby]\$(0[4-9]|[12][0-9]|3[01])\$[./A-Za-z0-9]{53}")
# The order of the letters is bcrypt's own; the grouping of the bits is that of RFC 4648.
_LETTERS = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
)
_KNOWN = (b"U*U", b"$2b$04$CCCCCCCCCCCCCCCCCCCCC.", b"$2b$04$CCCCCCCCCCCCCCCCCCCCC.K7Qr0se1MxuggH4aP4YgB.U2Em1pGSK")


def bcrypt_entry(password: str, cost: int) -> str:
    """The bcrypt entry ($2b$) of a password, with a new random salt.

    cost: 4 to 31; each step doubles the time of a check. Raises InputError for a password of more than MOST_BYTES bytes
    or with a NUL, ToolError where this host's libcrypt knows no bcrypt.
    """
    salt = base64.b64encode(secrets.token_bytes(_SALT_BYTES)).rstrip(b"=").translate(_LETTERS)
    return _hash(password, b"$2b$%02d$%s" % (cost, salt)).decode("ascii")


def bcrypt_cost(entry: str) -> int | None:
    """The cost of a bcrypt entry; None for an entry of another kind."""
    matched = _ENTRY.fullmatch(entry)
    return int(matched.group(1)) if matched else None


def bcrypt_fits(password: str, entry: str) -> bool:
    """Whether the entry is a bcrypt entry ($2a$, $2b$, $2y$) of this password. Raises as bcrypt_entry does."""
    if not _ENTRY.fullmatch(entry):
        return False
    # The three prefixes stand for one hash, as Go's clients take them. For a few passwords libxcrypt deviates with $2a$
    # (crypt(5): a countermeasure against an old mistake), so it is never asked for that.
    made = _hash(password, b"$2b$" + entry[4:].encode("ascii"))
    return hmac.compare_digest(made[4:], entry[4:].encode("ascii"))


def _hash(password: str, setting: bytes) -> bytes:
    key = password.encode()
    if b"\0" in key:
        raise InputError("a password with a NUL byte cannot be hashed: C's strings end there")
    if len(key) > MOST_BYTES:
        raise InputError(f"bcrypt uses {MOST_BYTES} bytes of a password, this one is longer; take a shorter one")
    made = _crypt(_crypt_r(), key, setting)
    if not made.startswith(setting[:7]):
        said = f"libcrypt answered {made[:2].decode('ascii', 'replace')!r}"
        raise ToolError("hash", "a password with bcrypt", said, "Check this host's libcrypt.")
    return made


def _crypt(crypt_r: Any, key: bytes, setting: bytes) -> bytes:
    # Memory of its own for each call: then it does not matter how many threads there are, as with crypt(3) it would.
    return crypt_r(key, setting, ctypes.create_string_buffer(_WORK_BYTES)) or b""


@functools.lru_cache(maxsize=None)
def _crypt_r() -> Any:
    """The first crypt_r of this host that knows bcrypt. Raises ToolError."""
    key, setting, entry = _KNOWN
    for name in _LIBRARIES:
        try:
            crypt_r = ctypes.CDLL(name).crypt_r
        except (OSError, AttributeError):
            continue
        crypt_r.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p]
        crypt_r.restype = ctypes.c_char_p
        if _crypt(crypt_r, key, setting) == entry:
            return crypt_r
    raise ToolError(
        "hash",
        "a password with bcrypt",
        "this host has no libcrypt that knows bcrypt",
        "Install libxcrypt (libcrypt1 in Debian 11, Ubuntu 20.04 and SUSE 15, libxcrypt in Red Hat 8), or run "
        "this on such a host.",
    )
