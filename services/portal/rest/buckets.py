# SPDX-License-Identifier: Apache-2.0
"""Buckets of a project in a back-end."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from ..backends.backend import Backend, Bucket, Quota
from ..identity.caller import Role
from ..names import existing_bucket, new_bucket
from ..problems import ConditionNeeded, Forbidden, NotEmpty, NotFound
from .call import CallOf, Reply
from .etags import answered, etag_of, matches_anything, require_match
from .models import PROBLEMS, BucketChange, BucketEntry, BucketModel, Lost, NewBucket, page_of
from .paging import Cursor, Limit, last_of, page

router = APIRouter(prefix="/v1/{backend}/projects/{project}/buckets", tags=["buckets"], responses=PROBLEMS)
_HOW_TO_DELETE = "Its objects would be lost. To delete them, repeat with with_objects=true and If-Match: {etag}"
_ADMINS = (Role.ADMIN, Role.UBER_ADMIN)


@router.get("", response_model=page_of(BucketEntry))
def list_buckets(
    call: CallOf,
    backend: str,
    project: str,
    limit: Limit = 100,
    cursor: Cursor = None,
    details: Annotated[bool, Query(description="Read quota and usage of each bucket of the page, too")] = False,
) -> Response:
    """List a project's buckets by name."""
    call.project(project, *_ADMINS)
    call.portal.backends[backend]
    last, views = last_of(cursor), call.portal.views
    try:
        names = views.names(backend, project)
    except NotFound:  # the project has stored nothing here yet
        names = []
    first = bisect_right(names, last)
    shown = names[first : first + limit + 1]
    if not (details and shown):
        return page(call, [{"name": name} for name in shown], limit, "name")
    read = {one.name: _body(one) for one in views.buckets(backend, project, shown[:limit])}
    # A bucket that has gone meanwhile keeps its place, so that the cursor stays right.
    return page(call, [read.get(name, {"name": name}) for name in shown], limit, "name")


@router.post("", status_code=201, response_model=BucketModel)
def create_bucket(call: CallOf, backend: str, project: str, given: NewBucket) -> Response:
    """Create a bucket (those who work in the project)."""

    def run() -> Reply:
        with call.alone(project):
            name, quota = new_bucket(given.name), Quota(**given.quota.model_dump())
            storage = call.portal.storage(backend, project)
            made = _left(call, storage, project, name, quota) or _created(call, storage, project, name, quota)
        place = f"/v1/{backend}/projects/{project}/buckets/{name}"
        return Reply(201, _body(made), headers={"Location": place})

    return call.change(
        "bucket.create", run, backend, project, given.name, given.model_dump_json(), lambda: call.project(project)
    )


@router.get("/{bucket}", response_model=BucketModel)
def get_bucket(call: CallOf, backend: str, project: str, bucket: str) -> Response:
    """Read a bucket, with what it holds."""
    call.project(project, *_ADMINS)
    return answered(call.request, _body(call.portal.backends[backend].bucket(project, existing_bucket(bucket))))


@router.patch("/{bucket}", response_model=BucketModel)
def change_bucket(call: CallOf, backend: str, project: str, bucket: str, given: BucketChange) -> Response:
    """Give a bucket a quota; restrict a bucket, or lift that (admin, uber-admin).

    A restricted bucket takes no new objects, and its limit of objects is not kept.
    """

    def run() -> Reply:
        with call.alone(project, *_ADMINS):
            name, storage = existing_bucket(bucket), call.portal.backends[backend]
            found = storage.bucket(project, name)
            require_match(call.request, _body(found))
            restricted = found.restricted if given.restricted is None else given.restricted
            if restricted != found.restricted:
                call.need(*_ADMINS)
            quota = found.quota if given.quota is None else Quota(**given.quota.model_dump())
            return Reply(200, _body(storage.change_bucket(project, name, quota, restricted)))

    action = "bucket.change" if given.restricted is None else "bucket.restrict" if given.restricted else "bucket.lift"
    return call.change(action, run, backend, project, bucket, asked=given.model_dump())


@router.delete("/{bucket}", response_model=Lost)
def delete_bucket(
    call: CallOf,
    backend: str,
    project: str,
    bucket: str,
    with_objects: Annotated[bool, Query(description="Delete what is in the bucket, too; needs If-Match")] = False,
) -> Response:
    """Delete a bucket (those who work in the project; a restricted one: uber-admin).

    For a bucket that is not empty, the answer says what would be lost; the ETag in it goes into the next request.
    """

    def run() -> Reply:
        with call.alone(project, Role.UBER_ADMIN):
            name, storage = existing_bucket(bucket), call.portal.backends[backend]
            found = storage.bucket(project, name)
            if found.restricted and not call.caller.has(Role.UBER_ADMIN):
                raise Forbidden("The bucket is restricted; an uber-admin can delete it.")
            _require_consent(call, found, with_objects)
            storage.delete_bucket(project, name, with_objects)
        return Reply(200, {"deleted": name, "lost": asdict(found.usage)})

    return call.change("bucket.delete", run, backend, project, bucket, asked={"with_objects": with_objects})


def _created(call: CallOf, storage: Backend, project: str, name: str, quota: Quota) -> Bucket:
    if call.has_key:
        try:
            storage.bucket(project, name)
        except NotFound:
            call.intend({"bucket": name})
    return storage.create_bucket(project, name, quota)


def _left(call: CallOf, storage: Backend, project: str, name: str, quota: Quota) -> Bucket | None:
    """The bucket that an interrupted request with the same key has made, perhaps without its quota."""
    if call.interrupted.get("bucket") != name:
        return None
    try:
        found = storage.bucket(project, name)
    except NotFound:
        return None
    if found.quota == quota:
        return found
    # A bucket with another quota is somebody else's work.
    return storage.change_bucket(project, name, quota, found.restricted) if found.quota == Quota() else None


def _require_consent(call: CallOf, bucket: Bucket, with_objects: bool) -> None:
    """Raise NotEmpty, ConditionNeeded or Changed unless the caller has seen what is lost."""
    body = _body(bucket)
    more: dict[str, Any] = {"lost": asdict(bucket.usage), "etag": etag_of(body)}
    if not (bucket.usage.is_nothing or with_objects):
        raise NotEmpty(_HOW_TO_DELETE.format(etag=more["etag"]), **more)
    if with_objects and matches_anything(call.request.headers.get("if-match", "*")):
        raise ConditionNeeded(_HOW_TO_DELETE.format(etag=more["etag"]), **more)
    require_match(call.request, body)


def _body(bucket: Bucket) -> dict[str, Any]:
    return asdict(bucket)
