# SPDX-License-Identifier: Apache-2.0
"""Gateways that cephadm makes, from none to none, one test after the other."""

from __future__ import annotations

import json

from tests.acceptance.cephadm.conftest import HOSTS
from tests.certificates import write_self_signed
from tests.playbooks import unchanged

PROVEN = "Authenticate, put, head and delete at the gateway's own address"


def containers(cephadm):
    return {host: one["container_id"] for host, one in cephadm.daemons().items()}


def test_in_check_mode_where_nothing_is_there_it_tells_and_changes_nothing(cephadm):
    output = cephadm.play("gateway", "--check", "--diff")
    assert output.count('+  "rgw.ceph1.a": {') == 1 and output.count('+  "rgw.ceph2.a": {') == 1
    assert cephadm.services() == [] and cephadm.keys() == [] and cephadm.options() == []


def test_the_first_run_proves_each_on_its_own_address(cephadm):
    output = cephadm.play("gateway")
    assert output.count(PROVEN) == len(HOSTS)
    assert {host: (one["ports"], one["status_desc"]) for host, one in cephadm.daemons().items()} == {
        host: ([8080], "running") for host in HOSTS
    }
    assert cephadm.services() == ["rgw.ceph1.a", "rgw.ceph2.a"]


def test_users_and_ingress_work_on_them(gateways):
    gateways.play("users")
    assert gateways.backends() == {"ceph1-a": "UP", "ceph2-a": "UP"}


def test_a_second_run_changes_nothing(gateways):
    before = containers(gateways)
    for output in (gateways.play("gateway"), gateways.play("gateway", "--check")):
        assert unchanged(output)
    assert containers(gateways) == before


def test_a_change_of_options_restarts_each_and_proves_it(gateways):
    before = containers(gateways)
    output = gateways.play("gateway", rgw_gateway_options={"rgw_swift_token_expiration": 86000})
    assert output.count(PROVEN) == len(HOSTS)
    assert not set(before.values()) & set(containers(gateways).values())
    assert gateways.options()[0] == "client.rgw.ceph1.a"
    assert gateways.backends() == {"ceph1-a": "UP", "ceph2-a": "UP"}


def test_a_change_that_fails_stops_at_the_first_host(gateways):
    before = containers(gateways)
    broken = {"rgw_gateway_options": {"rgw_enable_apis": "s3, admin"}, "rgw_gateway_ready_timeout": 10}
    play = gateways.begin("gateway", **broken)
    assert play.wait() and play.process.returncode != 0
    after = containers(gateways)
    assert after["ceph1"] != before["ceph1"] and after["ceph2"] == before["ceph2"]
    assert gateways.backends()["ceph1-a"] in ("DRAIN", "DOWN") and gateways.backends()["ceph2-a"] == "UP"
    gateways.play("gateway")
    assert gateways.backends() == {"ceph1-a": "UP", "ceph2-a": "UP"}


def test_another_runtime_is_refused_with_the_way_out(gateways):
    said = gateways.refused(rgw_gateway_runtime="package")
    assert "cephadm manages this cluster's daemons" in said and "rgw_gateway_runtime: cephadm" in said


def test_options_that_16_cannot_have_are_refused_with_the_way_out(gateways):
    said = gateways.refused(rgw_gateway_frontend_options={"tcp_nodelay": 1})
    assert "hands the web server no options (tcp_nodelay)" in said and "rgw_gateway_frontend_options: {}" in said


def test_a_port_that_is_taken_and_a_host_that_is_not_known(gateways):
    said = gateways.refused(rgw_gateway_instances=[{"name": "b", "port": 6789}])
    assert "port 6789, wanted for the gateway b, is taken by ceph-mon" in said
    said = gateways.refused(rgw_gateway_orch_host="ceph9")
    assert "the orchestrator has no host ceph9 (it has: ceph1, ceph2)" in said


def test_a_certificate_whose_key_is_shown_nowhere(gateways, tmp_path):
    """Another service of the same host; a new certificate reaches the daemon that runs."""
    path = "/etc/ssl/gateway.pem"
    instance = {"name": "tls", "port": 8443, "certificate": path, "ca_file": path}
    tls = {"rgw_gateway_instances": [instance], "rgw_gateway_ingress_service": ""}
    for name in ("first", "second"):
        pem = write_self_signed(tmp_path / name)
        gateways.run("ceph1", f"umask 077; cat >{path} <<'PEM'\n{pem.read_text()}PEM")
        output = gateways.play("gateway", "--limit", "ceph1", "--diff", "-vvvv", **tls)
        assert PROVEN in output and "sha256:" in output
        assert pem.read_text().splitlines()[1] not in output
    assert unchanged(gateways.play("gateway", "--limit", "ceph1", **tls))
    assert gateways.certificates() == ["rgw/cert/rgw.ceph1.tls"]
    plain = {**tls, "rgw_gateway_instances": [{"name": "tls", "port": 8443}]}
    assert PROVEN in gateways.play("gateway", "--limit", "ceph1", **plain)
    assert gateways.certificates() == []
    gateways.play("gateway", "--limit", "ceph1", **tls)
    gateways.play("gateway", "--limit", "ceph1", **tls, rgw_gateway_state="absent")
    assert gateways.services() == ["rgw.ceph1.a", "rgw.ceph2.a"] and gateways.certificates() == []


def test_absent_leaves_what_others_made(gateways):
    other = {"service_type": "rgw", "service_id": "other", "unmanaged": True, "spec": {"rgw_frontend_port": 8099}}
    gateways.run(
        "ceph1",
        f"echo '{json.dumps(other)}' | ceph orch apply -i - && ceph config set client.rgw.other debug_rgw 1 && "
        "ceph auth get-or-create client.rgw.other mon 'allow r'",
    )
    gateways.play("gateway", rgw_gateway_state="absent", rgw_gateway_remove_data=True)
    assert (gateways.services(), gateways.keys(), gateways.options()) == (
        ["rgw.other"],
        ["client.rgw.other"],
        ["client.rgw.other"],
    )
    for host in HOSTS:
        assert gateways.run(host, "ls -d /etc/rgwkit/gateway 2>/dev/null; docker ps -aq") == ""
    assert unchanged(gateways.play("gateway", "--limit", "ceph1", rgw_gateway_state="absent"))
