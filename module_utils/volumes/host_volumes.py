# SPDX-License-Identifier: Apache-2.0
"""What follows from the variables of the role docker_volumes on a host, before a task asks the host anything."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, Mapping

from ..base.boolean import is_true
from ..host.ownership import labels
from ..services.needs import needs
from ..services.unit import log_command
from .driver import FOLDER

__all__ = ["HostVolumes"]

_RCLONE = "/usr/bin/rclone"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_PATH = re.compile(r"(/[A-Za-z0-9_.-]+)+")
_SIZE = re.compile(r"([0-9]+[KMGTP]?)?")
# The first release with the volume driver.
_PACKAGE = {
    "name": "rclone",
    "version": "1.57",
    "purpose": "the volume driver",
    "instead": "docker_volumes_rclone to the path of a later rclone",
}
# rclone unmounts at its end what no container uses, and uploads what programs have closed.
_STOP_SECONDS = 60


class HostVolumes:
    """The volume driver of a host.

    role: the role's variables, by their names without docker_volumes_. home: the identity of the inventory. release:
    what returns the digest of the role itself.
    """

    def __init__(self, role: Mapping[str, Any], home: str, release: Callable[[], str] = str) -> None:
        self._role, self._home, self._release = role, home, release

    @property
    def needs(self) -> Dict[str, Any]:
        """What the host must have, as options of the module host_preflight."""
        packages = [_PACKAGE] if self._role["rclone"] == _RCLONE else []
        needed = needs("package", present=self._role["state"] == "present", packages=packages)
        return {**needed, "docker": True}

    @property
    def objections(self) -> List[str]:
        """What speaks against the variables, a sentence each: they become words of a unit and of a shell."""
        role = self._role
        odd = [name for name in ("name", "driver") if not _NAME.fullmatch(str(role[name]))]
        paths = ["dir", "data_dir", "rclone", *(["ca_file"] if role["ca_file"] else [])]
        odd += [name for name in paths if not _PATH.fullmatch(str(role[name]))]
        odd += [] if _SIZE.fullmatch(str(role["cache_size"])) else ["cache_size"]
        return [
            f"docker_volumes_{name} is {str(role[name])!r}. Next: correct the value; names have letters, digits and . "
            "_ - (not first), paths begin with / and have the same characters, and sizes are like 10G"
            for name in odd
        ]

    @property
    def settings(self) -> str:
        """The path of rclone's settings."""
        return f"{self._role['dir']}/rclone.conf"

    @property
    def cache(self) -> str:
        """The folder of rclone's cache, which holds what has not reached swift yet."""
        return f"{self._role['data_dir']}/cache"

    @property
    def mounts(self) -> str:
        """The folder below which volumes are mounted."""
        return f"{self._role['data_dir']}/mounts"

    @property
    def socket(self) -> str:
        """Where docker finds the driver."""
        return f"{FOLDER}/{self._role['driver']}.sock"

    @property
    def log_command(self) -> str:
        """How people read the driver's log."""
        return log_command("package", f"{self._role['name']}.service")

    @property
    def definition(self) -> Dict[str, Any]:
        """The definition of the driver's service."""
        role = self._role
        return {
            "name": role["name"],
            "runtime": "package",
            "description": f"Docker volumes on swift ({role['driver']})",
            "home": self._home,
            "role": "docker_volumes",
            "labels": labels(self._home, "volumes", role["name"]),
            "folder": role["dir"],
            "variable": "docker_volumes_name",
            # rclone mounts by fusermount3.
            "packages": {"default": [*(["rclone"] if role["rclone"] == _RCLONE else []), "fuse3"]},
            "entrypoint": [role["rclone"]],
            "command": self._command,
            # At boot, the driver runs before docker starts containers; at shutdown, until they have ended.
            "before": ["docker.service"],
            "properties": self._properties,
            "stop_timeout": _STOP_SECONDS,
            "record": {
                "path": f"{role['dir']}/loaded",
                "files": [self.settings],
                "programs": [role["rclone"]],
                "managed": {"release": self._release()},
            },
        }

    @property
    def _command(self) -> List[str]:
        role = self._role
        words = ["serve", "docker", f"--config={self.settings}", f"--socket-addr={self.socket}", "--no-spec"]
        words += [f"--base-dir={self.mounts}", f"--cache-dir={self.cache}", "--allow-other"]
        # With rclone's own 5 s, what a container has written is not in swift when the container has ended.
        # Of itself, rclone takes the umask of its process.
        words += ["--vfs-cache-mode=writes", "--vfs-write-back=0s", "--umask=022"]
        words += [f"--vfs-cache-max-size={role['cache_size']}"] if role["cache_size"] else []
        words += [f"--dir-cache-time={int(role['seen_after'])}s"]
        words += [f"--ca-cert={role['ca_file']}"] if role["ca_file"] else []
        return [*words, *([] if is_true(role["validate_certs"]) else ["--no-check-certificate"])]

    @property
    def _properties(self) -> List[str]:
        """rclone does not start on what a killed one has left: a dead mount, and the note of a mount in its state.

        A volume whose dead mount is in the way is lost from the state, and for a mount that it restores, rclone 1.60
        waits for ever (rclone issue 9853). The containers get their mounts when they are restarted.
        """
        clean = f"-/bin/sh -c 'umount --lazy {self.mounts}/* 2>/dev/null'"
        mounts = """'s/"mounts":[[][^]]*[]]/"mounts":[]/g'"""
        state = f"{self.cache}/docker-plugin.state"
        return [
            "Type=notify",
            "UMask=0077",
            f"ExecStartPre={clean}",
            f"ExecStartPre=-/bin/sed --in-place {mounts} {state}",
            f"ExecStartPre=/bin/rm -f {self.socket}",
            f"ExecStopPost={clean}",
            f"ExecStopPost=/bin/rm -f {self.socket}",
            # What rclone ends with when it is told to.
            "SuccessExitStatus=143",
            "TimeoutStartSec=30",
            "LimitNOFILE=65536",
        ]
