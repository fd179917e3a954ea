# SPDX-License-Identifier: Apache-2.0
"""The push of one blob, which takes as long as a test wants."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator

import requests

# What a registry's requests for a token have in their User-Agent, by its releases.
REGISTRY_AGENTS = ("distribution", "goswift")
BLOCKS = 4
BLOCK = os.urandom(3 << 20)
CONTENT = BLOCK * BLOCKS


def push_blob(url: str, seconds: float = 0, login: tuple[str, str] | None = None) -> bool:
    """Push a blob of 12 MiB in one request whose body takes so long; whether the registry has it, unchanged."""
    begun = requests.post(f"{url}/v2/x/blobs/uploads/", auth=login, timeout=60)
    assert begun.status_code == 202, begun.text

    def body() -> Iterator[bytes]:
        for _block in range(BLOCKS):
            yield BLOCK
            time.sleep(seconds / BLOCKS)

    sent = requests.patch(begun.headers["Location"], data=body(), auth=login, timeout=seconds + 120)
    if sent.status_code != 202:
        return False
    digest = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"
    done = requests.put(f"{sent.headers['Location']}&digest={digest}", auth=login, timeout=120)
    back = requests.get(f"{url}/v2/x/blobs/{digest}", auth=login, timeout=120)
    return done.status_code == 201 and back.content == CONTENT
