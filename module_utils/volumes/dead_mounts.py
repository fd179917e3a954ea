# SPDX-License-Identifier: Apache-2.0
"""Running containers whose volumes are dead: the driver ended under them, and a new one does not give them a new mount.

Seen with docker 20.10 and rclone 1.60: such a container gets "Transport endpoint is not connected" until it restarts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, List

from ..base.errors import ToolError
from ..host.docker.volumes import Volumes
from ..host.program import run_program

__all__ = ["DeadMount", "dead_mounts"]

# A driver that is stopped, and not ended, lets every program wait that looks at its mounts.
_SECONDS = 5


@dataclass(frozen=True)
class DeadMount:
    """A volume of a running container that cannot be used. identity: of the container; path: inside of it."""

    identity: str
    container: str
    volume: str
    path: str
    problem: str

    def as_dict(self) -> Dict[str, Any]:
        """For a module's result."""
        return {"container": self.container, "volume": self.volume, "path": self.path, "problem": self.problem}


def problem_with_mount(process: int, path: str) -> str:
    """Why a process cannot use what is mounted at a path; empty if it can."""
    try:
        done = run_program(["stat", "--file-system", "--format=%T", f"/proc/{process}/root{path}"], _SECONDS)
    except ToolError as error:
        return str(error.code)
    if done.returncode == 0:
        return ""
    return (done.stderr.strip().splitlines() or ["nothing said"])[-1].rpartition(": ")[2]


def dead_mounts(
    volumes: Volumes, driver: str, problem: Callable[[int, str], str] = problem_with_mount
) -> List[DeadMount]:
    """The dead mounts of a driver's volumes on this host. problem: what looks at a path of a process.

    Raises ToolError.
    """
    found = []
    for container in volumes.running_with(driver):
        process = volumes.process(container["id"])
        for mount in container["mounts"] if process else []:
            said = problem(process, mount["Destination"])
            if said:
                found.append(DeadMount(container["id"], container["name"], mount["Name"], mount["Destination"], said))
    return found
