# SPDX-License-Identifier: Apache-2.0
"""What the report of a finished demo shows besides the role's variables, and where it is."""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from typing import Any, Callable

from ..clients.programs.table import PROGRAMS
from ..host.owned_folder import MARK

_CLIENTS = ("swift", "s3cmd")
# Files of the demo's folder that the role writes only if something differs, and the variables that are in them.
_FILES = ("choices.yml", *(f"clients/{name}" for program in PROGRAMS.values() for name in program.file_names))
_SECRETS = ("swift_secret_file", "s3_secret_file")
_VARIABLES = ("choices", "endpoint", "registry", "user", "swift_user", "s3_access_key", *_SECRETS)
_MIB = 1 << 20
# docker takes a registry at a loopback address without TLS; podman has to be told.
_WITHOUT_TLS = {"docker": "", "podman": " --tls-verify=false"}


class DemoReport:
    """The report of a demo.

    role: the variables of the role demo_report, without prefix. verification: folder of the verification's report, may
    be empty. programs: folder on the controller that has ansible-playbook. roundtrip: the result of the module
    registry_roundtrip, empty where the module did not run. home: identity of the inventory. release: what returns a
    digest of the role's files.
    """

    def __init__(
        self,
        role: Mapping[str, Any],
        verification: str,
        programs: str,
        roundtrip: Mapping[str, Any],
        home: str,
        release: Callable[[], str],
    ) -> None:
        self._role, self._verification, self._programs, self._roundtrip = role, verification, programs, roundtrip
        self._home, self._release = home, release

    @property
    def open_folders(self) -> list[dict[str, Any]]:
        """Folders on the controller that everybody may enter, with what the toolkit writes to them.

        They are the verification's report, and the folder of a demo without an inventory, which is around it.
        """
        verification = ["report.html", "report.json", "junit.xml", ".rgwkit-*"]
        folders = [
            {"path": self._verification, "contents": verification},
            {"path": self._role["parent"], "contents": []},
        ]
        return [folder for folder in folders if folder["path"]]

    @property
    def lacks_folder(self) -> bool:
        """Whether one of these folders is missing."""
        return not all(os.path.isdir(folder["path"]) for folder in self.open_folders)

    @property
    def record(self) -> dict[str, Any]:
        """The demo's folder as one of the services of the module service_record."""
        folder = self._role["dir"]
        variables = {name: self._role[name] for name in _VARIABLES}
        return {
            "path": f"{folder}/loaded",
            "runtime": "none",
            "managed": {"home": self._home, "release": self._release(), "variables": variables},
            # The settings have the secrets in them, so that a new one has to be written there.
            "managed_files": [f"{folder}/{name}" for name in (MARK, *_FILES)] + self._secret_files(),
        }

    def _secret_files(self) -> list[str]:
        files = [self._role[name] for name in _SECRETS] + [self._role["user"].get("password_file", "")]
        return [file for file in files if file]

    @property
    def clients(self) -> dict[str, Any]:
        """How swift and s3cmd are called, and whether they are installed.

        A clone has the clients beside ansible-playbook; for an installed collection, the summary says how to get them.
        """
        beside = {name: f"{self._programs}/{name}" for name in _CLIENTS}
        installed = all(os.path.isfile(path) for path in beside.values())
        return {"installed": installed, **(beside if installed else {name: name for name in _CLIENTS})}

    @property
    def client(self) -> dict[str, str]:
        """The commands that log in to the registry, push to it, and run something in the demo's container."""
        runtime = self._role["runtime"]
        plain = _WITHOUT_TLS[runtime]
        return {
            "login": f"{runtime} login{plain}",
            "tag": f"{runtime} tag",
            "push": f"{runtime} push{plain}",
            "exec": f"{runtime} exec",
        }

    @property
    def push(self) -> str:
        """One line about the push and the pull of the registry's verification."""
        size = round(self._roundtrip.get("size", 0) / _MIB, 1)
        push, pull = (round(self._roundtrip.get(f"{way}_seconds", 0), 2) for way in ("push", "pull"))
        program = self._roundtrip.get("runtime") or self._role["runtime"]
        return f"{program} push {size} MiB in {push} s, pull in {pull} s, digests equal"
