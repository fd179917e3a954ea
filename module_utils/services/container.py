# SPDX-License-Identifier: Apache-2.0
"""The container of a service: the same from one definition, by docker's module or by the words of a command."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Tuple

from .mounts import docker_mounts, docker_volumes, is_labelled, mount_words

__all__ = ["docker_options", "run_words"]

_ON_FAILURE_RETRIES = 3
# By itself, podman copies what the image has in a folder in memory, with its rights (from 5 on), which may let nobody
# but root write there, and lets programs be run from there.
_TMPFS_OPTIONS = "notmpcopyup,noexec,mode=1777"
# docker's size. Where podman adds no folders in memory of its own, podman 5 makes the shared memory read-only, too.
_SHARED_MEMORY, _SHARED_SIZE = "/dev/shm", "64m"  # noqa: S108 -- inside the container
# Options of the commands with one value, by the key that has it.
_SINGLE = {
    "user": "user",
    "hostname": "hostname",
    "pids-limit": "pids_limit",
    "memory": "memory",
    "stop-signal": "stop_signal",
}


def docker_options(definition: Mapping[str, Any]) -> Dict[str, Any]:
    """The options of the module community.docker.docker_container that differ from service to service.

    An option that is not here is left to docker or to the image.
    """
    options: Dict[str, Any] = {
        "name": definition["name"],
        "image": definition["image"],
        "user": definition["user"],
        "hostname": definition["hostname"],
        "labels": dict(definition["labels"]),
        "entrypoint": list(definition["entrypoint"]),
        "command": list(definition["command"]),
        "env": {name: str(value) for name, value in definition["environment"].items()},
        "mounts": docker_mounts(definition),
        "volumes": docker_volumes(definition),
        "tmpfs": list(definition["tmpfs"]),
        "network_mode": definition["network"],
        "published_ports": list(definition["publish_ports"]),
        "pids_limit": definition["pids_limit"],
        "memory": definition["memory"],
        "stop_signal": definition["stop_signal"],
        "restart_policy": definition["restart"],
        "restart_retries": _ON_FAILURE_RETRIES if definition["restart"] == "on-failure" else 0,
    }
    if definition["confined"]:
        options.update(cap_drop=["ALL"], capabilities=list(definition["capabilities"]))
    options["security_opts"] = _security(definition)
    # An empty value takes something from the image only where the image has a value, so none is given.
    given = {name: value for name, value in options.items() if value not in ("", 0, [], {})}
    # Zero seconds are a value of their own: the container is killed at once.
    return {**given, "read_only": bool(definition["confined"]), "stop_timeout": definition["stop_timeout"]}


def run_words(definition: Mapping[str, Any], *options: str) -> List[str]:
    """The words that run the container by docker's or podman's command.

    options: of `docker run` or `podman run`, such as --rm. The image has to be there already, so that a start at boot
    waits for no registry. Labels and environment are sorted: a record does not keep the order in which they were given.
    """
    words = [definition["runtime"], "run", f"--name={definition['name']}", *options, "--pull=never"]
    words += [f"--network={definition['network']}"]
    words += [f"--security-opt={option}" for option in _security(definition)]
    if definition["confined"]:
        words += ["--read-only", "--cap-drop=all"]
        # By itself, podman has folders in memory over /run, /tmp and /var/tmp then.
        words += ["--read-only-tmpfs=false"] if definition["runtime"] == "podman" else []
        words += [f"--cap-add={name}" for name in definition["capabilities"]]
    for option, key in _SINGLE.items():
        words += [f"--{option}={definition[key]}"] if definition[key] else []
    words += [f"--stop-timeout={definition['stop_timeout']}"]
    words += _tmpfs_words(definition)
    words += [f"--publish={port}" for port in definition["publish_ports"]]
    words += [f"--label={name}={value}" for name, value in sorted(definition["labels"].items())]
    words += [f"--env={name}={value}" for name, value in sorted(definition["environment"].items())]
    words += mount_words(definition)
    program, arguments = _entrypoint(definition)
    return [*words, *program, definition["image"], *arguments, *definition["command"]]


def _security(definition: Mapping[str, Any]) -> List[str]:
    """The values of --security-opt."""
    confined = ["no-new-privileges"] if definition["confined"] else []
    return confined + ([] if is_labelled(definition) else ["label=disable"])


def _entrypoint(definition: Mapping[str, Any]) -> Tuple[List[str], List[str]]:
    """--entrypoint, which takes one word in docker, and what comes before the command's words then."""
    words = list(definition["entrypoint"])
    return ([f"--entrypoint={words[0]}"], words[1:]) if words else ([], [])


def _tmpfs_words(definition: Mapping[str, Any]) -> List[str]:
    """Folders in memory: podman's made as docker makes them, with the shared memory that docker always has."""
    paths = list(definition["tmpfs"])
    if definition["runtime"] != "podman":
        return [f"--tmpfs={path}" for path in paths]
    taken = {*paths, *(mount["target"] for mount in definition["mounts"])}
    shared = [_SHARED_MEMORY] if definition["confined"] and _SHARED_MEMORY not in taken else []
    sizes = {_SHARED_MEMORY: f",size={_SHARED_SIZE}"} if shared else {}
    return [f"--tmpfs={path}:{_TMPFS_OPTIONS}{sizes.get(path, '')}" for path in [*paths, *shared]]
