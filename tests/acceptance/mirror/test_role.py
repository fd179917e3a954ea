# SPDX-License-Identifier: Apache-2.0
"""The role registry with registry_proxy: a mirror on a real gateway, of a registry that the role runs, too."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.modules import registry_probe

from tests.acceptance.registry.storage_site import CHUNK_BYTES
from tests.integration.gateway import Gateway, running_gateway
from tests.integration.registry_mirror.conftest import push, stop
from tests.playbooks import Run, free_port, run_playbook

UNKNOWN = "http://127.0.0.1:1"


@dataclass
class Site:
    """A hub with an image, and its mirrors by swift and by S3. `mirror` adds what the inventory says of a mirror."""

    gateway: Gateway
    folder: Path
    name: str = field(default_factory=lambda: f"rgwkit-test-{secrets.token_hex(3)}")
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in ("hub", "swift", "s3")})
    image: str = ""

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    def container(self, name: str) -> str:
        return f"{self.name}-{name}"

    def play(self, name: str, *options: str, tasks_from: str = "main", **variables: Any) -> Run:
        """Run an entry point of the role for one registry, which these variables describe besides."""
        host = {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "registry_name": self.container(name),
            "registry_dir": str(self.folder / name),
            "registry_port": self.ports[name],
            "registry_ready_timeout": 30,
            "registry_probe_layer_sizes": [1024],
            **({"registry_storage": "filesystem"} if name == "hub" else self._mirror(name)),
            **variables,
        }
        inventory = self.folder / f"{name}.json"
        inventory.write_text(json.dumps({"all": {"hosts": {name: host}}}))
        role = {"name": "rgwkit.ceph.registry", "tasks_from": tasks_from}
        play = {"hosts": "all", "gather_facts": False, "tasks": [{"ansible.builtin.include_role": role}]}
        (self.folder / "play.yml").write_text(json.dumps([play]))
        return run_playbook(self.folder / "play.yml", "-i", inventory, *options)

    def _mirror(self, name: str) -> dict[str, Any]:
        secret = str(self.gateway.secret_file)
        return {
            "registry_storage": name,
            "registry_gateway_endpoint": self.gateway.url,
            "registry_swift_authurl": f"{self.gateway.url}/auth/v1",
            "registry_swift_username": self.gateway.user,
            "registry_swift_secret_file": secret,
            "registry_swift_container": f"mirror-{name}",
            "registry_swift_chunksize": CHUNK_BYTES,
            "registry_s3_regionendpoint": self.gateway.url,
            "registry_s3_bucket": f"mirror-{name}",
            "registry_s3_accesskey": self.gateway.access_key,
            "registry_s3_secret_file": secret,
            "registry_proxy": {"remoteurl": self.url("hub")},
            "registry_proxy_image": self.image,
        }


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    with running_gateway(folder) as gateway:
        site = Site(gateway, folder)
        try:
            hub = site.play("hub")
            assert hub.code == 0, hub.output[-4000:]
            site.image = push(site.url("hub"))
            yield site
        finally:
            for name in site.ports:
                site.play(name, registry_state="absent", registry_remove_data=True)


@pytest.fixture(params=["swift", "s3"])
def mirror(site, request):
    """The name of a mirror that runs."""
    if request.param == "s3":
        made = site.gateway.run("radosgw-admin", "bucket", "list")
        if "mirror-s3" not in made:
            _make_bucket(site.gateway, "mirror-s3")
    subprocess.run(["docker", "start", site.container("hub")], check=True, capture_output=True)
    run = site.play(request.param)
    assert run.code == 0, run.output[-6000:]
    return request.param


def _make_bucket(gateway: Gateway, name: str) -> None:
    login = {"X-Auth-User": gateway.user, "X-Auth-Key": gateway.secret}
    token = requests.get(f"{gateway.url}/auth/v1", headers=login, timeout=10).headers["X-Auth-Token"]
    made = requests.put(f"{gateway.url}/swift/v1/{name}", headers={"X-Auth-Token": token}, timeout=10)
    assert made.status_code in (201, 202)


def pull(run_module, url: str, image: str) -> bool:
    return bool(run_module(registry_probe, registry=url, steps=["mirror"], image=image)["passed"])


def test_the_role_proves_a_mirror_by_a_pull_and_a_second_run_changes_nothing(site, mirror, run_module):
    again = site.play(mirror)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    assert "verified by mirror over its API" in " ".join(again.output.split()), again.output[-3000:]
    assert pull(run_module, site.url(mirror), site.image)
    stop(site.container("hub"))
    assert pull(run_module, site.url(mirror), site.image)
    # Nor does the hub have to run where registry.yml finds that the mirror does not differ.
    away = site.play(mirror, tasks_from="plan")
    assert (away.code, away.count("changed")) == (0, 0), away.output[-4000:]
    assert "unchanged; verified by mirror over its API" in " ".join(away.output.split())


def test_a_hub_that_does_not_answer_is_said_before_anything_changes(site, mirror):
    config = site.folder / mirror / "config.yml"
    before = config.read_text()
    refused = site.play(mirror, registry_proxy={"remoteurl": UNKNOWN}, registry_log_level="warn")
    said = " ".join(refused.output.split())
    assert refused.code != 0 and "a mirror starts only while the other registry answers" in said
    assert config.read_text() == before


def test_an_image_that_the_hub_does_not_have_fails_the_proof_and_the_old_configuration_returns(site, mirror):
    config = site.folder / mirror / "config.yml"
    before = config.read_text()
    failed = site.play(mirror, registry_proxy_image="library/none:1", registry_log_level="warn")
    assert failed.code != 0 and "404" in failed.output, failed.output[-4000:]
    assert config.read_text() == before


def test_a_registry_with_pushed_images_does_not_become_a_mirror(site):
    refused = site.play("hub", registry_proxy={"remoteurl": UNKNOWN})
    assert refused.code != 0 and "takes pushes, and registry_proxy would make" in " ".join(refused.output.split())


def test_no_garbage_is_collected_in_a_mirror(site, mirror):
    refused = site.play(mirror, tasks_from="garbage")
    assert refused.code != 0 and "is a mirror (registry_proxy)" in " ".join(refused.output.split())
