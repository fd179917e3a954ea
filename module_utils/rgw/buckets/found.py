# SPDX-License-Identifier: Apache-2.0
"""What a gateway has of a bucket: one read, and one more for each document and limit that the entry mentions."""

from __future__ import annotations

from ...base.errors import InputError
from ...s3.documents.catalogue import DOCUMENTS
from ...s3.documents.document import Canonical, Setting, UnknownSubresource
from ..acting import ActingFor
from . import containers
from .bucket_documents import BucketDocuments
from .client import BucketClient
from .names import bare_name, is_account, is_of_another_tenant
from .ownership import is_unfinished
from .record import NEW_RATE_LIMIT, Found, read_record
from .spec import DesiredBucket
from .swift_acting import SwiftActing
from .swift_client import head_container


def find(client: BucketClient, acting: ActingFor, swift: SwiftActing, bucket: DesiredBucket) -> Found:
    """Read what there is of a bucket. Raises InputError if nobody can act for its owner, ToolError."""
    record = client.read_bucket(bucket.key)
    if record is None:
        return nothing(bucket)
    state = read_record(record)
    _require_own_tenant(bucket, record["owner"])
    if not bucket.present:
        return Found(_setting(bucket, record["owner"]), record, state)
    if bucket.mentions("rate_limit"):
        # Before Ceph 17, where there is no such thing, a bucket has what a new one has.
        limit = client.read_rate_limit(bucket.key) or NEW_RATE_LIMIT
        state.update({("rate_limit", name): value for name, value in limit.items()})
    owner = record["owner"]
    setting = _setting(bucket, owner)
    if ("notification",) in bucket.wanted:
        setting = setting._replace(zonegroup=client.zonegroup(bucket.key, acting.login(client, owner)))
    if is_account(owner) and (bucket.documents or bucket.mentions_swift):
        raise InputError(
            f"the bucket belongs to the account '{owner}', and only its users may read and write the bucket's "
            "documents. Leave out all but quota, rate_limit and state."
        )
    now = setting._replace(owner=owner)
    unfinished = setting.owner == owner and _is_unfinished(client, acting, bucket)
    for name in _documents(bucket, unfinished or setting.owner != owner):
        documents = BucketDocuments(client, bucket.key, record["id"], acting.login(client, owner))
        state[name,] = DOCUMENTS[name].settled(_read(documents, bucket, name), now)
    if bucket.is_container and (bucket.mentions_swift or unfinished or setting.owner != owner):
        state.update(containers.read_state(head_container(client, swift.account(client, owner), bucket.key).headers))
    return Found(setting, record, state, unfinished)


def nothing(bucket: DesiredBucket) -> Found:
    """What there is of a bucket that the gateway does not have."""
    return Found(_setting(bucket, ""))


def _setting(bucket: DesiredBucket, owner: str) -> Setting:
    return Setting(bare_name(bucket.key), bucket.wanted.get(("owner",), owner))


def _require_own_tenant(bucket: DesiredBucket, owner: str) -> None:
    if is_of_another_tenant(owner, bucket.key):
        raise InputError(
            f"the bucket belongs to user '{owner}' of another tenant, in whose name the gateway would read and change "
            "another bucket of this name. Give it to a user of its own tenant first: radosgw-admin bucket link"
        )


def _is_unfinished(client: BucketClient, acting: ActingFor, bucket: DesiredBucket) -> bool:
    owner = bucket.wanted.get(("owner",))
    return owner is not None and is_unfinished(acting.record(client, owner), owner, bucket.key)


def _documents(bucket: DesiredBucket, changes_owner: bool) -> list[str]:
    """The documents to read. With the owner, RGW changes the ACL; S3 does not see that of swift."""
    reads_acl = changes_owner and not bucket.is_container
    return [name for name in DOCUMENTS if (name,) in bucket.wanted or (reads_acl and name == "acl")]


def _read(documents: BucketDocuments, bucket: DesiredBucket, name: str) -> Canonical:
    document = DOCUMENTS[name]
    try:
        return documents.read(document)
    except UnknownSubresource as error:
        if bucket.wanted.get((name,), document.as_new) == document.as_new:
            return document.as_new  # nothing is asked for of what the gateway does not have
        raise InputError(f"{name}: {error}") from error
