# SPDX-License-Identifier: Apache-2.0
"""The audit log: who asked for what, and what became of it. Written before anything is done, and never a secret."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, inspect, select, update
from sqlalchemy.orm import Session, aliased

from ..log import LOG
from .database import Database
from .tables import INTERRUPTED, UNDER_WAY, JournalRow

# For so long, the members of a project are told of a change that was interrupted.
_TOLD_S = 24 * 3600.0
_MOST_TOLD = 10
_SAME = ("subject", "action", "backend", "project", "target")
# PostgreSQL refuses what is longer.
_LENGTHS = {column.name: getattr(column.type, "length", None) for column in inspect(JournalRow).columns}


@dataclass(frozen=True)
class Entry:
    """What somebody asks for. target: a bucket or the id of a key, as far as the request names one.

    Beside an entry, there are details: the values that were asked for, and in the end those of the answer.
    """

    request_id: str
    subject: str
    action: str
    backend: str = ""
    project: str = ""
    target: str = ""


class Journal:
    """The entries, in the database and in the log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, entry: Entry, details: Mapping[str, Any] | None = None) -> int:
        """Write an entry down; its number. Raises Unavailable, so that nothing is done unseen."""
        # A name that is refused is written down, too, and PostgreSQL takes no NUL.
        told = {name: text.replace("\0", "\ufffd")[: _LENGTHS[name]] for name, text in asdict(entry).items()}
        row = JournalRow(at=time.time(), status=UNDER_WAY, details=details, **told)
        with self._database.session() as session:
            session.add(row)
            session.flush()
            return row.id

    def end(self, number: int, entry: Entry, status: int, details: Mapping[str, Any] | None = None) -> None:
        """Write down what became of it, as the HTTP status of the answer, and the action that it was in the end."""
        with self._database.session() as session:
            self.end_in(session, number, entry, status, details)

    @staticmethod
    def end_in(
        session: Session, number: int, entry: Entry, status: int, details: Mapping[str, Any] | None = None
    ) -> None:
        """The same, in a transaction with what else has to be written down."""
        LOG.info("audit %s", {**asdict(entry), "status": status, "details": details or {}})
        told = {"status": status, "action": entry.action, "details": details}
        session.execute(update(JournalRow).where(JournalRow.id == number).values(**told))

    def note(self, entry: Entry, status: int, details: Mapping[str, Any]) -> None:
        """Write down what has happened already. Raises Unavailable."""
        self.end(self.begin(entry, details), entry, status, details)

    def interrupt(self) -> list[JournalRow]:
        """Mark what was under way when the portal was ended, and may be done in part; the entries."""
        with self._database.session() as session:
            found = list(session.scalars(select(JournalRow).where(JournalRow.status == UNDER_WAY)))
            for row in found:
                row.status = INTERRUPTED
            return found

    def interrupted(self, backend: str, project: str) -> list[JournalRow]:
        """What was interrupted of a project in the last day and was not repeated with success, the newest first."""
        again = aliased(JournalRow)
        same = [getattr(again, name) == getattr(JournalRow, name) for name in _SAME]
        repeated = select(again.id).where(again.id > JournalRow.id, again.status.between(200, 299), *same).exists()
        wanted = (
            select(JournalRow)
            .where(JournalRow.status == INTERRUPTED, JournalRow.at > time.time() - _TOLD_S, ~repeated)
            .where(JournalRow.backend == backend, JournalRow.project == project)
            .order_by(JournalRow.id.desc())
            .limit(_MOST_TOLD)
        )
        with self._database.session() as session:
            return list(session.scalars(wanted))

    def page(self, before: int | None, most: int) -> list[JournalRow]:
        """Entries with numbers below one, the newest first."""
        wanted = select(JournalRow).order_by(JournalRow.id.desc()).limit(most)
        with self._database.session() as session:
            return list(session.scalars(wanted if before is None else wanted.where(JournalRow.id < before)))

    def newest(self) -> int:
        """The number of the newest entry, 0 without any."""
        with self._database.session() as session:
            return session.scalar(select(func.max(JournalRow.id))) or 0
