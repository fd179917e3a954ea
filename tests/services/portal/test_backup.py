# SPDX-License-Identifier: Apache-2.0
"""The commands of docs/portal.md for backup and restore, run as they are but for hosts and folders."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

from tests.playbooks import PROJECT
from tests.portal import running_portal
from tests.postgresql.service import running_postgresql
from tests.services.portal.conftest import People, settings
from tests.services.portal.issuer import Issuer
from tests.services.portal.test_rest import ok

PAGE = (PROJECT / "docs" / "portal.md").read_text()


def command(program: str, **replaced: str) -> str:
    """The one command line of the page that begins with a program."""
    (found,) = re.findall(rf"^{program} .*$", PAGE, re.MULTILINE)
    for old, new in replaced.values():
        assert old in found, f"{old} in {found}"
        found = found.replace(old, new)
    return str(found)


class Life:
    """A portal that is started again and again on one database."""

    def __init__(self, folder: Path, issuer: Issuer, people: People, database: dict[str, str]) -> None:
        self._folder, self._admin = folder, people.admin
        self._given: dict[str, Any] = settings(folder, issuer, backends={"dummy": {"kind": "dummy"}}, **database)

    def make(self, *projects: str) -> None:
        with running_portal(self._folder, **self._given) as portal:
            for name in projects:
                ok(portal.ask("POST", "/v1/projects", self._admin, json={"name": name}), 201)

    def projects(self) -> list[str]:
        with running_portal(self._folder, **self._given) as portal:
            return [one["name"] for one in ok(portal.ask("GET", "/v1/projects", self._admin))["items"]]


def test_sqlite(tmp_path: Path, issuer: Issuer, people: People):
    database, backup = tmp_path / "portal.db", tmp_path / "backup.db"
    given = settings(tmp_path, issuer, backends={"dummy": {"kind": "dummy"}}, database_url=f"sqlite:///{database}")
    with running_portal(tmp_path, **given) as portal:
        ok(portal.ask("POST", "/v1/projects", people.admin, json={"name": "before"}), 201)
        paths = {
            "database": ("/var/lib/rgwkit/rgwkit-portal/state/portal.db", str(database)),
            "backup": ("/var/backups/portal.db", str(backup)),
        }
        subprocess.run(shlex.split(command("sqlite3", **paths)), check=True, capture_output=True)
        ok(portal.ask("POST", "/v1/projects", people.admin, json={"name": "after"}), 201)
    for name in ("portal.db-wal", "portal.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    database.write_bytes(backup.read_bytes())
    life = Life(tmp_path, issuer, people, {"database_url": f"sqlite:///{database}"})
    assert life.projects() == ["before"]


def test_postgresql(tmp_path: Path, issuer: Issuer, people: People):
    with running_postgresql(tmp_path) as server:
        life = Life(tmp_path, issuer, people, server.create("portal"))
        life.make("before")
        here = {"host": ("db.example.com", "127.0.0.1"), "file": ("/var/backups", "/run/postgresql")}
        (tmp_path / "pgpass").write_text(f"*:*:*:portal:{server.password_file.read_text()}\n")
        keep = "umask 077; cat >/run/postgresql/pgpass"
        server.run("sh", "-c", keep, given=(tmp_path / "pgpass").read_text())
        environment = ["env", "PGPASSFILE=/run/postgresql/pgpass"]
        server.run(*environment, *shlex.split(command("pg_dump", **here)))
        life.make("after")
        assert life.projects() == ["after", "before"]
        server.run(*environment, *shlex.split(command("pg_restore", **here)))
        assert life.projects() == ["before"]
        life.make("afterwards")
        assert life.projects() == ["afterwards", "before"]
