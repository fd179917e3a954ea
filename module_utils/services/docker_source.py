# SPDX-License-Identifier: Apache-2.0
"""A look at a container of docker's."""

from __future__ import annotations

import calendar
import time
from typing import Any, List, Mapping, Optional

from ..base.errors import ToolError
from ..host.docker.client import Docker
from .sight import EXEC_SECONDS, OUTPUT_LINES, Sight
from .unit import log_command

__all__ = ["DockerSource"]


class DockerSource:
    """A container of docker's."""

    supervisor = "docker"

    def __init__(self, docker: Docker, name: str) -> None:
        self._docker, self._name = docker, name
        self._found: Mapping[str, Any] = {}
        self.subject, self.log_command = f"container {name}", log_command("docker", name)

    def look(self) -> Optional[Sight]:
        """What is there now. Raises ToolError."""
        found = self._docker.container(self._name)
        if found is None:
            return None
        self._found, state = found, found["State"]
        started = _started(state)
        return Sight(
            state["Status"],
            bool(state["Running"]),
            False,
            bool(state.get("Restarting", False)),
            state["ExitCode"],
            found["RestartCount"],
            time.time() - started,
            (found.get("Config") or {}).get("Labels") or {},
            started,
        )

    def log(self, sight: Sight, last: Optional[int] = None) -> List[str]:
        """The lines since the start; last: only so many of them. Raises ToolError."""
        return self._docker.logs(self._found, since=sight.mark, tail=last).splitlines()

    def tail(self, lines: int) -> List[str]:
        """The last lines. Raises ToolError."""
        return self._docker.logs(self._found, tail=lines).splitlines() if self._found else []

    def execute(self, command: str) -> List[str]:
        """The last lines of what a shell command in the container says."""
        try:
            done = self._docker.execute(self._found, ["timeout", str(EXEC_SECONDS), "sh", "-c", command])
            return b"".join(done).decode(errors="replace").splitlines()[-OUTPUT_LINES:]
        except ToolError as error:  # it has ended since the last look
            return [f"(not run: {error.code})"]


def _started(state: Mapping[str, Any]) -> int:
    # docker filters logs by whole seconds here; one second of an older run may slip in, none of this run is lost.
    moment = time.strptime(state["StartedAt"].split(".")[0].rstrip("Z"), "%Y-%m-%dT%H:%M:%S")
    return max(0, calendar.timegm(moment))
