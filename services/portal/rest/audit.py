# SPDX-License-Identifier: Apache-2.0
"""The audit log, for uber-admins."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from ..identity.caller import Role
from .call import CallOf
from .models import PROBLEMS, JournalEntry, page_of
from .paging import Cursor, Limit, number_of, page

router = APIRouter(prefix="/v1/audit", tags=["audit"], responses=PROBLEMS)


@router.get("", response_model=page_of(JournalEntry))
def list_entries(call: CallOf, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """List who has asked for what, the newest first (uber-admin)."""
    call.need(Role.UBER_ADMIN)
    rows = call.portal.journal.page(number_of(cursor), limit + 1)
    items = [{name: getattr(row, name) for name in JournalEntry.model_fields} for row in rows]
    for item in items:  # entries of before there were details have none
        item["details"] = item["details"] or {}
    return page(call, items, limit, "id")
