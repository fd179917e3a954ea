# SPDX-License-Identifier: Apache-2.0
"""What a demo consists of, without what differs from one run to the next: ids, moments, the characters of secrets."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import subprocess
from pathlib import Path
from typing import Any

from tests.playbooks import Demo

# Their content says the same after each run; the others hold moments, salts or secrets.
COMPARED = ("config.yml",)
HOST_SETTINGS = ("RestartPolicy", "NetworkMode", "PortBindings", "CapAdd", "CapDrop", "ReadonlyRootfs")
# Reports: one for each proof.
IGNORED = ("verify",)


def snapshot(demo: Demo, home: str) -> dict[str, Any]:
    """Containers, volumes, networks, files, users and locks of the demo that `home` owns."""
    return {
        "containers": {one["Name"]: _container(one) for one in _inspect("container", _names(demo, "ps", "-a"))},
        "volumes": [(one["Name"], one["Labels"]) for one in _inspect("volume", _names(demo, "volume", "ls"))],
        "networks": [(one["Name"], one["Labels"]) for one in _inspect("network", _names(demo, "network", "ls"))],
        "files": dict(_files(demo)),
        "users": _users(demo),
        "locks": sorted(path.name for path in Path("/run/rgwkit").glob(f"{lock_name(home)}*.lock")),
    }


def lock_name(home: str) -> str:
    """Name of the play lock of an inventory (role play_lock)."""
    return hashlib.sha256(home.encode()).hexdigest()[:16]


def _names(demo: Demo, *command: str) -> list[str]:
    form = "{{.Names}}" if command[0] == "ps" else "{{.Name}}"
    listed = subprocess.run(["docker", *command, "--format", form], capture_output=True, text=True, check=True)
    return sorted(name for name in listed.stdout.split() if name.startswith(demo.name))


def _inspect(kind: str, names: list[str]) -> list[dict[str, Any]]:
    if not names:
        return []
    seen = subprocess.run(["docker", kind, "inspect", *names], capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(seen.stdout)
    return found


def _container(one: dict[str, Any]) -> dict[str, Any]:
    config, host = one["Config"], one["HostConfig"]
    return {
        "image": one["Image"],
        "state": one["State"]["Status"],
        "environment": sorted(config["Env"]),
        "command": config["Cmd"],
        "labels": config["Labels"],
        "mounts": sorted((mount["Type"], mount["Destination"], mount["RW"]) for mount in one["Mounts"]),
        "host": {key: host[key] for key in HOST_SETTINGS},
    }


def _files(demo: Demo) -> Any:
    secrets = demo.secrets() if demo.directory.exists() else []
    for folder, folders, files in os.walk(demo.directory):
        folders[:] = [name for name in folders if name not in IGNORED]
        for name in [".", *files]:
            path = os.path.join(folder, name)
            seen = os.lstat(path)
            content = ""
            if name in COMPARED and stat.S_ISREG(seen.st_mode):
                content = Path(path).read_text(encoding="utf-8")
                for secret in secrets:
                    content = content.replace(secret, "a secret")
            about = (stat.filemode(seen.st_mode), seen.st_uid, seen.st_gid, content)
            yield os.path.relpath(path, demo.directory), about


def _users(demo: Demo) -> dict[str, Any]:
    def ask(*command: str) -> Any:
        argv = ["docker", "exec", demo.name, "radosgw-admin", *command]
        done = subprocess.run(argv, capture_output=True, check=False)
        return json.loads(done.stdout) if done.returncode == 0 else None

    users = {}
    for uid in ask("user", "list") or []:
        record = ask("user", "info", f"--uid={uid}")
        for entry in [*record["keys"], *record["swift_keys"]]:
            entry["secret_key"] = ""
        users[uid] = record
    return users
