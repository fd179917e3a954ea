# SPDX-License-Identifier: Apache-2.0
"""A look at a systemd unit, which may run a container of podman's."""

from __future__ import annotations

import time
from typing import Dict, List, Optional

from ..host.program import refusal, run_program
from ..host.unit_scope import SYSTEM, journal_of, systemctl
from .sight import EXEC_SECONDS, OUTPUT_LINES, Sight
from .unit import labels_of, log_command

__all__ = ["UnitSource"]

# systemctl(1), "show".
_UNIT_PROPERTIES = (
    *("LoadState", "ActiveState", "SubState", "Job", "NRestarts", "ExecMainStatus", "ExecMainStartTimestampMonotonic"),
    *("InvocationID", "FragmentPath"),
)
_BETWEEN_RESTARTS = ("auto-restart", "auto-restart-queued")


class UnitSource:
    """A systemd unit. container: podman's container that it runs, empty for none. scope: whose systemd runs it."""

    supervisor = "systemd"

    def __init__(self, unit: str, container: str = "", scope: str = SYSTEM) -> None:
        self._unit, self._container, self._scope = unit, container, scope
        self.subject = f"container {container}" if container else f"service {unit}"
        self.log_command = log_command("systemd", unit, scope)

    def look(self) -> Optional[Sight]:
        """What is there now. Raises ToolError."""
        shown = _properties(self._unit, self._scope)
        if shown["LoadState"] == "not-found":
            return None
        job = shown["Job"] not in ("", "0")
        begun = int(shown["ExecMainStartTimestampMonotonic"] or 0) / 1_000_000
        active, between = shown["ActiveState"], shown["SubState"] in _BETWEEN_RESTARTS
        return Sight(
            f"{active} ({shown['SubState']})",
            active in ("active", "reloading"),
            (job or active == "activating") and not between,
            between or active == "failed",
            int(shown["ExecMainStatus"] or 0),
            int(shown["NRestarts"] or 0),
            time.monotonic() - begun if begun else 0.0,
            labels_of(_text(shown["FragmentPath"])),
            shown["InvocationID"],
        )

    def log(self, sight: Sight, last: Optional[int] = None) -> List[str]:
        """The lines since the start; last: only so many of them. Raises ToolError."""
        if not sight.mark:
            return []
        since = f"_SYSTEMD_INVOCATION_ID={sight.mark}"
        options = [] if last is None else [f"--lines={last}"]
        if not self._container:
            return _journal(*options, since)
        # podman tells the journal of each of its steps, too, with all labels. What counts is what the container says,
        # and podman's errors, which systemd reads from a stream.
        return _journal(*options, since, f"CONTAINER_NAME={self._container}", "+", since, "_TRANSPORT=stdout")

    def tail(self, lines: int) -> List[str]:
        """The last lines. Raises ToolError."""
        return _journal(journal_of(self._unit, self._scope), f"--lines={lines}")

    def execute(self, command: str) -> List[str]:
        """The last lines of what a shell command in the container says."""
        words = ["podman", "exec", self._container, "timeout", str(EXEC_SECONDS), "sh", "-c", command]
        if not self._container:
            return ["(not run: the service has no container)"]
        done = run_program(words)
        return (done.stdout + done.stderr).splitlines()[-OUTPUT_LINES:]


def _properties(unit: str, scope: str) -> Dict[str, str]:
    done = run_program([*systemctl(scope, "show"), f"--property={','.join(_UNIT_PROPERTIES)}", "--", unit])
    if done.returncode:
        raise refusal(done, "Check systemd on this host.")
    found = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
    return {name: found.get(name, "") for name in _UNIT_PROPERTIES}


def _journal(*options: str) -> List[str]:
    done = run_program(["journalctl", "--no-pager", "--quiet", "--output=cat", *options])
    if done.returncode:
        raise refusal(done, "Check the journal on this host.")
    # conmon puts the end of a line into the journal, too.
    return [line for line in done.stdout.splitlines() if line]


def _text(path: str) -> str:
    if not path:
        return ""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:  # it has been removed since, or is of no interest to this user
        return ""
