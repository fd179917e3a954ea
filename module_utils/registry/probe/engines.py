# SPDX-License-Identifier: Apache-2.0
"""Docker and podman, as the round trip uses either of them: images by name, and logins on no command line."""

from __future__ import annotations

import json
import os
import re
import tempfile
from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import Any, Dict, Iterable, Iterator, List, Optional, Sequence, Tuple

from ...base.login import Login
from ...base.managed_file import write_text
from ...host.docker.client import Docker
from ...host.images import Images
from ...host.podman_images import PodmanImages
from ...host.program import refusal, run_program
from ..reach import is_loopback

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
# A file system in memory, if this user may write there: a login does not reach the disk.
_MEMORY = "/run"


class Engine(ABC):
    """What makes, pushes, pulls and removes images. image: HOST:PORT/REPOSITORY:TAG. Each method raises ToolError.

    images: those of this host.
    """

    def __init__(self, images: Images) -> None:
        self._images = images

    def import_image(self, layer: bytes, image: str) -> None:
        """Make an image with one layer, an uncompressed tar archive."""
        self._images.import_image([layer], image)

    def image_id(self, image: str) -> str:
        """The ID of the image on this host, empty without one."""
        found = self._images.image(image)
        return str(found["Id"]) if found else ""

    def remove_image(self, image: str, force: bool = False) -> None:
        """Remove the image from this host."""
        self._images.remove_image(image, force=force)

    @abstractmethod
    def push(self, image: str, login: Optional[Login]) -> str:
        """Push the image; the digest of its manifest, empty if none was reported."""

    @abstractmethod
    def pull(self, image: str, login: Optional[Login]) -> str:
        """Pull the image; the digest of its manifest, empty if none was reported."""


class DockerEngine(Engine):
    """The docker daemon, by its API: a login is a header of the request."""

    def __init__(self, docker: Docker) -> None:
        super().__init__(docker)
        self._docker = docker

    def push(self, image: str, login: Optional[Login]) -> str:
        """See Engine."""
        name, _colon, tag = image.rpartition(":")
        return _reported(self._docker.push(name, tag, login))

    def pull(self, image: str, login: Optional[Login]) -> str:
        """See Engine."""
        name, _colon, tag = image.rpartition(":")
        return _reported(self._docker.pull(name, tag, login))


class PodmanEngine(Engine):
    """The command podman. A login is in a file that only this user can read, for the time of one push or pull.

    registry: HOST:PORT. tls: whether the registry speaks TLS. As docker does, podman takes plain HTTP and any
    certificate on loopback; elsewhere the certificate has to be one of the host's authorities, or of those in ca_file.
    timeout: seconds that one command may take.
    """

    def __init__(self, registry: str, tls: bool, ca_file: Optional[str], timeout: float) -> None:
        super().__init__(PodmanImages(timeout))
        self._registry, self._ca_file, self._timeout = registry, ca_file, timeout
        self._verifies = tls and not is_loopback(registry.rpartition(":")[0])

    def push(self, image: str, login: Optional[Login]) -> str:
        """See Engine."""
        with self._access(login) as (folder, options):
            digest = os.path.join(folder, "digest")
            self._run(["push", "--quiet", f"--digestfile={digest}", *options, image])
            with open(digest, encoding="ascii") as file:
                return file.read().strip()

    def pull(self, image: str, login: Optional[Login]) -> str:
        """See Engine."""
        with self._access(login) as (_folder, options):
            self._run(["pull", "--quiet", *options, image])
        return str((self._images.image(image) or {}).get("Digest", ""))

    @contextmanager
    def _access(self, login: Optional[Login]) -> Iterator[Tuple[str, List[str]]]:
        """A folder of this user's alone, and the options that make podman read its login and authorities there.

        Without a login the file is empty, so that no login of the host's own is used either.
        """
        place = _MEMORY if os.access(_MEMORY, os.W_OK) else None
        with tempfile.TemporaryDirectory(prefix="rgwkit-roundtrip-", dir=place) as folder:
            options = [f"--authfile={folder}/auth.json", f"--tls-verify={str(self._verifies).lower()}"]
            write_text(f"{folder}/auth.json", json.dumps({"auths": _logins(self._registry, login)}), os.geteuid())
            if self._verifies and self._ca_file:
                # containers-certs.d(5): files that end in .crt are authorities.
                with open(self._ca_file, encoding="ascii") as authorities:
                    write_text(f"{folder}/ca.crt", authorities.read(), os.geteuid())
                options.append(f"--cert-dir={folder}")
            yield folder, options

    def _run(self, words: Sequence[str]) -> None:
        done = run_program(["podman", *words], self._timeout)
        if done.returncode:
            raise refusal(done, "Read the registry's log.")


def _reported(events: Iterable[Dict[str, Any]]) -> str:
    """The digest that the docker daemon has reported, empty for none. Raises ToolError."""
    found = [_DIGEST.search(str(event.get("status", ""))) for event in events]
    return next((match.group() for match in reversed(found) if match), "")


def _logins(registry: str, login: Optional[Login]) -> Dict[str, Dict[str, str]]:
    """The section `auths` of containers-auth.json(5)."""
    if login is None:
        return {}
    return {registry: {"auth": login.basic.partition(" ")[2]}}
