# SPDX-License-Identifier: Apache-2.0
"""What tasks need of a host before they can do anything: a user, commands, Python modules, the docker daemon."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from typing import Iterable, NamedTuple, Optional

from ..base.errors import InputError, ToolError
from ..base.findings import Finding
from .docker.client import Docker, connect
from .packages import distribution

# Where root's commands are, which the PATH of another user may not have.
_MORE_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
_DOCKER_SECONDS = 10
# A registry that has not answered the daemon by then counts as out of reach.
_REGISTRY_SECONDS = 20
# What comes of a registry that wants a login, which the pull may have: docker 20.10's own words, and those of the
# distribution specification's codes UNAUTHORIZED and DENIED.
_WANTS_LOGIN = ("no basic auth credentials", "unauthorized", "authentication required", "denied")


class Image(NamedTuple):
    """An image that tasks are to get: its name on this host, how (auto, pull, build or bootstrap), and from where."""

    name: str
    source: str
    pull: str


def check_root() -> Optional[Finding]:
    """Finding when the effective user is not root."""
    if os.geteuid() == 0:
        return None
    return Finding(
        f"the tasks run as user id {os.geteuid()}, and they need root",
        "run the play with become (ansible-playbook -b, or become: true), or connect as root",
    )


def check_command(command: str) -> Optional[Finding]:
    """Finding when this host has no such command."""
    folders = os.pathsep.join([os.environ.get("PATH", os.defpath), *_MORE_FOLDERS])
    if shutil.which(command, path=folders):
        return None
    return Finding(f"the command {command} is missing", distribution().command_remedy(command))


def check_module(module: str) -> Optional[Finding]:
    """Finding when the interpreter that runs this cannot import a Python module of this name."""
    try:
        importlib.import_module(module)
    except Exception as error:  # noqa: BLE001 -- a package that is broken may raise anything
        problem = f"Python at {sys.executable} cannot import {module}"
        if not isinstance(error, ModuleNotFoundError) or error.name != module:
            problem += f" ({type(error).__name__}: {error})"
        return Finding(problem, distribution().module_remedy(module))
    return None


def check_docker(needs_root: bool) -> Optional[Finding]:
    """Finding when the docker daemon does not answer this user.

    needs_root: whether the user has to be root anyway. Then a socket that is closed to another user is no finding of
    its own, as root may use it.
    """
    try:
        connect(_DOCKER_SECONDS)
    except InputError as error:
        return Finding(str(error), "correct or unset DOCKER_HOST")
    except ToolError as error:
        if needs_root and os.geteuid() != 0 and isinstance(error.__cause__, PermissionError):
            return None
        status = f"HTTP {error.status} " if error.status else ""
        return Finding(f"could not {error.operation} {error.target}: {status}{error.code}", error.hint.rstrip("."))
    return None


def check_images(images: Iterable[Image]) -> Optional[Finding]:
    """Finding when an image has to be made here from Debian packages, and mmdebstrap is missing.

    An image with the source auto is made here where the docker daemon cannot read it from its registry. A registry
    that wants a login counts as one that has the image. Where the daemon does not answer at all there is no finding:
    check_docker reports that.
    """
    missing = check_command("mmdebstrap")
    made_here = [image for image in images if image.source in ("auto", "bootstrap")]
    if not missing or not made_here:
        return None
    try:
        docker = connect(_REGISTRY_SECONDS)
        absent = [image for image in made_here if not docker.image(image.name)]
    except (InputError, ToolError):
        return None
    refusals = {image.name: _refusal(docker, image) for image in absent}
    reasons = {name: reason for name, reason in refusals.items() if reason is not None}
    if not reasons:
        return None
    what = f"{missing.what}, and this host has to make {' and '.join(reasons)} from Debian packages"
    said = "; ".join(filter(None, reasons.values()))
    if not said:
        return missing._replace(what=what)
    return Finding(
        f"{what}, since the docker daemon cannot pull {said}",
        f"{missing.remedy}, or let the docker daemon reach the registry",
    )


def _refusal(docker: Docker, image: Image) -> Optional[str]:
    """What came instead of an image that docker should pull: None if docker can, empty if docker need not."""
    if image.source == "bootstrap" or not image.pull:
        return ""
    try:
        docker.offered(image.pull)
    except ToolError as error:
        wants_login = any(words in error.code for words in _WANTS_LOGIN)
        return None if wants_login else f"{image.pull} ({error.code})"
    return None
