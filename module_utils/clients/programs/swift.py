# SPDX-License-Identifier: Apache-2.0
"""Settings of python-swiftclient's command: swift(1)."""

from __future__ import annotations

from ..access import Access
from ..program import Program, Rendered, swift_variables

__all__ = ["SWIFT"]

# With these, the command would talk to another storage (swiftclient/shell.py).
_ELSEWHERE = ("OS_AUTH_TOKEN", "OS_STORAGE_URL", "OS_AUTH_URL", "OS_USERNAME", "OS_PASSWORD")


def _render(access: Access) -> Rendered:
    variables = swift_variables(access)
    if access.gateway.ca_file:
        variables["OS_CACERT"] = access.gateway.ca_file
    return Rendered(variables, unset=_ELSEWHERE)


SWIFT = Program("swift", ("gateway", "swift"), (), _render)
