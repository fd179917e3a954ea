# SPDX-License-Identifier: Apache-2.0
"""Which release of Ceph a gateway is of, as far as the admin API shows it, and what that release makes of documents."""

from __future__ import annotations

from collections.abc import Mapping

from ...base.errors import InputError
from ...s3.documents.document import Canonical
from ...s3.documents.releases import TRIED, problems
from ..asked import Asked
from .client import BucketClient

# What came with a release, newest first, as caps that admin_api knows the signs of; and the release of which something
# is known (s3.documents.releases) that such a gateway is taken for.
_CAME_WITH = (("accounts", 20), ("ratelimit", 18))
_OLDEST = 16


def release_of(client: BucketClient, ask: Asked) -> int:
    """The release that a gateway is taken for: 20 from 19 on, 18 from 17 on, 16 before. Raises ToolError."""
    return next((release for cap, release in _CAME_WITH if ask(client.knows_cap, cap)), _OLDEST)


def check_release(client: BucketClient, ask: Asked, documents: Mapping[str, Canonical]) -> None:
    """Refuse what the gateway's release would drop of documents, or not take. Raises InputError, ToolError."""
    if not any(problems(name, form, release) for name, form in documents.items() for release in TRIED):
        return  # nothing that any release has trouble with
    release = release_of(client, ask)
    for name, form in documents.items():
        for problem in problems(name, form, release):
            raise InputError(f"{name}: {problem}")
