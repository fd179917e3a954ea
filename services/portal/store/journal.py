# SPDX-License-Identifier: Apache-2.0
"""The audit log: who asked for what, and what became of it. Written before anything is done, and never a secret."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, inspect, select, update

from ..log import LOG
from .database import Database
from .tables import JournalRow

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
        row = JournalRow(at=time.time(), status=0, details=details, **told)
        with self._database.session() as session:
            session.add(row)
            session.flush()
            return row.id

    def end(self, number: int, entry: Entry, status: int, details: Mapping[str, Any] | None = None) -> None:
        """Write down what became of it, as the HTTP status of the answer."""
        LOG.info("audit %s", {**asdict(entry), "status": status, "details": details or {}})
        told = {"status": status, "details": details}
        with self._database.session() as session:
            session.execute(update(JournalRow).where(JournalRow.id == number).values(**told))

    def note(self, entry: Entry, status: int, details: Mapping[str, Any]) -> None:
        """Write down what has happened already. Raises Unavailable."""
        self.end(self.begin(entry, details), entry, status, details)

    def page(self, before: int | None, most: int) -> list[JournalRow]:
        """Entries with numbers below one, the newest first."""
        wanted = select(JournalRow).order_by(JournalRow.id.desc()).limit(most)
        with self._database.session() as session:
            return list(session.scalars(wanted if before is None else wanted.where(JournalRow.id < before)))

    def newest(self) -> int:
        """The number of the newest entry, 0 without any."""
        with self._database.session() as session:
            return session.scalar(select(func.max(JournalRow.id))) or 0
