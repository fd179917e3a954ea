# SPDX-License-Identifier: Apache-2.0
"""The database: SQLite in a file that nobody else can read, or another one by its URL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from module_utils.base.errors import InputError

from ..config import Settings, secret_in
from ..log import LOG
from ..problems import Unavailable
from .migrations import FIRST_VERSION, bring_up_to_date
from .tables import VERSION, SchemaVersion, Table

# For so long, a request waits for a database that does not answer: a host that is gone refuses nothing.
_PATIENCE_S = 5
# libpq's parameters (PostgreSQL 15, "Parameter Key Words"): the host that is asked, and one that vanishes afterwards.
_POSTGRESQL = {
    "connect_timeout": _PATIENCE_S,
    "tcp_user_timeout": _PATIENCE_S * 1000,
    "keepalives_idle": 10,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}


class Database:
    """Sessions on the portal's tables, which are made where there are none."""

    def __init__(self, settings: Settings) -> None:
        """Raises InputError for a URL or a database that cannot be used."""
        self._engine = _engine(settings)
        self._sessions = sessionmaker(self._engine, expire_on_commit=False)
        try:
            self._prepare()
        except SQLAlchemyError as error:
            raise InputError(f"database_url: the database cannot be used: {_reason(error)}") from None

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A transaction that ends with the block. Raises Unavailable if the database fails."""
        try:
            with self._sessions.begin() as session:
                yield session
        except SQLAlchemyError as error:
            LOG.error("The database failed: %s", _reason(error))
            raise Unavailable("The portal's database does not answer.") from None

    def check(self) -> None:
        """Raise Unavailable if the database fails."""
        with self.session() as session:
            session.execute(select(SchemaVersion.version)).all()

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def _prepare(self) -> None:
        """Make the tables where there are none; those of a version that nobody here knows are left alone."""
        found = None
        if inspect(self._engine).has_table(SchemaVersion.__tablename__):
            with self._sessions() as session:
                found = session.scalars(select(SchemaVersion.version)).one_or_none()
        if found is None:
            # SQLite keeps each table by itself: a portal that was ended here, of any version, has left some of them.
            Table.metadata.create_all(self._engine)
            found = FIRST_VERSION
            with self._sessions.begin() as session:
                session.add(SchemaVersion(version=found))
        found = bring_up_to_date(self._engine, found)
        if found != VERSION:
            raise InputError(
                f"database_url: the tables are of version {found}, and this portal knows version {VERSION}. "
                "Run the portal that made them, or restore a backup of its time."
            )


def _engine(settings: Settings) -> Engine:
    try:
        url = make_url(settings.database_url)
    except ArgumentError:
        raise InputError("database_url: no URL such as sqlite:////var/lib/portal/portal.db") from None
    if url.password is not None:
        raise InputError("database_url: it holds a password; name its file in database_password_file.")
    if settings.database_password_file is not None:
        url = url.set(password=secret_in(settings.database_password_file).value)
    if url.get_backend_name() != "sqlite":
        options = _POSTGRESQL if url.get_backend_name() == "postgresql" else {}
        return create_engine(url, pool_pre_ping=True, pool_timeout=_PATIENCE_S, connect_args=options)
    if url.database:
        _make_private(url.database)
    engine = create_engine(url, connect_args={"timeout": 10})
    event.listen(engine, "connect", _settle_sqlite)
    return engine


def _make_private(path: str) -> None:
    """Create the file so that nobody else can read it at any time."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise InputError(f"database_url: {path}: cannot be opened: {error.strerror}") from None


def _settle_sqlite(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _reason(error: SQLAlchemyError) -> str:
    """The driver's own words, without the statement and its values."""
    return str(getattr(error, "orig", None) or type(error).__name__)
