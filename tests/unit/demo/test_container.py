# SPDX-License-Identifier: Apache-2.0
"""How a demo's container is run: on both networks, in memory, and from images old and new."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.demo.container import CephDemo

ROLE = {
    "state": "present",
    "name": "demo",
    "dir": "/srv/demo",
    "image": "rgwkit/ceph:18",
    "images": [],
    "storage": "persistent",
    "network_mode": "bridge",
    "network_name": "demo-net",
    "network_auto_detect": "0",
    "mon_ip": "",
    "public_network": "",
    "rgw_address": "::1",
    "rgw_port": 8081,
    "rgw_name": "",
    "rgw_frontend_type": "beast",
    "rgw_frontend_options": "",
    "uid": "admin",
    "access_key": "admin",
    "secret_key_file": "/srv/demo/admin.secret",
    "bucket": "",
    "osd_count": 1,
    "daemons": ["osd", "rgw"],
    "environment": {},
}
NEW, OLD = "sha256:new", "sha256:old"
ABSENT: dict[str, Any] = {"images": []}


def image(*entrypoint: str) -> dict[str, Any]:
    return {"images": [{"Id": NEW, "Config": {"Entrypoint": list(entrypoint)}}]}


OWN = image("python3", "/opt/rgwkit/ceph_demo")
HISTORIC = image("/opt/ceph-container/bin/demo")


def demo(image: dict[str, Any] = OWN, results: dict[str, Any] | None = None, **role: Any) -> CephDemo:
    none: dict[str, Any] = {"container": {"exists": False}, "volumes": [], "running_release": {}, "image_release": {}}
    return CephDemo({**ROLE, **role}, "/home", image, **{**none, **(results or {})})


def container(status: str = "running", image: str = OLD) -> dict[str, Any]:
    return {"container": {"exists": True, "container": {"Image": image, "State": {"Status": status}}}}


def named(demo: CephDemo) -> list[str]:
    assert {thing["folder"] for thing in demo.things} == {"/srv/demo"}
    return [f"{thing['kind']}/{thing['name']} by {thing['variable']}" for thing in demo.things]


def test_names_on_the_host_are_those_that_the_state_touches():
    its_own, network = "container/demo by ceph_demo_name", "network/demo-net by ceph_demo_network_name"
    assert named(demo()) == [its_own, network, "volume/demo-data by ceph_demo_name"]
    assert named(demo(network_mode="host", storage="ephemeral")) == [its_own]
    # Removal takes a network of whatever mode, and the volumes that docker has, not those of the variables.
    volumes = {"volumes": [{"Name": "demo-etc"}]}
    removed = demo(ABSENT, volumes, state="absent", network_mode="host")
    assert named(removed) == [its_own, network, "volume/demo-etc by ceph_demo_name"]
    assert demo().labels == {
        "io.rgwkit.managed": "true",
        "io.rgwkit.home": "/home",
        "io.rgwkit.demo": "demo",
    }


@pytest.mark.parametrize(
    ("entrypoint", "historic", "command"),
    [
        (("python3", "/opt/rgwkit/ceph_demo"), False, ["demo"]),
        (("/opt/ceph-container/bin/entrypoint.sh",), True, ["demo"]),
        (("/opt/ceph-container/bin/demo",), True, []),
        ((), False, ["demo"]),
    ],
)
def test_the_entrypoint_tells_a_historic_image(entrypoint, historic, command):
    one = demo(image(*entrypoint))
    assert (one.is_historic, one.command) == (historic, command)
    assert one.ready_log == ("SUCCESS" if historic else r"^\[[0-9.]+ s\] ready: ")


@pytest.mark.parametrize("found", [ABSENT, {"images": [{"Id": NEW}]}, {"images": [{"Id": NEW, "Config": None}]}])
def test_an_image_that_is_not_known_is_our_own(found):
    assert not demo(found).is_historic


def test_our_own_image_gets_the_secret_in_a_file_and_little_to_write_to():
    one = demo()
    assert one.environment == {
        "NETWORK_AUTO_DETECT": "0",
        "RGW_FRONTEND_TYPE": "beast",
        "RGW_FRONTEND_IP": "0.0.0.0",
        "RGW_FRONTEND_PORT": "8080",
        "OSD_COUNT": "1",
        "DEMO_DAEMONS": "osd,rgw",
        "CEPH_DEMO_UID": "admin",
        "CEPH_DEMO_ACCESS_KEY": "admin",
        "CEPH_DEMO_SECRET_KEY_FILE": "/run/secrets/ceph-demo",
        "OSD_OBJECTSTORE": "bluestore",
    }
    assert one.mounts == [
        {"type": "volume", "source": "demo-data", "target": "/var/lib/ceph"},
        {
            "type": "bind",
            "source": "/srv/demo/admin.secret",
            "target": "/run/secrets/ceph-demo",
            "read_only": True,
        },
    ]
    assert one.tmpfs == ["/etc/ceph", "/run/ceph", "/tmp"]


def test_a_historic_image_gets_no_secret_and_a_user_that_is_removed_later():
    one = demo(HISTORIC)
    assert one.environment == {
        "NETWORK_AUTO_DETECT": "0",
        "RGW_FRONTEND_TYPE": "beast",
        "RGW_FRONTEND_IP": "0.0.0.0",
        "RGW_FRONTEND_PORT": "8080",
        "OSD_COUNT": "1",
        "DEMO_DAEMONS": "osd,rgw",
        "MON_IP": "127.0.0.1",
        "CEPH_PUBLIC_NETWORK": "127.0.0.0/8",
        "CEPH_DEMO_UID": one.bootstrap_uid,
        "RGW_NAME": "demo",
        "SREE_PORT": "15080",
    }
    assert [(mount["source"], mount["target"]) for mount in one.mounts] == [
        ("demo-data", "/var/lib/ceph"),
        ("demo-etc", "/etc/ceph"),
        ("demo-tmp", "/opt/ceph-container/tmp"),
    ]
    assert one.volumes == ["demo-data", "demo-etc", "demo-tmp"]
    assert one.tmpfs == []


def test_a_demo_in_memory_has_no_volume():
    one = demo(storage="ephemeral")
    assert (one.volumes, one.tmpfs[0], one.environment["OSD_OBJECTSTORE"]) == ([], "/var/lib/ceph", "memstore")
    historic = demo(HISTORIC, storage="ephemeral")
    assert (historic.mounts, historic.tmpfs) == ([], ["/var/lib/ceph"])


def test_the_gateway_listens_at_the_host_s_address_on_the_host_s_network_only():
    assert demo().ports == ["[::1]:8081:8080"]
    environment = demo(network_mode="host", rgw_port="80").environment
    assert (environment["RGW_FRONTEND_IP"], environment["RGW_FRONTEND_PORT"]) == ("::1", "80")


def test_given_environment_wins_and_what_is_empty_is_left_out():
    environment = demo(environment={"OSD_COUNT": "", "MON_IP": "192.0.2.1", "DEBUG": 1}).environment
    assert "OSD_COUNT" not in environment
    assert (environment["MON_IP"], environment["DEBUG"]) == ("192.0.2.1", 1)


@pytest.mark.parametrize(
    ("running", "found", "role", "changes"),
    [
        (container(), OWN, {}, True),
        (container(image=NEW), OWN, {}, False),
        (container("exited"), OWN, {}, False),
        ({"container": {"exists": False, "container": None}}, OWN, {}, False),
        (container(), OWN, {"storage": "ephemeral"}, False),
        (container(), HISTORIC, {}, False),
        (container(), ABSENT, {}, False),
        (container(), ABSENT, {"images": [{"name": "rgwkit/ceph:18", "release": "18"}]}, True),
        (container(), ABSENT, {"images": [{"name": "rgwkit/ceph:18"}]}, False),
        (container(), ABSENT, {"images": [{"name": "registry", "release": "18"}]}, False),
    ],
)
def test_kept_data_of_a_running_demo_get_another_image(running, found, role, changes):
    assert demo(found, running, **role).changes_image is changes


def test_an_upgrade_goes_to_the_release_in_the_image_or_to_the_one_that_is_to_come():
    running = {"running_release": {"stdout": "ceph version 16.2.15 (618f440892) pacific (stable)"}}
    there = {**running, "image_release": {"stdout": "ceph version 17.2.7 (b12291d110) quincy (stable)"}}
    coming = {**running, "image_release": {"changed": False, "skipped": True}}
    images = [{"name": "registry", "release": "2"}, {"name": "rgwkit/ceph:18", "release": "18"}]
    assert demo(results=there, images=images).upgrade == {"old": "16", "new": "17", "objection": ""}
    assert demo(ABSENT, coming, images=images).upgrade == {"old": "16", "new": "18", "objection": ""}
