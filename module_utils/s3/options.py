# SPDX-License-Identifier: Apache-2.0
"""The options of every module that works on a registry's bucket (plugins/doc_fragments/s3_bucket.py documents them)."""

from __future__ import annotations

from typing import Any

from ..base.errors import InputError
from ..base.login import Login
from ..base.secret_files import given_secret
from ..http.endpoint import Endpoint
from .bucket import S3Bucket

S3_OPTIONS: dict[str, dict[str, Any]] = {
    "endpoint": {"type": "str", "required": True},
    "bucket": {"type": "str", "required": True},
    "root": {"type": "str", "default": ""},
    "access_key": {"type": "str", "required": True, "no_log": False},
    "secret_key": {"type": "str", "no_log": True},
    "secret_key_file": {"type": "path", "no_log": False},
    "parallel": {"type": "int", "default": 8},
    "timeout": {"type": "float", "default": 60},
    "ca_file": {"type": "path"},
    "validate_certs": {"type": "bool", "default": True},
}
# For AnsibleModule.
S3_SECRETS: dict[str, Any] = {
    "mutually_exclusive": [("secret_key", "secret_key_file")],
    "required_one_of": [("secret_key", "secret_key_file")],
}
_MOST_CONNECTIONS = 64


def login_of(module: Any) -> Login:
    """Access key and secret key of a module's parameters, known to the module as secret. Raises InputError."""
    given, path = module.params["secret_key"], module.params["secret_key_file"]
    secret = given_secret("the S3 secret key", given, path).value
    module.strike([secret])
    return Login(module.params["access_key"], secret)


def bucket_of(module: Any, name: str) -> S3Bucket:
    """The bucket `name` for a module's parameters. Raises InputError."""
    options = module.params
    if not 1 <= options["parallel"] <= _MOST_CONNECTIONS:
        raise InputError(f"parallel must be 1 to {_MOST_CONNECTIONS}")
    endpoint = Endpoint.parse(options["endpoint"], options["ca_file"], options["validate_certs"])
    return S3Bucket(endpoint, login_of(module), name, options["timeout"])
