# SPDX-License-Identifier: Apache-2.0
"""Whether the portal lives, and what it can reach."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from ..portal import Portal
from ..problems import Problem

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
async def live() -> dict[str, str]:
    """Tell that the process answers."""
    # Needs no thread: there may be none left.
    return {"status": "ok"}


@router.get("/ready")
def ready(request: Request) -> JSONResponse:
    """Tell what answers. 503 without the database; a back-end that is down leaves the rest usable."""
    portal: Portal = request.app.state.portal
    database = _state(portal.database.check)
    backends = {name: _state(portal.backends[name].check) for name in portal.backends.names}
    status = "ok" if database == "ok" else "down"
    body = {"status": status, "database": database, "backends": backends}
    return JSONResponse(body, 200 if database == "ok" else 503)


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except Problem:
        return "down"
    return "ok"
