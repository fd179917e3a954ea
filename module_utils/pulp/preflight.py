# SPDX-License-Identifier: Apache-2.0
"""What Pulp depends on and does not bring itself: a bucket, and PostgreSQL on another host."""

from __future__ import annotations

import socket

from ..base.errors import ToolError
from ..s3.bucket import S3Bucket

__all__ = ["check_bucket", "check_postgresql"]


def check_bucket(bucket: S3Bucket) -> None:
    """Raises ToolError if the bucket does not exist or the user may not read it."""
    if not bucket.exists():
        hint = (
            "Create the bucket with the role rgw_buckets (rgw_buckets_list, docs/buckets.md), owned by the user of "
            "pulp_s3_accesskey, or correct pulp_s3_bucket."
        )
        raise ToolError("find", f"the bucket '{bucket.name}'", "the gateway has no such bucket", hint, 404)


def check_postgresql(host: str, port: int, seconds: float) -> None:
    """Raises ToolError if nothing takes connections there."""
    try:
        socket.create_connection((host, port), seconds).close()
    except OSError as error:
        hint = (
            "Check that PostgreSQL runs and listens there (listen_addresses), that no firewall is between, and "
            "pulp_database_host and pulp_database_port. Nothing was changed."
        )
        target = f"PostgreSQL at {host}:{port}"
        raise ToolError("connect to", target, (error.strerror or str(error)).lower(), hint) from error
