# SPDX-License-Identifier: Apache-2.0
"""The connection options that all modules of the admin API share (documented in doc_fragments/rgw_connection.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from ..base.errors import InputError
from ..base.login import Login
from ..base.secret import problem_with
from ..base.secret_files import given_secret
from .admin_api import AdminClient
from .admin_session import AdminSession

CONNECTION_OPTIONS: dict[str, dict[str, Any]] = {
    "endpoint": {"type": "str", "required": True},
    "access_key": {"type": "str", "required": True, "no_log": False},
    "secret_key": {"type": "str", "no_log": True},
    "secret_key_file": {"type": "path", "no_log": False},
    "ca_file": {"type": "path"},
    "validate_certs": {"type": "bool", "default": True},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path"},
    "timeout": {"type": "float", "default": 10.0},
    "wait": {"type": "float", "default": 10.0},
    "parallel": {"type": "int", "default": 8},
}
# For AnsibleModule's mutually_exclusive and required_one_of alike.
CONNECTION_SECRETS = [("secret_key", "secret_key_file")]
_MOST_WORKERS = 64

Client = TypeVar("Client", bound=AdminSession)


def connect(params: Mapping[str, Any]) -> AdminClient:
    """Make a client for users from a module's parameters; it connects at its first request. Raises InputError."""
    return connect_as(AdminClient, params)


def connect_as(kind: type[Client], params: Mapping[str, Any]) -> Client:
    """Make a client of this kind from a module's parameters, likewise. Raises InputError."""
    return kind(
        params["endpoint"],
        Login(params["access_key"], admin_secret(params)),
        ca_file=params["ca_file"],
        validate_certs=params["validate_certs"],
        client_cert=params["client_cert"],
        client_key=params["client_key"],
        timeout=params["timeout"],
        wait=params["wait"],
    )


def workers(params: Mapping[str, Any]) -> int:
    """On how many users or buckets to work at once. Raises InputError."""
    parallel: int = params["parallel"]
    if not 1 <= parallel <= _MOST_WORKERS:
        raise InputError(f"parallel must be 1 to {_MOST_WORKERS}.")
    return parallel


def admin_secret(params: Mapping[str, Any]) -> str:
    """The secret key that the parameters name or hold. Raises InputError."""
    given, path = params["secret_key"], params["secret_key_file"]
    secret = given_secret("secret_key" if path is None else "secret_key_file", given, path)
    problem = problem_with(secret, allow_weak=True)
    if problem:
        raise InputError(f"{'secret_key' if path is None else f'the secret in {path!r}'} {problem}.")
    return secret.value
