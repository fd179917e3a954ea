# SPDX-License-Identifier: Apache-2.0
"""Stop, start, kill, a new container on the same volume: the objects are there again."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from .demo import ACCESS_KEY, Demo, docker, wait_until

OBJECTS = {f"object-{number}": secrets.token_bytes(1000 * (number + 1)) for number in range(20)}


@pytest.fixture(scope="module")
def kept(run, volume, user, secret) -> str:
    """A volume with twenty objects, whose container was killed and is gone."""
    name = volume()
    demo = run(f"--volume={name}:/var/lib/ceph", **user).ready(secret)
    assert demo.swift("PUT", "/kept", secret).status_code == 201
    for key, data in OBJECTS.items():
        assert demo.swift("PUT", f"/kept/{key}", secret, data=data).status_code == 201
    demo.remove()
    return name


@pytest.fixture
def on_volume(run, kept, user):
    """Run a container on the kept volume, for the time of a block."""

    @contextmanager
    def start(port: int = 8080, **environment: str) -> Iterator[Demo]:
        demo = run(f"--volume={kept}:/var/lib/ceph", port=port, **{**user, **environment})
        yield demo
        docker("rm", "--force", demo.container)

    return start


def assert_intact(demo: Demo, secret: str) -> None:
    """All objects can be read, and the gateway takes changes of data and of containers."""
    demo.ready(secret)
    for key, data in OBJECTS.items():
        assert demo.swift("GET", f"/kept/{key}", secret).content == data, key
    name = secrets.token_hex(4)
    assert demo.swift("PUT", f"/{name}", secret).status_code == 201
    assert demo.swift("PUT", f"/{name}/new", secret, data=b"new").status_code == 201
    assert demo.swift("GET", f"/{name}/new", secret).content == b"new"


def test_stop_and_start_then_kill_and_start(on_volume, secret):
    with on_volume() as demo:
        assert_intact(demo, secret)
        docker("stop", demo.container)
        docker("start", demo.container)
        assert_intact(demo, secret)
        docker("kill", demo.container)
        began = time.monotonic()
        docker("start", demo.container)
        assert_intact(demo, secret)
        # A dead OSD would be waited for 16 s, a dead gateway 30 s.
        assert time.monotonic() - began < 12


def test_new_container_with_other_port_address_name_and_count(on_volume, secret):
    """What is written once by others takes effect here; the monitor moves from loopback to the container's address."""
    with on_volume(
        port=8090, RGW_FRONTEND_PORT="8090", NETWORK_AUTO_DETECT="4", RGW_NAME="other", OSD_COUNT="2"
    ) as demo:
        assert_intact(demo, secret)
        address = demo.run("hostname", "-i")
        assert f"monitor's address changed from [v2:127.0.0.1:3300/0] to [v2:{address}:3300/0]" in demo.logs()
        assert demo.running("radosgw") == ["radosgw -f --name client.rgw.other"]
        assert len(demo.running("ceph-osd")) == 2
    with on_volume(OSD_COUNT="1") as demo:
        assert_intact(demo, secret)
        assert f"changed from [v2:{address}:3300/0] to [v2:127.0.0.1:3300/0]" in demo.logs()
        assert len(demo.running("ceph-osd")) == 2, "an OSD with data must not be left out"


def test_changed_keys_replace_the_old_ones(on_volume, secret):
    with on_volume(CEPH_DEMO_ACCESS_KEY="OTHERKEY", CEPH_DEMO_SECRET_KEY="other-secret") as demo:
        assert_intact(demo, "other-secret")
        assert demo.s3("HEAD", "/kept", "other-secret", "OTHERKEY").status_code == 200
        assert demo.s3("HEAD", "/kept", secret, ACCESS_KEY).status_code == 403
        assert demo.swift("GET", "", secret).status_code in (401, 403)
    with on_volume() as demo:
        assert_intact(demo, secret)
        assert demo.s3("HEAD", "/kept", "other-secret", "OTHERKEY").status_code == 403


def test_existing_user_is_left_alone(on_volume, secret):
    with on_volume() as demo:
        demo.ready(secret)
        demo.run("radosgw-admin", "user", "modify", "--uid=demo", "--display-name=Mine", "--max-buckets=77")
    with on_volume() as demo:
        demo.ready(secret)
        user = demo.run("radosgw-admin", "user", "info", "--uid=demo")
        assert '"display_name": "Mine"' in user
        assert '"max_buckets": 77' in user


def test_data_on_disk_are_not_taken_for_memory(on_volume, secret):
    with on_volume(OSD_OBJECTSTORE="memstore") as demo:
        assert "OSD_OBJECTSTORE=memstore: /var/lib/ceph holds data made with bluestore" in demo.ended()
    with on_volume() as demo:
        assert_intact(demo, secret)


def test_data_of_others_are_refused(run, volume, image):
    mount = f"--volume={volume()}:/var/lib/ceph"
    docker("run", "--rm", mount, "--entrypoint=mkdir", image, "-p", "/var/lib/ceph/mon/ceph-host1/store.db")
    demo = run(mount)
    assert "holds Ceph data that this demo did not make (/var/lib/ceph/mon/ceph-host1)" in demo.ended()
    assert demo.state()["ExitCode"] == 1


def test_memory_is_empty_again_after_a_restart(run, user, secret):
    demo = run("--tmpfs=/var/lib/ceph", OSD_OBJECTSTORE="memstore", **user).ready(secret)
    assert demo.swift("PUT", "/box", secret).status_code == 201
    docker("restart", demo.container)
    demo.ready(secret)
    assert demo.swift("HEAD", "/box", secret).status_code == 404
    assert demo.swift("PUT", "/box", secret).status_code == 201


def test_memory_without_a_tmpfs_survives_a_kill_as_well(run, user, secret):
    """Monitor and gateway remember a cluster whose objects are gone: it has to be made anew."""
    demo = run(OSD_OBJECTSTORE="memstore", **user).ready(secret)
    docker("kill", demo.container)
    docker("start", demo.container)
    demo.ready(secret)
    wait_until(lambda: demo.swift("PUT", "/box", secret).status_code == 201, "a container")
