# SPDX-License-Identifier: Apache-2.0
"""Objects of a bucket, for those who work in the project alone: bytes go straight to the back-end and from it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response

from ..names import existing_bucket
from ..problems import Conflict, Problem
from .call import Call, CallOf, Reply
from .etags import answered
from .models import PROBLEMS, Download, DownloadModel, ObjectPageModel, Upload, UploadModel
from .paging import Cursor, Limit, cursor_of, last_of

router = APIRouter(prefix="/v1/{backend}/projects/{project}/buckets/{bucket}", tags=["objects"], responses=PROBLEMS)
_UPLOAD_S = 3600

Prefix = Annotated[str, Query(max_length=1024, description="Keys begin with this; it ends with / or is empty")]


@router.get("/objects", response_model=ObjectPageModel)
def list_objects(
    call: CallOf,
    backend: str,
    project: str,
    bucket: str,
    prefix: Prefix = "",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """List objects and folders right below a prefix (those who work in the project)."""
    call.project(project)
    page = call.portal.backends[backend].objects(project, existing_bucket(bucket), prefix, last_of(cursor), limit)
    objects = [asdict(one) for one in page.objects]
    following = cursor_of(page.following) if page.following else None
    return answered(call.request, {"folders": page.folders, "objects": objects, "next": following})


@router.post("/downloads", status_code=201, response_model=DownloadModel)
def create_download(call: CallOf, backend: str, project: str, bucket: str, given: Download) -> Response:
    """Create a URL for the download of an object (those who work in the project)."""

    def run() -> Reply:
        call.project(project)
        name = existing_bucket(bucket)
        url = call.portal.backends[backend].download_url(project, name, given.key, given.seconds)
        return Reply(201, {"key": given.key, "seconds": given.seconds}, once={"url": url})

    # The audit log tells a link that somebody passes on from a download.
    action = "object.share" if "seconds" in given.model_fields_set else "object.download"
    return call.change(action, run, backend, project, f"{bucket}/{given.key}", asked=given.model_dump())


@router.post("/uploads", status_code=201, response_model=UploadModel)
def create_upload(call: CallOf, backend: str, project: str, bucket: str, given: Upload) -> Response:
    """Create a form for the upload of files (those who work in the project)."""
    return upload_form(call, backend, project, bucket, given, "object.upload")


def upload_form(call: Call, backend: str, project: str, bucket: str, given: Upload, action: str) -> JSONResponse:
    """A form for the upload of files. action: what the audit log calls it."""

    def run() -> Reply:
        call.project(project)
        name, storage = existing_bucket(bucket), call.portal.backends[backend]
        if storage.bucket(project, name).restricted:
            raise Conflict("The bucket is restricted and takes no new objects.")
        web = call.portal.settings.web
        back = (web.url if web else str(call.request.base_url).rstrip("/")) + given.back
        form = storage.upload_form(project, name, given.prefix, back, _UPLOAD_S)
        for_scripts = None
        if given.for_scripts and web:
            with suppress(Problem):  # the form works without them
                storage.allow_scripts(project, name, web.url)
                for_scripts = storage.upload_form(project, name, given.prefix, "", _UPLOAD_S).fields
        secret = {"fields": form.fields, "script_fields": for_scripts}
        return Reply(201, {"url": form.url, "seconds": _UPLOAD_S}, once=secret)

    return call.change(action, run, backend, project, f"{bucket}/{given.prefix}", asked=given.model_dump())
