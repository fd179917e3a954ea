# SPDX-License-Identifier: Apache-2.0
"""What an instance of a gateway runs as: its version, its daemon's process, and what that has read at its start."""

from __future__ import annotations

import re
from typing import Any, Mapping, Sequence

_VERSION = re.compile(r"ceph version ([0-9.]+)")


def gateway_version(cluster: Mapping[str, Any], runtime: str, run: Mapping[str, Any]) -> str:
    """The version of Ceph that an instance is going to have; empty if it is not known, or is the installed one.

    cluster: the result of the module ceph_cluster_info. The orchestrator, which is in the manager, deploys gateways of
    its own version. runtime: package, container or cephadm. run: the result of `radosgw --version` in a container.
    """
    if runtime == "cephadm":
        managers = cluster.get("cluster", {}).get("versions", {}).get("mgr", [])
        return str(managers[-1]) if managers else ""
    if runtime == "container":
        # docker's module returns a container's output inside the container's description, podman's module beside it.
        found = _VERSION.search(str(run.get("stdout", run.get("container", {}).get("Output", ""))))
        return found.group(1) if found else ""
    return ""


def gateway_process(
    one: Mapping[str, Any], runtime: str, daemons: Sequence[Mapping[str, Any]], host: str
) -> dict[str, str]:
    """The process of an instance, beside which radosgw-admin runs: via, container, entity, and its data folder.

    runtime: package, container or cephadm. cephadm gives each daemon a name of its own. daemons: those of the service,
    as the module ceph_orch_rgw returns them. host: the orchestrator's name for the host.
    """
    if runtime == "cephadm":
        daemon = {daemon["host"]: daemon for daemon in reversed(daemons)}[host]
        data = f"/var/lib/ceph/radosgw/ceph-{daemon['name']}"
        entity = f"client.{daemon['name']}"
        return {"via": "container", "container": daemon["container"], "entity": entity, "data": data}
    via = "container" if runtime == "container" else "host"
    return {"via": via, **{name: one[name] for name in ("container", "entity", "data")}}


def gateway_definition(
    one: Mapping[str, Any],
    runner: str,
    key: str,
    version: str | None,
    image: Sequence[str],
    labels: Mapping[str, str],
    limits: Sequence[Any],
    unit: str,
) -> dict[str, Any]:
    """What a running instance has read at its start, besides its certificate and key, for the module service_record.

    key: checksum of its keyring; version: Ceph's. Of a container, image: its name and ids; limits: of processes and
    memory. unit: digest of podman's unit, which has the whole definition of the container.
    """
    definition = {"options": one["ceph_options"]}
    if runner == "cephadm":  # it manages key and version
        return {**definition, "port": one["port"], "frontend": [one["frontend"], one["frontend_args"]]}
    definition.update(key=key, version=version)
    if runner in ("docker", "podman"):
        definition.update(image=image, labels=labels, limits=limits)
        definition.update({name: one[name] for name in ("capabilities", "tmpfs")})
    if runner == "podman":
        definition.update(unit=unit)
    return definition
