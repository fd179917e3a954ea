# SPDX-License-Identifier: Apache-2.0
"""All documents of a bucket by the names of their options, in the order in which they are to be written.

Object lock asks for versions. What shuts the public out comes after what was public, for a gateway refuses public ACLs
and policies from then on (18.2.7); where it is to let the public in, whoever writes has to begin with it.
"""

from __future__ import annotations

from typing import Mapping, Sequence

from .acl import Acl
from .cors import Cors
from .document import Document
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
    Acl(),
    Policy(),
    PublicAccessBlock(),
    Notification(),
)
DOCUMENTS: Mapping[str, Document] = {document.name: document for document in _ALL}
