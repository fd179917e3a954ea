# SPDX-License-Identifier: Apache-2.0
"""What a registry's cache of blob descriptors, redis, says of its blobs, held against its bucket.

Source: distribution 2.8 and 3.1, registry/storage/cache/redis/redis.go, whose keys are the same: a hash for each blob,
for each repository the set of its layers, and a hash for each of these. A layer is there for a push if the set and the
layer's own hash say so, a manifest if its hash does; the storage is not asked. Deleting a manifest by the API leaves
its hash (seen on 2.8.2), and then nothing in the bucket leads to it any more.
"""

from __future__ import annotations

import re
import sys
from typing import AbstractSet, Any, Callable, Iterator, NamedTuple, Sequence
from urllib.parse import urlsplit

from ...base.errors import InputError, ToolError
from ...host.packages import distribution
from .survey import Survey

try:
    import redis

    HAS_REDIS = True
except ImportError:
    HAS_REDIS = False

_BATCH = 500
_BLOB = re.compile(r"blobs::(?P<digest>\w+:[0-9a-f]{32,128})\Z")
_REMEDY = (
    "Next: see that redis runs at this address, lets this host in (bind, protected-mode), and that database, user name "
    "and password_file are those of the registry"
)


class Outdated(NamedTuple):
    """blobs: digests whose own hash speaks of what is not there; members: the same as (repository, digest)."""

    blobs: list[str]
    members: list[tuple[str, str]]

    @property
    def digests(self) -> set[str]:
        """All digests of which something untrue is said."""
        return {*self.blobs, *(digest for _repository, digest in self.members)}


class RedisCache:
    """A registry's cache at `address` (host:port); `shared`: other registries use the database, too.

    Raises InputError for an address that is none. All methods raise ToolError.
    """

    def __init__(
        self,
        address: str,
        database: int = 0,
        username: str | None = None,
        password: str | None = None,
        shared: bool = False,
        timeout: float = 60,
    ) -> None:
        host, port = _host_and_port(address)
        self._target = f"redis at {address}, database {database}"
        self._shared = shared
        if not HAS_REDIS:
            raise ToolError(
                "use",
                self._target,
                f"the Python package redis is missing for {sys.executable}",
                f"Next: {distribution().module_remedy('redis')}",
            )
        self._client: Any = redis.Redis(
            host=host,
            port=port,
            db=database,
            username=username,
            password=password,
            socket_timeout=timeout,
            decode_responses=True,
            encoding_errors="replace",  # Other programs' keys may be anything.
        )

    def reconcile(self, survey: Survey, dry: bool, doomed: AbstractSet[str] = frozenset()) -> int:
        """Forget what is outdated, unless `dry`; of how many digests that is."""
        outdated = self.outdated(survey, doomed)
        if not dry:
            self.forget(outdated)
        return len(outdated.digests)

    def outdated(self, survey: Survey, doomed: AbstractSet[str] = frozenset()) -> Outdated:
        """What it says of blobs that are not in the bucket, or are `doomed`, and of blobs that a repository has not.

        Of a shared database only the keys that the bucket and `doomed` lead to are looked at.
        """
        kept = survey.blobs.keys() - doomed
        links = survey.layers | survey.revisions
        repositories = sorted({repository for repository, _digest in links})
        found = self._all("read", repositories, lambda pipe, repository: pipe.smembers(_members(repository)))
        members = [(name, digest) for name, digests in zip(repositories, found) for digest in sorted(digests)]
        named = {digest for _repository, digest in (*links, *members)} | doomed
        if not self._shared:
            named |= self._cached()
        # A digest of another algorithm leads to a blob that is stored by its sha256.
        aliens = sorted(named - kept)
        stored = dict(zip(aliens, self._all("read", aliens, lambda pipe, digest: pipe.hget(_blob(digest), "digest"))))
        gone = {digest for digest in aliens if (stored[digest] or digest) not in kept}
        return Outdated(
            sorted(digest for digest in gone if stored[digest]),
            [member for member in members if member[1] in gone or member not in links],
        )

    def forget(self, outdated: Outdated) -> None:
        """Remove these, and nothing else."""
        self._all("change", outdated.members, lambda pipe, member: pipe.srem(_members(member[0]), member[1]))
        self._all("change", outdated.members, lambda pipe, member: pipe.delete(f"{_members(member[0])}::{member[1]}"))
        self._all("change", outdated.blobs, lambda pipe, digest: pipe.delete(_blob(digest)))

    def _cached(self) -> set[str]:
        """The digests of all blobs that it knows."""
        try:
            found = map(_BLOB.match, self._client.scan_iter("blobs::*", count=_BATCH))
            return {key["digest"] for key in found if key}
        except redis.RedisError as error:
            raise self._error("read", error) from error

    def _error(self, operation: str, error: Exception) -> ToolError:
        return ToolError(operation, self._target, str(error).rstrip("."), _REMEDY)

    def _all(self, operation: str, items: Sequence[Any], order: Callable[[Any, Any], Any]) -> list[Any]:
        """The answers to the command that `order` gives to a pipeline for each item."""
        answers: list[Any] = []
        try:
            self._client.ping()
            for batch in _batches(items):
                pipe = self._client.pipeline(transaction=False)
                for item in batch:
                    order(pipe, item)
                answers += pipe.execute()
        except redis.RedisError as error:
            raise self._error(operation, error) from error
        return answers


def _members(repository: str) -> str:
    return f"repository::{repository}::blobs"


def _blob(digest: str) -> str:
    return f"blobs::{digest}"


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))


def _host_and_port(address: str) -> tuple[str, int]:
    parts = urlsplit(f"//{address}")
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port or parts.username is not None or parts.path:
        raise InputError("redis' address is not host:port; give the registry's redis.addr as this host reaches it")
    return host, port
