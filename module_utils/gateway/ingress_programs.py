# SPDX-License-Identifier: Apache-2.0
"""HAProxy and keepalived as processes: what the definitions of the two services say of their programs."""

from __future__ import annotations

import posixpath
from typing import Any, Mapping

from ..host.relabel import SHARED

__all__ = ["haproxy", "keepalived"]

# HAProxy's master reads root's keys, binds low ports, and starts and stops the worker. The worker serves clients as the
# user haproxy, without any rights. A master that is another user would get no rights from docker (moby issue 8460), so
# it could not bind port 443 on the host's network, and its worker could read the keys and end the master.
_CAPABILITIES = ["KILL", "NET_BIND_SERVICE", "SETGID", "SETUID"]
# A soft stop: HAProxy finishes the requests in progress.
_SOFT_STOP, _STOP_SECONDS = "SIGUSR1", 30
# The shell's built-in kill: a minimal host has no /bin/kill.
_KILL = "ExecReload=/bin/sh -c 'kill -{} $MAINPID'"
_CONFINED = ("NoNewPrivileges=yes", "PrivateTmp=yes", "ProtectHome=yes")


def haproxy(role: Mapping[str, Any]) -> dict[str, Any]:
    """The process of HAProxy. role: the variables of the role rgw_ingress, without prefix.

    The paths are the same inside the container, so that one configuration serves all runtimes. A reload ends no
    connection.
    """
    folder, run = role["dir"], posixpath.dirname(role["socket"])
    package = role["runtime"] == "package"
    return {
        "name": role["name"],
        "runtime": role["runtime"],
        "description": f"HAProxy in front of gateways and registries ({role['name']})",
        "image": role["image"],
        "image_options": {
            "source": role["image_source"],
            "pull": role["image_pull"],
            "suite": "bookworm",
            "packages": ["haproxy"],
        },
        "packages": {"default": ["haproxy"]},
        # It may be somebody else's load balancer, so the role has a unit of its own.
        "distribution_unit": "haproxy.service",
        "entrypoint": ["haproxy"],
        # With -s, HAProxy tells systemd when it is ready.
        "command": [*(["-Ws"] if package else ["-W", "-db"]), "-f", f"{folder}/haproxy.cfg"],
        "user": "0",
        "capabilities": list(_CAPABILITIES),
        "mounts": [
            {"type": "bind", "source": folder, "target": folder, "read_only": True, "relabel": SHARED},
            {"type": "bind", "source": run, "target": run, "relabel": SHARED},
        ],
        "pids_limit": role["pids_limit"],
        "memory": role["memory"],
        "stop_signal": _SOFT_STOP,
        "stop_timeout": _STOP_SECONDS,
        "reload_signal": "USR2",
        "properties": _haproxy_properties(f"{folder}/haproxy.cfg", run),
    }


def keepalived(role: Mapping[str, Any]) -> dict[str, Any]:
    """The process of keepalived, which the package brings in any runtime: it changes addresses of the host.

    A reload keeps the address on its host, and with it every connection.
    """
    file = f"{role['dir']}/keepalived.conf"
    return {
        "name": f"{role['name']}-keepalived",
        "runtime": "package",
        "description": f"Virtual address of {role['name']}",
        "packages": {"default": ["keepalived"]},
        "entrypoint": ["keepalived"],
        "command": ["--dont-fork", "--log-console", "--no-syslog", f"--use-file={file}"],
        "reload_signal": "HUP",
        "properties": [_KILL.format("HUP"), "KillMode=process", *_CONFINED, "ProtectSystem=full"],
    }


def _haproxy_properties(configuration: str, run: str) -> list[str]:
    """The unit's counterpart of the container's confinement. run: the folder of the socket."""
    return [
        "Type=notify",
        f"ExecReload=haproxy -c -q -f {configuration}",
        _KILL.format("USR2"),
        f"KillSignal={_SOFT_STOP}",
        "KillMode=mixed",
        "SuccessExitStatus=143",
        "LimitNOFILE=32768",
        "CapabilityBoundingSet=CAP_KILL CAP_NET_BIND_SERVICE CAP_SETGID CAP_SETUID CAP_SYS_RESOURCE",
        *_CONFINED,
        "ProtectSystem=strict",
        f"ReadWritePaths={run}",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
        "LockPersonality=yes",
        "RestrictSUIDSGID=yes",
    ]
