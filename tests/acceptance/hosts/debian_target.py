# SPDX-License-Identifier: Apache-2.0
"""A Debian host as administrators hand it over: an SSH server, sudo, and users who have to use both."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator

from tests.hosts.ssh import Login, SshServer, User
from tests.hosts.systemd import SystemdHost, booted, debian, run
from tests.playbooks import BIN, Run, free_port

PLAY_SECONDS, INSTALL_SECONDS = 600, 300
REGISTRY_PORT, INGRESS_PORT = 5000, 8000
PASSWORD_FILE = "/root/ci.password"
INSTALL = "export DEBIAN_FRONTEND=noninteractive; apt-get update -q && apt-get install -q -y --no-install-recommends "
# As the user ci, whose password is in a file.
ASK = """
import base64, sys, urllib.request
with open(sys.argv[2]) as file:
    login = base64.b64encode(("ci:" + file.read().strip()).encode()).decode()
request = urllib.request.Request(sys.argv[1], headers={"Authorization": "Basic " + login})
print(urllib.request.urlopen(request, timeout=10).headers["Docker-Distribution-Api-Version"])
"""


@dataclass(frozen=True)
class Release:
    """A release of Debian: its name in the inventory, its suite, its Python, and its registry.

    ingress: whether its HAProxy knows all that the role configures. podman: whether its podman can run services.
    docker: the package with docker's command.
    """

    name: str
    suite: str
    python: str
    registry: str
    ingress: bool = True
    podman: bool = True
    docker: str = "docker.io"


RELEASES = (
    Release("debian11", "bullseye", "3.9", "2.7", ingress=False, podman=False),
    Release("debian12", "bookworm", "3.11", "2.8"),
    Release("debian13", "trixie", "3.13", "2.8", docker="docker-cli"),
)


@dataclass(frozen=True)
class Target:
    """The host. The operator may use sudo and the visitor may not; sudo asks both for a password."""

    release: Release
    host: SystemdHost
    server: SshServer
    operator: User
    visitor: User

    def play(self, login: Login, *options: str, playbook: str = "registry", ingress: bool | None = None) -> Run:
        """Run a playbook from this machine for a registry and, if the release can have it, an ingress before it.

        A portal has no variables of its own.
        """
        backend = {"name": "registry", "address": "127.0.0.1", "port": REGISTRY_PORT}
        variables: dict[str, Any] = {
            **login.variables,
            "registry_runtime": "package",
            "registry_version": self.release.registry,
            "registry_port": REGISTRY_PORT,
            "registry_storage": "filesystem",
            "registry_users": [{"name": "ci", "password_file": PASSWORD_FILE}],
            "registry_probe_layer_sizes": [1024],
            "rgw_ingress_runtime": "package",
            "rgw_ingress_services": [
                {"name": "registry", "type": "registry", "port": INGRESS_PORT, "backends": [backend]}
            ],
        }
        groups = {"registries": {"hosts": {self.release.name: variables}}}
        if self.release.ingress if ingress is None else ingress:
            groups["ingress"] = {"hosts": {self.release.name: {}}}
        if playbook == "portal":
            groups["portals"] = {"hosts": {self.release.name: {}}}
        inventory = self.server.folder / "hosts.json"
        inventory.write_text(json.dumps({"all": {"children": groups}}))
        command = [str(BIN / "ansible-playbook"), "-i", str(inventory), f"playbooks/{playbook}.yml"]
        return run("timeout", "--kill-after=10", str(PLAY_SECONDS), *command, *login.options, *options)

    def answer(self, port: int) -> str:
        """The version of the API that answers the user ci at a port of the host."""
        return self.host.tell("python3", "-c", ASK, f"http://127.0.0.1:{port}/v2/", PASSWORD_FILE)

    def traces(self) -> str:
        """What plays have left on the host: files, and sockets that listen beside the SSH server's."""
        places = "/etc /opt /srv /usr/local /var/lib"
        files = self.host.tell("sh", "-c", f"find {places} -name '*rgwkit*'; find /home/*/.ansible -type f 2>/dev/null")
        sockets = [line for line in self.host.tell("ss", "-Hlnt").splitlines() if not line.split()[3].endswith(":22")]
        return "\n".join([files, *sockets]).strip()

    def packages(self) -> str:
        """Those of the programs that plays install which the host has."""
        return self.host.tell("find", "/usr/bin", "/usr/sbin", "-name", "docker-registry", "-o", "-name", "haproxy")


@contextmanager
def debian_target(folder: Path, release: Release) -> Iterator[Target]:
    """A host with this release that goes at the end."""
    image = debian(release.suite)
    made = image.make()
    assert made.code == 0, made.output[-4000:]
    port = free_port()
    options = [f"--hostname={release.name}", f"--publish=127.0.0.1:{port}:22"]
    with booted(SystemdHost(folder), *options, image=image) as host:
        script = f"{INSTALL} openssh-server sudo && systemctl enable --now ssh"
        installed = host.tell("timeout", str(INSTALL_SECONDS), "sh", "-c", script)
        assert host.shown("ActiveState", "ssh") == "active", installed[-4000:]
        server = SshServer(host.name, port, folder)
        yield Target(release, host, server, server.add_user("operator", "sudo"), server.add_user("visitor"))
