# SPDX-License-Identifier: Apache-2.0
"""The environment contract, each variable by its effect on a running container."""

from __future__ import annotations

import ipaddress
import json
import re

import pytest

from .demo import ACCESS_KEY, Demo, wait_until


@pytest.fixture(scope="module")
def demo(run, user, secret) -> Demo:
    """Most variables at once, none at its default."""
    return run(
        port=8081,
        NETWORK_AUTO_DETECT="4",
        MON_PORT="3456",
        OSD_COUNT="2",
        RGW_NAME="gw1",
        RGW_FRONTEND_PORT="8081",
        RGW_FRONTEND_OPTIONS="request_timeout_ms=60000",
        CEPH_DEMO_BUCKET="first-bucket",
        **user,
    ).ready(secret)


@pytest.fixture(scope="module")
def plain(run) -> Demo:
    """Nothing but what cannot be left out."""
    demo = run(OSD_OBJECTSTORE="memstore")
    wait_until(lambda: "] ready: " in demo.logs(), "readiness")
    return demo


def ceph(demo: Demo, *command: str) -> dict:
    return json.loads(demo.run("ceph", *command, "--format=json"))


def test_swift_reads_what_it_wrote(demo, secret):
    assert demo.swift("PUT", "/box", secret).status_code == 201
    assert demo.swift("PUT", "/box/a/long/name", secret, data=b"content").status_code == 201
    head = demo.swift("HEAD", "/box/a/long/name", secret)
    assert (head.status_code, head.headers["Content-Length"]) == (200, "7")
    assert demo.swift("GET", "/box/a/long/name", secret).content == b"content"
    assert demo.swift("DELETE", "/box/a/long/name", secret).status_code == 204


def test_object_names_of_a_registrys_length(demo, secret):
    name = "docker/registry/v2/repositories/" + "n" * 600
    assert demo.swift("PUT", "/names", secret).status_code in (201, 202)
    assert demo.swift("PUT", f"/names/{name}", secret, data=b"x").status_code == 201
    assert demo.swift("HEAD", f"/names/{name}", secret).status_code == 200


def test_s3_of_the_same_user(demo, secret):
    assert demo.s3("PUT", "/s3-bucket", secret).status_code == 200
    assert demo.s3("HEAD", "/s3-bucket", "wrong").status_code == 403


def test_bucket_is_there(demo, secret):
    wait_until(lambda: "bucket first-bucket ready" in demo.logs(), "the bucket")
    assert demo.s3("HEAD", "/first-bucket", secret).status_code == 200
    assert demo.swift("HEAD", "/first-bucket", secret).status_code == 204


def test_user_is_the_one_of_ceph_daemon(demo):
    user = json.loads(demo.run("radosgw-admin", "user", "info", "--uid=demo"))
    assert user["display_name"] == "Ceph demo user"
    caps = {cap["type"]: cap["perm"] for cap in user["caps"]}
    assert caps == {"buckets": "*", "metadata": "*", "usage": "*", "users": "*"}
    assert [key["access_key"] for key in user["keys"]] == [ACCESS_KEY]
    assert [(sub["id"], sub["permissions"]) for sub in user["subusers"]] == [("demo:swift", "full-control")]


def test_monitor_is_where_it_was_told(demo):
    own = demo.run("hostname", "-i")
    monitors = ceph(demo, "mon", "dump")["mons"]
    addresses = [address for mon in monitors for address in mon["public_addrs"]["addrvec"]]
    assert [(address["type"], address["addr"]) for address in addresses] == [("v2", f"{own}:3456")]


def test_osds_are_as_many_as_asked_for(demo):
    assert len(demo.running("ceph-osd")) == 2
    tree = ceph(demo, "osd", "tree")["nodes"]
    assert [node["status"] for node in tree if node["type"] == "osd"] == ["up", "up"]


def test_gateway_has_its_name_and_frontend(demo, release):
    def gateways() -> list[dict]:
        services = ceph(demo, "service", "dump")["services"]
        daemons = services.get("rgw", {}).get("daemons", {})
        return [daemon["metadata"] for daemon in daemons.values() if isinstance(daemon, dict)]

    assert demo.running("radosgw") == ["radosgw -f --name client.rgw.gw1"]
    # The manager comes last, and learns of the gateway from the gateway.
    [metadata] = wait_until(gateways, "the gateway's registration")
    assert metadata["frontend_type#0"] == "beast"
    config = metadata["frontend_config#0"]
    assert config == "beast endpoint=0.0.0.0:8081 tcp_nodelay=1 request_timeout_ms=60000"


@pytest.mark.parametrize(("detect", "version"), [("1", 6), ("4", 4), ("6", 6)])
def test_the_address_is_detected(run, detect, version, network):
    options = [f"--network={network()}", "--sysctl=net.ipv6.conf.all.disable_ipv6=0"]
    demo = run(*options, NETWORK_AUTO_DETECT=detect, DEMO_DAEMONS="osd", OSD_OBJECTSTORE="memstore")
    form = r"\] ready: monitor at \[v2:(\[[0-9a-f:]+\]|[0-9.]+):3300/0\]"
    found = wait_until(lambda: re.search(form, demo.logs()), "readiness")
    address = ipaddress.ip_address(found[1].strip("[]"))
    assert address.version == version and not address.is_loopback
    assert json.loads(demo.run("ceph", "quorum_status", "--format=json"))["quorum"] == [0]


def test_no_uid_no_user(plain):
    assert json.loads(plain.run("radosgw-admin", "user", "list")) == []


def test_only_the_gateways_port_is_reachable(plain):
    """Bridge networking works because the monitor and the OSD stay on loopback."""
    listening = plain.run("cat", "/proc/net/tcp").splitlines()[1:]
    sockets = {row.split()[1].split(":")[0] for row in listening if row.split()[3] == "0A"}
    assert sockets == {"0100007F", "00000000"}
    everywhere = [row.split()[1].split(":")[1] for row in listening if row.split()[1].startswith("00000000:")]
    assert {int(port, 16) for port in everywhere} == {8080}


def test_demo_daemons(run):
    demo = run(DEMO_DAEMONS="osd", OSD_OBJECTSTORE="memstore")
    wait_until(lambda: "] ready: monitor at [v2:127.0.0.1:3300/0]" in demo.logs(), "readiness")
    assert demo.running("ceph-mon") and demo.running("ceph-mgr") and demo.running("ceph-osd")
    assert not demo.running("radosgw")


def test_whole_frontend(run, user, secret):
    demo = run(port=8082, RGW_FRONTEND="beast port=8082", OSD_OBJECTSTORE="memstore", **user).ready(secret)
    wait_until(lambda: "radosgw listening on 0.0.0.0:8082 (beast)" in demo.logs(), "its line in the log")


def test_generated_keys_open_s3_and_swift(run):
    demo = run(CEPH_DEMO_UID="demo", OSD_OBJECTSTORE="memstore")
    wait_until(lambda: "] ready: " in demo.logs(), "readiness")
    user = json.loads(demo.run("radosgw-admin", "user", "info", "--uid=demo"))
    [s3], [swift] = user["keys"], user["swift_keys"]
    assert s3["secret_key"] == swift["secret_key"]
    assert s3["secret_key"] not in demo.logs()
    assert demo.swift("PUT", "/box", swift["secret_key"]).status_code == 201
    assert demo.s3("HEAD", "/box", s3["secret_key"], s3["access_key"]).status_code == 200


def test_civetweb_where_there_is_civetweb(run, user, secret, release):
    demo = run(RGW_FRONTEND_TYPE="civetweb", OSD_OBJECTSTORE="memstore", **user)
    if release > 16:
        assert f"RGW_FRONTEND_TYPE=civetweb: Ceph {release} has no civetweb" in demo.ended()
        assert demo.state()["ExitCode"] == 1
    else:
        assert demo.ready(secret).swift("PUT", "/box", secret).status_code == 201
        wait_until(lambda: "radosgw listening on 0.0.0.0:8080 (civetweb)" in demo.logs(), "its line in the log")


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"MON_IP": "203.0.113.9"}, "MON_IP=203.0.113.9: not an address of this container, which has 127.0.0.1"),
        ({"RGW_FRONTEND_PORT": "http"}, "RGW_FRONTEND_PORT=http: a whole number"),
        ({"CEPH_DEMO_UID": "demo", "CEPH_DEMO_SECRET_KEY_FILE": "/none"}, "/none: the file cannot be read"),
    ],
)
def test_bad_value(run, environment, said):
    demo = run(**environment)
    assert said in demo.ended()
    assert demo.state()["ExitCode"] == 1


def test_another_command(run):
    assert "the only command is `demo`, not `osd start`" in run("osd", "start").ended()


def test_port_is_taken(run, demo):
    """By the other container, whose network this one shares, as on a host's network."""
    network = f"--network=container:{demo.container}"
    taken = "is taken by another program; free it or set"
    assert f"port 8081 on 0.0.0.0 {taken} RGW_FRONTEND_PORT" in run(network, RGW_FRONTEND_PORT="8081").ended()
    own = demo.run("hostname", "-i")
    assert f"port 3456 on {own} {taken} MON_PORT" in run(network, MON_IP=own, MON_PORT="3456").ended()
