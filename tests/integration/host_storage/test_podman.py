# SPDX-License-Identifier: Apache-2.0
"""The modules on a host that has podman and no docker."""

from __future__ import annotations

import json

import pytest

from tests.hosts.podman import PODMAN, load_image
from tests.hosts.systemd import SystemdHost, booted
from tests.playbooks import run_playbook

pytestmark = pytest.mark.long
PATH = "/srv/rgwkit/shop"


@pytest.fixture(scope="module")
def host(app, tmp_path_factory):
    made = PODMAN.make()
    assert made.code == 0, made.output
    with booted(SystemdHost(tmp_path_factory.mktemp("host")), "--cpu-shares=2", "--memory=2g", image=PODMAN) as host:
        load_image(host.name, app)
        yield host


def play(host, app, user=""):
    """Runs the role and image_owner on the host."""
    variables = {
        "ansible_connection": "community.docker.docker",
        "ansible_host": host.name,
        "ansible_python_interpreter": "/usr/bin/python3",
        "rgwkit_home": "rgwkit-test",
        "host_storage_dir": PATH,
        "host_storage_runtime": "podman",
        "host_storage_containers": [{"name": "web", "image": f"localhost/{app}", "user": user}],
        "host_storage_folders": [{"name": "data", "used_by": [{"container": "web", "target": "/data"}]}],
    }
    asked = {"containers": [{"image": f"localhost/{app}", "user": user}], "runtime": "podman"}
    tasks = [
        {"name": "Read the owner", "rgwkit.ceph.image_owner": asked, "register": "found"},
        {
            "name": "Show",
            "ansible.builtin.debug": {"msg": "{{ found.owners[0].groups }} {{ host_storage_result.containers }}"},
        },
    ]
    roles = [{"role": "rgwkit.ceph.host_storage"}]
    book = [{"hosts": "all", "gather_facts": False, "vars": variables, "roles": roles, "tasks": tasks}]
    file = host.folder / "play.yml"
    file.write_text(json.dumps(book))
    return run_playbook(file, "-i", "podman,", "--diff")


def test_a_container_of_podman_writes_its_folder(host, app):
    first = play(host, app)
    assert (first.code, first.count("changed")) == (0, 1), first.output
    assert "data: created for 1234:2345, mode 0700" in first.output and "[3456]" in first.output
    volume = f"{PATH}/data:/data:z"
    assert volume in first.output
    words = ["podman", "run", "--rm", "--network=none", f"--volume={volume}", "--entrypoint=sh", f"localhost/{app}"]
    assert host.tell(*words, "-c", "id -u > /data/mine; id -G") == "2345 3456"
    assert host.tell("stat", "--format=%u:%g", f"{PATH}/data/mine") == "1234:2345"
    assert (play(host, app).count("changed")) == 0
    assert host.tell("podman", "ps", "--all", "--quiet") == ""


def test_what_podman_refuses_is_refused(host, app):
    refused = play(host, app, user="nobody-there")
    assert refused.code != 0 and "has no user nobody-there" in refused.output
    assert host.tell("podman", "ps", "--all", "--quiet") == ""
