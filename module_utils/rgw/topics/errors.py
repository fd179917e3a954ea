# SPDX-License-Identifier: Apache-2.0
"""What RGW's answers mean to requests about topics, which are made in the name of their owner."""

from __future__ import annotations

from ...http.messages import Answer
from .. import owner_answers
from ..admin_errors import Attempt

_SECRETS = (
    "A topic with a password is told and listed over TLS only: name the gateway's https address as endpoint, or set "
    "rgw_allow_notification_secrets_in_cleartext of the gateway (16 does not have this option). With a proxy that ends "
    "TLS before the gateway, set rgw_trust_forwarded_https."
)
_NO_TOPICS = (
    "The gateway has no topics that are managed by signed requests: that needs Ceph 16 (14.2.21 answers 501), and "
    "'notifications' in rgw_enable_apis."
)
_HINTS = {
    "NotImplemented": _NO_TOPICS,
    "MethodNotAllowed": _NO_TOPICS,
    # One of the topics of the tenant may be such a one: a listing has them all.
    "AccessDenied": f"{_SECRETS} Beside that, the owner's op_mask or a policy can refuse this.",
    "AuthorizationError": "The topic belongs to another user. Name that user as owner, or choose another name.",
    # 16 and 18 say nothing beside the code.
    "InvalidInput": _SECRETS,
    "InvalidArgument": _SECRETS,
    "NoSuchKey": "A topic that a notification names is gone. Create the topic, or remove the notification.",
}


def owner_success(attempt: Attempt, answer: Answer) -> Answer:
    """Return the answer if it is a good one of a gateway. Raises ToolError."""
    return owner_answers.owner_success(attempt, answer, _HINTS)
