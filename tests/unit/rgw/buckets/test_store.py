# SPDX-License-Identifier: Apache-2.0
"""Writing one aspect: what becomes of it when the gateway refuses, breaks off, or keeps something else."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.store import KeptSomethingElse, store

OLD, NEW = ["a"], ["b"]


class Kept:
    """What a gateway keeps, and how its writes go: each a function of what is written, which may raise."""

    def __init__(self, *writes):
        self.now = OLD
        self.writes = list(writes)

    def write(self, form, _stored):
        self.now = self.writes.pop(0)(self, form) if self.writes else form

    def read(self):
        if isinstance(self.now, ToolError):
            raise self.now
        return self.now

    def store(self):
        return store("bucket 'b' at g", "notification", OLD, NEW, self.write, self.read)


def refuses(after):
    def write(kept, _form):
        kept.now = after
        raise ToolError("write", "notification of bucket 'b'", "NoSuchKey", "Create the topic.", status=404)

    return write


def test_what_is_kept_is_returned():
    assert Kept().store() == NEW


def test_a_refused_write_changes_nothing():
    kept = Kept(refuses(after=OLD))
    with pytest.raises(ToolError, match=r"NoSuchKey. Create the topic.$"):
        kept.store()
    assert kept.now == OLD


def test_a_write_that_fails_halfway_is_put_back():
    """As a PUT of notifications that is refused after the removal of the former ones."""
    kept = Kept(refuses(after=[]))
    with pytest.raises(ToolError, match=r"NoSuchKey. Create the topic. What the bucket had before is back"):
        kept.store()
    assert kept.now == OLD


def test_what_cannot_be_put_back_or_read_is_told():
    with pytest.raises(ToolError, match=r"COULD NOT BE PUT BACK \(Could not write notification"):
        Kept(refuses(after=[]), refuses(after=[])).store()
    gone = ToolError("read", "notification", "closed", "")
    with pytest.raises(ToolError, match=r"Create the topic. What the bucket has now could not be read"):
        Kept(refuses(after=gone)).store()


def test_something_else_is_put_back():
    kept = Kept(lambda _kept, _form: ["c"])
    with pytest.raises(KeptSomethingElse, match="before is back") as raised:
        kept.store()
    assert kept.now == OLD and raised.value.as_dict()["differences"] == ['notification: ["c"] -> ["b"]']
