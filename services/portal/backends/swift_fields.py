# SPDX-License-Identifier: Apache-2.0
"""What the header fields of Swift's accounts and containers say, and how limits are written into them.

Source: Swift 2.30, middleware account_quotas and container_quotas.
"""

from __future__ import annotations

from module_utils.http.messages import Answer

from .backend import AccountLimits, Bucket, Quota, Usage

ACCOUNT_QUOTA = "X-Account-Meta-Quota-Bytes"
ACCOUNT_BYTES = "X-Account-Bytes-Used"
SIGNING_KEY = "X-Account-Meta-Temp-URL-Key"
CONTAINER_QUOTA = "X-Container-Meta-Quota-Bytes"
CONTAINER_BYTES = "X-Container-Bytes-Used"
_MOST_OBJECTS = "X-Container-Meta-Quota-Count"
# The portal's own; Swift counts no containers.
_MOST_BUCKETS = "X-Account-Meta-Rgwkit-Max-Buckets"


def limits_fields(limits: AccountLimits) -> dict[str, str]:
    """The metadata of an account with these limits, which are not of objects."""
    return {ACCOUNT_QUOTA: _text(limits.quota.max_bytes), _MOST_BUCKETS: str(limits.max_buckets)}


def limits_of(account: Answer) -> AccountLimits | None:
    """The limits; None for an account that nobody has finished."""
    buckets = number(account, _MOST_BUCKETS)
    return None if buckets is None else AccountLimits(Quota(number(account, ACCOUNT_QUOTA)), buckets)


def buckets_in(account: Answer) -> int:
    """How many containers an account has."""
    return number(account, "X-Account-Container-Count") or 0


def usage_of(account: Answer) -> Usage:
    """What all containers of an account hold."""
    return Usage(number(account, ACCOUNT_BYTES) or 0, number(account, "X-Account-Object-Count") or 0)


def access_fields(project_id: str) -> dict[str, str]:
    """The fields that let a project's keys at a container's objects (keystoneauth, "Access control using ACLs")."""
    members = f"{project_id}:*"
    return {"X-Container-Read": members, "X-Container-Write": members}


def quota_fields(quota: Quota, restricted: bool) -> dict[str, str]:
    """The metadata of a container with this quota. A restricted one has a quota of no objects."""
    return {CONTAINER_QUOTA: _text(quota.max_bytes), _MOST_OBJECTS: "0" if restricted else _text(quota.max_objects)}


def bucket_of(name: str, container: Answer) -> Bucket:
    """A container as a bucket."""
    most = number(container, _MOST_OBJECTS)
    used = Usage(number(container, CONTAINER_BYTES) or 0, number(container, "X-Container-Object-Count") or 0)
    return Bucket(name, Quota(number(container, CONTAINER_QUOTA), most or None), most == 0, used)


def number(found: Answer, field: str) -> int | None:
    """A number; None where there is none: into metadata, Swift's operators may write anything."""
    value = found.header(field) or ""
    return int(value) if value.isascii() and value.isdecimal() else None


def _text(limit: int | None) -> str:
    """A limit as metadata; with an empty value, Swift removes the entry."""
    return "" if limit is None else str(limit)
