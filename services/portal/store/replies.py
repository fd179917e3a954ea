# SPDX-License-Identifier: Apache-2.0
"""Answers to requests with an idempotency key, so that a repeated request is carried out once.

Source: draft-ietf-httpapi-idempotency-key-header-07. Errors are not kept: such a request may be repeated. A request
that had no end, as the portal was ended or the storage failed, is carried out again, and knows what it was about to
make.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Update, delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..problems import Conflict, Unavailable, Unusable
from .database import Database
from .tables import INTERRUPTED, UNDER_WAY, ReplyRow

_KEPT_S = 24 * 3600.0


@dataclass(frozen=True)
class KeptReply:
    """An answer as it was, less what is shown once; or an interrupted request, with what it was about to make."""

    status: int
    body: dict[str, Any] | None

    @property
    def was_interrupted(self) -> bool:
        """Whether the request had no end, and is to be carried out again."""
        return self.status == INTERRUPTED


class Replies:
    """The answers of the last day."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Requests that may be repeated, which the database could not be told, and whether they may be done in part.
        self._unreleased: dict[tuple[str, str], bool] = {}
        # Requests that were under way when the portal was ended.
        with database.session() as session:
            session.execute(update(ReplyRow).where(ReplyRow.status == UNDER_WAY).values(status=INTERRUPTED))

    def claim(self, subject: str, key: str, fingerprint: str) -> KeptReply | None:
        """What there is of an earlier request with this key; None for the first, which has to keep or release.

        An interrupted request has to keep or release, too. Raises Conflict while the first is under way, and Unusable
        if it was another request.
        """
        with suppress(KeyError):
            may_be_done = self._unreleased.pop((subject, key))  # for one of several threads
            self.release(subject, key, may_be_done)
        self.forget_old()
        try:
            with self._database.session() as session:
                row = session.get(ReplyRow, (subject, key))
                if row is not None:
                    return _kept(session, row, fingerprint)
                own = ReplyRow(
                    subject=subject, key=key, fingerprint=fingerprint, created_at=time.time(), status=UNDER_WAY
                )
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

    def note(self, subject: str, key: str, body: dict[str, Any]) -> None:
        """Write down what a request that is under way is about to make, for its repetition after an interruption."""
        with self._database.session() as session:
            session.execute(_row_of(subject, key).values(body=body))

    @staticmethod
    def keep(session: Session, subject: str, key: str, status: int, body: dict[str, Any] | None) -> None:
        """Keep the answer to the first request with a key."""
        session.execute(_row_of(subject, key).values(status=status, body=body))

    def release(self, subject: str, key: str, may_be_done: bool) -> None:
        """Let a request with this key be carried out again; without the database, once it is there again.

        may_be_done: keep the note of what the request was about to make.
        """
        try:
            with self._database.session() as session:
                row = session.get(ReplyRow, (subject, key))
                if row is not None and row.body is not None and may_be_done:
                    row.status = INTERRUPTED
                elif row is not None:
                    session.delete(row)
        except Unavailable:
            self._unreleased[subject, key] = may_be_done
            raise


class _TwoAtOnce(Exception):
    pass


def _row_of(subject: str, key: str) -> Update:
    return update(ReplyRow).where(ReplyRow.subject == subject, ReplyRow.key == key)


def _kept(session: Session, row: ReplyRow, fingerprint: str) -> KeptReply:
    if row.fingerprint != fingerprint:
        raise Unusable("Idempotency-Key: an earlier request with this key was another one. Give each its own.")
    if row.status == UNDER_WAY:
        raise _TwoAtOnce
    kept = KeptReply(row.status, row.body)
    if kept.was_interrupted:
        again = _row_of(row.subject, row.key).where(ReplyRow.status == INTERRUPTED).values(status=UNDER_WAY)
        # Of two repetitions at once, one finds the row as it was.
        if not session.execute(again.execution_options(synchronize_session=False)).rowcount:  # type: ignore[attr-defined]
            raise _TwoAtOnce
    return kept
