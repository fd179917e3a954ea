# SPDX-License-Identifier: Apache-2.0
"""The page of the storage's state: whether it answers, and what its last verification found."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from ..problems import Problem
from ..rest import verdict
from .visit import Visit, VisitOf

router = APIRouter(prefix="/web/status", include_in_schema=False)


@router.get("")
def show(visit: VisitOf) -> Response:
    """All storage, with what is known of each."""
    return visit.show("status", storage={name: _of(visit, name) for name in visit.portal.backends.names})


def _of(visit: Visit, backend: str) -> dict[str, Any]:
    try:
        visit.portal.backends[backend].check()
        answers = True
    except Problem:
        answers = False
    return {"answers": answers, "verdict": visit.ask(verdict.get_verdict, backend)}
