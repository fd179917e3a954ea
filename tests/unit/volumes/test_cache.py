# SPDX-License-Identifier: Apache-2.0
"""Files of the driver's cache that have not reached swift, by rclone's notes."""

from __future__ import annotations

import json

from ansible_collections.rgwkit.ceph.plugins.module_utils.volumes.cache import not_uploaded


def note(folder, name, content):
    file = folder / "vfsMeta" / "rgw" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)


def test_files_that_wait_for_their_upload(tmp_path):
    note(tmp_path, "data/new", json.dumps({"Size": 5, "Dirty": True}))
    note(tmp_path, "data/a/b", json.dumps({"Size": 5, "Dirty": True}))
    note(tmp_path, "data/done", json.dumps({"Size": 5, "Dirty": False}))
    assert not_uploaded(str(tmp_path)) == ["rgw/data/a/b", "rgw/data/new"]


def test_a_note_that_cannot_be_read_counts_as_one_that_waits(tmp_path):
    note(tmp_path, "data/cut", '{"Size": 5, "Di')
    note(tmp_path, "data/other", "[]")
    assert not_uploaded(str(tmp_path)) == ["rgw/data/cut", "rgw/data/other"]


def test_without_a_cache_nothing_waits(tmp_path):
    assert not_uploaded(str(tmp_path / "missing")) == []
