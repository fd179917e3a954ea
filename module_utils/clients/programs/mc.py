# SPDX-License-Identifier: Apache-2.0
"""Settings of the MinIO client: the alias rgw. Source: minio/mc, cmd/config-v10.go."""

from __future__ import annotations

from ..access import Access
from ..files import JsonFile
from ..program import Program, Rendered

__all__ = ["MC"]


def _render(access: Access) -> Rendered:
    alias = {
        "url": access.gateway.url,
        "accessKey": access.s3.user,
        "secretKey": access.s3.secret,
        "api": "S3v4",
        "path": "on",
    }
    variables = {"MC_CONFIG_DIR": f"{access.folder}/mc"}
    if access.gateway.ca_file:
        variables["SSL_CERT_FILE"] = access.gateway.ca_file
    return Rendered(variables, [JsonFile("mc/config.json", {"version": "10", "aliases": {"rgw": alias}})])


MC = Program("mc", ("gateway", "s3"), ("mc/config.json",), _render)
