# SPDX-License-Identifier: Apache-2.0
"""What RGW's answers mean to requests that are made in the name of the owner of a bucket or topic."""

from __future__ import annotations

from collections.abc import Mapping

from ..base.errors import ToolError
from ..http.messages import Answer
from .admin_errors import Attempt, answer_error, error_code

_HINTS = {
    "InvalidAccessKeyId": "The owner's key was removed while the run was using it. Run this again.",
    "UserSuspended": "The owner was suspended while the run was under way. Enable the owner, then run this again.",
}


def owner_success(attempt: Attempt, answer: Answer, hints: Mapping[str, str]) -> Answer:
    """Return the answer if it is a good one of a gateway. hints: what to do about a code. Raises ToolError."""
    if 200 <= (answer.status or 0) < 300 and answer.header("x-amz-request-id"):
        return answer
    code = error_code(answer)
    hint = {**_HINTS, **hints}.get(code)
    if hint and answer.header("x-amz-request-id"):
        raise ToolError(attempt.operation, attempt.target, code, hint, status=answer.status)
    raise answer_error(attempt, answer)
