# SPDX-License-Identifier: Apache-2.0
"""Where Keystone's API v3 is, for modules that never leave a certificate unchecked."""

from __future__ import annotations

from ..base.keystone_login import keystone_url
from ..http.endpoint import Endpoint


def keystone_endpoint(url: str, ca_file: str | None, allow_cleartext: bool) -> Endpoint:
    """Keystone's endpoint; TLS is always verified.

    ca_file: authorities in PEM; None for those of the system. allow_cleartext: whether passwords and tokens may travel
    to another host without TLS. Raises InputError.
    """
    return Endpoint.parse(keystone_url(url, allow_cleartext, "allow_cleartext_secrets to true"), ca_file or None)
