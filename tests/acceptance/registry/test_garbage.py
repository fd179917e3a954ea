# SPDX-License-Identifier: Apache-2.0
"""The garbage collection of two replicas on swift: what nothing needs goes, all else stays, pushes go on after it."""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.client import OciRegistry
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.content import Image
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.storage.layout import blob_key

from tests.background import in_background
from tests.faulty_gateway import FaultyGateway

from .image_set import ImageSet, all_faults
from .storage_site import CHUNK_BYTES, running_site
from .waiting import push_status

IMAGES = ImageSet(repositories=2, tags=6, bases=3)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running_site(tmp_path_factory.mktemp("garbage"), replicas=2) as site:
        yield site


@pytest.fixture(scope="module")
def images(site):
    """What has to stay, whatever is collected."""
    return IMAGES.push(site.urls[0])


@pytest.fixture
def garbage(site, images):
    """An image of two segments, pushed and deleted; its blobs are still there."""
    registry = OciRegistry(site.urls[0])
    registry.begin(120)
    image = Image("garbage", [CHUNK_BYTES + 1])
    for blob in image.blobs:
        registry.push("team0/app0", blob)
    registry.put_manifest("team0/app0", "old", image.manifest)
    registry.delete("team0/app0", image.manifest)
    return image


def test_short_pages_stop_it_before_anything_is_touched(site, images, garbage):
    started, before = site.started(), stored(site)
    with FaultyGateway("127.0.0.1", site.gateway.port, "short-pages") as proxy:
        run = site.play("registry_gc", registry_gateway_endpoint=proxy.url)
        assert proxy.injected
    assert run.code != 0
    assert "full-pages: listing-wrong" in run.output, run.output[-4000:]
    assert site.started() == started
    assert stored(site) == before


def test_a_collection_that_fails_leaves_pushes_possible(site, images, garbage):
    before = stored(site)
    manifest = next(iter(images.values()))[0]
    bucket, key = site.bucket("registry"), f"files/{blob_key(manifest.digest)}"
    bucket.write(key, b"no manifest any more")
    try:
        run = site.play("registry_gc")
    finally:
        bucket.write(key, manifest.content)
    assert run.code != 0
    assert f"{manifest.digest}: no manifest" in run.output, run.output[-4000:]
    assert site.push_statuses() == [202, 202]
    assert stored(site) == before
    assert not any((folder / "lease").exists() for folder in site.folders) and not site.guards()


def test_what_nothing_needs_goes_and_all_else_stays(site, images, garbage):
    gone = [f"files/{blob_key(blob.digest)}" for blob in (*garbage.blobs, garbage.manifest)]
    before = stored(site)
    assert set(gone) <= before
    with push_statuses(site) as seen:
        run = site.play("registry_gc")
    assert run.code == 0, run.output[-4000:]
    assert all({202, 405} <= set(statuses) for statuses in seen), seen
    assert site.push_statuses() == [202, 202]
    assert not any((folder / "lease").exists() for folder in site.folders) and not site.guards()
    # Besides, what the proof of the role has left behind goes.
    lost = before - stored(site)
    assert set(gone) <= lost
    said = re.search(r"([0-9]+) blobs with ([0-9]+) bytes and 0 manifests were deleted", " ".join(run.output.split()))
    assert said and int(said[1]) == sum(key.endswith("/data") for key in lost), run.output[-4000:]
    assert int(said[2]) >= sum(blob.size for blob in (*garbage.blobs, garbage.manifest))
    # Two segments of the layer, one of the configuration.
    assert sum(key.startswith("segments/") for key in lost) >= 3
    for url in site.urls:
        assert all_faults(url, images) == []


def test_it_is_scheduled_by_an_entry_of_the_controller_s_crontab(site, tmp_path, monkeypatch):
    table = tmp_path / "crontab"
    program = tmp_path / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nif [ "$1" = -l ]; then cat {table}; else cp "$1" {table}; fi\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/sbin:/usr/bin:/sbin:/bin")
    table.write_text("# of somebody else\n")
    schedule = {"registry_gc_schedule": {"weekday": "0"}, "registry_gc_command": "make-it-clean"}
    assert site.play("registry_gc_schedule", **schedule).code == 0
    assert "0 3 * * 0 make-it-clean" in table.read_text()
    again = site.play("registry_gc_schedule", **schedule)
    assert (again.code, again.count("changed")) == (0, 0)
    assert site.play("registry_gc_schedule").code == 0
    assert table.read_text() == "# of somebody else\n"


def stored(site) -> set[str]:
    """The keys in the container, but for uploads that are under way."""
    return {entry.key for entry in site.bucket("registry").entries() if "/_uploads/" not in entry.key}


@contextmanager
def push_statuses(site):
    """What each registry says to those who begin a push, until the block ends."""
    seen = [set() for _url in site.urls]

    def watch(_number: int, stop: threading.Event) -> None:
        while not stop.wait(0.2):
            for statuses, url in zip(seen, site.urls):
                statuses.add(push_status(url))

    with in_background(watch):
        yield seen
