# SPDX-License-Identifier: Apache-2.0
"""MD5 where a protocol asks for one. It guards nothing."""

from __future__ import annotations

import hashlib
from functools import partial

try:
    # A host in FIPS mode refuses an MD5 that is to guard something. Older Pythons have no word for what it is for.
    md5 = partial(hashlib.md5, usedforsecurity=False)
    md5()
except TypeError:
    md5 = hashlib.md5  # type: ignore[assignment]
