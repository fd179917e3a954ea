# SPDX-License-Identifier: Apache-2.0
"""How modules are told of a registry (doc fragment rgwkit.ceph.registry_login), and clients made from that."""

from __future__ import annotations

from typing import Any

from ...base.login import Login
from ...base.secret_files import given_secret
from .client import OciRegistry

REGISTRY_OPTIONS: dict[str, Any] = {
    "registry": {
        "type": "dict",
        "options": {
            "url": {"type": "str", "required": True},
            "username": {"type": "str"},
            "password_file": {"type": "path", "no_log": False},
            "ca_file": {"type": "path"},
            "server_name": {"type": "str"},
        },
        "required_together": [("username", "password_file")],
    },
}


def clients_of(module: Any, number: int = 1) -> list[OciRegistry]:
    """So many clients of the registry in the module's parameters. Raises ValueError, InputError."""
    given = module.params["registry"]
    login = None
    if given["username"]:
        password = given_secret("the registry password", None, given["password_file"]).value
        module.strike([password])
        login = Login(given["username"], password)
    tls = given["ca_file"], module.params["validate_certs"], given["server_name"] or ""
    return [OciRegistry(given["url"], login, *tls) for _number in range(number)]
