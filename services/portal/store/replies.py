# SPDX-License-Identifier: Apache-2.0
"""Answers to requests with an idempotency key, so that a repeated request is carried out once.

Source: draft-ietf-httpapi-idempotency-key-header-07. Errors are not kept: such a request may be repeated.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from ..problems import Conflict, Unusable
from .database import Database
from .tables import ReplyRow

_KEPT_S = 24 * 3600.0
_UNDER_WAY = 0


@dataclass(frozen=True)
class KeptReply:
    """An answer as it was, less what is shown once."""

    status: int
    body: dict[str, Any] | None


class Replies:
    """The answers of the last day."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Requests that were under way when the portal was ended.
        with database.session() as session:
            session.execute(delete(ReplyRow).where(ReplyRow.status == _UNDER_WAY))

    def claim(self, subject: str, key: str, fingerprint: str) -> KeptReply | None:
        """The answer to an earlier request with this key; None for the first, which has to keep or release.

        Raises Conflict while the first is under way, and Unusable if it was another request.
        """
        self.forget_old()
        try:
            with self._database.session() as session:
                row = session.get(ReplyRow, (subject, key))
                if row is not None:
                    return _kept(row, fingerprint)
                own = ReplyRow(subject=subject, key=key, fingerprint=fingerprint, created_at=time.time(), status=0)
                session.add(own)
                try:
                    session.flush()
                except IntegrityError:
                    raise _TwoAtOnce from None
        except _TwoAtOnce:
            raise Conflict("The first request with this Idempotency-Key is under way.") from None
        return None

    def forget_old(self) -> None:
        """Remove the answers from before the last day."""
        with self._database.session() as session:
            session.execute(delete(ReplyRow).where(ReplyRow.created_at < time.time() - _KEPT_S))

    def keep(self, subject: str, key: str, status: int, body: dict[str, Any] | None) -> None:
        """Keep the answer to the first request with a key."""
        wanted = update(ReplyRow).where(ReplyRow.subject == subject, ReplyRow.key == key)
        with self._database.session() as session:
            session.execute(wanted.values(status=status, body=body))

    def release(self, subject: str, key: str) -> None:
        """Let a request with this key be carried out again."""
        with self._database.session() as session:
            session.execute(delete(ReplyRow).where(ReplyRow.subject == subject, ReplyRow.key == key))


class _TwoAtOnce(Exception):
    pass


def _kept(row: ReplyRow, fingerprint: str) -> KeptReply:
    if row.fingerprint != fingerprint:
        raise Unusable("Idempotency-Key: an earlier request with this key was another one. Give each its own.")
    if row.status == _UNDER_WAY:
        raise Conflict("The first request with this Idempotency-Key is under way.")
    return KeptReply(row.status, row.body)
