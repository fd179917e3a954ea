# SPDX-License-Identifier: Apache-2.0
"""rclone's configuration: a section for each remote. It holds secrets, so that it belongs into a file of mode 0600.

Source: rclone's documentation, "Swift"; as read by rclone 1.60.
"""

from __future__ import annotations

from typing import Dict, Mapping

from .login import TEMPAUTH_PATH, Login

__all__ = ["section", "swift_remote"]


def section(name: str, values: Mapping[str, str]) -> str:
    """A remote of this name."""
    lines = [f"[{name}]", *(f"{option} = {value}" for option, value in values.items())]
    return "\n".join(lines) + "\n\n"


def swift_remote(endpoint: str, login: Login) -> Dict[str, str]:
    """The values of a remote for swift on a gateway, with authentication by the gateway itself."""
    return {
        "type": "swift",
        "auth": endpoint.rstrip("/") + TEMPAUTH_PATH,
        "auth_version": "1",
        "user": login.user,
        "key": login.secret,
    }
