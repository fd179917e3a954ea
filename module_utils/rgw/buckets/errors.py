# SPDX-License-Identifier: Apache-2.0
"""What RGW's answers mean to requests about buckets, which are made in the name of their owner."""

from __future__ import annotations

from ...http.messages import Answer
from .. import owner_answers
from ..admin_errors import Attempt

_HINTS = {
    "AccessDenied": "The owner's key was used. A bucket policy that denies the owner, a public access block or the "
    "owner's op_mask can refuse this. For the last: radosgw-admin user info --uid=...",
    "BucketAlreadyExists": "Another user of this tenant has a bucket of this name. Choose another name.",
    "TooManyBuckets": "The owner has as many buckets as max_buckets allows. Raise that, or remove a bucket.",
    "InvalidLocationConstraint": "The gateway has no such placement target, or not for this owner (placement_tags). "
    "A gateway may have to be restarted to know a new one. See: radosgw-admin zonegroup placement list",
    "MalformedXML": "The gateway does not understand the document: its release of Ceph may lack a part of it.",
    "MethodNotAllowed": "The gateway has this API switched off, or its release of Ceph does not have it.",
    "InvalidBucketState": "Object lock is for buckets that were created with it. Create a new bucket.",
}


def owner_success(attempt: Attempt, answer: Answer) -> Answer:
    """Return the answer if it is a good one of a gateway. Raises ToolError."""
    return owner_answers.owner_success(attempt, answer, _HINTS)
