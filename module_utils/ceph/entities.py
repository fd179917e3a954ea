# SPDX-License-Identifier: Apache-2.0
"""What the monitors hold of daemons or clients: caps, keys and options of any number of them by two commands."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from ..base.remote_json import loads
from .config_options import options_of, read_all
from .secret_options import without_secrets
from .tool import CephTool


def read_entities(ceph: CephTool, names: Sequence[str]) -> dict[str, Any]:
    """By name: `caps`, `key_digest` (SHA-256 in hex digits) and `options`, None for a name without a key.

    The key itself is not returned, and options that hold secrets are masked. Raises ToolError and InputError.
    """
    done = ceph.run("auth", "ls", "--format", "json")
    dump = loads(ceph.success("read", "the keys", done))["auth_dump"]
    found = {entry["entity"]: entry for entry in dump if entry["entity"] in names}
    database = read_all(ceph)
    return {
        name: {
            "caps": dict(found[name]["caps"]),
            "key_digest": hashlib.sha256(found[name]["key"].encode()).hexdigest(),
            "options": without_secrets(options_of(database, name)),
        }
        if name in found
        else None
        for name in names
    }
