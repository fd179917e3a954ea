# SPDX-License-Identifier: Apache-2.0
"""The role: a run, another one, and check mode; topics before and after buckets; the buckets of registries."""

from __future__ import annotations

import json
import re
import sys

import pytest

from tests.playbooks import Run, run_playbook


@pytest.fixture
def role(gateway, tmp_path):
    """Runs the role, which has to succeed unless told otherwise, with other roles before it."""

    def run(*arguments: str, before: tuple[str, ...] = (), fails: bool = False, **variables: object) -> Run:
        roles = [f"rgwkit.ceph.{name}" for name in (*before, "rgw_buckets")]
        play = {"hosts": "localhost", "gather_facts": False, "roles": roles}
        (tmp_path / "play.yml").write_text(json.dumps([play]))
        given = {
            "ansible_python_interpreter": sys.executable,
            "rgw_users_endpoint": gateway.demo.url,
            "rgw_users_access_key": gateway.demo.access_key,
            "rgw_users_secret_key_file": str(gateway.demo.secret_file),
            # The project's own inventory has a registry.
            "rgw_buckets_registries": [],
            **variables,
        }
        done = run_playbook(tmp_path / "play.yml", *arguments, **given)
        assert (done.code != 0) is fails, done.output[-4000:]
        return done

    return run


def said(run: Run) -> str:
    return " ".join(run.output.split())


def test_the_role_reconciles_and_says_what_changed(role, owner, name):
    variables = {"rgw_buckets_list": [{"name": name, "owner": owner.uid, "quota": {"max_size": "1GiB"}}]}
    for arguments, changed, words in (
        (["--check"], 1, "1 would be created"),
        ([], 1, "1 created"),
        ([], 0, "1 unchanged"),
    ):
        run = role(*arguments, **variables)
        assert run.count("changed") == changed and words in run.output


def test_a_connection_of_its_own_wins(role, gateway, owner, name):
    own = {
        "rgw_users_endpoint": "http://127.0.0.1:1",
        "rgw_buckets_endpoint": gateway.demo.url,
        "rgw_buckets_list": [{"name": name, "owner": owner.uid}],
    }
    assert role(**own).count("changed") == 1


def test_topics_come_before_buckets_and_go_after_them(role, gateway, release, owner, name):
    if release == 14:
        pytest.skip("14 refuses requests about topics that are signed with version 4")
    topic = {"name": name, "owner": owner.uid, "push_endpoint": "http://127.0.0.1:9/events"}
    events = {"id": "new", "topic": name, "events": ["s3:ObjectCreated:*"]}
    both = {
        "rgw_buckets_topics": [topic],
        "rgw_buckets_list": [{"name": name, "owner": owner.uid, "notification": [events]}],
    }
    # In check mode, there is no topic yet that the notification could name.
    planned = role("--check", **both)
    assert planned.count("changed") == 2
    for nouns in ("topics", "buckets"):
        assert f"{nouns} on {gateway.demo.url}: 1 would be created" in said(planned)
    assert [role(**both).count("changed"), role(**both).count("changed")] == [2, 0]
    gone = {
        "rgw_buckets_topics": [{**topic, "state": "absent"}],
        "rgw_buckets_list": [{"name": name, "notification": None}],
    }
    assert [role(**gone).count("changed"), role(**gone).count("changed")] == [2, 0]


def test_check_mode_plans_for_users_that_the_same_run_creates(role, name, tmp_path):
    key = {"access_key": name, "secret_file": str(tmp_path / "key")}
    variables = {
        "rgw_users_list": [{"uid": name, "display_name": name, "s3_keys": [key]}],
        "rgw_buckets_list": [{"name": name, "owner": name}],
    }
    assert role("--check", before=("rgw_users",), **variables).count("changed") == 2
    assert f"there is no user '{name}'" in said(role("--check", fails=True, **variables))
    assert role(before=("rgw_users",), **variables).count("changed") == 2
    assert role("--check", before=("rgw_users",), **variables).count("changed") == 0


def test_the_bucket_of_a_registry_has_its_owner_and_its_rule(role, gateway, name, tmp_path):
    key = {"access_key": name, "secret_file": str(tmp_path / "key")}
    variables = {
        "rgw_users_list": [{"uid": name, "display_name": name, "s3_keys": [key]}],
        "rgw_buckets_registries": ["localhost"],
        "registry_storage": "s3",
        "registry_s3_bucket": name,
        "registry_s3_accesskey": name,
        "registry_uploadpurging": {"enabled": True, "age": "48h", "interval": "24h", "dryrun": False},
    }
    assert role(before=("rgw_users",), **variables).count("changed") == 2
    assert role(before=("rgw_users",), **variables).count("changed") == 0
    assert gateway.stats(name)["owner"] == name
    rule = gateway.radosgw_admin("lc", "get", f"--bucket={name}")
    assert "registry-uploads" in rule and re.search(r'"days": "?2\b', rule)
    refused = role(fails=True, **{**variables, "rgw_buckets_list": [{"name": name, "state": "absent"}]})
    assert "a Docker registry keeps its images in this bucket" in said(refused)


def test_a_role_with_nothing_to_do_asks_nothing(role):
    run = role(rgw_users_endpoint="http://127.0.0.1:1")
    assert run.count("changed") == 0 and run.count("failed") == 0
