# SPDX-License-Identifier: Apache-2.0
"""Which options a gateway's frontend has, by release. radosgw takes unknown ones without a word, and ignores them.

Names are those in the radosgw programs of Ceph 14.2.21, 16.2.15, 18.2.7 and 20.2.4; so_reuseport was seen in 20 only.
"""

from __future__ import annotations

from collections.abc import Iterable

LAST_WITH_CIVETWEB = 16
_SINCE = {
    14: (
        "port",
        "endpoint",
        "ssl_port",
        "ssl_endpoint",
        "ssl_certificate",
        "ssl_private_key",
        "tcp_nodelay",
        "request_timeout_ms",
        "max_connection_backlog",
        "prefix",
    ),
    16: ("max_header_size", "ssl_options", "ssl_ciphers"),
    20: ("so_reuseport",),
}


def beast_options(release: int) -> list[str]:
    """The options of beast in a release (major version)."""
    return [name for since, names in _SINCE.items() if since <= release for name in names]


def unknown_options(names: Iterable[str], release: int) -> list[str]:
    """Those of the names that beast of that release (major version) would ignore."""
    known = beast_options(release)
    return sorted(name for name in names if name not in known)
