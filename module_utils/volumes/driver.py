# SPDX-License-Identifier: Apache-2.0
"""Whether a volume driver answers, asked on its own socket: docker itself waits 15 s for one that has gone.

Source: Docker documentation, "Docker Plugin API" (discovery, /Plugin.Activate); as seen with docker 20.10.
"""

from __future__ import annotations

import os
import stat
from typing import List, Sequence

from ..base.errors import ToolError
from ..host.docker.endpoint import Endpoint
from ..host.docker.wire import Call, Wire

__all__ = ["FOLDER", "Driver", "leftovers"]

# Where docker looks for sockets of drivers; the other folders hold files that say where a driver listens.
FOLDER = "/run/docker/plugins"
_SPEC_FOLDERS = ("/etc/docker/plugins", "/usr/lib/docker/plugins")
_SPEC_SUFFIXES = (".spec", ".json")
_SECONDS = 2
_KIND = "VolumeDriver"


class Driver:
    """The volume driver of this name, whose socket is in a folder."""

    def __init__(self, name: str, folder: str = FOLDER) -> None:
        self.name = name
        self.socket = os.path.join(folder, f"{name}.sock")

    @property
    def problem(self) -> str:
        """What is wrong with the driver; empty if it answers."""
        try:
            if not stat.S_ISSOCK(os.stat(self.socket).st_mode):
                return "this is no socket"
        except FileNotFoundError:
            return "there is no such socket"
        except OSError as error:
            return error.strerror or str(error)
        call = Call("ask", f"the volume driver {self.name}", "POST", "/Plugin.Activate")
        try:
            answer = Wire(Endpoint(path=self.socket), _SECONDS).document(call)
        except ToolError as error:
            cause = error.__cause__
            refused = isinstance(cause, ConnectionError)
            return str(error.code) if refused else f"no proper answer within {_SECONDS} s"
        return "" if _KIND in (answer.get("Implements") or []) else "this is no volume driver"

    def check(self) -> None:
        """Raises ToolError, at once, if the driver does not answer."""
        problem = self.problem
        if problem:
            raise ToolError(
                "reach",
                f"the volume driver {self.name} at {self.socket}",
                problem,
                "Start the driver (its unit is a service of the role docker_volumes). Until then, each command of "
                "docker about volumes waits 15 s, and `docker run -v` of a volume that docker does not know makes a "
                "local one.",
            )


def leftovers(names: Sequence[str], folder: str = FOLDER) -> List[str]:
    """The drivers among these, which docker has loaded, that have gone: every list of the volumes waits for them.

    Drivers of docker itself, of its managed plugins (with a tag), and those that a file describes are not looked at.
    """
    found = [name for name in names if name != "local" and ":" not in name and not _is_described(name)]
    return [name for name in found if Driver(name, folder).problem]


def _is_described(name: str) -> bool:
    paths = (os.path.join(place, name + suffix) for place in _SPEC_FOLDERS for suffix in _SPEC_SUFFIXES)
    return any(os.path.exists(path) for path in paths)
