# SPDX-License-Identifier: Apache-2.0
"""The variables of the role registry as the engine reads them: its defaults, and what a test changes."""

from __future__ import annotations

from typing import Any

import yaml

from tests.playbooks import PROJECT

DEFAULTS: dict[str, Any] = {
    **{
        name.partition("registry_")[2]: value
        for name, value in yaml.safe_load((PROJECT / "roles/registry/defaults/main.yml").read_text()).items()
    },
    # Templates in the role's defaults.
    "name": "hub",
    "dir": "/etc/rgwkit/hub",
    "names": ["hub.example"],
    "http_secret_file": "/etc/rgwkit/hub/http.secret",
    "gc_redis_address": "cache:6379",
}
TLS = {"tls_certificate_file": "/tls/hub.pem", "tls_key_file": "/tls/hub.key"}
