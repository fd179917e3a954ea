# SPDX-License-Identifier: Apache-2.0
"""Settings of restic: a repository in a bucket. Source: restic manual, "Preparing a new repository"."""

from __future__ import annotations

from ..access import Access
from ..files import TextFile
from ..program import Program, Rendered, s3_variables

__all__ = ["RESTIC"]


def _render(access: Access) -> Rendered:
    backup = access.backup
    place = "/".join(part for part in (access.gateway.url, backup.bucket, backup.path) if part)
    variables = {
        "RESTIC_REPOSITORY": f"s3:{place}",
        "RESTIC_PASSWORD_FILE": f"{access.folder}/restic.password",
        **s3_variables(access),
    }
    if access.gateway.ca_file:
        # Of Go itself: restic 0.14 does not know RESTIC_CACERT.
        variables["SSL_CERT_FILE"] = access.gateway.ca_file
    unset = ("RESTIC_PASSWORD", "RESTIC_PASSWORD_COMMAND", "RESTIC_REPOSITORY_FILE", "AWS_SESSION_TOKEN", "AWS_PROFILE")
    return Rendered(variables, [TextFile("restic.password", f"{backup.password.value}\n")], unset)


RESTIC = Program("restic", ("gateway", "s3", "backup"), ("restic.password",), _render)
