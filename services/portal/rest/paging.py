# SPDX-License-Identifier: Apache-2.0
"""Pages of lists, by a cursor that stands for the last entry of the page before."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import Response

from ..problems import Unusable
from .call import Call
from .etags import answered

_NONE = "cursor: it is none that this list has given."

Limit = Annotated[int, Query(ge=1, le=1000, description="The most entries of the page")]
Cursor = Annotated[str | None, Query(max_length=2000, description="`next` of the page before")]


def last_of(cursor: str | None) -> str:
    """The entry that a cursor stands for, "" for the first page. Raises Unusable."""
    try:
        last = base64.urlsafe_b64decode((cursor or "").encode("ascii")).decode()
    except (UnicodeError, binascii.Error):
        raise Unusable(_NONE) from None
    if "\0" in last:
        raise Unusable(_NONE)
    return last


def number_of(cursor: str | None) -> int | None:
    """The number that a cursor stands for, in lists that go down; None for the first page. Raises Unusable."""
    last = last_of(cursor)
    if last and not (last.isascii() and last.isdecimal() and len(last) < 19):
        raise Unusable(_NONE)
    return int(last) if last else None


def cursor_of(last: str) -> str:
    """The cursor that stands for an entry."""
    return base64.urlsafe_b64encode(last.encode()).decode()


def page(call: Call, items: list[dict[str, Any]], limit: int, by: str) -> Response:
    """A page out of its items and, if there is one, the first of the next page; by: what the list is sorted by."""
    shown, more = items[:limit], len(items) > limit
    following = cursor_of(str(shown[-1][by])) if more else None
    link = call.request.url.include_query_params(cursor=following)
    headers = {"Link": f'<{link.path}?{link.query}>; rel="next"'} if following else {}
    return answered(call.request, {"items": shown, "next": following}, headers)
