# SPDX-License-Identifier: Apache-2.0
"""A name for the process that runs a play, and what has become of a process of that name. On the controller only."""

from __future__ import annotations

import os
import socket
from contextlib import suppress

RUNS = "runs"
OVER = "over"
ELSEWHERE = "elsewhere"


def name_of(pid: int) -> str:
    """The same for as long as the process lives, and no other's: host, boot, pid namespace, pid, and when it began."""
    return "/".join((socket.gethostname(), _boot(), _namespace(), str(pid), _began(pid)))


def fate_of(name: str) -> str:
    """RUNS, OVER, or ELSEWHERE where that cannot be seen: another controller, or another pid namespace of this one."""
    parts = name.rsplit("/", 4)
    if len(parts) != 5 or parts[1:3] != [_boot(), _namespace()] or not parts[3].isdigit():
        return ELSEWHERE
    return RUNS if parts[4] and _began(int(parts[3])) == parts[4] else OVER


def _boot() -> str:
    """Which boot of which machine (random(4)). A hostname alone is that of many containers."""
    with suppress(OSError), open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
        return file.read().strip()
    return ""


def _namespace() -> str:
    """The pid namespace: elsewhere the same pid is another process (pid_namespaces(7))."""
    with suppress(OSError):
        return str(os.stat("/proc/self/ns/pid").st_ino)
    return ""


def _began(pid: int) -> str:
    """When the process began, in clock ticks since boot: field 22 of proc(5)'s stat; empty when there is none."""
    with suppress(OSError), open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
        return stat.read().rpartition(")")[2].split()[19]
    return ""
