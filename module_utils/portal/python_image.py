# SPDX-License-Identifier: Apache-2.0
"""Images of services in Python that a host makes: of the portal, and of the sign-in of a demo's portal."""

from __future__ import annotations

from typing import Any, Dict

__all__ = ["MOST_THREADS", "python_image"]

# What an image consists of, besides the Python packages and the application.
_SUITE, _PACKAGES = "bookworm", ("python3", "ca-certificates", "tzdata")
# Threads count as processes of a container: those that answer requests (anyio has 40), and those of back-ends.
MOST_THREADS = 256


def python_image(name: str) -> Dict[str, Any]:
    """The image, in the words of the role container_image."""
    return {"name": name, "suite": _SUITE, "packages": list(_PACKAGES)}
