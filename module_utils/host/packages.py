# SPDX-License-Identifier: Apache-2.0
"""How this host installs what is missing: the names of packages by distribution, as a command to type."""

from __future__ import annotations

import os
import shlex
import sys
from typing import Dict, Mapping, NamedTuple, Tuple

_RELEASE_FILES = ("/etc/os-release", "/usr/lib/os-release")  # os-release(5)
_SYSTEM_PYTHON = "/usr/bin/python3"
# The family of each ID and ID_LIKE of os-release, and how it installs.
_FAMILIES = {"debian": "debian", "ubuntu": "debian", "fedora": "redhat", "rhel": "redhat", "centos": "redhat"}
_FAMILIES.update({"suse": "suse", "opensuse": "suse", "sles": "suse"})
_INSTALL = {"debian": "apt install", "redhat": "dnf install", "suse": "zypper install"}
# Commands whose package has another name. From the distributions' package lists, 2026-11.
_OF_COMMANDS: Mapping[str, Mapping[str, str]] = {
    "docker": {"debian": "docker.io", "redhat": "docker-ce-cli", "suse": "docker"},
    "systemctl": {"debian": "systemd", "redhat": "systemd", "suse": "systemd"},
}
# Python modules for a Python that is not the distribution's first one.
_OF_VERSIONS = {"redhat": "python3.{minor}-{module}", "suse": "python3{minor}-{module}"}
# Debian 12 still has the command in docker.io; from 13 on, docker.io only recommends it.
_DEBIAN_WITH_DOCKER_CLI = 13
_NOTES = {("docker", "redhat"): ", from the package repository of Docker, Inc."}


class Distribution(NamedTuple):
    """family: debian, redhat or suse; empty for others. name, version: ID and VERSION_ID of os-release(5)."""

    family: str
    name: str
    version: str

    def command_remedy(self, command: str) -> str:
        """How to get a command."""
        if not self.family:
            return f"install the package of this distribution that has {command}"
        names = _OF_COMMANDS.get(command, {})
        package = names.get(self.family, command)
        if command == "docker" and self.name == "debian" and self._major() >= _DEBIAN_WITH_DOCKER_CLI:
            package = "docker-cli"
        return f"{_INSTALL[self.family]} {package}{_NOTES.get((command, self.family), '')}"

    def module_remedy(self, module: str) -> str:
        """How to get a Python module for the interpreter that runs this."""
        python = sys.executable or "python3"
        if sys.prefix != sys.base_prefix:  # a virtual environment, the one place where pip changes nothing else
            return f"{shlex.quote(python)} -m pip install {module} (in this virtual environment)"
        if not self.family:
            return f"install the package of this distribution that has the Python module {module}"
        install = _INSTALL[self.family]
        if os.path.realpath(python) == os.path.realpath(_SYSTEM_PYTHON):
            return f"{install} python3-{module}"
        if sys.prefix == "/usr" and self.family in _OF_VERSIONS:  # a second Python of the distribution
            return f"{install} {_OF_VERSIONS[self.family].format(minor=sys.version_info[1], module=module)}"
        return (
            f"set ansible_python_interpreter to the system's Python (3.8 or later) and {install} python3-{module}, or "
            f"install {module} for {python}"
        )

    def _major(self) -> int:
        # Debian's testing and unstable have no VERSION_ID, and come after every release.
        first = self.version.partition(".")[0]
        return int(first) if first.isdigit() else sys.maxsize


def distribution() -> Distribution:
    """This host's distribution, by os-release(5)."""
    fields = _fields()
    likely = [fields.get("ID", ""), *fields.get("ID_LIKE", "").split()]
    family = next((_FAMILIES[name] for name in likely if name in _FAMILIES), "")
    return Distribution(family, likely[0], fields.get("VERSION_ID", ""))


def _fields() -> Dict[str, str]:
    for path in _RELEASE_FILES:
        try:
            with open(path, encoding="utf-8") as file:
                return dict(_pair(line) for line in file if "=" in line and not line.startswith("#"))
        except OSError:
            continue
    return {}


def _pair(line: str) -> Tuple[str, str]:
    name, _equals, value = line.strip().partition("=")
    return name, value.strip("\"'")
