# SPDX-License-Identifier: Apache-2.0
"""The record of a service: its runtime, what its process has loaded, and what the role manages for the service besides.

A role compares the record before it does anything, and writes the record when the service runs as wanted. So one look
tells whether a host needs the role's tasks, and a run that is killed between a change and the restart leaves a record
that differs: the next run restarts the service.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from functools import partial
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence

from ..base.managed_file import read_text
from ..base.marked_blocks import without_blocks
from ..base.text import from_bytes, to_bytes

__all__ = ["Content", "Record", "differences", "digests", "drift", "read"]

FORMAT = 2
_ABSENT = "absent"


class Content(NamedTuple):
    """Values by names for people, and paths of files.

    Of files, the content counts; of managed files, owner and mode as well. Of programs, which are large, size and
    modification time count. block: where a managed file has blocks of several services, the name of this one's; the
    other blocks do not count.
    """

    values: Mapping[str, Any]
    files: Sequence[str] = ()
    managed_files: Sequence[str] = ()
    programs: Sequence[str] = ()
    block: str = ""


class Record(NamedTuple):
    """The digests are SHA-256 in hex digits, by the names of what they are of.

    loaded: what the process reads at its start, so that a difference needs a restart or reload. managed: what the role
    keeps in order besides. process: digest of the container's or unit's definition, empty where nobody looked.
    kept: the definition that the process runs on, in JSON, and image: the ID of its image. Both are empty where there
    are none, and let the role run the process so again.
    """

    runtime: str
    loaded: Mapping[str, str]
    managed: Mapping[str, str] = {}
    process: str = ""
    kept: str = ""
    image: str = ""

    def text(self) -> str:
        """The content of the file."""
        return json.dumps({"format": FORMAT, **self._asdict()}, indent=2, sort_keys=True) + "\n"


def digests(content: Content) -> Dict[str, str]:
    """The digest of each value and file as they are now. Raises OSError.

    A file that does not exist differs from one that is empty.
    """
    parts = {name: _digest(json.dumps(value, sort_keys=True).encode()) for name, value in content.values.items()}
    managed = partial(_content_and_access, block=content.block)
    kinds = ((_content, content.files), (managed, content.managed_files), (_times, content.programs))
    for digest_of, paths in kinds:
        for path in paths:
            try:
                parts[path] = digest_of(path)
            except FileNotFoundError:
                parts[path] = _ABSENT
    return parts


def read(path: str) -> Optional[Record]:
    """The record in a file; None without one, or with one that this release does not know. Raises OSError."""
    text = read_text(path)
    try:
        facts: Dict[str, Any] = json.loads(text or "")
        if facts["format"] != FORMAT:
            return None
        texts = (str(facts[name]) for name in ("process", "kept", "image"))
        return Record(str(facts["runtime"]), dict(facts["loaded"]), dict(facts["managed"]), *texts)
    except (ValueError, TypeError, KeyError):
        return None


def differences(before: Optional[Record], now: Record) -> List[str]:
    """The names of what the process has not loaded yet, and of what it should not have loaded any more."""
    if before is None:
        return sorted(now.loaded)
    return (["runtime"] if before.runtime != now.runtime else []) + _different(before.loaded, now.loaded)


def drift(before: Optional[Record], now: Record) -> List[str]:
    """The names of what else is not as the role left it; first the process, which counts where somebody looked."""
    if before is None:
        return sorted(now.managed)
    process = ["process"] if now.process and before.process != now.process else []
    return process + _different(before.managed, now.managed)


def _different(before: Mapping[str, str], now: Mapping[str, str]) -> List[str]:
    return sorted(name for name in {*before, *now} if before.get(name) != now.get(name))


def _content(path: str, block: str = "") -> str:
    with open(path, "rb") as file:
        content = file.read()
    if block:
        content = to_bytes(without_blocks(from_bytes(content), block.__ne__))
    return _digest(content)


def _content_and_access(path: str, block: str) -> str:
    status = os.stat(path)
    return _digest(f"{_content(path, block)} {status.st_uid} {status.st_gid} {stat.S_IMODE(status.st_mode):o}".encode())


def _times(path: str) -> str:
    status = os.stat(path)
    return _digest(f"{status.st_size} {status.st_mtime_ns}".encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
