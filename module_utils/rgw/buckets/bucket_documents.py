# SPDX-License-Identifier: Apache-2.0
"""The documents of one bucket, read and written in its owner's name, and a policy that shuts its owner out besides.

A policy may deny everybody everything, the bucket's owner included, and RGW then lets nobody read, replace or remove it
(18.2.7; AWS always lets the account's root). The administrator still can: a policy is text in the metadata document of
the bucket's instance.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from ...base.errors import ToolError
from ...base.login import Login
from ...s3.documents.document import Canonical, Document
from .client import BucketClient

_POLICY_ATTRIBUTE = "user.rgw.iam-policy"
_FORBIDDEN = 403


@dataclass(frozen=True)
class BucketDocuments:
    """key: the bucket's, with its tenant. bucket_id: of its record, if that was read. login: its owner's."""

    client: BucketClient
    key: str
    bucket_id: str
    login: Login

    def read(self, document: Document) -> Canonical:
        """The canonical form of a document. Raises ToolError."""
        try:
            return self.client.read_document(self.key, self.login, document)
        except ToolError as error:
            if document.name != "policy" or error.status != _FORBIDDEN:
                raise
            return self._policy(document)

    def write(self, document: Document, wanted: Canonical, stored: Canonical) -> None:
        """Make one settled form of a document of another. Raises ToolError."""
        try:
            self.client.write_document(self.key, self.login, document, wanted, stored)
        except ToolError as error:
            if document.name != "policy" or error.status != _FORBIDDEN or not self._is_shut_out(document):
                raise
            self._remove_policy()
            if wanted != document.as_new:
                self.client.write_document(self.key, self.login, document, wanted, document.as_new)

    def _is_shut_out(self, document: Document) -> bool:
        """Whether the owner may not even read the policy: what refused a write may as well be a public access block."""
        try:
            self.client.read_document(self.key, self.login, document)
        except ToolError as error:
            return error.status == _FORBIDDEN
        return False

    def _policy(self, document: Document) -> Canonical:
        for attribute in self._instance()["data"].get("attrs", []):
            if attribute["key"] == _POLICY_ATTRIBUTE:
                return document.stored(base64.b64decode(attribute["val"]), f"bucket '{self.key}'")
        return document.as_new

    def _remove_policy(self) -> None:
        instance = self._instance()
        attributes = instance["data"].get("attrs", [])
        instance["data"]["attrs"] = [each for each in attributes if each["key"] != _POLICY_ATTRIBUTE]
        instance["ver"]["ver"] += 1
        instance.pop("mtime", None)  # else the gateway stores the old time again
        self.client.write_instance(self.key, self._id(), instance)

    def _instance(self) -> dict[str, Any]:
        return self.client.read_instance(self.key, self._id())

    def _id(self) -> str:
        return self.bucket_id or str((self.client.read_bucket(self.key) or {}).get("id"))
