# SPDX-License-Identifier: Apache-2.0
"""How a demo's container is run: on both networks, in memory, and from images old and new."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.demo.container import CephDemo
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.container import docker_options, run_words
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.definition import complete, override
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.needs import things

ROLE = {
    "state": "present",
    "name": "demo",
    "runtime": "docker",
    "scope": "system",
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
    "keystone": {},
    "pids_limit": 8192,
    "memory": "",
    "restart_policy": "unless-stopped",
    "ready_timeout": 60,
}
OLD = "sha256:old"
ABSENT: dict[str, Any] = {"images": []}


def image(*entrypoint: str) -> dict[str, Any]:
    return {"images": [{"Config": {"Entrypoint": list(entrypoint)}}]}


OWN = image("python3", "/opt/rgwkit/ceph_demo")
HISTORIC = image("/opt/ceph-container/bin/demo")


def demo(image: dict[str, Any] = OWN, results: dict[str, Any] | None = None, **role: Any) -> CephDemo:
    none: dict[str, Any] = {"found": {}, "compared": {}, "volumes": [], "running_release": "", "image_release": ""}
    return CephDemo({**ROLE, **role}, "/home", image, **{**none, **(results or {})})


def ran(runtime: str = "docker", running: bool = True, **previous: Any) -> dict[str, Any]:
    """The demo as the last run has left it."""
    record = {"previous_runtime": runtime, "previous": previous}
    return {"found": {"running": running}, "compared": {"services": [record]}}


def named(demo: CephDemo) -> list[str]:
    used = things(complete(demo.service))
    assert {(thing["folder"], thing["variable"]) for thing in used} == {("/srv/demo", "ceph_demo_name")}
    return [f"{thing['kind']}/{thing['name']}" for thing in used]


CONTAINERS = ["container/demo", "container/demo-trial", "container/demo-once"]


def test_names_on_the_host_are_those_that_the_state_touches():
    assert named(demo()) == [*CONTAINERS, "network/demo-net", "volume/demo-data"]
    assert named(demo(network_mode="host", storage="ephemeral")) == CONTAINERS
    # Removal takes a network of whatever mode, and the volumes that docker has, not those of the variables.
    removed = demo(ABSENT, {"volumes": ["demo-etc"]}, state="absent", network_mode="host")
    assert named(removed) == [*CONTAINERS, "network/demo-net", "volume/demo-etc"]
    assert named(demo(ABSENT, state="absent")) == [*CONTAINERS, "network/demo-net"]
    assert demo().labels == {
        "io.rgwkit.managed": "true",
        "io.rgwkit.home": "/home",
        "io.rgwkit.demo": "demo",
    }


def test_our_own_image_is_confined_on_either_program():
    one = complete(demo(runtime="podman").service)
    assert (one["confined"], one["capabilities"]) == (True, ["CHOWN", "DAC_OVERRIDE", "FOWNER", "NET_BIND_SERVICE"])
    words = run_words(one)
    assert {"--security-opt=no-new-privileges", "--read-only", "--cap-drop=all", "--pids-limit=8192"} <= set(words)
    assert {"--network=demo-net", "--hostname=demo", "--publish=[::1]:8081:8080"} <= set(words)
    docker = docker_options(complete(demo().service))
    assert (docker["cap_drop"], docker["security_opts"], docker["read_only"]) == (["ALL"], ["no-new-privileges"], True)
    assert (docker["stop_timeout"], docker["restart_policy"]) == (30, "unless-stopped")


def test_a_historic_image_runs_as_it_was_made():
    one = docker_options(complete(demo(HISTORIC).service))
    assert one["read_only"] is False and not {"cap_drop", "capabilities", "security_opts"} & set(one)


def test_the_host_s_network_needs_no_network_and_no_port():
    one = complete(demo(network_mode="host").service)
    assert (one["network"], one["own_network"], one["publish_ports"], one["hostname"]) == ("host", False, [], "")


def test_the_record_has_who_made_the_demo_and_its_secret():
    record = demo().service["record"]
    assert record["managed_files"] == ["/srv/demo/.rgwkit", "/srv/demo/admin.secret"]
    assert record["path"] == "/srv/demo/loaded" and record["managed"]["home"] == "/home"


def test_a_container_that_prints_the_release_has_nothing_of_the_demo_s():
    one = run_words(override(complete(demo().service), demo().monitor_version, "-once"), "--rm")
    assert one[:3] == ["docker", "run", "--name=demo-once"] and one[-2:] == ["rgwkit/ceph:18", "--version"]
    assert {"--network=none", "--read-only", "--cap-drop=all", "--entrypoint=ceph-mon"} <= set(one)
    assert not [word for word in one if word.startswith(("--mount", "--publish", "--cap-add", "--env", "--tmpfs"))]


def test_what_the_host_needs_is_what_the_program_needs():
    images = [{"name": "a:1", "source": "auto", "pull": "b:1", "release": "18"}]
    on_podman = demo(runtime="podman", images=images).needs
    assert (on_podman["docker"], on_podman["podman"], on_podman["podman_network"]) == (False, True, True)
    assert on_podman["images"] == [{"name": "a:1", "source": "auto", "pull": "b:1"}]
    assert not demo(runtime="podman", network_mode="host").needs["podman_network"]
    on_docker = demo(images=images).needs
    assert (on_docker["docker"], on_docker["podman"], on_docker["podman_network"]) == (True, False, False)
    assert demo(images=images, state="absent").needs["images"] == []


def test_a_demo_with_data_stays_with_its_program():
    objection = demo(results=ran("docker", volumes=["demo-data"]), runtime="podman").move_objection
    assert "demo keeps its data in a volume of docker, which podman cannot use" in objection
    assert "RUNTIME=docker for make" in objection
    # A record without a definition is that of an earlier release.
    assert demo(results=ran("docker"), runtime="podman").move_objection
    assert not demo(results=ran("docker", volumes=[]), runtime="podman").move_objection
    assert not demo(results=ran("docker"), runtime="podman", storage="ephemeral").move_objection
    assert not demo(results=ran("podman", volumes=["demo-data"]), runtime="podman").move_objection
    assert not demo(runtime="podman").move_objection


def test_a_demo_is_removed_from_the_program_that_ran_it():
    assert demo(results=ran("podman"), state="absent").service["runtime"] == "podman"
    assert demo(results=ran(""), state="absent").runtime == demo(state="absent").runtime == "docker"
    assert demo(results=ran("podman")).runtime == "docker"


@pytest.mark.parametrize(
    ("runtime", "store", "log"),
    [("docker", "/var/lib/docker", "docker logs demo"), ("podman", "/var/lib/containers", "journalctl --unit=demo")],
)
def test_each_program_has_its_places(runtime, store, log):
    one = demo(runtime=runtime)
    assert (one.store, one.log_command) == (store, log)


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


@pytest.mark.parametrize("found", [{}, ABSENT, {"images": [{}]}, {"images": [{"Config": None}]}])
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
            "relabel": "shared",
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
    ("last", "found", "role", "changes"),
    [
        (ran(image=OLD), OWN, {}, True),
        (ran(image="rgwkit/ceph:16"), OWN, {}, True),
        (ran(image="rgwkit/ceph:18"), OWN, {}, False),
        (ran(image=OLD, running=False), OWN, {}, False),
        ({}, OWN, {}, False),
        # An earlier release recorded no definition.
        (ran(), OWN, {}, True),
        (ran(image=OLD), OWN, {"storage": "ephemeral"}, False),
        (ran(image=OLD), HISTORIC, {}, False),
        (ran(image=OLD), ABSENT, {}, False),
        (ran(image=OLD), ABSENT, {"images": [{"name": "rgwkit/ceph:18", "release": "18"}]}, True),
        (ran(image=OLD), ABSENT, {"images": [{"name": "rgwkit/ceph:18"}]}, False),
        (ran(image=OLD), ABSENT, {"images": [{"name": "registry", "release": "18"}]}, False),
    ],
)
def test_kept_data_of_a_running_demo_get_another_image(last, found, role, changes):
    assert demo(found, last, **role).changes_image is changes


def test_an_upgrade_goes_to_the_release_in_the_image_or_to_the_one_that_is_to_come():
    running = {"running_release": "ceph version 16.2.15 (618f440892) pacific (stable)"}
    there = {**running, "image_release": "ceph version 17.2.7 (b12291d110) quincy (stable)"}
    images = [{"name": "registry", "release": "2"}, {"name": "rgwkit/ceph:18", "release": "18"}]
    assert demo(results=there, images=images).upgrade == {"old": "16", "new": "17", "objection": ""}
    assert demo(ABSENT, running, images=images).upgrade == {"old": "16", "new": "18", "objection": ""}


def test_a_user_s_demo_keeps_everything_with_the_user():
    own = demo(runtime="podman", scope="user")
    assert own.needs["scope"] == complete(own.service)["scope"] == "user"
    assert own.store == "~/.local/share/containers" and own.log_command == "journalctl --user-unit=demo"
    assert demo(runtime="podman").store == "/var/lib/containers"


KEYSTONE = {"url": "https://k:5000/v3", "user": "rgw", "password_file": "/srv/password", "ca_file": "/srv/ca.pem"}


def test_a_demo_with_keystone():
    given = demo(keystone=KEYSTONE)
    options = json.loads(given.environment["RGW_OPTIONS"])
    assert options["rgw_keystone_url"] == "https://k:5000"
    assert {"source": "/srv/password", "target": options["rgw_keystone_admin_password_path"]}.items() <= (
        next(mount for mount in given.mounts if mount["source"] == "/srv/password").items()
    )
    assert [mount["target"][:8] for mount in given.mounts if mount["source"] == "/srv/ca.pem"] == [
        "/etc/ssl",
        "/etc/pki",
    ]
    assert given.service["record"]["files"] == ["/srv/password", "/srv/ca.pem"]
    assert given.keystone["gateway_urls"] == ["http://[::1]:8081"]


def test_a_demo_without_keystone_has_nothing_of_it():
    given = demo()
    assert "RGW_OPTIONS" not in given.environment and given.keystone == {}
    assert given.service["record"]["files"] == []


def test_a_historic_image_takes_no_options_of_keystone():
    with pytest.raises(InputError, match="takes no options of Keystone"):
        demo(HISTORIC, keystone=KEYSTONE).environment  # noqa: B018
