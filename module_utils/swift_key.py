# SPDX-License-Identifier: Apache-2.0
"""A secret as it is given to a verification."""

from __future__ import annotations


def key_in_file(path: str, kind: str = "swift key") -> str:
    """The key in a text file, less the line end behind it. Raises ValueError, which calls it `kind`."""
    try:
        with open(path, encoding="utf-8") as file:
            return usable_key(file.read().rstrip("\r\n"), kind)
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"reading the {kind} from {path}: {error}; name a text file that holds it") from error


def usable_key(key: str, kind: str = "swift key") -> str:
    """`key`, unless it is empty. Raises ValueError, which calls it `kind`."""
    if not key:
        raise ValueError(f"the {kind} is empty; give the one that belongs to the user")
    return key
