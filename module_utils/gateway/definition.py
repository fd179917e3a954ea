# SPDX-License-Identifier: Apache-2.0
"""An instance of a gateway as a service of the role service, and what the module service_record compares of it."""

from __future__ import annotations

from typing import Any, Mapping

from ..host.owned_folder import MARK
from ..host.ownership import labels
from ..keystone.authorities import authority_mounts

_CONF = "/etc/ceph/ceph.conf"
_PROGRAM = "/usr/bin/radosgw"
# In its container, radosgw is root, but without root's rights except two: to read files of other users (keys, a folder
# of ceph's) and to bind low ports. In the image, the folder of the admin socket belongs to ceph, so the container gets
# a folder of its own there. Apart from these tmpfs mounts, radosgw writes only to its data folder.
_CAPABILITIES = ("DAC_READ_SEARCH", "NET_BIND_SERVICE")
_TMPFS = ("/run/ceph", "/tmp")  # noqa: S108
# A stopping gateway finishes its open requests for up to 120 s (rgw_exit_timeout_secs).
_STOP_SECONDS = 130
# The package with radosgw, by Ansible's families of distributions.
_PACKAGES = {"RedHat": ["ceph-radosgw"], "Suse": ["ceph-radosgw"], "default": ["radosgw"]}


def gateway_definition(
    one: Mapping[str, Any], role: Mapping[str, Any], host: str, home: str, found: Mapping[str, Any]
) -> dict[str, Any]:
    """An instance as the definition of a service (module_utils/services/definition.py).

    one: the instance. role: the variables of the role, whose runtime is docker, podman or package. host: its name in
    the inventory. home: the identity of the inventory. found: what tasks know of the instance. `entity`: what the
    monitors hold of its key and options, as an entity of the module ceph_entity_info; empty without a key. `release`:
    what returns the digest of the roles, whose next release may do something else.

    The keys of every runtime are there, whichever is wanted: the same definition with another runtime is what has run
    before and is to be removed.
    """
    return {
        "name": one["container"],
        "runtime": role["runtime"],
        "home": home,
        "description": f"Ceph object gateway {one['entity']}",
        "role": "rgw_gateway",
        "labels": labels(home, "gateway", host),
        "folder": one["data"],
        "variable": "rgw_gateway_instances",
        "entrypoint": ["radosgw"],
        "stop_timeout": _STOP_SECONDS,
        "record": _record(one, role, found),
        **_container(one, role),
        **_package(one, role),
    }


def password_path(one: Mapping[str, Any]) -> str:
    """The file with the password of Keystone's user that an instance reads."""
    return f"{one['data']}/keystone.secret"


def gateway_record(one: Mapping[str, Any], role: Mapping[str, Any]) -> dict[str, Any]:
    """An instance that cephadm runs, as one of the services of the module service_record.

    one: the instance. role: the variables of the role. cephadm manages its key, its version and its process, so the
    record has only what the role tells the orchestrator.
    """
    definition = {"port": one["port"], "frontend": [one["frontend"], one["frontend_args"]]}
    return {
        "path": one["loaded"],
        "runtime": "cephadm",
        "definition": {"options": one["ceph_options"], **definition},
        "files": [*_certificates(one), *_named(role, "password_file")],
    }


def _container(one: Mapping[str, Any], role: Mapping[str, Any]) -> dict[str, Any]:
    """How a container runs radosgw. Its data folder has the same path on the host and inside."""
    mounts = [("/etc/ceph", True), (one["data"], False), *((path, True) for path in _certificates(one))]
    authorities = authority_mounts(role["keystone"])
    return {
        "image": role["image"],
        "pull": role["image_pull"],
        "command": ["-f", "--name", one["entity"], "--log-to-file=false", "--log-to-stderr=true"],
        # For radosgw-admin, which the verification runs in the container as the same Ceph user.
        "environment": {"CEPH_ARGS": f"--name {one['entity']} --keyring {one['data']}/keyring"},
        "mounts": [
            *({"type": "bind", "source": path, "target": path, "read_only": only} for path, only in mounts),
            *authorities,
        ],
        "capabilities": list(_CAPABILITIES),
        "tmpfs": list(_TMPFS),
        "pids_limit": role["pids_limit"],
        "memory": role["memory"],
    }


def _package(one: Mapping[str, Any], role: Mapping[str, Any]) -> dict[str, Any]:
    """The distribution's package and its unit, which names radosgw's arguments itself."""
    packages = {"default": [role["package"]]} if role["package"] else _PACKAGES
    return {"packages": packages, "package_state": role["package_state"], "unit": one["unit"]}


def _record(one: Mapping[str, Any], role: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """What the instance has loaded and the role manages besides, as the key `record` of a definition."""
    entity = found["entity"] or {}
    record = {
        "path": one["loaded"],
        "definition": {"options": one["ceph_options"], "key": entity.get("key_digest")},
        "files": [*_certificates(one), *([password_path(one)] if role["keystone"] else []), *_named(role, "ca_file")],
        "managed": {
            "release": found["release"](),
            "checks": {name: role[name] for name in ("fsid", "dir", "admin_uid", "verify_uid")},
            "caps": [role["caps"], entity.get("caps")],
            "database": [role["config"], entity.get("options")],
        },
        "managed_files": [
            *(_CONF, f"{one['data']}/keyring", f"{one['data']}/{MARK}"),
            *_named(role, "password_file"),  # of which the instance has a copy
        ],
        "block": one["entity"],  # instances share ceph.conf, and each writes a block of its own
    }
    return {**record, "programs": [_PROGRAM]} if role["runtime"] == "package" else record


def _named(role: Mapping[str, Any], name: str) -> list[str]:
    """The file that rgw_gateway_keystone names, if any."""
    path = role["keystone"].get(name)
    return [path] if path else []


def _certificates(one: Mapping[str, Any]) -> list[str]:
    """The files of the certificate and its key, which may be one."""
    return list(dict.fromkeys(path for path in (one["certificate"], one["private_key"]) if path))
