# SPDX-License-Identifier: Apache-2.0
"""The argument spec of a user (documented in doc_fragments/rgw_user.py)."""

from __future__ import annotations

from typing import Any, Dict

_Options = Dict[str, Dict[str, Any]]

_STATE: dict[str, Any] = {"type": "str", "choices": ["present", "absent"], "default": "present"}
_PART_STATE: dict[str, Any] = {"type": "str", "choices": ["present", "absent", "retired"], "default": "present"}
_SECRET: _Options = {"secret": {"type": "str", "no_log": True}, "secret_file": {"type": "path", "no_log": False}}
_QUOTA: dict[str, Any] = {
    "type": "dict",
    "options": {"max_size": {"type": "str"}, "max_objects": {"type": "int"}, "enabled": {"type": "bool"}},
}
RATE_LIMIT: _Options = {
    "max_read_ops": {"type": "int"},
    "max_write_ops": {"type": "int"},
    "max_read_bytes": {"type": "str"},
    "max_write_bytes": {"type": "str"},
    "enabled": {"type": "bool"},
}
KEY: _Options = {
    "access_key": {"type": "str", "required": True, "no_log": False},
    "state": _PART_STATE,
    "subuser": {"type": "str"},
    "active": {"type": "bool"},
    **_SECRET,
}
_SUBUSER: _Options = {
    "name": {"type": "str", "required": True},
    "state": _PART_STATE,
    "access": {"type": "str", "choices": ["none", "read", "write", "readwrite", "full"]},
    "active": {"type": "bool"},
    **_SECRET,
}
_TEMP_URL_KEY: _Options = {
    "index": {"type": "int", "choices": [0, 1], "required": True},
    "state": _PART_STATE,
    **_SECRET,
}
# Of the options that are text, those that may be given as numbers.
NUMBERS = ("max_size", "max_read_bytes", "max_write_bytes")
USER_OPTIONS: _Options = {
    "uid": {"type": "str", "required": True},
    "tenant": {"type": "str"},
    "state": _STATE,
    "purge": {"type": "bool", "default": False},
    "purge_data": {"type": "bool", "default": False},
    "display_name": {"type": "str"},
    "email": {"type": "str"},
    "suspended": {"type": "bool"},
    "system": {"type": "bool"},
    "admin": {"type": "bool"},
    "max_buckets": {"type": "int"},
    # Without choices, as these would not let null pass.
    "op_mask": {"type": "list", "elements": "str"},
    "default_placement": {"type": "str"},
    "default_storage_class": {"type": "str"},
    "placement_tags": {"type": "list", "elements": "str"},
    "account": {"type": "str"},
    "account_root": {"type": "bool"},
    "move_buckets": {"type": "bool", "default": False},
    "user_quota": _QUOTA,
    "bucket_quota": _QUOTA,
    "rate_limit": {"type": "dict", "options": RATE_LIMIT},
    "caps": {"type": "dict"},
    "s3_keys": {"type": "list", "elements": "dict", "aliases": ["keys"], "no_log": False, "options": KEY},
    "subusers": {"type": "list", "elements": "dict", "options": _SUBUSER},
    "temp_url_keys": {"type": "list", "elements": "dict", "no_log": False, "options": _TEMP_URL_KEY},
}
