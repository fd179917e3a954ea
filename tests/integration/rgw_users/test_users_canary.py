# SPDX-License-Identifier: Apache-2.0
"""Secrets planted through a real ansible-playbook run must show up nowhere but in their 0600 files."""

from __future__ import annotations

import json
import os
import secrets
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.processes import command_lines
from tests.integration.rgw_users.helpers import spellings

ROOT = Path(__file__).resolve().parents[3]

PLAYBOOK = """
- name: Plant secrets
  hosts: localhost
  connection: local
  gather_facts: false
  module_defaults:
    group/rgwkit.ceph.rgw: &admin
      endpoint: "{{ endpoint }}"
      access_key: "{{ admin_access_key }}"
      secret_key: "{{ admin_secret }}"
  tasks:
    - name: Create
      rgwkit.ceph.rgw_users: &users
        users:
          - uid: "{{ uid }}"
            subusers:
              - {name: given, access: full, secret: "{{ given }}"}
              - {name: generated, access: full, secret_file: "{{ directory }}/new/generated"}
            s3_keys:
              - {access_key: "AK{{ uid }}", secret: "{{ given_s3 }}"}
            temp_url_keys:
              - {index: 0, secret: "{{ given_temp_url }}"}
      register: created
    - name: Again
      rgwkit.ceph.rgw_users: *users
    - name: Show what came back
      ansible.builtin.debug:
        var: created
    - name: Change
      rgwkit.ceph.rgw_users:
        users:
          - uid: "{{ uid }}"
            subusers: [{name: given, secret: "{{ changed }}"}]
    - name: Change, in check mode
      rgwkit.ceph.rgw_users:
        users:
          - uid: "{{ uid }}"
            subusers: [{name: given, secret: "{{ planned }}"}]
      check_mode: true
    - name: Export
      rgwkit.ceph.rgw_users_export:
        uids: ["{{ uid }}"]
        secret_directory: "{{ directory }}/exported"
      register: exported
    - name: Feed back
      rgwkit.ceph.rgw_users:
        users: "{{ exported.users }}"
      register: fed_back
      failed_when: fed_back is changed
    - name: Take parts away
      rgwkit.ceph.rgw_users:
        users:
          - uid: "{{ uid }}"
            purge: true
            subusers: [{name: generated}]
            temp_url_keys: null
    - name: Fail at the gateway, which has the key already
      rgwkit.ceph.rgw_users:
        users:
          - uid: "{{ uid }}b"
            s3_keys: [{access_key: "AK{{ uid }}", secret: "{{ refused }}"}]
      ignore_errors: true
    - name: Fail at the admin's secret
      rgwkit.ceph.rgw_users:
        secret_key: "{{ wrong }}"
        users: [{uid: "{{ uid }}"}]
      ignore_errors: true
    - name: Fail at the endpoint
      rgwkit.ceph.rgw_users:
        endpoint: "http://admin:{{ in_url }}@127.0.0.1"
        users: [{uid: "{{ uid }}"}]
      no_log: true
      ignore_errors: true
    - name: Fail at the input
      rgwkit.ceph.rgw_users:
        users:
          - uid: "{{ uid }}"
            subusers: [{name: given, access: full, secret: "{{ bad }} "}]
      ignore_errors: true
    - name: Fail at a file
      rgwkit.ceph.rgw_users:
        users:
          - uid: "{{ uid }}"
            subusers: [{name: given, access: full, secret_file: "{{ directory }}/open"}]
      ignore_errors: true
"""
NAMES = ("given", "given_s3", "given_temp_url", "changed", "planned", "refused", "wrong", "in_url", "bad", "open")


@pytest.fixture(scope="module")
def run(gateway, tmp_path_factory):
    """Run the playbook; returns its directory, the planted secrets by name, its output, and all command lines."""
    directory = tmp_path_factory.mktemp("canary")
    planted = {name: f"canary-{secrets.token_hex(16)}" for name in NAMES}
    (directory / "open").write_text(planted["open"])
    (directory / "open").chmod(0o666)
    uid = f"u{secrets.token_hex(4)}"
    variables = {
        **planted,
        "endpoint": gateway.demo.url,
        "admin_access_key": gateway.demo.access_key,
        "admin_secret": gateway.demo.secret,
        "uid": uid,
        "directory": str(directory),
        "ansible_python_interpreter": sys.executable,
    }
    for name, content in (("vars.json", json.dumps(variables)), ("play.yml", PLAYBOOK)):
        (directory / name).touch(mode=0o600)
        (directory / name).write_text(content)
    environment = {
        **os.environ,
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_LOCAL_TEMP": str(directory / "local"),
        "ANSIBLE_REMOTE_TEMP": str(directory / "remote"),
        "ANSIBLE_LOG_PATH": str(directory / "ansible.log"),
        "ANSIBLE_KEEP_REMOTE_FILES": "1",
        "ANSIBLE_PIPELINING": "0",  # the worse case: the module with its arguments becomes a file
    }
    before = os.umask(0o022)
    try:
        with command_lines() as seen:
            done = subprocess.run(
                [Path(sys.executable).with_name("ansible-playbook"), "-vvvv", "--diff", "--inventory", "localhost,"]
                + ["--extra-vars", f"@{directory / 'vars.json'}", directory / "play.yml"],
                capture_output=True,
                text=True,
                timeout=120,
                env=environment,
                cwd=ROOT,
            )
    finally:
        os.umask(before)
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    planted["admin"] = gateway.demo.secret
    planted["generated"] = (directory / "new" / "generated").read_text().strip()
    return directory, planted, output, b"\n".join(seen)


def test_the_run_did_what_it_should(run):
    _, _, output, _ = run
    recap = output.rpartition("PLAY RECAP")[2]
    assert "changed=5" in recap
    assert "ignored=5" in recap
    for said in (
        "belongs to user",
        "does not belong to access key",
        "printable ASCII",
        "open to every account",
        "(generated)",
        "hmac-sha256:",
    ):
        assert said in output


def test_no_secret_in_the_output(run):
    directory, planted, output, _ = run
    log = (directory / "ansible.log").read_text()
    assert "Fail at a file" in log
    for name, secret in planted.items():
        for spelling in spellings(secret):
            assert spelling.decode() not in output + log, name


def test_no_secret_where_programs_can_be_watched(gateway, run):
    _, planted, _, seen = run
    inspected = subprocess.run(["docker", "inspect", gateway.demo.container], capture_output=True, check=True).stdout
    assert b"AnsiballZ_rgw_users" in seen and b"CEPH_DEMO_UID" in inspected
    for name, secret in planted.items():
        for spelling in spellings(secret):
            assert spelling not in seen + inspected, name


def test_no_secret_in_the_gateways_log(gateway, run):
    _, planted, _, _ = run
    log = gateway.demo.logs()
    assert "PUT /admin/metadata/user" in log  # the access log is in there
    for name, secret in planted.items():
        for spelling in spellings(secret):
            assert spelling.decode() not in log, name


def others_may_read(path, top):
    """Whether another account gets at a file below a directory that is open to it."""
    ways = [parent for parent in path.parents if top in parent.parents]
    return path.stat().st_mode & stat.S_IROTH and all(way.stat().st_mode & stat.S_IXOTH for way in ways)


def test_no_secret_in_a_file_that_others_may_read(run):
    directory, planted, _, _ = run
    holding = []
    for path in sorted(path for path in directory.rglob("*") if path.is_file() and path.name != "open"):
        content = path.read_bytes()
        if any(spelling in content for secret in planted.values() for spelling in spellings(secret)):
            holding.append(path)
            assert not others_may_read(path, directory), path
    assert directory / "new" / "generated" in holding
    assert {path.name for path in holding} >= {"swift.given", "swift.generated", "temp_url.0"}
    assert any("AnsiballZ" in path.name for path in holding)  # the search finds what is there
