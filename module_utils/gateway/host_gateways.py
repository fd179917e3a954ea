# SPDX-License-Identifier: Apache-2.0
"""What follows from the variables of the role rgw_gateway on a host, before a task asks the host anything."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Sequence

from ..ceph.secret_options import secret_options
from ..keystone.options import conflicts, keystone_options, with_defaults
from ..services.needs import needs
from .definition import gateway_definition, gateway_record, password_path
from .instances import rgw_instances

# The options of the module host_preflight for a host that needs nothing but root.
_NOTHING: dict[str, Any] = {"docker": False, "podman": False, "commands": [], "python_modules": []}
# What the module rgw_preflight takes of an instance.
_PREFLIGHT = (
    *("name", "entity", "address", "port", "frontend", "frontend_options"),
    *("certificate", "private_key", "server_name"),
)


class HostGateways:
    """The gateways of a host.

    role: the role's variables, by their names without rgw_gateway_. host: the host's name in the inventory. home: the
    identity of the inventory. instance: the one that `service` and `record` are about. entities: what the monitors hold
    of keys and options, as the module ceph_entity_info returns them; an instance without an entity has no key. release:
    what returns the digest of the roles.
    """

    def __init__(
        self,
        role: Mapping[str, Any],
        host: str,
        home: str,
        instance: Mapping[str, Any] | None = None,
        entities: Sequence[Mapping[str, Any]] | None = None,
        release: Callable[[], str] = str,
    ) -> None:
        self._role, self._host, self._home = role, host, home
        self._instance, self._release = instance or {}, release
        self._entities = {entity["name"]: entity for entity in entities or ()}

    @property
    def instances(self) -> list[dict[str, Any]]:
        """Each instance with all that follows from it.

        `ceph_options`: the options in the instance's section of ceph.conf or of the monitors' database. Of the zone's,
        the role's and the instance's own, the later ones count. Nothing contradicts those of Keystone, whose password
        is in a file; the gateways of cephadm see no file of the host. cephadm itself tells each of its daemons where to
        listen.
        """
        cephadm = self._by_cephadm()
        given, frontend_options = self._role["instances"], self._role["frontend_options"]
        instances = rgw_instances(given, self._host, frontend_options, self._role["dir"] if cephadm else "")
        common = {**self.zone_options, **self._role["options"]}
        return [
            {
                **one,
                "ceph_options": {
                    **common,
                    **one["options"],
                    **keystone_options(self._role["keystone"], "" if cephadm else password_path(one)),
                    **({} if cephadm else {"rgw_frontends": one["text"]}),
                },
            }
            for one in instances
        ]

    @property
    def keystone(self) -> dict[str, Any]:
        """Keystone as the module rgw_keystone_preflight takes it, with all defaults; empty without Keystone.

        `gateway_urls`: where clients find the gateways, by default each at its own address.
        """
        one = with_defaults(self._role["keystone"])
        if not one:
            return {}
        prefix = self._role["options"].get("rgw_swift_url_prefix", "swift")
        urls = one["catalogue_urls"] or [instance["url"] for instance in self.instances]
        return {**one, "url_prefix": prefix, "gateway_urls": urls}

    @property
    def keystone_conflicts(self) -> list[str]:
        """The names of options that contradict rgw_gateway_keystone, or switch the verification of TLS off."""
        given = [self._role["options"], *(one.get("options", {}) for one in self._role["instances"])]
        return sorted({name for options in given for name in conflicts(self._role["keystone"], options)})

    @property
    def preflight_instances(self) -> list[dict[str, Any]]:
        """What the module rgw_preflight takes of each instance."""
        return [{name: one[name] for name in _PREFLIGHT} for one in self.instances]

    @property
    def needs(self) -> dict[str, Any]:
        """What the host must have, as options of the module host_preflight.

        The orchestrator brings what its gateways need. With the state absent, the host may have nothing of the role.
        """
        if self._by_cephadm() or self._role["state"] != "present":
            return dict(_NOTHING)
        wanted = needs(self._role["runtime"])
        return {name: wanted[name] for name in _NOTHING}

    @property
    def zone_options(self) -> dict[str, Any]:
        """The options of Ceph that name the realm, zonegroup and zone; only those that are given."""
        options = {f"rgw_{name}": self._role[name] for name in ("realm", "zonegroup", "zone")}
        return {name: value for name, value in options.items() if value}

    @property
    def things(self) -> list[dict[str, Any]]:
        """The folders that the gateways use, for the module ownership.

        `legacy` is a file that stands for the mark, for folders of releases that wrote no mark. With cephadm, an
        instance has no folder here, but to be removed may be one that another runtime has left.
        """
        keys = {"kind": "folder", "name": self._role["dir"], "legacy": "admin.secret", "variable": "rgw_gateway_dir"}
        if self._by_cephadm() and self._role["state"] == "present":
            return [keys]
        own = {"kind": "folder", "legacy": "loaded", "variable": "rgw_gateway_instances"}
        return [*({**own, "name": one["data"]} for one in self.instances), keys]

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
        return not fresh.get(role["runtime"], role["image_pull"] == "always")

    @property
    def services(self) -> list[dict[str, Any]]:
        """The definition of each instance, for the role service. cephadm runs no services of that role."""
        return [self._definition(one) for one in self.instances]

    @property
    def service(self) -> dict[str, Any]:
        """The definition of the one instance."""
        return self._definition(self._instance)

    @property
    def record(self) -> dict[str, Any]:
        """The one instance that cephadm runs, as one of the services of the module service_record."""
        return gateway_record(self._instance, self._role)

    @property
    def secret_options(self) -> list[str]:
        """The names of the given options that hold secrets, and only the names: nothing may show the values."""
        given = [self._role["options"], self._role["frontend_options"]]
        for one in self._role["instances"]:
            given += [one.get("options", {}), one.get("frontend_options", {})]
        return secret_options({name for options in given for name in options})

    def _by_cephadm(self) -> bool:
        return bool(self._role["runtime"] == "cephadm")

    def _definition(self, one: Mapping[str, Any]) -> dict[str, Any]:
        found = {"entity": self._entities.get(one["entity"]), "release": self._release}
        return gateway_definition(one, self._role, self._host, self._home, found)
