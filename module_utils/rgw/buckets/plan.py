# SPDX-License-Identifier: Apache-2.0
"""What a bucket takes to become what it is declared to be: from what there is and what is wanted to what is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...base.errors import InputError
from ...s3.documents.catalogue import DOCUMENTS
from ...s3.documents.document import Setting
from ..user_record import State
from .record import NEW_QUOTA, NEW_RATE_LIMIT, Found, objects, uploads
from .spec import PLACE, DesiredBucket

_NO_WRITES = (
    "every PUT would be refused. For no limit, give -1 or null; to keep writers out, write a policy that denies "
    "s3:PutObject."
)


@dataclass(frozen=True)
class Plan:
    """bucket: the entry. found: what the gateway has. before, after: the bucket's state (nothing without a bucket).

    changes: the part of `after` that has to be written to the bucket once it is there, and is its owner's. owner: who
    is to own the bucket.
    """

    bucket: DesiredBucket
    found: Found
    owner: str
    before: State
    after: State
    changes: State

    @property
    def exists(self) -> bool:
        """Whether the gateway has the bucket."""
        return self.found.exists

    @property
    def is_created(self) -> bool:
        """Whether the bucket has to be created."""
        return self.bucket.present and not self.exists

    @property
    def changes_owner(self) -> bool:
        """Whether the bucket, or what is left of its objects, has to be given to another user."""
        moved = self.exists and self.bucket.present and self.before["owner",] != self.owner
        return moved or self.found.owner_is_unfinished

    @property
    def changed(self) -> bool:
        """Whether anything has to be written."""
        return bool(self.changes) or self.exists != self.bucket.present or self.changes_owner


def plan_bucket(bucket: DesiredBucket, found: Found) -> Plan:
    """Compare what there is with what should be. Raises InputError."""
    owner = found.setting.owner or found.state.get(("owner",), "")
    if not bucket.present:
        plan = Plan(bucket, found, owner, found.state, {}, {})
        _require_removable(plan)
        return plan
    if not found.exists:
        _require_creatable(bucket)
    start = found.state if found.exists else _new_state(bucket, found.setting)
    wanted = {**_kept_acl(found), **_settled(bucket.wanted, found.setting)}
    lasting = {("owner",), *((name,) for name in PLACE)}
    changes = {path: value for path, value in wanted.items() if path not in lasting and start.get(path) != value}
    plan = Plan(bucket, found, owner, found.state, {**start, **wanted}, changes)
    if found.exists:
        _require_reachable(plan)
    _require_sensible(plan)
    return plan


def _settled(wanted: State, setting: Setting) -> State:
    return {
        path: DOCUMENTS[path[0]].settled(value, setting) if path[0] in DOCUMENTS else value
        for path, value in wanted.items()
    }


def _kept_acl(found: Found) -> State:
    """What a bucket's ACL grants to others is to outlast a change of its owner, with which RGW makes it private."""
    old = found.state.get(("acl",))
    if old is None or found.state["owner",] == found.setting.owner:
        return {}
    grants = [grant for grant in old["grants"] if grant.get("user") != found.setting.owner]
    return _settled({("acl",): {"grants": grants}}, found.setting)


def _new_state(bucket: DesiredBucket, setting: Setting) -> State:
    """What a new bucket has of what the entry mentions."""
    new: State = {("quota", name): value for name, value in NEW_QUOTA.items()}
    if bucket.mentions("rate_limit"):
        new.update({("rate_limit", name): value for name, value in NEW_RATE_LIMIT.items()})
    new.update(_settled({(name,): DOCUMENTS[name].as_new for name in bucket.documents}, setting))
    if bucket.wanted.get(("object_lock",), {}).get("enabled"):
        # What the creation of the bucket brings along (S3 API, CreateBucket).
        new["object_lock",] = {"enabled": True}
        if ("versioning",) in bucket.wanted:
            new["versioning",] = "enabled"
    return new


def _require_creatable(bucket: DesiredBucket) -> None:
    if bucket.not_made:
        raise InputError(f"the gateway has no such bucket, and none is created: {bucket.not_made}")
    if ("owner",) not in bucket.wanted:
        raise InputError("the gateway has no such bucket; give the owner for whom it is to be created.")


def _require_removable(plan: Plan) -> None:
    if plan.found.record is None or plan.bucket.remove_objects:
        return
    counts = {"objects or versions": objects(plan.found.record), "parts of uploads": uploads(plan.found.record)}
    there = " and ".join(f"{count} {what}" for what, count in counts.items() if count)
    if there:
        raise InputError(
            f"the bucket has {there} and is not removed. Set remove_objects to remove it with all that is in it."
        )


def _require_reachable(plan: Plan) -> None:
    """Refuse what cannot become of an existing bucket."""
    bucket, before = plan.bucket, plan.before
    if before["owner",] != plan.owner and not bucket.change_owner:
        raise InputError(
            f"the bucket belongs to user '{before['owner',]}', not '{plan.owner}'. Name that user as owner, or set "
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


def _require_sensible(plan: Plan) -> None:
    after = plan.after
    for name in ("max_size", "max_objects"):
        path = ("quota", name)
        if after.get(("quota", "enabled")) and after.get(path) == 0 and _touches(plan, "quota"):
            raise InputError(f"quota.{name}: with a limit of 0 {_NO_WRITES}")
    size = plan.changes.get(("quota", "max_size"), -1)
    if size > 0 and size % 1024:
        raise InputError(
            f"quota.max_size: {size} bytes are no whole KiB, and the admin API takes KiB on every release (of bytes "
            f"Ceph 16 makes 0). Give {max(size - size % 1024, 1024)}."
        )
    if plan.exists and plan.bucket.mentions("rate_limit") and not group_of(plan.before, "rate_limit"):
        raise InputError("rate_limit: needs Ceph 17, and the gateway is older. Leave the option out.")
    if after.get(("object_lock",), {}).get("enabled") and plan.changes.get(("versioning",)) == "suspended":
        raise InputError("versioning: a bucket with object lock keeps its versions (S3 API, PutBucketVersioning).")


def _touches(plan: Plan, group: str) -> bool:
    return any(path[0] == group for path in plan.changes)


def group_of(state: State, group: str) -> dict[str, Any]:
    """The values of a group in a state: quota, rate_limit."""
    return {path[1]: value for path, value in state.items() if path[0] == group and len(path) > 1}
