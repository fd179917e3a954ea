# SPDX-License-Identifier: Apache-2.0
"""Carrying out a plan, step by step, each of them read back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...base.errors import InputError, ToolError
from ...s3.documents.catalogue import DOCUMENTS
from ...s3.documents.document import Canonical, Document
from ..acting import ActingFor
from ..user_record import State
from .client import BucketClient
from .ownership import Chown, change_owner
from .papers import Papers
from .plan import Plan
from .record import NEW_QUOTA, NEW_RATE_LIMIT, Record, group_of, read_record
from .spec import PLACE
from .store import store

_OTHER = (
    "Another client changes this bucket meanwhile, or gateways of several zones answer at the endpoint. Run this again."
)
_BLOCKS = ("public_access_block",)


@dataclass(frozen=True)
class Applier:
    """Applies plans, one after the other or several at once. chown: None where radosgw-admin is not at hand."""

    acting: ActingFor
    chown: Chown | None = None

    def __call__(self, client: BucketClient, plan: Plan) -> State:
        """Do what a plan says and return the bucket's state. Raises ToolError."""
        try:
            return self._apply(client, plan)
        except InputError as error:  # an owner who was there when the plan was made
            raise ToolError("change", _target(client, plan), "its owner changed meanwhile", str(error)) from error

    def _apply(self, client: BucketClient, plan: Plan) -> State:
        if not plan.changed:
            return plan.after
        if not plan.bucket.present:
            client.remove_bucket(plan.bucket.key, plan.bucket.remove_objects)
            if client.read_bucket(plan.bucket.key) is not None:
                raise ToolError("remove", _target(client, plan), "it is still there", _OTHER)
            return {}
        record = plan.found.record
        if plan.is_created:
            record = self._create(client, plan)
        if plan.changes_owner and record is not None:
            change_owner(client, self.acting, record, plan.bucket.key, plan.owner, self.chown)
        self._limits(client, plan)
        if any(path[0] in DOCUMENTS for path in plan.changes):
            login = self.acting.login(client, plan.owner)
            self._documents(client, plan, Papers(client, plan.bucket.key, (record or {})["id"], login))
        return self._seen(client, plan)

    def _create(self, client: BucketClient, plan: Plan) -> Record:
        wanted = plan.bucket.wanted
        placement, storage_class = (wanted.get((name,), "") for name in PLACE)
        lock = wanted.get(("object_lock",), {}).get("enabled", False)
        login = self.acting.login(client, plan.owner)
        client.create_bucket(plan.bucket.key, login, placement, storage_class, lock)
        record = client.read_bucket(plan.bucket.key)
        if record is None:
            raise ToolError("create", _target(client, plan), "it is not there", _OTHER)
        return record

    def _limits(self, client: BucketClient, plan: Plan) -> None:
        key, target = plan.bucket.key, _target(client, plan)

        def read_quota() -> dict[str, Any]:
            record = client.read_bucket(key)
            return group_of(read_record(record), "quota") if record else {}

        if any(path[0] == "quota" for path in plan.changes):
            old = group_of(plan.before, "quota") or dict(NEW_QUOTA)
            wanted = group_of(plan.after, "quota")
            store(
                target, "quota", old, wanted, lambda quota, stored: client.set_quota(key, plan.owner, quota), read_quota
            )
        if any(path[0] == "rate_limit" for path in plan.changes):
            old = group_of(plan.before, "rate_limit") or dict(NEW_RATE_LIMIT)
            wanted = group_of(plan.after, "rate_limit")
            store(
                target,
                "rate_limit",
                old,
                wanted,
                lambda limit, stored: client.set_rate_limit(key, limit),
                lambda: client.read_rate_limit(key) or {},
            )

    def _documents(self, client: BucketClient, plan: Plan, papers: Papers) -> None:
        setting = plan.found.setting
        if plan.is_created and ("notification",) in plan.changes:
            setting = setting._replace(zonegroup=client.zonegroup(papers.key, papers.login))
        for name in _in_order(plan):
            document = DOCUMENTS[name]

            def write(form: Canonical, stored: Canonical, document: Document = document) -> None:
                papers.write(document, form, stored)

            def read(document: Document = document) -> Canonical:
                return document.settled(papers.read(document), setting)

            wanted = document.settled(plan.bucket.wanted.get((name,), plan.changes[name,]), setting)
            old = plan.before.get((name,), document.settled(document.as_new, setting))
            if name == "acl" and plan.changes_owner:
                old = read()  # RGW has made it private
            if old != wanted:
                store(_target(client, plan), name, old, wanted, write, read)

    def _seen(self, client: BucketClient, plan: Plan) -> State:
        """The state after the last write; what is in the record is read once more. Raises ToolError."""
        record = client.read_bucket(plan.bucket.key)
        if record is None:
            raise ToolError("read", _target(client, plan), "it is gone", _OTHER)
        state = {**plan.after, **read_record(record)}
        wrong = [path for path in plan.bucket.wanted if state[path] != plan.after[path]]
        if wrong or state["owner",] != plan.owner:
            names = ", ".join(".".join(path) for path in wrong) or "owner"
            raise ToolError("settle", _target(client, plan), f"after the writes it differs in {names}", _OTHER)
        return state


def _in_order(plan: Plan) -> Iterator[str]:
    """The documents to write. A block that opens comes before what it would have refused."""
    names = [name for name in DOCUMENTS if (name,) in plan.changes]
    first = [name for name in names if name in _BLOCKS and _opens(plan.before.get((name,)), plan.changes[name,])]
    yield from first
    yield from (name for name in names if name not in first)


def _opens(old: Any, new: Any) -> bool:
    return old is not None and any(value and not new[flag] for flag, value in old.items())


def _target(client: BucketClient, plan: Plan) -> str:
    return f"bucket '{plan.bucket.key}' at {client.endpoint}"
