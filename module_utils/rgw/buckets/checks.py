# SPDX-License-Identifier: Apache-2.0
"""What stands against plans at the gateway, found before anything is written.

RGW takes policies for users and buckets that do not exist, and rules that move objects to a storage class that does not
exist (16.2.15, 18.2.7, 20.2.4). What it refuses, such as one bucket too many, it refuses when a part of the list is
written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ...base.errors import InputError
from ...s3.documents.acl import users as users_of_acl
from ...s3.documents.document import Canonical
from ...s3.documents.lifecycle import storage_classes
from ...s3.documents.policy import principals, resources
from ..asked import Asked
from ..bulk import all_of
from ..plan_checks import check_zone
from . import registries
from .client import BucketClient
from .logins import OwnerLogins
from .names import bare_name, tenant_of
from .plan import Plan
from .record import objects
from .releases import check_release
from .spec import PLACE


def check_plans(clients: Sequence[BucketClient], logins: OwnerLogins, plans: Sequence[Plan], can_chown: bool) -> None:
    """Ask the gateway about what the plans change. Raises InputError, which names index and bucket, ToolError.

    can_chown: whether radosgw-admin is at hand.
    """
    plans = [plan for plan in plans if plan.changed]
    if plans:
        check_zone(clients[0], "Buckets created there by the admin API would be there only")
        all_of(clients, plans, _Checks(logins, plans, can_chown))


class _Checks:
    """Looks at one plan after the other, and asks each question once."""

    def __init__(self, logins: OwnerLogins, plans: Sequence[Plan], can_chown: bool) -> None:
        self._logins = logins
        self._can_chown = can_chown
        self._ask = Asked()
        self._new = Counter(plan.owner for plan in plans if plan.is_created or plan.changes_owner)

    def __call__(self, client: BucketClient, plan: Plan) -> None:
        try:
            self._check_registry(client, plan)
            if plan.bucket.present:
                self._check_owner(client, plan)
                self._check_place(client, plan)
                self._check_documents(client, plan)
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
        if registries.holds_registry(client, plan.bucket.key, self._logins.login(client, record["owner"])):
            raise InputError(registries.refusal(option))

    def _check_owner(self, client: BucketClient, plan: Plan) -> None:
        if not (plan.is_created or plan.changes_owner):
            return
        problem = self._logins.problem(client, plan.owner)
        if problem:
            raise InputError(f"owner: {problem}")
        most = int((self._logins.record(client, plan.owner) or {}).get("max_buckets", 0))
        if most < 0:
            raise InputError(f"owner: user '{plan.owner}' must not have buckets (max_buckets is {most}).")
        if most and len(self._ask(client.list_buckets, plan.owner)) + self._new[plan.owner] > most:
            raise InputError(
                f"owner: user '{plan.owner}' would have more buckets than max_buckets allows ({most}). Raise that."
            )
        count = objects(plan.found.record or {})
        if plan.changes_owner and count and not self._can_chown:
            raise InputError(
                f"owner: the bucket has {count} objects, and only radosgw-admin gives them to '{plan.owner}'. Set "
                "radosgw_admin, which says where that program has a keyring."
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

    def _check_documents(self, client: BucketClient, plan: Plan) -> None:
        for name, check in (("policy", self._check_policy), ("acl", self._check_acl), ("lifecycle", self._check_rules)):
            if (name,) in plan.changes:
                check(client, plan, plan.changes[name,])
        documents = {path[0]: form for path, form in plan.changes.items() if len(path) == 1}
        check_release(client, self._ask, documents)

    def _check_policy(self, client: BucketClient, plan: Plan, policy: Canonical) -> None:
        for tenant, name in resources(policy):
            other_tenant = tenant not in ("", "*", tenant_of(plan.bucket.key))
            if other_tenant or not _matches(name, bare_name(plan.bucket.key)):
                raise InputError(
                    f"policy: the resource '{name}' is not this bucket, so that the statement would never apply. Write "
                    f"arn:aws:s3:::{bare_name(plan.bucket.key)} and arn:aws:s3:::{bare_name(plan.bucket.key)}/*."
                )
        for kind, tenant, name in principals(policy):
            if kind == "user":
                uid = name.partition(":")[0]  # of a subuser
                self._require_user(client, "policy", f"{tenant}${uid}" if tenant else uid)

    def _check_acl(self, client: BucketClient, plan: Plan, acl: Canonical) -> None:
        for uid in sorted(users_of_acl(acl)):
            self._require_user(client, "acl", uid)
        if acl.get("owner", plan.owner) != plan.owner:
            raise InputError(f"acl: its owner is '{acl['owner']}', and the bucket's is '{plan.owner}'. Leave that out.")

    def _check_rules(self, client: BucketClient, plan: Plan, lifecycle: Canonical) -> None:
        known = self._ask(client.placements) if storage_classes(lifecycle) else None
        if known is None:
            return
        placement = plan.after.get(("placement",), "")
        for name in sorted(storage_classes(lifecycle)):
            problem = known.problem_with_class(name, placement if placement in known.classes else "")
            if problem:
                raise InputError(f"lifecycle: {problem}")

    def _require_user(self, client: BucketClient, option: str, uid: str) -> None:
        if self._logins.record(client, uid) is None:
            raise InputError(
                f"{option}: there is no user '{uid}', and RGW would take the document all the same. Create the user "
                "first, or correct the name (a user of a tenant is arn:aws:iam::TENANT:user/UID in a policy)."
            )


def _matches(pattern: str, name: str) -> bool:
    """Whether a pattern with * and ? is, or could be, this name."""
    words = {"*": ".*", "?": "."}
    return bool(re.fullmatch("".join(words.get(letter, re.escape(letter)) for letter in pattern), name, re.DOTALL))
