# SPDX-License-Identifier: Apache-2.0
"""What the portal asks of a storage back-end. tests/services/portal/contract.py holds every back-end to it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass, field
from typing import ClassVar

from module_utils.base.secret import Secret

from ..problems import NotFound, NotOffered


@dataclass(frozen=True)
class Quota:
    """Limits in bytes (whole KiB) and objects; None: no limit."""

    max_bytes: int | None = None
    max_objects: int | None = None


@dataclass(frozen=True)
class AccountLimits:
    """What a project may use: a quota over all of its buckets, and their number."""

    quota: Quota
    max_buckets: int


@dataclass(frozen=True)
class Usage:
    """What is stored, in bytes and objects, each version counted; uploads: parts of uploads that nobody completed."""

    bytes: int = 0
    objects: int = 0
    uploads: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether nothing would be lost."""
        return not (self.objects or self.uploads)


@dataclass(frozen=True)
class Bucket:
    """A bucket. restricted: whether it takes no new objects, and only the portal can change that."""

    name: str
    quota: Quota
    restricted: bool
    usage: Usage


@dataclass(frozen=True)
class Summary:
    """What a project may use and what it uses. buckets: how many it has."""

    limits: AccountLimits
    usage: Usage
    buckets: int


@dataclass(frozen=True)
class StoredObject:
    """An object as a list shows it. modified: ISO 8601, UTC."""

    key: str
    size: int
    modified: str


@dataclass(frozen=True)
class ObjectPage:
    """Objects and folders right below a prefix. folders: prefixes that end with "/". following: where to go on."""

    folders: list[str]
    objects: list[StoredObject]
    following: str


@dataclass(frozen=True)
class UploadForm:
    """A form that uploads an object straight to the back-end. fields: they let anybody upload, for a while."""

    url: str
    fields: dict[str, str] = field(repr=False)


@dataclass(frozen=True)
class KeyPair:
    """A new key; the back-end keeps the secret, the portal never does."""

    id: str
    secret: Secret


class Backend(ABC):
    """Storage of projects. Names are checked by the caller; operations may run side by side.

    A project's account exists from set_limits to remove_account. All operations raise Unavailable and BackendRefused;
    those on a project without an account raise NotFound, except limits.
    """

    kind: ClassVar[str]
    # Whether limits of a project have a number of objects.
    limits_objects: ClassVar[bool] = True
    # Whether a bucket of one project takes its name from all others.
    shares_names: ClassVar[bool] = True
    # Whether scripts of pages may be allowed to send forms that upload files.
    takes_scripts: ClassVar[bool] = False

    def require_offered(self, limits: AccountLimits) -> None:
        """Raise NotOffered for limits that the back-end cannot keep."""
        if limits.quota.max_objects is not None and not self.limits_objects:
            raise NotOffered("This storage does not limit the number of a project's objects.")

    @abstractmethod
    def check(self) -> None:
        """Raise Unavailable or BackendRefused if the back-end does not serve."""

    @abstractmethod
    def limits(self, project: str) -> AccountLimits | None:
        """The limits of a project's account; None without one."""

    @abstractmethod
    def set_limits(self, project: str, limits: AccountLimits) -> AccountLimits:
        """Make or change a project's account. Raises NotOffered, and Taken if the account is not the portal's."""

    @abstractmethod
    def remove_account(self, project: str) -> None:
        """Remove a project's account and its keys. Raises NotEmpty while it has buckets."""

    @abstractmethod
    def bucket_names(self, project: str) -> list[str]:
        """The names of a project's buckets, sorted."""

    @abstractmethod
    def bucket(self, project: str, name: str) -> Bucket:
        """A bucket of a project. Raises NotFound, also for another project's."""

    def buckets(self, project: str, names: list[str]) -> list[Bucket]:
        """Buckets of a project by their names, those that have gone left out."""
        found = []
        for name in names:
            with suppress(NotFound):
                found.append(self.bucket(project, name))
        return found

    @abstractmethod
    def create_bucket(self, project: str, name: str, quota: Quota) -> Bucket:
        """Make a bucket. Raises Taken, LimitReached."""

    @abstractmethod
    def change_bucket(self, project: str, name: str, quota: Quota, restricted: bool) -> Bucket:
        """Give a bucket a quota, and say whether it takes new objects. Raises NotFound.

        Of a restricted bucket, max_objects is not kept.
        """

    @abstractmethod
    def delete_bucket(self, project: str, name: str, with_objects: bool) -> None:
        """Remove a bucket. Raises NotFound, and NotEmpty unless its objects may go."""

    @abstractmethod
    def usage(self, project: str) -> Usage:
        """What all buckets of a project hold; uploads may be among the objects, where the back-end adds both up."""

    def summary(self, project: str) -> Summary | None:
        """Limits and usage of a project; None without an account. Of many buckets, the usage may lag by minutes."""
        limits = self.limits(project)
        return None if limits is None else Summary(limits, self.usage(project), len(self.bucket_names(project)))

    @abstractmethod
    def key_ids(self, project: str) -> list[str]:
        """The ids of an account's keys, sorted."""

    @abstractmethod
    def create_key(self, project: str, key_id: str) -> KeyPair:
        """Make a key with an id that nobody has."""

    @abstractmethod
    def remove_key(self, project: str, key_id: str) -> None:
        """Remove a key; nothing happens if it is not there."""

    def client_settings(self, project: str, key_id: str) -> dict[str, str]:
        """What programs need besides a key, by the names that they have for it. None of it is secret."""
        return {}

    def objects(self, project: str, bucket: str, prefix: str, after: str, most: int) -> ObjectPage:
        """Objects of a bucket right below a prefix, after what a page called `following`. Raises NotFound."""
        raise NotOffered("This storage does not show its objects here.")

    def download_url(self, project: str, bucket: str, key: str, seconds: int) -> str:
        """A URL from which anybody can download an object for so many seconds. Raises NotFound for the bucket."""
        raise NotOffered("This storage has no URLs for downloads.")

    def upload_form(self, project: str, bucket: str, prefix: str, back: str, seconds: int) -> UploadForm:
        """A form that uploads a file below a prefix and leads back to a URL, for so many seconds. Raises NotFound.

        Without a URL, the answer to the form is 201.
        """
        raise NotOffered("This storage has no forms for uploads.")

    def allow_scripts(self, project: str, bucket: str, origin: str) -> None:
        """Let scripts of an origin's pages send forms that upload files, and see the answers. Raises NotFound."""
        raise NotOffered("This storage takes uploads from forms alone.")

    def close(self) -> None:  # noqa: B027 (most have nothing to let go of)
        """Let go of connections."""
