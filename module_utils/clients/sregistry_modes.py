# SPDX-License-Identifier: Apache-2.0
"""How sregistry can authenticate at swift, and the variables of each way.

Source: sregistry 0.2.39, sregistry/main/swift/__init__.py. The client takes every other word for `legacy`.
"""

from __future__ import annotations

from typing import Dict, Mapping

PREFIX = "SREGISTRY_SWIFT_"
AUTHTYPE = f"{PREFIX}AUTHTYPE"
URL = f"{PREFIX}URL"
LEGACY = "legacy"
KEYSTONE_V3 = "keystonev3"
_ACCOUNT = {"user": f"{PREFIX}USER", "token": f"{PREFIX}TOKEN", "url": URL}
# Options of the module and the variables that the client requires for them.
MODES: Mapping[str, Dict[str, str]] = {
    LEGACY: _ACCOUNT,
    "keystonev2": {**_ACCOUNT, "tenant": f"{PREFIX}TENANT", "region": f"{PREFIX}REGION"},
    KEYSTONE_V3: _ACCOUNT,
    "preauth": {"token": f"{PREFIX}OS_AUTH_TOKEN", "storage_url": f"{PREFIX}OS_STORAGE_URL"},
}
# What the client appends to the URL.
APPENDED = {LEGACY: "/auth/", "keystonev2": "/v2.0/", KEYSTONE_V3: "/v3"}
