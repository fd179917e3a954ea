# SPDX-License-Identifier: Apache-2.0
"""The role: a run, another one, and check mode."""

from __future__ import annotations

import json
import sys

from tests.playbooks import run_playbook


def test_the_role_reconciles_and_says_what_changed(gateway, owner, name, tmp_path):
    play = {"hosts": "localhost", "gather_facts": False, "roles": ["rgwkit.ceph.rgw_buckets"]}
    (tmp_path / "play.yml").write_text(json.dumps([play]))
    variables = {
        "ansible_python_interpreter": sys.executable,
        "rgw_buckets_endpoint": gateway.demo.url,
        "rgw_buckets_access_key": gateway.demo.access_key,
        "rgw_buckets_secret_key_file": str(gateway.demo.secret_file),
        "rgw_buckets_list": [{"name": name, "owner": owner.uid, "quota": {"max_size": "1GiB"}}],
    }
    for arguments, changed, words in (
        (["--check"], 1, "1 would be created"),
        ([], 1, "1 created"),
        ([], 0, "1 unchanged"),
    ):
        run = run_playbook(tmp_path / "play.yml", *arguments, **variables)
        assert (run.code, run.count("changed")) == (0, changed), run.output[-4000:]
        assert words in run.output
