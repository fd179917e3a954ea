# SPDX-License-Identifier: Apache-2.0
"""Whether the containers of a network of podman's find each other by name."""

from __future__ import annotations

import os
from typing import Optional, Sequence

from ..base.errors import ToolError
from ..base.findings import Finding
from .packages import distribution
from .program import run_program

__all__ = ["check_podman_network"]

# Podman has the field from 4.0 on.
_FIELD = "NetworkBackend"
# containers.conf(5), "helper_binaries_dir": where podman looks for netavark and its server of names.
_HELPERS = ("/usr/local/libexec/podman", "/usr/local/lib/podman", "/usr/libexec/podman", "/usr/lib/podman")
_NAMES = "aardvark-dns"
# One of these sets up the host's firewall for netavark: up to 1.9 iptables alone, later releases either.
_FIREWALLS = ("iptables", "nft")
_COMMANDS = ("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin")


def check_podman_network() -> Optional[Finding]:
    """Finding when they do not. A host without podman, or with one that is too old to answer, is another finding's."""
    try:
        done = run_program(["podman", "info", "--format", "{{.Host.NetworkBackend}}"])
    except ToolError:
        return None
    if done.returncode and _FIELD not in done.stderr:
        return Finding(f"podman does not tell its settings: {done.stderr.strip()}", "check `podman info` on this host")
    backend = done.stdout.strip()
    if backend == "cni":
        what = "podman's networks are of the kind cni, in which containers have no names"
        remedy = f'{distribution().command_remedy(_NAMES)}, and set network_backend = "netavark" in containers.conf'
        return Finding(what, remedy)
    if backend != "netavark":
        return None
    if not _has(_HELPERS, [_NAMES]):
        what = f"{_NAMES} is missing, without which the containers of podman's networks have no names"
        return Finding(what, distribution().command_remedy(_NAMES))
    if not _has(_COMMANDS, _FIREWALLS):
        return Finding("iptables is missing, which podman's networks need", distribution().command_remedy("iptables"))
    return None


def _has(folders: Sequence[str], programs: Sequence[str]) -> bool:
    return any(os.access(os.path.join(folder, name), os.X_OK) for folder in folders for name in programs)
