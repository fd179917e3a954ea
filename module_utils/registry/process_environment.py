# SPDX-License-Identifier: Apache-2.0
"""The environment of the registry's process and of its trial. No secret is in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ..base.host_port import host_port
from .config.sections import FOLDER, SIGNERS


def environment(role: Mapping[str, Any], driver: Mapping[str, Any]) -> dict[str, str]:
    """The registry's own. driver: the section of its storage driver."""
    return {**_authorities(role, FOLDER), **(_awaited(driver) if role["runtime"] != "package" else {})}


def trial_environment(role: Mapping[str, Any], folder: str) -> dict[str, str]:
    """That of the trial, whose files are in a folder of their own.

    The trial listens on the registry's address and on any free port, as the running registry may hold the configured
    ports.
    """
    address = "" if role["network"] else role["address"]
    pair = {
        "REGISTRY_HTTP_TLS_CERTIFICATE": f"{folder}/certificate.pem",
        "REGISTRY_HTTP_TLS_KEY": f"{folder}/key.pem",
    }
    signers = {"REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE": f"{folder}/{SIGNERS}"}
    return {
        # In quotes, as the registry parses the values of environment variables as YAML.
        "REGISTRY_HTTP_ADDR": json.dumps(host_port(address, 0)),
        "REGISTRY_LOG_LEVEL": "info",
        **_authorities(role, folder),
        **({"REGISTRY_HTTP_DEBUG_ADDR": "127.0.0.1:0"} if "debug" in role["http"] else {}),
        **(pair if role["tls_certificate_file"] else {}),
        **(signers if role["token"] and role["token_certificates_file"] and not role["users"] else {}),
    }


def _authorities(role: Mapping[str, Any], folder: str) -> dict[str, str]:
    """No storage driver has a setting for certificate authorities.

    Go's crypto/x509 trusts those in this file besides the system's.
    """
    return {"SSL_CERT_FILE": f"{folder}/gateway-ca.pem"} if role["gateway_ca_file"] else {}


def _awaited(driver: Mapping[str, Any]) -> dict[str, str]:
    """What the image built from Debian packages waits for: its storage accepts connections (HOST/PORT, as in bash)."""
    url = str(driver.get("authurl", driver.get("regionendpoint")) or "")
    if not re.match("https?://", url):
        return {}
    parts = urlsplit(url)
    return {"RGWKIT_WAIT_FOR": f"{parts.hostname}/{parts.port or (443 if url.startswith('https:') else 80)}"}
