# SPDX-License-Identifier: Apache-2.0
"""What a bucket takes to become what it is declared to be: from what there is and what is wanted to what is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...s3.documents.catalogue import DOCUMENTS
from ...s3.documents.document import Setting
from ..user_record import Path, State
from . import containers
from .record import NEW_QUOTA, NEW_RATE_LIMIT, Found
from .requirements import require_creatable, require_reachable, require_removable, require_sensible
from .spec import PLACE, DesiredBucket


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
        require_removable(bucket, found)
        return Plan(bucket, found, owner, found.state, {}, {})
    if not found.exists:
        require_creatable(bucket)
    start = found.state if found.exists else _new_state(bucket, found.setting)
    kept = _kept_acl(found)
    wanted = {**kept, **_purged(bucket, found), **_settled(_heeded(bucket, start), found.setting)}
    lasting = {("owner",), *((name,) for name in PLACE)}
    changes = {
        path: value
        for path, value in wanted.items()
        if path not in lasting and (_now(start, path) != value or path in kept)
    }
    after = {**start, **wanted}
    if found.exists:
        require_reachable(bucket, found)
    require_sensible(changes, after)
    return Plan(bucket, found, owner, found.state, after, changes)


def _heeded(bucket: DesiredBucket, start: State) -> State:
    """What of an entry counts: a default lifecycle does not where the bucket has rules with other ids."""
    rules = bucket.wanted.get(("lifecycle",), [])
    ids = {rule["id"] for rule in rules}
    if bucket.lifecycle_is_default and any(rule["id"] not in ids for rule in start.get(("lifecycle",), [])):
        return {path: value for path, value in bucket.wanted.items() if path != ("lifecycle",)}
    return bucket.wanted


def _now(state: State, path: Path) -> Any:
    """What there is; metadata of a container that is not there reads as empty."""
    return state.get(path, containers.empty(path) if containers.is_of_swift(path) else None)


def _purged(bucket: DesiredBucket, found: Found) -> State:
    """The metadata of a container that go, since the entry says null."""
    paths = (path for path in found.state if path[0] == "metadata")
    return dict.fromkeys(paths, "") if bucket.purges_metadata else {}


def _settled(wanted: State, setting: Setting) -> State:
    return {
        path: DOCUMENTS[path[0]].settled(value, setting) if path[0] in DOCUMENTS else value
        for path, value in wanted.items()
    }


def _kept_acl(found: Found) -> State:
    """What a bucket's ACL grants to others is to outlast a change of its owner, with which RGW makes it private."""
    old = found.state.get(("acl",))
    if old is None or not (found.owner_is_unfinished or found.state["owner",] != found.setting.owner):
        return {}
    grants = [grant for grant in old["grants"] if grant.get("user") != found.setting.owner]
    return _settled({("acl",): {"grants": grants}}, found.setting)


def _new_state(bucket: DesiredBucket, setting: Setting) -> State:
    """What a new bucket has of what the entry mentions."""
    new: State = {("quota", name): value for name, value in NEW_QUOTA.items()}
    if bucket.mentions("rate_limit"):
        new.update({("rate_limit", name): value for name, value in NEW_RATE_LIMIT.items()})
    if bucket.mentions_swift:
        new.update(containers.new_state())
    new.update(_settled({(name,): DOCUMENTS[name].as_new for name in bucket.documents}, setting))
    if bucket.wanted.get(("object_lock",), {}).get("enabled"):
        # What the creation of the bucket brings along (S3 API, CreateBucket).
        new["object_lock",] = {"enabled": True}
        if ("versioning",) in bucket.wanted:
            new["versioning",] = "enabled"
    return new
