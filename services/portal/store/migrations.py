# SPDX-License-Identifier: Apache-2.0
"""Brings the tables of earlier versions up to date, one version after another.

A step that has been done already does nothing, so that a portal that was killed in the middle goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, Engine, inspect, text, update

from .tables import SchemaVersion

FIRST_VERSION = 1


def bring_up_to_date(engine: Engine, found: int) -> int:
    """The version of the tables afterwards, which is the one found where no step leads on from it."""
    while found in _STEPS:
        with engine.begin() as connection:
            _STEPS[found](connection)
            found += 1
            connection.execute(update(SchemaVersion).values(version=found))
    return found


def _add_details(connection: Connection) -> None:
    if "details" not in {column["name"] for column in inspect(connection).get_columns("journal")}:
        connection.execute(text("ALTER TABLE journal ADD COLUMN details JSON"))


# By the version that a step begins with.
_STEPS: Mapping[int, Callable[[Connection], None]] = {FIRST_VERSION: _add_details}
