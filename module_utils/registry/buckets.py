# SPDX-License-Identifier: Apache-2.0
"""The buckets and containers of an inventory's registries, as the module rgw_buckets takes them.

A registry whose user is among the users of the inventory gets its container or bucket declared. With the s3 driver, an
upload that was never finished stays in the bucket and counts against the quota: the registry removes what it knows of
(storage.maintenance.uploadpurging), and nobody sees parts of an upload but S3. A rule of the bucket's lifecycle ends
such uploads, at the age at which the registry itself gives them up.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Mapping, Sequence, Tuple

from .config.schema_values import nanoseconds
from .storage.layout import prefix_of

# What the role registry takes for a variable that the inventory does not have (roles/registry/defaults).
DEFAULTS: Mapping[str, Any] = {
    "registry_state": "present",
    "registry_storage": "swift",
    "registry_swift_container": "registry",
    "registry_swift_username": "registry:swift",
    "registry_s3_bucket": "registry",
    "registry_s3_accesskey": "registry",
    "registry_s3_options": {},
    "registry_uploadpurging": {"age": "168h"},
}
_RULE = "registry-uploads"
_ABORT = "abort_incomplete_multipart_upload_days"
_DAY_NS = 24 * 3600 * 1e9

_Hostvars = Mapping[str, Mapping[str, Any]]
_Users = Sequence[Mapping[str, Any]]
_Entry = Mapping[str, Any]
# Tenant and name.
_Key = Tuple[str, str]


@dataclass(frozen=True)
class _Place:
    """Where one registry has its images.

    owner: None for a user whom the inventory does not have. wanted: whether the registry is to run. rule: with the s3
    driver, what the keys of the registry begin with, and the days after which its uploads end.
    """

    tenant: str
    name: str
    owner: str | None
    wanted: bool
    rule: tuple[str, int] | None


def registry_buckets(hosts: Iterable[str], hostvars: _Hostvars, users: _Users = ()) -> list[str]:
    """The names of the containers and buckets of registries, "tenant/name" with a tenant.

    users: entries as the module rgw_users takes them.
    """
    places = _places(hosts, hostvars, users)
    return list(dict.fromkeys(f"{one.tenant}/{one.name}" if one.tenant else one.name for one in places))


def with_registry_buckets(
    entries: Iterable[_Entry], hosts: Iterable[str], hostvars: _Hostvars, users: _Users = ()
) -> list[_Entry]:
    """Entries of buckets, and those of the registries' containers and buckets.

    Where both have the same bucket, what the entry of the list mentions wins.
    """
    declared = _declared(_places(hosts, hostvars, users))
    result = [_merged(entry, declared.pop(_key(entry), {})) for entry in entries]
    return [*result, *declared.values()]


def _places(hosts: Iterable[str], hostvars: _Hostvars, users: _Users) -> Iterator[_Place]:
    for host in hosts:
        variables = hostvars[host]
        given = {name: variables.get(name, default) for name, default in DEFAULTS.items()}
        wanted = given["registry_state"] == "present"
        if given["registry_storage"] == "swift":
            full = str(given["registry_swift_username"]).partition(":")[0]
            tenant, _sign, uid = full.rpartition("$")
            owner = uid if any(_full_uid(user) == full for user in _present(users)) else None
            yield _Place(tenant, str(given["registry_swift_container"]), owner, wanted, None)
        elif given["registry_storage"] == "s3":
            user = _user_of_key(users, str(given["registry_s3_accesskey"]))
            tenant, _sign, uid = _full_uid(user).rpartition("$")
            rule = (prefix_of(str(given["registry_s3_options"].get("rootdirectory") or "")), _days(given))
            yield _Place(tenant, str(given["registry_s3_bucket"]), uid or None, wanted, rule)


def _present(users: _Users) -> Iterator[Mapping[str, Any]]:
    # The module judges entries that are no mappings.
    return (user for user in users if isinstance(user, Mapping) and user.get("state", "present") == "present")


def _full_uid(user: Mapping[str, Any]) -> str:
    uid = str(user.get("uid", ""))
    return f"{user['tenant']}${uid}" if user.get("tenant") else uid


def _user_of_key(users: _Users, access_key: str) -> Mapping[str, Any]:
    """The user with an S3 key; nobody if the inventory has no such user."""
    for user in _present(users):
        # `keys` is an alias of s3_keys.
        keys = [*(user.get("s3_keys") or ()), *(user.get("keys") or ())]
        if any(isinstance(key, Mapping) and str(key.get("access_key")) == access_key for key in keys):
            return user
    return {}


def _days(given: Mapping[str, Any]) -> int:
    """Whole days after which the registry gives up an upload, one at least."""
    age = nanoseconds((given["registry_uploadpurging"] or {}).get("age"))
    if age is None:
        age = nanoseconds(DEFAULTS["registry_uploadpurging"]["age"]) or _DAY_NS
    return max(math.ceil(age / _DAY_NS), 1)


def _declared(places: Iterable[_Place]) -> dict[_Key, _Entry]:
    """The entries by their keys. Replicas share one; registries in folders of one bucket have a rule each."""
    found: dict[_Key, dict[str, Any]] = {}
    rules: dict[_Key, dict[str, int]] = {}
    for place in places:
        if place.owner is None or not place.wanted:
            continue
        key = (place.tenant, place.name)
        entry = found.setdefault(key, {"name": place.name, "owner": place.owner})
        if place.tenant:
            entry["tenant"] = place.tenant
        if place.rule is None:
            entry["api"] = "swift"
        else:
            prefix, days = place.rule
            rules.setdefault(key, {})[prefix] = max(days, rules.get(key, {}).get(prefix, 0))
    for key, days_of in rules.items():
        found[key].update(lifecycle=_rules(days_of), lifecycle_is_default=True)
    return dict(found)


def _rules(days_of: Mapping[str, int]) -> list[dict[str, Any]]:
    """A rule for each folder that is not within another one: of two rules, the one with fewer days ends an upload."""
    outer = [prefix for prefix in days_of if not _is_within(prefix, days_of)]
    return [
        {
            "id": f"{_RULE}/{prefix}".rstrip("/"),
            **({"prefix": prefix} if prefix else {}),
            _ABORT: max(days for inner, days in days_of.items() if inner.startswith(prefix)),
        }
        for prefix in sorted(outer)
    ]


def _is_within(prefix: str, others: Collection[str]) -> bool:
    return any(prefix != other and prefix.startswith(other) for other in others)


def _key(entry: _Entry) -> _Key:
    return (str(entry.get("tenant") or ""), str(entry.get("name"))) if isinstance(entry, Mapping) else ("", "")


def _merged(entry: _Entry, registrys: _Entry) -> _Entry:
    if not registrys or entry.get("state", "present") != "present":
        return entry
    merged = {**registrys, **entry}
    if "lifecycle" in entry and "lifecycle_is_default" not in entry:
        merged.pop("lifecycle_is_default", None)
    return merged
