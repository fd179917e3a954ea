# SPDX-License-Identifier: Apache-2.0
"""What an instance of a gateway runs as: its version, its daemon's process, and what that has read at its start."""

from __future__ import annotations

import re
from typing import Any, Mapping, Sequence

from ..host.owned_folder import MARK

_CONF = "/etc/ceph/ceph.conf"
_PROGRAM = "/usr/bin/radosgw"
# What the role gives the container of an instance besides image and limits.
_OF_CONTAINER = ("command", "environment", "volumes", "capabilities", "tmpfs")
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


def gateway_service(
    one: Mapping[str, Any], runner: str, role: Mapping[str, Any], labels: Mapping[str, str], found: Mapping[str, Any]
) -> dict[str, Any]:
    """An instance as one of the services of the module service_record.

    one: the instance. role: the variables of the role. labels: of a container. found: what tasks know of it. `entity`:
    what the monitors hold of its key and options, as an entity of the module ceph_entity_info; empty without a key.
    `settled`: whether the instance is verified and ready at the ingress. `templates`, `release`: what returns digests
    of the role's templates and of the whole role, whose next release may do something else.
    """
    entity = found["entity"] or {}
    service = {
        "path": one["loaded"],
        "runtime": runner,
        "definition": {"options": one["ceph_options"]},
        "files": [path for path in (one["certificate"], one["private_key"]) if path],
        "managed": {
            "settled": found["settled"],
            "release": found["release"](),
            "checks": {name: role[name] for name in ("fsid", "dir", "admin_uid", "verify_uid")},
        },
    }
    if runner == "cephadm":  # it manages key and version, and runs the process
        service["definition"].update(port=one["port"], frontend=[one["frontend"], one["frontend_args"]])
        return service
    service["definition"]["key"] = entity.get("key_digest")
    service["managed"].update(
        caps=[role["caps"], entity.get("caps")], database=[role["config"], entity.get("options")], labels=labels
    )
    service["block"] = one["entity"]  # instances share ceph.conf, and each writes a block of its own
    service["managed_files"] = [_CONF, f"{one['data']}/keyring", f"{one['data']}/{MARK}"]
    if runner == "package":
        return {**service, "programs": [_PROGRAM], "unit": f"{one['unit']}.service"}
    container = [one[name] for name in _OF_CONTAINER]
    service["definition"].update(container=container, limits=[role["pids_limit"], role["memory"]])
    service["image"] = role["image"]
    if runner == "podman":
        # A unit that changes is a restart, before which the instance is drained.
        service["definition"]["unit"] = [labels, found["templates"]()]
        return {**service, "unit": f"{one['container']}.service"}
    return {**service, "container": one["container"]}
