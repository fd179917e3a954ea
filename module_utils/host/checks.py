# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with a host before anything is started on it: ports that are taken, disks that are full."""

from __future__ import annotations

import os
import shutil
import socket
from typing import List, Optional

from ..base.findings import Finding
from ..base.host_port import bare_host

_TCP_LISTEN = "0A"  # include/net/tcp_states.h of Linux


def check_address(address: str, purpose: str, variable: str) -> Optional[Finding]:
    """Finding when nothing could listen on that address or name of this host."""
    problem = f"{purpose}: {address} is on no interface of this host"
    try:
        found = socket.getaddrinfo(bare_host(address) or None, 0, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        found, problem = [], f"{purpose}: {address} is no address, and no name that this host knows ({error})"
    for family, kind, protocol, _name, where in found:
        try:
            with socket.socket(family, kind, protocol) as probe:
                probe.bind(where)
                return None
        except OSError:
            continue
    return Finding(problem, f"set {variable} to one that is (`ip address` lists them), or 0.0.0.0 for all")


def check_port(port: int, purpose: str, variable: str, owner: str = "") -> Optional[Finding]:
    """Finding when `port` is no TCP port, or something listens there, naming who; None when it is free.

    owner: a word of the command line of the process that may have the port already, or what stands before a dot there:
    cephadm calls the daemon of its service rgw.a client.rgw.a.HOST.RANDOM.
    """
    if not 1 <= port <= 65535:
        return Finding(f"port {port}, wanted for {purpose}, is none", f"set {variable} to one from 1 to 65535")
    inodes = _listening(port)
    if not inodes:
        return None
    pid = _holder(inodes)
    if owner and _has_word(pid, owner):
        return None
    holder = (
        f"{_read(pid, 'comm').strip()} (process {pid})" if pid else "a process in another namespace or of another user"
    )
    remedy = f"stop that, or choose another port for {purpose} with {variable}"
    if "docker-proxy" in holder:
        remedy += f" (docker-proxy: see docker ps --filter publish={port})"
    return Finding(f"port {port}, wanted for {purpose}, is taken by {holder}", remedy)


def has_port(port: int, owner: str) -> bool:
    """Whether a process with that word in its command line (see check_port) listens on TCP `port`."""
    inodes = _listening(port)
    return bool(inodes) and _has_word(_holder(inodes), owner)


def check_disk(path: str, needed: int, purpose: str) -> Optional[Finding]:
    """Finding when the file system of `path` (or of its nearest existing parent) has fewer than `needed` bytes free."""
    while not os.path.exists(path):
        path = os.path.dirname(path) or "/"
    free = shutil.disk_usage(path).free
    if free >= needed:
        return None
    return Finding(f"{purpose} needs {needed >> 20} MiB at {path}, {free >> 20} MiB are free", "free some space there")


def _listening(port: int) -> List[str]:
    """Socket inodes that listen on the port, from proc(5)'s net/tcp and net/tcp6."""
    inodes = []
    for family in ("tcp", "tcp6"):
        try:
            with open(f"/proc/net/{family}", encoding="ascii") as table:
                rows = [line.split() for line in table.readlines()[1:]]
        except OSError:
            continue
        inodes += [row[9] for row in rows if row[3] == _TCP_LISTEN and int(row[1].rsplit(":", 1)[1], 16) == port]
    return inodes


def _holder(inodes: List[str]) -> str:
    """The process id of who has one of the sockets; empty when it is not ours to see."""
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            handles = os.listdir(f"/proc/{pid}/fd")
            if any(os.readlink(f"/proc/{pid}/fd/{handle}") in wanted for handle in handles):
                return pid
        except OSError:
            continue  # the process has ended meanwhile, or is not ours to look at
    return ""


def _has_word(pid: str, word: str) -> bool:
    words = _read(pid, "cmdline").split("\0")
    return any(one == word or one.startswith(f"{word}.") for one in words)


def _read(pid: str, name: str) -> str:
    try:
        with open(f"/proc/{pid}/{name}", encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""  # it has ended meanwhile
