# SPDX-License-Identifier: Apache-2.0
"""The fields of Rook's objects that are used here, with their documented types; any other field is an error.

Source: Rook 1.20, Documentation/CRDs/Object-Storage. tests/integration/kubernetes/test_rook.py has Rook's own schema.
"""

from __future__ import annotations

from typing import Any

PERMISSIONS = {"enum": ["*", "read", "write", "read, write"]}
CAPS = (
    *(
        "user",
        "users",
        "bucket",
        "buckets",
        "metadata",
        "usage",
        "zone",
        "roles",
        "info",
        "amz-cache",
        "bilog",
        "mdlog",
    ),
    *("datalog", "user-policy", "oidc-provider", "ratelimit", "userInfoWithoutKeys", "accounts"),
)


def closed(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


TEXT, COUNT = {"type": "string"}, {"type": "integer"}
PORT = {"type": "integer", "minimum": 1, "maximum": 65535}
REFERENCE = {**closed(name=TEXT, key=TEXT), "required": ["name", "key"]}
SPECS = {
    "CephObjectStoreUser": closed(
        store=TEXT,
        displayName=TEXT,
        opMask={"type": "array", "items": {"enum": ["read", "write", "delete"]}, "uniqueItems": True},
        quotas=closed(maxBuckets=COUNT, maxObjects=COUNT, maxSize=COUNT),
        capabilities=closed(**dict.fromkeys(CAPS, PERMISSIONS)),
        keys={"type": "array", "items": closed(accessKeyRef=REFERENCE, secretKeyRef=REFERENCE)},
    ),
    "CephObjectStore": closed(
        gateway=closed(
            port=PORT,
            securePort=PORT,
            sslCertificateRef=TEXT,
            externalRgwEndpoints={"type": "array", "minItems": 1, "items": closed(ip=TEXT, hostname=TEXT)},
        ),
        hosting=closed(
            advertiseEndpoint={
                **closed(dnsName=TEXT, port=PORT, useTls={"type": "boolean"}),
                "required": ["dnsName", "port", "useTls"],
            }
        ),
    ),
}
