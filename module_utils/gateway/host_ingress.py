# SPDX-License-Identifier: Apache-2.0
"""What follows from the variables of the role rgw_ingress on a host, before a task asks the host anything."""

from __future__ import annotations

from typing import Any, Callable, Mapping

from ..host.owned_folder import MARK
from ..host.ownership import labels
from ..services.needs import needs
from ..services.unit import log_command
from .ingress import PURPOSE, ingress_files, ingress_has_names
from .ingress_programs import haproxy, keepalived

# The requests by which HAProxy checks backends. A gateway is asked for a bucket that does not exist, by another name
# each time: to answer, the gateway has to read its cluster, whereas it answers /swift/healthcheck without the cluster.
# A registry answers 503 while its own check of the storage fails. `path` is HAProxy's, `ask` is for other clients.
_CHECKS: dict[str, dict[str, Any]] = {
    "rgw": {"path": "/rgwkit-%[rand(1000000000)]", "ask": "/rgwkit-ingress", "status": [404]},
    "registry": {"path": "/v2/", "ask": "/v2/", "status": [200, 401]},
}
# HAProxy 2.2 of Debian 11 knows neither `%HPO` in a log format nor `del-header -m`.
_HAPROXY_PACKAGE = {
    "name": "haproxy",
    "version": "2.4",
    "purpose": "the ingress",
    "instead": "rgw_ingress_runtime=docker",
}
# The variables that the configurations are made of.
_CONFIGURES_HAPROXY = ("dir", "socket", "services", "idle_timeout")
_CONFIGURES_KEEPALIVED = (
    *("name", "services", "virtual_address", "virtual_interface", "virtual_priority"),
    "virtual_router_id",
)


class HostIngress:
    """The ingress of a host.

    role: the role's variables, by their names without rgw_ingress_. home: the identity of the inventory. release: what
    returns the digest of the role itself. renews: whether the run looks for a newer image.
    """

    def __init__(
        self, role: Mapping[str, Any], home: str, release: Callable[[], str] = str, renews: bool = False
    ) -> None:
        self._role, self._home, self._release, self._renews = role, home, release, renews

    @property
    def needs(self) -> dict[str, Any]:
        """What the host must have, as options of the module host_preflight."""
        role = self._role
        image = {"name": role["image"], "source": role["image_source"], "pull": role["image_pull"]}
        return needs(role["runtime"], [image], role["state"] == "present", packages=[_HAPROXY_PACKAGE])

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
    def definitions(self) -> list[dict[str, Any]]:
        """The definitions of HAProxy, and of keepalived if there is a virtual address."""
        return [self.haproxy, *([self.keepalived] if self._role["virtual_address"] else [])]

    @property
    def haproxy(self) -> dict[str, Any]:
        """The definition of HAProxy."""
        folder, files = self._role["dir"], ingress_files(self._role["services"])
        record = {
            "path": f"{folder}/loaded",
            "files": [f"{folder}/{name}" for name in ("haproxy.cfg", *files)],
            "managed": self._managed(_CONFIGURES_HAPROXY),
            # The sources of the copies that HAProxy reads.
            "managed_files": [f"{folder}/{MARK}", *files.values()],
        }
        return {**haproxy(self._role), **self._common(), "record": record}

    @property
    def keepalived(self) -> dict[str, Any]:
        """The definition of keepalived."""
        file = f"{self._role['dir']}/keepalived.conf"
        record = {"path": f"{file}.loaded", "files": [file], "managed": self._managed(_CONFIGURES_KEEPALIVED)}
        return {**keepalived(self._role), **self._common(), "record": record}

    @property
    def log_command(self) -> str:
        """How people read HAProxy's log."""
        return log_command(self._role["runtime"], self._role["name"])

    def _common(self) -> dict[str, Any]:
        role = self._role
        return {
            "home": self._home,
            "role": "rgw_ingress",
            "labels": labels(self._home, "ingress", role["name"]),
            "folder": role["dir"],
            "variable": "rgw_ingress_name",
        }

    def _managed(self, names: tuple[str, ...]) -> dict[str, Any]:
        """What a configuration is made of: variables, and the templates of this release."""
        return {"release": self._release(), "variables": {name: self._role[name] for name in names}}
