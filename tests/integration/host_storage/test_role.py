# SPDX-License-Identifier: Apache-2.0
"""The role, as a playbook uses it: folders first, then the containers with what the role found out."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys

import pytest

from tests.integration.host_storage.images import docker
from tests.playbooks import run_playbook

pytestmark = pytest.mark.long

ROLE = [{"name": "Create the folders", "role": "rgwkit.ceph.host_storage"}]


@pytest.fixture
def shop(app, second, tmp_path):
    """A play of the role with two containers; runs it, with variables over its own."""
    names = {one: f"rgwkit-test-{one}-{secrets.token_hex(3)}" for one in ("web", "worker")}
    images = {"web": app, "worker": second}
    uses = [{"container": "web", "target": "/uploads"}, {"container": "worker", "target": "/in", "read_only": True}]
    variables = {
        "rgwkit_home": "rgwkit-test",
        "host_storage_dir": str(tmp_path / "own"),
        "host_storage_containers": [{"name": name, "image": image} for name, image in images.items()],
        "host_storage_folders": [
            {"name": "sessions", "relabel": "private", "used_by": [{"container": "web", "target": "/sessions"}]},
            {"name": "uploads", "group": 7000, "used_by": uses},
        ],
    }
    started = [
        {
            "name": f"Run {one}",
            "community.docker.docker_container": {
                "name": name,
                "image": images[one],
                "entrypoint": ["sleep", "infinity"],
                "network_mode": "none",
                "volumes": f"{{{{ host_storage_result.containers.{one}.volumes }}}}",
                "groups": f"{{{{ host_storage_result.containers.{one}.groups }}}}",
            },
            "when": "host_storage_state == 'present' and not ansible_check_mode",
        }
        for one, name in names.items()
    ]
    play = {"name": "Shop", "hosts": "localhost", "gather_facts": False, "roles": ROLE, "tasks": started}
    playbook = tmp_path / "shop.yml"
    here = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    playbook.write_text(json.dumps([{**play, "vars": {**here, **variables}}]))

    def run(*options, **over):
        return run_playbook(playbook, "-i", "localhost,", *options, **over)

    run.names = names
    yield run
    subprocess.run(["docker", "rm", "--force", *names.values()], capture_output=True)


def test_create_again_check_absent_again(shop, tmp_path):
    checked = shop("--check", "--diff")
    assert (checked.code, checked.count("changed")) == (0, 1), checked.output
    assert "sessions: created for 1234:2345, mode 0700" in checked.output and not (tmp_path / "own").exists()

    first = shop()
    assert (first.code, first.count("changed")) == (0, 3), first.output
    web, worker = shop.names["web"], shop.names["worker"]
    docker("exec", web, "sh", "-c", "umask 027; echo a > /sessions/a && echo b > /uploads/b")
    assert docker("exec", worker, "cat", "/in/b") == "b"
    mounts = json.loads(docker("container", "inspect", web))[0]["Mounts"]
    assert {mount["Destination"]: mount["Mode"] for mount in mounts} == {"/sessions": "Z", "/uploads": "z"}

    again = shop()
    assert (again.code, again.count("changed")) == (0, 0), again.output

    kept = shop(host_storage_state="absent")
    assert (kept.code, kept.count("changed")) == (0, 0) and "remains, since it has" in kept.output, kept.output
    gone = shop(host_storage_state="absent", host_storage_remove_data=True)
    assert (gone.code, gone.count("changed")) == (0, 1) and not (tmp_path / "own").exists(), gone.output
    assert shop(host_storage_state="absent").count("changed") == 0


def test_a_private_label_on_a_shared_folder_ends_the_play(shop, tmp_path):
    uses = [{"container": name, "target": "/in"} for name in ("web", "worker")]
    refused = shop(host_storage_folders=[{"name": "in", "relabel": "private", "group": 7000, "used_by": uses}])
    assert refused.code != 0 and "relabel=private (:Z)" in refused.output and not (tmp_path / "own").exists()


def test_another_inventory_is_refused(shop, tmp_path):
    assert shop().code == 0
    refused = shop(rgwkit_home="rgwkit-test-other")
    assert refused.code != 0 and "is not this inventory's (rgwkit-test-other)" in refused.output
    assert shop(rgwkit_home="rgwkit-test-other", rgwkit_takeover=True).code == 0
    assert json.loads((tmp_path / "own" / ".rgwkit").read_text())["home"] == "rgwkit-test-other"
