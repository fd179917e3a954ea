# SPDX-License-Identifier: Apache-2.0
"""What a login gives, however the user was authenticated: a token and a storage URL."""

from __future__ import annotations

import re
from typing import NamedTuple

# What of a storage URL there has to be for anything to be asked here; storage_url judges the rest of it.
_STORAGE_PATH = re.compile(
    r"(?:(?:[a-z][a-z0-9+.-]*:)?//[^/?#\s]+|[^/?#\s]*(?=/))(?P<path>/[!\x22\x24-\x3e@-~]*)?(?:[?#][!-~]*)?\Z",
    re.IGNORECASE,
)


class Access(NamedTuple):
    """A token, the storage URL that it is for, and that URL's path.

    lifetime: for how many seconds the token is good, None where only the token itself says so. roles: those in the
    project, where Keystone says so.
    """

    token: str
    storage_url: str
    storage_path: str
    lifetime: float | None = None
    roles: tuple[str, ...] = ()


def storage_path(url: str) -> str | None:
    """The path of a storage URL; None for what is no such URL."""
    match = _STORAGE_PATH.match(url)
    return (match["path"] or "").rstrip("/") if match else None
