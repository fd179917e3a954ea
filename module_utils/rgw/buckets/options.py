# SPDX-License-Identifier: Apache-2.0
"""The argument spec of a bucket (documented in doc_fragments/rgw_bucket.py)."""

from __future__ import annotations

from typing import Any, Dict

from ...s3.documents.catalogue import DOCUMENTS
from ..user_options import NUMBERS, USER_OPTIONS

_Options = Dict[str, Dict[str, Any]]

# The words of S3 for what a bucket has several of.
_ALIASES = {"tagging": ["tags"], "notification": ["notifications"]}

BUCKET_OPTIONS: _Options = {
    "name": {"type": "str", "required": True},
    "tenant": {"type": "str"},
    "api": {"type": "str", "choices": ["s3", "swift"], "default": "s3"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "remove_objects": {"type": "bool", "default": False},
    "owner": {"type": "str"},
    "change_owner": {"type": "bool", "default": False},
    "placement": {"type": "str"},
    "storage_class": {"type": "str"},
    "quota": USER_OPTIONS["bucket_quota"],
    "rate_limit": USER_OPTIONS["rate_limit"],
    "read_acl": {"type": "list", "elements": "str"},
    "write_acl": {"type": "list", "elements": "str"},
    "versions_location": {"type": "str"},
    "web": {
        "type": "dict",
        "options": {
            "index": {"type": "str"},
            "error": {"type": "str"},
            "listings": {"type": "bool"},
            "css": {"type": "str"},
        },
    },
    "metadata": {"type": "dict"},
    "lifecycle_is_default": {"type": "bool", "default": False},
    # The documents check what they hold themselves, and name the place of what is wrong.
    **{name: {"type": "raw", "aliases": _ALIASES.get(name, [])} for name in DOCUMENTS},
}
BUCKET_NUMBERS = NUMBERS

RADOSGW_ADMIN_OPTIONS: _Options = {
    "via": {"type": "str", "choices": ["host", "container", "cephadm"], "default": "host"},
    "container": {"type": "str"},
    "runtime": {"type": "str", "choices": ["docker", "podman"], "default": "docker"},
    "timeout": {"type": "float", "default": 3600},
}
