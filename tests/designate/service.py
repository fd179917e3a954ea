# SPDX-License-Identifier: Apache-2.0
"""The container of the tests' Designate, its place in a Keystone, and what the BIND of its pool tells clients."""

from __future__ import annotations

import secrets
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dns.exception
import dns.message
import dns.query
import dns.rdatatype
import requests

from tests.keystone.identity import Person
from tests.keystone.service import Keystone, running_keystone
from tests.playbooks import BIN, PROJECT

IMAGE = "rgwkit-test/designate:bookworm"
START_SECONDS = 240
ACTIVE_SECONDS = 120
ZONE = "example.test"
PROJECT_OF_SERVICES = "service"
_FILES = Path(__file__).parent


@dataclass(frozen=True)
class Designate:
    """A running Designate, which the catalogue of a Keystone names. Its pool has one BIND, at the same address."""

    container: str
    address: str
    keystone: Keystone

    @property
    def url(self) -> str:
        """Where the API is."""
        return f"http://{self.address}:9001"

    def told(self, name: str, kind: str) -> list[str]:
        """What BIND tells a client: values and nothing else."""
        answer = dns.query.tcp(dns.message.make_query(name, kind), self.address, timeout=10)
        wanted = dns.rdatatype.from_text(kind)
        return sorted(one.to_text() for rrset in answer.answer if rrset.rdtype == wanted for one in rrset)

    def run(self, *command: str) -> str:
        """Run a command in the container; what it says."""
        return _docker("exec", self.container, *command)

    @contextmanager
    def stopped(self, program: str) -> Iterator[None]:
        """Let a program stand still meanwhile; named and designate-central have a file with their number."""
        self.run("sh", "-c", f"kill -STOP $(cat /run/designate/{program}.pid)")
        try:
            yield
        finally:
            self.run("sh", "-c", f"kill -CONT $(cat /run/designate/{program}.pid)")

    def set_quota(self, project_id: str, **limits: int) -> None:
        """Limit what a project may have, as an administrator does."""
        token = self.keystone.identity.token("admin", self.keystone.password_file.read_text(), "admin")
        headers = {"X-Auth-Token": token, "X-Auth-All-Projects": "true"}
        answer = requests.patch(f"{self.url}/v2/quotas/{project_id}", json=limits, headers=headers, timeout=60)
        assert answer.status_code == 200, answer.text

    def logs(self) -> str:
        """What all services have said."""
        done = subprocess.run(["docker", "logs", self.container], capture_output=True, text=True, check=False)
        return done.stdout + done.stderr


@dataclass(frozen=True)
class Tenant:
    """Somebody with a role in a project of its own, who uses Designate's API as others do: without marks."""

    designate: Designate
    person: Person
    token: str = field(repr=False)

    @classmethod
    def of(cls, designate: Designate, *roles: str) -> Tenant:
        """A new person in a new project."""
        identity = designate.keystone.identity
        person = identity.person(*(roles or ("member",)))
        return cls(designate, person, identity.token_of(person))

    def ask(self, method: str, path: str, body: Any = None, token: str = "", **fields: str) -> requests.Response:
        """One request, with this person's token or with another one."""
        headers = {"X-Auth-Token": token or self.token, **fields}
        return requests.request(method, f"{self.designate.url}/v2/{path}", json=body, headers=headers, timeout=60)

    def zone(self, name: str) -> str:
        """Create a zone, which BIND has then; its id."""
        made = self.ask("POST", "zones", {"name": f"{name}.", "email": f"hostmaster@{name}", "ttl": 300})
        assert made.status_code == 202, made.text
        identity = str(made.json()["id"])
        self.wait(f"zones/{identity}")
        wait_until(lambda: self.designate.told(name, "SOA"), f"BIND does not have {name}", self.designate)
        return identity

    def put(self, zone_id: str, name: str, kind: str, *values: str, ttl: int | None = 300) -> str:
        """Create a recordset, which is active then; its id."""
        body = {"name": f"{name}.", "type": kind, "records": list(values), "ttl": ttl}
        made = self.ask("POST", f"zones/{zone_id}/recordsets", body)
        assert made.status_code in (201, 202), made.text
        identity = str(made.json()["id"])
        self.wait(f"zones/{zone_id}/recordsets/{identity}")
        return identity

    def wait(self, path: str) -> None:
        """Wait until a zone or a recordset is active."""
        wait_until(lambda: self.ask("GET", path).json()["status"] == "ACTIVE", f"{path} is not active", self.designate)


@contextmanager
def running_designate(folder: Path) -> Iterator[Designate]:
    """Start a Keystone, and a Designate on it; both go at the end. Folders below `folder` take their files."""
    with running_keystone(folder) as keystone, _designate_on(folder, keystone) as designate:
        yield designate


@contextmanager
def _designate_on(folder: Path, keystone: Keystone) -> Iterator[Designate]:
    recipe = [str(BIN / "ansible-playbook"), str(_FILES / "image.yml")]
    subprocess.run(recipe, cwd=PROJECT, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    name = f"rgwkit-test-designate-{secrets.token_hex(4)}"
    own = folder / name
    own.mkdir(mode=0o700)
    identity = keystone.identity
    password = secrets.token_urlsafe(24)
    user = identity.create("user", name="designate", password=password, domain_id="default")
    identity.grant("admin", user["id"], identity.project(PROJECT_OF_SERVICES))
    (own / "password").touch(mode=0o600)
    (own / "password").write_text(password)
    options = [
        "--tmpfs=/run/designate:mode=0755",
        f"--volume={_FILES}/container:/container:ro",
        f"--volume={own}:/etc/designate-test:ro",
        f"--env=KEYSTONE_URL={keystone.url}",
        f"--env=NAME_SERVER_ZONE={ZONE}",
        f"--name={name}",
    ]
    try:
        _docker("run", "--detach", *options, IMAGE, "/container/start")
        form = "--format={{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
        designate = Designate(name, _docker("inspect", form, name), keystone)
        # By this, Designate finds where tokens are validated.
        identity.service(f"{keystone.url}/v3", "identity", ("internal",))
        identity.service(designate.url, "dns", ("public", "internal", "admin"))
        wait_until(lambda: _answers(designate), f"{designate.url} does not answer", designate, START_SECONDS)
        yield designate
    finally:
        _docker("rm", "--force", "--volumes", name)


def _answers(designate: Designate) -> bool:
    """Whether the API reaches the database, by way of designate-central."""
    running = _docker("inspect", "--format={{.State.Running}}", designate.container)
    assert running == "true", designate.logs()[-6000:]
    token = designate.keystone.identity.token("admin", designate.keystone.password_file.read_text(), "admin")
    headers = {"X-Auth-Token": token}
    return requests.get(f"{designate.url}/v2/zones", headers=headers, timeout=10).status_code == 200


def wait_until(happens: Callable[[], object], what: str, designate: Designate, seconds: float = ACTIVE_SECONDS) -> None:
    """Wait until something happens; fails with Designate's log otherwise."""
    until = time.monotonic() + seconds
    while True:
        with suppress(requests.RequestException, OSError, EOFError, dns.exception.DNSException):
            if happens():
                return
        assert time.monotonic() < until, f"{what}: {designate.logs()[-6000:]}"
        time.sleep(0.3)


def _docker(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
