# SPDX-License-Identifier: Apache-2.0
"""The services of an ingress: their backends from an inventory, their files for HAProxy, and objections to them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Mapping

# Values become words of another program's language: none may end a word or begin a line.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*\Z")
_ADDRESS = re.compile(
    r"(\*|[0-9.]+|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)\Z",
)
_PATH = re.compile(r"/[A-Za-z0-9/_.~?=&-]*\Z")
_FORMS = (
    "names have letters, digits, and . _ - (not first); addresses are a host name, an IP address or *; paths begin "
    "with / and have letters, digits and / _ . ~ - ? = &"
)
_IP = re.compile(r"[0-9.]+\Z|.*:")
_BIND = re.compile(r"^  bind \S+:([0-9]+)", re.MULTILINE)
# What tasks say of the ingress where they check its host.
PURPOSE = {"purpose": "the ingress", "variable": "rgw_ingress_services"}

Service = Mapping[str, Any]


def ingress_backends(
    hosts: Iterable[str], hostvars: Mapping[str, Mapping[str, Any]], address: str, port: int | None = None
) -> list[dict[str, Any]]:
    """The backends on these hosts, at the variable `address` of each: at a port, or one for each gateway instance."""
    if port is not None:
        return [{"name": host, "address": hostvars[host][address], "port": port} for host in hosts]
    return [
        {"name": f"{host}-{one['name']}", "address": hostvars[host][address], "port": one["port"]}
        for host in hosts
        for one in hostvars[host]["rgw_gateway_instances"]
    ]


def ingress_files(services: Iterable[Service]) -> dict[str, str]:
    """What HAProxy reads from its folder, and where each file comes from: <name>.pem, with <name>.pem.key beside it."""
    files = {}
    for service in services:
        name = service["name"]
        if service.get("tls"):
            files[f"{name}.pem"], files[f"{name}.pem.key"] = service["tls"]["certificate"], service["tls"]["key"]
        if service.get("backend_tls"):
            files[f"{name}.ca.pem"] = service["backend_tls"]["ca_file"]
    return files


def ingress_has_names(services: Iterable[Service]) -> bool:
    """Whether a backend is given by a host name, which HAProxy has to resolve."""
    return any(not _IP.match(str(one["address"])) for service in services for one in service["backends"])


def ingress_ports(services: Iterable[Service], configuration: str) -> list[dict[str, Any]]:
    """The ports that have to be free on the host, for the module host_preflight.

    configuration: that of the running HAProxy, which holds the ports in it itself; empty if HAProxy does not run.
    """
    held = {int(port) for port in _BIND.findall(configuration)}
    ports = dict.fromkeys(service["port"] for service in services)
    return [{"port": port, **PURPOSE} for port in ports if port not in held]


def ingress_objections(services: list[Service], name: str, folder: str, socket: str) -> list[str]:
    """What speaks against the variables of an ingress, a sentence each: what, and what to do."""
    return [
        *_odd("rgw_ingress_name", _NAME, [name]),
        *_odd("rgw_ingress_dir", _PATH, [folder]),
        *_odd("rgw_ingress_socket", _PATH, [socket]),
        *_odd("rgw_ingress_services", _NAME, _names(services)),
        *_odd("rgw_ingress_services", _ADDRESS, _addresses(services)),
        *_odd("rgw_ingress_services", _PATH, [one["check"]["path"] for one in services if one.get("check")]),
        *_idle(services),
        *_repeated(services),
    ]


def _odd(variable: str, form: re.Pattern[str], values: Iterable[Any]) -> Iterator[str]:
    odd = [str(value) for value in values if not form.match(str(value))]
    if odd:
        yield f"{variable} has invalid values: {', '.join(odd)}. Next: correct them; {_FORMS}"


def _names(services: Iterable[Service]) -> list[str]:
    return [one["name"] for service in services for one in (service, *service["backends"])]


def _addresses(services: Iterable[Service]) -> Iterator[str]:
    for service in services:
        yield service.get("address", "*")
        yield from (one["address"] for one in service["backends"])
        if service.get("backend_tls"):
            yield service["backend_tls"]["name"]


def _idle(services: list[Service]) -> Iterator[str]:
    idle = [str(service["name"]) for service in services if not service["backends"]]
    if idle or not services:
        yield (
            f"no backends for {', '.join(idle) or 'any service'}. Next: list backends in rgw_ingress_services, and "
            "check that no group of hosts is empty"
        )


def _repeated(services: Iterable[Service]) -> Iterator[str]:
    found: Counter[str] = Counter()
    for service in services:
        found.update([service["name"], f"{service.get('address', '*')}:{service['port']}"])
        found.update(f"{service['name']}/{one['name']}" for one in service["backends"])
    twice = [value for value, count in found.items() if count > 1]
    if twice:
        yield (
            f"rgw_ingress_services has {', '.join(twice)} more than once. Next: give each service its own name and "
            "port, and each backend of a service its own name"
        )
