# SPDX-License-Identifier: Apache-2.0
"""Images of podman by its command: its docker API knows no tlsVerify, and ignores the tag of an import."""

from __future__ import annotations

import json
import subprocess
from contextlib import suppress
from typing import Any, Dict, Iterable, Mapping, Optional

from ..base.errors import ToolError
from .program import refusal, run_program

__all__ = ["Podman"]

_HINT = "Check podman on this host."
# podman 3 to 5.
_NO_IMAGE = ("no such image", "image not known", "unable to find")


class Podman:
    """The calls that the docker daemon's client has, too. All of them raise ToolError."""

    def image(self, name: str) -> Optional[Dict[str, Any]]:
        """What podman knows of an image; None without one."""
        done = run_program(["podman", "image", "inspect", name])
        if done.returncode and any(words in done.stderr for words in _NO_IMAGE):
            return None
        if done.returncode:
            raise refusal(done, _HINT)
        found: Dict[str, Any] = json.loads(done.stdout)[0]
        return found

    def offered(self, name: str) -> Dict[str, Any]:
        """What its registry says of an image that podman would pull."""
        done = run_program(["podman", "manifest", "inspect", f"docker://{name}"])
        if done.returncode:
            raise refusal(done, _HINT)
        found: Dict[str, Any] = json.loads(done.stdout)
        return found

    def import_image(self, tar: Iterable[bytes], name: str = "", labels: Optional[Mapping[str, str]] = None) -> str:
        """Make an image of a file system while its tar file comes; the id. name: with tag; empty for an image by id."""
        changes = [f"--change=LABEL {key}={value}" for key, value in sorted((labels or {}).items())]
        command = ["podman", "import", "--quiet", *changes, "-", *([name] if name else [])]
        try:
            child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except OSError as error:
            raise ToolError("start", "podman", str(error), "Install podman.") from error
        with child:
            # podman that ends early says why, and is asked below.
            with suppress(BrokenPipeError):
                for chunk in tar:
                    if child.stdin:
                        child.stdin.write(chunk)
            said, wrong = child.communicate()
        if child.returncode:
            lines = wrong.decode(errors="replace").strip().splitlines() or ["nothing said"]
            raise ToolError("import", f"image {name}".rstrip(), lines[-1], _HINT)
        return said.decode().strip().splitlines()[-1]

    def tag_image(self, image: str, name: str) -> None:
        """Give an image a name with a tag."""
        self._do("tag", image, name)

    def remove_image(self, name: str, force: bool = False) -> None:
        """Remove an image. force: also where a container uses it."""
        self._do("image", "rm", *(["--force"] if force else []), name)

    def _do(self, *words: str) -> None:
        done = run_program(["podman", *words])
        if done.returncode:
            raise refusal(done, _HINT)
