# SPDX-License-Identifier: Apache-2.0
"""Settings of rclone: the remotes rgw-swift and rgw-s3. Source: rclone.org/swift, rclone.org/s3 (Ceph)."""

from __future__ import annotations

import re
from typing import Dict

from ...base.keystone_login import AUTHS, PREAUTH
from ...base.rclone_config import keystone_remote, swift_remote, token_remote
from ..access import Access
from ..files import TextFile, ini
from ..program import Program, Rendered

__all__ = ["RCLONE"]


def _login(access: Access) -> Dict[str, str]:
    if access.keystone:
        return keystone_remote(access.keystone)
    if access.auth == PREAUTH:
        return token_remote(access.storage_url, access.swift.secret)
    return swift_remote(access.gateway.url, access.swift)


def _render(access: Access) -> Rendered:
    remotes: Dict[str, Dict[str, str]] = {}
    if not access.lacks("swift"):
        remotes["rgw-swift"] = {
            **_login(access),
            "env_auth": "false",
            # A page of a gateway may be shorter than was asked for. Releases before 1.68 do not know the option.
            "fetch_until_empty_page": "true",
        }
    if not access.lacks("s3"):
        remotes["rgw-s3"] = {
            "type": "s3",
            "provider": "Ceph",
            "env_auth": "false",
            "endpoint": access.gateway.url,
            "region": access.gateway.region,
            "force_path_style": "true",
            "access_key_id": access.s3.user,
            "secret_access_key": access.s3.secret,
        }
    variables = {"RCLONE_CONFIG": f"{access.folder}/rclone.conf"}
    if access.gateway.ca_file:
        variables["RCLONE_CA_CERT"] = access.gateway.ca_file
    # With a bundle for the AWS SDK, the S3 part of rclone 1.60 ends with "unsupported transport".
    return Rendered(variables, [TextFile("rclone.conf", ini("rclone", remotes))], ("AWS_CA_BUNDLE",))


# goconfig, which rclone reads its file with, has a quote and puts other values in for %(name)s (1.60.1).
_MISREAD = re.compile(r"^`|%\([^)]+\)s")
RCLONE = Program("rclone", ("swift", "s3"), ("rclone.conf",), _render, any_of=True, misread=_MISREAD, auths=AUTHS)
