# SPDX-License-Identifier: Apache-2.0
"""Carrying out a plan, step by step, each of them read back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from ...base.errors import InputError, ToolError
from ...s3.documents.catalogue import DOCUMENTS
from ...s3.documents.document import Canonical, Document, Setting
from ..acting import ActingFor
from ..user_record import Path, State
from .bucket_documents import BucketDocuments
from .client import BucketClient
from .containers import empty, headers, is_of_swift, read_state
from .ownership import Chown, change_owner, prove_bucket, prove_container
from .plan import Plan
from .record import NEW_QUOTA, NEW_RATE_LIMIT, Record, group_of, read_record
from .spec import PLACE
from .store import store
from .swift_acting import SwiftActing
from .swift_client import head_container, post_container, put_container

_OTHER = (
    "Another client changes this bucket meanwhile, or gateways of several zones answer at the endpoint. Run this again."
)
_ACLS_OF_SWIFT: Collection[Path] = (("read_acl",), ("write_acl",))
_BLOCK = "public_access_block"


@dataclass(frozen=True)
class Applier:
    """Applies plans, several at once. chown: None where radosgw-admin is not at hand."""

    acting: ActingFor
    swift: SwiftActing
    chown: Chown | None = None

    def __call__(self, client: BucketClient, plan: Plan) -> State:
        """Do what a plan says and return the bucket's state. Raises ToolError."""
        if not plan.changed:
            return plan.after
        application = _Application(client, self.acting, self.swift, plan)
        try:
            return application.bring(self.chown) if plan.bucket.present else application.remove()
        except InputError as error:  # an owner who was there when the plan was made
            target = application.target
            raise ToolError("change", target, "its owner changed meanwhile", str(error)) from error


class _Application:
    """One plan under way. record: the bucket's as it was read last, None where it has changed since."""

    def __init__(self, client: BucketClient, acting: ActingFor, swift: SwiftActing, plan: Plan) -> None:
        self.target = f"bucket '{plan.bucket.key}' at {client.endpoint}"
        self._client = client
        self._acting = acting
        self._swift = swift
        self._plan = plan
        self._key = plan.bucket.key
        self._record: Record | None = None

    def remove(self) -> State:
        self._client.remove_bucket(self._key, self._plan.bucket.remove_objects)
        if self._client.read_bucket(self._key) is not None:
            raise ToolError("remove", self.target, "it is still there", _OTHER)
        return {}

    def bring(self, chown: Chown | None) -> State:
        plan, found = self._plan, self._plan.found.record
        if plan.is_created:
            self._create()
        if plan.changes_owner and found is not None:
            self._change_owner(found, chown)
        state = {**plan.after, **self._documents()}
        self._container()
        # The quota last: what is read back of it is the whole record.
        self._limits()
        if plan.is_created or plan.changes_owner or self._record:
            state.update(self._settled())
        return state

    def _change_owner(self, found: Record, chown: Chown | None) -> None:
        plan = self._plan
        is_marked = plan.found.owner_is_unfinished
        try:
            change_owner(self._client, found, self._key, plan.owner, chown, self._prove, is_marked)
        except ToolError as error:
            problem = self._give_grants_back()
            if problem:
                error.hint = f"{error.hint} What the ACL granted to others may be gone: {problem}".lstrip()
            raise

    def _give_grants_back(self) -> str:
        """After half a change of owner, with which RGW has made the bucket private; what is against it."""
        plan, client = self._plan, self._client
        try:
            if (client.read_bucket(self._key) or {}).get("owner") != plan.owner:
                return ""
            if ("acl",) in plan.changes:
                documents = BucketDocuments(client, self._key, "", self._acting.login(client, plan.owner))
                self._document(documents, DOCUMENTS["acl"], plan.found.setting)
            self._container(_ACLS_OF_SWIFT)
        except (InputError, ToolError) as error:
            return str(error)
        return ""

    def _prove(self) -> None:
        if self._plan.bucket.is_container:
            prove_container(self._client, self._swift, self._key, self._plan.owner)
        else:
            prove_bucket(self._client, self._acting, self._key, self._plan.owner)

    def _create(self) -> None:
        wanted = self._plan.bucket.wanted
        placement, storage_class = (wanted.get((name,), "") for name in PLACE)
        lock = wanted.get(("object_lock",), {}).get("enabled", False)
        if self._plan.bucket.is_container:
            put_container(self._client, self._swift.account(self._client, self._plan.owner), self._key, placement)
            return
        login = self._acting.login(self._client, self._plan.owner)
        self._client.create_bucket(self._key, login, placement, storage_class, lock)
        if lock:
            self._require_lock(BucketDocuments(self._client, self._key, "", login))

    def _require_lock(self, documents: BucketDocuments) -> None:
        """Read back what came with the bucket: of a header that a release does not know nothing is said."""
        if not documents.read(DOCUMENTS["object_lock"])["enabled"]:
            hint = "Its release of Ceph may not have object lock. Remove the bucket, then leave the option out."
            raise ToolError("create", self.target, "the gateway created it without object lock", hint)

    def _documents(self) -> State:
        """Write the documents that differ; what is stored now."""
        names = list(_in_order(self._plan))
        if not names:
            return {}
        login = self._acting.login(self._client, self._plan.owner)
        documents = BucketDocuments(self._client, self._key, (self._plan.found.record or {}).get("id", ""), login)
        setting = self._plan.found.setting
        if self._plan.is_created and "notification" in names:
            setting = setting._replace(zonegroup=self._client.zonegroup(self._key, login))
        return {(name,): self._document(documents, DOCUMENTS[name], setting) for name in names}

    def _document(self, documents: BucketDocuments, document: Document, setting: Setting) -> Canonical:
        plan, path = self._plan, (document.name,)

        def read() -> Canonical:
            return document.settled(documents.read(document), setting)

        def write(form: Canonical, stored: Canonical) -> None:
            documents.write(document, form, stored)

        wanted = document.settled(plan.bucket.wanted.get(path, plan.changes[path]), setting)
        old = plan.before.get(path, document.settled(document.as_new, setting))
        if document.name == "acl" and plan.changes_owner:
            old = read()  # RGW has made it private
        return wanted if old == wanted else store(self.target, document.name, old, wanted, write, read)

    def _container(self, paths: Collection[Path] | None = None) -> None:
        """Write what swift keeps of the container, all of it or these paths, in one request."""
        plan, client = self._plan, self._client
        wanted = {path: value for path, value in plan.changes.items() if is_of_swift(path)}
        if plan.changes_owner and plan.bucket.is_container:
            # With the owner, RGW has made the container private.
            wanted.update({path: plan.after[path] for path in _ACLS_OF_SWIFT})
        if paths is not None:
            wanted = {path: value for path, value in wanted.items() if path in paths}
        if not wanted:
            return
        account = self._swift.account(client, plan.owner)

        def read() -> dict[str, Any]:
            state = read_state(head_container(client, account, self._key).headers)
            return {".".join(path): state.get(path, empty(path)) for path in wanted}

        def write(form: dict[str, Any], stored: object) -> None:
            post_container(client, account, self._key, headers({path: form[".".join(path)] for path in wanted}))

        old = {".".join(path): plan.before.get(path, empty(path)) for path in wanted}
        store(self.target, "container", old, {".".join(path): value for path, value in wanted.items()}, write, read)

    def _limits(self) -> None:
        client, plan, key = self._client, self._plan, self._key

        def read_quota() -> dict[str, Any]:
            self._record = client.read_bucket(key)
            return group_of(read_record(self._record), "quota") if self._record else {}

        def set_quota(quota: dict[str, Any], stored: object) -> None:
            client.set_quota(key, plan.owner, quota)

        def read_rate_limit() -> dict[str, Any]:
            return client.read_rate_limit(key) or {}

        def set_rate_limit(limit: dict[str, Any], stored: object) -> None:
            client.set_rate_limit(key, limit)

        steps = (
            ("rate_limit", NEW_RATE_LIMIT, set_rate_limit, read_rate_limit),
            ("quota", NEW_QUOTA, set_quota, read_quota),
        )
        for group, new, write, read in steps:
            if any(path[0] == group for path in plan.changes):
                old = group_of(plan.before, group) or dict(new)
                store(self.target, group, old, group_of(plan.after, group), write, read)

    def _settled(self) -> State:
        """What is in the record after the last write. Raises ToolError."""
        plan = self._plan
        record = self._record or self._client.read_bucket(self._key)
        if record is None:
            raise ToolError("read", self.target, "it is gone", _OTHER)
        state = read_record(record)
        wanted = {**plan.bucket.wanted, ("owner",): plan.owner}
        wrong = [path for path, value in wanted.items() if state.get(path, value) != value]
        if wrong:
            names = ", ".join(".".join(path) for path in wrong)
            raise ToolError("settle", self.target, f"after the writes it differs in {names}", _OTHER)
        return state


def _in_order(plan: Plan) -> Iterator[str]:
    """The documents to write. A block that opens comes before what it would have refused."""
    names = [name for name in DOCUMENTS if (name,) in plan.changes]
    first = [name for name in names if name == _BLOCK and _opens(plan.before.get((name,)), plan.changes[name,])]
    yield from first
    yield from (name for name in names if name not in first)


def _opens(old: Any, new: Any) -> bool:
    return old is not None and any(value and not new[flag] for flag, value in old.items())
