# SPDX-License-Identifier: Apache-2.0
"""Projects: made and changed by an admin, removed by an uber-admin."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.orm import Session

from module_utils.base.words import plural

from ..identity.caller import Role
from ..names import new_project
from ..problems import NotEmpty
from ..store.projects import Project
from .call import CallOf, Reply
from .etags import answered, require_match
from .models import PROBLEMS, NewProject, ProjectChange, ProjectModel, page_of
from .paging import Cursor, Limit, last_of, page

router = APIRouter(prefix="/v1/projects", tags=["projects"], responses=PROBLEMS)


@router.get("", response_model=page_of(ProjectModel))
def list_projects(call: CallOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """List the projects in which the caller works; all of them for an admin and an uber-admin."""
    everything = call.caller.has(Role.ADMIN, Role.UBER_ADMIN)
    member = None if everything else (call.caller.subject, call.caller.groups)
    found = call.portal.projects.page(last_of(cursor), limit + 1, member)
    return page(call, [_body(project) for project in found], limit, "name")


@router.post("", status_code=201, response_model=ProjectModel)
def create_project(call: CallOf, given: NewProject) -> Response:
    """Create a project (admin)."""

    def run() -> Reply:
        call.need(Role.ADMIN)
        return call.settle(create)

    def create(session: Session) -> Reply:
        name = new_project(given.name)
        made = call.portal.projects.create(session, name, given.title, given.groups, given.people)
        return Reply(201, _body(made), headers={"Location": f"/v1/projects/{name}"})

    body = given.model_dump_json()
    return call.change("project.create", run, project=given.name[:40], given=body, may=lambda: call.need(Role.ADMIN))


@router.get("/{project}", response_model=ProjectModel)
def get_project(call: CallOf, project: str) -> Response:
    """Read a project."""
    return answered(call.request, _body(call.project(project, Role.ADMIN, Role.UBER_ADMIN)))


@router.put("/{project}", response_model=ProjectModel)
def change_project(call: CallOf, project: str, given: ProjectChange) -> Response:
    """Replace title and members of a project (admin). If-Match keeps two writers apart."""

    def run() -> Reply:
        with call.alone(project, Role.ADMIN) as found:
            call.need(Role.ADMIN)
            require_match(call.request, _body(found))
            return Reply(200, _body(call.portal.projects.change(project, given.title, given.groups, given.people)))

    return call.change("project.change", run, project=project[:40], asked=given.model_dump())


@router.delete("/{project}", response_model=ProjectModel)
def delete_project(call: CallOf, project: str) -> Response:
    """Remove a project without buckets, with its accounts and keys in all back-ends (uber-admin)."""

    def run() -> Reply:
        with call.alone(project, Role.UBER_ADMIN) as found:
            call.need(Role.UBER_ADMIN)
            require_match(call.request, _body(found))
            _remove_accounts(call, project)
            call.portal.projects.remove(project)
        return Reply(200, _body(found))

    return call.change("project.delete", run, project=project[:40])


def _remove_accounts(call: CallOf, project: str) -> None:
    """Remove the accounts once none of them has buckets."""
    portal = call.portal
    used = [name for name in portal.backends.names if portal.backends[name].limits(project) is not None]
    for name in used:
        count = len(portal.backends[name].bucket_names(project))
        if count:
            raise NotEmpty(f"The project has {plural(count, 'bucket')} in {name}. Delete them first.", buckets=count)
    for name in used:
        portal.backends[name].remove_account(project)
    # An earlier request, during which the portal was ended, may have removed an account, and the keys of the account.
    for name in portal.backends.names:
        for key in portal.keys.of(name, project):
            portal.keys.forget(key)
    portal.requests.forget(project)


def _body(project: Project) -> dict[str, Any]:
    return {
        "name": project.name,
        "title": project.title,
        "groups": list(project.groups),
        "people": list(project.people),
        "version": project.version,
    }
