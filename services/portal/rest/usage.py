# SPDX-License-Identifier: Apache-2.0
"""What a project may use of a back-end, and what it uses."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from ..backends.backend import AccountLimits, Quota, Summary, Usage
from ..config import Limits
from ..identity.caller import Role
from ..portal import Portal
from .call import CallOf, Reply
from .etags import answered, require_match
from .models import PROBLEMS, UsageOfProject

router = APIRouter(prefix="/v1/{backend}/projects/{project}", tags=["usage"], responses=PROBLEMS)


@router.get("/usage", response_model=UsageOfProject)
def get_usage(call: CallOf, backend: str, project: str) -> Response:
    """Read limits and usage of a project in a back-end."""
    call.project(project, Role.ADMIN, Role.UBER_ADMIN)
    return answered(call.request, summary_of(call.portal, backend, project))


@router.get("/limits", response_model=Limits)
def get_limits(call: CallOf, backend: str, project: str) -> Response:
    """Read the limits of a project in a back-end."""
    call.project(project, Role.ADMIN, Role.UBER_ADMIN)
    return answered(call.request, _body(_limits(call, backend, project)))


@router.put("/limits", response_model=Limits)
def set_limits(call: CallOf, backend: str, project: str, given: Limits) -> Response:
    """Set the limits of a project in a back-end (admin). If-Match keeps two writers apart."""

    def run() -> Reply:
        with call.alone(project, Role.ADMIN):
            call.need(Role.ADMIN)
            require_match(call.request, _body(_limits(call, backend, project)))
            wanted = AccountLimits(Quota(given.max_bytes, given.max_objects), given.max_buckets)
            return Reply(200, _body(call.portal.backends[backend].set_limits(project, wanted)))

    return call.change("limits.set", run, backend, project, asked=given.model_dump())


def summary_of(portal: Portal, backend: str, project: str) -> dict[str, Any]:
    """What a project, which the caller may see, may use and uses. Raises what the back-end raises."""
    found = portal.views.summary(backend, project) or Summary(portal.backends.limits(backend), Usage(), 0)
    return {"limits": _body(found.limits), "usage": asdict(found.usage), "buckets": found.buckets}


def _limits(call: CallOf, backend: str, project: str) -> AccountLimits:
    return call.portal.backends[backend].limits(project) or call.portal.backends.limits(backend)


def _body(limits: AccountLimits) -> dict[str, Any]:
    return {**asdict(limits.quota), "max_buckets": limits.max_buckets}
