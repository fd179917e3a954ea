# SPDX-License-Identifier: Apache-2.0
"""The sides of registry.py: registries in containers, each on a configuration of its own, and a gateway without one."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from demo_container import DEADLINE_SECONDS, LABEL, PAUSE_SECONDS, StartError, docker

sys.path.insert(0, str(Path(__file__).parents[1] / ".collections"))
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.deadline import Deadline
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Broken, Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.outcomes import WrongAnswer
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.stream import Call, Wire
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.client import OciRegistry
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.content import Blob, Image

ROOT = Path(__file__).parents[1]
IMAGE = "rgwkit/registry:2.8"
_PROGRAM = "/usr/local/bin/given-registry"
# What docker does at once.
UPLOADS, DOWNLOADS = 5, 3
TURN_SECONDS = 600


class SideError(Exception):
    """A side that did not do what it was to do."""


def address_of(container: str) -> str:
    """A container's own address: docker's proxy would be one more thing to measure."""
    return docker("inspect", "--format={{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", container)


def toolkit_configs(directory: Path, registries: dict[str, dict[str, Any]]) -> dict[str, Path]:
    """Folders with what registry_render.yml makes of the role's defaults and each registry's variables, by its name.

    directory: an empty one. Raises SideError.
    """
    inventory = directory / "inventory.json"
    inventory.touch(mode=0o600)
    inventory.write_text(json.dumps({"registries": {"hosts": registries}}))
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    command = [program, f"--inventory={inventory}", "playbooks/registry_render.yml"]
    command += ["-e", json.dumps({"registry_render_dir": str(directory)})]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SideError(f"registry_render.yml: {done.stdout[-2000:]}")
    return {name: directory / name for name in registries}


def bare_config(directory: Path, swift: dict[str, str]) -> Path:
    """A folder with the configuration of the tutorials: the swift driver's required parameters and an address."""
    config = {"version": "0.1", "storage": {"swift": swift}, "http": {"addr": ":5000"}}
    file = directory / "config.yml"
    file.touch(mode=0o600)
    file.write_text(json.dumps(config))  # JSON is YAML
    return directory


class RegistrySide:
    """A registry in a container that reads its configuration from a folder. Raises StartError.

    data: folder of the filesystem driver. login: of its clients. program: another one than the image's.
    """

    def __init__(
        self, folder: Path, data: Path | None = None, login: Login | None = None, program: Path | None = None
    ) -> None:
        volumes = [f"--volume={folder}:/etc/docker/registry:ro"]
        volumes += [f"--volume={data}:/var/lib/registry"] if data else []
        if program:
            volumes += [f"--volume={program.resolve()}:{_PROGRAM}:ro", f"--entrypoint={_PROGRAM}"]
        name = f"rgwkit-benchmark-{secrets.token_hex(4)}"
        options = ["--detach", f"--name={name}", f"--label={LABEL}", f"--user={os.getuid()}", *volumes]
        docker("run", *options, IMAGE, "serve", "/etc/docker/registry/config.yml")
        self.container = name
        self._login = login
        self.url = f"http://{address_of(name)}:5000"
        self._wait()

    def _wait(self) -> None:
        began = time.monotonic()
        while True:
            try:
                connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=1)
                connection.request("GET", "/v2/")
                # A registry with users answers, too, and wants a password.
                if connection.getresponse().status in (200, 401):
                    return
            except (OSError, http.client.HTTPException):
                pass
            if time.monotonic() - began > DEADLINE_SECONDS:
                raise StartError(f"{self.url}: not ready\n{docker('logs', '--tail=20', self.container)}")
            time.sleep(PAUSE_SECONDS)

    def push(self, repository: str, image: Image, at_once: int = UPLOADS) -> float:
        """Push an image as docker does, looking for each blob first; the seconds it takes. Raises SideError."""

        def push(registry: OciRegistry, blob: Blob) -> None:
            registry.expect_gone(repository, blob)
            registry.push(repository, blob)

        began = time.monotonic()
        self._all(push, image.blobs, at_once)
        self._all(lambda registry, _blob: registry.put_manifest(repository, "latest", image.manifest), [image.manifest])
        return time.monotonic() - began

    def pull(self, repository: str, image: Image) -> float:
        """Pull it, every digest checked; the seconds it takes. Raises SideError."""
        began = time.monotonic()
        self._all(lambda registry, _blob: registry.get_manifest(repository, "latest", image.manifest), [image.manifest])
        self._all(lambda registry, blob: registry.get_blob(repository, blob), image.blobs, DOWNLOADS)
        return time.monotonic() - began

    def _all(self, work: Any, blobs: Sequence[Blob], at_once: int = 1) -> None:
        todo = iter(blobs)  # next() on a list's iterator is atomic

        def one_connection(_number: int) -> None:
            registry = OciRegistry(self.url, self._login)
            registry.begin(TURN_SECONDS)
            try:
                if self._login:
                    registry.ping()
                for blob in todo:
                    work(registry, blob)
            except (WrongAnswer, Broken) as error:
                raise SideError(f"{self.url}: {error}") from error
            finally:
                registry.close()

        with ThreadPoolExecutor(at_once) as threads:
            list(threads.map(one_connection, range(at_once)))


class RawSwift:
    """A gateway without a registry: what it takes to store and read the same bytes in the same segments."""

    def __init__(self, url: str, user: str, secret: str) -> None:
        self._wire = Wire(Endpoint.parse(url))
        login = self._ask("GET", "/auth/v1", ("X-Auth-User", user), ("X-Auth-Key", secret))
        self._token = ("X-Auth-Token", login.header("X-Auth-Token") or "")
        self._ask("PUT", "/swift/v1/raw", self._token, blocks=[], length=0)

    def give_temp_url_key(self, key: str) -> None:
        """Let the account take temporary URLs that are signed with this key."""
        self._ask("POST", "/swift/v1", self._token, ("X-Account-Meta-Temp-Url-Key", key), blocks=[], length=0)

    def put(self, name: str, blob: Blob, segment_bytes: int) -> float:
        """Store a blob as a dynamic large object; the seconds it takes."""
        began = time.monotonic()
        for start in range(0, blob.size, segment_bytes):
            end = min(start + segment_bytes, blob.size)
            path = f"/swift/v1/raw/segments/{name}/{start:016d}"
            self._ask("PUT", path, self._token, blocks=blob.blocks(start, end), length=end - start)
        manifest = ("X-Object-Manifest", f"raw/segments/{name}/")
        self._ask("PUT", f"/swift/v1/raw/{name}", self._token, manifest, blocks=[], length=0)
        return time.monotonic() - began

    def get(self, name: str, blob: Blob) -> float:
        """Read it again, digest checked; the seconds it takes."""
        began = time.monotonic()
        digest = hashlib.sha256()
        self._ask("GET", f"/swift/v1/raw/{name}", self._token, sink=digest.update)
        if f"sha256:{digest.hexdigest()}" != blob.digest:
            raise SideError(f"{name}: other bytes came back")
        return time.monotonic() - began

    def _ask(self, method: str, path: str, *headers: tuple[str, str], sink: Any = None, **body: Any) -> Any:
        try:
            answer = self._wire.exchange(Call(method, path, headers, **body), Deadline(TURN_SECONDS), sink)
        except Broken as error:
            raise SideError(f"{method} {path}: {error}") from error
        if answer.status not in (200, 201, 202, 204):
            raise SideError(f"{answer.call}: {answer.status} {answer.reason}")
        return answer
