# SPDX-License-Identifier: Apache-2.0
"""A Debian host with podman whose ordinary user has a demo, and the demo's inventory for it."""

from __future__ import annotations

import json
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator, Mapping

from tests.acceptance.demo.podman_demo import REGISTRY_IMAGE
from tests.acceptance.gateway.podman_site import Site
from tests.ceph import IMAGE
from tests.hosts.rootless import LOGIN, PODMAN, ROOTLESS, USER
from tests.hosts.systemd import SystemdHost, booted
from tests.playbooks import PROJECT, Run, run_playbook

DIRECTORY = f"/home/{USER}/demo"
_LOGIN_WORDS = [f"--env={name}={value}" for name, value in LOGIN.items()]


class RootlessDemo(Site):
    """The host, as a container whose name ends with -host, and the user's demo with the names of the inventory."""

    def inventory(self, **variables: Any) -> Path:
        """The demo's inventory. variables: of the host, in the place of those of a login."""
        folder = self.folder / "inventory"
        (folder / "group_vars").mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / "inventories/demo/group_vars/all.yml", folder / "group_vars")
        host = {
            "ansible_connection": "community.docker.docker",
            "ansible_host": f"{self.name}-host",
            "ansible_user": USER,
            "ansible_docker_extra_env": LOGIN,
            "ansible_python_interpreter": "/usr/bin/python3",
            "demo_dir": DIRECTORY,
            "ceph_demo_runtime": "podman",
            "ceph_demo_scope": "user",
            "ceph_demo_image": IMAGE,
            "rgw_verify_report_dir": str(self.folder / "report"),
            **variables,
        }
        groups = {group: {"hosts": {"demo": host}} for group in ("rgws", "registries")}
        (folder / "hosts.json").write_text(json.dumps({"all": {"children": groups}}))
        return folder

    def play(self, playbook: str, *options: str, host: Mapping[str, Any] | None = None, **variables: object) -> Run:
        """Run a playbook with these variables over those of the inventory. host: the host's own there."""
        return run_playbook(playbook, "-i", self.inventory(**(host or {})), *options, **variables)

    def image_role(self, **variables: object) -> Run:
        """Run the role container_image there."""
        task = {"name": "Image", "ansible.builtin.include_role": {"name": "rgwkit.ceph.container_image"}}
        play = self.folder / "image.yml"
        play.write_text(json.dumps([{"hosts": "rgws", "gather_facts": False, "tasks": [task]}]))
        given = {f"container_image_{name}": value for name, value in {"runtime": "podman", **variables}.items()}
        return run_playbook(play, "-i", self.inventory(), **given)

    def as_user(self, command: str) -> Run:
        """A command of the shell in a login of the user."""
        words = ["docker", "exec", f"--user={USER}", *_LOGIN_WORDS, f"{self.name}-host", "bash", "-c"]
        done = subprocess.run(
            [*words, f"set -o pipefail; cd; {command}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return Run(done.returncode, done.stdout)

    def do(self, command: str) -> str:
        """What such a command says, which has to succeed."""
        done = self.as_user(command)
        assert done.code == 0, f"{command}\n{done.output}"
        return done.output

    def load_image(self, name: str) -> None:
        """Give an image of this machine to the user's podman."""
        load = [
            "docker",
            "exec",
            "--interactive",
            f"--user={USER}",
            *_LOGIN_WORDS,
            f"{self.name}-host",
            "podman",
            "load",
        ]
        with subprocess.Popen(["docker", "save", name], stdout=subprocess.PIPE) as saved:
            subprocess.run(load, stdin=saved.stdout, stdout=subprocess.DEVNULL, check=True)
        assert saved.returncode == 0

    def things(self) -> str:
        """All of the demo that podman, systemd and the file system have, of the user and of the system."""
        return self.do(
            "podman ps --all --format '{{.Names}}'; podman volume ls --quiet; "
            "podman network ls --format '{{.Name}}' | grep -v '^podman$' || true; "
            f"find /etc/systemd ~/.config/systemd {DIRECTORY} -path '*rgwkit*' -o -path '{DIRECTORY}*' 2>/dev/null"
            " || true"
        )


@contextmanager
def rootless_demo(folder: Path) -> Iterator[RootlessDemo]:
    """A host whose user has no demo, and has the demo's images."""
    for image in (PODMAN, ROOTLESS):
        made = image.make()
        assert made.code == 0, made.output[-2000:]
    site = RootlessDemo(folder)
    with booted(SystemdHost(folder, f"{site.name}-host"), "--hostname=demo", image=ROOTLESS):
        site.wait_for(lambda: site.as_user("systemctl --user is-system-running").code == 0, "the user's systemd")
        for image in (IMAGE, REGISTRY_IMAGE):
            site.load_image(image)
        yield site
