# SPDX-License-Identifier: Apache-2.0
"""The role's end of a rotation, with its grace as -e name=value gives it: a string."""

from __future__ import annotations

import json
import sys

import pytest

from tests.playbooks import run_playbook


@pytest.mark.parametrize("option", ["s3_keys", "keys"])
def test_a_retirement_counts_what_it_changes(gateway, module, uid, tmp_path, option):
    keys = [{"access_key": f"{uid}-{name}", "secret_file": str(tmp_path / name)} for name in "ab"]
    module({"uid": uid, "display_name": "A", option: keys})
    keys[0] = {"access_key": f"{uid}-a", "state": "retired", "secret_file": str(tmp_path / "a")}
    include = {"ansible.builtin.include_role": {"name": "rgwkit.ceph.rgw_users", "tasks_from": "retire"}}
    play = {"hosts": "localhost", "gather_facts": False, "tasks": [include]}
    (tmp_path / "play.yml").write_text(json.dumps([play]))
    variables = {
        "ansible_python_interpreter": sys.executable,
        "rgw_users_endpoint": gateway.demo.url,
        "rgw_users_access_key": gateway.demo.access_key,
        "rgw_users_secret_key_file": str(gateway.demo.secret_file),
        "rgw_users_list": [{"uid": uid, option: keys}],
    }
    run = run_playbook(tmp_path / "play.yml", "-e", "rgw_users_retire_grace=1", **variables)
    # The key and the file with its secret.
    assert (run.code, run.count("changed")) == (0, 2), run.output[-4000:]
    assert not (tmp_path / "a").exists() and (tmp_path / "b").exists()
    assert "Pausing for 1 seconds" in run.output
    again = run_playbook(tmp_path / "play.yml", "-e", "rgw_users_retire_grace=1", **variables)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    assert "Pausing" not in again.output
