# SPDX-License-Identifier: Apache-2.0
"""Nothing is left: not by a run that was killed, and not by two that meet. The fixture nothing_is_left judges too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Iterator

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor import session as doctor_session
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.container import MARK, lease
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.session import SwiftSession
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint

from tests.faulty_gateway import FaultyGateway
from tests.integration.gateway import Gateway, second_gateway
from tests.integration.rgw_verify.conftest import Run, containers_of, token_of

ROOT = Path(__file__).parents[3]


def killed_run(gateway: Gateway, lease_seconds: float) -> SwiftSession:
    """What a run has made when it is killed: a container and a bucket, not empty, and an upload that was begun."""
    s3_login = Login(gateway.access_key, gateway.secret)
    endpoint, login = Endpoint.parse(gateway.url), Login(gateway.user, gateway.secret)
    session = SwiftSession(endpoint, login, lease_seconds, s3_login)
    session.begin(10)
    session.authenticate()
    session.make_container()
    assert session.put("left behind", b"x").status == 201
    assert session.s3
    session.s3.make_bucket()
    assert session.s3.ask("PUT", "left/behind", body=b"x").status == 200
    assert session.s3.ask("POST", "begun", {"uploads": ""}, body=b"").status == 200
    return session


def test_the_next_run_removes_what_a_killed_one_left(gateway: Gateway, run: Run) -> None:
    session = killed_run(gateway, lease_seconds=-5)
    assert session.s3
    assert {session.container, session.s3.bucket} <= set(containers_of(gateway))
    report = run(gateway.url, "plain-object")
    assert set(report.removed) == {session.container, session.s3.bucket}


def test_a_run_leaves_another_ones_containers_alone(gateway: Gateway, run: Run) -> None:
    session = killed_run(gateway, lease_seconds=300)
    report = run(gateway.url, "plain-object")
    assert report.removed == []
    assert session.remove_own(10) == []


def test_a_module_that_is_killed_leaves_a_lease_that_ends(gateway: Gateway, run: Run, tmp_path: Path) -> None:
    """SIGKILL leaves no time for anything. The lease is then taken for over, as it would be in some minutes."""
    with FaultyGateway(gateway.host, gateway.port, "head-hangs") as proxy:
        params = {"endpoint": proxy.url, "user": gateway.user, "secret_file": str(gateway.secret_file), "timeout": 5}
        module = subprocess.Popen(
            [sys.executable, "-m", "ansible_collections.rgwkit.ceph.plugins.modules.rgw_verify"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT / ".collections")},
        )
        assert module.stdin
        module.stdin.write(json.dumps({"ANSIBLE_MODULE_ARGS": {**params, "_ansible_remote_tmp": str(tmp_path)}}))
        module.stdin.close()
        deadline = time.monotonic() + 20
        while not proxy.injected and time.monotonic() < deadline:
            time.sleep(0.02)
        module.kill()
        module.wait(timeout=10)
    left = [name for name in containers_of(gateway) if name.startswith("rgwkit-verify-")]
    assert len(left) == 1
    token = {"X-Auth-Token": token_of(gateway)}
    container = f"{gateway.url}/swift/v1/{left[0]}"
    mark = requests.head(container, headers=token, timeout=10).headers[MARK]
    assert time.time() < int(mark.rpartition(" ")[2]) < time.time() + 600
    over = lease(mark.split(" ")[1], time.time() - 1)
    requests.post(container, headers={**token, MARK: over}, timeout=10).raise_for_status()
    assert run(gateway.url, "plain-object").removed == left


def test_a_removal_that_waits_for_lifecycle_is_waited_for(gateway: Gateway, run: Run) -> None:
    """A gateway that was killed in the middle of lifecycle leaves this lock behind. With one object, every bucket's."""
    lock = ("rados", "--pool=default.rgw.log", "--namespace=lc", "lock", "get", "lc.0", "lc_process")
    with second_gateway(gateway, rgw_lc_max_objs="1") as url:
        began = time.monotonic()
        gateway.run(*lock, "--lock-cookie=killed", "--lock-duration=4")
        report = run(url, "plain-object")
        ended = time.monotonic()
    assert (report.passed, report.leftover) == (True, None)
    assert ended - began > 4  # The removal did meet the lock.


def test_two_runs_side_by_side_do_not_meet(gateway: Gateway, run: Run) -> None:
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda _: run(gateway.url, "plain-object", "registry-push", "s3-object"), range(2)))
    assert [(report.passed, report.leftover, report.removed) for report in reports] == [(True, None, [])] * 2


@pytest.fixture
def taken(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A container of somebody else's with the very name that the next run will choose."""
    monkeypatch.setattr(doctor_session.secrets, "token_hex", lambda _: "0123456789abcdef")
    container = f"{gateway.url}/swift/v1/rgwkit-verify-0123456789abcdef"
    token = {"X-Auth-Token": token_of(gateway)}
    requests.put(container, headers=token, timeout=10).raise_for_status()
    requests.put(f"{container}/theirs", data=b"theirs", headers=token, timeout=10).raise_for_status()
    yield container
    assert requests.get(f"{container}/theirs", headers=token, timeout=10).content == b"theirs"
    requests.delete(f"{container}/theirs", headers=token, timeout=10).raise_for_status()
    requests.delete(container, headers=token, timeout=10).raise_for_status()


def test_somebody_elses_container_is_not_touched(gateway: Gateway, run: Run, taken: str) -> None:
    report = run(gateway.url, "plain-object")
    assert report.verdicts[1].got == "one that this run did not make"
    assert report.leftover is None
    token = {"X-Auth-Token": token_of(gateway)}
    assert MARK not in requests.head(taken, headers=token, timeout=10).headers
