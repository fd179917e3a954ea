# SPDX-License-Identifier: Apache-2.0
"""What the monitors hold of daemons or clients: caps, keys and options of any number of them by two commands."""

from __future__ import annotations

from typing import Any

from ..base.remote_json import loads
from .cephx import digest_of
from .config_options import options_of, read_all
from .secret_options import without_secrets
from .tool import CephTool


def read_entities(ceph: CephTool, prefix: str) -> list[dict[str, Any]]:
    """All entities whose names begin with the prefix: name, caps, key_digest and options.

    key_digest: SHA-256 of the key in hex digits; the key itself is not returned. options: those under the entity's own
    section, with secrets masked. Raises ToolError and InputError.
    """
    done = ceph.run("auth", "ls", "--format", "json")
    entries = loads(ceph.success("read", "the keys", done))["auth_dump"]
    database = read_all(ceph)
    return [
        {
            "name": entry["entity"],
            "caps": dict(entry["caps"]),
            "key_digest": digest_of(entry["key"]),
            "options": without_secrets(options_of(database, entry["entity"])),
        }
        for entry in entries
        if entry["entity"].startswith(prefix)
    ]
