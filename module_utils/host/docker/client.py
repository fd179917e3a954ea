# SPDX-License-Identifier: Apache-2.0
"""The docker daemon by its Engine API, for what community.docker has no module for.

The standard library does it all, so a host needs no Python package for these modules. Seen with docker 20.10.
"""

from __future__ import annotations

import base64
import json
import os
import time
from typing import Any, Dict, Generator, Iterable, Iterator, Mapping, Optional, Sequence, Tuple
from urllib.parse import quote

from ...base.errors import ToolError
from ...base.login import Login
from .archive import text_file
from .endpoint import endpoint_of
from .streams import events, output
from .wire import Call, Wire

__all__ = ["Docker", "Execution", "connect"]

# The newest version that these calls are written for; a daemon that speaks only newer ones is asked in its oldest.
_NEWEST = "1.44"
_EXIT_CODE_SECONDS = 10
_POLL_SECONDS = 0.1
_LOGS = "Read the logs of the registry and of the docker daemon."


def connect(timeout: float = 60, environment: Optional[Mapping[str, str]] = None) -> Docker:
    """The daemon that DOCKER_HOST names (default: the local socket), after it has answered once.

    timeout: seconds that one call may take; in the streams of import_image and execute, one pause.
    Raises InputError for a DOCKER_HOST that is no Unix socket or TCP port, ToolError when no daemon answers.
    """
    environment = os.environ if environment is None else environment
    endpoint = endpoint_of(environment)
    wire = Wire(endpoint, timeout)
    seen = wire.document(Call("ask", f"the docker daemon at {endpoint}", "GET", "/version"))
    return Docker(wire, environment.get("DOCKER_API_VERSION") or _version(seen))


class Docker:
    """The calls. All of them raise ToolError; names and ids are those that the docker command takes, too."""

    def __init__(self, wire: Wire, version: str) -> None:
        self.version = version
        self._wire = wire

    def container(self, name: str) -> Optional[Dict[str, Any]]:
        """What the daemon knows of the container with exactly this name or id; None without one."""
        found = self._found(f"container {name}", f"/containers/{quote(name)}/json")
        # A name without a container may be the beginning of another one's id.
        return found if found and name in (found["Name"].lstrip("/"), found["Id"]) else None

    def logs(self, container: Mapping[str, Any], since: int = 0, tail: Optional[int] = None) -> str:
        """The log of a container that container() has found, standard output and error in one.

        since: seconds since 1970. tail: number of lines, None for all.
        """
        query = {"stdout": 1, "stderr": 1, "since": since, "tail": "all" if tail is None else tail}
        path = f"/containers/{container['Id']}/logs"
        call = self._call("read the log of", f"container {container['Name'].lstrip('/')}", "GET", path, query=query)
        with self._wire.failures(call):
            blocks = self._wire.blocks(call)
            return b"".join(blocks if container["Config"]["Tty"] else output(blocks)).decode(errors="replace")

    def execute(self, container: Mapping[str, Any], command: Sequence[str]) -> Execution:
        """Run a command in a running container that container() has found."""
        path = f"/containers/{container['Id']}/exec"
        body = {"AttachStdout": True, "AttachStderr": True, "Cmd": list(command)}
        target = f"{command[0]} in container {container['Name'].lstrip('/')}"
        made = self._wire.document(self._call("run", target, "POST", path, body=body))
        path = f"/exec/{made['Id']}"
        start = self._call("run", target, "POST", f"{path}/start", body={"Detach": False, "Tty": False}, stream=True)
        return Execution(self._wire, start, self._call("run", target, "GET", f"{path}/json"))

    def hold_image(self, image: Mapping[str, Any], name: str) -> str:
        """Create a container of an image that image() has found, which is never started, to read files; its ID.

        Folders in memory stand for the image's volumes, which the daemon would otherwise create and fill.
        """
        volumes = (image.get("Config") or {}).get("Volumes") or {}
        body = {
            "Image": image["Id"],
            "Entrypoint": ["/never-started"],
            "NetworkDisabled": True,
            "HostConfig": {"NetworkMode": "none", "Tmpfs": dict.fromkeys(volumes, "")},
        }
        call = self._call("create", f"container {name}", "POST", "/containers/create", query={"name": name}, body=body)
        return str(self._wire.document(call)["Id"])

    def read_file(self, container: str, path: str) -> Optional[bytes]:
        """A file of a container, whether it runs or not; None without one. Links are followed inside the container."""

        def archive(place: str) -> Generator[bytes, None, None]:
            target = f"{place} in container {container[:12]}"
            way = f"/containers/{container}/archive"
            return self._wire.blocks(self._call("read", target, "GET", way, query={"path": place}))

        try:
            return text_file(archive, path)
        except ToolError as error:
            if error.status == 404:
                return None
            raise

    def release_image(self, container: str) -> None:
        """Remove a container that hold_image() has created."""
        way = f"/containers/{container}"
        self._wire.do(self._call("remove", f"container {container[:12]}", "DELETE", way, query={"v": 1, "force": 1}))

    def maps_users(self) -> bool:
        """Whether a user of a container has another id on the host: userns-remap, or a daemon without root."""
        seen = self._wire.document(self._call("ask", "the docker daemon", "GET", "/info"))
        named = {option.split(",")[0] for option in seen.get("SecurityOptions") or []}
        return bool(named & {"name=userns", "name=rootless"})

    def image(self, name: str) -> Optional[Dict[str, Any]]:
        """What the daemon knows of an image; None without one."""
        return self._found(f"image {name}", f"/images/{_quoted(name)}/json")

    def offered(self, name: str) -> Dict[str, Any]:
        """What its registry says of an image that the daemon would pull, read by the daemon itself (API 1.30)."""
        call = self._call("ask the registry for", f"image {name}", "GET", f"/distribution/{_quoted(name)}/json")
        return self._wire.document(call)

    def import_image(self, tar: Iterable[bytes], name: str = "", labels: Optional[Mapping[str, str]] = None) -> str:
        """Make an image of a file system while its tar file comes; the id. name: with tag; empty for an image by id."""
        repository, _colon, tag = name.rpartition(":")
        changes = [f'LABEL {key}="{value}"' for key, value in sorted((labels or {}).items())]
        query = {"fromSrc": "-", "repo": repository, "tag": tag, "changes": changes}
        headers = {"Content-Type": "application/x-tar"}
        call = self._call(
            "import",
            f"image {name}".rstrip(),
            "POST",
            "/images/create",
            query=query,
            body=tar,
            headers=headers,
            stream=True,
        )
        said = [event["status"] for event in self._events(call) if "status" in event]
        if not said:
            raise ToolError(call.operation, call.target, "the docker daemon reported no image", "See the daemon's log.")
        return str(said[-1])

    def tag_image(self, image: str, name: str) -> None:
        """Give an image a name with a tag."""
        repository, _colon, tag = name.rpartition(":")
        query = {"repo": repository, "tag": tag}
        self._wire.do(self._call("tag", f"image {name}", "POST", f"/images/{_quoted(image)}/tag", query=query))

    def remove_image(self, name: str, force: bool = False) -> None:
        """Remove an image. force: also where a container that has ended uses it."""
        query = {"force": int(force)}
        self._wire.do(self._call("remove", f"image {name}", "DELETE", f"/images/{_quoted(name)}", query=query))

    def push(self, repository: str, tag: str, login: Optional[Login]) -> Iterator[Dict[str, Any]]:
        """The events of a push. It ends with them, so somebody has to take them all."""
        path = f"/images/{_quoted(repository)}/push"
        call = self._call(
            "push", f"{repository}:{tag}", "POST", path, query={"tag": tag}, headers=_login(login), hint=_LOGS
        )
        return self._events(call)

    def pull(self, repository: str, tag: str, login: Optional[Login]) -> Iterator[Dict[str, Any]]:
        """The events of a pull. It ends with them, so somebody has to take them all."""
        query = {"fromImage": repository, "tag": tag}
        call = self._call(
            "pull", f"{repository}:{tag}", "POST", "/images/create", query=query, headers=_login(login), hint=_LOGS
        )
        return self._events(call)

    def ask(self, operation: str, target: str, method: str, path: str, **more: Any) -> Any:
        """What the daemon answers to a call of the API, from JSON. operation, target: the words of a ToolError."""
        return self._wire.value(self._call(operation, target, method, path, **more))

    def tell(self, operation: str, target: str, method: str, path: str, **more: Any) -> None:
        """The same for a call whose answer says nothing but that it has succeeded."""
        self._wire.do(self._call(operation, target, method, path, **more))

    def _call(self, operation: str, target: str, method: str, path: str, **more: Any) -> Call:
        return Call(operation, target, method, f"/v{self.version}{path}", **more)

    def _found(self, target: str, path: str) -> Optional[Dict[str, Any]]:
        try:
            return self._wire.document(self._call("inspect", target, "GET", path))
        except ToolError as error:
            if error.status == 404:
                return None
            raise

    def _events(self, call: Call) -> Iterator[Dict[str, Any]]:
        with self._wire.failures(call):
            yield from events(self._wire.blocks(call))


class Execution:
    """A command that runs in a container as soon as somebody takes its output, standard output and error in one."""

    def __init__(self, wire: Wire, start: Call, look: Call) -> None:
        self._wire, self._start, self._look = wire, start, look

    def __iter__(self) -> Iterator[bytes]:
        with self._wire.failures(self._start):
            yield from output(self._wire.blocks(self._start))

    def exit_code(self) -> int:
        """The exit code, once all output has been taken. Raises ToolError where the command has not ended by then."""
        end = time.monotonic() + _EXIT_CODE_SECONDS
        while time.monotonic() < end:
            # The output may end a moment before the daemon has seen the process end.
            code = self._wire.document(self._look)["ExitCode"]
            if code is not None:
                return int(code)
            time.sleep(_POLL_SECONDS)
        said = f"the output has ended, and the command still runs {_EXIT_CODE_SECONDS} s later"
        raise ToolError(self._look.operation, self._look.target, said, "Check what it does (docker top).")


def _version(seen: Mapping[str, Any]) -> str:
    """The API version to speak."""
    spoken, least = str(seen.get("ApiVersion") or _NEWEST), str(seen.get("MinAPIVersion") or "0")
    return max(min(spoken, _NEWEST, key=_parts), least, key=_parts)


def _parts(version: str) -> Tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _quoted(name: str) -> str:
    return quote(name, safe="/:@")


def _login(login: Optional[Login]) -> Dict[str, str]:
    """The header without which old daemons refuse a push, even one that needs no login."""
    given = {"username": login.user, "password": login.secret} if login else {}
    return {"X-Registry-Auth": base64.urlsafe_b64encode(json.dumps(given).encode()).decode("ascii")}
