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
    role = {"name": "rgwkit.ceph.rgw_users", "tasks_from": "{{ tasks_from | default('main') }}"}
    include = {"ansible.builtin.include_role": role}
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


def test_keys_of_iam_users_retire(gateway, play, name, tmp_path):
    def declared(*keys):
        return {
            "rgw_users_accounts": [{"name": name}],
            "rgw_users_list": [{"uid": f"{name}-root", "account": name, "account_root": True}],
            "rgw_users_iam": [{"root": f"{name}-root", "users": [{"name": "ada", "s3_keys": list(keys)}]}],
            "rgw_users_retire_grace": 0,
        }

    def known():
        found = json.loads(gateway.radosgw_admin("user", "list", f"--account-id={account}"))
        keys = [key for uid in found for key in gateway.user_info(uid)["keys"]]
        return sorted(key["access_key"] for key in keys)

    old, new = ({"access_key": f"{word}{name}", "secret_file": str(tmp_path / word)} for word in ("OLD", "NEW"))
    play(**declared(old))
    account = json.loads(gateway.radosgw_admin("account", "get", f"--account-name={name}"))["id"]
    secrets = [(tmp_path / "OLD").read_text().strip()]
    with_successor = declared(new, {**old, "state": "retired"})
    play(**with_successor)
    secrets.append((tmp_path / "NEW").read_text().strip())
    assert known() == [new["access_key"], old["access_key"]]
    planned = play("--check", tasks_from="retire", **with_successor)
    assert planned.count("changed") == 2 and (tmp_path / "OLD").exists()  # keys, and the file
    done = play(tasks_from="retire", **with_successor)
    assert known() == [new["access_key"]] and not (tmp_path / "OLD").exists()
    assert play(tasks_from="retire", **with_successor).count("changed") == 0
    assert not any(secret in run.output for secret in secrets for run in (planned, done))
