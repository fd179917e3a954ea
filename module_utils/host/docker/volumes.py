# SPDX-License-Identifier: Apache-2.0
"""Docker's volumes, the containers that use them, and the volume drivers that the daemon remembers.

Seen with docker 20.10. A call that needs a volume driver which has gone takes the daemon 15 s: see drivers().
"""

from __future__ import annotations

import json
from typing import Any, Dict, List, Mapping, Optional
from urllib.parse import quote

from ...base.errors import ToolError
from .client import Docker

__all__ = ["Volumes"]


class Volumes:
    """The calls. All of them raise ToolError."""

    def __init__(self, docker: Docker) -> None:
        self._docker = docker

    def find(self, name: str) -> Optional[Dict[str, Any]]:
        """What the daemon knows of a volume; None without one."""
        try:
            found: Dict[str, Any] = self._docker.ask("inspect", f"volume {name}", "GET", _path(name))
        except ToolError as error:
            if error.status == 404:
                return None
            raise
        return found

    def create(self, name: str, driver: str, options: Mapping[str, str], labels: Mapping[str, str]) -> None:
        """Create a volume. Of an existing volume of the driver, docker leaves options and labels as they are."""
        body = {"Name": name, "Driver": driver, "DriverOpts": dict(options), "Labels": dict(labels)}
        self._docker.tell("create", f"volume {name}", "POST", "/volumes/create", body=body)

    def remove(self, name: str) -> None:
        """Remove a volume that no container uses."""
        self._docker.tell("remove", f"volume {name}", "DELETE", _path(name))

    def labelled(self, **labels: str) -> List[Dict[str, Any]]:
        """The volumes that have all of these labels; underscores in their names stand for dots."""
        wanted = [f"{name.replace('_', '.')}={value}" for name, value in labels.items()]
        query = {"filters": json.dumps({"label": wanted})}
        return list(self._docker.ask("list", "the volumes", "GET", "/volumes", query=query)["Volumes"] or [])

    def drivers(self) -> List[str]:
        """The names of the volume drivers that the daemon has loaded, whether they still answer or not.

        The daemon keeps a driver of a socket until it is restarted itself, and asks each of them for every list of the
        volumes. This call asks none.
        """
        return list(self._docker.ask("ask", "the docker daemon", "GET", "/info")["Plugins"]["Volume"] or [])

    def users(self, name: str) -> List[str]:
        """The names of the containers that use a volume, whether they run or not."""
        query = {"all": 1, "filters": json.dumps({"volume": [name]})}
        found = self._docker.ask("list", f"the containers with volume {name}", "GET", "/containers/json", query=query)
        return sorted(_name(one) for one in found if any(mount.get("Name") == name for mount in one["Mounts"]))

    def running_with(self, driver: str) -> List[Dict[str, Any]]:
        """The running containers that use volumes of a driver, each as `id`, `name` and `mounts`."""
        found = self._docker.ask("list", "the running containers", "GET", "/containers/json")
        using = [
            {"id": one["Id"], "name": _name(one), "mounts": [m for m in one["Mounts"] if m.get("Driver") == driver]}
            for one in found
        ]
        return sorted((one for one in using if one["mounts"]), key=lambda one: str(one["name"]))

    def process(self, container: str) -> int:
        """The number of the first process of a container; 0 if the container does not run."""
        found = self._docker.container(container)
        return int(found["State"]["Pid"]) if found else 0

    def restart(self, container: str, name: str) -> None:
        """Restart a container, which gets its volumes anew."""
        self._docker.tell("restart", f"container {name}", "POST", f"/containers/{container}/restart")


def _path(name: str) -> str:
    return f"/volumes/{quote(name, safe='')}"


def _name(container: Mapping[str, Any]) -> str:
    return str(container["Names"][0]).lstrip("/")
