# SPDX-License-Identifier: Apache-2.0
"""What follows from the variables of the role rgw_gateway on a host, before a task asks the host anything."""

from __future__ import annotations

import hashlib
from typing import Any, Mapping

from ..base.text import to_bytes
from ..ceph.secret_options import secret_options
from ..host.ownership import labels
from .instances import rgw_instances
from .running import gateway_service

# What each runner needs on the host besides root. Modules of community.docker need requests, those of
# containers.podman only the command.
_NEEDS: dict[str, dict[str, Any]] = {
    "package": {"commands": ["systemctl"]},
    "docker": {"docker": True, "commands": ["docker"], "python_modules": ["requests"]},
    "podman": {"commands": ["podman", "systemctl"]},
    "cephadm": {},
}
_NOTHING: dict[str, Any] = {"docker": False, "commands": [], "python_modules": []}
# What the module rgw_preflight takes of an instance.
_PREFLIGHT = (
    *("name", "entity", "address", "port", "frontend", "frontend_options"),
    *("certificate", "private_key", "server_name"),
)


class HostGateways:
    """The gateways of a host.

    role: the role's variables, by their names without rgw_gateway_. host: the host's name in the inventory. home: the
    identity of the inventory. instance and found: for `service`, see gateway_service.
    """

    def __init__(
        self,
        role: Mapping[str, Any],
        host: str,
        home: str,
        instance: Mapping[str, Any] | None = None,
        found: Mapping[str, Any] | None = None,
    ) -> None:
        self._role, self._host, self._home = role, host, home
        self._instance, self._found = instance or {}, found or {}

    @property
    def instances(self) -> list[dict[str, Any]]:
        """Each instance with all that follows from it.

        `ceph_options`: the options in the instance's section of ceph.conf or of the monitors' database. Of the zone's,
        the role's and the instance's own, the later ones count. cephadm itself tells each of its daemons where to
        listen.
        """
        cephadm = self.runner == "cephadm"
        given, frontend_options = self._role["instances"], self._role["frontend_options"]
        instances = rgw_instances(given, self._host, frontend_options, self._role["dir"] if cephadm else "")
        common = {**self.zone_options, **self._role["options"]}
        return [
            {**one, "ceph_options": {**common, **one["options"], **({} if cephadm else {"rgw_frontends": one["text"]})}}
            for one in instances
        ]

    @property
    def preflight_instances(self) -> list[dict[str, Any]]:
        """What the module rgw_preflight takes of each instance."""
        return [{name: one[name] for name in _PREFLIGHT} for one in self.instances]

    @property
    def runner(self) -> str:
        """What runs an instance: package, docker, podman or cephadm. Each runner has a folder of tasks."""
        runtime = self._role["runtime"]
        return str(self._role["container_engine"] if runtime == "container" else runtime)

    @property
    def runners(self) -> list[str]:
        """All runners. An instance may have been run by another one before."""
        return list(_NEEDS)

    @property
    def needs(self) -> dict[str, Any]:
        """What the host must have, as options of the module host_preflight.

        With the state absent, the host may have nothing of the role.
        """
        return {**_NOTHING, **(_NEEDS[self.runner] if self._role["state"] == "present" else {})}

    @property
    def zone_options(self) -> dict[str, Any]:
        """The options of Ceph that name the realm, zonegroup and zone; only those that are given."""
        options = {f"rgw_{name}": self._role[name] for name in ("realm", "zonegroup", "zone")}
        return {name: value for name, value in options.items() if value}

    @property
    def things(self) -> list[dict[str, Any]]:
        """The folders that the gateways use, for the module ownership.

        `legacy` is a file that stands for the mark, for folders of releases that wrote no mark. With cephadm, an
        instance has no folder here, but to be removed may be one that another runner has left.
        """
        keys = {"kind": "folder", "name": self._role["dir"], "legacy": "admin.secret", "variable": "rgw_gateway_dir"}
        if self.runner == "cephadm" and self._role["state"] == "present":
            return [keys]
        own = {"kind": "folder", "legacy": "loaded", "variable": "rgw_gateway_instances"}
        return [*({**own, "name": one["data"]} for one in self.instances), keys]

    @property
    def labels(self) -> dict[str, str]:
        """The labels of each container of the role."""
        return labels(self._home, "gateway", self._host)

    @property
    def owner(self) -> str:
        """The account that owns an instance's files. Ceph's packages create the user ceph; in a container, the gateway
        runs as root.
        """
        return "ceph" if self._role["runtime"] == "package" else "root"

    @property
    def is_planned(self) -> bool:
        """Whether records can tell that nothing is to be done.

        They cannot for gateways that are to be removed, where a newer package or image may be available, and with
        cephadm, where the orchestrator alone knows what runs.
        """
        role = self._role
        if role["state"] != "present" or not role["admin_host"]:
            return False
        fresh = {"package": role["package_state"] == "latest", "cephadm": True}
        return not fresh.get(self.runner, role["image_pull"] == "always")

    @property
    def service(self) -> dict[str, Any]:
        """One instance as a service of the module service_record."""
        return gateway_service(self._instance, self.runner, self._role, self.labels, self._found)

    @property
    def version_container(self) -> str:
        """Name of the container that tells the image's version.

        The name has to be unique, because an existing container of this name is replaced.
        """
        return f"rgwkit-gateway-version-{hashlib.sha256(to_bytes(self._home + self._host)).hexdigest()[:12]}"

    @property
    def secret_options(self) -> list[str]:
        """The names of the given options that hold secrets, and only the names: nothing may show the values."""
        given = [self._role["options"], self._role["frontend_options"]]
        for one in self._role["instances"]:
            given += [one.get("options", {}), one.get("frontend_options", {})]
        return secret_options({name for options in given for name in options})
