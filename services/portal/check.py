# SPDX-License-Identifier: Apache-2.0
"""Whether a portal can be made of a configuration: the role asks before a running portal gives way to the new one."""

from __future__ import annotations

import socket

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from module_utils.base.errors import InputError

from .application import application
from .config import Settings, secret_in


def check(settings: Settings) -> None:
    """Make all parts of the portal, and leave its database, its port and its storage alone.

    Raises InputError for settings that cannot be used.
    """
    _check_address(settings.host)
    _check_database(settings)
    # Tables in memory: those of a running portal are not this one's to change.
    application(settings.model_copy(update={"database_url": "sqlite://", "database_password_file": None}))


def _check_address(host: str) -> None:
    """Raise InputError for an address that this host does not have. The port may be a running portal's."""
    try:
        family, _kind, _protocol, _name, address = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as listener:
            listener.bind(address)
    except OSError as error:
        raise InputError(f"host: the portal cannot listen on {host}: {error.strerror}") from None


def _check_database(settings: Settings) -> None:
    try:
        url = make_url(settings.database_url)
        url.get_dialect().import_dbapi()
    except (ArgumentError, ImportError):
        raise InputError(
            "database_url: no URL of a database that the portal knows, such as sqlite:////var/lib/portal/portal.db or "
            "postgresql+psycopg://portal@db.example.com/portal"
        ) from None
    if url.password is not None:
        raise InputError("database_url: it holds a password; name its file in database_password_file.")
    if settings.database_password_file is not None:
        secret_in(settings.database_password_file)
