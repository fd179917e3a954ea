# SPDX-License-Identifier: Apache-2.0
"""Secrets: how they are read, made, kept in files, and shown without being shown."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from .rgw_errors import InputError, RgwError

_SHORTEST = 16
_FILES_AT_ONCE = 100


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
    """Make a secret of 64 hexadecimal digits (256 bits) from the operating system's random source."""
    return Secret(secrets.token_hex(32))


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
    """Create one secret file, as write_secret_files does."""
    write_secret_files({path: secret})


def write_secret_files(files: Mapping[str, Secret]) -> None:
    """Create secret files of mode 0600, each whole or not at all, and all on disk when this returns.

    files: by their absolute paths. Directories that are missing are made with mode 0700. An existing file is never
    touched. Raises RgwError at the first file that cannot be made; those before it may be there then.
    """
    paths = list(files)
    for start in range(0, len(paths), _FILES_AT_ONCE):
        _write_together({path: files[path] for path in paths[start : start + _FILES_AT_ONCE]})


def _write_together(files: Mapping[str, Secret]) -> None:
    """Write all, then sync all: the first sync takes most of the others' bytes along, which spares the disk half."""
    temporary: dict[str, str] = {}
    path = ""
    try:
        for path, secret in files.items():
            _make_directories(os.path.dirname(path))
            descriptor, temporary[path] = tempfile.mkstemp(
                prefix=".rgw-secret-", dir=os.path.dirname(path)
            )  # mode 0600
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secret.value + "\n")
        for path in temporary:
            _sync(temporary[path])
        for path, name in temporary.items():
            os.link(name, path)  # unlike a rename, this fails if another run was faster
        for path in {os.path.dirname(path) for path in files}:
            _sync(path)
    except OSError as error:
        hint = "Nothing was told to the gateway. Mend this and run again."
        raise RgwError("write", f"secret file '{path}'", None, (error.strerror or "failed").lower(), hint) from error
    finally:
        for name in temporary.values():
            os.unlink(name)


def _make_directories(path: str) -> None:
    if os.path.isdir(path):
        return
    _make_directories(os.path.dirname(path))
    with contextlib.suppress(FileExistsError):  # made by another run since the look above
        os.mkdir(path, 0o700)


def _sync(path: str) -> None:
    """Have a file or directory on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
