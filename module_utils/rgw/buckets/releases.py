# SPDX-License-Identifier: Apache-2.0
"""Which release of Ceph a gateway is of, as far as the admin API shows it, and what that release makes of documents."""

from __future__ import annotations

from collections.abc import Mapping

from ...base.errors import InputError
from ...s3.documents.document import Canonical
from ...s3.documents.releases import problems
from ..asked import Asked
from .client import BucketClient

# What came with a release, newest first, as caps that admin_api knows the signs of.
_CAME_WITH = (("accounts", 19), ("ratelimit", 17), ("oidc-provider", 16))
_OLDEST = 14


def release_of(client: BucketClient, ask: Asked) -> int:
    """The release that a gateway has at least. Raises ToolError."""
    return next((release for cap, release in _CAME_WITH if ask(client.knows_cap, cap)), _OLDEST)


def check_release(client: BucketClient, ask: Asked, documents: Mapping[str, Canonical]) -> None:
    """Refuse what the gateway's release would drop of documents, or not take. Raises InputError, ToolError."""
    if not any(problems(name, form, _OLDEST) for name, form in documents.items()):
        return  # nothing that any release has trouble with
    release = release_of(client, ask)
    for name, form in documents.items():
        for problem in problems(name, form, release):
            raise InputError(f"{name}: {problem}")
