# SPDX-License-Identifier: Apache-2.0
"""The pages of projects: all of mine, their members, and what is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form
from fastapi.responses import Response

from ..config import Limits
from ..problems import Problem
from ..rest import projects, requests, usage
from ..rest.etags import etag_of
from ..rest.models import Answer, NewProject, NewRequest, ProjectChange
from .values import bytes_of, count_of, lines_of, model
from .visit import PostOf, Visit, VisitOf

router = APIRouter(prefix="/web", include_in_schema=False)
_SHOWN = 25
Text = Annotated[str, Form(max_length=20_000)]
Short = Annotated[str, Form(max_length=1024)]


@router.get("")
def home(visit: VisitOf, cursor: str | None = None) -> Response:
    """My projects, each with what it uses of each storage."""
    page = visit.ask(projects.list_projects, _SHOWN, cursor)
    names = visit.portal.backends.names
    used = {one["name"]: {name: _usage(visit, name, one["name"]) for name in names} for one in page["items"]}
    return visit.show("projects", page=page, used=used, sums={name: _sum(of.values()) for name, of in used.items()})


@router.post("/projects")
def create(visit: PostOf, name: Short = "", title: Short = "", groups: Text = "") -> Response:
    """Create a project."""
    given = model(NewProject, name=name.strip(), title=title, groups=lines_of(groups))
    visit.ask(projects.create_project, given)
    return visit.go("/web", "project-created")


@router.get("/projects/{project}/members")
def members(visit: VisitOf, project: str) -> Response:
    """Who works in a project."""
    return visit.show("members", project=visit.ask(projects.get_project, project))


@router.post("/projects/{project}/members")
def change_members(
    visit: PostOf, project: str, title: Short = "", groups: Text = "", people: Text = "", version: Short = ""
) -> Response:
    """Replace the members of a project that nobody else has changed meanwhile."""
    seen = visit.ask(projects.get_project, project)
    given = model(ProjectChange, title=title, groups=lines_of(groups), people=lines_of(people))
    etag = etag_of({**seen, "version": count_of(version, "version") or 0})
    visit.ask(projects.change_project, project, given, etag=etag)
    return visit.go(f"/web/projects/{project}/members", "members-changed")


@router.get("/{backend}/{project}/requests")
def show_requests(visit: VisitOf, backend: str, project: str, cursor: str | None = None) -> Response:
    """What a project has asked for, and a form to ask."""
    page = visit.ask(requests.list_requests_of, project, _SHOWN, cursor)
    limits = visit.ask(usage.get_limits, backend, project)
    return visit.show("requests", backend=backend, project=project, page=page, limits=limits)


@router.post("/{backend}/{project}/requests")
def ask(
    visit: PostOf,
    backend: str,
    project: str,
    number: Short = "",
    unit: Short = "GiB",
    objects: Short = "",
    buckets: Short = "",
    reason: Short = "",
) -> Response:
    """Ask for other limits."""
    wanted = model(
        Limits,
        max_bytes=bytes_of(number, unit),
        max_objects=count_of(objects, "Objects"),
        max_buckets=count_of(buckets, "Buckets") or 10,
    )
    visit.ask(requests.ask_for_limits, backend, project, model(NewRequest, wanted=wanted, reason=reason))
    return visit.go(f"/web/{backend}/{project}/requests", "asked")


@router.get("/requests")
def all_requests(visit: VisitOf, cursor: str | None = None) -> Response:
    """What nobody has answered yet, for admins."""
    page = visit.ask(requests.list_requests, "open", _SHOWN, cursor)
    return visit.show("answers", page=page)


@router.post("/requests/{number}/{verdict}")
def answer(visit: PostOf, number: requests.Number, verdict: Literal["grant", "decline"], text: Short = "") -> Response:
    """Grant or decline a request."""
    operation = requests.grant_request if verdict == "grant" else requests.decline_request
    visit.ask(operation, number, model(Answer, answer=text))
    return visit.go("/web/requests", "answered")


def _usage(visit: Visit, backend: str, project: str) -> dict[str, Any] | None:
    """What one of the listed projects uses; None for a storage that does not answer: the page shows the others."""
    try:
        return usage.summary_of(visit.portal, backend, project)
    except Problem:
        return None


def _sum(used: Iterable[dict[str, Any] | None]) -> dict[str, Any] | None:
    """What a project uses of all storage that answers; None for a project with one storage, which says it already."""
    every = list(used)
    found = [one for one in every if one is not None]
    if len(every) < 2 or not found:
        return None
    return {
        "bytes": sum(one["usage"]["bytes"] for one in found),
        "buckets": sum(one["buckets"] for one in found),
        "whole": len(found) == len(every),
    }
