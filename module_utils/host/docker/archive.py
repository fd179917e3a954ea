# SPDX-License-Identifier: Apache-2.0
"""One small file of a container, out of the tar archive that the docker daemon makes of a path.

Docker Engine API 1.41, GET /containers/{id}/archive: links in the folders of the path are followed, and a link at its
end is archived as a link.
"""

from __future__ import annotations

import io
import posixpath
import tarfile
from contextlib import closing
from typing import Callable, Generator, Iterable

from ...base.errors import ToolError

LARGEST_TEXT_FILE = 4 * 1024 * 1024
_MAX_LINKS = 40  # as the kernel: path_resolution(7)
_CHECK = "Check the image: /etc/passwd and /etc/group are text files of a few KiB."


def text_file(archive: Callable[[str], Generator[bytes, None, None]], path: str) -> bytes:
    """The content of a file. archive: the tar archive of a path. Raises ToolError for a folder and a huge file.

    The archive is closed before an error is raised: the daemon removes no container while it sends a path of it.
    """
    place = path
    for _hop in range(_MAX_LINKS):
        with closing(archive(place)) as blocks:
            member, content = _first(blocks, path)
        if not member.issym():
            return content
        place = posixpath.normpath(posixpath.join(posixpath.dirname(place), member.linkname))
    raise ToolError("read", f"{path} of the image", "its links form a circle", _CHECK)


def no_text_file(path: str) -> ToolError:
    """The error for what is no small regular file."""
    return ToolError(
        "read", f"{path} of the image", f"the path is no file of at most {LARGEST_TEXT_FILE // 1024**2} MiB", _CHECK
    )


def _first(blocks: Iterable[bytes], path: str) -> tuple[tarfile.TarInfo, bytes]:
    """The archive's first member, and its content if it is a file."""
    whole = b""
    for block in blocks:
        whole += block
        if len(whole) > LARGEST_TEXT_FILE:
            raise no_text_file(path)
    try:
        with tarfile.open(fileobj=io.BytesIO(whole), mode="r:") as tar:
            member = tar.next()
            file = tar.extractfile(member) if member and member.isreg() else None
            if member and (file or member.issym()):
                return member, file.read() if file else b""
    except tarfile.TarError as error:
        raise ToolError("read", f"{path} of the image", f"no tar archive came ({error})", _CHECK) from error
    raise no_text_file(path)
