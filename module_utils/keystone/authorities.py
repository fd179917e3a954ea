# SPDX-License-Identifier: Apache-2.0
"""How a gateway in a container gets to know the authority of Keystone's certificate.

radosgw has no option for that: libcurl takes the authorities of the system, whose place is fixed when it is built.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Debian and Ubuntu; Red Hat's family, whose images of Ceph are those of quay.io.
_BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")


def authority_mounts(given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The mounts of a container's definition; none without a file of authorities. given: the variable of the role."""
    source = given.get("ca_file")
    if not source:
        return []
    return [{"type": "bind", "source": source, "target": target, "read_only": True} for target in _BUNDLES]
