# SPDX-License-Identifier: Apache-2.0
"""How many cores programs keep busy while something runs; for programs on this host, in containers or not."""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path
from types import TracebackType

from demo_container import docker

_TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")


def program_of(pid: str) -> str:
    """The name of a process's program. Its own name may be another: radosgw 18 runs as "notif-worker0"."""
    return Path(Path("/proc", pid, "cmdline").read_text().partition("\0")[0]).name


class BusyCores:
    """Watches the processes of containers, and this one, for as long as the `with` block lasts.

    cores: program -> how many cores it kept busy on average; this process counts as "client", and "all" is whatever
    kept this host busy, docker's logging and the kernel's work for nobody in particular among it. seconds: program ->
    the processor time that it took.
    """

    def __init__(self, *containers: str) -> None:
        self.cores: dict[str, float] = {}
        self.seconds: dict[str, float] = {}
        self._containers = containers

    def __enter__(self) -> BusyCores:
        self._before = self._seconds()
        self._began = time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        taken = time.monotonic() - self._began
        used = self._seconds()
        self.seconds = {program: used[program] - self._before[program] for program in used}
        self.cores = {program: seconds / taken for program, seconds in self.seconds.items()}

    def _seconds(self) -> Counter[str]:
        """The processor time of each program until now."""
        user_to_steal = [int(ticks) for ticks in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
        idle, waiting = user_to_steal[3:5]
        busy = (sum(user_to_steal) - idle - waiting) * _TICK_SECONDS
        found = Counter({"client": time.process_time(), "all": busy})
        for container in self._containers:
            for pid in docker("top", container, "-eo", "pid").split()[1:]:
                stat = Path("/proc", pid, "stat").read_text()
                user, system = stat.rpartition(")")[2].split()[11:13]
                found[program_of(pid)] += (int(user) + int(system)) * _TICK_SECONDS
        return found
