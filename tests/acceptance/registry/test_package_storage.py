# SPDX-License-Identifier: Apache-2.0
"""A registry from Debian's package on a gateway: its garbage is collected, and it moves from swift to s3."""

from __future__ import annotations

import secrets
import subprocess

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.client import OciRegistry
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.content import Image
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.storage.layout import blob_key
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.bucket import S3Bucket

from tests.integration.gateway import running_gateway
from tests.playbooks import free_port

from .debian_host import STORAGE_KEY, debian_host
from .image_set import ImageSet, all_faults
from .storage_site import CHUNK_BYTES

IMAGES = ImageSet(repositories=2, tags=3, bases=2)
REDIS_KEY = "/etc/rgwkit-test/redis.key"
S3 = {"registry_storage": "s3"}


@pytest.fixture(scope="module")
def network():
    """The name of a network in which containers find each other by name."""
    name = f"rgwkit-test-{secrets.token_hex(3)}"
    docker("network", "create", name)
    yield name
    docker("network", "rm", name)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, network):
    """A gateway, and the URL by which the network's containers reach it."""
    with running_gateway(tmp_path_factory.mktemp("gateway")) as gateway:
        join(gateway, network)
        ready = wait_ready(Endpoint.parse(gateway.url), Login(gateway.user, gateway.secret), 60)
        assert ready.ok, f"{ready}\n{gateway.logs()[-4000:]}"
        yield gateway, "http://gateway:8080"
        docker("network", "disconnect", "--force", network, gateway.container)


@pytest.fixture(scope="module")
def port():
    """Where the registry is on this machine, also when its host has another address after a boot."""
    return free_port()


@pytest.fixture(scope="module")
def host(tmp_path_factory, gateway, network, port):
    """A host with a redis of its own, and the registry that a first run has made on it."""
    running, url = gateway
    reached = [f"--network={network}", f"--publish=127.0.0.1:{port}:5001"]
    with debian_host(tmp_path_factory.mktemp("package"), *reached) as host:
        redis_port = run_redis(host)
        host.use_storage(running, url)
        host.variables |= {
            "registry_cache": "redis",
            "registry_redis": {"addr": f"127.0.0.1:{redis_port}"},
            "registry_redis_password_file": REDIS_KEY,
        }
        first = host.play()
        assert first.code == 0, first.output[-4000:]
        yield host


@pytest.fixture(scope="module")
def url(host, port):
    return f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def images(url):
    """What has to stay, whatever is done."""
    return IMAGES.push(url)


@pytest.fixture(scope="module")
def stored(gateway):
    """Looks up the keys of a bucket or container, but for uploads that are under way."""

    def look(name):
        running, _ = gateway
        bucket = S3Bucket(Endpoint.parse(running.url), Login(running.access_key, running.secret), name, 30)
        if not bucket.exists():
            return set()
        return {entry.key for entry in bucket.entries() if "/_uploads/" not in entry.key}

    return look


def test_its_garbage_is_collected_and_redis_forgets_it(host, url, images, stored):
    image = Image("garbage", [CHUNK_BYTES + 1])
    registry = OciRegistry(url)
    registry.begin(120)
    push(registry, image)
    registry.delete("team0/app0", image.manifest)
    gone = {f"files/{blob_key(blob.digest)}" for blob in (*image.blobs, image.manifest)}
    before, began = stored("registry"), host.shown("ActiveEnterTimestampMonotonic")
    assert gone <= before
    early = host.play("--check", playbook="registry_gc")
    said = " ".join(early.output.split())
    # Nothing is there yet that could ask redis, and check mode installs nothing.
    assert early.code == 0 and "redis cannot be read before python3-redis is installed" in said, early.output[-4000:]
    assert (stored("registry"), host.shown("ActiveEnterTimestampMonotonic")) == (before, began)
    run = host.play("-vvvv", playbook="registry_gc")
    assert run.code == 0, run.output[-6000:]
    assert host.tell("cat", STORAGE_KEY) not in run.output and host.tell("cat", REDIS_KEY) not in run.output
    lost = before - stored("registry")
    assert gone <= lost
    assert all_faults(url, images) == []
    registry.begin(120)
    for blob in image.blobs:
        assert requests.head(f"{url}/v2/team0/app0/blobs/{blob.digest}", timeout=60).status_code == 404
    push(registry, image)
    assert all_faults(url, {("team0/app0", "old"): [image.manifest, *image.blobs]}) == []


def test_a_second_collection_finds_nothing(host, url, images, stored):
    before = stored("registry")
    for options in (("--check",), ()):
        run = host.play(*options, playbook="registry_gc")
        said = " ".join(run.output.split())
        assert run.code == 0 and "0 blobs with 0 bytes and 0 manifests" in said, run.output[-4000:]
    assert stored("registry") == before
    assert requests.post(f"{url}/v2/canary/blobs/uploads/", timeout=30).status_code == 202


def test_a_host_that_boots_before_its_gateway_has_its_registry_soon_after_it(host, url, images, gateway, network):
    running, _ = gateway
    docker("network", "disconnect", network, running.container)
    try:
        host.boot()
        host.wait_for(lambda: int(host.shown("NRestarts")) > 5, "systemd to try more often than it would by default")
        with pytest.raises(requests.RequestException):
            requests.get(f"{url}/v2/", timeout=10)
    finally:
        join(running, network)
    host.wait_for(lambda: host.header("Docker-Distribution-Api-Version") == "registry/2.0", "the registry")
    assert all_faults(url, images) == []
    registry = OciRegistry(url)
    registry.begin(120)
    push(registry, Image("after the boot", [CHUNK_BYTES + 1]))


def test_a_migration_only_says_what_it_would_do_in_check_mode(host, images, stored):
    began, before = host.shown("ActiveEnterTimestampMonotonic"), stored("registry")
    run = host.play("--check", "--diff", playbook="registry_migrate", **S3)
    assert run.code == 0, run.output[-6000:]
    assert run.count("changed") > 0
    assert (host.shown("ActiveEnterTimestampMonotonic"), stored("registry")) == (began, before)
    assert stored("registry-s3") == set()


def test_it_moves_to_s3_with_all_its_images(host, url, images, stored):
    run = host.play("-vvvv", playbook="registry_migrate", **S3)
    assert run.code == 0, run.output[-6000:]
    assert host.tell("cat", STORAGE_KEY) not in run.output and host.tell("cat", REDIS_KEY) not in run.output
    assert "  s3:" in host.tell("cat", "/etc/rgwkit/hub/config.yml")
    assert all_faults(url, images) == []
    assert requests.post(f"{url}/v2/canary/blobs/uploads/", timeout=30).status_code == 202
    assert {key for key in stored("registry-s3") if key.endswith("/data")}


def test_a_second_migration_changes_nothing(host, images):
    for playbook in ("registry_migrate", "registry"):
        again = host.play(playbook=playbook, **S3)
        assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_the_container_goes_when_told(host, url, images, stored):
    removed = host.play(playbook="registry_migrate", **S3, registry_migrate_remove_source=True)
    assert removed.code == 0, removed.output[-4000:]
    assert stored("registry") == set()
    assert all_faults(url, images) == []


def docker(*words):
    return subprocess.run(["docker", *words], capture_output=True, text=True, check=True).stdout.strip()


def join(gateway, network):
    docker("network", "connect", "--alias=gateway", network, gateway.container)


def push(registry, image):
    for blob in image.blobs:
        registry.push("team0/app0", blob)
    registry.put_manifest("team0/app0", "old", image.manifest)


def run_redis(host):
    """Debian's redis with a password; its port."""
    port, password = 6380, secrets.token_hex(16)
    installed = host.tell("apt-get", "install", "--yes", "--no-install-recommends", "redis-server")
    host.write(REDIS_KEY, password)
    host.write("/etc/rgwkit-test/redis.conf", f"bind 127.0.0.1\nport {port}\nrequirepass {password}\n")
    unit = "[Service]\nExecStart=redis-server /etc/rgwkit-test/redis.conf\n[Install]\nWantedBy=multi-user.target\n"
    host.write("/etc/systemd/system/cache.service", unit)
    begun = host.tell("systemctl", "enable", "--now", "cache")
    assert host.shown("ActiveState", "cache") == "active", f"{installed}\n{begun}"
    return port
