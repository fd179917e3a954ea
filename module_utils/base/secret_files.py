# SPDX-License-Identifier: Apache-2.0
"""Files that hold one secret each: how every module and command reads them, and how they are made."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from .errors import InputError, ToolError
from .managed_file import NewFile
from .secret import Secret

# Longer than any key or password; whoever names a larger file has named another one than was meant.
_MOST_BYTES = 65536
_FILES_AT_ONCE = 100
# 160 bits.
_RANDOM_BYTES = 20


def read_secret_file(path: str) -> Secret | None:
    """Return the secret in a file, less one newline at its end; None if there is no such file.

    The file has to be a regular one of root or of the reading user, since its owner decides what the secret is. Nobody
    else may write it, and only a group may read it, which is how a service under its own account gets at a file of
    root's. It holds one line of printable text in UTF-8, which is taken to the byte. Raises InputError, whose text
    never shows the content.
    """
    if not os.path.isabs(path):
        raise InputError(f"secret file '{path}' must be an absolute path on the host where it is read.")
    try:
        content = _content(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise InputError(f"secret file '{path}' is a symbolic link. Next: name the file itself.") from error
        raise InputError(f"secret file '{path}' cannot be read: {error.strerror}.") from error
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(f"secret file '{path}' holds bytes that are not text in UTF-8.") from None
    text = text[: -1 if text.endswith("\n") else None]
    problem = problem_with_text(text)
    if problem:
        raise InputError(f"secret file '{path}' {problem}.")
    return Secret(text)


def given_secret(what: str, given: str | None, path: str | None) -> Secret:
    """The secret that one option gives or that is in the file which another one names; one of them has to be there.

    what: the secret's name in errors ("the swift key"). Raises InputError.
    """
    if path is None:
        problem = problem_with_text(given or "")
        if problem:
            raise InputError(f"{what} {problem}.")
        return Secret(given or "")
    try:
        found = read_secret_file(path)
    except InputError as error:
        raise InputError(f"{what}: {error}") from error
    if found is None:
        raise InputError(f"{what}: secret file '{path}' does not exist on the host where it is read.")
    return found


def problem_with_text(text: str) -> str:
    """Say why a text is no secret, whatever it is for; an empty text if nothing is wrong with it."""
    if not text.strip():
        return "is empty; an empty secret lets everybody in"
    if text.rstrip("\n").endswith("\r"):
        return "ends its line with CR LF, as Windows does; the CR would be part of the secret"
    if "\n" in text:
        return "holds more than one line; a secret is one line"
    if not text.isprintable():
        return "holds characters that cannot be printed, such as tabs or a byte order mark"
    return ""


class NamedOnce:
    """The secret files of one run: each belongs to one secret, whatever its path is spelt like."""

    def __init__(self) -> None:
        self._owners: dict[tuple[object, ...], str] = {}
        self._folders: dict[str, str] = {}

    def claim(self, path: str, place: str) -> None:
        """Take the file for the secret at `place`. Raises InputError if another place has it."""
        for identity in self._identities(path):
            first = self._owners.setdefault(identity, place)
            if first != place:
                raise InputError(
                    f"secret file '{path}' is named twice, for {first} and for {place}. "
                    "Next: give each secret a file of its own."
                )

    def _identities(self, path: str) -> list[tuple[object, ...]]:
        folder, name = os.path.split(os.path.normpath(path))
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        identities: list[tuple[object, ...]] = [(self._folders[folder], name)]
        with contextlib.suppress(OSError):  # it need not be there yet
            seen = os.stat(path)
            identities.append((seen.st_dev, seen.st_ino))
        return identities


def check_new_file(path: str) -> None:
    """Refuse a path at which no file can be made, so that check mode says it, too. Nothing is made.

    Raises InputError.
    """
    folder = os.path.dirname(path)
    while not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    try:
        os.close(os.open(folder, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600))
    except OSError as error:
        if error.errno in (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL) and not _is_the_kernel_s(folder):
            return  # a file system that has no files without a name
        raise InputError(
            f"secret file '{path}' cannot be made: in '{folder}' {(error.strerror or 'failed').lower()}. "
            "Next: name a place where files can be kept."
        ) from error


def _is_the_kernel_s(folder: str) -> bool:
    return any(os.path.ismount(top) and os.stat(folder).st_dev == os.stat(top).st_dev for top in ("/proc", "/sys"))


def write_secret_file(path: str, secret: Secret) -> None:
    """Create one secret file, as write_secret_files does."""
    write_secret_files({path: secret})


def write_secret_files(files: Mapping[str, Secret]) -> None:
    """Create secret files of mode 0600, each whole or not at all, and all on disk when this returns.

    files: by their absolute paths. Directories that are missing are made with mode 0700. An existing file is never
    touched. Raises ToolError at the first file that cannot be made; those before it may be there then.
    """
    paths = list(files)
    for start in range(0, len(paths), _FILES_AT_ONCE):
        _write_together({path: files[path] for path in paths[start : start + _FILES_AT_ONCE]})


def make_random_secrets(paths: Sequence[str], check_mode: bool) -> list[str]:
    """Create the files of these that are missing, each with a random secret of its own; their paths.

    paths: absolute. A file that is there is read, so that one that others may read is refused before any is made.
    Raises InputError, ToolError.
    """
    missing = [path for path in paths if read_secret_file(path) is None]
    for path in missing:
        check_new_file(path)
    if not check_mode:
        write_secret_files({path: Secret(secrets.token_hex(_RANDOM_BYTES)) for path in missing})
    return missing


def _write_together(files: Mapping[str, Secret]) -> None:
    """Write all, then sync all: the first sync takes most of the others' bytes along, which spares the disk half."""
    path = ""
    try:
        with ExitStack() as written:
            new: dict[str, NewFile] = {}
            for path, secret in files.items():
                _make_directories(os.path.dirname(path))
                new[path] = written.enter_context(NewFile(os.path.dirname(path)))
                new[path].write(secret.value + "\n")
            for path in new:
                new[path].sync()
            for path in new:
                new[path].link(path)  # unlike a rename, this fails if another run was faster
        for path in {os.path.dirname(path) for path in files}:
            _sync(path)
    except OSError as error:
        hint = "Nothing was told to the gateway. Mend this and run again."
        raise ToolError("write", f"secret file '{path}'", (error.strerror or "failed").lower(), hint) from error


def _content(path: str) -> bytes:
    """The file's bytes, once the opened file is known to be nobody else's. Raises OSError, InputError."""
    # Without O_NONBLOCK a pipe would hold the run up before it can be refused.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        problem = _problem_with_access(os.fstat(descriptor))
        if problem:
            raise InputError(f"secret file '{path}' {problem}")
        with open(descriptor, "rb", closefd=False) as file:
            content = file.read(_MOST_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(content) > _MOST_BYTES:
        raise InputError(f"secret file '{path}' holds more than {_MOST_BYTES} bytes, which is no secret.")
    return content


def _problem_with_access(seen: os.stat_result) -> str:
    """Say who else could read the file or decide what is in it; an empty text if nobody could."""
    mode, reader = stat.S_IMODE(seen.st_mode), os.geteuid()
    if not stat.S_ISREG(seen.st_mode):
        return "is not a regular file."
    if mode & stat.S_IRWXO:
        return (
            f"is open to every account of this host (mode {mode:04o}). Make a new secret if others could have read it; "
            "otherwise: chmod o= on the file."
        )
    if mode & stat.S_IWGRP:
        return (
            f"can be written by its group (mode {mode:04o}). Next: make sure of its content, and chmod g-w on the file."
        )
    if seen.st_uid not in (0, reader):
        return (
            f"belongs to user id {seen.st_uid}, who decides what is in it, and is read by user id {reader}. "
            "Next: make sure of its content, and chown the file to root."
        )
    return ""


def _make_directories(path: str) -> None:
    if os.path.isdir(path):
        return
    _make_directories(os.path.dirname(path))
    with contextlib.suppress(FileExistsError):  # made by another run since the look above
        os.mkdir(path, 0o700)


def _sync(path: str) -> None:
    """Have a directory on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
