# SPDX-License-Identifier: Apache-2.0
"""Buckets of registries: what is not done to them."""

from __future__ import annotations

import pytest

EXPIRE = {"id": "old", "expiration_days": 30}
ABORT = {"id": "uploads", "abort_incomplete_multipart_upload_days": 7}


@pytest.mark.parametrize("folder", ["", "root/"])
def test_a_registry_keeps_its_images(module, owner, name, folder):
    key = f"{folder}docker/registry/v2/blobs/sha256/aa/aa/data"
    entry = {"name": name, "owner": owner.uid}
    module(entry)
    owner.put(name, key)
    for options in ({"versioning": "enabled"}, {"lifecycle": [EXPIRE]}, {"lifecycle": [ABORT, EXPIRE]}):
        assert "a Docker registry keeps its images" in module({**entry, **options})["msg"]
    assert "not removed" in module({"name": name, "state": "absent", "remove_objects": True})["msg"]
    assert module({**entry, "lifecycle": [ABORT]})["changed"] and owner.get(name, key) == 200


def test_a_registry_that_is_declared_is_guarded_while_it_is_empty(module, owner, name):
    entry = {"name": name, "owner": owner.uid, "lifecycle": [ABORT]}
    assert module(entry, registry_buckets=[name])["changed"]
    assert "not removed" in module({"name": name, "state": "absent"}, registry_buckets=[name])["msg"]
    assert module({"name": name, "state": "absent"})["changed"]


def test_uploads_hold_off_removal(module, owner, name):
    module({"name": name, "owner": owner.uid})
    assert owner("POST", f"/{name}/k", {"uploads": ""}).status_code == 200
    assert "incomplete uploads" in module({"name": name, "state": "absent"})["msg"]
    assert module({"name": name, "state": "absent", "remove_objects": True})["changed"]
