# SPDX-License-Identifier: Apache-2.0
"""What follows from an inventory: the names to publish, the certificates that have to be for them, the gateways' names.

The variables of other hosts are those of the inventory: defaults of roles are not among them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Mapping
from urllib.parse import urlsplit

from ..base.boolean import is_true
from ..base.errors import InputError
from ..base.host_port import url
from .names import WILDCARD, below_wildcard, domain_name, is_address, is_below

_GATEWAYS, _INGRESS, _REGISTRIES = "rgws", "ingress", "registries"
_NAME_OPTIONS = ("rgw_dns_name", "rgw_dns_s3website_name")
# A bucket that nobody has, for certificates: a wildcard of a certificate is for names, not for another wildcard.
SAMPLE = "rgwkit-bucket"
Vars = Mapping[str, Any]


class PublishedNames:
    """role: the variables of dns_publish without their prefix. hostvars, groups: as Ansible has them."""

    def __init__(self, role: Vars, hostvars: Mapping[str, Vars], groups: Mapping[str, Sequence[str]]) -> None:
        self._role, self._hostvars, self._groups = role, hostvars, groups

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """The entries for the module dns_records. An entry of the variable `names` takes the place of a derived one."""
        own = list(self._role["names"])
        taken = {str(entry["name"]).rstrip(".").lower() for entry in own}
        entries = [one for one in self._derived() if one["name"] not in taken] + own
        if self._role["state"] == "absent":
            return [{"name": one["name"], "state": "absent"} for one in entries]
        return entries

    @cached_property
    def registries(self) -> list[str]:
        """The names in the zone by which clients reach registries, as the registries and the ingress have them."""
        named = [name for host in self._hosts(_REGISTRIES) for name in self._of(host, "registry_names", [])]
        named += [name for one in self._services("registry") for name in (one.get("tls") or {}).get("names", [])]
        return sorted({name for name in map(self._in_zone, named) if name and name not in self._gateways()})

    @cached_property
    def gateway_names(self) -> dict[str, list[str]]:
        """The host names that the gateways take for their own by their options, and those of web sites."""
        found: dict[str, set[str]] = {name: set() for name in _NAME_OPTIONS}
        for options in self._gateway_options():
            for name in _NAME_OPTIONS:
                found[name] |= {str(options[name])} if options.get(name) else set()
        names, websites = (sorted(found[name]) for name in _NAME_OPTIONS)
        return {"names": names, "websites": websites}

    @cached_property
    def certificates(self) -> list[dict[str, Any]]:
        """Each certificate that clients see, with its host and the names that it has to be for."""
        return [
            one
            for one in [*self._ingress_certificates(), *self._gateway_certificates(), *self._registry_certificates()]
            if one["certificate"] and one["names"]
        ]

    @cached_property
    def url(self) -> str:
        """Where clients reach the gateways by the endpoint; empty without one."""
        if not self._role["endpoint"]:
            return ""
        scheme, port = self._listener()
        return url(domain_name(self._role["endpoint"]), port, scheme)

    @cached_property
    def proof_addresses(self) -> list[str]:
        """Where to look for a bucket: at each address of the endpoint, or, as "", where the resolver says."""
        if not self._role["endpoint"] or self._role["state"] == "absent":
            return []
        if is_true(self._role["resolver"]):
            return [""]
        endpoint = domain_name(self._role["endpoint"])
        entries = [one for one in self.records if str(one["name"]).rstrip(".").lower() == endpoint]
        return [str(address) for one in entries for address in one.get("addresses", [])] or [""]

    def _listener(self) -> tuple[str, int]:
        """Scheme and port of the ingress, else of the first gateway, else of the URL for users."""
        for service in self._services("rgw"):
            return ("https" if service.get("tls") else "http"), int(service["port"])
        first = self._hosts(_GATEWAYS)[0]
        for one in self._of(first, "rgw_gateway_instances", []):
            return ("https" if one.get("certificate") else "http"), int(one["port"])
        found = urlsplit(str(self._of(first, "rgw_users_endpoint", "http://127.0.0.1:8080")))
        return found.scheme, found.port or {"https": 443}.get(found.scheme, 80)

    def _gateway_options(self) -> Iterator[Vars]:
        """Ceph's options of each gateway, a demo's among them."""
        for host in self._hosts(_GATEWAYS):
            common = self._of(host, "rgw_gateway_options", {})
            for one in self._of(host, "rgw_gateway_instances", [{}]):
                yield {**common, **one.get("options", {})}
            demo = self._of(host, "ceph_demo_environment", {}).get("RGW_OPTIONS", {})
            yield json.loads(demo) if isinstance(demo, str) else demo

    def _derived(self) -> Iterator[dict[str, Any]]:
        for name in self._gateways():
            yield {"name": name, "addresses": self._role["addresses"] or self._addresses("rgw", _GATEWAYS)}
        for name in self._role["registries"]:
            yield {"name": domain_name(name), "addresses": self._registry_addresses(domain_name(name))}

    def _gateways(self) -> list[str]:
        """The endpoint, and the wildcard for the buckets."""
        if not self._role["endpoint"]:
            return []
        endpoint = domain_name(self._role["endpoint"])
        return [endpoint, WILDCARD + endpoint] if is_true(self._role["virtual_hosts"]) else [endpoint]

    def _registry_addresses(self, name: str) -> list[str]:
        """Of the ingress, else of those registries that know the name, else of all."""
        knowing = [one for one in self._hosts(_REGISTRIES) if name in self._of(one, "registry_names", [])]
        return self._addresses("registry", _REGISTRIES, knowing)

    def _addresses(self, kind: str, group: str, preferred: Sequence[str] = ()) -> list[str]:
        """Where clients reach a kind of service: the virtual address, the hosts of the ingress, or its own hosts."""
        before = [host for host in self._hosts(_INGRESS) if self._services_of(host, kind)]
        virtual = [str(self._of(host, "rgw_ingress_virtual_address", "")).partition("/")[0] for host in before]
        if any(virtual):
            return sorted({address for address in virtual if address})
        hosts = before or list(preferred) or self._hosts(group)
        return [self._address_of(host) for host in hosts]

    def _address_of(self, host: str) -> str:
        variable = self._role["address_variable"]
        address = str(self._of(host, variable, host))
        if not is_address(address):
            raise InputError(
                f"the host {host} has no address: its {variable} is '{address}', which is no IP address. Next: name a "
                "variable that has the address in dns_publish_address_variable, or give dns_publish_addresses or an "
                "entry of dns_publish_names."
            )
        return address

    def _ingress_certificates(self) -> Iterator[dict[str, Any]]:
        for host in self._hosts(_INGRESS):
            for kind in ("rgw", "registry"):
                for service in self._services_of(host, kind):
                    tls = service.get("tls") or {}
                    yield self._certificate(
                        host, tls.get("certificate"), tls.get("key"), self._names_of(kind), "rgw_ingress_services"
                    )

    def _gateway_certificates(self) -> Iterator[dict[str, Any]]:
        for host in self._hosts(_GATEWAYS) if not self._services("rgw") else []:
            for one in self._of(host, "rgw_gateway_instances", []):
                certificate = one.get("certificate", "")
                key = one.get("private_key") or certificate
                yield self._certificate(host, certificate, key, self._names_of("rgw"), "rgw_gateway_instances")

    def _registry_certificates(self) -> Iterator[dict[str, Any]]:
        for host in self._hosts(_REGISTRIES) if not self._services("registry") else []:
            certificate = self._of(host, "registry_tls_certificate_file", "")
            key = self._of(host, "registry_tls_key_file", "")
            known = self._of(host, "registry_names", [])
            names = [name for name in self._names_of("registry") if name in known]
            yield self._certificate(host, certificate, key, names, "registry_tls_certificate_file")

    def _names_of(self, kind: str) -> list[str]:
        if kind == "rgw":
            return [below_wildcard(name, SAMPLE) for name in self._gateways()]
        return [domain_name(name) for name in self._role["registries"]]

    def _certificate(
        self, host: str, certificate: str | None, key: str | None, names: Sequence[str], variable: str
    ) -> dict[str, Any]:
        purpose = "the names that DNS gets"
        return {
            "host": host,
            "certificate": certificate or "",
            "key": key or "",
            "names": list(names),
            "purpose": purpose,
            "variable": variable,
        }

    def _services(self, kind: str) -> list[Vars]:
        return [service for host in self._hosts(_INGRESS) for service in self._services_of(host, kind)]

    def _services_of(self, host: str, kind: str) -> list[Vars]:
        return [one for one in self._of(host, "rgw_ingress_services", []) if one["type"] == kind]

    def _in_zone(self, name: str) -> str:
        name = str(name).rstrip(".").lower()
        return name if is_below(name, domain_name(self._role["zone"])) else ""

    def _hosts(self, group: str) -> list[str]:
        return list(self._groups.get(group, []))

    def _of(self, host: str, variable: str, default: Any) -> Any:
        found = self._hostvars[host]
        return found.get(variable, default)
