# SPDX-License-Identifier: Apache-2.0
"""What one look at the process of a service sees, and where to look."""

from __future__ import annotations

from typing import Any, List, Mapping, NamedTuple, Optional, Protocol

__all__ = ["EXEC_SECONDS", "OUTPUT_LINES", "Sight", "Source"]

# Of a command that is run for a report: how long it may take, and how many lines of it count.
EXEC_SECONDS = 10
OUTPUT_LINES = 20


class Sight(NamedTuple):
    """state: the runtime's word (running, exited, active, failed, ...). seconds: how long the process has run.

    comes: whether the process has not started yet, and is about to. between: whether it waits for a restart.
    mark: what finds the log since the start again, for the source that has seen it.
    """

    state: str
    running: bool
    comes: bool
    between: bool
    exit_code: Optional[int]
    restarts: int
    seconds: float
    labels: Mapping[str, str]
    mark: Any = None


class Source(Protocol):
    """Where a process is seen. subject: what it is for people. log_command: how people read all of its log.

    supervisor: what restarts the process.
    """

    supervisor: str
    subject: str
    log_command: str

    def look(self) -> Optional[Sight]:
        """What is there now; None without container or unit. Raises ToolError."""

    def log(self, sight: Sight, last: Optional[int] = None) -> List[str]:
        """The lines since the process has started, maybe millions. last: only so many of them. Raises ToolError."""

    def tail(self, lines: int) -> List[str]:
        """The last lines, of earlier starts, too. Raises ToolError."""

    def execute(self, command: str) -> List[str]:
        """The last lines of what a shell command in the container says."""
