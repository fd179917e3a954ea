# SPDX-License-Identifier: Apache-2.0
"""What stands against plans at the gateway, found before anything is written.

What RGW refuses, such as one bucket too many, it refuses when a part of the list is written. What it does not refuse
and should, document_checks has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ...base.errors import InputError, ToolError
from ...base.words import plural
from ...s3.documents.catalogue import DOCUMENTS
from ...s3.documents.document import UnknownSubresource
from ..acting import ActingFor
from ..asked import Asked
from ..bulk import all_of
from ..plan_checks import check_zone
from . import registries
from .client import BucketClient
from .coming import NOTHING_COMES, Coming
from .document_checks import DocumentChecks
from .listing import Listing
from .plan import Plan
from .record import objects
from .releases import release_of
from .spec import PLACE
from .swift_acting import SwiftActing
from .swift_client import list_container

_CHOWN_SINCE = 16


def check_plans(
    clients: Sequence[BucketClient],
    acting: ActingFor,
    swift: SwiftActing,
    plans: Sequence[Plan],
    can_chown: bool,
    may_try: bool,
    coming: Coming = NOTHING_COMES,
) -> None:
    """Ask the gateway about what the plans change. Raises InputError, which names index and bucket, ToolError.

    can_chown: whether radosgw-admin is at hand. may_try: whether something may be written for a moment to see how the
    gateway takes it, which check mode does not. coming: what is not there yet and counts as if it were.
    """
    plans = [plan for plan in plans if plan.changed]
    if plans:
        check_zone(clients[0], "Buckets created there by the admin API would be there only")
        all_of(clients, plans, _Checks(acting, swift, plans, can_chown, may_try, coming))


class _Checks:
    """Looks at one plan after the other, and asks each question once."""

    def __init__(
        self,
        acting: ActingFor,
        swift: SwiftActing,
        plans: Sequence[Plan],
        can_chown: bool,
        may_try: bool,
        coming: Coming,
    ) -> None:
        self._acting = acting
        self._swift = swift
        self._can_chown = can_chown
        self._coming = coming
        self._ask = Asked()
        self._documents = DocumentChecks(acting, self._ask, may_try, coming)
        self._new = Counter(plan.owner for plan in plans if plan.is_created or plan.changes_owner)

    def __call__(self, client: BucketClient, plan: Plan) -> None:
        try:
            self._check_registry(client, plan)
            self._check_locked(client, plan)
            if plan.bucket.present:
                self._check_owner(client, plan)
                self._check_place(client, plan)
                self._check_rate_limit(client, plan)
                self._documents.check(client, plan)
        except InputError as error:
            raise InputError(f"{plan.bucket.where}: {error}") from error

    def _check_registry(self, client: BucketClient, plan: Plan) -> None:
        option = registries.is_dangerous(plan)
        if not option:
            return
        if plan.bucket.is_registrys:
            raise InputError(registries.refusal(option))
        record = plan.found.record
        if record is None or not objects(record):
            return

        def listing(prefix: str, most: int, delimiter: str) -> Listing:
            key, owner = plan.bucket.key, record["owner"]
            if plan.bucket.is_container:  # with a name that S3 may not take
                return list_container(client, self._swift.account(client, owner), key, prefix, most, delimiter)
            return client.list_objects(key, self._acting.login(client, owner), prefix, most, delimiter)

        if registries.holds_registry(listing):
            raise InputError(registries.refusal(option))

    def _check_locked(self, client: BucketClient, plan: Plan) -> None:
        """With a bucket, the admin API removes objects without a look at their retention (16.2.15, 18.2.7)."""
        record = plan.found.record
        if plan.bucket.present or record is None or not objects(record):
            return
        locked = record.get("object_lock_enabled")  # not in records of Ceph 16
        if locked or (locked is None and self._has_lock(client, plan.bucket.key, record["owner"])):
            raise InputError(
                f"state: the bucket has object lock and {plural(objects(record), 'object')}, which may be under "
                "retention. Remove the objects as their owner first, who is told which ones the lock holds."
            )

    def _has_lock(self, client: BucketClient, key: str, owner: str) -> bool:
        login = self._acting.login(client, owner)
        try:
            return bool(client.read_document(key, login, DOCUMENTS["object_lock"])["enabled"])
        except UnknownSubresource:
            return False
        except ToolError as error:
            # Up to Ceph 16 S3, which alone gives a lock, does not take the names of some containers.
            if error.code != "InvalidBucketName":
                raise
            return False

    def _check_owner(self, client: BucketClient, plan: Plan) -> None:
        if not (plan.is_created or plan.changes_owner) or self._coming.owner(self._acting, client, plan.owner):
            return
        problem = self._acting.problem(client, plan.owner)
        if problem:
            raise InputError(f"owner: {problem}")
        most = int((self._acting.record(client, plan.owner) or {}).get("max_buckets", 0))
        if most < 0:
            raise InputError(f"owner: user '{plan.owner}' must not have buckets (max_buckets is {most}).")
        if most and len(self._ask(client.buckets_of, plan.owner)) + self._new[plan.owner] > most:
            raise InputError(
                f"owner: user '{plan.owner}' would have more buckets than max_buckets allows ({most}). Raise that."
            )
        count = objects(plan.found.record or {})
        if plan.changes_owner and count and release_of(client, self._ask) < _CHOWN_SINCE:
            raise InputError(
                f"owner: the bucket has {plural(count, 'object')}, and only radosgw-admin of Ceph 15 and later gives "
                f"them to '{plan.owner}' (bucket chown; 14.2.21 does not have it)."
            )
        if plan.changes_owner and count and not self._can_chown:
            raise InputError(
                f"owner: the bucket has {plural(count, 'object')}, and only radosgw-admin gives them to "
                f"'{plan.owner}'. Set radosgw_admin, which says where that program has a keyring."
            )

    def _check_place(self, client: BucketClient, plan: Plan) -> None:
        placement, storage_class = (plan.bucket.wanted.get((name,), "") for name in PLACE)
        if not plan.is_created or not (placement or storage_class):
            return
        known = self._ask(client.placements)
        problem = known.problem(placement, storage_class) if known else ""
        if known is None and placement and not self._ask(client.knows_placement, placement, storage_class):
            problem = f"the gateway has no placement target '{placement}' with storage class '{storage_class}'."
        if problem:
            raise InputError(
                f"placement: {problem} A gateway of a cluster without a realm has to be restarted to know a new one."
            )

    def _check_rate_limit(self, client: BucketClient, plan: Plan) -> None:
        if any(path[0] == "rate_limit" for path in plan.changes) and not self._ask(client.knows_cap, "ratelimit"):
            raise InputError(f"rate_limit: needs Ceph 17; {client.endpoint} is older.")
