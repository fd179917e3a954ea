# SPDX-License-Identifier: Apache-2.0
"""The options of modules that publish names, and the entry of a name. See plugins/doc_fragments/dns_names.py."""

from __future__ import annotations

from typing import Any, Dict

RECORD_OPTIONS: Dict[str, Dict[str, Any]] = {
    "name": {"type": "str", "required": True},
    "addresses": {"type": "list", "elements": "str", "default": []},
    "target": {"type": "str", "default": ""},
    "ttl": {"type": "int"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}
NAMES_OPTIONS: Dict[str, Dict[str, Any]] = {
    "zone": {"type": "str", "required": True},
    "records": {"type": "list", "elements": "dict", "required": True, "options": RECORD_OPTIONS},
    "ttl": {"type": "int", "default": 300},
    "home": {"type": "str", "required": True},
    "takeover": {"type": "bool", "default": False},
}
