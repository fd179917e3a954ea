# SPDX-License-Identifier: Apache-2.0
"""The portal's tables. No secret is ever in one of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# Raised by one with each change of the tables, which needs a step in migrations.py.
VERSION = 3
# Of answers and of entries of the audit log, in place of the HTTP status.
UNDER_WAY, INTERRUPTED = 0, -1


class Table(DeclarativeBase):
    """What all tables are."""


class SchemaVersion(Table):
    """One row: the version of the tables."""

    __tablename__ = "schema_version"
    version: Mapped[int] = mapped_column(Integer, primary_key=True)


class ProjectRow(Table):
    """A project: owns storage, while people come and go."""

    __tablename__ = "projects"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[float] = mapped_column(Float)
    version: Mapped[int] = mapped_column(Integer)


class MemberRow(Table):
    """A group or a person (subject) that works in a project."""

    __tablename__ = "members"
    project: Mapped[str] = mapped_column(ForeignKey("projects.name", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(7), primary_key=True)
    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    __table_args__ = (Index("members_by_name", "kind", "name"),)


class KeyRow(Table):
    """A key that the portal has made; its secret is the back-end's. Times: seconds since 1970."""

    __tablename__ = "keys"
    backend: Mapped[str] = mapped_column(String(31), primary_key=True)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    project: Mapped[str] = mapped_column(String(40), index=True)
    label: Mapped[str] = mapped_column(String(100))
    created_by: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[float] = mapped_column(Float)
    ends_at: Mapped[float | None] = mapped_column(Float, index=True)


class RequestRow(Table):
    """A project that asks for other limits, and what an admin has answered. Times: seconds since 1970."""

    __tablename__ = "requests"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    backend: Mapped[str] = mapped_column(String(31))
    project: Mapped[str] = mapped_column(String(40), index=True)
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(1000))
    state: Mapped[str] = mapped_column(String(8), index=True)
    asked_by: Mapped[str] = mapped_column(String(255))
    asked_at: Mapped[float] = mapped_column(Float)
    answered_by: Mapped[str | None] = mapped_column(String(255))
    answered_at: Mapped[float | None] = mapped_column(Float)
    answer: Mapped[str] = mapped_column(String(1000))
    # An admin who grants a number must not grant another request that has taken the number of one that is gone.
    __table_args__ = ({"sqlite_autoincrement": True},)


class ReplyRow(Table):
    """The answer to a request with an idempotency key, without what is shown once.

    status 0: under way, -1: without an end; body is then what the request was about to make.
    """

    __tablename__ = "replies"
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[float] = mapped_column(Float, index=True)
    status: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class JournalRow(Table):
    """Who asked for what, when, and what became of it; status 0: under way, -1: the portal was ended meanwhile."""

    __tablename__ = "journal"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[float] = mapped_column(Float)
    request_id: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(255))
    action: Mapped[str] = mapped_column(String(40))
    backend: Mapped[str] = mapped_column(String(31))
    project: Mapped[str] = mapped_column(String(40))
    target: Mapped[str] = mapped_column(String(255))
    status: Mapped[int] = mapped_column(Integer)
    details: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    def told(self) -> dict[str, Any]:
        """The entry by the names of its columns."""
        return {column.name: getattr(self, column.name) for column in self.__table__.columns}
