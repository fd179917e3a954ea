# SPDX-License-Identifier: Apache-2.0
"""A Debian host that has podman and no docker, and the demo's inventory for it."""

from __future__ import annotations

import json
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

from tests.acceptance.gateway.podman_site import Site
from tests.ceph import IMAGE
from tests.hosts.podman import PODMAN
from tests.hosts.systemd import SystemdHost, booted
from tests.playbooks import PROJECT, Run, run_playbook

REGISTRY_IMAGE = "rgwkit/registry:2.8"
DIRECTORY = "/srv/demo"
NAME = "rgwkit-demo"
REGISTRY = "127.0.0.1:5000"


@dataclass
class PodmanDemo(Site):
    """The host, as a container whose name ends with -host, and its demo with the names of the inventory."""

    def inventory(self) -> Path:
        folder = self.folder / "inventory"
        if not folder.exists():
            (folder / "group_vars").mkdir(parents=True)
            shutil.copy(PROJECT / "inventories/demo/group_vars/all.yml", folder / "group_vars")
            reached = {"ansible_connection": "community.docker.docker", "ansible_host": f"{self.name}-host"}
            # The controller is another host, so its own folder remembers nothing of this demo.
            given = {"demo_dir": DIRECTORY, "ceph_demo_runtime": "podman", "ceph_demo_image": IMAGE}
            given["rgw_verify_report_dir"] = str(self.folder / "report")
            host = {"demo": {**reached, "ansible_python_interpreter": "/usr/bin/python3", **given}}
            groups = {group: {"hosts": host} for group in ("rgws", "registries")}
            (folder / "hosts.json").write_text(json.dumps({"all": {"children": groups}}))
        return folder

    def do(self, command: str) -> str:
        """What a command of the shell says, which has to succeed."""
        words = ["docker", "exec", f"{self.name}-host", "bash", "-c", f"set -o pipefail; {command}"]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def image_role(self, *options: str, **variables: object) -> Run:
        """Run the role container_image there."""
        task = {"name": "Image", "ansible.builtin.include_role": {"name": "rgwkit.ceph.container_image"}}
        play = self.folder / "image.yml"
        play.write_text(json.dumps([{"hosts": "rgws", "gather_facts": False, "tasks": [task]}]))
        given = {f"container_image_{name}": value for name, value in {"runtime": "podman", **variables}.items()}
        return run_playbook(play, "-i", self.inventory(), *options, **given)

    def things(self) -> str:
        """All of the demo that podman, systemd and the file system have."""
        return self.do(
            "podman ps --all --format '{{.Names}}'; podman volume ls --quiet; "
            "podman network ls --format '{{.Name}}' | grep -v '^podman$' || true; "
            f"find /etc/systemd {DIRECTORY} -path '*rgwkit*' -o -path '{DIRECTORY}*' 2>/dev/null || true"
        )


@contextmanager
def podman_demo(folder: Path, *options: str) -> Iterator[PodmanDemo]:
    """A host without a demo, which has the demo's images. options: more of docker run, for the host."""
    made = PODMAN.make()
    assert made.code == 0, made.output[-2000:]
    site = PodmanDemo(folder)
    with booted(SystemdHost(folder, f"{site.name}-host"), "--hostname=demo", *options, image=PODMAN):
        for image in (IMAGE, REGISTRY_IMAGE):
            site.load_image(image)
        yield site
