# SPDX-License-Identifier: Apache-2.0
"""Which options a gateway's frontend has, by release. beast takes unknown ones without a word, and ignores them;
civetweb ends radosgw (seen on 16.2.15: "civetweb: Invalid option: endpoint").

Names are those in the radosgw programs of Ceph 14.2.21, 16.2.15, 18.2.7 and 20.2.4; so_reuseport was seen in 20 only.
"""

from __future__ import annotations

import ctypes.util
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
# Names in libradosgw of Ceph 16.2.15, without those of scripts and local files, which a gateway does not serve.
_CIVETWEB = (
    "prefix",
    "num_threads",
    "max_connections",
    "tcp_nodelay",
    "enable_keep_alive",
    "keep_alive_timeout_ms",
    "request_timeout_ms",
    "linger_timeout_ms",
    "max_request_size",
    "access_log_file",
    "error_log_file",
    "access_control_list",
    "throttle",
    "run_as_user",
    "ssl_certificate",
    "ssl_certificate_chain",
    "ssl_verify_peer",
    "ssl_ca_path",
    "ssl_ca_file",
    "ssl_verify_depth",
    "ssl_default_verify_paths",
    "ssl_cipher_list",
    "ssl_protocol_version",
    "ssl_short_trust",
)


def options_of(frontend: str, release: int) -> list[str]:
    """The options of a frontend in a release (major version)."""
    if frontend == "civetweb":
        return list(_CIVETWEB)
    return [name for since, names in _SINCE.items() if since <= release for name in names]


def unknown_options(frontend: str, names: Iterable[str], release: int) -> list[str]:
    """Those of the names that the frontend of that release (major version) does not have."""
    known = options_of(frontend, release)
    return sorted(name for name in names if name not in known)


def tls_library() -> str | None:
    """The name of this host's TLS library, as programs load it; None if there is none."""
    return ctypes.util.find_library("ssl")
