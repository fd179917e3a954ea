# SPDX-License-Identifier: Apache-2.0
"""A service of gateways: what is compared, applied, told to daemons and awaited."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.ceph import orch as ceph_orch
from ansible_collections.rgwkit.ceph.plugins.module_utils.ceph.orch_rgw import Wanted, differences, fields_of, merged
from ansible_collections.rgwkit.ceph.plugins.modules import ceph_orch_rgw

DOUBLE = Path(__file__).with_name("orch_double.py")
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
PEM = f"{CERTIFICATE}-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"

# `ceph orch ls --service_name=rgw.ceph1.a --export --format json` on 16.2.15, and ServiceSpec.to_json of 18.2.7.
EXPORTED = {
    "16": {
        "placement": {"hosts": ["ceph1"]},
        "service_id": "ceph1.a",
        "service_name": "rgw.ceph1.a",
        "service_type": "rgw",
        "spec": {"rgw_frontend_port": 8080, "rgw_frontend_type": "beast"},
    },
    "18": {
        "service_type": "rgw",
        "service_id": "ceph1.a",
        "service_name": "rgw.ceph1.a",
        "placement": {"hosts": ["ceph1"]},
        "spec": {
            "rgw_frontend_extra_args": ["tcp_nodelay=1"],
            "rgw_frontend_port": 8443,
            "rgw_frontend_ssl_certificate": PEM,
            "rgw_frontend_type": "beast",
            "ssl": True,
        },
    },
}


@pytest.fixture
def orchestrator(tmp_path, monkeypatch):
    """Puts the double first on the PATH; returns a function that reads, and with arguments changes, its state."""
    program = tmp_path / "ceph"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{DOUBLE}" "$@"\n')
    program.chmod(0o755)
    file = tmp_path / "state.json"
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("CEPH_ORCH_DOUBLE", str(file))
    monkeypatch.setattr(ceph_orch, "_POLL_SECONDS", 0.01)
    monkeypatch.setattr(ceph_orch, "_ROUND_SECONDS", 0)

    def state(**changes):
        now = {**json.loads(file.read_text()), **changes}
        file.write_text(json.dumps(now))
        return now

    empty = {
        "hosts": ["ceph1", "ceph2"],
        "specs": {},
        "daemons": [],
        "events": [],
        "next_events": [],
        "argv": [],
        "certificates": {},
        "dead": False,
    }
    file.write_text(json.dumps(empty))
    return state


@pytest.fixture
def service(run_module, orchestrator):
    def run(check=False, **params):
        return run_module(
            ceph_orch_rgw, check, **{"name": "ceph1.a", "hosts": ["ceph1"], "port": 8080, "wait": 1, **params}
        )

    return run


@pytest.mark.parametrize(
    ("release", "wanted"),
    [
        ("16", Wanted("ceph1.a", ["ceph1"], 8080)),
        ("18", Wanted("ceph1.a", ["ceph1"], 8443, frontend_args=["tcp_nodelay=1"], certificate=PEM)),
    ],
)
def test_what_a_release_exports_is_what_was_asked_for(release, wanted):
    assert differences(fields_of(EXPORTED[release]), wanted.fields()) == []


def test_what_the_orchestrator_fills_in_is_no_change():
    found = {**EXPORTED["16"], "spec": {}}
    assert differences(fields_of(found), Wanted("ceph1.a", ["ceph1"], 80).fields()) == []


def test_a_certificate_in_parts_is_the_same_certificate():
    parts = {**EXPORTED["18"]["spec"], "rgw_frontend_ssl_certificate": PEM.strip().split("\n")}
    assert fields_of({**EXPORTED["18"], "spec": parts}) == fields_of(EXPORTED["18"])


def test_what_is_not_ours_stays_and_what_is_goes():
    found = {**EXPORTED["18"], "networks": ["10.0.0.0/8"], "unmanaged": True, "placement": {"label": "rgw"}}
    found["spec"] = {**found["spec"], "rgw_exit_timeout_secs": 120}
    spec = merged(found, Wanted("ceph1.a", ["ceph2"], 8080))
    assert spec == {
        "service_type": "rgw",
        "service_id": "ceph1.a",
        "networks": ["10.0.0.0/8"],
        "placement": {"hosts": ["ceph2"]},
        "spec": {"rgw_frontend_port": 8080, "rgw_frontend_type": "beast", "rgw_exit_timeout_secs": 120},
    }


def test_made_again_changed_removed(service, orchestrator):
    assert service(check=True)["changes"] == ["service made"] and orchestrator()["specs"] == {}
    first = service()
    assert first["changed"] and first["daemons"][0]["name"] == "rgw.ceph1.a.ceph1.mhywdy"
    assert (first["daemons"][0]["status"], first["daemons"][0]["ports"]) == ("running", [8080])
    again = service()
    assert (again["changed"], again["daemons"]) == (False, first["daemons"])
    assert service(check=True, port=8081)["changes"] == ["rgw_frontend_port: 8080 -> 8081"]
    assert service(port=8081)["daemons"][0]["ports"] == [8081]
    assert service(check=True, state="absent")["changed"] and orchestrator()["specs"]
    assert service(state="absent")["daemons"] == [] and orchestrator()["specs"] == {}
    assert not service(state="absent")["changed"]


def test_a_restart_is_over_when_another_container_runs(service):
    before = service()["daemons"][0]
    assert service(check=True, restart=True)["changes"] == ["rgw.ceph1.a.ceph1.mhywdy restarted"]
    after = service(restart=True)["daemons"][0]
    assert before["container"] != after["container"] and before["name"] == after["name"]


def test_daemons_are_told_of_what_they_would_not_learn(service, orchestrator):
    service()
    result = service(certificate=PEM)
    assert result["changes"][-1] == "rgw.ceph1.a.ceph1.mhywdy restarted"
    assert ["orch", "daemon", "redeploy", "rgw.ceph1.a.ceph1.mhywdy"] in orchestrator()["argv"]
    assert orchestrator()["certificates"] == {"rgw/cert/rgw.ceph1.a": PEM}
    service()
    assert orchestrator()["certificates"] == {}


def test_the_private_key_goes_in_on_standard_input_and_is_shown_nowhere(service, orchestrator):
    result = service(certificate=PEM)
    assert "c2VjcmV0" not in result["printed"] and "c2VjcmV0" not in json.dumps(orchestrator()["argv"])
    assert "c2VjcmV0" in orchestrator()["specs"]["rgw.ceph1.a"]["spec"]["rgw_frontend_ssl_certificate"]
    assert result["service"]["rgw_frontend_ssl_certificate"].startswith("sha256:")
    assert not service(certificate=PEM)["changed"]


def test_an_unknown_host_is_refused_before_anything_is_applied(service, orchestrator):
    said = service(check=True, hosts=["ceph9"])["msg"]
    assert "no host ceph9 (it has: ceph1, ceph2)" in said and "ceph orch host add" in said
    assert orchestrator()["specs"] == {}


def test_the_orchestrator_s_own_words_are_the_error(service, orchestrator):
    event = (
        "2026-11-27T15:03:00Z service:rgw.ceph1.a [ERROR] \"ERROR: TCP Port(s) '8080' required for rgw already in use\""
    )
    orchestrator(dead=True, next_events=[event])
    said = service()["msg"]
    assert "'8080' required for rgw already in use" in said and "Choose another port" in said


def test_who_does_nothing_is_not_waited_for(service, orchestrator):
    orchestrator(dead=True)
    assert "not so within 0 s (no daemon)" in service(wait=0.05)["msg"]


def test_an_old_trouble_is_none(service, orchestrator):
    service()
    orchestrator(events=['2026-11-27T15:03:00Z service:rgw.ceph1.a [ERROR] "Failed to apply"'])
    assert not service().get("failed")


def test_a_service_with_other_hosts_is_not_removed(service, orchestrator):
    service(hosts=["ceph1", "ceph2"])
    said = service(state="absent")["msg"]
    assert "has other hosts, too (ceph2)" in said and "rgw.ceph1.a" in orchestrator()["specs"]
