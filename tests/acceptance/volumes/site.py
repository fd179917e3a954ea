# SPDX-License-Identifier: Apache-2.0
"""A real gateway, and hosts with docker daemons of their own that have volumes on its swift containers."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.hosts.systemd import SystemdHost
from tests.integration.gateway import Gateway
from tests.playbooks import PROJECT, Run, run_playbook

KEY_FILE = "/etc/volumes.swift"
UNIT = "rgwkit-volumes.service"
DRIVER = "rgwkit"
SOCKET = f"/run/docker/plugins/{DRIVER}.sock"
CACHE = "/var/lib/rgwkit/rgwkit-volumes/cache"
BOX = "box"


class DockerHost(SystemdHost):
    """A host with docker; what runs there has the programs of busybox."""

    def prepare(self, key: str) -> None:
        """Give the host the swift key and an image."""
        self.write(KEY_FILE, key)
        self.wait_for(lambda: "Server Version" in self.tell("docker", "info"), "docker")
        made = self.tell("sh", "-c", f"tar -C / -c bin/busybox usr/bin/busybox 2>/dev/null | docker import - {BOX}")
        assert "sha256:" in made, made

    def run_box(self, volume: str, script: str, *options: str) -> str:
        """What a script says in a container with a volume at /data."""
        words = ["docker", "run", "--rm", "--network=none", f"--volume={volume}:/data", *options, BOX]
        return self.tell(*words, "/bin/busybox", "sh", "-c", f"/bin/busybox --install /bin; {script}")

    def start_box(self, name: str, volume: str, script: str) -> None:
        """Start a container that goes on."""
        words = ["docker", "run", "--detach", f"--name={name}", "--network=none", f"--volume={volume}:/data", BOX]
        self.tell(*words, "/bin/busybox", "sh", "-c", f"/bin/busybox --install /bin; {script}")

    def volume(self, name: str) -> dict[str, Any]:
        """What docker knows of a volume; empty for none."""
        found = self.tell("sh", "-c", f"docker volume inspect {name} 2>/dev/null")
        known: list[dict[str, Any]] = json.loads(found or "[]")
        return known[0] if known else {}

    def kill_driver(self) -> None:
        """Kill the driver, which systemd starts again, and wait until the new one answers."""
        before = self.shown("MainPID", UNIT)
        self.tell("systemctl", "kill", "--signal=KILL", UNIT)
        self.wait_for(lambda: self.shown("MainPID", UNIT) not in (before, "0", ""), "another driver")
        self.wait_for(self.driver_answers, "the driver")

    def driver_answers(self) -> bool:
        script = f"import socket; s = socket.socket(socket.AF_UNIX); s.connect('{SOCKET}')"
        return self.tell("sh", "-c", f'python3 -c "{script}" 2>/dev/null && echo up') == "up"


@dataclass
class Site:
    """gateway: holds the objects. hosts: by their names in the inventory.

    checked: the first run, in check mode. after_check: what the second host had then.
    """

    gateway: Gateway
    folder: Path
    hosts: dict[str, DockerHost] = field(default_factory=dict)
    checked: Run = field(default_factory=lambda: Run(0, ""))
    after_check: dict[str, str] = field(default_factory=dict)

    @property
    def endpoint(self) -> str:
        """Where the hosts reach the gateway."""
        return f"http://{self.gateway.run('hostname', '-i').split()[0]}:8080"

    def inventory(self) -> Path:
        reached = {"ansible_connection": "community.docker.docker", "ansible_python_interpreter": "/usr/bin/python3"}
        given = {
            "rgwkit_home": "volumes-test",
            "docker_volumes_endpoint": self.endpoint,
            "docker_volumes_user": self.gateway.user,
            "docker_volumes_key_file": KEY_FILE,
        }
        hosts = {name: {"ansible_host": host.name} for name, host in self.hosts.items()}
        groups = {"docker_hosts": {"hosts": hosts}}
        file = self.folder / "hosts.json"
        file.write_text(json.dumps({"all": {"vars": {**reached, **given}, "children": groups}}))
        return file

    def check_first(self) -> None:
        """Run in check mode on fresh hosts."""
        self.checked = self.play("--check", "--diff", limit="docker_hosts")
        host = self.hosts["docker-2"]
        looks = {"unit": f"ls /etc/systemd/system/{UNIT}", "rclone": "command -v rclone", "folder": "ls -d /etc/rgwkit"}
        self.after_check = {name: host.tell("sh", "-c", f"{look} 2>/dev/null") for name, look in looks.items()}

    def play(self, *options: str, limit: str = "docker-1", **variables: object) -> Run:
        """Run playbooks/volumes.yml on one host."""
        return run_playbook("volumes", "-i", self.inventory(), f"--limit={limit}", *options, **variables)

    def module(self, host: str, *volumes: dict[str, Any], check: bool = False, **options: object) -> dict[str, Any]:
        """What the module docker_swift_volume returns on a host."""
        result = self.folder / "result.json"
        result.unlink(missing_ok=True)
        login = {"endpoint": self.endpoint, "user": self.gateway.user, "key_file": KEY_FILE}
        params = {**login, "home": "volumes-test", "host": host, "volumes": list(volumes), **options}
        words = ["-i", str(self.inventory()), f"--limit={host}", *(["--check"] if check else [])]
        book = PROJECT / "tests" / "acceptance" / "volumes" / "module.yml"
        done = run_playbook(book, *words, params=params, result=str(result))
        assert result.exists(), done.output[-3000:]
        found: dict[str, Any] = json.loads(result.read_text())
        return found

    def objects(self, container: str) -> dict[str, int]:
        """Names and sizes of the objects of a swift container, as swift tells it."""
        answer = self.swift("GET", container, params={"format": "json", "limit": "10000"})
        return {one["name"]: int(one["bytes"]) for one in answer.json()} if answer.status_code == 200 else {}

    def swift(self, method: str, path: str, **options: Any) -> requests.Response:
        """A request to swift by the demo user."""
        login = {"X-Auth-User": self.gateway.user, "X-Auth-Key": self.gateway.secret}
        entered = requests.get(f"{self.gateway.url}/auth/v1", headers=login, timeout=10)
        headers = {"X-Auth-Token": entered.headers["X-Auth-Token"], **options.pop("headers", {})}
        return requests.request(method, f"{self.gateway.url}/swift/v1/{path}", headers=headers, timeout=10, **options)


def seconds_of(work: Any) -> float:
    """How long something takes."""
    begin = time.monotonic()
    work()
    return time.monotonic() - begin
