# SPDX-License-Identifier: Apache-2.0
"""The option of modules that work on a registry's redis (plugins/doc_fragments/registry_redis.py documents it)."""

from __future__ import annotations

from typing import Any

from ...base.secret_files import given_secret
from .cache import RedisCache

REDIS_OPTIONS: dict[str, dict[str, Any]] = {
    "redis": {
        "type": "dict",
        "options": {
            "address": {"type": "str", "required": True},
            "db": {"type": "int", "default": 0},
            "username": {"type": "str"},
            "password_file": {"type": "path", "no_log": False},
            "shared": {"type": "bool", "default": False},
        },
    },
}


def cache_of(module: Any) -> RedisCache | None:
    """The cache that a module's parameters name, its password known to the module as secret.

    Raises ValueError, and ToolError where the library is missing.
    """
    given = module.params["redis"]
    if not given:
        return None
    password = None
    if given["password_file"]:
        password = given_secret("the redis password", None, given["password_file"]).value
        module.strike([password])
    timeout = module.params["timeout"]
    return RedisCache(given["address"], given["db"], given["username"], password, given["shared"], timeout)
