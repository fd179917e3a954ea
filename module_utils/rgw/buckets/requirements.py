# SPDX-License-Identifier: Apache-2.0
"""What an entry must not ask for, seen from the entry and from what the gateway has of the bucket.

Every function raises InputError, whose text does not name the entry: the caller does.
"""

from __future__ import annotations

from ...base.errors import InputError
from ...base.words import listed, plural
from ...s3.documents.document import Canonical
from ..user_record import State
from .record import Found, objects, uploads
from .spec import PLACE, DesiredBucket

_KIB = 1024
_NO_WRITES = (
    "every PUT would be refused. For no limit, give -1 or null; to keep writers out, write a policy that denies "
    "s3:PutObject."
)


def require_creatable(bucket: DesiredBucket) -> None:
    """Refuse a new bucket with a name that S3 does not know, or without an owner."""
    if bucket.not_made:
        raise InputError(f"the gateway has no such bucket, and none is created: {bucket.not_made}")
    if ("owner",) not in bucket.wanted:
        raise InputError("the gateway has no such bucket; give the owner for whom it is to be created.")


def require_removable(bucket: DesiredBucket, found: Found) -> None:
    """Refuse the removal of a bucket that is not empty, unless the entry says so."""
    if found.record is None or bucket.remove_objects:
        return
    count, begun = objects(found.record), uploads(found.record)
    there = [plural(count, "object")] * bool(count) + [f"incomplete uploads ({plural(begun, 'part')})"] * bool(begun)
    if there:
        raise InputError(
            f"the bucket has {listed(there)}, each version counted, and is not removed. Set remove_objects to remove "
            "the bucket with all that is in it."
        )


def require_reachable(bucket: DesiredBucket, found: Found) -> None:
    """Refuse what cannot become of an existing bucket."""
    before, owner = found.state, found.setting.owner
    if before["owner",] != owner and not bucket.change_owner:
        raise InputError(
            f"the bucket belongs to user '{before['owner',]}', not '{owner}'. Name that user as owner, or set "
            "change_owner to give the bucket and its objects away."
        )
    for name in PLACE:
        wanted = bucket.wanted.get((name,), before[name,])
        if wanted != before[name,]:
            raise InputError(
                f"{name}: the bucket is in '{before[name,]}' and cannot move to '{wanted}'. Create another bucket and "
                "copy the objects."
            )
    lock, wanted_lock = (state.get(("object_lock",), {}).get("enabled") for state in (before, bucket.wanted))
    if wanted_lock is not None and wanted_lock != lock:
        can = "cannot be enabled for a bucket that was created without" if wanted_lock else "stays once it is enabled"
        raise InputError(f"object_lock: it {can}. Create another bucket and copy the objects.")


def require_sensible(changes: State, after: State) -> None:
    """Refuse what RGW takes and nobody means, and what contradicts itself.

    changes: what is to be written; after: what the bucket has then, as far as it was read.
    """
    _require_usable_quota(changes, after)
    if after.get(("object_lock",), {}).get("enabled") and changes.get(("versioning",)) == "suspended":
        raise InputError("versioning: a bucket with object lock keeps its versions (S3 API, PutBucketVersioning).")
    block = after.get(("public_access_block",), {})
    for name, flag, lets_in in (("acl", "block_public_acls", _is_public), ("policy", "block_public_policy", _is_open)):
        if (
            block.get(flag)
            and lets_in(after.get((name,)))
            and ((name,) in changes or ("public_access_block",) in changes)
        ):
            raise InputError(
                f"{name}: the bucket's {name} lets the public in, and public_access_block.{flag} refuses just that. "
                "Give up one of the two."
            )


def _require_usable_quota(changes: State, after: State) -> None:
    touched = any(path[0] == "quota" for path in changes)
    for name in ("max_size", "max_objects"):
        if touched and after.get(("quota", "enabled")) and after.get(("quota", name)) == 0:
            raise InputError(f"quota.{name}: with a limit of 0 {_NO_WRITES}")
    size = changes.get(("quota", "max_size"), -1)
    if size > 0 and size % _KIB:
        raise InputError(
            f"quota.max_size: {size} bytes are no whole KiB, and the admin API takes KiB on every release (of bytes "
            f"Ceph 16 makes 0). Give {max(size - size % _KIB, _KIB)}."
        )


def _is_public(acl: Canonical) -> bool:
    return any("group" in grant for grant in (acl or {}).get("grants", []))


def _is_open(policy: Canonical) -> bool:
    """Whether a statement lets everybody in, without a condition."""
    return any(
        statement["Effect"] == "Allow"
        and "*" in statement.get("Principal", {}).get("AWS", [])
        and not statement.get("Condition")
        for statement in (policy or {}).get("Statement", [])
    )
