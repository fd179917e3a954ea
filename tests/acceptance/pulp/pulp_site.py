# SPDX-License-Identifier: Apache-2.0
"""A Debian host for Pulp and a gateway with its bucket, in containers; playbooks reach the host through docker."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterator

from tests.hosts.systemd import BOOKWORM, SystemdHost, booted, run
from tests.integration.gateway import Gateway, running_gateway
from tests.playbooks import BIN, Run

PLAY_SECONDS = 900
ADMIN_KEY, S3_KEY = "/etc/rgwkit-test/admin.key", "/etc/rgwkit/secrets/pulp.s3.secret"
ADMIN_PASSWORD = "/etc/rgwkit/rgwkit-pulp/secrets/admin.password"
BUCKET, API, CONTENT = "pulp", "http://127.0.0.1:24817", "http://127.0.0.1:24816"
# Pip reaches PyPI as this machine does.
AUTHORITIES = os.environ.get("PIP_CERT", "")
PIP = [f"--volume={AUTHORITIES}:/etc/pip.crt:ro", "--env=PIP_CERT=/etc/pip.crt"] if AUTHORITIES else []
# As the user admin, whose password is in a file; a body is JSON.
ASK = """
import base64, json, sys, urllib.request
method, url, path, body = sys.argv[1:]
with open(path) as file:
    login = base64.b64encode(("admin:" + file.read().strip()).encode()).decode()
headers = {"Authorization": "Basic " + login, "Content-Type": "application/json"}
request = urllib.request.Request(url, body.encode() or None, headers, method=method)
try:
    print(urllib.request.urlopen(request, timeout=60).read().decode() or "{}")
except urllib.error.HTTPError as error:
    print(json.dumps({"status": error.code, "said": error.read().decode()[-500:]}))
"""


@dataclass
class PulpHost(SystemdHost):
    """The host. It is in all groups: a gateway's administrator is there, too."""

    variables: dict[str, Any] = field(default_factory=dict)

    def share_mounts(self) -> None:
        """As systemd does at boot on every host but a container: without it, a unit does not get its credentials."""
        self.tell("mount", "--make-rshared", "/")

    def boot(self) -> None:
        super().boot()
        self.share_mounts()

    def play(self, playbook: str, *options: str, **variables: Any) -> Run:
        host = {
            "ansible_connection": "community.docker.docker",
            "ansible_host": self.name,
            "ansible_python_interpreter": "/usr/bin/python3",
            **self.variables,
            **variables,
        }
        groups = {name: {"hosts": {"one": host if name == "pulps" else {}}} for name in ("rgws", "pulps")}
        inventory = self.folder / "hosts.json"
        inventory.write_text(json.dumps({"all": {"children": groups}}))
        command = [str(BIN / "ansible-playbook"), "-i", str(inventory), f"playbooks/{playbook}.yml", *options]
        return run("timeout", "--kill-after=10", str(PLAY_SECONDS), *command)

    def ask(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        """What Pulp's API answers the user admin."""
        url = path if path.startswith("http") else f"{API}{path}"
        said = self.tell("python3", "-c", ASK, method, url, ADMIN_PASSWORD, json.dumps(body) if body else "")
        answer: dict[str, Any] = json.loads(said.splitlines()[-1])
        return answer

    def finish(self, answer: dict[str, Any]) -> dict[str, Any]:
        """A task of Pulp's, once it has ended."""
        assert "task" in answer, answer
        ended: dict[str, Any] = {}

        def over() -> bool:
            ended.update(self.ask("GET", answer["task"]))
            return ended["state"] in ("completed", "failed", "canceled")

        self.wait_for(over, answer["task"], 120)
        assert ended["state"] == "completed", ended
        return ended


@contextmanager
def pulp_site(folder: Path) -> Iterator[tuple[PulpHost, Gateway]]:
    """Host and gateway, with nothing on them yet; both go at the end."""
    made = BOOKWORM.make()
    assert made.code == 0, made.output[-4000:]
    with running_gateway(folder) as gateway, booted(PulpHost(folder), *PIP, image=BOOKWORM) as host:
        host.share_mounts()
        address = gateway.run("hostname", "-i").split()[0]
        host.write(ADMIN_KEY, gateway.secret)
        host.variables |= {
            "rgw_users_endpoint": f"http://{address}:8080",
            "rgw_users_access_key": gateway.access_key,
            "rgw_users_secret_key_file": ADMIN_KEY,
            "rgw_users_list": [{"uid": "pulp", "s3_keys": [{"access_key": "pulp", "secret_file": S3_KEY}]}],
            "rgw_buckets_registries": [],
            "rgw_buckets_list": [{"name": BUCKET, "owner": "pulp"}],
            "pulp_s3_endpoint": f"http://{address}:8080",
            "pulp_s3_secret_file": S3_KEY,
        }
        yield host, gateway


def keys_in_bucket(gateway: Gateway) -> list[str]:
    """The names of the objects, as Ceph's own command lists them."""
    return [entry["name"] for entry in json.loads(gateway.run("radosgw-admin", "bucket", "list", f"--bucket={BUCKET}"))]
