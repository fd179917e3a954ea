# SPDX-License-Identifier: Apache-2.0
"""The argument spec of a volume (documented in the module docker_swift_volume)."""

from __future__ import annotations

from typing import Any, Dict

from .spec import ACCESS_MODES, ONE_WRITER

__all__ = ["VOLUME_OPTIONS"]

VOLUME_OPTIONS: Dict[str, Dict[str, Any]] = {
    "name": {"type": "str", "required": True},
    "container": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "access_mode": {"type": "str", "choices": list(ACCESS_MODES), "default": ONE_WRITER},
    "moves_from": {"type": "str"},
    "uid": {"type": "int"},
    "gid": {"type": "int"},
    "umask": {"type": "str"},
}
