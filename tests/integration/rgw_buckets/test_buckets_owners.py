# SPDX-License-Identifier: Apache-2.0
"""Acting for owners, and giving buckets with their objects to other users."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.playbooks import PROJECT

# A document that every release knows.
CORS = [{"allowed_origins": ["*"], "allowed_methods": ["GET"]}]


def test_an_owner_without_a_key_has_none_afterwards(gateway, module, name):
    uid = f"keyless-{name}"
    gateway.radosgw_admin("user", "create", f"--uid={uid}", "--display-name=K")
    for key in gateway.keys(uid):
        gateway.radosgw_admin("key", "rm", f"--uid={uid}", f"--access-key={key}")
    entry = {"name": name, "owner": uid, "cors": CORS}
    assert [module(entry)["changed"], module(entry)["changed"]] == [True, False]
    assert gateway.keys(uid) == []


def test_no_key_is_left_when_the_run_is_ended(gateway, admin, name, tmp_path):
    uid = f"keyless-{name}"
    gateway.radosgw_admin("user", "create", f"--uid={uid}", "--display-name=K", "--max-buckets=0")
    for key in gateway.keys(uid):
        gateway.radosgw_admin("key", "rm", f"--uid={uid}", f"--access-key={key}")
    buckets = [{"name": f"{name}-{number}", "owner": uid, "cors": CORS} for number in range(400)]
    given = tmp_path / "arguments.json"
    given.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": {**admin, "buckets": buckets, "parallel": 2}}))
    module = "ansible_collections.rgwkit.ceph.plugins.modules.rgw_buckets"
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / ".collections")}
    with subprocess.Popen([sys.executable, "-m", module, str(given)], env=environment) as process:
        until = time.monotonic() + 60
        while not gateway.keys(uid) and time.monotonic() < until:
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
    assert process.returncode == 128 + signal.SIGTERM
    assert gateway.keys(uid) == []


def test_objects_go_to_the_new_owner(gateway, module, owner, other, name, tool):
    module({"name": name, "owner": owner.uid, "acl": "public-read", "cors": CORS})
    for number in range(3):
        owner.put(name, f"k{number}")
    entry = {"name": name, "owner": other.uid, "change_owner": True}
    assert "only radosgw-admin gives them" in module(entry)["msg"] and owner.get(name, "k0") == 200
    assert module(entry, check=True, radosgw_admin=tool)["changed"] and owner.get(name, "k0") == 200
    assert [module(entry, radosgw_admin=tool)["changed"] for _run in range(2)] == [True, False]
    assert [other.get(name, f"k{number}") for number in range(3)] == [200, 200, 200]
    assert other.put(name, "more") == 200 and owner.put(name, "more") == 403
    public = type(owner)(owner.url)
    assert public("GET", f"/{name}").status_code == 200  # what the ACL granted to others
    assert not module({"name": name, "owner": other.uid, "cors": CORS, "acl": "public-read"})["changed"]


def test_a_change_of_owner_that_was_cut_off_is_taken_up_again(gateway, module, owner, other, name, tool):
    module({"name": name, "owner": owner.uid})
    owner.put(name, "k")
    entry = {"name": name, "owner": other.uid, "change_owner": True}
    broken = module(entry, radosgw_admin={"via": "container", "container": "no-such-container"})
    assert broken["failure"]["not_done"] == [name] and other.get(name, "k") == 403
    assert module(entry, radosgw_admin=tool)["changed"] and other.get(name, "k") == 200
    assert not module(entry, radosgw_admin=tool)["changed"]
    assert json.loads(gateway.radosgw_admin("user", "info", f"--uid={other.uid}"))["subusers"] == []


def test_an_empty_bucket_needs_no_tool(module, owner, other, name):
    module({"name": name, "owner": owner.uid})
    assert module({"name": name, "owner": other.uid, "change_owner": True})["changed"]
    assert other.put(name, "k") == 200


def test_a_tenant_s_bucket(gateway, module, release, name):
    one, two = (gateway.add_user(each, "--tenant=testers") for each in ("one", "two"))
    uids = [user.uid.rpartition("$")[2] for user in (one, two)]
    entry = {"name": name, "tenant": "testers", "owner": uids[0], "quota": {"max_objects": 5}, "cors": CORS}
    assert [module(entry)["changed"], module(entry)["changed"]] == [True, False]
    one.put(name, "k")
    if release > 14:
        tool = {"via": "container", "container": gateway.demo.container}
        assert module({**entry, "owner": uids[1], "change_owner": True}, radosgw_admin=tool)["changed"]
        assert two.get(name, "k") == 200
    gone = {"name": name, "tenant": "testers", "state": "absent", "remove_objects": True}
    assert [module(gone)["changed"], module(gone)["changed"]] == [True, False]


def test_ceph_14_cannot_hand_objects_over(gateway, module, release, owner, other, name):
    if release > 14:
        pytest.skip("later releases can")
    module({"name": name, "owner": owner.uid})
    owner.put(name, "k")
    tool = {"via": "container", "container": gateway.demo.container}
    result = module({"name": name, "owner": other.uid, "change_owner": True}, radosgw_admin=tool)
    assert "14.2.21 does not have it" in result["msg"] and owner.get(name, "k") == 200
