# SPDX-License-Identifier: Apache-2.0
"""rclone's configuration: a section for each remote. It holds secrets, so that it belongs into a file of mode 0600.

Source: rclone's documentation, "Swift"; as read by rclone 1.60.
"""

from __future__ import annotations

from typing import Dict, Mapping

from .keystone_login import KeystoneLogin
from .login import TEMPAUTH_PATH, Login

__all__ = ["keystone_remote", "section", "swift_remote", "token_remote"]


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


def keystone_remote(keystone: KeystoneLogin) -> Dict[str, str]:
    """The values of a remote for swift on a gateway, with authentication by Keystone v3."""
    place = {"type": "swift", "auth": keystone.v3_url, "auth_version": "3", "endpoint_type": keystone.interface}
    if keystone.region:
        place["region"] = keystone.region
    login = keystone.login
    if keystone.application_credential:
        return {**place, "application_credential_id": login.user, "application_credential_secret": login.secret}
    return {
        **place,
        "user": login.user,
        "key": login.secret,
        "domain": keystone.user_domain,
        "tenant": keystone.project,
        "tenant_domain": keystone.project_domain,
    }


def token_remote(storage_url: str, token: str) -> Dict[str, str]:
    """The values of a remote for swift with a token that was got elsewhere."""
    return {"type": "swift", "storage_url": storage_url, "auth_token": token}
