# SPDX-License-Identifier: Apache-2.0
"""The pages of buckets and of what is in them."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from fastapi.responses import JSONResponse, RedirectResponse, Response

from ..problems import Conflict, Forbidden, NotEmpty, NotOffered, Problem
from ..rest import buckets, objects, projects, usage
from ..rest.etags import etag_of
from ..rest.models import BucketChange, Download, NewBucket, QuotaModel, Upload
from .pages import segment
from .values import bytes_of, count_of, model
from .visit import PostOf, Visit, VisitOf

router = APIRouter(prefix="/web/{backend}/{project}", include_in_schema=False)
_SHOWN = 50
Short = Annotated[str, Form(max_length=1024)]
Prefix = Annotated[str, Query(max_length=1024)]


@router.get("")
def list_buckets(visit: VisitOf, backend: str, project: str, cursor: str | None = None) -> Response:
    """The buckets of a project, with sizes and quotas."""
    return visit.show(
        "buckets",
        backend=backend,
        project=visit.ask(projects.get_project, project),
        page=visit.ask(buckets.list_buckets, backend, project, _SHOWN, cursor, details=True),
        used=visit.ask(usage.get_usage, backend, project),
        changes=visit.portal.journal.interrupted(backend, project),
    )


@router.post("/buckets")
def create(
    visit: PostOf, backend: str, project: str, name: Short = "", number: Short = "", unit: Short = "GiB"
) -> Response:
    """Create a bucket."""
    given = model(NewBucket, name=name.strip(), quota=QuotaModel(max_bytes=bytes_of(number, unit)))
    visit.ask(buckets.create_bucket, backend, project, given)
    return visit.go(_place(backend, project, given.name), "bucket-created")


@router.get("/buckets/{bucket}")
def show(
    visit: VisitOf,
    backend: str,
    project: str,
    bucket: str,
    prefix: Prefix = "",
    cursor: str | None = None,
    status: str = "",
) -> Response:
    """A bucket: quota, and objects for those who work in the project.

    status: what Swift adds to the address to which an upload leads back (FormPost middleware).
    """
    found = visit.ask(buckets.get_bucket, backend, project, bucket)
    listing, form = None, None
    try:
        listing = visit.ask(objects.list_objects, backend, project, bucket, prefix, _SHOWN, cursor)
        form = _upload(visit, backend, project, bucket, prefix)
    except (Forbidden, NotOffered):
        pass
    said = {} if status[:1] in ("", "2") else {"said": "not-uploaded"}
    return visit.show(
        "bucket",
        200,
        has_script=form is not None and visit.portal.backends[backend].takes_scripts,
        backend=backend,
        project=project,
        bucket=found,
        etag=etag_of(found),
        prefix=prefix,
        parents=_parents(prefix),
        listing=listing,
        form=form,
        **said,
    )


@router.post("/buckets/{bucket}/quota")
def set_quota(
    visit: PostOf,
    backend: str,
    project: str,
    bucket: str,
    number: Short = "",
    unit: Short = "GiB",
    count: Short = "",
    etag: Short = "",
) -> Response:
    """Give a bucket a quota."""
    quota = model(QuotaModel, max_bytes=bytes_of(number, unit), max_objects=count_of(count, "Objects"))
    visit.ask(buckets.change_bucket, backend, project, bucket, BucketChange(quota=quota), etag=etag)
    return visit.go(_place(backend, project, bucket), "bucket-changed")


@router.post("/buckets/{bucket}/restricted")
def restrict(visit: PostOf, backend: str, project: str, bucket: str, value: Short = "yes") -> Response:
    """Restrict a bucket, or lift that."""
    visit.ask(buckets.change_bucket, backend, project, bucket, BucketChange(restricted=value == "yes"))
    return visit.go(_place(backend, project, bucket), "bucket-changed")


@router.get("/buckets/{bucket}/delete")
def ask_to_delete(visit: VisitOf, backend: str, project: str, bucket: str) -> Response:
    """What would be lost."""
    found = visit.ask(buckets.get_bucket, backend, project, bucket)
    return _confirm(visit, backend, project, found, etag_of(found))


@router.post("/buckets/{bucket}/delete")
def delete(
    visit: PostOf, backend: str, project: str, bucket: str, etag: Short = "", with_objects: Short = ""
) -> Response:
    """Delete a bucket that is as the person has seen it."""
    if not etag:
        raise Conflict("The form does not say which state of the bucket you have seen.")
    try:
        visit.ask(buckets.delete_bucket, backend, project, bucket, with_objects == "yes", etag=etag)
    except NotEmpty:
        found = visit.ask(buckets.get_bucket, backend, project, bucket)
        return _confirm(visit, backend, project, found, etag_of(found), 409)
    return visit.go(f"/web/{backend}/{project}", "bucket-deleted")


@router.post("/buckets/{bucket}/uploads")
def upload(visit: PostOf, backend: str, project: str, bucket: str, prefix: Short = "") -> Response:
    """Tell the script of the page the fields with which the storage takes files from scripts, or null."""
    given = model(Upload, prefix=prefix, for_scripts=True)
    made = visit.ask(objects.create_upload, backend, project, bucket, given)
    return JSONResponse({"fields": made["script_fields"]})


@router.post("/buckets/{bucket}/downloads")
def download(visit: PostOf, backend: str, project: str, bucket: str, key: Short = "") -> Response:
    """Lead to the object."""
    made = visit.ask(objects.create_download, backend, project, bucket, model(Download, key=key))
    return RedirectResponse(made["url"], 303)


@router.get("/buckets/{bucket}/share")
def ask_to_share(visit: VisitOf, backend: str, project: str, bucket: str, key: Prefix) -> Response:
    """For how long somebody else is to reach an object."""
    visit.ask(buckets.get_bucket, backend, project, bucket)
    return _sharing(visit, backend, project, bucket, key)


@router.post("/buckets/{bucket}/share")
def share(visit: PostOf, backend: str, project: str, bucket: str, key: Short = "", seconds: Short = "") -> Response:
    """Show a link to an object."""
    given = model(Download, key=key, seconds=count_of(seconds, "Duration") or 0)
    made = visit.ask(objects.create_download, backend, project, bucket, given)
    return _sharing(visit, backend, project, bucket, key, made, 201)


def _sharing(
    visit: Visit, backend: str, project: str, bucket: str, key: str, link: Any = None, status: int = 200
) -> Response:
    ends = time.time() + link["seconds"] if link else None
    folder = key[: key.rfind("/") + 1]
    return visit.show(
        "share", status, backend=backend, project=project, bucket=bucket, key=key, folder=folder, link=link, ends=ends
    )


def _upload(visit: Visit, backend: str, project: str, bucket: str, prefix: str) -> Any:
    # RGW adds "?bucket=..." although there is a query already (seen on 18.2.7), which spoils the last value. Swift adds
    # "&status=...", also for a file that it has not taken.
    back = f"{_place(backend, project, bucket)}?prefix={segment(prefix)}&done=uploaded&sent=form"
    given = model(Upload, prefix=prefix, back=back)
    try:
        # Nobody has asked for an upload yet, who only looks at the page.
        return visit.ask(objects.upload_form, backend, project, bucket, given, "object.form")
    except Problem:  # restricted, or gone meanwhile
        return None


def _confirm(
    visit: Visit, backend: str, project: str, bucket: dict[str, Any], etag: str, status: int = 200
) -> Response:
    return visit.show("delete", status, backend=backend, project=project, bucket=bucket, etag=etag)


def _place(backend: str, project: str, bucket: str) -> str:
    return f"/web/{segment(backend)}/{segment(project)}/buckets/{segment(bucket)}"


def _parents(prefix: str) -> list[tuple[str, str]]:
    """The folders above and at a prefix: name and prefix of each."""
    names = prefix.rstrip("/").split("/") if prefix else []
    return [(name, "/".join(names[: number + 1]) + "/") for number, name in enumerate(names)]
