# SPDX-License-Identifier: Apache-2.0
"""The container of the tests' PostgreSQL."""

from __future__ import annotations

import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.playbooks import BIN, PROJECT

IMAGE = "rgwkit-test/postgresql:bookworm"
ROLE = "portal"
START_SECONDS = 60
_FILES = Path(__file__).parent
# "nobody": PostgreSQL refuses root, and the image has no account of its own for the server.
_ACCOUNT = 65534
_ENVIRONMENT = {
    "PATH": "/usr/lib/postgresql/15/bin:/usr/bin:/bin",
    "PGDATA": "/run/postgresql/data",
    "PGHOST": "/run/postgresql",
    "PGUSER": "postgres",
    "LC_ALL": "C",
}


@dataclass(frozen=True)
class PostgreSQL:
    """A running server. password_file: of ROLE, on this host."""

    container: str
    address: str
    password_file: Path

    def create(self, name: str) -> dict[str, str]:
        """Create a database of ROLE's; the settings of a portal that uses it."""
        self.run("createdb", f"--owner={ROLE}", name)
        return self.settings(name)

    def settings(self, name: str) -> dict[str, str]:
        """The settings of a portal that uses a database."""
        url = f"postgresql+psycopg://{ROLE}@{self.address}/{name}"
        return {"database_url": url, "database_password_file": str(self.password_file)}

    def sql(self, name: str, statement: str) -> str:
        """Run a statement in a database; its rows, one a line."""
        return self.run(
            "psql", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1", name, given=statement
        )

    def dump(self, name: str) -> bytes:
        """All that a database holds, as text."""
        return self.run("pg_dump", name).encode()

    def stop(self) -> None:
        """End the server as a crash does."""
        self.run("pg_ctl", "--mode=immediate", "stop")

    def start(self) -> None:
        """Start the server again."""
        self.run("pg_ctl", "--wait", "--log=/run/postgresql/again.log", "start")

    def vanish(self) -> None:
        """Take the server off the network: nothing answers at its address any more, and nothing refuses."""
        docker("network", "disconnect", "--force", "bridge", self.container)

    def run(self, *command: str, given: str = "") -> str:
        """Run a command in the container; what it prints."""
        return docker("exec", "--interactive", self.container, *command, given=given)


@contextmanager
def running_postgresql(folder: Path) -> Iterator[PostgreSQL]:
    """A server that goes at the end; a new folder below `folder` takes the files with its password."""
    name = f"rgwkit-test-postgresql-{secrets.token_hex(4)}"
    recipe = [str(BIN / "ansible-playbook"), str(_FILES / "image.yml")]
    subprocess.run(recipe, cwd=PROJECT, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    own, password = folder / name, f"canary-{secrets.token_urlsafe(24)}"
    (own / "server").mkdir(mode=0o755, parents=True)
    for file in (own / "password", own / "server" / "password"):
        file.touch(mode=0o600)
        file.write_text(password)
    os.chown(own / "server" / "password", _ACCOUNT, _ACCOUNT)
    options = [f"--name={name}", f"--user={_ACCOUNT}:{_ACCOUNT}"]
    options += [f"--tmpfs=/run/postgresql:uid={_ACCOUNT},gid={_ACCOUNT},mode=0700"]
    options += [f"--env={variable}={value}" for variable, value in _ENVIRONMENT.items()]
    options += [f"--volume={_FILES}/container:/container:ro", f"--volume={own}/server:/etc/postgresql-test:ro"]
    docker("run", "--detach", *options, IMAGE, "/container/start")
    try:
        form = "--format={{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
        server = PostgreSQL(name, docker("inspect", form, name), own / "password")
        _wait_for_the_role(server)
        yield server
    finally:
        docker("rm", "--force", "--volumes", name)


def _wait_for_the_role(server: PostgreSQL) -> None:
    until = time.monotonic() + START_SECONDS
    asked = ["docker", "exec", server.container, "psql", "--tuples-only", "--command", "SELECT rolname FROM pg_roles"]
    while ROLE not in subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split():
        logs = subprocess.run(["docker", "logs", server.container], capture_output=True, text=True, check=False)
        assert time.monotonic() < until, f"PostgreSQL does not answer: {logs.stdout[-2000:]}{logs.stderr[-2000:]}"
        time.sleep(0.2)


def docker(*arguments: str, given: str = "") -> str:
    """Run a docker command; what it prints."""
    done = subprocess.run(["docker", *arguments], input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
