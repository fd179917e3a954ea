# SPDX-License-Identifier: Apache-2.0
"""What an instance of a gateway runs as: its version, and the process of its daemon."""

from __future__ import annotations

import re
from typing import Any, Mapping, Sequence

_VERSION = re.compile(r"ceph version ([0-9.]+)")


def gateway_version(cluster: Mapping[str, Any], runtime: str, once: Mapping[str, Any]) -> str:
    """The version of Ceph that an instance is going to have; empty if it is not known, or is the installed one.

    cluster: the result of the module ceph_cluster_info. The orchestrator, which is in the manager, deploys gateways of
    its own version. runtime: docker, podman, package or cephadm. once: the result of `radosgw --version` in a container
    of the image, with stdout; empty where the image is not there yet.
    """
    if runtime == "cephadm":
        managers = cluster.get("cluster", {}).get("versions", {}).get("mgr", [])
        return str(managers[-1]) if managers else ""
    if runtime == "package":
        return ""
    found = _VERSION.search(str(once.get("stdout", "")))
    return found.group(1) if found else ""


def gateway_process(
    one: Mapping[str, Any], runtime: str, daemons: Sequence[Mapping[str, Any]], host: str, engine: str
) -> dict[str, str]:
    """The process of an instance, beside which radosgw-admin runs: via, runtime, container, entity and data folder.

    runtime: docker, podman, package or cephadm. cephadm gives each daemon a name of its own. daemons: those of the
    service, as the module ceph_orch_rgw returns them. host: the orchestrator's name for the host. engine: docker or
    podman, with which cephadm runs containers there. The runtime of the result is empty where no container is.
    """
    if runtime == "cephadm":
        daemon = {daemon["host"]: daemon for daemon in reversed(daemons)}[host]
        place = {"via": "container", "runtime": engine, "container": daemon["container"]}
        return {
            **place,
            "entity": f"client.{daemon['name']}",
            "data": f"/var/lib/ceph/radosgw/ceph-{daemon['name']}",
        }
    place = {"via": "host", "runtime": ""} if runtime == "package" else {"via": "container", "runtime": runtime}
    return {**place, **{name: one[name] for name in ("container", "entity", "data")}}
