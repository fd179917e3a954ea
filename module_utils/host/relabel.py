# SPDX-License-Identifier: Apache-2.0
"""How docker and podman label a folder of the host for SELinux when they create a container that mounts the folder.

docker-run(1) and podman-run(1), --volume: z labels for all containers, Z for one and against the others. docker's
--mount cannot say this. Without SELinux, both programs ignore the letters.
"""

from __future__ import annotations

from ..base.errors import InputError

__all__ = ["NONE", "PRIVATE", "RELABEL", "SHARED", "refuse_colon", "volume_entry"]

SHARED, PRIVATE, NONE = "shared", "private", "none"
RELABEL = (SHARED, PRIVATE, NONE)
_LETTERS = {SHARED: "z", PRIVATE: "Z"}


def volume_entry(source: str, target: str, read_only: bool, relabel: str) -> str:
    """An entry as `--volume` takes it, such as /srv/a:/a:ro,z."""
    letters = [_LETTERS[relabel]] if relabel in _LETTERS else []
    options = ",".join(["ro", *letters] if read_only else letters)
    return ":".join(part for part in (source, target, options) if part)


def refuse_colon(option: str, path: str) -> None:
    """Raise InputError for a path that would end before its own end in an entry."""
    if ":" in path:
        text = f"{option}: {path} has a colon, which ends a path in an entry of volumes. Next: use a path without one"
        raise InputError(text)
