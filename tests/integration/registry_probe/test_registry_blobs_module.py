# SPDX-License-Identifier: Apache-2.0
"""registry_blobs, registry_gc and registry_migrate on real registries: nothing is lost, and what is lost is found."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.client import OciRegistry
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.content import Image
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.storage.layout import blob_key, tag_key
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.bucket import S3Bucket
from ansible_collections.rgwkit.ceph.plugins.modules import registry_blobs, registry_gc, registry_migrate

from tests.faulty_gateway import FaultyGateway
from tests.integration.registry_probe.conftest import CHUNK_BYTES, Registry, swift

REPOSITORIES = ("first/app", "second/app")
IMAGES = [Image(f"image of {name}", [1000, CHUNK_BYTES + 1]) for name in REPOSITORIES]


@pytest.fixture
def storage(gateway) -> dict[str, Any]:
    """A container of its own for a registry: the section `storage` of the registry, with the swift driver."""
    section = swift(gateway)
    section["swift"]["container"] = f"registry-{secrets.token_hex(4)}"
    return section


@pytest.fixture
def registry(start, storage) -> Registry:
    """A registry with an image in each repository; `latest` is a tag of the image, `index` of an index of it."""
    running = start(storage=storage)
    client = OciRegistry(running.url)
    for repository, image in zip(REPOSITORIES, IMAGES):
        client.begin(60)
        for blob in image.blobs:
            client.push(repository, blob)
        client.put_manifest(repository, "latest", image.manifest)
        client.put_manifest(repository, "index", image.index)
    client.close()
    return running


@pytest.fixture
def bucket(gateway, storage) -> S3Bucket:
    login = Login(gateway.access_key, gateway.secret)
    return S3Bucket(Endpoint.parse(gateway.url), login, storage["swift"]["container"], 30)


@pytest.fixture
def run(run_module, gateway, storage):
    """Run one of the modules on the registry's container."""

    def run(module, **options: Any) -> dict[str, Any]:
        where = {"endpoint": gateway.url, "bucket": storage["swift"]["container"], "root": "files"}
        keys = {"access_key": gateway.access_key, "secret_key_file": str(gateway.secret_file)}
        return run_module(module, **{**where, **keys, **options})

    return run


def test_all_is_there_and_the_registry_gives_it(registry, run):
    found = run(registry_blobs, registry={"url": registry.url})
    assert found["faults"] == [], found
    counts = {name: found[name] for name in ("repositories", "tags", "manifests", "blobs")}
    assert counts == {"repositories": 2, "tags": 4, "manifests": 4, "blobs": 10}
    parts = [part for image in IMAGES for part in (*image.blobs, image.manifest, image.index)]
    assert found["bytes"] == sum(part.size for part in parts)


def test_what_is_changed_or_lost_is_named(registry, run, bucket):
    config, changed, lost = IMAGES[0].blobs
    bucket.write(f"files/{blob_key(changed.digest)}", b"other bytes")
    bucket.remove(f"files/{blob_key(lost.digest)}")
    bucket.write(f"files/{tag_key(REPOSITORIES[1], 'latest')}", config.digest.encode())
    found = run(registry_blobs, depth="digests", registry={"url": registry.url})
    assert "faults" in found, found
    faults = [f"{fault['place']}: {fault['what']}" for fault in found["faults"]]
    tag = f"{REPOSITORIES[1]}:latest"
    assert f"{lost.digest}: is missing; manifest {IMAGES[0].manifest.digest} needs it" in faults
    assert f"{tag}: leads to {config.digest}, which is no manifest of the repository" in faults
    assert any(fault.startswith(f"{changed.digest}: its 11 bytes have the digest sha256:") for fault in faults)
    assert any(fault.startswith(f"{tag}: wrong-status") for fault in faults)


def test_what_a_copy_lacks_is_named(registry, run, bucket, storage):
    copied = bucket.another(bucket.name + "-copy")
    copied.make()
    entries = [entry.key for entry in bucket.entries("files/") if "/_uploads/" not in entry.key]
    for key in entries[1:]:
        copied.write(key.removeprefix("files/"), bucket.read(key))
    source = {"bucket": bucket.name, "root": "files"}
    found = run(registry_blobs, bucket=copied.name, root="", source=source, depth="links")
    missing = entries[0].removeprefix("files/")
    told = [(fault["place"], fault["what"]) for fault in found["faults"]]
    assert (missing, f"is missing; {entries[0]} is in {bucket.name}") in told


def test_the_layout_of_swift_is_told_from_that_of_s3(registry, run):
    assert run(registry_blobs, depth="layout")["faults"][0]["what"].startswith("is listed with 0 bytes")
    assert "is a file of the swift driver" in run(registry_blobs, depth="layout", root="")["msg"]


def test_a_wrong_key_is_told_and_not_shown(registry, run):
    found = run(registry_blobs, secret_key="wrong-secret-key", secret_key_file=None)
    assert "HTTP 403" in found["msg"] and "wrong-secret-key" not in found["printed"]


def test_a_collector_that_gets_short_pages_is_not_let_loose(start, registry, run, gateway, storage, bucket):
    before = {entry.key for entry in bucket.entries()}
    with FaultyGateway(gateway.host, gateway.port, "short-pages") as proxy:
        storage["swift"]["authurl"] = f"{proxy.url}/auth/v1"
        misled = start(storage=storage)
        found = run(registry_gc, container=misled.container)
        assert proxy.injected
    assert found["failed"] and "blobs that are in use" in found["msg"], found
    assert {entry.key for entry in bucket.entries()} == before


def test_the_parts_of_an_index_are_not_garbage(registry, run, bucket):
    client = OciRegistry(registry.url)
    client.begin(60)
    only_index = Image("only in an index", [1000])
    for blob in only_index.blobs:
        client.push(REPOSITORIES[0], blob)
    client.put_manifest(REPOSITORIES[0], only_index.manifest.digest, only_index.manifest)
    client.put_manifest(REPOSITORIES[0], "multi", only_index.index)
    before = {entry.key for entry in bucket.entries()}
    found = run(registry_gc, container=registry.container, delete_untagged=True)
    assert found["failed"] and only_index.manifest.digest in found["msg"], found
    assert {entry.key for entry in bucket.entries()} == before
    found = run(registry_gc, container=registry.container)
    assert (found["changed"], found["blobs"]) == (False, 0)


def test_a_collector_that_does_not_come_to_an_end_is_told_with_its_last_words(registry, run):
    found = run(registry_gc, container=registry.container, config="/no/such.yml")
    assert found["failed"] and "/no/such.yml" in found["msg"]


@pytest.fixture
def copy(run, gateway, storage):
    """Run registry_migrate from the registry's container to a bucket of its own."""

    def copy(state: str = "copied", **options: Any) -> dict[str, Any]:
        container = storage["swift"]["container"]
        swift_user = {"swift_user": gateway.user, "swift_secret_file": str(gateway.secret_file)}
        where = {"container": container, "bucket": f"{container}-s3", "root": "/below"}
        return run(registry_migrate, state=state, **{**swift_user, **where, **options})

    return copy


def test_a_copy_goes_on_and_is_the_registry_s_own_when_it_is_finished(registry, run, copy, bucket):
    assert copy(check=True)["changed"] and not bucket.another(bucket.name + "-s3").exists()
    first = copy()
    assert first["changed"] and first["copied"] > 20, first
    again = copy()
    assert (again["changed"], again["copied"], again["compared"]) == (False, 0, first["copied"])
    target = bucket.another(bucket.name + "-s3")
    target.remove(f"below/{blob_key(IMAGES[0].manifest.digest)}")
    target.write(f"below/{tag_key(REPOSITORIES[0], 'latest')}", IMAGES[0].index.digest.encode())
    target.write(f"below/{tag_key(REPOSITORIES[0], 'gone')}", IMAGES[0].index.digest.encode())
    mended = copy()
    assert (mended["copied"], mended["deleted"]) == (2, 1), mended
    source = {"bucket": bucket.name, "root": "files"}
    checked = run(registry_blobs, bucket=target.name, root="below", source=source, depth="digests")
    assert (checked["faults"], checked["tags"], checked["blobs"]) == ([], 4, 10)
    assert copy("finished")["changed"] and not copy("finished")["changed"]
    assert "is not empty" in copy()["msg"]


def test_a_container_is_removed_with_its_segments(registry, copy, bucket):
    assert copy()["changed"]
    assert copy("source_absent")["changed"]
    assert not bucket.exists()
    assert not copy("source_absent")["changed"]


def test_a_copy_onto_itself_or_from_nowhere_is_refused(registry, copy, bucket):
    assert "one and the same" in copy(bucket=bucket.name)["msg"]
    assert "container nowhere: there is no such container" in copy(container="nowhere")["msg"]
