# SPDX-License-Identifier: Apache-2.0
"""Secrets: how they are read, made, kept in files, and shown without being shown."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import stat
import string
import tempfile
from dataclasses import dataclass, field

from .rgw_errors import InputError, RgwError

_GENERATED_CHARACTERS = 40
_SHORTEST = 16


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
        return "hmac-sha256:" + hmac.new(self._key, secret.value.encode(), hashlib.sha256).hexdigest()[:8]


def problem_with(secret: Secret, allow_weak: bool) -> str:
    """Say why a secret must not be used; an empty text if nothing is wrong with it."""
    if not secret.value:
        return "is empty; with an empty secret the gateway lets everyone in"
    if not all("!" <= character <= "~" for character in secret.value):
        return "must be printable ASCII without blanks, as it travels in HTTP headers"
    if not allow_weak and len(secret.value) < _SHORTEST:
        return f"is shorter than {_SHORTEST} characters; take a longer one, or set allow_weak_secrets"
    return ""


def generate_secret() -> Secret:
    """Make a secret of 40 letters and digits (238 bits) from the operating system's random source."""
    alphabet = string.ascii_letters + string.digits
    return Secret("".join(secrets.choice(alphabet) for _position in range(_GENERATED_CHARACTERS)))


def read_secret_file(path: str) -> Secret | None:
    """Return the secret in a file, less one newline at its end; None if there is no such file.

    A file that every account of the host may read or write is refused, as ssh refuses such a key; a group may be let
    in, which is how a service under its own account gets at the file. Raises InputError.
    """
    if not os.path.isabs(path):
        raise InputError(f"secret file '{path}' must be an absolute path on the host where the module runs.")
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode):
            raise InputError(f"secret file '{path}' is not a regular file.")
        with open(path, "rb") as file:
            content = file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"secret file '{path}' cannot be read: {error.strerror}.") from error
    if stat.S_IMODE(mode) & stat.S_IRWXO:
        raise InputError(
            f"secret file '{path}' is open to every account of this host (mode {stat.S_IMODE(mode):04o}). Make a new "
            "secret if others could have read it; otherwise: chmod o= on the file."
        )
    return Secret(content.decode("ascii", "replace")[: -1 if content.endswith(b"\n") else None])


def write_secret_file(path: str, secret: Secret) -> None:
    """Create a secret file of mode 0600, whole or not at all, and on disk when this returns.

    Directories that are missing are made with mode 0700. An existing file is never touched. Raises RgwError.
    """
    directory = os.path.dirname(path)
    try:
        _make_directories(directory)
        descriptor, temporary = tempfile.mkstemp(prefix=".rgw-secret-", dir=directory)  # mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secret.value + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(temporary, path)  # unlike a rename, this fails if another run was faster
        finally:
            os.unlink(temporary)
        _sync_directory(directory)
    except OSError as error:
        hint = "Nothing was told to the gateway for this user. Mend this and run again."
        raise RgwError("write", f"secret file '{path}'", None, (error.strerror or "failed").lower(), hint) from error


def _make_directories(path: str) -> None:
    if os.path.isdir(path):
        return
    _make_directories(os.path.dirname(path))
    with contextlib.suppress(FileExistsError):  # made by another run since the look above
        os.mkdir(path, 0o700)


def _sync_directory(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
