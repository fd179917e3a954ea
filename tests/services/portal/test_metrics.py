# SPDX-License-Identifier: Apache-2.0
"""What Prometheus is told, and who may ask."""

from __future__ import annotations

import json
import secrets
import socket
import subprocess
import time

import pytest
import requests

from tests.environments import python_of
from tests.playbooks import PROJECT
from tests.portal import RunningPortal, running_portal
from tests.services.portal.conftest import secret_file, settings

OPEN_METRICS = {"Accept": "application/openmetrics-text; version=1.0.0"}
Samples = list[tuple[str, dict[str, str], float]]


def samples(portal: RunningPortal) -> Samples:
    """All samples, whose text has passed a strict parser."""
    answer = portal.ask("GET", "/metrics", headers=OPEN_METRICS)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    command = [python_of("portal"), "-m", "tests.services.portal.lint_metrics"]
    done = subprocess.run(command, cwd=PROJECT, input=answer.text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [(name, labels, value) for name, labels, value in json.loads(done.stdout)]


def value(found: Samples, name: str, **labels: str) -> float:
    """The value of the one sample with these labels, 0 where there is none."""
    values = [one[2] for one in found if one[0] == name and one[1] == labels]
    assert len(values) <= 1
    return values[0] if values else 0


def test_requests_are_counted_by_route_method_and_status(portal, people, project):
    route = "/v1/{backend}/projects/{project}/buckets"
    before = samples(portal)
    for token in (people.user, people.user, people.other):
        portal.ask("GET", f"/v1/dummy/projects/{project}/buckets", token)
    after = samples(portal)
    for status, more in (("200", 2), ("404", 1)):
        labels = {"route": route, "method": "GET", "status": status}
        name = "rgwkit_portal_http_requests_total"
        assert value(after, name, **labels) - value(before, name, **labels) == more
    name, labels = "rgwkit_portal_http_request_duration_seconds_count", {"route": route, "method": "GET"}
    assert value(after, name, **labels) - value(before, name, **labels) == 3


def test_back_ends_are_counted_and_asked(portal, people, project):
    portal.ask("GET", f"/v1/gone/projects/{project}/buckets", people.user)
    portal.ask("POST", f"/v1/dummy/projects/{project}/buckets", people.user, json={"name": f"{project}-b"})
    found = samples(portal)
    name = "rgwkit_portal_backend_operations_total"
    assert value(found, name, backend="gone", operation="bucket_names", outcome="unavailable") >= 1
    assert value(found, name, backend="dummy", operation="create_bucket", outcome="ok") >= 1
    assert value(found, "rgwkit_portal_backend_up", backend="dummy") == 1
    assert value(found, "rgwkit_portal_backend_up", backend="gone") == 0
    assert value(found, "rgwkit_portal_database_up") == 1
    assert value(found, "rgwkit_portal_journal_entries") >= 2
    assert value(found, "process_resident_memory_bytes") > 1024**2


def test_made_up_paths_and_methods_add_no_series(portal, people):
    def series() -> set[tuple[str, frozenset[tuple[str, str]]]]:
        return {(name, frozenset(labels.items())) for name, labels, _value in samples(portal)}

    def ask() -> None:
        name = secrets.token_hex(8)
        for method, path in (
            ("GET", f"/{name}"),
            (name.upper(), "/v1/projects"),
            ("GET", f"/v1/{name}/projects/{name}/buckets/{name}"),
            ("GET", f"/v1/projects/{name}?{name}={name}"),
            ("GET", f"/web/{name}/{name}"),
            ("DELETE", "/metrics"),
        ):
            portal.ask(method, path, people.user)

    ask()
    before = series()
    for _number in range(20):
        ask()
    assert series() == before


def test_nobody_and_no_secret_is_in_it(portal, people, project):
    made = portal.ask("POST", f"/v1/dummy/projects/{project}/keys", people.user, json={"label": "laptop"}).json()
    text = portal.ask("GET", "/metrics").text
    for word in (made["id"], made["secret"], project, "ann", "laptop", "canary"):
        assert word not in text, word


def test_only_the_configured_addresses_may_ask_and_nobody_through_a_proxy(tmp_path, portal, issuer):
    for field in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        answer = portal.ask("GET", "/metrics", headers={field: "127.0.0.1"})
        assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
    for addresses, status in ((["192.0.2.0/24"], 403), ([], 404), (["127.0.0.1/32"], 200)):
        with running_portal(tmp_path, **settings(tmp_path, issuer, metrics_addresses=addresses)) as own:
            assert own.ask("GET", "/metrics").status_code == status


def test_a_back_end_that_hangs_does_not_hide_the_others(tmp_path, issuer):
    with socket.create_server(("127.0.0.1", 0), backlog=16) as silent:
        secret = secret_file(tmp_path, "secret", "secret-of-the-gateway")
        rgw = {"kind": "rgw", "endpoint": f"http://127.0.0.1:{silent.getsockname()[1]}", "access_key": "A"}
        backends = {"dummy": {"kind": "dummy"}, "rgw": {**rgw, "secret_key_file": secret, "timeout_s": 20}}
        with running_portal(tmp_path, **settings(tmp_path, issuer, backends=backends)) as portal:
            began = time.monotonic()
            found = samples(portal)
            assert time.monotonic() - began < 8
            assert value(found, "rgwkit_portal_backend_up", backend="dummy") == 1
            assert value(found, "rgwkit_portal_backend_up", backend="rgw") == 0
            portal.process.kill()


@pytest.mark.parametrize("accept", ["", "text/plain", "*/*", "nonsense"])
def test_an_old_prometheus_gets_plain_text(portal, accept):
    answer = requests.get(f"{portal.url}/metrics", headers={"Accept": accept}, timeout=30)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain")
