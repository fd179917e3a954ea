# SPDX-License-Identifier: Apache-2.0
"""Which details a result has: of all users, or of those that change."""

from __future__ import annotations

import json
import sys

from tests.integration.rgw_users.helpers import CANARY
from tests.playbooks import run_playbook

NAMED = {"uid", "tenant", "state", "changed", "changes"}


def test_details_of_all_users_or_of_those_that_change(gateway, module, uid):
    swift = {"name": "swift", "access": "read", "secret": CANARY}
    old, other = ({"uid": f"{uid}-{n}", "email": f"{uid}-{n}@example.org", "subusers": [swift]} for n in range(2))
    gone = {"uid": f"{uid}-gone", "state": "absent"}
    module(old, other)
    entries = (old, {**other, "max_buckets": 7}, {"uid": f"{uid}-new"}, gone)
    runs = {details: module(*entries, check=True, return_details=details) for details in ("all", "changed")}
    whole, lean = (runs[details]["users"] for details in ("all", "changed"))
    assert [set(user) == NAMED for user in whole] == [False, False, False, True]
    assert [set(user) == NAMED for user in lean] == [True, False, False, True]
    # What there is in both is the same, and so is the diff.
    assert lean == [{name: user[name] for name in kept} for user, kept in zip(whole, lean)]
    assert runs["all"]["diff"] == runs["changed"]["diff"] and runs["all"]["summary"] == runs["changed"]["summary"]
    done = module(*entries, return_details="changed")
    assert done["users"][1]["email"] == f"{uid}-1@example.org" and gateway.user_info(f"{uid}-1")["max_buckets"] == 7
    assert done["users"][2]["max_buckets"] == gateway.user_info(f"{uid}-new")["max_buckets"]
    again = {details: module(*entries, return_details=details) for details in ("all", "changed")}
    assert [set(user) == NAMED for user in again["changed"]["users"]] == [True] * 4
    assert again["all"]["users"][0]["subusers"] == [{"name": "swift", "access": "read"}]
    assert not any(run["changed"] for run in again.values())


def test_the_role_asks_for_the_details_of_what_changes(gateway, module, uid, tmp_path):
    module({"uid": f"{uid}-old"})
    role = {"ansible.builtin.include_role": {"name": "rgwkit.ceph.rgw_users"}}
    found = {"old": "rgw_users_result.users[0]", "new": "rgw_users_result.users[1]"}
    that = [f"{found['old']}.keys() | sort == {sorted(NAMED)}", f"{found['new']}.max_buckets == 7"]
    play = {"hosts": "localhost", "gather_facts": False, "tasks": [role, {"ansible.builtin.assert": {"that": that}}]}
    (tmp_path / "play.yml").write_text(json.dumps([play]))
    variables = {
        "ansible_python_interpreter": sys.executable,
        "rgw_users_endpoint": gateway.demo.url,
        "rgw_users_access_key": gateway.demo.access_key,
        "rgw_users_secret_key_file": str(gateway.demo.secret_file),
        "rgw_users_list": [{"uid": f"{uid}-old"}, {"uid": f"{uid}-new", "max_buckets": 7}],
    }
    run = run_playbook(tmp_path / "play.yml", **variables)
    assert (run.code, run.count("changed")) == (0, 1), run.output[-4000:]
    assert "1 created, 1 unchanged" in run.output
