# SPDX-License-Identifier: Apache-2.0
"""A back-end in memory, for tests and for a look at the portal. Everything is gone when the process ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from typing_extensions import override

from module_utils.base.secret import Secret, generate_secret

from ..problems import LimitReached, NotEmpty, NotFound, Taken, Unavailable
from .backend import AccountLimits, Backend, Bucket, KeyPair, Quota, Usage


@dataclass
class _Account:
    limits: AccountLimits
    keys: dict[str, Secret] = field(default_factory=dict)
    buckets: dict[str, Bucket] = field(default_factory=dict)


class DummyBackend(Backend):
    """Accounts in a mapping. is_down: whether every operation raises Unavailable, for tests."""

    kind = "dummy"

    def __init__(self) -> None:
        self.is_down = False
        self._accounts: dict[str, _Account] = {}
        self._lock = threading.Lock()

    @override
    def check(self) -> None:
        with self._all():
            pass

    @override
    def limits(self, project: str) -> AccountLimits | None:
        with self._all() as accounts:
            return accounts[project].limits if project in accounts else None

    @override
    def set_limits(self, project: str, limits: AccountLimits) -> AccountLimits:
        with self._all() as accounts:
            accounts.setdefault(project, _Account(limits)).limits = limits
            return limits

    @override
    def remove_account(self, project: str) -> None:
        with self._account(project) as account:
            if account.buckets:
                raise NotEmpty("The project has buckets.")
            del self._accounts[project]

    @override
    def bucket_names(self, project: str) -> list[str]:
        with self._account(project) as account:
            return sorted(account.buckets)

    @override
    def bucket(self, project: str, name: str) -> Bucket:
        with self._account(project) as account:
            return _bucket(account, name)

    @override
    def create_bucket(self, project: str, name: str, quota: Quota) -> Bucket:
        with self._account(project) as account:
            if any(name in other.buckets for other in self._accounts.values()):
                raise Taken("Another bucket has this name.")
            if len(account.buckets) >= account.limits.max_buckets:
                raise LimitReached(f"The project may have {account.limits.max_buckets} buckets.")
            account.buckets[name] = Bucket(name, quota, False, Usage())
            return account.buckets[name]

    @override
    def change_bucket(self, project: str, name: str, quota: Quota, restricted: bool) -> Bucket:
        with self._account(project) as account:
            kept = replace(quota, max_objects=None) if restricted else quota
            account.buckets[name] = replace(_bucket(account, name), quota=kept, restricted=restricted)
            return account.buckets[name]

    @override
    def delete_bucket(self, project: str, name: str, with_objects: bool) -> None:
        with self._account(project) as account:
            is_empty = _bucket(account, name).usage.is_nothing
            if not (with_objects or is_empty):
                raise NotEmpty("The bucket is not empty.")
            del account.buckets[name]

    @override
    def usage(self, project: str) -> Usage:
        with self._account(project) as account:
            used = [bucket.usage for bucket in account.buckets.values()]
            return Usage(*(sum(getattr(one, name) for one in used) for name in ("bytes", "objects", "uploads")))

    @override
    def key_ids(self, project: str) -> list[str]:
        with self._account(project) as account:
            return sorted(account.keys)

    @override
    def create_key(self, project: str, key_id: str) -> KeyPair:
        with self._account(project) as account:
            account.keys[key_id] = generate_secret()
            return KeyPair(key_id, account.keys[key_id])

    @override
    def remove_key(self, project: str, key_id: str) -> None:
        with self._account(project) as account:
            account.keys.pop(key_id, None)

    def store(self, project: str, name: str, used: Usage) -> None:
        """Say what a bucket holds, for tests: there is no way to its objects."""
        with self._account(project) as account:
            account.buckets[name] = replace(_bucket(account, name), usage=used)

    @contextmanager
    def _all(self) -> Iterator[dict[str, _Account]]:
        with self._lock:
            if self.is_down:
                raise Unavailable("The back-end is down.")
            yield self._accounts

    @contextmanager
    def _account(self, project: str) -> Iterator[_Account]:
        with self._all() as accounts:
            if project not in accounts:
                raise NotFound("The project has no storage here.")
            yield accounts[project]


def _bucket(account: _Account, name: str) -> Bucket:
    if name not in account.buckets:
        raise NotFound("There is no bucket of this name in the project.")
    return account.buckets[name]
