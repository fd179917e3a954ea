# SPDX-License-Identifier: Apache-2.0
"""A registry's secrets, each in a file of its own, made when missing."""

from __future__ import annotations

from typing import NamedTuple

from .rgw_secrets import Secret, generate_secret, read_secret_file, write_secret_file


class Kept(NamedTuple):
    """A secret and whether its file had to be made."""

    secret: Secret
    made: bool


def keep(path: str, check_mode: bool) -> Kept:
    """The secret in the file; a missing file is made with a random one, or only would be in check mode.

    Raises rgw_errors.InputError for a file that must not or cannot be used, rgw_errors.RgwError when it cannot be
    written.
    """
    found = read_secret_file(path)
    if found is not None:
        return Kept(found, False)
    secret = generate_secret()
    if not check_mode:
        write_secret_file(path, secret)
    return Kept(secret, True)
