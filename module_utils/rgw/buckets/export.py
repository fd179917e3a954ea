# SPDX-License-Identifier: Apache-2.0
"""A gateway's buckets as entries of an inventory, so that a living gateway can be taken over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...base.errors import InputError, ToolError
from ...base.text import holds_template
from ...s3.documents.catalogue import DOCUMENTS
from ...s3.documents.document import Canonical, Setting, UnknownSubresource
from ..acting import ActingFor
from ..bulk import all_of
from ..connection_options import connect_as, workers
from ..export import Export
from ..user_record import State
from .bucket_documents import BucketDocuments
from .client import BucketClient
from .containers import new_state, read_state
from .names import bare_name, bucket_key, is_account, is_of_another_tenant, problem_with_new_name, tenant_of
from .record import NEW_QUOTA, NEW_RATE_LIMIT, STANDARD, Record, group_of, read_record
from .spec import S3_ONLY
from .swift_acting import SwiftActing
from .swift_client import head_container

_FORBIDDEN = 403
_TEMPLATE = (
    "holds '{{', '{%' or '{#', of which Ansible would make a template. Declare it with !unsafe if it is meant as it is."
)


def export_from(params: Mapping[str, Any]) -> Export:
    """Read the buckets that a module's parameters name, and describe them as entries. Raises InputError, ToolError."""
    clients = [connect_as(BucketClient, params) for _client in range(workers(params))]
    owner = params["owner"]
    keys = params["buckets"]
    if keys is None:
        keys = sorted(clients[0].list_buckets() if owner is None else clients[0].buckets_of(owner))

    def connect() -> BucketClient:
        return connect_as(BucketClient, params)

    with ActingFor(connect) as acting, SwiftActing(acting, connect) as swift:
        return export_buckets(clients, acting, keys, owner, swift if params["swift"] else None)


def export_buckets(
    clients: Sequence[BucketClient],
    acting: ActingFor,
    keys: Sequence[str],
    owner: str | None = None,
    swift: SwiftActing | None = None,
) -> Export:
    """Describe buckets as entries; those that do not exist, or are not the owner's, are left out.

    swift: to read what swift keeps of them, too. Raises InputError, ToolError.
    """
    export = Export()
    for one in all_of(clients, keys, lambda client, key: _export_bucket(client, acting, key, owner, swift)):
        export.entries += one.entries
        export.notes += one.notes
    return export


def _export_bucket(
    client: BucketClient, acting: ActingFor, key: str, owner: str | None, swift: SwiftActing | None
) -> Export:
    export = Export()
    record = client.read_bucket(key)
    if record is None or owner not in (None, record["owner"]):
        return export
    try:
        bucket_key(bare_name(key), tenant_of(key))
        state = read_record(record)
    except InputError as error:
        export.notes.append(f"bucket '{key}' is left out: {error}")
        return export
    problem = problem_with_new_name(key)
    if problem:
        export.notes.append(f"bucket '{key}': it is managed where it is, and not made on another gateway: {problem}")
    if is_of_another_tenant(record["owner"], key):
        export.notes.append(f"bucket '{key}' is left out: its owner '{record['owner']}' is of another tenant")
        return export
    entry = _entry(key, state)
    notes = list(_rate_limit(client, key, entry))
    if is_account(record["owner"]) and tenant_of(key):
        export.notes.append(f"bucket '{key}': owner is left out: account '{record['owner']}' is not of this tenant")
        del entry["owner"]
    notes += _documents(client, acting, key, record, entry)
    if swift is not None:
        notes += _container(client, swift, key, record, entry)
    if holds_template(key):
        export.notes.append(f"bucket '{key}' is left out: its name {_TEMPLATE}")
        return export
    notes += _without_templates(entry)
    export.entries.append(entry)
    export.notes += [f"bucket '{key}': {note}" for note in notes]
    return export


def _without_templates(entry: dict[str, Any]) -> Iterator[str]:
    """Take out what the owner of a bucket has written for whoever makes an inventory of it."""
    for name in [name for name, value in entry.items() if holds_template(value)]:
        del entry[name]
        yield f"{name} is left out: it {_TEMPLATE}"


def _entry(key: str, state: State) -> dict[str, Any]:
    tenant = tenant_of(key)
    entry = {"name": bare_name(key), **({"tenant": tenant} if tenant else {})}
    entry["owner"] = state["owner",].rpartition("$")[2]
    entry["placement"] = state["placement",]
    if state["storage_class",] != STANDARD:
        entry["storage_class"] = state["storage_class",]
    quota = group_of(state, "quota")
    return {**entry, **({"quota": quota} if quota != NEW_QUOTA else {})}


def _rate_limit(client: BucketClient, key: str, entry: dict[str, Any]) -> Iterator[str]:
    """Put the rate limit into the entry; what is left out, and why."""
    try:
        limit = client.read_rate_limit(key)
    except ToolError as error:
        if error.status != _FORBIDDEN:
            raise
        yield f"rate_limit is left out: {error}"
        return
    if limit not in (None, NEW_RATE_LIMIT):
        entry["rate_limit"] = limit


def _documents(
    client: BucketClient, acting: ActingFor, key: str, record: Record, entry: dict[str, Any]
) -> Iterator[str]:
    """Put the documents that differ from those of a new bucket into the entry; what is left out, and why."""
    try:
        login = acting.login(client, record["owner"])
    except InputError as error:
        yield f"everything that only its owner may read is left out: {error}"
        return
    documents = BucketDocuments(client, key, record["id"], login)
    setting = Setting(bare_name(key), record["owner"])
    for name, document in DOCUMENTS.items():
        try:
            form = document.settled(documents.read(document), setting)
        except UnknownSubresource:
            continue
        except ToolError as error:
            if error.code == "InvalidBucketName":
                yield "what S3 keeps is left out: this release takes the name for a container's, and not for a bucket's"
                return
            yield f"{name} is left out: {error}"
            continue
        if form == document.settled(document.as_new, setting):
            continue
        portable = _portable(name, form, record["owner"])
        try:
            document.wanted(portable, name)
            entry[name] = portable
        except InputError as error:  # somebody has stored what this toolkit refuses
            yield f"{name} is left out: {error}"


def _portable(name: str, form: Canonical, owner: str) -> Canonical:
    """The form less what every bucket of this owner has."""
    if name == "acl" and form["owner"] == owner:
        return {"grants": form["grants"]}
    return form


def _container(
    client: BucketClient, swift: SwiftActing, key: str, record: Record, entry: dict[str, Any]
) -> Iterator[str]:
    """Make an entry one of swift if swift keeps anything of the bucket; what is left out, and why."""
    try:
        answer = head_container(client, swift.account(client, record["owner"]), key)
    except (InputError, ToolError) as error:
        yield f"what swift keeps is left out: {error}"
        return
    new = new_state()
    found = {path: value for path, value in read_state(answer.headers).items() if new.get(path) != value}
    if not found:
        return
    entry["api"] = "swift"
    for path, value in found.items():
        if len(path) == 1:
            entry[path[0]] = value
        else:
            entry.setdefault(path[0], {})[path[1]] = value
    for name in S3_ONLY:
        if entry.pop(name, None) is not None:
            yield f"{name} is left out: the entry is one of swift, which has another form of it"
