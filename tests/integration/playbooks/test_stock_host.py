# SPDX-License-Identifier: Apache-2.0
"""A host as the distribution delivers it: whatever it lacks is one message, before anything is asked or changed."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.playbooks import new_demo, run_playbook

# root's tasks run as this user: what a play without become, by another user's connection, comes to.
AS_NOBODY = {
    "ansible_become": True,
    "ansible_become_method": "ansible.builtin.su",
    "ansible_become_user": "nobody",
    "ansible_become_flags": "-s /bin/sh",
}
NOT_ROOT = "they need root"
NO_REQUESTS = "cannot import requests"


@pytest.fixture(scope="module")
def bare_python() -> Iterator[str]:
    """The distribution's Python without any package, where every user can read it."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        subprocess.run(["/usr/bin/python3", "-m", "venv", "--without-pip", f"{folder}/bare"], check=True)
        yield f"{folder}/bare/bin/python"


@pytest.mark.parametrize(
    ("playbook", "become", "options"),
    [
        *((playbook, AS_NOBODY, ()) for playbook in ("demo", "images", "registry", "ingress", "rotate", "teardown")),
        ("demo", {}, ()),
        ("registry", {}, ()),
        ("registry", AS_NOBODY, ("--check",)),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value if isinstance(value, str) else "",
)
def test_all_that_is_missing_is_one_message(tmp_path, bare_python, playbook, become, options):
    host = {"ansible_connection": "local", "ansible_python_interpreter": bare_python, **become}
    groups = {name: {"hosts": {"stock": host}} for name in ("rgws", "registries", "ingress")}
    inventory = tmp_path / "hosts.yml"
    inventory.write_text(json.dumps({"all": {"children": groups}}))
    given = {
        **new_demo("stock", tmp_path / "demo").variables(),
        "registry_dir": str(tmp_path / "registry"),
        "registry_storage": "filesystem",
        "rgw_ingress_services": [],
        "rgw_ingress_dir": str(tmp_path / "ingress"),
        "rgw_users_endpoint": "http://127.0.0.1:1",
        "rgw_users_secret_key_file": str(tmp_path / "secret"),
        "remove_data": False,
    }
    run = run_playbook(playbook, "-i", inventory, *options, **given)
    assert run.code != 0 and run.output.count("[ERROR]") == 1, run.output[-4000:]
    (said,) = run.output.split("[ERROR]")[1:]
    message = said.partition("Origin:")[0]
    assert "this host is not ready" in message and NO_REQUESTS in message
    assert f"{bare_python} -m pip install requests (in this virtual environment)" in message
    assert message.count("remedy:") == (2 if become else 1) and (NOT_ROOT in message) == bool(become)
    assert run.count("changed") == 0 and not (tmp_path / "demo").exists()
