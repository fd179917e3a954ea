# SPDX-License-Identifier: Apache-2.0
"""Settings of python-swiftclient's command: swift(1)."""

from __future__ import annotations

from ...base.keystone_login import AUTHS
from ..access import Access
from ..program import Program, Rendered, swift_variables

__all__ = ["SWIFT"]

# With these, the command would talk to another storage (swiftclient/shell.py).
_ELSEWHERE = (
    *("ST_AUTH", "ST_USER", "ST_KEY", "ST_AUTH_VERSION"),
    *("OS_AUTH_TOKEN", "OS_STORAGE_URL", "OS_AUTH_URL", "OS_AUTH_TYPE", "OS_USERNAME", "OS_USER_ID", "OS_PASSWORD"),
    *("OS_PROJECT_ID", "OS_TENANT_ID", "OS_TENANT_NAME", "OS_REGION_NAME", "OS_USER_DOMAIN_ID", "OS_PROJECT_DOMAIN_ID"),
)


def _render(access: Access) -> Rendered:
    variables = swift_variables(access)
    if access.gateway.ca_file:
        variables["OS_CACERT"] = access.gateway.ca_file
        if access.keystone and access.keystone.application_credential:
            # With such a credential, swiftclient 4.11 does not tell keystoneauth of OS_CACERT.
            variables["REQUESTS_CA_BUNDLE"] = access.gateway.ca_file
    return Rendered(variables, unset=tuple(name for name in _ELSEWHERE if name not in variables))


SWIFT = Program("swift", ("gateway", "swift"), (), _render, auths=AUTHS)
