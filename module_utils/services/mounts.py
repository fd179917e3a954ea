# SPDX-License-Identifier: Apache-2.0
"""The mounts of a service's container, and which of them get a label for SELinux.

A folder that another program of the host reads, such as /etc/ceph, must keep its label. A container that mounts one
runs without a label itself (label=disable), which lets the container read files of any label. All other containers are
confined by theirs.
"""

from __future__ import annotations

import csv
import io
from typing import Any, Dict, List, Mapping

from ..base.errors import InputError
from ..host.relabel import NONE, RELABEL, refuse_colon, volume_entry

__all__ = ["check", "docker_mounts", "docker_volumes", "is_labelled", "mount_words"]

_BIND = "bind"


def check(definition: Mapping[str, Any]) -> None:
    """Raise InputError for a mount whose label cannot be meant."""
    option = f"mounts of the service {definition['name']}"
    for mount in definition["mounts"]:
        relabel = mount.get("relabel", NONE)
        if relabel not in RELABEL:
            raise InputError(f"{option}: relabel is {relabel}, and may be {', '.join(RELABEL)}")
        if relabel != NONE and _kind(mount) != _BIND:
            raise InputError(
                f"{option}: {mount['source']} is a {_kind(mount)}, which docker and podman label themselves"
            )
        if relabel != NONE:
            refuse_colon(option, mount["source"])
            refuse_colon(option, mount["target"])


def is_labelled(definition: Mapping[str, Any]) -> bool:
    """Whether the container runs with a label: every folder of the host that it mounts gets one."""
    return all(_relabelled(mount) for mount in definition["mounts"] if _kind(mount) == _BIND)


def docker_mounts(definition: Mapping[str, Any]) -> List[Dict[str, Any]]:
    """The option `mounts` of docker's module, which has no labels."""
    return [_plain(mount) for mount in definition["mounts"] if not _relabelled(mount)]


def docker_volumes(definition: Mapping[str, Any]) -> List[str]:
    """The option `volumes` of docker's module, for the mounts that get a label."""
    return [_volume(mount) for mount in definition["mounts"] if _relabelled(mount)]


def mount_words(definition: Mapping[str, Any]) -> List[str]:
    """The words of docker's or podman's command. podman's --mount has labels, docker's has none."""
    if definition["runtime"] == "podman":
        return [f"--mount={_line(mount)}" for mount in definition["mounts"]]
    plain = [f"--mount={_line(mount)}" for mount in docker_mounts(definition)]
    return plain + [f"--volume={entry}" for entry in docker_volumes(definition)]


def _kind(mount: Mapping[str, Any]) -> str:
    return str(mount.get("type", _BIND))


def _relabelled(mount: Mapping[str, Any]) -> bool:
    return bool(mount.get("relabel", NONE) != NONE)


def _plain(mount: Mapping[str, Any]) -> Dict[str, Any]:
    kept = {key: value for key, value in mount.items() if key != "relabel"}
    return {**kept, "type": _kind(mount), "read_only": bool(mount.get("read_only", False))}


def _volume(mount: Mapping[str, Any]) -> str:
    return volume_entry(mount["source"], mount["target"], bool(mount.get("read_only", False)), mount["relabel"])


def _line(mount: Mapping[str, Any]) -> str:
    """A mount as a line of CSV, which is what --mount takes (docker-run(1), podman-run(1))."""
    whole = _plain(mount)
    fields = [f"{name}={whole[name]}" for name in ("type", "source", "target")]
    fields += ["readonly"] if whole["read_only"] else []
    fields += [f"relabel={mount['relabel']}"] if _relabelled(mount) else []
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(fields)
    return line.getvalue()
