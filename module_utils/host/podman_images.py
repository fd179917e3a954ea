# SPDX-License-Identifier: Apache-2.0
"""Podman's images, by its command: its API takes no registry without TLS, and ignores the name of an import."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from contextlib import suppress
from typing import IO, Any, Dict, Iterable, List, Mapping, Optional, Sequence, cast

from ..base.errors import ToolError
from .docker.archive import LARGEST_TEXT_FILE, no_text_file
from .program import SECONDS, refusal, run_program

__all__ = ["PodmanImages"]

# podman 3 to 5: "no such image", "image not known".
_ABSENT = ("no such image", "image not known")
# podman 4 and 5, podman 3.
_NO_FILE = ("could not be found on container", "no such file or directory")
# What podman says of the manifest of one image in the format of OCI, which it has read by then: it expects a list.
_READ = "Treating single images as manifest lists is not implemented"
# podman prefixes the last line of its errors with that.
_ERROR = "Error: "


class PodmanImages:
    """The calls, with the names of those of the class Docker. All of them raise ToolError.

    timeout: seconds that one of them may take; import_image takes as long as the file system comes.
    """

    def __init__(self, timeout: float = SECONDS) -> None:
        self._timeout = timeout

    def image(self, name: str) -> Optional[Dict[str, Any]]:
        """What podman knows of an image; None without one."""
        done = run_program(["podman", "image", "inspect", name], self._timeout)
        if done.returncode and any(words in done.stderr for words in _ABSENT):
            return None
        if done.returncode:
            raise refusal(done, "Check podman on this host.")
        try:
            found: Dict[str, Any] = json.loads(done.stdout)[0]
        except (ValueError, IndexError) as error:
            said = done.stdout.strip()[:200]
            raise ToolError("read", f"image {name} of podman", said, "Check podman on this host.") from error
        return found

    def hold_image(self, image: Mapping[str, Any], name: str) -> str:
        """Create a container of an image that image() has found, which is never started, to read files; its ID."""
        options = [f"--name={name}", "--pull=never", "--network=none", "--image-volume=ignore", "--entrypoint=[]"]
        return self._do("create a container of", name, ["create", *options, image["Id"], "/never-started"]).strip()

    def read_file(self, container: str, path: str) -> Optional[bytes]:
        """A file of a container, whether it runs or not; None without one. Links are followed inside the container."""
        with tempfile.TemporaryDirectory(prefix="rgwkit-") as folder:
            copy = os.path.join(folder, "copy")
            done = run_program(["podman", "cp", f"{container}:{path}", copy], self._timeout)
            if done.returncode and any(words in done.stderr for words in _NO_FILE):
                return None
            if done.returncode:
                raise refusal(done, "Check podman on this host.")
            if not os.path.isfile(copy) or os.path.getsize(copy) > LARGEST_TEXT_FILE:
                raise no_text_file(path)
            with open(copy, "rb") as file:
                return file.read()

    def release_image(self, container: str) -> None:
        """Remove a container that hold_image() has created."""
        self._do("remove the container of", container[:12], ["rm", "--volumes", "--force", container])

    def maps_users(self) -> bool:
        """Whether a user of a container has another id on the host, which is so for podman without root."""
        return os.geteuid() != 0

    def offered(self, name: str) -> None:
        """Read of an image what its registry has, which podman would pull."""
        done = run_program(["podman", "manifest", "inspect", name], self._timeout)
        if done.returncode and _READ not in done.stderr:
            hint = "Let podman reach the registry."
            raise ToolError("ask the registry for", f"image {name}", _said(done.stderr), hint)

    def import_image(self, tar: Iterable[bytes], name: str = "", labels: Optional[Mapping[str, str]] = None) -> str:
        """Make an image of a file system while its tar file comes; the ID. name: with tag; empty for an image by ID.

        podman keeps the whole tar file below /var/tmp (or TMPDIR) until the image is made.
        """
        changes = [f'--change=LABEL {key}="{value}"' for key, value in sorted((labels or {}).items())]
        command = ["podman", "import", "--quiet", *changes, "-", *([name] if name else [])]
        with tempfile.TemporaryFile() as messages:
            try:
                child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=messages)
            except OSError as error:
                raise ToolError("run", "podman", str(error), "Install podman.") from error
            said = _fed(child, tar)
            messages.seek(0)
            words = messages.read().decode(errors="replace")
        if child.returncode or not said:
            hint = "Read what podman says; the disk may be full."
            raise ToolError("import", f"image {name}".rstrip(), _said(words), hint)
        return said.split()[-1]

    def tag_image(self, image: str, name: str) -> None:
        """Give an image a name with a tag."""
        self._do("tag", name, ["tag", image, name])

    def remove_image(self, name: str, force: bool = False) -> None:
        """Remove an image. force: with the containers that use it."""
        self._do("remove", name, ["image", "rm", *(["--force"] if force else []), name])

    def pull(self, name: str) -> None:
        """Get an image from its registry."""
        self._do("pull", name, ["pull", "--quiet", name], "Check the name, the network and the login (podman login).")

    def build(
        self, name: str, path: str, arguments: Mapping[str, str], labels: Mapping[str, str], cache: bool = True
    ) -> None:
        """Make an image by the Dockerfile in a folder.

        The format is docker's, since that of OCI has no HEALTHCHECK. The steps use the host's network, so that a build
        needs none of podman's own.
        """
        words = ["build", "--quiet", "--format=docker", "--network=host", f"--no-cache={str(not cache).lower()}"]
        words += [f"--build-arg={key}={value}" for key, value in arguments.items()]
        words += [f"--label={key}={value}" for key, value in labels.items()]
        self._do("build", name, [*words, f"--tag={name}", path], "Read what the failed step says.")

    def _do(self, operation: str, name: str, words: Sequence[str], hint: str = "Check podman on this host.") -> str:
        """What the command printed."""
        done = run_program(["podman", *words], self._timeout)
        if done.returncode:
            raise ToolError(operation, f"image {name} with podman", _said(done.stderr), hint)
        return done.stdout


def _fed(child: subprocess.Popen[bytes], tar: Iterable[bytes]) -> str:
    """What the program printed, once it has read all. A program that ends before is no error here: its exit code is."""
    with child:
        feed, printed = cast(IO[bytes], child.stdin), cast(IO[bytes], child.stdout)
        try:
            for block in tar:
                feed.write(block)
            feed.close()
        except BrokenPipeError:
            with suppress(BrokenPipeError):  # of what the buffer still has
                feed.close()
        except BaseException:
            child.kill()
            raise
        return printed.read().decode(errors="replace").strip()


def _said(text: str) -> str:
    """The last lines of what podman says, the last of which has the cause."""
    lines: List[str] = [line.strip() for line in text.strip().splitlines() if line.strip()]
    last = " | ".join(lines[-3:]) or "nothing said"
    return last[len(_ERROR) :] if last.startswith(_ERROR) else last
