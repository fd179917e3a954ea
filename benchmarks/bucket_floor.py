# SPDX-License-Identifier: Apache-2.0
"""The wire floor of rgw_buckets: the fewest requests that a truthful run needs, sent by a bare client (wire.py).

A first run reads each bucket (there is none), creates it, writes each document and reads that again, writes the quota,
and reads the bucket again. A run that changes nothing reads each bucket and each of its documents once. Documents are
asked for in the name of their owner, limits in the administrator's.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from wire import SUCCESS, Login, Request, Wire
from wire_floor import write_user

sys.path.insert(0, str(Path(__file__).parents[1] / ".collections"))
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.catalogue import DOCUMENTS
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.document import Document, Setting

PATH = "/admin/bucket"
# What an entry of the module must not have beside these, or the floor would lack its requests.
KNOWN = {"name", "owner", "quota", *DOCUMENTS}


class BucketFloor(NamedTuple):
    """A gateway and its administrator's key."""

    wire: Wire
    admin: Login

    def new_owner(self) -> Login:
        """A user who may have any number of buckets; the access key is the uid. Raises OSError, WireError."""
        owner = Login(f"o{secrets.token_hex(4)}", secrets.token_hex(20))
        key = {"user": owner.user, "access_key": owner.user, "secret_key": owner.secret, "active": True}
        self.wire.send([[write_user(self.wire, self.admin, owner.user, max_buckets=1_000_000, keys=[key])]])
        return owner

    def first_run(self, owner: Login, entries: Sequence[Mapping[str, Any]]) -> float:
        """Make the buckets of the module's entries; the seconds it takes."""
        return self.wire.send([list(self._made(owner, entry)) for entry in entries])

    def noop(self, owner: Login, entries: Sequence[Mapping[str, Any]]) -> float:
        """Read the buckets of the module's entries; the seconds it takes."""
        return self.wire.send([list(self._read_all(owner, entry)) for entry in entries])

    def _made(self, owner: Login, entry: Mapping[str, Any]) -> Iterator[Request]:
        yield self._read(entry["name"], "404")
        yield self.wire.request(owner, "PUT", f"/{entry['name']}", {})
        for document in _documents(entry):
            yield self._write_document(owner, entry, document)
            yield self._read_document(owner, entry["name"], document)
        yield self._set_quota(entry)
        yield self._read(entry["name"], SUCCESS)

    def _read_all(self, owner: Login, entry: Mapping[str, Any]) -> Iterator[Request]:
        yield self._read(entry["name"], SUCCESS)
        for document in _documents(entry):
            yield self._read_document(owner, entry["name"], document)

    def _read(self, name: str, status: str) -> Request:
        return self.wire.request(self.admin, "GET", PATH, {"bucket": name, "stats": "true"}, status=status)

    def _read_document(self, owner: Login, name: str, document: Document) -> Request:
        return self.wire.request(owner, "GET", f"/{name}", {document.query: ""})

    def _write_document(self, owner: Login, entry: Mapping[str, Any], document: Document) -> Request:
        setting = Setting(entry["name"], entry["owner"])
        wanted = document.settled(document.wanted(entry[document.name], document.name), setting)
        (put,) = document.requests(wanted, document.settled(document.as_new, setting))
        body = put.body or b""
        return self.wire.request(owner, put.method, f"/{entry['name']}", put.query, body, headers=put.headers)

    def _set_quota(self, entry: Mapping[str, Any]) -> Request:
        query = {
            "quota": "",
            "uid": entry["owner"],
            "bucket": entry["name"],
            "max-size-kb": str(entry["quota"]["max_size"] // 1024),
            "max-objects": "-1",
            "enabled": "true",
        }
        return self.wire.request(self.admin, "PUT", PATH, query)


def _documents(entry: Mapping[str, Any]) -> list[Document]:
    assert entry.keys() <= KNOWN, entry.keys() - KNOWN
    return [document for name, document in DOCUMENTS.items() if name in entry]
