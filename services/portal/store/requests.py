# SPDX-License-Identifier: Apache-2.0
"""Projects that ask for other limits, and what admins have answered."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ..problems import Conflict, LimitReached, NotFound
from .database import Database
from .tables import RequestRow

OPEN, GRANTED, DECLINED = "open", "granted", "declined"
STATES = (OPEN, GRANTED, DECLINED)
# A project that asks again and again must not fill the database, nor the admins' page.
_MOST_OPEN = 5


@dataclass(frozen=True)
class Asked:
    """What a project asks for. wanted: limits as the REST interface has them. Times: seconds since 1970."""

    id: int
    backend: str
    project: str
    wanted: dict[str, Any]
    reason: str
    state: str
    asked_by: str
    asked_at: float
    answered_by: str | None
    answered_at: float | None
    answer: str


class Requests:
    """The requests of all projects."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @staticmethod
    def add(session: Session, backend: str, project: str, wanted: dict[str, Any], reason: str, asked_by: str) -> Asked:
        """Note a request, in a transaction with what else has to be written down.

        Raises LimitReached for a project with many that nobody has answered.
        """
        row = RequestRow(
            backend=backend,
            project=project,
            wanted=wanted,
            reason=reason,
            state=OPEN,
            asked_by=asked_by,
            asked_at=time.time(),
            answered_by=None,
            answered_at=None,
            answer="",
        )
        waiting = select(func.count()).where(RequestRow.project == project, RequestRow.state == OPEN)
        if (session.scalar(waiting) or 0) >= _MOST_OPEN:
            raise LimitReached(f"The project has {_MOST_OPEN} requests that nobody has answered yet.")
        session.add(row)
        session.flush()
        return _asked(row)

    def get(self, number: int) -> Asked:
        """A request. Raises NotFound."""
        with self._database.session() as session:
            return _asked(_row(session.get(RequestRow, number)))

    def page(self, before: int | None, most: int, project: str | None = None, state: str | None = None) -> list[Asked]:
        """Requests with numbers below one, the newest first; of one project, and in one state, if these are given."""
        wanted = select(RequestRow).order_by(RequestRow.id.desc()).limit(most)
        if before is not None:
            wanted = wanted.where(RequestRow.id < before)
        if project is not None:
            wanted = wanted.where(RequestRow.project == project)
        if state is not None:
            wanted = wanted.where(RequestRow.state == state)
        with self._database.session() as session:
            return [_asked(row) for row in session.scalars(wanted)]

    def answer(self, number: int, state: str, answer: str, by: str) -> Asked:
        """Answer a request. Raises NotFound, and Conflict for one that has been answered."""
        with self._database.session() as session:
            row = _row(session.get(RequestRow, number, with_for_update=True))
            if row.state != OPEN:
                raise Conflict(f"The request has been {row.state} already.")
            row.state, row.answer, row.answered_by, row.answered_at = state, answer, by, time.time()
            return _asked(row)

    def waiting(self) -> int:
        """How many requests nobody has answered."""
        with self._database.session() as session:
            return session.scalar(select(func.count()).where(RequestRow.state == OPEN)) or 0

    def forget(self, project: str) -> None:
        """Remove the requests of a project that goes."""
        with self._database.session() as session:
            session.execute(delete(RequestRow).where(RequestRow.project == project))


def _row(row: RequestRow | None) -> RequestRow:
    if row is None:
        raise NotFound("There is no request of this number, or none of yours.")
    return row


def _asked(row: RequestRow) -> Asked:
    return Asked(**{name: getattr(row, name) for name in Asked.__dataclass_fields__})
