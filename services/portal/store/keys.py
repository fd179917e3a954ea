# SPDX-License-Identifier: Apache-2.0
"""The keys that the portal has made: whose, since when, until when. Never their secrets."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from ..problems import NotFound
from .database import Database
from .tables import KeyRow


@dataclass(frozen=True)
class Key:
    """A key. ends_at: when it is revoked, None for a key that stays; both in seconds since 1970."""

    backend: str
    project: str
    id: str
    label: str
    created_by: str
    created_at: float
    ends_at: float | None


class Keys:
    """What is known of keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, backend: str, project: str) -> list[Key]:
        """The keys of a project, in the order of their ids."""
        wanted = select(KeyRow).where(KeyRow.backend == backend, KeyRow.project == project).order_by(KeyRow.id)
        with self._database.session() as session:
            return [_key(row) for row in session.scalars(wanted)]

    def get(self, backend: str, project: str, key_id: str) -> Key:
        """A key of a project. Raises NotFound."""
        with self._database.session() as session:
            row = session.get(KeyRow, (backend, key_id))
            if row is None or row.project != project:
                raise NotFound("There is no key of this id in the project.")
            return _key(row)

    def add(self, backend: str, project: str, key_id: str, label: str, created_by: str) -> Key:
        """Note a key before the back-end has it. Its time is over until `confirm`: nobody has its secret yet."""
        now = time.time()
        row = KeyRow(
            backend=backend,
            project=project,
            id=key_id,
            label=label,
            created_by=created_by,
            created_at=now,
            ends_at=now,
        )
        with self._database.session() as session:
            session.add(row)
        return _key(row)

    @staticmethod
    def confirm(session: Session, key: Key, replaced: Key | None = None, replaced_ends_at: float = 0) -> None:
        """Let a key stay, whose secret is about to be shown, and let the one end that it replaces."""
        ends = [(key, None), *([(replaced, replaced_ends_at)] if replaced else [])]
        for one, ends_at in ends:
            same = (KeyRow.backend == one.backend, KeyRow.id == one.id)
            session.execute(update(KeyRow).where(*same).values(ends_at=ends_at))

    def forget(self, key: Key) -> None:
        """Remove what is known of a key, after the back-end has let go of it."""
        with self._database.session() as session:
            session.execute(delete(KeyRow).where(KeyRow.backend == key.backend, KeyRow.id == key.id))

    def ended(self, now: float) -> list[Key]:
        """The keys whose time is over."""
        with self._database.session() as session:
            return [_key(row) for row in session.scalars(select(KeyRow).where(KeyRow.ends_at <= now))]

    def has_ended(self, key: Key, now: float) -> bool:
        """Whether a key is known, and its time is over."""
        with self._database.session() as session:
            row = session.get(KeyRow, (key.backend, key.id))
            return row is not None and row.ends_at is not None and row.ends_at <= now

    def overdue(self) -> int:
        """How many keys are left whose time is over."""
        with self._database.session() as session:
            return session.scalar(select(func.count()).where(KeyRow.ends_at <= time.time())) or 0


def _key(row: KeyRow) -> Key:
    return Key(row.backend, row.project, row.id, row.label, row.created_by, row.created_at, row.ends_at)
