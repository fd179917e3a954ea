# SPDX-License-Identifier: Apache-2.0
"""Brings the tables of earlier versions up to date, one version after another.

A step is one transaction, and one that has been done already does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, Engine, inspect, text, update

from .tables import RequestRow, SchemaVersion

FIRST_VERSION = 1
_COPY = """
INSERT INTO requests (id, backend, project, wanted, reason, state, asked_by, asked_at, answered_by, answered_at, answer)
SELECT id, backend, project, wanted, reason, state, asked_by, asked_at, answered_by, answered_at, answer
FROM requests_before
"""


def bring_up_to_date(engine: Engine, found: int) -> int:
    """The version of the tables afterwards, which is the one found where no step leads on from it."""
    while found in _STEPS:
        with engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.execute(text("BEGIN IMMEDIATE"))  # Python begins none for statements that change tables
            _STEPS[found](connection)
            found += 1
            connection.execute(update(SchemaVersion).values(version=found))
    return found


def _add_details(connection: Connection) -> None:
    if "details" not in {column["name"] for column in inspect(connection).get_columns("journal")}:
        connection.execute(text("ALTER TABLE journal ADD COLUMN details JSON"))


def _keep_request_numbers(connection: Connection) -> None:
    """Let no request have the number of one that is gone. SQLite can say so of a new table alone."""
    own = "SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE name = 'requests'"
    if connection.dialect.name != "sqlite" or connection.scalar(text(own)):
        return
    for index in inspect(connection).get_indexes("requests"):
        connection.execute(text(f"DROP INDEX {index['name']}"))
    connection.execute(text("ALTER TABLE requests RENAME TO requests_before"))
    RequestRow.metadata.tables["requests"].create(connection)
    connection.execute(text(_COPY))
    connection.execute(text("DROP TABLE requests_before"))


# By the version that a step begins with.
_STEPS: Mapping[int, Callable[[Connection], None]] = {FIRST_VERSION: _add_details, 2: _keep_request_numbers}
