# SPDX-License-Identifier: Apache-2.0
"""Waiting for a container to say that it is ready, and collecting what a person needs to know when it does not."""

from __future__ import annotations

import calendar
import re
import time
from typing import Any, Dict, List, Mapping, NamedTuple, Optional

from ..base.errors import ToolError
from .docker.client import Docker

_POLL_SECONDS = 0.2
_EXEC_TIMEOUT_SECONDS = 10
# docker takes a container for well, and forgets how long it has paused between restarts, once it has run for so long.
_WELL_AFTER_SECONDS = 10


class Watch(NamedTuple):
    """What one look at a container saw. state: docker's word (running, exited, restarting, missing, ...).

    looping: docker restarts it again and again, with longer and longer pauses.
    """

    ready: bool
    state: str
    exit_code: Optional[int]
    restarts: int
    looping: bool
    seconds: float
    log_tail: List[str]
    commands: Dict[str, List[str]]

    def failure(self, name: str, waited_for: str) -> str:
        """The message for a container that did not become ready: what was awaited, what was seen, what to do."""
        word = self.state
        if self.looping:
            word = f"being restarted again and again ({self.restarts} times so far)"
        elif self.exit_code is not None and self.state != "running":
            word += f", exit code {self.exit_code}"
        lines = [f"container {name} is not ready: waited {self.seconds:.0f} s for {waited_for}; it is {word}"]
        lines += ["its last log lines:"] + [f"  {line}" for line in self.log_tail or ["(none)"]]
        for command, output in self.commands.items():
            lines += [f"{command}:"] + [f"  {line}" for line in output or ["(no output)"]]
        lines.append(f"next: mend what the log names and run again (it continues); all of the log: docker logs {name}")
        return "\n".join(lines)


def watch(docker: Docker, name: str, ready_log: Optional[str], timeout: float, commands: List[str], tail: int) -> Watch:
    """Look at the container until its log has a line matching ready_log, it has ended, or timeout seconds are over.

    ready_log: regular expression, only lines since the container's last start count; None looks once. A container that
    falls and is restarted meanwhile has ended, too. commands: run inside a running container that is not ready, for the
    report. tail: log lines to keep. Raises ToolError.
    """
    begin = time.monotonic()
    first_restarts = None
    while True:
        container = docker.container(name)
        if container is None:
            return Watch(False, "missing", None, 0, False, time.monotonic() - begin, [], {})
        state = container["State"]
        log = docker.logs(container, since=_started(state)).splitlines()
        ready = ready_log is not None and state["Running"] and any(re.search(ready_log, line) for line in log)
        restarts = container["RestartCount"]
        first_restarts = restarts if first_restarts is None else first_restarts
        looping = state.get("Restarting", False) or restarts > first_restarts
        ended = not state["Running"] or looping
        if ready or ended or ready_log is None or time.monotonic() - begin > timeout:
            break
        time.sleep(_POLL_SECONDS)
    log = log or docker.logs(container, tail=tail).splitlines()
    if ready_log is None and state["Running"] and restarts > 0:
        looping = looping or time.time() - _started(state) < _WELL_AFTER_SECONDS
    outputs = {} if ready or ended else {command: _execute(docker, container, command) for command in commands}
    seconds = time.monotonic() - begin
    return Watch(ready, state["Status"], state["ExitCode"], restarts, looping, seconds, log[-tail:], outputs)


def _started(state: Dict[str, Any]) -> int:
    # docker filters logs by whole seconds here; one second of an older run may slip in, none of this run is lost.
    moment = time.strptime(state["StartedAt"].split(".")[0].rstrip("Z"), "%Y-%m-%dT%H:%M:%S")
    return max(0, calendar.timegm(moment))


def _execute(docker: Docker, container: Mapping[str, Any], command: str) -> List[str]:
    try:
        done = docker.execute(container, ["timeout", str(_EXEC_TIMEOUT_SECONDS), "sh", "-c", command])
        return b"".join(done).decode(errors="replace").splitlines()[-20:]
    except ToolError as error:  # it has ended since the last look
        return [f"(not run: {error.code})"]
