# SPDX-License-Identifier: Apache-2.0
"""What /health/ready costs and tells: anybody may ask, so it asks nobody else each time, and names nothing."""

from __future__ import annotations

import socket
import threading
import time

from services.portal.readiness import KEPT_S
from tests.portal import RunningPortal, running_portal
from tests.services.portal.conftest import secret_file, settings
from tests.services.portal.test_metrics import samples, value


def checks(portal: RunningPortal) -> float:
    name, labels = "rgwkit_portal_backend_operations_total", {"backend": "dummy", "operation": "check"}
    return sum(value(samples(portal), name, **labels, outcome=outcome) for outcome in ("ok", "unavailable"))


def test_many_who_ask_cost_one_look(tmp_path, issuer, people):
    own = settings(tmp_path, issuer, backends={"dummy": {"kind": "dummy"}})
    with running_portal(tmp_path, "tests.services.portal.serve", **own) as portal:
        before = checks(portal)
        statuses: list[int] = []
        threads = [
            threading.Thread(target=lambda: statuses.append(portal.ask("GET", "/health/ready").status_code))
            for _number in range(30)
        ]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        looks = 1 + (time.monotonic() - began) // KEPT_S
        assert statuses == [200] * 30
        # Each of the two questions for the metrics is a check of its own.
        assert checks(portal) - before <= looks + 2
        portal.ask("POST", "/test/down/true").raise_for_status()
        time.sleep(KEPT_S + 0.1)
        assert portal.ask("GET", "/health/ready").json()["storage"] == "down", "it is asked again after a moment"


def test_a_back_end_that_hangs_keeps_nobody_waiting_but_who_asks_for_it(tmp_path, issuer, people):
    with socket.create_server(("127.0.0.1", 0), backlog=128) as silent:
        url, secret = f"http://127.0.0.1:{silent.getsockname()[1]}", secret_file(tmp_path, "secret", "canary")
        rgw = {"kind": "rgw", "endpoint": url, "access_key": "A", "secret_key_file": secret, "timeout_s": 20}
        backends = {"dummy": {"kind": "dummy"}, "hangs": rgw}
        with running_portal(tmp_path, **settings(tmp_path, issuer, backends=backends)) as portal:
            answers: list[dict[str, object]] = []
            threads = [
                threading.Thread(target=lambda: answers.append(portal.ask("GET", "/health/ready").json()))
                for _number in range(60)
            ]
            for thread in threads:
                thread.start()
            time.sleep(0.5)
            began = time.monotonic()
            assert portal.ask("GET", "/v1/projects", people.user).status_code == 200
            assert time.monotonic() - began < 2
            for thread in threads:
                thread.join()
            assert {str(one["backends"]) for one in answers} == {str({"dummy": "ok", "hangs": "down"})}
            portal.process.kill()


def test_names_of_back_ends_are_for_those_who_watch_the_portal(tmp_path, portal, issuer):
    public = {"status": "ok", "database": "ok", "storage": "down"}
    for field in ("X-Forwarded-For", "Forwarded", "Via"):
        assert portal.ask("GET", "/health/ready", headers={field: "192.0.2.1"}).json() == public
    assert "gone" in portal.ask("GET", "/health/ready").json()["backends"]
    for addresses in (["192.0.2.0/24"], []):
        with running_portal(tmp_path, **settings(tmp_path, issuer, metrics_addresses=addresses)) as own:
            assert own.ask("GET", "/health/ready").json() == public
