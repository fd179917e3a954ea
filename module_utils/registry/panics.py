# SPDX-License-Identifier: Apache-2.0
"""What panics of registry 2.8 at its start mean: those of the swift driver (texts of ncw/swift 1.0.53 and net/http)."""

from __future__ import annotations

import re

# The first text that the panic has applies.
_MEANINGS = (
    (
        '/v2/":',
        "A mirror starts only while the registry that it mirrors answers. Next: check that registry_proxy.remoteurl is "
        "reached from where the mirror runs, and that its certificate is trusted there (registry_gateway_ca_file)",
    ),
    (
        "(Operation forbidden)",
        "The container belongs to another user of this gateway. Next: choose another registry_swift_container",
    ),
    (
        "Operation forbidden",
        "The gateway knows no such swift user. Next: set registry_swift_username "
        "to the uid:subuser of an existing subuser",
    ),
    (
        "Authorization Failed",
        "The swift key is not the subuser's, or the user is suspended. Next: compare the content of "
        "registry_swift_secret_file with the key",
    ),
    (
        "Response didn't have storage url",
        "registry_swift_authurl is not the URL of TempAuth. Next: give the URL the path /auth/v1",
    ),
    (
        "Error: 404",
        "Swift is not served at the path of registry_swift_authurl or of the gateway's X-Storage-Url. Next: end "
        "registry_swift_authurl in /auth/v1, and check rgw_swift_url of the gateways",
    ),
    (
        "invalid header field value",
        "The user or the swift key contains a character that HTTP does not allow, such as a line break. Next: write "
        "the key's file anew",
    ),
    (
        "x509",
        "The gateway's certificate is not trusted. Next: set registry_gateway_ca_file to the certificate of its "
        "authority",
    ),
    (
        "server gave HTTP response to HTTPS client",
        "An https URL leads to a port without TLS. Next: check http and https in registry_swift_authurl and in "
        "rgw_swift_url",
    ),
    (
        "first path segment in URL",
        "registry_swift_authurl has no http or https. Next: write the whole URL",
    ),
    (
        "unsupported protocol scheme",
        "registry_swift_authurl or the gateway's X-Storage-Url has no http or https. Next: write the whole URL, or set "
        "rgw_swift_url of the gateways",
    ),
    (
        "no such host",
        "A host name does not resolve where the registry runs. If the name is not in registry_swift_authurl, it is in "
        "the gateway's X-Storage-Url. Next: set rgw_swift_url of the gateways",
    ),
    (
        "connection re",
        "This address accepts no connections. If the address is not in registry_swift_authurl, it is in the gateway's "
        "X-Storage-Url. Next: set rgw_swift_url of the gateways",
    ),
    (
        "malformed HTTP response",
        "The port expects TLS and the URL says http, or the other way round. Next: check http and https in the URLs",
    ),
)
_PANIC = re.compile(r"^ *(panic: .*)$", re.MULTILINE)


def registry_panic(said: str) -> str:
    """The panic in what a registry said and its meaning, in one line; without a panic, what it said."""
    found = _PANIC.search(said)
    if not found:
        return said
    panic = found[1].strip()
    meaning = next((meaning for text, meaning in _MEANINGS if text in panic), "")
    return f"{panic}. {meaning}" if meaning else panic
