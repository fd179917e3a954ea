# SPDX-License-Identifier: Apache-2.0
"""Asking for other limits: by those who work in a project; an admin grants or declines."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response
from sqlalchemy.orm import Session

from ..backends.backend import AccountLimits, Quota
from ..identity.caller import Role
from ..problems import Conflict
from ..store.requests import DECLINED, GRANTED, OPEN, Asked
from .call import CallOf, Reply
from .models import PROBLEMS, Answer, NewRequest, RequestModel, page_of
from .paging import Cursor, Limit, number_of, page

router = APIRouter(prefix="/v1", tags=["requests"], responses=PROBLEMS)
State = Annotated[Literal["open", "granted", "declined"] | None, Query(description="Only requests in this state")]
Number = Annotated[int, Path(ge=1, lt=2**31)]


@router.post("/{backend}/projects/{project}/requests", status_code=201, response_model=RequestModel)
def ask_for_limits(call: CallOf, backend: str, project: str, given: NewRequest) -> Response:
    """Ask for other limits of a project in a back-end (those who work in the project)."""

    def run() -> Reply:
        with call.alone(project):
            quota = Quota(given.wanted.max_bytes, given.wanted.max_objects)
            call.portal.backends[backend].require_offered(AccountLimits(quota, given.wanted.max_buckets))
            return call.settle(add)

    def add(session: Session) -> Reply:
        wanted, subject = given.wanted.model_dump(), call.caller.subject
        made = call.portal.requests.add(session, backend, project, wanted, given.reason, subject)
        return Reply(201, asdict(made), headers={"Location": f"/v1/requests/{made.id}"})

    return call.change(
        "request.create", run, backend, project, given=given.model_dump_json(), may=lambda: call.project(project)
    )


@router.get("/projects/{project}/requests", response_model=page_of(RequestModel))
def list_requests_of(call: CallOf, project: str, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """List the requests of a project, the newest first."""
    call.project(project, Role.ADMIN, Role.UBER_ADMIN)
    return page(call, _bodies(call.portal.requests.page(number_of(cursor), limit + 1, project)), limit, "id")


@router.get("/requests", response_model=page_of(RequestModel))
def list_requests(call: CallOf, state: State = None, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """List the requests of all projects, the newest first (admin)."""
    call.need(Role.ADMIN)
    return page(call, _bodies(call.portal.requests.page(number_of(cursor), limit + 1, state=state)), limit, "id")


@router.post("/requests/{number}/grant", response_model=RequestModel)
def grant_request(call: CallOf, number: Number, given: Answer) -> Response:
    """Grant a request: the limits are set (admin)."""

    def run() -> Reply:
        call.need(Role.ADMIN)
        with call.alone(call.portal.requests.get(number).project, Role.ADMIN):
            asked = call.portal.requests.get(number)
            wanted = asked.wanted
            limits = AccountLimits(Quota(wanted["max_bytes"], wanted["max_objects"]), wanted["max_buckets"])
            # Before and after: of two answers, the second one changes nothing.
            if asked.state != OPEN:
                raise Conflict(f"The request has been {asked.state} already.")
            call.portal.backends[asked.backend].set_limits(asked.project, limits)
            done = call.portal.requests.answer(number, GRANTED, given.answer, call.caller.subject)
        return Reply(200, asdict(done))

    return call.change("request.grant", run, target=str(number), asked=given.model_dump())


@router.post("/requests/{number}/decline", response_model=RequestModel)
def decline_request(call: CallOf, number: Number, given: Answer) -> Response:
    """Decline a request (admin)."""

    def run() -> Reply:
        call.need(Role.ADMIN)
        with call.alone(call.portal.requests.get(number).project, Role.ADMIN):
            done = call.portal.requests.answer(number, DECLINED, given.answer, call.caller.subject)
        return Reply(200, asdict(done))

    return call.change("request.decline", run, target=str(number), asked=given.model_dump())


def _bodies(requests: list[Asked]) -> list[dict[str, Any]]:
    return [asdict(one) for one in requests]
