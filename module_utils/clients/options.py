# SPDX-License-Identifier: Apache-2.0
"""The argument spec of one folder of settings (documented in the module client_settings)."""

from __future__ import annotations

from typing import Any, Dict, List

from ..base.keystone_login import AUTHS, DEFAULT_DOMAIN, INTERFACES, KEYSTONE, PREAUTH, TEMPAUTH
from .programs.table import PROGRAMS
from .sregistry_modes import LEGACY, MODES

_Options = Dict[str, Dict[str, Any]]


def _secret(name: str) -> _Options:
    """A secret, or the file that has the secret."""
    return {name: {"type": "str", "no_log": True}, f"{name}_file": {"type": "path", "no_log": False}}


def _one_of(name: str, required: bool = True) -> Dict[str, List[Any]]:
    pair = [(name, f"{name}_file")]
    return {"mutually_exclusive": pair, **({"required_one_of": pair} if required else {})}


_KEYSTONE: _Options = {
    "url": {"type": "str", "required": True},
    "project": {"type": "str"},
    "project_domain": {"type": "str", "default": DEFAULT_DOMAIN},
    "user_domain": {"type": "str", "default": DEFAULT_DOMAIN},
    "application_credential": {"type": "bool", "default": False},
    "region": {"type": "str"},
    "interface": {"type": "str", "choices": list(INTERFACES), "default": "public"},
    "validate_certs": {"type": "bool", "default": True},
}
_SWIFT: _Options = {
    "auth": {"type": "str", "choices": list(AUTHS), "default": TEMPAUTH},
    "user": {"type": "str", "required": True},
    **_secret("key"),
    "keystone": {"type": "dict", "options": _KEYSTONE, "no_log": False},
    "storage_url": {"type": "str"},
}
_BY_AUTH = {"required_if": [("auth", KEYSTONE, ["keystone"]), ("auth", PREAUTH, ["storage_url"])]}
_S3: _Options = {"access_key": {"type": "str", "required": True, "no_log": False}, **_secret("secret_key")}
_REGISTRY: _Options = {
    "address": {"type": "str", "required": True},
    "user": {"type": "str", "required": True},
    **_secret("password"),
}
_BACKUP: _Options = {
    "bucket": {"type": "str", "required": True},
    "path": {"type": "str", "default": ""},
    **_secret("password"),
}
_SREGISTRY: _Options = {
    "authtype": {"type": "str", "choices": list(MODES), "default": LEGACY},
    "url": {"type": "str"},
    "user": {"type": "str"},
    **_secret("token"),
    "tenant": {"type": "str"},
    "region": {"type": "str"},
    "storage_url": {"type": "str"},
}
CLIENT_OPTIONS: _Options = {
    "path": {"type": "path", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "owner": {"type": "str"},
    "endpoint": {"type": "str"},
    "ca_file": {"type": "path"},
    "region": {"type": "str", "default": "us-east-1"},
    "swift": {"type": "dict", "options": _SWIFT, **_one_of("key"), **_BY_AUTH},
    "s3": {"type": "dict", "options": _S3, **_one_of("secret_key")},
    "registries": {"type": "list", "elements": "dict", "default": [], "options": _REGISTRY, **_one_of("password")},
    "backup": {"type": "dict", "options": _BACKUP, **_one_of("password")},
    "sregistry": {"type": "dict", "options": _SREGISTRY, **_one_of("token", required=False)},
    "programs": {"type": "list", "elements": "str", "choices": list(PROGRAMS)},
}
