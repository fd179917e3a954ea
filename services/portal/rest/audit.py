# SPDX-License-Identifier: Apache-2.0
"""The audit log, for uber-admins."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from ..identity.caller import Role
from ..problems import Unusable
from .call import CallOf
from .models import PROBLEMS, JournalEntry, page_of
from .paging import Cursor, Limit, last_of, page

router = APIRouter(prefix="/v1/audit", tags=["audit"], responses=PROBLEMS)


@router.get("", response_model=page_of(JournalEntry))
def list_entries(call: CallOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """List who has asked for what, the newest first (uber-admin)."""
    call.need(Role.UBER_ADMIN)
    last = last_of(cursor)
    if last and not (last.isascii() and last.isdecimal() and len(last) < 19):
        raise Unusable("cursor: it is none that this list has given.")
    rows = call.portal.journal.page(int(last) if last else None, limit + 1)
    items = [{name: getattr(row, name) for name in JournalEntry.model_fields} for row in rows]
    return page(call, items, limit, "id")
