# SPDX-License-Identifier: Apache-2.0
"""The secrets that Pulp needs and nobody chooses, each in a file of its own, made when missing."""

from __future__ import annotations

import base64
import os
import secrets
from typing import Callable, Dict, List

from ..base.errors import ToolError
from ..base.secret import Secret
from ..base.secret_files import check_new_file, read_secret_file, write_secret_file
from ..host.program import refusal, run_program

__all__ = ["make_secrets", "secret_files"]

_FIELDS_KEY_BYTES = 32
_HINT = "Check openssl on this host."


def secret_files(folder: str) -> Dict[str, str]:
    """The path of each secret by its name. folder: where they are."""
    return {name: f"{folder}/{name}" for name in ("django.key", "fields.key", "token.key", "token.pub")}


def make_secrets(folder: str, admin_password_file: str, check_mode: bool) -> List[str]:
    """Make the files that are missing, with mode 0600; their paths.

    Raises InputError for a file that others may read, that is a link, or that cannot be made, and ToolError.
    """
    files = secret_files(folder)
    ways: Dict[str, Callable[[], Secret]] = {
        files["django.key"]: lambda: Secret(secrets.token_urlsafe(50)),
        # A key of Fernet: 32 random bytes in base64 for URLs (https://github.com/fernet/spec, "Key Format").
        files["fields.key"]: lambda: Secret(base64.urlsafe_b64encode(os.urandom(_FIELDS_KEY_BYTES)).decode()),
        admin_password_file: lambda: Secret(secrets.token_hex(32)),
        # The key pair by which Pulp signs the tokens of its container registry (RFC 7518, "ES256": curve P-256).
        files["token.key"]: lambda: _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout"),
        files["token.pub"]: lambda: _openssl("ec", "-in", files["token.key"], "-pubout"),
    }
    missing = [path for path in ways if not _is_there(path)]
    for path in missing:
        check_new_file(path)
        if not check_mode:
            write_secret_file(path, ways[path]())
    return missing


def _is_there(path: str) -> bool:
    """Whether the file is there; a secret of one line is read, so that a wrong file is refused."""
    if path.endswith((".key", ".password")) and not path.endswith("token.key"):
        return read_secret_file(path) is not None
    return os.path.lexists(path)


def _openssl(*words: str) -> Secret:
    done = run_program(["openssl", *words])
    if done.returncode or not done.stdout:
        raise refusal(done, _HINT) if done.returncode else ToolError("run", "openssl", "nothing said", _HINT)
    return Secret(done.stdout.rstrip("\n"))
