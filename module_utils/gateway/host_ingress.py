# SPDX-License-Identifier: Apache-2.0
"""What follows from the variables of the role rgw_ingress on a host, before a task asks the host anything."""

from __future__ import annotations

import posixpath
from typing import Any, Callable, Mapping, Sequence

from ..host.owned_folder import MARK
from ..host.ownership import labels
from .ingress import PURPOSE, ingress_files, ingress_has_names

# The requests by which HAProxy checks backends. A gateway is asked for a bucket that does not exist, by another name
# each time: to answer, the gateway has to read its cluster, whereas it answers /swift/healthcheck without the cluster.
# A registry answers 503 while its own check of the storage fails. `path` is HAProxy's, `ask` is for other clients.
_CHECKS: dict[str, dict[str, Any]] = {
    "rgw": {"path": "/rgwkit-%[rand(1000000000)]", "ask": "/rgwkit-ingress", "status": [404]},
    "registry": {"path": "/v2/", "ask": "/v2/", "status": [200, 401]},
}
# The variables that the configurations, units and container of either program are made of.
_HAPROXY = ("name", "dir", "socket", "services", "idle_timeout", "pids_limit", "memory")
_KEEPALIVED = (
    *("name", "dir", "services", "virtual_address", "virtual_interface", "virtual_priority"),
    "virtual_router_id",
)


class HostIngress:
    """The ingress of a host.

    role: the role's variables, by their names without rgw_ingress_. home: the identity of the inventory. settled:
    whether the services are verified. release: what returns the digest of the role itself. renews: whether the run
    looks for a newer image.
    """

    def __init__(
        self,
        role: Mapping[str, Any],
        home: str,
        settled: bool = False,
        release: Callable[[], str] = str,
        renews: bool = False,
    ) -> None:
        self._role, self._home, self._settled, self._release, self._renews = role, home, settled, release, renews

    @property
    def unit(self) -> str:
        """The systemd unit of HAProxy."""
        return f"{self._role['name']}.service"

    @property
    def keepalived_unit(self) -> str:
        """The systemd unit of keepalived."""
        return f"{self._role['name']}-keepalived.service"

    @property
    def labels(self) -> dict[str, str]:
        """The labels of each container of the role."""
        return labels(self._home, "ingress", self._role["name"])

    @property
    def things(self) -> list[dict[str, Any]]:
        """The names that the ingress uses on the host, for the module ownership."""
        name = self._role["name"]
        containers = [("container", name), ("container", f"{name}-check")]
        names = [*(containers if self._in_container() else [("unit", self.unit)]), ("unit", self.keepalived_unit)]
        folder = self._role["dir"]
        return [{"kind": kind, "name": name, "folder": folder, "variable": "rgw_ingress_name"} for kind, name in names]

    @property
    def needs(self) -> dict[str, Any]:
        """What the host must have, as options of the module host_preflight.

        In the state absent, a host without systemd has no unit to remove. Modules of community.docker need requests.
        """
        present = self._role["state"] == "present"
        if not self._in_container():
            commands = ["systemctl"] if present else []
            return {"docker": False, "commands": commands, "python_modules": [], "images": []}
        image = {"name": self._role["image"], "source": self._role["image_source"], "pull": self._role["image_pull"]}
        images = [image] if present else []
        return {"docker": True, "commands": ["docker"], "python_modules": ["requests"], "images": images}

    @property
    def mounts(self) -> list[dict[str, Any]]:
        """The mounts of HAProxy's container. The paths are the same inside the container, so that one configuration
        serves both runtimes.
        """
        folder, run = self._role["dir"], posixpath.dirname(self._role["socket"])
        return [
            {"type": "bind", "source": folder, "target": folder, "read_only": True},
            {"type": "bind", "source": run, "target": run},
        ]

    @property
    def certificates(self) -> list[dict[str, Any]]:
        """The certificates that clients see, for the module host_preflight."""
        return [{**service["tls"], **PURPOSE} for service in self._role["services"] if "tls" in service]

    @property
    def checks(self) -> dict[str, dict[str, Any]]:
        """The check of each type of backends: path, and for other clients than HAProxy `ask`; status codes."""
        return _CHECKS

    @property
    def has_names(self) -> bool:
        """Whether HAProxy has to resolve the host name of a backend."""
        return ingress_has_names(self._role["services"])

    @property
    def is_planned(self) -> bool:
        """Whether records can tell that nothing is to be done: not for an ingress that is to be removed, and not where
        a newer image may be available.
        """
        return bool(self._role["state"] == "present" and not self._renews)

    @property
    def records(self) -> list[dict[str, Any]]:
        """HAProxy, and keepalived if there is a virtual address, as services of the module service_record."""
        return [self.haproxy_record, *([self.keepalived_record] if self._role["virtual_address"] else [])]

    @property
    def haproxy_record(self) -> dict[str, Any]:
        """HAProxy as a service of the module service_record. What HAProxy has loaded, a reload renews."""
        folder, files = self._role["dir"], ingress_files(self._role["services"])
        record = {
            "path": f"{folder}/loaded",
            "runtime": self._role["runtime"],
            "files": [f"{folder}/{name}" for name in ("haproxy.cfg", *files)],
            "managed": {"settled": self._settled, **self._managed(_HAPROXY)},
            # The sources of the copies that HAProxy reads.
            "managed_files": [f"{folder}/{MARK}", *files.values()],
        }
        if not self._in_container():
            return {**record, "unit": self.unit}
        return {**record, "image": self._role["image"], "container": self._role["name"]}

    @property
    def keepalived_record(self) -> dict[str, Any]:
        """Keepalived as a service of the module service_record."""
        file = f"{self._role['dir']}/keepalived.conf"
        return {
            "path": f"{file}.loaded",
            "runtime": "package",
            "files": [file],
            "managed": self._managed(_KEEPALIVED),
            "unit": self.keepalived_unit,
        }

    def _managed(self, names: Sequence[str]) -> dict[str, Any]:
        """What configuration and unit are made of: variables, and the templates of this release."""
        variables = {name: self._role[name] for name in names}
        return {"home": self._home, "release": self._release(), "variables": variables}

    def _in_container(self) -> bool:
        return bool(self._role["runtime"] == "container")
