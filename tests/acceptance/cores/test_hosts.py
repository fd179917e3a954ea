# SPDX-License-Identifier: Apache-2.0
"""Modules on hosts of each Python that this ansible-core supports there, as far as this machine has it."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Iterator

import pytest
from _pytest.mark import ParameterSet
from ansible.module_utils import basic
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint

from tests.integration.gateway import Gateway, running_gateway
from tests.playbooks import run_playbook
from tests.pythons import interpreter_of

# The oldest Python of a host that this core supports, and all later ones up to 3.15.
PYTHONS = [f"3.{minor}" for minor in range(basic._PY_MIN[1], 16)]
MODULES = """
- hosts: localhost
  gather_facts: false
  module_defaults:
    group/rgwkit.ceph.rgw: {endpoint: "{{ url }}", access_key: "{{ access_key }}", secret_key_file: "{{ secret_file }}"}
  tasks:
    - rgwkit.ceph.rgw_users:
        users:
          - uid: "{{ uid }}"
            s3_keys: [{access_key: "AK{{ uid }}", secret_file: "{{ folder }}/s3.secret"}]
            subusers: [{name: swift, access: full, secret_file: "{{ folder }}/swift.secret"}]
    - rgwkit.ceph.rgw_users_info:
        uids: ["{{ uid }}"]
      register: read
    - ansible.builtin.assert:
        that: "read.users[0].s3_keys == [{'access_key': 'AK' ~ uid}]"
    - rgwkit.ceph.rgw_verify:
        endpoint: "{{ url }}"
        user: "{{ uid }}:swift"
        secret_file: "{{ folder }}/swift.secret"
    - rgwkit.ceph.registry_htpasswd:
        path: "{{ folder }}/htpasswd"
        users: [{name: ci, password_file: "{{ folder }}/swift.secret"}]
"""


def host(python: str) -> ParameterSet:
    """The interpreter of a Python of a host; a skip for a Python that this machine does not have."""
    path = interpreter_of(python)
    marks = () if path else (pytest.mark.skip(f"this machine has no Python {python}"),)
    return pytest.param(path, id=python, marks=marks)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        ready = wait_ready(Endpoint.parse(running.url), Login(running.user, running.secret), 60)
        assert ready.ok, ready
        yield running


@pytest.mark.parametrize("interpreter", [host(python) for python in PYTHONS])
def test_modules_work_on_a_host_with_this_python(gateway: Gateway, interpreter: str, tmp_path: Path) -> None:
    (tmp_path / "play.yml").write_text(MODULES)
    variables = {
        "ansible_python_interpreter": interpreter,
        "url": gateway.url,
        "access_key": gateway.access_key,
        "secret_file": str(gateway.secret_file),
        "folder": str(tmp_path),
        "uid": f"host{secrets.token_hex(4)}",
    }
    changes = []
    for _run in range(2):
        run = run_playbook(tmp_path / "play.yml", "-i", "localhost,", "-c", "local", **variables)
        assert run.code == 0, run.output[-4000:]
        changes.append(run.count("changed"))
    assert changes == [2, 0]
