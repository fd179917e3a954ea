# SPDX-License-Identifier: Apache-2.0
"""One portal with a dummy back-end, an issuer of tokens, and a gateway that is down, for all tests here."""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.portal import RunningPortal, running_portal
from tests.postgresql.service import PostgreSQL, running_postgresql
from tests.services.portal.issuer import AUDIENCE, Issuer, running_issuer

PROXY_SECRET = "canary-" + secrets.token_hex(16)
ROLES = {"user": ["users"], "admin": ["admins"], "uber_admin": ["ubers"]}


def secret_file(folder: Path, name: str, secret: str) -> str:
    path = folder / name
    path.touch(mode=0o600)
    path.write_text(secret)
    return str(path)


class Store:
    """The databases of the portals of tests: SQLite, or PostgreSQL with RGWKIT_PORTAL_DATABASE=postgresql."""

    def __init__(self) -> None:
        self.server: PostgreSQL | None = None
        self._made: set[str] = set()

    def settings(self, folder: Path) -> dict[str, str]:
        """The settings of the database of the portal in a folder, which is made where it is missing."""
        if self.server is None:
            return {"database_url": f"sqlite:///{folder}/portal.db"}
        name = _database_name(folder)
        if name not in self._made:
            self._made.add(name)
            self.server.create(name)
        return self.server.settings(name)

    def run(self, folder: Path, statement: str) -> None:
        """Run a statement in the database of the portal in a folder."""
        if self.server is not None:
            self.server.sql(_database_name(folder), statement)
            return
        with sqlite3.connect(folder / "portal.db") as database:
            database.execute(statement)

    def value(self, folder: Path, query: str) -> str:
        """The one value that a query finds in the database of the portal in a folder."""
        if self.server is not None:
            return self.server.sql(_database_name(folder), query)
        with sqlite3.connect(folder / "portal.db") as database:
            return str(database.execute(query).fetchone()[0])

    def content(self, folder: Path) -> bytes:
        """All that the database of the portal in a folder holds."""
        if self.server is not None:
            return self.server.dump(_database_name(folder))
        return b"".join(file.read_bytes() for file in folder.glob("portal.db*"))


def _database_name(folder: Path) -> str:
    return "p" + hashlib.sha256(str(folder).encode()).hexdigest()[:16]


STORE = Store()


def settings(folder: Path, issuer: Issuer, **changes: Any) -> dict[str, Any]:
    return {
        **STORE.settings(folder),
        "roles": ROLES,
        "oidc": {"issuer": issuer.url, "audience": AUDIENCE},
        "rate_limits": {"person": {"per_minute": 0, "burst": 1}, "address": {"per_minute": 0, "burst": 1}},
        "proxy": {"addresses": ["127.0.0.2/32"], "secret_file": secret_file(folder, "proxy.secret", PROXY_SECRET)},
        "backends": {
            "dummy": {"kind": "dummy", "limits": {"max_buckets": 3}},
            "gone": {
                "kind": "rgw",
                "endpoint": "http://127.0.0.1:9",
                "access_key": "A",
                "secret_key_file": secret_file(folder, "gone.secret", "canary-of-the-gateway"),
                "wait_s": 0,
            },
        },
        **changes,
    }


@dataclass(frozen=True)
class People:
    """Tokens of a user, an admin and an uber-admin."""

    user: str
    other: str
    admin: str
    uber: str


@pytest.fixture(scope="session", autouse=True)
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    if os.environ.get("RGWKIT_PORTAL_DATABASE", "sqlite") == "sqlite":
        yield STORE
        return
    with running_postgresql(tmp_path_factory.mktemp("postgresql")) as STORE.server:
        yield STORE
    STORE.server = None


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("portal")


@pytest.fixture(scope="session")
def portal(folder: Path, issuer: Issuer) -> Iterator[RunningPortal]:
    with running_portal(folder, "tests.services.portal.serve", **settings(folder, issuer)) as portal:
        yield portal


@pytest.fixture(scope="session")
def people(issuer: Issuer) -> People:
    token = issuer.token
    return People(token("ann"), token("bob"), token("eve", ["admins"]), token("zoe", ["ubers"]))


@pytest.fixture
def project(portal: RunningPortal, people: People) -> str:
    """The name of a project of ann's."""
    name = f"p{secrets.token_hex(4)}"
    answer = portal.ask("POST", "/v1/projects", people.admin, json={"name": name, "people": ["ann"]})
    assert answer.status_code == 201, answer.text
    return name


@pytest.fixture
def bucket(portal: RunningPortal, people: People, project: str) -> Callable[..., str]:
    """Create a bucket; its path."""

    def create(objects: int = 0) -> str:
        path, name = f"/v1/dummy/projects/{project}/buckets", f"b{secrets.token_hex(4)}"
        answer = portal.ask("POST", path, people.user, json={"name": name})
        assert answer.status_code == 201, answer.text
        if objects:
            portal.ask("POST", f"/test/store/{project}/{name}/{objects}").raise_for_status()
        return f"{path}/{name}"

    return create
