# SPDX-License-Identifier: Apache-2.0
"""Many users side by side, and a gateway that is killed in the middle of them."""

from __future__ import annotations

import subprocess
import threading
import time
from dataclasses import replace

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_users

from tests.integration.gateway import running_gateway
from tests.integration.rgw_users.helpers import CANARY, UsersGateway

MANY = 400


@pytest.fixture
def own_gateway(tmp_path):
    """A gateway to kill: unlike that of the other tests, it keeps its users on disk."""
    with running_gateway(tmp_path, OSD_OBJECTSTORE="bluestore") as demo:
        gateway = UsersGateway(demo)
        gateway.wait_until_ready(120)
        yield gateway


def docker(*arguments):
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True).stdout


def killed_in_the_middle(gateway):
    """Kill the container as soon as some of the users are there."""
    client = gateway.client(wait=0)
    while sum(uid.startswith("many-") for uid in client.list_users()) < MANY // 10:
        time.sleep(0.01)
    docker("kill", gateway.demo.container)


def started_again(gateway):
    docker("start", gateway.demo.container)
    port = int(docker("port", gateway.demo.container, "8080").splitlines()[0].rpartition(":")[2])
    gateway = UsersGateway(replace(gateway.demo, port=port))
    gateway.wait_until_ready(120)
    return gateway


def test_a_gateway_that_is_killed_in_the_middle(own_gateway, run_module):
    users = [
        {"uid": f"many-{n}", "subusers": [{"name": "swift", "access": "full", "secret": f"{CANARY}-{n}"}]}
        for n in range(MANY)
    ]

    def run(gateway):
        demo = gateway.demo
        admin = {"endpoint": demo.url, "access_key": demo.access_key, "secret_key_file": str(demo.secret_file)}
        result = run_module(rgw_users, **admin, users=users, wait=1, timeout=2)
        assert CANARY not in result.pop("printed")
        return result

    killer = threading.Thread(target=killed_in_the_middle, args=[own_gateway])
    killer.start()
    result = run(own_gateway)
    killer.join()
    done, not_done = result["failure"]["done"], result["failure"]["not_done"]
    assert f"Of {MANY} users {len(done)} are done, {len(not_done)} are not" in result["msg"]
    assert sorted(done + not_done) == sorted(user["uid"] for user in users)
    assert len(done) > MANY // 20
    assert len(not_done) > MANY // 20

    gateway = started_again(own_gateway)
    known = set(gateway.client().list_users())
    assert set(done) <= known
    # What was under way when the gateway died may be there, one user a worker.
    assert len(known & set(not_done)) <= 8
    assert run(gateway)["changed"]
    assert {f"many-{n}" for n in range(MANY)} <= set(gateway.client().list_users())
    assert not run(gateway)["changed"]
    assert gateway.swift_login(f"{not_done[-1]}:swift", f"{CANARY}-{not_done[-1].partition('-')[2]}")[0] == 204


def test_workers_do_not_get_into_each_others_way(gateway, module, uid):
    """More users than workers, each with all kinds of writes, and the same again by other numbers of workers."""
    users = [
        {
            "uid": f"{uid}-{n}",
            "email": f"{uid}-{n}@example.org",
            "s3_keys": [{"access_key": f"AK{uid}{n}", "secret": f"{CANARY}-{n}"}],
            "subusers": [{"name": "swift", "access": "full", "secret": f"{CANARY}-{n}"}],
        }
        for n in range(60)
    ]
    assert module(*users, parallel=16)["changed"]
    for parallel in (1, 8):
        result = module(*users, parallel=parallel)
        assert not result["changed"]
        assert [user["email"] for user in result["users"]] == [user["email"] for user in users]
    assert module(*({**user, "s3_keys": [], "purge": True} for user in users), parallel=16)["changed"]
    assert module(*({"uid": user["uid"], "state": "absent"} for user in users), parallel=16)["changed"]
    assert not any(gateway.knows(user["uid"]) for user in users[::10])


@pytest.mark.parametrize("parallel", [0, 65])
def test_parallel_is_bounded(module, uid, parallel):
    assert module({"uid": uid}, parallel=parallel)["msg"] == "parallel must be 1 to 64."
