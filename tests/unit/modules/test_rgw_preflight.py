# SPDX-License-Identifier: Apache-2.0
"""All that would keep a gateway from working is found at once: real sockets, files, certificates; a cluster's facts."""

from __future__ import annotations

import socket
import time

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_preflight

from tests.certificates import write_self_signed

FSID = "7d5a3f1e-6c1b-4a55-9e34-0d6e6f1c2b11"


@pytest.fixture
def monitor():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def preflight(run_module, monitor, tmp_path):
    """Runs the module for a sound cluster and instance with the given differences."""

    def run(cluster=None, instances=({},), **params):
        facts = {
            "fsid": FSID,
            "monitors": [[monitor]],
            "versions": {"mon": ["16.2.15"], "osd": ["16.2.15"], "mgr": [], "rgw": []},
            "health": {"status": "HEALTH_OK", "checks": {}},
            "osd_max_object_name_len": 2048,
            "orchestrator": "",
            "time": time.time(),
            **(cluster or {}),
        }
        whole = [{"name": "a", "entity": "client.rgw.h.a", "port": free_port(), **one} for one in instances]
        paths = {"conf": str(tmp_path / "ceph.conf"), "data": str(tmp_path)}
        return run_module(rgw_preflight, cluster=facts, instances=whole, **{"version": "16.2.15", **paths, **params})

    return run


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_nothing_is_found_where_nothing_is_wrong(preflight):
    result = preflight()
    assert (result["findings"], result["notes"], result["running"]) == ([], [], [])


@pytest.mark.parametrize(
    ("cluster", "problem", "remedy"),
    [
        ({"versions": {"osd": ["14.2.21", "16.2.15"]}}, "would be 16.2.15, and OSDs are 14.2.21", "upgrade the OSDs"),
        ({"versions": {"osd": []}}, "has no OSD that is up", "ceph osd tree"),
        ({"osd_max_object_name_len": 256}, "osd_max_object_name_len is 256", "2048"),
        ({"time": time.time() - 4000}, "s ahead of the monitor's", "chrony"),
        ({"orchestrator": "cephadm"}, "cephadm manages this cluster's daemons", "rgw_gateway_runtime: cephadm"),
        ({"orchestrator": "rook"}, "rook manages this cluster's daemons", "have rook make the gateways"),
        ({"monitors": [["127.0.0.1:1"]]}, "no monitor answers this host within 3 s: 127.0.0.1:1", "firewall"),
        ({"health": {"checks": {"PG_AVAILABILITY": "Reduced"}}}, "PG_AVAILABILITY: Reduced", "bring the OSDs back"),
        ({"health": {"checks": {"OSDMAP_FLAGS": "pauserd,pausewr flag(s) set"}}}, "pauserd", "unset"),
    ],
)
def test_what_is_wrong_with_the_cluster(preflight, cluster, problem, remedy):
    (finding,) = preflight(cluster)["findings"]
    assert problem in finding["what"] and remedy in finding["remedy"]


def test_a_gateway_that_is_older_than_another_is_a_warning(preflight):
    versions = {"osd": ["16.2.15"], "rgw": ["14.2.21", "16.2.15"]}
    result = preflight({"versions": versions}, version="14.2.21")
    assert result["findings"] == []
    (note,) = result["notes"]
    assert "14.2.21, and another one is 16.2.15" in note["what"] and "none until all gateways" in note["remedy"]
    assert preflight({"versions": versions}, version="16.2.15")["notes"] == []


def test_gateways_that_cephadm_makes(preflight):
    assert preflight({"orchestrator": "cephadm"}, runtime="cephadm")["findings"] == []


@pytest.mark.parametrize(
    ("backend", "instance", "problem", "remedy"),
    [
        ("", {}, "the cluster's orchestrator is none", "choose another rgw_gateway_runtime"),
        ("cephadm", {"address": "127.0.0.1"}, "listen on every address", "leave its address out"),
        ("cephadm", {"frontend": "civetweb"}, "tried with civetweb", "take beast"),
        ("cephadm", {"frontend_options": {"tcp_nodelay": 1}}, "no options (tcp_nodelay)", "frontend_options: {}"),
    ],
)
def test_what_cephadm_cannot_make(preflight, backend, instance, problem, remedy):
    (finding,) = preflight({"orchestrator": backend}, [instance], runtime="cephadm")["findings"]
    assert problem in finding["what"] and remedy in finding["remedy"]


def test_from_18_on_cephadm_hands_the_web_server_options(preflight):
    cluster = {"orchestrator": "cephadm", "versions": {"osd": ["18.2.7"]}}
    options = {"frontend_options": {"tcp_nodelay": 1}}
    assert preflight(cluster, [options], runtime="cephadm", version="18.2.7")["findings"] == []


@pytest.mark.parametrize(
    ("health", "said"),
    [
        ({"OSD_DOWN": "1 osds down"}, "OSD_DOWN: 1 osds down"),
        ({"OSDMAP_FLAGS": "noout flag(s) set"}, "noout"),
    ],
)
def test_what_a_cluster_lives_with_is_a_warning(preflight, health, said):
    result = preflight({"health": {"checks": health}})
    assert result["findings"] == [] and said in result["notes"][0]["what"]
    assert said in str(result["warnings"])


def test_one_monitor_of_two_away_is_a_warning(preflight, monitor):
    result = preflight({"monitors": [[monitor], ["127.0.0.1:1", "127.0.0.1:2"]]})
    assert result["findings"] == []
    assert "1 of 2 monitors do not answer this host within 3 s: 127.0.0.1:1" in result["notes"][0]["what"]


@pytest.mark.parametrize(
    ("instances", "problem"),
    [
        ([], "no instance is to run here"),
        ([{}, {}], "2 instances have the name a"),
        ([{"name": "b", "port": 1}, {"port": 1}], "2 instances have the address and port 0.0.0.0:1"),
        ([{"address": "192.0.2.77"}], "192.0.2.77 is on no interface of this host"),
        ([{"frontend_options": {"max_header_sise": 1}}], "beast of Ceph 16 ignores without a word: max_header_sise"),
        ([{"address": "gateway.example"}], "gateway.example is no IP address"),
        ([{"address": "[::1]", "port": 1}, {"name": "b", "address": "::1", "port": 1}], "address and port [::1]:1"),
        (
            [{"frontend": "civetweb", "frontend_options": {"endpoint": 1}}],
            "civetweb of Ceph 16 does not start with",
        ),
        ([{"frontend": "civetweb", "private_key": "/k"}], "civetweb has no option for a private key (/k)"),
    ],
)
def test_what_is_wrong_with_the_instances(preflight, instances, problem):
    assert problem in preflight(instances=instances)["findings"][0]["what"]


@pytest.mark.parametrize("address", ["::1", "[::1]", "::"])
def test_ipv6_addresses_of_this_host(preflight, address):
    assert preflight(instances=[{"address": address}])["findings"] == []


def test_civetweb_is_refused_where_it_would_leave_no_listener(preflight):
    civetweb = [{"frontend": "civetweb", "frontend_options": {"num_threads": 50}}]
    osds = {"versions": {"osd": ["18.2.7"]}}
    assert preflight(instances=civetweb)["findings"] == []
    assert "no civetweb" in preflight(osds, civetweb, version="18.2.7")["findings"][0]["what"]


@pytest.mark.parametrize(
    ("runtime", "library", "findings", "notes"),
    [
        ("package", "libssl.so.3", 1, 0),
        ("package", "libssl.so.1.1", 0, 0),
        ("package", None, 0, 0),
        ("docker", "libssl.so.1.1", 0, 1),
    ],
)
def test_civetweb_has_no_tls_with_openssl_3(preflight, tmp_path, monkeypatch, runtime, library, findings, notes):
    monkeypatch.setattr("ctypes.util.find_library", {"ssl": library}.get)
    certificate = str(write_self_signed(tmp_path / "tls.pem", "127.0.0.1"))
    tls = {"certificate": certificate, "server_name": "127.0.0.1"}
    result = preflight(instances=[{"frontend": "civetweb", **tls}, {"name": "b", **tls}], runtime=runtime)
    said = [[one["what"] for one in result[kind] if "over TLS" in one["what"]] for kind in ("findings", "notes")]
    assert [len(one) for one in said] == [findings, notes]
    assert all(problem.startswith("a: civetweb does not answer over TLS") for problems in said for problem in problems)


def test_a_taken_port_names_its_holder_unless_that_is_the_instance(preflight):
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        assert (
            f"port {taken}, wanted for the gateway a" in preflight(instances=[{"port": taken}])["findings"][0]["what"]
        )
        with open("/proc/self/cmdline", encoding="utf-8") as words:
            ourselves = words.read().split("\0")[0]
        result = preflight(instances=[{"port": taken, "entity": ourselves}])
        assert (result["findings"], result["running"]) == ([], ["a"])


def test_another_cluster_s_configuration_and_id(preflight, tmp_path):
    other = FSID.replace("7", "8")
    (tmp_path / "ceph.conf").write_text(f"[global]\n\tfsid = {other}\n")
    problems = [finding["what"] for finding in preflight(fsid=other)["findings"]]
    assert f"rgw_gateway_fsid is {other}, the monitors' cluster is {FSID}" in problems[0]
    assert f"ceph.conf is of cluster {other}, the monitors' cluster is {FSID}" in problems[1]


@pytest.mark.parametrize("written", [FSID.upper(), f'"{FSID}"', f"{FSID.upper()} ; our cluster"])
def test_the_cluster_s_id_in_other_forms(preflight, tmp_path, written):
    (tmp_path / "ceph.conf").write_text(f"[global]\nfsid = {written}\n")
    assert preflight(fsid=FSID.upper())["findings"] == []


def test_another_cluster_s_id_in_capitals_and_quotes(preflight, tmp_path):
    (tmp_path / "ceph.conf").write_text(f"[global]\nfsid = '{FSID.replace('7', '8').upper()}'\n")
    assert "is of cluster 8D5A3F1E" in preflight()["findings"][0]["what"]


OWN = "# BEGIN rgwkit: client.rgw.h.a\n[client.rgw.h.a]\nrgw_frontends = beast\n# END rgwkit: client.rgw.h.a\n"


def test_a_section_that_is_there_already_is_named_with_what_stays_in_force(preflight, tmp_path):
    old = "[global]\n[client.rgw.h.a]\nrgw enable apis = s3\nrgw-thread-pool-size = 512\n[client]\nx = 1\n"
    (tmp_path / "ceph.conf").write_text(old + OWN)
    (finding,) = preflight()["findings"]
    assert "[client.rgw.h.a] that this role has not written" in finding["what"]
    assert finding["what"].endswith("stays in force: rgw_enable_apis, rgw_thread_pool_size")


def test_the_role_s_own_section_is_none(preflight, tmp_path):
    (tmp_path / "ceph.conf").write_text(f"[global]\nfsid = {FSID}\n{OWN}[client.rgw.h.ab]\nx = 1\n")
    assert preflight()["findings"] == []


def test_a_zone_that_is_not_there(preflight):
    zones = {"realms": ["gold"], "zonegroups": ["default"], "zones": []}
    (finding,) = preflight(zones, realm="gold", zone="north")["findings"]
    assert finding["what"] == "the cluster has no zone north (it has: none)"
    assert "radosgw-admin zone create --rgw-zone=north" in finding["remedy"]


def test_certificates_that_clients_refuse_and_one_that_ends_soon(preflight, tmp_path):
    good, soon = (
        write_self_signed(tmp_path / "a", "gw.example"),
        write_self_signed(tmp_path / "b", "gw.example", ends=3),
    )

    def seen(certificate, server_name):
        return preflight(instances=[{"certificate": str(certificate), "server_name": server_name}])

    assert seen(good, "gw.example")["findings"] == []
    assert "is not for other.example, which clients use" in seen(good, "other.example")["findings"][0]["what"]
    result = seen(soon, "gw.example")
    assert result["findings"] == [] and "valid for 2 more days" in result["notes"][0]["what"]


def test_all_findings_come_at_once_also_when_the_cluster_does_not_answer(run_module, tmp_path):
    instances = [{"name": "a", "entity": "e", "port": free_port(), "address": "192.0.2.77"}]
    silent = {"msg": "Could not read the monitors' map by ceph: no end within 15 s."}
    result = run_module(rgw_preflight, cluster=silent, instances=instances, data=str(tmp_path))
    assert "192.0.2.77 is on no interface" in result["findings"][0]["what"]
    assert "the cluster cannot be asked: Could not read the monitors' map" in result["findings"][1]["what"]
    assert result["msg"].count("remedy:") == 2
