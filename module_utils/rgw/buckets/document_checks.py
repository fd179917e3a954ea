# SPDX-License-Identifier: Apache-2.0
"""What stands against documents, although the gateway would take them.

RGW takes policies for users and buckets that do not exist, and rules that move objects to a storage class that does not
exist (16.2.15, 18.2.7, 20.2.4).
"""

from __future__ import annotations

from dataclasses import dataclass

from ...base.errors import InputError
from ...s3.documents.acl import users as users_of_acl
from ...s3.documents.catalogue import DOCUMENTS
from ...s3.documents.document import Canonical
from ...s3.documents.lifecycle import storage_classes
from ...s3.documents.notification import topics
from ...s3.documents.policy import principals, resources
from ..acting import ActingFor
from ..asked import Asked
from ..topics.client import Owner
from .client import BucketClient
from .coming import NOTHING_COMES, Coming
from .containers import users_of
from .encryption import can_encrypt
from .lockout import denied_to_owner, matches
from .names import bare_name, is_account, tenant_of
from .plan import Plan
from .releases import check_release, release_of

# From 19 on a topic has an owner, who can let others use the topic and not see it. The administrator sees all.
_TOPICS_OF_OTHERS = 20


@dataclass(frozen=True)
class DocumentChecks:
    """ask: remembers answers. may_try: whether something may be written for a moment, to see what comes of it.

    coming: what is not there yet and counts as if it were.
    """

    acting: ActingFor
    ask: Asked
    may_try: bool
    coming: Coming = NOTHING_COMES

    def check(self, client: BucketClient, plan: Plan) -> None:
        """Look at the documents that a plan changes. Raises InputError, ToolError."""
        checks = {
            "policy": self._check_policy,
            "acl": self._check_acl,
            "lifecycle": self._check_lifecycle,
            "encryption": self._check_encryption,
            "notification": self._check_notification,
        }
        for name, check in checks.items():
            if plan.changes.get((name,)):
                check(client, plan, plan.changes[name,])
        for path in (("read_acl",), ("write_acl",)):
            for uid in sorted(users_of(plan.changes.get(path, []))):
                self._require_user(client, path[0], uid)
        if plan.is_created and not self._owner_comes(client, plan):
            self._check_served(client, plan)
        documents = {path[0]: form for path, form in plan.changes.items() if len(path) == 1}
        check_release(client, self.ask, documents)

    def _check_served(self, client: BucketClient, plan: Plan) -> None:
        """Of an existing bucket every document was read before; of a new one, a part may be switched off."""

        def serves(name: str) -> bool:
            return client.serves_document(plan.bucket.key, self.acting.login(client, plan.owner), DOCUMENTS[name])

        for name, document in DOCUMENTS.items():
            if document.off_hint and (name,) in plan.changes and not self.ask(serves, name):
                raise InputError(f"{name}: the gateway does not serve ?{document.query}: {document.off_hint}.")

    def _check_policy(self, client: BucketClient, plan: Plan, policy: Canonical) -> None:
        own = bare_name(plan.bucket.key)
        for tenant, name in resources(policy):
            other_tenant = tenant not in ("", "*", tenant_of(plan.bucket.key))
            if other_tenant or not matches(name, own):
                raise InputError(
                    f"policy: the resource '{name}' is not this bucket, so the statement would never apply. Write "
                    f"arn:aws:s3:::{own} and arn:aws:s3:::{own}/*."
                )
        denied = denied_to_owner(policy, plan.owner, own, client.endpoint.scheme == "https")
        if denied:
            raise InputError(
                f"policy: a statement denies {denied} to the bucket's owner, and up to Ceph 18 RGW would let nobody "
                "change the policy any more. Leave the owner out by NotPrincipal, or deny less than that."
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

    def _check_lifecycle(self, client: BucketClient, plan: Plan, lifecycle: Canonical) -> None:
        classes = sorted(storage_classes(lifecycle))
        known = self.ask(client.placements) if classes else None
        if known is None:
            return
        placement = plan.after.get(("placement",), "")
        for name in classes:
            problem = known.problem_with_class(name, placement if placement in known.classes else "")
            if problem:
                raise InputError(f"lifecycle: {problem}")

    def _check_encryption(self, client: BucketClient, plan: Plan, encryption: Canonical) -> None:
        def takes(algorithm: str, key: str) -> bool:
            return can_encrypt(client, algorithm, key)

        algorithm = encryption["algorithm"]
        if self.may_try and not self.ask(takes, algorithm, encryption.get("kms_key_id", "")):
            raise InputError(
                f"encryption: the gateway refuses an object with {algorithm}, and with this default it would refuse "
                f"every PUT into '{plan.bucket.key}'. Set rgw_crypt_sse_s3_backend (AES256) or "
                "rgw_crypt_s3_kms_backend (aws:kms) at the gateways, and give them TLS."
            )

    def _check_notification(self, client: BucketClient, plan: Plan, notification: Canonical) -> None:
        def topics_of(uid: str) -> set[str]:
            return {record.name for record in client.list_topics(Owner(uid, self.acting.login(client, uid)))}

        def is_of_another(arn: str) -> bool:
            return release_of(client, self.ask) >= _TOPICS_OF_OTHERS and self.ask(client.has_topic, arn)

        known = set(self.coming.topics)
        if not self._owner_comes(client, plan):
            known |= self.ask(topics_of, plan.owner)
        for arn in sorted(topics(notification)):
            name = arn.rpartition(":")[2]
            if name not in known and not is_of_another(arn):
                raise InputError(
                    f"notification: there is no topic '{name}', or not in the tenant of '{plan.owner}'. Create the "
                    "topic first (rgw_topics)."
                )

    def _owner_comes(self, client: BucketClient, plan: Plan) -> bool:
        """Whether nobody can act for the owner yet."""
        return self.coming.owner(self.acting, client, plan.owner)

    def _require_user(self, client: BucketClient, option: str, uid: str) -> None:
        if is_account(uid.partition("$")[0]):
            return  # an account, or one of its users by their name there, which is no uid
        if uid not in self.coming.users and self.acting.record(client, uid) is None:
            raise InputError(
                f"{option}: there is no user '{uid}'. Create the user first, or correct the name (a user of a tenant "
                "is TENANT$UID in an ACL, and arn:aws:iam::TENANT:user/UID in a policy)."
            )
