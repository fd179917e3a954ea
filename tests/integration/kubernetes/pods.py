# SPDX-License-Identifier: Apache-2.0
"""Pods without Kubernetes: a container of docker with what Kubernetes would give the container of a Deployment."""

from __future__ import annotations

import json
import os
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, Mapping

import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.manifests import manifests
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.pod_registry import PodRegistry

from tests.unit.kubernetes.objects import decoded, of_kind

IMAGE = "rgwkit/registry:2.8"


@dataclass(frozen=True)
class Pod:
    """A container that runs, and its probes."""

    container: str
    address: str
    template: Mapping[str, Any]
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.address}"

    def ready(self) -> int:
        """The status that the readiness probe gets; 0 where nothing answers. The kubelet trusts any certificate."""
        probe = self.template["readinessProbe"]["httpGet"]
        try:
            url = f"{probe['scheme'].lower()}://{self.address}{probe['path']}"
            return requests.get(
                url, timeout=self.template["readinessProbe"]["timeoutSeconds"], verify=False
            ).status_code
        except requests.RequestException:
            return 0

    def wait_for(self, status: int, seconds: float) -> None:
        until = time.monotonic() + seconds
        while self.ready() != status:
            assert time.monotonic() < until, f"readiness is {self.ready()}, not {status}\n{self.log()}"
            time.sleep(0.5)

    def log(self) -> str:
        done = subprocess.run(["docker", "logs", self.container], capture_output=True, text=True, check=False)
        return (done.stdout + done.stderr)[-3000:]

    def inspect(self) -> dict[str, Any]:
        return json.loads(_docker("inspect", self.container))[0]


def mounted(folder: Path, files: Mapping[str, str], group: int, mode: int) -> Path:
    """A volume as the kubelet makes it: the files are root's, and their group is the pod's fsGroup."""
    folder.mkdir()
    for name, text in files.items():
        path = folder / name
        path.write_text(text)
        os.chown(path, 0, group)
        path.chmod(mode)
    return folder


def container_of(registry: PodRegistry) -> tuple[dict[str, Any], dict[str, Any], dict[str, str], dict[str, str]]:
    """Pod and container of the manifests, the container's environment, and the files of its volume."""
    files = manifests(registry)
    pod = of_kind(files, "Deployment")["spec"]["template"]["spec"]
    [container] = pod["containers"]
    private, public = decoded(of_kind(files, "Secret")), of_kind(files, "ConfigMap")["data"]
    environment = {
        one["name"]: one["value"] if "value" in one else private[one["valueFrom"]["secretKeyRef"]["key"]]
        for one in container["env"]
    }
    [volume] = [one["projected"] for one in pod["volumes"] if "projected" in one]
    names = [item["key"] for source in volume["sources"] for part in source.values() for item in part["items"]]
    return pod, container, environment, {name: {**public, **private}[name] for name in names}


@contextmanager
def running_pod(registry: PodRegistry, folder: Path) -> Iterator[Pod]:
    """The container of the manifests, in the project's own image of registry 2.8."""
    pod, container, environment, files = container_of(registry)
    group = pod["securityContext"]["fsGroup"]
    [projected] = [one["projected"] for one in pod["volumes"] if "projected" in one]
    volume = mounted(folder / "files", files, group, projected["defaultMode"])
    [mount] = [one["mountPath"] for one in container["volumeMounts"] if one["name"] == "files"]
    with started(pod, container, environment, folder, [f"--volume={volume}:{mount}:ro"], registry.tls) as running:
        yield running


@contextmanager
def started(
    pod: Mapping[str, Any],
    container: Mapping[str, Any],
    environment: Mapping[str, str],
    folder: Path,
    volumes: list[str],
    tls: bool,
) -> Iterator[Pod]:
    """The container, confined as its security contexts say."""
    own, of_pod = container["securityContext"], pod["securityContext"]
    assert own["capabilities"]["drop"] == ["ALL"] and own["allowPrivilegeEscalation"] is False
    variables = folder / "environment"
    variables.touch(mode=0o600)
    variables.write_text("".join(f"{name}={value}\n" for name, value in environment.items()))
    command = [
        "run",
        "--detach",
        "--cpu-shares=2",
        "--memory=1g",
        f"--user={of_pod['runAsUser']}:{of_pod['runAsGroup']}",
        f"--group-add={of_pod['fsGroup']}",
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges",
        *(["--read-only"] if own["readOnlyRootFilesystem"] else []),
        "--tmpfs=/tmp",
        f"--env-file={variables}",
        *volumes,
        "--publish=127.0.0.1::5000",
        IMAGE,
        *container["args"],
    ]
    name = _docker(*command)
    try:
        # A container that has ended has no ports.
        ports = subprocess.run(["docker", "port", name, "5000"], capture_output=True, text=True, check=False).stdout
        address = ports.partition("\n")[0]
        yield Pod(name, address, container, "https" if tls else "http")
    finally:
        _docker("rm", "--force", name)


def _docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True).stdout.strip()
