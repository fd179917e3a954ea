# SPDX-License-Identifier: Apache-2.0
"""Settings of duplicity: a swift container as the target swift://CONTAINER. Source: duplicity(1), "Swift"."""

from __future__ import annotations

from ...base.login import TEMPAUTH_PATH
from ..access import Access
from ..program import Program, Rendered, swift_variables

__all__ = ["DUPLICITY"]


def _render(access: Access) -> Rendered:
    variables = {
        # Without these, duplicity 3 tries its checks of an upload five times, 30 seconds apart (3.2.1).
        **swift_variables(access),
        "SWIFT_AUTHURL": f"{access.gateway.url}{TEMPAUTH_PATH}.0",
        "SWIFT_AUTHVERSION": "1",
        "SWIFT_USERNAME": access.swift.user,
        "SWIFT_PASSWORD": access.swift.secret,
        # duplicity takes the passphrase from nowhere else.
        "PASSPHRASE": access.backup.password.value,
        "DUPLICITY_TARGET": f"swift://{access.backup.bucket}",
    }
    if access.gateway.ca_file:
        variables["REQUESTS_CA_BUNDLE"] = access.gateway.ca_file
    return Rendered(variables, unset=("SWIFT_PREAUTHURL", "SWIFT_PREAUTHTOKEN", "SWIFT_TENANTNAME"))


DUPLICITY = Program("duplicity", ("gateway", "swift", "backup"), (), _render)
