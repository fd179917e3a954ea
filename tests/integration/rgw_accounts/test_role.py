# SPDX-License-Identifier: Apache-2.0
"""The role: accounts, users, what is in accounts, devices and limits in one run; then their way back."""

from __future__ import annotations

import json
import sys

import pytest

from tests.integration.rgw_accounts.helpers import NEEDS_19
from tests.playbooks import run_playbook

pytestmark = NEEDS_19


@pytest.fixture
def play(gateway, tmp_path):
    include = {"ansible.builtin.include_role": {"name": "rgwkit.ceph.rgw_users"}}
    (tmp_path / "play.yml").write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [include]}]))
    gateway.radosgw_admin("caps", "add", "--uid=demo", "--caps=ratelimit=*")

    def run(*options, **variables):
        admin = {
            "ansible_python_interpreter": sys.executable,
            "rgwkit_home": "the-role",
            "rgw_users_endpoint": gateway.demo.url,
            "rgw_users_access_key": gateway.demo.access_key,
            "rgw_users_secret_key_file": str(gateway.demo.secret_file),
        }
        done = run_playbook(tmp_path / "play.yml", *options, **admin, **variables)
        assert done.code == 0, done.output[-4000:]
        return done

    return run


def test_all_of_it_and_back(gateway, play, name, tmp_path):
    def secret(what):
        return str(tmp_path / "secrets" / what)

    root, user = f"{name}-root", f"{name}-ada"
    keys = {"s3_keys": [{"access_key": f"AK{name}", "secret_file": secret("root")}]}
    declared = {
        "rgw_users_accounts": [{"name": name, "max_users": 9}],
        "rgw_users_list": [
            {"uid": root, "account": name, "account_root": True, **keys},
            {"uid": user, "display_name": "ada", "account": name},
        ],
        "rgw_users_iam": [{"root": root, "groups": [{"name": "readers", "members": ["ada"]}]}],
        "rgw_users_mfa": [{"uid": user, "devices": [{"serial": "d", "seed_file": secret("seed")}]}],
        "rgw_users_rate_limits": {"anonymous": {"max_read_ops": 6000}},
    }
    planned = play("--check", **declared)
    assert planned.count("changed") == 5
    first = play(**declared)
    assert first.count("changed") == 5, first.output[-4000:]
    assert "gateways heed these limits from their next start on" in first.output
    assert gateway.user_info(user)["mfa_ids"] == ["d"]
    assert play(**declared).count("changed") == 0
    seed = (tmp_path / "secrets" / "seed").read_text().strip()
    for done in (planned, first):
        assert seed not in done.output and (tmp_path / "secrets" / "root").read_text().strip() not in done.output
    play(
        rgw_users_list=declared["rgw_users_list"],
        rgw_users_iam=[{"root": root, "groups": [{"name": "readers", "state": "absent"}]}],
        rgw_users_rate_limits={"anonymous": None},
    )
    gone = play(
        rgw_users_accounts=[{"name": name, "state": "absent"}],
        rgw_users_list=[{"uid": uid, "state": "absent"} for uid in (root, user)],
    )
    assert gone.count("changed") == 2
    assert name not in gateway.radosgw_admin("account", "list")
