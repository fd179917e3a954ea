# SPDX-License-Identifier: Apache-2.0
"""A bucket's record (GET /admin/bucket?bucket=B&stats=true), and the state that is read from it.

A state maps paths to values in the words of this toolkit:

    ("owner",): "tenant$uid"           ("quota", "max_size"): 1024            bytes; -1: no limit
    ("placement",): "fast"             ("rate_limit", "max_read_ops"): 100    a minute; 0: no limit
    ("storage_class",): "STANDARD"     ("lifecycle",): the canonical form of a document (s3/documents)

Records as Ceph 16.2.15 and 18.2.7 give them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping

from ...base.errors import InputError
from ...s3.documents.document import Setting
from ..user_ratelimit import LIMITS
from ..user_record import State

Record = Mapping[str, Any]

QUOTA = ("max_size", "max_objects", "enabled")
NEW_QUOTA: Mapping[str, Any] = {"max_size": -1, "max_objects": -1, "enabled": False}
NEW_RATE_LIMIT: Mapping[str, Any] = {**dict.fromkeys(LIMITS, 0), "enabled": False}
STANDARD = "STANDARD"

# The category of the index that counts uploads which nobody has completed or aborted.
_UPLOADS = "rgw.multimeta"


@dataclass(frozen=True)
class Found:
    """What a gateway has of a bucket, as far as its entry asks for it.

    setting: what short forms in its documents stand for, once it is as wanted. record: None if there is no such bucket.
    state: see above. owner_is_unfinished: whether an earlier run that gave the bucket to its owner was ended before it
    had given him the objects.
    """

    setting: Setting
    record: Record | None = None
    state: State = field(default_factory=dict)
    owner_is_unfinished: bool = False

    @property
    def exists(self) -> bool:
        """Whether there is such a bucket."""
        return self.record is not None


def read_record(record: Record) -> State:
    """The state that a record holds. Raises InputError if it is in an unknown form."""
    try:
        placement, _slash, storage_class = record["placement_rule"].partition("/")
        stored = {**NEW_QUOTA, **record["bucket_quota"]}
        return {
            ("owner",): str(record["owner"]),
            ("placement",): placement,
            ("storage_class",): storage_class or STANDARD,
            # Any negative number means no limit: max-size-kb=-1 is kept as -1024.
            ("quota", "max_size"): max(stored["max_size"], -1),
            ("quota", "max_objects"): max(stored["max_objects"], -1),
            ("quota", "enabled"): bool(stored["enabled"]),
        }
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"its record is in a form that this toolkit does not know ({error!r}).") from error


def objects(record: Record) -> int:
    """How many objects a bucket has, each version counted and no delete marker, from the headers of its index."""
    return sum(_number(usage) for kind, usage in record.get("usage", {}).items() if kind != _UPLOADS)


def uploads(record: Record) -> int:
    """How many parts and beginnings of incomplete uploads a bucket has."""
    return _number(record.get("usage", {}).get(_UPLOADS, {}))


def _number(usage: Mapping[str, Any]) -> int:
    return int(usage.get("num_objects", 0))


def group_of(state: State, group: str) -> dict[str, Any]:
    """The values of a group in a state: quota, rate_limit."""
    return {path[1]: value for path, value in state.items() if path[0] == group and len(path) > 1}
