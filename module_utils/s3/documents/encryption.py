# SPDX-License-Identifier: Apache-2.0
"""?encryption: how objects are encrypted that come without a word of it. Canonical form: {} or algorithm and key.

A gateway takes a default whose back-end it does not have, and refuses every later PUT (seen on 18.2.7 and 20.2.4):
whoever asks for one has to know that rgw_crypt_sse_s3_backend, or rgw_crypt_s3_kms_backend, is set. It takes an unknown
algorithm, too (18.2.7).
"""

from __future__ import annotations

from typing import Any, ClassVar
from xml.etree.ElementTree import Element

from ...base.errors import InputError
from .. import markup
from .document import Canonical, Document
from .given import choice, flag, mapping, text

_ALGORITHMS = {"aes256": "AES256", "aws:kms": "aws:kms"}
_DEFAULT = "ApplyServerSideEncryptionByDefault"


class Encryption(Document):
    """Data: {algorithm: AES256}, or {algorithm: aws:kms, kms_key_id: ...}; bucket_key: true with either."""

    name = "encryption"
    query = "encryption"
    root = "ServerSideEncryptionConfiguration"
    none_codes = ("ServerSideEncryptionConfigurationNotFoundError",)
    as_new: ClassVar[Canonical] = {}

    def body(self, canonical: Canonical) -> bytes:
        """One rule: S3 takes no more."""
        key = canonical.get("kms_key_id")
        default = markup.element(
            _DEFAULT,
            markup.element("SSEAlgorithm", canonical["algorithm"]),
            markup.element("KMSMasterKeyID", key) if key else None,
        )
        bucket_key = markup.element("BucketKeyEnabled", "true") if canonical.get("bucket_key") else None
        return markup.to_bytes(markup.element(self.root, markup.element("Rule", default, bucket_key)))

    def _wanted(self, data: Any, place: str) -> Canonical:
        given = mapping(data, place, ("algorithm", "kms_key_id", "bucket_key"))
        if not given:
            return {}
        if "algorithm" not in given:
            raise InputError(f"{place}: algorithm is missing; give AES256 or aws:kms.")
        found = {"algorithm": _ALGORITHMS[choice(given["algorithm"], f"{place}.algorithm", _ALGORITHMS)]}
        if "kms_key_id" in given:
            found["kms_key_id"] = text(given["kms_key_id"], f"{place}.kms_key_id")
        if ("kms_key_id" in found) != (found["algorithm"] == "aws:kms"):
            raise InputError(f"{place}: kms_key_id goes with aws:kms, and with that alone.")
        if flag(given.get("bucket_key", False), f"{place}.bucket_key"):
            return {**found, "bucket_key": True}
        return found

    def _stored(self, parsed: Element) -> Canonical:
        algorithm = markup.text_of(parsed, f"Rule/{_DEFAULT}/SSEAlgorithm")
        if not algorithm:
            return {}
        key = markup.text_of(parsed, f"Rule/{_DEFAULT}/KMSMasterKeyID")
        bucket_key = (markup.text_of(parsed, "Rule/BucketKeyEnabled") or "").lower() == "true"
        return {
            "algorithm": algorithm,
            **({"kms_key_id": key} if key else {}),
            **({"bucket_key": True} if bucket_key else {}),
        }
