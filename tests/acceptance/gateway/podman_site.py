# SPDX-License-Identifier: Apache-2.0
"""A small real Ceph without a gateway, a registry with images, and a Debian host that has podman and no docker."""

from __future__ import annotations

import json
import secrets
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Iterator

from tests.hosts.podman import PODMAN, load_image
from tests.hosts.systemd import SystemdHost, booted, run
from tests.playbooks import Run, run_playbook

CEPH = ["--env=NETWORK_AUTO_DETECT=4", "--env=DEMO_DAEMONS=mon mgr osd", "--env=OSD_OBJECTSTORE=memstore"]
HUB = {"version": 0.1, "storage": {"filesystem": {"rootdirectory": "/var/lib/registry"}}, "http": {"addr": ":5000"}}
INGRESS_PORT = 8000
PORTS = {"a": 8080, "b": 8081}


@dataclass
class Site:
    """Its containers, by what they are: ceph, hub, host. They and their network share a name."""

    folder: Path
    name: str = field(default_factory=lambda: f"rgwkit-test-{secrets.token_hex(3)}")

    def inventory(self) -> Path:
        backends = [{"name": f"rgw1-{name}", "address": "127.0.0.1", "port": port} for name, port in PORTS.items()]
        host = {
            "ansible_host": f"{self.name}-host",
            "rgw_gateway_runtime": "podman",
            "rgw_gateway_instances": [{"name": name, "port": port} for name, port in PORTS.items()],
            "rgw_gateway_ingress_service": "rgw",
            "rgw_ingress_runtime": "package",
            "rgw_ingress_services": [{"name": "rgw", "type": "rgw", "port": INGRESS_PORT, "backends": backends}],
        }
        groups = {
            "mons": {"hosts": {"ceph1": {"ansible_host": f"{self.name}-ceph"}}},
            "rgws": {"hosts": {"rgw1": host}},
            "ingress": {"hosts": {"rgw1": {}}},
        }
        reached = {"ansible_connection": "community.docker.docker", "ansible_python_interpreter": "/usr/bin/python3"}
        file = self.folder / "hosts.json"
        file.write_text(json.dumps({"all": {"vars": reached, "children": groups}}))
        return file

    def play(self, playbook: str, *options: str, **variables: object) -> Run:
        """Run a playbook with these variables over those of the inventory."""
        return run_playbook(playbook, "-i", self.inventory(), *options, **variables)

    def tell(self, *command: str, on: str = "host") -> str:
        """What a command there says, whether it succeeds or not."""
        return run("docker", "exec", f"{self.name}-{on}", *command).output.strip()

    def put(self, path: str, content: str) -> None:
        """Write a file on the host."""
        command = ["docker", "exec", "-i", f"{self.name}-host", "sh", "-c", 'umask 77; cat > "$1"', "sh", path]
        subprocess.run(command, input=content, text=True, check=True)

    def inspected(self, instance: str, form: str) -> str:
        """A field of an instance's container, as podman tells it."""
        return self.tell("podman", "inspect", "--format", form, f"ceph-rgw.rgw1.{instance}")

    def started(self) -> dict[str, str]:
        """Which containers the instances are, each start has another."""
        return {instance: self.inspected(instance, "{{.Id}}") for instance in PORTS}

    def load_image(self, name: str, engine: str = "podman") -> None:
        """Give an image to an engine of the host; for podman it is localhost's there."""
        load_image(f"{self.name}-host", name, engine)

    def push_image(self, source: str, name: str) -> str:
        """Put an image of this machine into the registry; its name there."""
        port = _done("docker", "port", f"{self.name}-hub", "5000").splitlines()[0].rpartition(":")[2]
        here = f"127.0.0.1:{port}/{name}"
        _done("docker", "tag", source, here)
        try:
            _done("docker", "push", "--quiet", here)
        finally:
            _done("docker", "rmi", here)
        return f"{self.name}-hub:5000/{name}"

    def address(self) -> str:
        form = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
        return _done("docker", "inspect", "--format", form, f"{self.name}-host")

    def reboot(self) -> None:
        """Boot the host again; systemd is up at the end, its services may not be."""
        _done("docker", "restart", f"{self.name}-host")
        self.wait_booted()

    def wait_booted(self) -> None:
        self.wait_for(
            lambda: self.tell("systemctl", "is-system-running") in ("starting", "running", "degraded"), "systemd"
        )

    def cut_off(self, what: str) -> None:
        """Have nothing that it sends leave it. A paused OSD would have laggy placement groups for minutes."""
        self._rule(what, "add", "blackhole")

    def rejoin(self, what: str) -> None:
        self._rule(what, "delete")

    def _rule(self, what: str, *words: str) -> None:
        pid = _done("docker", "inspect", "--format={{.State.Pid}}", f"{self.name}-{what}")
        _done("nsenter", f"--target={pid}", "--net", "ip", "rule", words[0], "priority", "10", *words[1:])

    def wait_for(self, holds: Callable[[], Any], what: str, seconds: float = 90) -> None:
        until = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < until, f"waited {seconds} s for {what}"
            time.sleep(0.5)

    def serving(self) -> bool:
        """Whether every instance answers."""
        ask = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=10)"
        urls = [f"http://127.0.0.1:{port}/swift/healthcheck" for port in PORTS.values()]
        return all(self.tell("python3", "-c", ask, url) == "" for url in urls)


@contextmanager
def podman_site(folder: Path, ceph: str = "rgwkit/ceph:16", *rights: str) -> Iterator[Site]:
    """A site that goes at the end. ceph: the image of its cluster. rights: what docker run gives the host besides."""
    made = PODMAN.make()
    assert made.code == 0, made.output[-2000:]
    site = Site(folder)
    config = folder / "hub.yml"
    config.write_text(json.dumps(HUB))
    hub = ["--publish=127.0.0.1::5000", f"--volume={config}:/etc/docker/registry/config.yml:ro"]
    try:
        _done("docker", "network", "create", site.name)
        _begin(site, "ceph", *CEPH, ceph)
        _begin(site, "hub", *hub, "--volume=/var/lib/registry", "rgwkit/registry:2.8")
        host = SystemdHost(folder, f"{site.name}-host")
        with booted(host, f"--network={site.name}", "--hostname=rgw1", *rights, image=PODMAN):
            site.wait_for(lambda: "] ready" in _done("docker", "logs", f"{site.name}-ceph"), "Ceph")
            plain = f'[[registry]]\nlocation = "{site.name}-hub:5000"\ninsecure = true\n'
            site.tell("sh", "-c", f"echo '{plain}' > /etc/containers/registries.conf.d/hub.conf")
            yield site
    finally:
        for what in ("hub", "ceph"):
            run("docker", "rm", "--force", "--volumes", f"{site.name}-{what}")
        run("docker", "network", "rm", site.name)


def _begin(site: Site, what: str, *words: str) -> None:
    _done("docker", "run", "--detach", f"--name={site.name}-{what}", f"--network={site.name}", *words)


def _done(*command: str) -> str:
    done = run(*command)
    assert done.code == 0, f"{' '.join(command)}: {done.output}"
    return done.output.strip()
