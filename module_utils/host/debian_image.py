# SPDX-License-Identifier: Apache-2.0
"""A container image from Debian packages, with no container registry: mmdebstrap piped into docker or podman."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
import time
from contextlib import suppress
from typing import IO, Any, Dict, Iterator, List, NamedTuple, Optional, cast

from ..base.errors import ToolError
from .debian_archive import NO_SECURITY, Source, digest_of_states, hint
from .debian_hooks import UNPACKED_PACKAGES, configured, unpacked
from .debian_progress import Progress
from .images import Images

RECIPE_LABEL = "io.rgwkit.recipe"
# When the image was made, and from which states of the archive: what tells whether it is old.
MADE_LABEL = "io.rgwkit.made"
RELEASES_LABEL = "io.rgwkit.releases"
_CHUNK = 1 << 20
# What mmdebstrap may take to end after its last byte.
_LAST_SECONDS = 5


class Recipe(NamedTuple):
    """What goes into the image. Two equal recipes are taken for the same image.

    suite: Debian suite or codename. packages: installed without recommends. mirror, security_mirror: base URLs of the
    archives, None for those that this host uses. allow_expired_release: accept a release file past its Valid-Until
    (apt.conf(5), Check-Valid-Until). configure: install the packages, with those that every Debian has; otherwise only
    unpack them, with their dependencies.
    """

    suite: str
    packages: List[str]
    mirror: Optional[str]
    security_mirror: Optional[str]
    allow_expired_release: bool
    configure: bool = True

    def digest(self) -> str:
        """The value of the recipe label: sha256 over what decides which packages are inside."""
        inside: List[object] = [self.suite, sorted(self.packages), self.security_mirror != NO_SECURITY]
        inside += [] if self.configure else ["unpacked"]
        return hashlib.sha256(json.dumps(inside).encode()).hexdigest()[:16]


def image_labels(recipe: Recipe, sources: List[Source]) -> Dict[str, str]:
    """What the image says of itself: its recipe, when it was made, and from which states of the archive."""
    made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return {RECIPE_LABEL: recipe.digest(), MADE_LABEL: made, RELEASES_LABEL: digest_of_states(sources)}


def bootstrap(
    images: Images, recipe: Recipe, sources: List[Source], name: str, labels: Dict[str, str], timeout: float
) -> str:
    """Make the image `name` from these sources and return its id.

    timeout: seconds for the whole work. The image is tagged only after mmdebstrap has ended well, so that a half-made
    file system is never taken for an image. Raises ToolError.
    """
    command = _command(recipe, sources)
    with tempfile.TemporaryFile() as messages:
        try:
            # timeout(1) bounds the child even while this process waits for its output.
            child = subprocess.Popen(
                ["timeout", str(int(timeout))] + command,
                stdout=subprocess.PIPE,
                stderr=messages,
                stdin=subprocess.DEVNULL,
            )
        except OSError as error:
            raise ToolError("start", "mmdebstrap", str(error), "Install the Debian package mmdebstrap.") from error
        with child, cast(IO[bytes], child.stdout) as tar, Progress(name, messages.fileno(), recipe.configure):
            try:
                image_id = images.import_image(_chunks(tar), labels=labels)
            except ToolError:
                # docker or podman may refuse a torn file system: then its end is the cause.
                if not _has_ended(child) or child.returncode == 0:
                    raise
                image_id = ""
        if child.returncode != 0:
            _discard(images, image_id)
            raise _failure(recipe, child.returncode, timeout, messages)
    images.tag_image(image_id, name)
    return image_id


def _command(recipe: Recipe, sources: List[Source]) -> List[str]:
    options = ['APT::Install-Recommends "false"']
    if recipe.allow_expired_release:
        options.append('Acquire::Check-Valid-Until "false"')
    packages = [*recipe.packages, *([] if recipe.configure else UNPACKED_PACKAGES)]
    # mmdebstrap(1), "MODES": an ordinary user works in a user namespace, with their subordinate ids.
    mode, variant = "root" if os.geteuid() == 0 else "unshare", "apt" if recipe.configure else "extract"
    command = ["mmdebstrap", f"--mode={mode}", f"--variant={variant}", "--format=tar", "--dpkgopt=force-unsafe-io"]
    command += [f"--aptopt={option}" for option in options]
    command += configured() if recipe.configure else unpacked()
    command += ["--include=" + ",".join(packages), recipe.suite, "-"]
    return command + [source.line() for source in sources]


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: stream.read(_CHUNK), b"")


def _has_ended(child: subprocess.Popen[bytes]) -> bool:
    """Whether mmdebstrap has ended by itself; otherwise it is ended now. timeout(1) passes the signal on."""
    try:
        child.wait(_LAST_SECONDS)
    except subprocess.TimeoutExpired:
        child.terminate()
        return False
    return True


def _discard(images: Images, image_id: str) -> None:
    if image_id:
        with suppress(ToolError):  # somebody else has removed it
            images.remove_image(image_id)


def _failure(recipe: Recipe, code: int, timeout: float, messages: Any) -> ToolError:
    messages.seek(0)
    lines = messages.read().decode(errors="replace").splitlines()
    errors = [line for line in lines if line.startswith(("E:", "W: Failed"))] or lines[-5:]
    advice = hint("\n".join(errors), "see mmdebstrap(1)")
    said = f"did not end within {timeout:.0f} s" if code == 124 else f"exit code {code}: " + " | ".join(errors[:4])
    packages = ", ".join(recipe.packages)
    return ToolError("create", f"an image from Debian {recipe.suite} ({packages}) with mmdebstrap", said, f"{advice}.")
