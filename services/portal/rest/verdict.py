# SPDX-License-Identifier: Apache-2.0
"""What the toolkit's last verification of a back-end found."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from ..identity.caller import Role
from ..verdicts import Verdict
from .call import CallOf
from .etags import answered
from .models import PROBLEMS

router = APIRouter(prefix="/v1/{backend}/verdict", tags=["status"], responses=PROBLEMS)


@router.get("", response_model=Verdict)
def get_verdict(call: CallOf, backend: str) -> Response:
    """Read what the last verification of a back-end found; where and why a probe failed, for admins alone."""
    found = call.portal.verdict(backend)
    if not call.caller.has(Role.ADMIN, Role.UBER_ADMIN):
        found = found.without_places()
    return answered(call.request, found.model_dump(mode="json"))
