# SPDX-License-Identifier: Apache-2.0
"""Keystone's URL: which ones can be used, and how a gateway's part of it looks."""

from __future__ import annotations

import ipaddress
import re

from ..base.errors import InputError
from ..base.host_port import bare_host
from ..http.endpoint import Endpoint

# radosgw adds /v3 to the URL itself, so that both spellings mean the same.
_V3 = re.compile(r"/v3/?\Z")
_V2 = re.compile(r"/v2(\.0)?/?\Z")


def base_url(url: str) -> str:
    """The URL without the version, as radosgw takes it."""
    return _V3.sub("", url.strip()).rstrip("/")


def keystone_endpoint(url: str, ca_file: str | None, allow_cleartext: bool) -> Endpoint:
    """Where Keystone's API v3 is; TLS is always verified.

    ca_file: authorities in PEM; None for those of the system. allow_cleartext: whether passwords and tokens may travel
    to another host without TLS. Raises InputError.
    """
    if _V2.search(url.strip()):
        raise InputError(
            f"url {url} names version 2.0 of Keystone's API, which Keystone has not had since Queens (2018). "
            "Next: give the URL without the version, or with /v3."
        )
    endpoint = Endpoint.parse(base_url(url), ca_file or None)
    if endpoint.tls is None and not (allow_cleartext or _is_loopback(endpoint.host)):
        raise InputError(
            f"url {url} has no TLS, and the admin password and every user's token would travel to {endpoint.host} in "
            "clear text. Next: give an https URL, or set allow_cleartext_secrets if nobody else is on that network."
        )
    return endpoint


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare_host(host)).is_loopback
    except ValueError:
        return False
