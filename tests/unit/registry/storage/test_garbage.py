# SPDX-License-Identifier: Apache-2.0
"""The collector is let loose only where its dry run deletes nothing that is needed, and is looked after."""

from __future__ import annotations

import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.content import digest_of
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.storage.garbage import collect_garbage
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.storage.layout import (
    FOLDER,
    blob_key,
    names_in,
    tag_key,
)
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.storage.survey import Storage
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.bucket import Entry

LAYER, OLD = b"layer", b"old layer"


def manifest(*layers, **more):
    return json.dumps({"layers": [{"digest": digest_of(layer)} for layer in layers], **more}).encode()


IMAGE = manifest(LAYER)
INDEX = json.dumps({"manifests": [{"digest": digest_of(IMAGE)}]}).encode()


class Bucket:
    """A bucket with a registry: an index with the tag `latest`, its image, and a layer that nothing needs."""

    name = "bucket"

    def __init__(self):
        self.objects = {blob_key(digest_of(blob)): blob for blob in (LAYER, OLD, IMAGE, INDEX)}
        for digest in (digest_of(IMAGE), digest_of(INDEX)):
            link = f"{FOLDER}repositories/app/_manifests/revisions/{digest.replace(':', '/')}/link"
            self.objects[link] = digest.encode()
        self.objects[tag_key("app", "latest")] = digest_of(INDEX).encode()

    def another(self):
        return self

    def entries(self, prefix):
        return [Entry(key, len(self.objects[key])) for key in sorted(self.objects) if key.startswith(prefix)]

    def read(self, key):
        return self.objects.get(key)

    def size(self, key):
        return len(self.objects[key])


class Collector:
    """Deletes these blobs, unless it runs dry."""

    def __init__(self, bucket, *doomed, code=0, deletes=True):
        self.bucket, self.doomed, self.code, self.deletes = bucket, [digest_of(blob) for blob in doomed], code, deletes
        self.runs = []

    def __call__(self, options, take):
        self.runs.append(list(options))
        take("app: marking blob sha256:" + 64 * "a")
        if not self.code:
            take(f"3 blobs marked, {len(self.doomed)} blobs and 0 manifests eligible for deletion")
        for digest in self.doomed:
            take(f"blob eligible for deletion: {digest}")
            if "--dry-run" not in options and self.deletes:
                del self.bucket.objects[blob_key(digest)]
        return self.code


@pytest.fixture
def bucket():
    return Bucket()


class Cache:
    """Notes which blobs the bucket has, or is to keep, whenever it is asked to forget all others."""

    def __init__(self, error=None):
        self.error, self.kept = error, []

    def reconcile(self, survey, dry, doomed=frozenset()):
        if self.error:
            raise self.error
        self.kept.append(None if dry else survey.blobs.keys() - doomed)
        return len(doomed)


def collect(bucket, collector, delete_untagged=False, dry=False, cache=None):
    return collect_garbage(collector, Storage(bucket, "", 2), delete_untagged, dry, cache)


def test_what_nothing_needs_goes_after_a_dry_run(bucket):
    collector = Collector(bucket, OLD)
    assert collect(bucket, collector) == (3, 1, 0, len(OLD), 0)
    assert collector.runs == [["--dry-run"], []]
    assert blob_key(digest_of(OLD)) not in bucket.objects


def test_nothing_is_deleted_while_the_registry_takes_pushes(bucket):
    collector, asked = Collector(bucket, OLD), []

    def writable():
        asked.append(len(collector.runs))
        raise ToolError("collect", "the garbage", "the registry takes pushes", "")

    with pytest.raises(ToolError, match="takes pushes"):
        collect_garbage(collector, Storage(bucket, "", 2), False, False, None, writable)
    assert (collector.runs, asked) == ([["--dry-run"]], [1])
    assert blob_key(digest_of(OLD)) in bucket.objects


def test_a_registry_that_became_writable_meanwhile_is_told(bucket):
    collector, asked = Collector(bucket, OLD), []

    def writable_at_last():
        asked.append(len(collector.runs))
        if len(asked) == 2:
            raise ToolError("collect", "the garbage", "the registry takes pushes", "")

    with pytest.raises(ToolError, match="takes pushes"):
        collect_garbage(collector, Storage(bucket, "", 2), False, False, None, writable_at_last)
    assert asked == [1, 2]


def test_the_cache_forgets_what_goes_before_it_goes_and_again_at_the_end(bucket):
    cache, collector = Cache(), Collector(bucket, OLD)
    assert collect(bucket, collector, cache=cache).forgotten == 1
    assert cache.kept == [{digest_of(blob) for blob in (LAYER, IMAGE, INDEX)}] * 2
    cache, dry = Cache(), Collector(bucket, LAYER)
    bucket.objects.clear()
    assert collect(bucket, dry, dry=True, cache=cache).forgotten == 1
    assert cache.kept == [None]


def test_nothing_is_deleted_that_the_cache_cannot_forget(bucket):
    before, collector = dict(bucket.objects), Collector(bucket, OLD)
    with pytest.raises(ToolError, match="read redis: refused"):
        collect(bucket, collector, cache=Cache(ToolError("read", "redis", "refused", "Next: mend it")))
    assert (bucket.objects, collector.runs) == (before, [["--dry-run"]])


def test_check_mode_runs_dry_only(bucket):
    collector = Collector(bucket, OLD)
    assert collect(bucket, collector, dry=True).blobs == 1
    assert collector.runs == [["--dry-run"]]


def test_nothing_to_do_is_one_dry_run(bucket):
    collector = Collector(bucket)
    assert collect(bucket, collector).blobs == 0
    assert collector.runs == [["--dry-run"]]


@pytest.mark.parametrize("needed", [LAYER, IMAGE, INDEX])
@pytest.mark.parametrize("delete_untagged", [False, True])
def test_what_is_needed_is_never_given_up(bucket, needed, delete_untagged):
    before, collector = dict(bucket.objects), Collector(bucket, OLD, needed)
    with pytest.raises(ToolError, match=f"1 blobs that are in use: {digest_of(needed)}"):
        collect(bucket, collector, delete_untagged)
    assert bucket.objects == before
    assert all("--dry-run" in options for options in collector.runs)


def test_with_delete_untagged_an_image_that_no_tag_leads_to_may_go(bucket):
    del bucket.objects[tag_key("app", "latest")]
    assert collect(bucket, Collector(bucket, LAYER, IMAGE, INDEX), delete_untagged=True).blobs == 3


def test_a_manifest_that_cannot_be_read_stops_it(bucket):
    bucket.objects[blob_key(digest_of(IMAGE))] = b"\x00"
    with pytest.raises(ToolError, match="Nothing was deleted"):
        collect(bucket, Collector(bucket, OLD))


def test_a_collector_without_a_result_is_quoted(bucket):
    with pytest.raises(ToolError, match=r"ended with 1(.|\n)*marking blob"):
        collect(bucket, Collector(bucket, OLD, code=1))


def test_what_it_has_not_deleted_is_told(bucket):
    with pytest.raises(ToolError, match="1 blobs are still there"):
        collect(bucket, Collector(bucket, OLD, deletes=False))


def test_what_it_has_deleted_besides_is_told(bucket):
    collector = Collector(bucket, OLD)

    def deletes_more(options, take):
        if "--dry-run" not in options:
            del bucket.objects[blob_key(digest_of(LAYER))]
        return collector(options, take)

    with pytest.raises(ToolError, match="1 blobs are gone, which manifests need"):
        collect(bucket, deletes_more)


def test_names_of_every_kind_of_manifest():
    config, layer, elsewhere = (f"sha256:{letter * 64}" for letter in "abc")
    foreign = {"digest": elsewhere, "urls": ["https://elsewhere.example"]}
    image = names_in(json.dumps({"config": {"digest": config}, "layers": [{"digest": layer}, foreign]}).encode())
    assert image == ([], [config, layer])
    assert names_in(json.dumps({"fsLayers": [{"blobSum": layer}]}).encode()) == ([], [layer])
    assert names_in(INDEX) == ([digest_of(IMAGE)], [])
    for broken in (b"", b"[]", b"\xff", b"[" * 3000):
        with pytest.raises(ValueError, match=r".*"):
            names_in(broken)


@pytest.mark.parametrize(
    "member",
    [
        b'"x": ' + b"[" * 3000 + b"]" * 3000,
        b'"x": ' + b'{"a":' * 3000 + b"0" + b"}" * 3000,
        b'"manifests": 5, "fsLayers": [{}, 1, {"blobSum": 2}]',
        b'"x": "\xff\xfe"',
        b'"x": ' + b"9" * 5000,
        b'"layers": null, "LAYERS": [{"size": 1}]',
    ],
    ids=["arrays", "objects", "other-forms", "no-utf8", "long-number", "twice"],
)
def test_what_a_client_adds_to_a_manifest_hides_none_of_its_names(member):
    """Registry 2.8.2 takes each of these: one client with the right to push would else block every collection."""
    config, layer = (f"sha256:{letter * 64}" for letter in "ab")
    image = json.dumps({"config": {"digest": config}, "layers": [{"digest": layer}]}).encode()
    assert names_in(image[:-1] + b", " + member + b"}") == ([], [config, layer])
