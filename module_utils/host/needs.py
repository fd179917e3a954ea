# SPDX-License-Identifier: Apache-2.0
"""What tasks need of a host before they can do anything: a user, commands, Python modules, the docker daemon."""

from __future__ import annotations

import importlib
import os
import pwd
import re
import shutil
import subprocess
import sys
from typing import Iterable, NamedTuple, Optional, Tuple

from ..base.errors import InputError, ToolError
from ..base.findings import Finding
from .docker.client import connect
from .images import Images, connect_images
from .packages import distribution

# Where root's commands are, which the PATH of another user may not have.
_MORE_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
_DOCKER_SECONDS = 10
_APT_SECONDS = 60
# A registry that has not answered the daemon by then counts as out of reach.
_REGISTRY_SECONDS = 20
# What comes of a registry that wants a login, which the pull may have: docker 20.10's own words, and those of the
# distribution specification's codes UNAUTHORIZED and DENIED.
_WANTS_LOGIN = ("no basic auth credentials", "unauthorized", "authentication required", "denied")

_PULLERS = {"docker": "the docker daemon", "podman": "podman"}


class Image(NamedTuple):
    """An image that tasks are to get: its name on this host, how (auto, pull, build or bootstrap), and from where."""

    name: str
    source: str
    pull: str


class Package(NamedTuple):
    """A package of Debian that tasks are to install: the lowest version that they can use, for what, or what else."""

    name: str
    version: str
    purpose: str
    instead: str


def check_root() -> Optional[Finding]:
    """Finding when the effective user is not root."""
    if os.geteuid() == 0:
        return None
    return Finding(
        f"the tasks run as {_who(os.geteuid())}, and they need root",
        "run the play with become (ansible-playbook -b, or become: true), or connect as root",
    )


def _who(number: int) -> str:
    try:
        return f"the user {pwd.getpwuid(number).pw_name} (id {number})"
    except KeyError:
        return f"user id {number}"


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


def check_package(package: Package) -> Optional[Finding]:
    """Finding when this host has, or apt would install, a lower version; none where apt does not say."""
    found, is_installed = _version_in_apt(package.name)
    if not found or _numbers(found) >= _numbers(package.version):
        return None
    has = "has" if is_installed else "would get"
    return Finding(
        f"{package.purpose} needs {package.name} {package.version} or later, and this host {has} {found}",
        f"set {package.instead}, or add a package source with {package.name} {package.version} or later",
    )


def _version_in_apt(name: str) -> Tuple[str, bool]:
    """The version that is installed, or that apt would install; whether it is installed. Empty if apt has none."""
    command, english = ["apt-cache", "policy", name], {**os.environ, "LC_ALL": "C"}
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, env=english, check=False, timeout=_APT_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return "", False
    said = dict(re.findall(r"^ *(Installed|Candidate): (\d\S*)$", done.stdout.decode(errors="replace"), re.MULTILINE))
    return said.get("Installed") or said.get("Candidate", ""), "Installed" in said


def _numbers(version: str) -> Tuple[int, ...]:
    """The numbers at the beginning of a version of Debian, without the epoch: 1:2.6.12-1 is 2, 6 and 12."""
    leading = re.match(r"(?:\d+:)?(\d+(?:\.\d+)*)", version)
    return tuple(int(number) for number in leading[1].split(".")) if leading else ()


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


def check_images(images: Iterable[Image], runtime: str = "docker") -> Optional[Finding]:
    """Finding when an image has to be made here from Debian packages, and mmdebstrap is missing.

    An image with the source auto is made here where docker or podman cannot read it from its registry. A registry
    that wants a login counts as one that has the image. Where the runtime does not answer at all there is no finding:
    other checks report that.
    """
    missing = check_command("mmdebstrap")
    made_here = [image for image in images if image.source in ("auto", "bootstrap")]
    if not missing or not made_here:
        return None
    try:
        engine = connect_images(runtime, _REGISTRY_SECONDS)
        absent = [image for image in made_here if not engine.image(image.name)]
    except (InputError, ToolError):
        return None
    refusals = {image.name: _refusal(engine, image) for image in absent}
    reasons = {name: reason for name, reason in refusals.items() if reason is not None}
    if not reasons:
        return None
    what = f"{missing.what}, and this host has to make {' and '.join(reasons)} from Debian packages"
    said = "; ".join(filter(None, reasons.values()))
    if not said:
        return missing._replace(what=what)
    return Finding(
        f"{what}, since {_PULLERS[runtime]} cannot pull {said}",
        f"{missing.remedy}, or let {_PULLERS[runtime]} reach the registry",
    )


def _refusal(engine: Images, image: Image) -> Optional[str]:
    """What came instead of an image that is to be pulled: None if that works, empty if there is no need to."""
    if image.source == "bootstrap" or not image.pull:
        return ""
    try:
        engine.offered(image.pull)
    except ToolError as error:
        wants_login = any(words in error.code for words in _WANTS_LOGIN)
        return None if wants_login else f"{image.pull} ({error.code})"
    return None
