# SPDX-License-Identifier: Apache-2.0
"""A container image from Debian packages, with no container registry: mmdebstrap piped into the docker daemon."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
from typing import IO, Any, Dict, Iterator, List, NamedTuple, Optional, cast

RECIPE_LABEL = "io.rgwkit.recipe"
# Documentation and translations are half of a Ceph image's files and of no use in a container.
_EXCLUDED_PATHS = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/info/*", "/usr/share/locale/*")
_CHUNK = 1 << 20
# What mmdebstrap (that is, apt) says -> what the reader can do about it.
_HINTS = (
    (
        "is expired",
        "the mirror's release file is out of date (a frozen or abandoned mirror): use another mirror, or accept it "
        "with allow_expired_release",
    ),
    ("Could not resolve", "the package mirror's name does not resolve: check DNS, the network and any proxy"),
    ("Could not connect", "the package mirror does not answer: check the network and any proxy"),
    ("Unable to connect", "the package mirror does not answer: check the network and any proxy"),
    ("Unable to locate package", "this suite has no such package: check suite and packages"),
    ("NO_PUBKEY", "the suite is signed by a key that this host's debian-archive-keyring lacks: update that package"),
    ("No space left", "the disk is full: free some space"),
)


class BootstrapError(Exception):
    """The image could not be made; the text says what was attempted, what came back and what to do."""


class Recipe(NamedTuple):
    """What goes into the image. Two equal recipes are taken for the same image.

    suite: Debian suite or codename. packages: installed without recommends. mirror: base URL of the archive, None for
    the one this host uses. allow_expired_release: accept a release file past its Valid-Until (apt.conf(5),
    Check-Valid-Until).
    """

    suite: str
    packages: List[str]
    mirror: Optional[str]
    allow_expired_release: bool

    def digest(self) -> str:
        """The value of the recipe label: sha256 over suite and packages, which decide what is inside."""
        return hashlib.sha256(json.dumps([self.suite, sorted(self.packages)]).encode()).hexdigest()[:16]


def host_mirror() -> str:
    """Base URL of the Debian archive that this host installs from. Raises BootstrapError when apt names none."""
    command = [
        "apt-get",
        "indextargets",
        "--format",
        "$(REPO_URI)",
        "Created-By: Packages",
        "Origin: Debian",
        "Label: Debian",
    ]
    try:
        listed = subprocess.run(command, capture_output=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BootstrapError(
            f"asking apt for this host's Debian mirror: {error}; name one with the option mirror"
        ) from error
    mirrors = listed.stdout.decode().split()
    if not mirrors:
        raise BootstrapError(
            "apt knows no Debian mirror on this host: run 'apt-get update', or name one with the option mirror"
        )
    return mirrors[0]


def bootstrap(api: Any, recipe: Recipe, name: str, labels: Dict[str, str], timeout: float) -> str:
    """Make the image `name` and return its id.

    api: docker.APIClient. timeout: seconds for the whole work. The image is tagged only after mmdebstrap has ended
    well, so that a half-made file system is never taken for an image. Raises BootstrapError.
    """
    command = _command(recipe, recipe.mirror or host_mirror())
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
            raise BootstrapError(f"starting mmdebstrap: {error}; install the Debian package mmdebstrap") from error
        changes = [f'LABEL {key}="{value}"' for key, value in sorted(labels.items())]
        answer = api.import_image_from_data(_chunks(cast(IO[bytes], child.stdout)), changes=changes)
        if child.wait() != 0:
            _discard(api, answer)
            raise BootstrapError(_failure(recipe, child.returncode, timeout, messages))
    image_id = _image_id(answer)
    repository, tag = name.rsplit(":", 1)
    api.tag(image_id, repository, tag)
    return image_id


def _command(recipe: Recipe, mirror: str) -> List[str]:
    options = ['APT::Install-Recommends "false"']
    if recipe.allow_expired_release:
        options.append('Acquire::Check-Valid-Until "false"')
    command = ["mmdebstrap", "--mode=root", "--variant=apt", "--format=tar", "--dpkgopt=force-unsafe-io"]
    command += [f"--aptopt={option}" for option in options]
    command += [f"--dpkgopt=path-exclude={path}" for path in _EXCLUDED_PATHS]
    command += ["--include=" + ",".join(recipe.packages), recipe.suite, "-", mirror]
    return command


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: stream.read(_CHUNK), b"")


def _image_id(answer: str) -> str:
    status = json.loads(answer.strip().splitlines()[-1])
    if "status" not in status:
        raise BootstrapError(f"the docker daemon refused the file system: {status.get('error', answer)}")
    return str(status["status"])


def _discard(api: Any, answer: str) -> None:
    try:
        api.remove_image(_image_id(answer))
    except Exception:  # noqa: BLE001 -- the daemon may have refused the torn tar stream: then there is nothing to remove
        return


def _failure(recipe: Recipe, code: int, timeout: float, messages: Any) -> str:
    messages.seek(0)
    lines = messages.read().decode(errors="replace").splitlines()
    errors = [line for line in lines if line.startswith(("E:", "W: Failed"))] or lines[-5:]
    hint = next((hint for word, hint in _HINTS if any(word in line for line in errors)), "see mmdebstrap(1)")
    said = f"did not end within {timeout:.0f} s" if code == 124 else f"exit code {code}: " + " | ".join(errors[:4])
    return f"making an image from Debian {recipe.suite} ({', '.join(recipe.packages)}) with mmdebstrap: {said}; {hint}"
