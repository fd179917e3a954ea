# SPDX-License-Identifier: Apache-2.0
"""The role after rgw_users: check mode, a run, another one, a rotation, and the end of a user."""

from __future__ import annotations

import json
import secrets
import sys

import pytest

from tests.integration.clients.programs import shell
from tests.playbooks import Run, run_playbook


@pytest.fixture
def roles(site, tmp_path):
    """Runs rgw_users and client_settings for one user."""

    def run(*arguments: str, users: list[dict], **variables: object) -> Run:
        names = ["rgwkit.ceph.rgw_users", "rgwkit.ceph.client_settings"]
        play = {"hosts": "localhost", "gather_facts": False, "roles": names}
        (tmp_path / "play.yml").write_text(json.dumps([play]))
        given = {
            "ansible_python_interpreter": sys.executable,
            "rgw_users_endpoint": site.plain_url,
            "rgw_users_access_key": site.gateway.access_key,
            "rgw_users_secret_key_file": str(site.gateway.secret_file),
            "rgw_users_list": users,
            # The project's own inventory has others.
            "client_settings_users": users,
            **variables,
        }
        done = run_playbook(tmp_path / "play.yml", *arguments, **given)
        assert done.code == 0, done.output[-4000:]
        return done

    return run


def test_settings_follow_their_users(roles, tmp_path):
    uid, own = f"u{secrets.token_hex(4)}", tmp_path / "own"

    def user(generation: str) -> dict:
        files = {"secret_file": str(tmp_path / "secrets" / generation)}
        return {"uid": uid, "display_name": uid, "subusers": [{"name": generation, "access": "full", **files}]}

    settings = {"client_settings_list": [{"path": str(own), "uid": uid}]}
    planned = roles("--check", "--diff", users=[user("a")], **settings)
    assert planned.count("changed") == 2 and not own.exists()
    assert [roles(users=[user("a")], **settings).count("changed") for _run in range(2)] == [2, 0]
    listing = (f". {own}/rclone.sh", "rclone lsd rgw-swift:")
    shell(*listing)
    rotated = roles("-vvvv", "--diff", users=[user("b")], **settings)
    assert rotated.count("changed") == 2 and "rclone.conf: content" in rotated.output
    key = (tmp_path / "secrets" / "b").read_text().strip()
    assert key in (own / "rclone.conf").read_text() and key not in rotated.output
    shell(*listing)
    gone = [{"uid": uid, "state": "absent"}]
    assert roles(users=gone, **settings).count("changed") == 2 and not own.exists()
    assert roles(users=gone, **settings).count("changed") == 0
    roles(users=[user("c")], **settings)
    assert roles(users=[user("c")], **settings, client_settings_state="absent").count("changed") == 1
    assert not own.exists()
