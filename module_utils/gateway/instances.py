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
# In its container, radosgw is root, but without root's rights except two: to read files of other users (keys, a folder
# of ceph's) and to bind low ports. In the image, the folder of the admin socket belongs to ceph, so the container gets
# a folder of its own there. Apart from these tmpfs mounts, radosgw writes only to its data folder.
_CAPABILITIES = ["DAC_READ_SEARCH", "NET_BIND_SERVICE"]
_TMPFS = ["/run/ceph", "/tmp"]  # noqa: S108


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
        "unit": f"ceph-radosgw@{identity}",
        "container": f"ceph-{identity}",
        "service": f"{host}.{one['name']}",
        "loaded": f"{loaded_dir}/{one['name']}.loaded" if loaded_dir else f"{data}/loaded",
        "frontend_options": {**options, **one["frontend_options"]},
        "server_name": server_name,
        "url": url(server_name, one["port"], "https" if one["certificate"] else "http"),
    }
    return {**whole, "text": frontend_text(whole), **_frontend_args(whole), **_files(whole), **_container(whole)}


def _frontend_args(one: Mapping[str, Any]) -> dict[str, list[str]]:
    """The frontend's options as the orchestrator takes them, in an order that the order of the inventory does not
    change.
    """
    options = sorted(one["frontend_options"].items(), key=lambda option: str(option[0]).lower())
    return {"frontend_args": [f"{name}={value}" for name, value in options]}


def _files(one: Mapping[str, Any]) -> dict[str, str]:
    """Where the instance has its files on the host, by each runtime's own habits, and its block's mark in ceph.conf."""
    return {
        "keyring": f"/etc/ceph/ceph.{one['entity']}.keyring",
        "marker": f"# {{mark}} rgwkit: {one['entity']}",
        "drop_in": f"/etc/systemd/system/{one['unit']}.service.d/rgwkit.conf",
        "podman_unit": f"/etc/systemd/system/{one['container']}.service",
    }


def _container(one: Mapping[str, Any]) -> dict[str, Any]:
    """How a container runs radosgw. Its data folder has the same path on the host and inside."""
    pair = [path for path in (one["certificate"], one["private_key"]) if path]
    return {
        "command": ["-f", "--name", one["entity"], "--log-to-file=false", "--log-to-stderr=true"],
        # For radosgw-admin, which the verification runs in the container as the same Ceph user.
        "environment": {"CEPH_ARGS": f"--name {one['entity']} --keyring {one['data']}/keyring"},
        "volumes": [
            "/etc/ceph:/etc/ceph:ro",
            f"{one['data']}:{one['data']}",
            *(f"{path}:{path}:ro" for path in dict.fromkeys(pair)),
        ],
        "capabilities": list(_CAPABILITIES),
        "tmpfs": list(_TMPFS),
    }


def rgw_podman_run(
    one: Mapping[str, Any], image: str, labels: Mapping[str, str], pids_limit: int, memory: str = ""
) -> list[str]:
    """The arguments of `podman run` in an instance's unit. memory: as podman writes it, "" for no limit.

    The image is present already, so a start at boot waits for no registry. The container has no SELinux label: with a
    label, the mounted files would have to be relabelled, and others who read the same certificate would lose access.
    """
    named = f"--name={one['container']}"
    words = [named, "--replace", "--rm", "--detach", "--sdnotify=conmon", "--cgroups=split", "--pull=never"]
    words += ["--network=host", "--log-driver=journald", f"--pids-limit={pids_limit}", "--security-opt=label=disable"]
    words += ["--security-opt=no-new-privileges", "--read-only", "--cap-drop=all"]
    words += [f"--cap-add={name}" for name in one["capabilities"]]
    words += [f"--tmpfs={path}" for path in one["tmpfs"]]
    words += [f"--memory={memory}"] if memory else []
    words += [f"--label={name}={value}" for name, value in labels.items()]
    words += [f"--env={name}={value}" for name, value in one["environment"].items()]
    words += [f"--volume={volume}" for volume in one["volumes"]]
    return [*words, "--entrypoint=radosgw", image, *one["command"]]
