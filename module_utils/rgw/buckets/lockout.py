# SPDX-License-Identifier: Apache-2.0
"""Policies that shut the bucket's own owner out: up to 18.2.7 RGW lets nobody lift them afterwards.

20.2.4 lets the owner read, write and remove such a policy, and nothing else. 19 was not tried, so all are refused.
What a statement's conditions come to is not looked at, but for the one that is common and that a run can tell of
itself: a denial of plain HTTP, written over plain HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ...s3.documents.document import Canonical

_NEEDED = ("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy")
_OVER_HTTP = {"Bool": {"aws:SecureTransport": ["false"]}}


def denied_to_owner(policy: Canonical, owner: str, bucket: str, over_tls: bool) -> str:
    """What a policy denies the owner that is needed to change it again; empty if nothing.

    owner: the full uid. bucket: the name without its tenant. over_tls: whether the run speaks to the gateway by TLS.
    """
    for statement in policy.get("Statement", []):
        condition = statement.get("Condition") or {}
        holds = not condition or (condition == _OVER_HTTP and not over_tls)
        if statement["Effect"] == "Deny" and holds and _is_of(statement, owner) and _is_about(statement, bucket):
            for action in _NEEDED:
                if _covers(statement, "Action", action, ignore_case=True):
                    return action
    return ""


def matches(pattern: str, text: str, ignore_case: bool = False) -> bool:
    """Whether a pattern with * and ? stands for a text."""
    words = {"*": ".*", "?": "."}
    expression = "".join(words.get(letter, re.escape(letter)) for letter in pattern)
    return bool(re.fullmatch(expression, text, re.DOTALL | (re.IGNORECASE if ignore_case else 0)))


def _covers(statement: Mapping[str, Any], name: str, text: str, ignore_case: bool = False) -> bool:
    """Whether a statement's Action or NotAction means an action; likewise for resources."""
    if f"Not{name}" in statement:
        return not _any(statement[f"Not{name}"], text, ignore_case)
    return _any(statement.get(name, []), text, ignore_case)


def _any(patterns: Iterable[str], text: str, ignore_case: bool) -> bool:
    return any(matches(pattern, text, ignore_case) for pattern in patterns)


def _is_about(statement: Mapping[str, Any], bucket: str) -> bool:
    """Whether a statement means the bucket itself, and not only its objects."""
    without_tenants = {
        name: [re.sub("^arn:aws:s3::[^:]*:", "", arn) for arn in statement[name]]
        for name in ("Resource", "NotResource")
        if name in statement
    }
    return _covers(without_tenants, "Resource", bucket)


def _is_of(statement: Mapping[str, Any], owner: str) -> bool:
    if "NotPrincipal" in statement:
        return not _names(statement["NotPrincipal"], owner)
    return _names(statement.get("Principal", {}), owner)


def _names(principal: Mapping[str, Any], owner: str) -> bool:
    tenant, _sign, uid = owner.rpartition("$")
    own = {"*", f"arn:aws:iam::{tenant}:user/{uid}", f"arn:aws:iam::{tenant}:root"}
    return any(name in own for name in principal.get("AWS", []))
