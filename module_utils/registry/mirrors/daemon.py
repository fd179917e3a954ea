# SPDX-License-Identifier: Apache-2.0
"""The running docker daemon: it reads the mirrors of its daemon.json again on SIGHUP, and containers run on.

Source: dockerd(8), "Configuration reload behavior".
"""

from __future__ import annotations

import os
import signal
import time
from typing import List, Optional, Sequence

from ...base.errors import ToolError
from ...host.docker.client import Docker, connect
from .daemon_json import same

__all__ = ["Daemon", "find_daemon"]

_NAME = "the docker daemon"
_SECONDS = 15
_POLL_SECONDS = 0.1
_FLAG, _CONFIG_FLAG = "--registry-mirror", "--config-file"


class Daemon:
    """A daemon that runs. pid: its process id."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        # The local socket, wherever DOCKER_HOST leads: the daemon whose file is written is this host's.
        self._docker: Docker = connect(environment={})

    def refuse_flags(self, config: str) -> None:
        """Refuse a daemon that would not start with mirrors in this file. Raises ToolError."""
        words = _words(self._pid)
        if any(word.partition("=")[0] == _FLAG for word in words):
            hint = f"Remove {_FLAG} from the unit or start script of docker, restart docker, and run this again."
            code = f"the daemon was started with {_FLAG}, and refuses to start with mirrors in {config} besides"
            raise ToolError("use", _NAME, code, hint)
        other = _value(words, _CONFIG_FLAG)
        if other and os.path.realpath(other) != os.path.realpath(config):
            raise ToolError("use", _NAME, f"the daemon reads {other}, not {config}", "Name that file as docker_config.")

    def mirrors(self) -> List[str]:
        """URLs of the mirrors that the daemon uses. Raises ToolError."""
        info = self._docker.ask("ask", _NAME, "GET", "/info")
        return [str(url) for url in (info.get("RegistryConfig") or {}).get("Mirrors") or []]

    def follows(self, present: Sequence[str], absent: Sequence[str]) -> bool:
        """Whether the daemon uses all of the first and none of the second mirrors. Raises ToolError."""
        used = self.mirrors()

        def uses(url: str) -> bool:
            return any(same(url, one) for one in used)

        return all(map(uses, present)) and not any(map(uses, absent))

    def reload(self, present: Sequence[str], absent: Sequence[str]) -> None:
        """Have the daemon read its file again. Raises ToolError where its mirrors are not as wanted then."""
        os.kill(self._pid, signal.SIGHUP)
        until = time.monotonic() + _SECONDS
        while not self.follows(present, absent):
            if time.monotonic() > until:
                code = f"{_SECONDS} s after SIGHUP the daemon does not use the mirrors of its file"
                hint = "Read the daemon's log (journalctl -u docker): another key of the file may be refused."
                raise ToolError("reload", _NAME, code, hint)
            time.sleep(_POLL_SECONDS)


def find_daemon(pid_file: str) -> Optional[Daemon]:
    """The daemon that runs on this host; None where none does. Raises ToolError where it does not answer."""
    try:
        with open(pid_file, encoding="ascii") as file:
            pid = int(file.read().strip())
        with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
            name = file.read().strip()
    except (OSError, ValueError):
        return None
    return Daemon(pid) if name == "dockerd" else None


def _words(pid: int) -> List[str]:
    with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as file:
        return file.read().split("\0")


def _value(words: Sequence[str], flag: str) -> str:
    for number, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name == flag:
            return value if equals else "".join(words[number + 1 : number + 2])
    return ""
