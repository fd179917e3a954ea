# SPDX-License-Identifier: Apache-2.0
"""Two replicas whose cache is one redis: one registry, also after its garbage was collected."""

from __future__ import annotations

import itertools
import stat
import subprocess
import threading
from contextlib import contextmanager, suppress

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.client import OciRegistry
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.content import Image
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.storage.layout import blob_key

from tests.background import in_background
from tests.integration.processes import command_lines

from .image_set import ImageSet, all_faults
from .redis_server import redis_server
from .storage_site import CHUNK_BYTES, running_site

IMAGES = ImageSet(repositories=2, tags=3, bases=2)
REPOSITORY = "team0/app0"
DATABASE = 5
# In the same database: of somebody's sessions, and of another registry, whose blobs are in another bucket.
FOREIGN_DIGEST = f"sha256:{'f' * 64}"
FOREIGN = {f"blobs::{FOREIGN_DIGEST}": {"digest": FOREIGN_DIGEST, "size": "7"}, "session": {"user": "somebody"}}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(scope="module")
def site(tmp_path_factory, server):
    cache = {
        "registry_cache": "redis",
        "registry_redis": {"addr": server.address, "db": DATABASE, "pool": {"maxidle": 8, "idletimeout": "60s"}},
        "registry_redis_password_file": str(server.password_file),
        "registry_gc_redis_shared": True,
        # The interpreter of these plays has its own.
        "registry_gc_install_redis": False,
    }
    with running_site(tmp_path_factory.mktemp("shared-cache"), replicas=2, **cache) as site:
        yield site


@pytest.fixture(scope="module")
def images(site):
    """What has to stay, whatever is collected."""
    return IMAGES.push(site.urls[0])


@pytest.fixture
def cache(server):
    client = server.client(DATABASE)
    for key, fields in FOREIGN.items():
        client.hset(key, mapping=fields)
    client.sadd("repository::elsewhere::blobs", FOREIGN_DIGEST)
    yield client
    assert {key: client.hgetall(key) for key in FOREIGN} == FOREIGN
    assert client.smembers("repository::elsewhere::blobs") == {FOREIGN_DIGEST}


@pytest.fixture
def garbage(site, images, request):
    """An image that was pushed to one replica, pulled from the other, and deleted; its blobs are still there."""
    image = Image(request.node.name, [CHUNK_BYTES + 1])
    push(site.urls[0], image)
    assert faults(site, image) == []
    client = registry(site.urls[0])
    client.delete(REPOSITORY, image.manifest)
    return image


def test_what_is_pushed_to_one_is_pulled_from_the_other(site, images, cache):
    assert all_faults(site.urls[1], images) == []
    assert any(cache.scan_iter("blobs::sha256:*"))


def test_a_redis_that_does_not_answer_stops_it_before_anything_is_touched(site, garbage, server, tmp_path):
    before = stored(site), site.started()
    nobody = site.play("registry_gc", registry_gc_redis_address="127.0.0.1:1")
    assert nobody.code != 0
    said = " ".join(nobody.output.split())
    assert "Could not read redis at 127.0.0.1:1, database 5: Error 111 connecting" in said, nobody.output[-4000:]
    assert "Next: see that redis runs at this address" in said
    wrong = tmp_path / "wrong"
    wrong.touch(mode=0o600)
    wrong.write_text("canary-of-a-wrong-one")
    refused = site.play("registry_gc", "-vvvv", registry_redis_password_file=str(wrong))
    assert refused.code != 0 and "invalid username-password pair" in refused.output, refused.output[-4000:]
    assert "canary-of-a-wrong-one" not in refused.output
    assert (stored(site), site.started()) == before


def test_check_mode_tells_and_changes_nothing(site, garbage, cache):
    before = stored(site), site.started(), content(cache)
    run = site.play("registry_gc", "--check")
    assert run.code == 0, run.output[-4000:]
    assert "would be removed from redis" in " ".join(run.output.split())
    assert (stored(site), site.started(), content(cache)) == before


def test_a_push_after_the_collection_uploads_what_went(site, images, garbage, cache, server):
    with command_lines() as seen, asking_for(site, garbage) as statuses:
        run = site.play("registry_gc", "-vvvv", "--diff")
    assert run.code == 0, run.output[-6000:]
    assert {200, 404} <= statuses
    assert said_of(cache, garbage) == []
    assert not {blob_key(blob.digest) for blob in garbage.blobs} & {key.partition("/")[2] for key in stored(site)}
    for url in site.urls:
        assert [head(url, blob) for blob in garbage.blobs] == [404] * len(garbage.blobs)
    push(site.urls[1], garbage, only_what_is_missing=True)
    assert faults(site, garbage) == []
    for url in site.urls:
        assert all_faults(url, images) == []
    # The cache is in use again, by both.
    assert said_of(cache, garbage) != []
    assert site.push_statuses() == [202, 202]
    assert server.password not in run.output
    assert not [line for line in seen if server.password.encode() in line]
    for number in range(2):
        config = site.folder / f"registry{number}" / "config.yml"
        assert server.password in config.read_text()
        # Root owns the file, and the registry reads the file by its group.
        seen = config.stat()
        assert (stat.S_IMODE(seen.st_mode), seen.st_uid, seen.st_gid) == (0o640, 0, 65532)


def test_a_collection_that_nobody_told_redis_of_is_made_good(site, garbage, server):
    collector = ["docker", "exec", site.registry_name(0), "docker-registry", "garbage-collect"]
    subprocess.run([*collector, "/etc/docker/registry/config.yml"], capture_output=True, check=True)
    # The fault: the registry says that the blobs are there, so nobody uploads them, and the image cannot be pulled.
    assert [head(url, blob) for url in site.urls for blob in garbage.blobs] == [200] * 2 * len(garbage.blobs)
    push(site.urls[0], garbage, only_what_is_missing=True)
    assert faults(site, garbage) != []
    registry(site.urls[0]).delete(REPOSITORY, garbage.manifest)
    # The manifest is one that only redis knows of, as no link leads to it any more.
    run = site.play("registry_gc", registry_gc_redis_shared=False)
    assert run.code == 0, run.output[-4000:]
    push(site.urls[0], garbage, only_what_is_missing=True)
    assert faults(site, garbage) == []
    assert server.client(DATABASE).hgetall("session") == FOREIGN["session"]


def test_a_second_run_changes_nothing_but_the_registries_restarts(site, cache):
    assert site.play("registry_gc").code == 0
    before = stored(site), content(cache)
    again = site.play("registry_gc")
    assert again.code == 0, again.output[-6000:]
    assert "0 blobs with 0 bytes and 0 manifests were deleted" in " ".join(again.output.split())
    assert "entries of 0 blobs were removed from redis" in " ".join(again.output.split())
    assert (stored(site), content(cache)) == before


def registry(url):
    client = OciRegistry(url)
    client.begin(120)
    return client


def push(url, image, only_what_is_missing=False):
    """Push an image as docker does: what the registry says that it has is not uploaded."""
    client = registry(url)
    for blob in image.blobs:
        if not only_what_is_missing or head(url, blob) == 404:
            client.push(REPOSITORY, blob)
    client.put_manifest(REPOSITORY, "old", image.manifest)


def head(url, blob):
    return requests.head(f"{url}/v2/{REPOSITORY}/blobs/{blob.digest}", timeout=60).status_code


@contextmanager
def asking_for(site, image):
    """Ask both replicas for an image's blobs until the block ends, which is what brings them into the cache."""
    seen: set[int] = set()

    def ask(_number, stop: threading.Event) -> None:
        while not stop.wait(0.2):
            for url, blob in itertools.product(site.urls, image.blobs):
                with suppress(requests.ConnectionError):  # It restarts.
                    seen.add(head(url, blob))

    with in_background(ask):
        yield seen


def faults(site, image):
    """What is wrong with an image as the replicas give it, each blob by its digest."""
    parts = {(REPOSITORY, "old"): [image.manifest, *image.blobs]}
    return [fault for url in site.urls for fault in all_faults(url, parts)]


def said_of(cache, image):
    """The keys of redis that speak of an image's blobs."""
    digests = [blob.digest for blob in (*image.blobs, image.manifest)]
    keys = [f"blobs::{digest}" for digest in digests]
    keys += [f"repository::{REPOSITORY}::blobs::{digest}" for digest in digests]
    members = cache.smembers(f"repository::{REPOSITORY}::blobs")
    return [key for key in keys if cache.exists(key)] + [digest for digest in digests if digest in members]


def content(cache):
    return {key: cache.smembers(key) if cache.type(key) == "set" else cache.hgetall(key) for key in cache.scan_iter()}


def stored(site) -> set[str]:
    """The keys in the container, but for uploads that are under way."""
    return {entry.key for entry in site.bucket("registry").entries() if "/_uploads/" not in entry.key}
