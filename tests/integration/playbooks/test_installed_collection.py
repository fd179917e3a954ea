# SPDX-License-Identifier: Apache-2.0
"""The collection as a tarball, installed elsewhere and used by FQCN."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from tests.playbooks import BIN, Run

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


@pytest.fixture
def by_name(collections, make_demo, tmp_path):
    """Runs a playbook of the collection in an empty folder without an inventory."""
    demo = make_demo("by-name")
    given = {name: value for name, value in demo.variables().items() if name != "demo_dir"}
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(collections), "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"}
    folder = tmp_path / "empty"
    folder.mkdir()

    def run(playbook, **variables):
        command = [str(BIN / "ansible-playbook"), "-i", "localhost,", "-c", "local", f"rgwkit.ceph.{playbook}"]
        command += ["-e", json.dumps({**given, **variables})]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        return Run(done.returncode, done.stdout + done.stderr)

    yield run
    gone = run("teardown", remove_data=True)
    assert gone.code == 0, gone.output[-2000:]
    assert not list(folder.iterdir())


@pytest.mark.long
def test_the_demo_runs_by_name_in_an_empty_folder(by_name, tmp_path):
    first = by_name("demo")
    assert first.code == 0, first.output[-4000:]
    report = tmp_path / "empty/rgwkit-demo/.report-rgwkit-test-by-name/report.html"
    assert report.stat().st_mode & 0o777 == 0o644 and report.parent.stat().st_mode & 0o777 == 0o755
    assert "ansible-playbook -i localhost, rgwkit.ceph.teardown -e demo_name=rgwkit-test-by-name" in first.output
    for again in (by_name("demo"), by_name("users"), by_name("registry"), by_name("verify")):
        assert again.code == 0 and again.count("changed") == 0, again.output[-4000:]


def test_a_playbook_for_clusters_names_the_groups_that_an_empty_inventory_lacks(by_name):
    done = by_name("gateway")
    assert done.code != 0 and "add a host with an administrator's keyring to the group mons" in done.output


def test_the_tarball_has_no_links_and_no_tests(collections):
    root = collections / "ansible_collections" / "rgwkit" / "ceph"
    assert not [path for path in root.rglob("*") if path.is_symlink()]
    assert (root / "plugins" / "modules" / "rgw_users.py").is_file()
    assert (root / "roles" / "ceph_image" / "files" / "ceph-demo" / "Dockerfile").is_file()
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
