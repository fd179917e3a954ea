# SPDX-License-Identifier: Apache-2.0
"""The collection as a tarball, installed elsewhere and used by FQCN."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from tests.playbooks import BIN, PROJECT

PLAYBOOK = """
- hosts: localhost
  gather_facts: false
  vars:
    ansible_python_interpreter: "{{ ansible_playbook_python }}"
  tasks:
    - ansible.builtin.include_role:
        name: rgwkit.ceph.ceph_image
    - ansible.builtin.include_role:
        name: rgwkit.ceph.ceph_demo
    - rgwkit.ceph.rgw_verify:
        endpoint: "http://127.0.0.1:{{ ceph_demo_rgw_port }}"
        user: admin:swift
        secret_file: "{{ ceph_demo_dir }}/admin.secret"
"""


@pytest.fixture(scope="module")
def collections(tmp_path_factory):
    """A folder with the collection installed from a tarball, and nothing of this clone."""
    root = tmp_path_factory.mktemp("installed")
    stage = root / "stage"
    galaxy = str(BIN / "ansible-galaxy")
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
    for command in (
        [str(PROJECT / "scripts" / "stage"), str(stage)],
        [galaxy, "collection", "build", str(stage), "--output-path", str(root)],
    ):
        subprocess.run(command, check=True, cwd=root, env=environment, capture_output=True)
    (tarball,) = root.glob("rgwkit-ceph-*.tar.gz")
    install = [galaxy, "collection", "install", str(tarball), "-p", str(root / "collections")]
    subprocess.run(install, check=True, cwd=root, env=environment, capture_output=True)
    return root / "collections"


@pytest.fixture
def elsewhere(collections, make_demo, tmp_path):
    """Runs the playbook of this test, with a state, in a folder that has no ansible.cfg."""
    demo = make_demo("installed")
    (tmp_path / "play.yml").write_text(PLAYBOOK)
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(collections)}

    def run(playbook, **variables):
        extra = {**demo.variables(), "ceph_demo_dir": str(demo.directory), **variables}
        command = [str(BIN / "ansible-playbook"), str(playbook), "-e", json.dumps(extra)]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)

    yield run
    teardown = tmp_path / "teardown.yml"
    teardown.write_text(PLAYBOOK.split("    - rgwkit.ceph.rgw_verify")[0])
    gone = run(teardown, ceph_demo_state="absent", ceph_demo_remove_data=True)
    assert gone.returncode == 0, gone.stdout[-2000:]


def test_roles_and_modules_work_by_fqcn_elsewhere(elsewhere, tmp_path):
    done = elsewhere(tmp_path / "play.yml")
    assert done.returncode == 0, done.stdout[-4000:]


def test_the_tarball_has_no_links_and_no_tests(collections):
    root = collections / "ansible_collections" / "rgwkit" / "ceph"
    assert not [path for path in root.rglob("*") if path.is_symlink()]
    assert (root / "plugins" / "modules" / "rgw_users.py").is_file()
    assert (root / "images" / "ceph-demo" / "Dockerfile").is_file()
    assert not (root / "tests").exists()


def test_modules_have_documentation_by_fqcn(collections):
    listed = subprocess.run(
        [str(BIN / "ansible-doc"), "-t", "module", "--json", "-l", "rgwkit.ceph"],
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(collections)},
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )
    assert {"rgwkit.ceph.rgw_users", "rgwkit.ceph.rgw_verify"} <= json.loads(listed.stdout).keys()
