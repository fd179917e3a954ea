# SPDX-License-Identifier: Apache-2.0
"""Waiting for a service to be ready, and collecting what a person needs to know when it is not."""

from __future__ import annotations

import re
import socket
import time
from typing import Dict, List, Mapping, NamedTuple, Optional

from .sight import Sight, Source

__all__ = ["Ready", "Watch", "watch"]

_POLL_SECONDS = 0.2
_CONNECT_SECONDS = 5
# docker takes a container for well, and forgets how long it has paused between restarts, once it has run for so long.
_WELL_AFTER_SECONDS = 10


class Ready(NamedTuple):
    """What says that a service is ready; nothing of both: a look without waiting.

    log: regular expression, for lines since the last start. address, port: what accepts a connection.
    """

    log: Optional[str] = None
    address: str = ""
    port: int = 0

    @property
    def waits(self) -> bool:
        """Whether there is anything to wait for."""
        return self.log is not None or bool(self.port)

    @property
    def words(self) -> str:
        """What is awaited, for a message."""
        return f"a log line like '{self.log}'" if self.log is not None else f"port {self.port} of {self.address}"

    def met(self, source: Source, sight: Sight) -> bool:
        """Whether the service, which is in sight, says so. Raises ToolError."""
        if self.log is not None:
            return any(re.search(self.log, line) for line in source.log(sight))
        return bool(self.port) and _accepts(self.address, self.port)


class Watch(NamedTuple):
    """What the last look saw. state: the runtime's word (running, exited, failed, ...), or missing.

    looping: the process is restarted again and again, or has ended for good in its unit.
    """

    ready: bool
    state: str
    running: bool
    exit_code: Optional[int]
    restarts: int
    looping: bool
    seconds: float
    log_tail: List[str]
    commands: Dict[str, List[str]]
    labels: Mapping[str, str]

    def failure(self, source: Source, waited_for: str) -> str:
        """The message for a service that did not become ready: what was awaited, what was seen, what to do."""
        word = self.state
        if self.looping and self.restarts:
            word = f"being restarted again and again ({self.restarts} times so far)"
        elif self.exit_code is not None and not self.running:
            word += f", exit code {self.exit_code}"
        head = f"{source.subject} is not ready: waited {self.seconds:.0f} s for {waited_for}; it is {word}"
        lines = [head, "its last log lines:"] + [f"  {line}" for line in self.log_tail or ["(none)"]]
        for command, output in self.commands.items():
            lines += [f"{command}:"] + [f"  {line}" for line in output or ["(no output)"]]
        lines.append(
            f"next: mend what the log names and run again (it continues); all of the log: {source.log_command}"
        )
        return "\n".join(lines)

    def warning(self, source: Source) -> str:
        """The words for a service that loops, which nobody waits for."""
        done = f"{source.supervisor} has restarted {source.subject} {self.restarts} times"
        said = self.log_tail[-1] if self.log_tail else "(none)"
        return f"{done if self.restarts else f'{source.subject} has ended'}; its last log line: {said}"


def watch(source: Source, ready: Ready, timeout: float, commands: List[str], tail: int) -> Watch:
    """Look at a service until it is ready, has ended, or timeout seconds are over.

    A process that falls and is restarted meanwhile has ended, too. commands: run inside a running container that is not
    ready, for the report. tail: log lines to keep. Raises ToolError.
    """
    begin = time.monotonic()
    first_restarts = None
    while True:
        sight = source.look()
        if sight is None:
            lines = source.tail(tail) if ready.waits else []
            return Watch(False, "missing", False, None, 0, False, time.monotonic() - begin, lines, {}, {})
        met = sight.running and ready.met(source, sight)
        first_restarts = sight.restarts if first_restarts is None else first_restarts
        looping = sight.between or sight.restarts > first_restarts
        ended = not (sight.running or sight.comes) or looping
        if met or ended or not ready.waits or time.monotonic() - begin > timeout:
            break
        time.sleep(_POLL_SECONDS)
    lines = source.log(sight, tail) or source.tail(tail)
    looping = looping or (not ready.waits and _has_just_fallen(sight))
    outputs = {} if met or ended else {command: source.execute(command) for command in commands}
    seconds = time.monotonic() - begin
    seen = (sight.exit_code, sight.restarts, looping, seconds, lines[-tail:], outputs, sight.labels)
    return Watch(met, sight.state, sight.running, *seen)


def _has_just_fallen(sight: Sight) -> bool:
    return sight.running and sight.restarts > 0 and sight.seconds < _WELL_AFTER_SECONDS


def _accepts(address: str, port: int) -> bool:
    try:
        with socket.create_connection((address, port), _CONNECT_SECONDS):
            return True
    except OSError:
        return False
