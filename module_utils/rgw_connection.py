# SPDX-License-Identifier: Apache-2.0
"""The connection options that all modules of the admin API share (documented in doc_fragments/rgw_connection.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .rgw_admin import AdminClient, Credentials
from .rgw_errors import InputError
from .rgw_secrets import Secret, problem_with, read_secret_file

CONNECTION_OPTIONS: dict[str, dict[str, Any]] = {
    "endpoint": {"type": "str", "required": True},
    "access_key": {"type": "str", "required": True, "no_log": False},
    "secret_key": {"type": "str", "no_log": True},
    "secret_key_file": {"type": "path", "no_log": False},
    "ca_file": {"type": "path"},
    "validate_certs": {"type": "bool", "default": True},
    "timeout": {"type": "float", "default": 10.0},
    "wait": {"type": "float", "default": 10.0},
}
# For AnsibleModule's mutually_exclusive and required_one_of alike.
CONNECTION_SECRETS = [("secret_key", "secret_key_file")]


def connect(params: Mapping[str, Any]) -> AdminClient:
    """Make a client from a module's parameters; it connects at its first request. Raises InputError."""
    return AdminClient(
        params["endpoint"],
        Credentials(params["access_key"], _secret_key(params["secret_key"], params["secret_key_file"])),
        ca_file=params["ca_file"],
        validate_certs=params["validate_certs"],
        timeout=params["timeout"],
        wait=params["wait"],
    )


def _secret_key(given: str | None, path: str | None) -> str:
    secret = Secret(given or "") if path is None else read_secret_file(path)
    if secret is None:
        raise InputError(f"secret_key_file '{path}' does not exist on the host where the module runs.")
    problem = problem_with(secret, allow_weak=True)
    if problem:
        raise InputError(f"{'secret_key' if path is None else f'the secret in {path!r}'} {problem}.")
    return secret.value
