# SPDX-License-Identifier: Apache-2.0
"""Whether the portal lives, and what it can reach."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from ..portal import Portal
from .metrics import is_watcher

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
async def live() -> dict[str, str]:
    """Tell that the process answers."""
    # Needs no thread: there may be none left.
    return {"status": "ok"}


@router.get("/ready")
async def ready(request: Request) -> JSONResponse:
    """Tell what answers. 503 without the database; a back-end that is down leaves the rest usable.

    Names of back-ends are for the addresses that may read the metrics.
    """
    portal: Portal = request.app.state.portal
    reached = await portal.readiness.now()
    storage = {name: _word(answers) for name, answers in reached.backends.items()}
    database = _word(reached.database)
    body = {"status": database, "database": database, "storage": _word(all(reached.backends.values()))}
    return JSONResponse(
        {**body, **({"backends": storage} if is_watcher(request) else {})}, 200 if reached.database else 503
    )


def _word(answers: bool) -> str:
    return "ok" if answers else "down"
