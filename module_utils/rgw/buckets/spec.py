# SPDX-License-Identifier: Apache-2.0
"""What buckets are declared to be: from a module's parameters to checked values.

What an entry does not mention is left alone. What it gives as null becomes what a new bucket has.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...base.errors import InputError, checked
from ...base.words import shortened
from ...s3.documents.catalogue import DOCUMENTS
from ..user_record import State
from ..user_values import GROUPS as USER_GROUPS
from ..user_values import SCALARS as USER_SCALARS
from ..user_values import full_uid
from .containers import OPTIONS as SWIFT_OPTIONS
from .containers import is_of_swift
from .containers import wanted as wanted_of_swift
from .names import bucket_key, problem_with_new_container, problem_with_new_name
from .record import NEW_QUOTA, NEW_RATE_LIMIT

# Group -> what checks its values, and what a new bucket has.
_GROUPS = {
    "quota": (USER_GROUPS["bucket_quota"], NEW_QUOTA),
    "rate_limit": (USER_GROUPS["rate_limit"], NEW_RATE_LIMIT),
}
# What is settled when a bucket is created, and stays.
PLACE = {"placement": "default_placement", "storage_class": "default_storage_class"}
_LASTING = ("owner", *PLACE)
# A PUT of S3's ACL ends swift's without a word (18.2.7), and a container has versions, websites and CORS of its own.
S3_ONLY = ("storage_class", "acl", "versioning", "object_lock", "website", "cors")


@dataclass(frozen=True)
class DesiredBucket:
    """One entry of the list, checked.

    where: its place in the list, for errors. key: the name with its tenant ("tenant/name"). wanted: only what the entry
    mentions. remove_objects: whether what is in the bucket goes with it. change_owner: whether the bucket may be taken
    from another owner. not_made: why no bucket of this name is created. is_registrys: whether the caller knows that a
    registry keeps its images there. is_container: whether it is a container of swift. purges_metadata: whether metadata
    of swift that the entry does not mention goes. lifecycle_is_default: whether its lifecycle is for a bucket without
    other rules only.
    """

    where: str
    key: str
    present: bool
    wanted: State = field(default_factory=dict)
    remove_objects: bool = False
    change_owner: bool = False
    not_made: str = ""
    is_registrys: bool = False
    is_container: bool = False
    purges_metadata: bool = False
    lifecycle_is_default: bool = False

    @property
    def documents(self) -> list[str]:
        """The documents that the entry mentions, in the order in which they are to be written."""
        return [name for name in DOCUMENTS if (name,) in self.wanted]

    @property
    def mentions_swift(self) -> bool:
        """Whether the entry mentions anything that swift alone keeps."""
        return self.purges_metadata or any(is_of_swift(path) for path in self.wanted)

    def mentions(self, group: str) -> bool:
        """Whether the entry says anything about an option."""
        return any(path[0] == group for path in self.wanted)


def parse_buckets(entries: Sequence[Mapping[str, Any]], registrys: Collection[str] = ()) -> list[DesiredBucket]:
    """Check all entries and return them as desired buckets. Raises InputError, whose text names index and bucket.

    registrys: the keys of the buckets of registries.
    """
    buckets: list[DesiredBucket] = []
    places: dict[str, str] = {}
    for index, entry in enumerate(entries):
        where = f"buckets[{index}] (name '{shortened(entry['name'])}')"
        try:
            bucket = _parse_bucket(where, entry, registrys)
            if bucket.key in places:
                raise InputError(f"bucket '{bucket.key}' is given twice, first at {places[bucket.key]}.")
        except InputError as error:
            raise InputError(f"{where}: {error}") from error
        places[bucket.key] = where
        buckets.append(bucket)
    return buckets


def _parse_bucket(where: str, entry: Mapping[str, Any], registrys: Collection[str]) -> DesiredBucket:
    key = bucket_key(entry["name"], entry.get("tenant"))
    present = entry.get("state", "present") == "present"
    is_container = entry.get("api") == "swift"
    _check_api(entry, is_container)
    return DesiredBucket(
        where,
        key,
        present,
        _wanted(entry) if present else {},
        remove_objects=bool(entry.get("remove_objects")),
        change_owner=bool(entry.get("change_owner")),
        not_made=problem_with_new_container(key) if is_container else problem_with_new_name(key),
        is_registrys=key in registrys,
        is_container=is_container,
        purges_metadata=present and "metadata" in entry and entry["metadata"] is None,
        lifecycle_is_default=bool(entry.get("lifecycle_is_default")),
    )


def _check_api(entry: Mapping[str, Any], is_container: bool) -> None:
    """Refuse options of the other API."""
    others = S3_ONLY if is_container else SWIFT_OPTIONS
    for name in others:
        if name in entry:
            why = "swift has no such thing, or another form of it" if is_container else "it is for api: swift"
            raise InputError(f"{name}: {why}. Leave the option out, or change api.")


def _wanted(entry: Mapping[str, Any]) -> State:
    wanted: State = {}
    for name in _LASTING:
        if name in entry and entry[name] is None:
            raise InputError(f"{name}: null is no value of a bucket; leave the option out to leave the bucket alone.")
    if "owner" in entry:
        wanted["owner",] = checked("owner", lambda given: full_uid(given, entry.get("tenant")), entry["owner"])
    for name, user_option in PLACE.items():
        if name in entry:
            wanted[name,] = checked(name, USER_SCALARS[user_option], entry[name]) or _new_place(name)
    for group, (checks, new) in _GROUPS.items():
        if group in entry:
            wanted.update(_group(group, checks, new, entry[group]))
    wanted.update(wanted_of_swift(entry))
    for name, document in DOCUMENTS.items():
        if name in entry:
            wanted[name,] = document.wanted(entry[name], name)
    return wanted


def _new_place(name: str) -> str:
    if name == "storage_class":
        return "STANDARD"
    raise InputError(f"{name}: must not be empty; leave the option out for the owner's default.")


def _group(group: str, checks: Mapping[str, Any], new: Mapping[str, Any], given: Mapping[str, Any] | None) -> State:
    values = dict(new) if given is None else dict(given)
    if any(value is not None for value in values.values()) and given is not None:
        values.setdefault("enabled", True)  # a limit that is written down is meant to hold
    return {
        (group, name): new[name] if value is None else checked(f"{group}.{name}", checks[name], value)
        for name, value in values.items()
    }
