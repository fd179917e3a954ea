# SPDX-License-Identifier: Apache-2.0
"""Settings of s3cmd. Source: s3cmd's S3/Config.py, which also reads the variable S3CMD_CONFIG."""

from __future__ import annotations

import re

from ..access import Access
from ..files import TextFile, ini
from ..program import Program, Rendered

__all__ = ["S3CMD"]


def _render(access: Access) -> Rendered:
    gateway = access.gateway
    values = {
        "access_key": access.s3.user,
        "secret_key": access.s3.secret,
        "bucket_location": gateway.region,
        "host_base": gateway.authority,
        # Without a placeholder for the bucket, s3cmd uses paths: the gateway has no wildcard name in DNS.
        "host_bucket": gateway.authority,
        "use_https": str(gateway.tls),
    }
    if gateway.ca_file:
        values["ca_certs_file"] = gateway.ca_file
    variables = {"S3CMD_CONFIG": f"{access.folder}/s3cfg"}
    return Rendered(variables, [TextFile("s3cfg", ini("s3cmd", {"default": values}))])


# s3cmd takes quotes away, and the name of a variable after $ (S3/Config.py, ConfigParser and read_config_file).
_MISREAD = re.compile(r'^".*"$|^\$')
S3CMD = Program("s3cmd", ("gateway", "s3"), ("s3cfg",), _render, misread=_MISREAD)
