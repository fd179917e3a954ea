# SPDX-License-Identifier: Apache-2.0
"""The entry of a name, as the modules take it."""

from __future__ import annotations

from typing import Any, Dict

RECORD_OPTIONS: Dict[str, Dict[str, Any]] = {
    "name": {"type": "str", "required": True},
    "addresses": {"type": "list", "elements": "str", "default": []},
    "target": {"type": "str", "default": ""},
    "ttl": {"type": "int"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}
