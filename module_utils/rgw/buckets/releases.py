# SPDX-License-Identifier: Apache-2.0
"""Which release of Ceph a gateway is of, as far as the admin API shows it, and what that release makes of documents."""

from __future__ import annotations

from collections.abc import Mapping

from ...base.errors import InputError
from ...s3.documents.document import Canonical
from ...s3.documents.releases import TRIED, problems
from ..asked import Asked
from .client import BucketClient

# What came with a release, newest first, as caps that admin_api knows the signs of; and the release that such a gateway
# is taken for.
_CAME_WITH = (("accounts", 20), ("ratelimit", 18), ("oidc-provider", 16))
_OLDEST = 14
# 14.2.21 answers a GET of these with a listing, and takes a PUT for one of the bucket itself.
_NOT_IN_14 = ("tagging", "public_access_block", "encryption")


def release_of(client: BucketClient, ask: Asked) -> int:
    """The release that a gateway is taken for: 20 for 19, 18 for 17, 16 for 15, else 14. Raises ToolError."""
    return next((release for cap, release in _CAME_WITH if ask(client.knows_cap, cap)), _OLDEST)


def check_release(client: BucketClient, ask: Asked, documents: Mapping[str, Canonical]) -> None:
    """Refuse what the gateway's release would drop of documents, or not take. Raises InputError, ToolError."""
    known = any(problems(name, form, release) for name, form in documents.items() for release in TRIED)
    if not known and not any(name in _NOT_IN_14 for name in documents):
        return  # nothing that any release has trouble with
    release = release_of(client, ask)
    for name, form in documents.items():
        if release == _OLDEST and name in _NOT_IN_14:
            raise InputError(f"{name}: Ceph 14 does not know it (seen on 14.2.21). Leave the option out.")
        for problem in problems(name, form, release):
            raise InputError(f"{name}: {problem}")
