# SPDX-License-Identifier: Apache-2.0
"""Settings of sregistry 0.2.39. Source: sregistry/main/swift/__init__.py, sregistry/auth/secrets.py.

The client copies the token from its variables into the file SREGISTRY_CLIENT_SECRETS, by default ~/.sregistry. It makes
that file with mode 0644 and keeps the mode of one that is there. Whatever is in the file counts where no variable is.
"""

from __future__ import annotations

from ..access import Access
from ..files import JsonFile
from ..program import Program, Rendered

__all__ = ["SREGISTRY"]


def _render(access: Access) -> Rendered:
    file = "sregistry.json"
    settings = dict(access.sregistry.variables)
    variables = {"SREGISTRY_CLIENT": "swift", "SREGISTRY_CLIENT_SECRETS": f"{access.folder}/{file}", **settings}
    if access.gateway.ca_file:
        variables["REQUESTS_CA_BUNDLE"] = access.gateway.ca_file
    return Rendered(variables, [JsonFile(file, {"SREGISTRY_CLIENT": "swift", "swift": settings})])


SREGISTRY = Program("sregistry", ("sregistry",), ("sregistry.json",), _render)
