# SPDX-License-Identifier: Apache-2.0
"""What follows from the gateways that a host is to have: names, folders, radosgw's `rgw frontends`, and a URL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..base.host_port import host_port, near_host, url

_DEFAULTS: dict[str, Any] = {
    "address": "0.0.0.0",  # noqa: S104
    "frontend": "beast",
    "frontend_options": {},
    "certificate": "",
    "private_key": "",
    "ca_file": "",
    "server_name": "",
    "options": {},
}


def rgw_instances(
    given: Iterable[Mapping[str, Any]], host: str, frontend_options: Mapping[str, Any], loaded_dir: str = ""
) -> list[dict[str, Any]]:
    """Each instance with all that follows from it.

    frontend_options: those of all instances; loaded_dir: folder of the files that say what was loaded, where that is
    not the instance's own.
    """
    return [_instance({**_DEFAULTS, **one}, host, frontend_options, loaded_dir) for one in given]


def frontend_text(instance: Mapping[str, Any]) -> str:
    """`rgw frontends` (doc/radosgw/frontends.rst): beast has endpoint and ssl_endpoint, civetweb has port, which ends
    with an s for TLS.
    """
    tls = bool(instance["certificate"])
    where = host_port(instance["address"], instance["port"])
    if instance["frontend"] == "civetweb":
        listener = f"port={where}{'s' if tls else ''}"
    else:
        listener = f"{'ssl_' if tls else ''}endpoint={where}"
    files = (("ssl_certificate", instance["certificate"]), ("ssl_private_key", instance["private_key"]))
    words = [instance["frontend"], listener, *(f"{name}={path}" for name, path in files if path)]
    return " ".join(words + [f"{name}={value}" for name, value in sorted(instance["frontend_options"].items())])


def _instance(one: dict[str, Any], host: str, options: Mapping[str, Any], loaded_dir: str) -> dict[str, Any]:
    identity = f"rgw.{host}.{one['name']}"
    data = f"/var/lib/ceph/radosgw/ceph-{identity}"
    server_name = one["server_name"] or near_host(one["address"])
    whole = {
        **one,
        "entity": f"client.{identity}",
        "data": data,
        "unit": f"ceph-radosgw@{identity}.service",
        "container": f"ceph-{identity}",
        "service": f"{host}.{one['name']}",
        "loaded": f"{loaded_dir}/{one['name']}.loaded" if loaded_dir else f"{data}/loaded",
        "frontend_options": {**options, **one["frontend_options"]},
        "server_name": server_name,
        "url": url(server_name, one["port"], "https" if one["certificate"] else "http"),
    }
    return {**whole, "text": frontend_text(whole), **_frontend_args(whole), **_files(whole)}


def _frontend_args(one: Mapping[str, Any]) -> dict[str, list[str]]:
    """The frontend's options as the orchestrator takes them, in an order that the order of the inventory does not
    change.
    """
    options = sorted(one["frontend_options"].items(), key=lambda option: str(option[0]).lower())
    return {"frontend_args": [f"{name}={value}" for name, value in options]}


def _files(one: Mapping[str, Any]) -> dict[str, str]:
    """Where the administration host has the instance's keyring, and the mark of the instance's block in ceph.conf."""
    return {
        "keyring": f"/etc/ceph/ceph.{one['entity']}.keyring",
        "marker": f"# {{mark}} rgwkit: {one['entity']}",
    }
