# SPDX-License-Identifier: Apache-2.0
"""All documents of a bucket by the names of their options, in the order in which they are to be written.

Object lock asks for versions. A public policy or ACL is refused where public_access_block shuts the public out, so this
one comes first; where it shuts more out than before, what was public is changed first.
"""

from __future__ import annotations

from typing import List, Mapping, Sequence, Tuple

from .acl import Acl
from .cors import Cors
from .document import Canonical, Document
from .encryption import Encryption
from .lifecycle import Lifecycle
from .notification import Notification
from .object_lock import ObjectLock
from .policy import Policy
from .public_access_block import PublicAccessBlock
from .tagging import Tagging
from .versioning import Versioning
from .website import Website

_ALL: Sequence[Document] = (
    Versioning(),
    ObjectLock(),
    Tagging(),
    Encryption(),
    Lifecycle(),
    Cors(),
    Website(),
    PublicAccessBlock(),
    Acl(),
    Policy(),
    Notification(),
)
_SHUTS = "public_access_block"
DOCUMENTS: Mapping[str, Document] = {document.name: document for document in _ALL}


def in_order(changes: Mapping[str, Tuple[Canonical, Canonical]]) -> List[str]:
    """The names of documents that change, in the order in which they are to be written: name -> (stored, wanted)."""
    names = [name for name in DOCUMENTS if name in changes]
    stored, wanted = changes.get(_SHUTS, ({}, {}))
    if any(wanted[part] and not stored[part] for part in wanted):
        names.remove(_SHUTS)
        names.append(_SHUTS)
    return names
