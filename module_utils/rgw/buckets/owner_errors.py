# SPDX-License-Identifier: Apache-2.0
"""What RGW's answers mean to requests that are made in the name of a bucket's owner."""

from __future__ import annotations

from ...base.errors import ToolError
from ...http.messages import Answer
from ..admin_errors import Attempt, answer_error, error_code

_HINTS = {
    "AccessDenied": "The owner's key was used. A bucket policy that denies the owner, a public access block or the "
    "owner's op_mask can refuse this. For the last: radosgw-admin user info --uid=...",
    "InvalidAccessKeyId": "The owner's key was removed while the run was using it. Run this again.",
    "UserSuspended": "The owner was suspended during the run. Enable the user: radosgw-admin user enable --uid=...",
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
    if 200 <= (answer.status or 0) < 300 and answer.header("x-amz-request-id"):
        return answer
    code = error_code(answer)
    if code in _HINTS:
        raise ToolError(attempt.operation, attempt.target, code, _HINTS[code], status=answer.status)
    raise answer_error(attempt, answer)
