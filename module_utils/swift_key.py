# SPDX-License-Identifier: Apache-2.0
"""A swift key as it is given to a verification."""

from __future__ import annotations


def key_in_file(path: str) -> str:
    """The swift key in a text file, less the line end behind it. Raises ValueError."""
    try:
        with open(path, encoding="utf-8") as file:
            return usable_key(file.read().rstrip("\r\n"))
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"reading the swift key from {path}: {error}; name a text file that holds it") from error


def usable_key(key: str) -> str:
    """`key`, unless it is empty. Raises ValueError."""
    if not key:
        raise ValueError("the swift key is empty; give the one that belongs to the subuser")
    return key
