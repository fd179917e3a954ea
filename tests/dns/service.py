# SPDX-License-Identifier: Apache-2.0
"""The container of the tests' name server, and what it tells clients."""

from __future__ import annotations

import base64
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import dns.rdatatype
import dns.tsig
import dns.update

from tests.playbooks import BIN, PROJECT

IMAGE = "rgwkit-test/bind:bookworm"
START_SECONDS = 30
ZONE, SUBZONE = "example.test", "sub.example.test"
KEYS = ("rgwkit", "reader")
_FILES = Path(__file__).parent


@dataclass(frozen=True)
class NameServer:
    """A running BIND, the primary of ZONE and of the zone SUBZONE below. folder: has the secrets of KEYS."""

    container: str
    address: str
    folder: Path

    def key_file(self, name: str = "rgwkit") -> Path:
        return self.folder / f"{name}.key"

    def options(self, key: str = "rgwkit") -> dict[str, object]:
        """What the module takes of the server."""
        return {"server": self.address, "zone": ZONE, "key_name": key, "key_file": str(self.key_file(key))}

    def told(self, name: str, kind: str) -> list[str]:
        """What a client is told: values and nothing else."""
        query = dns.message.make_query(name, kind)
        answer = dns.query.tcp(query, self.address, timeout=10)
        wanted = dns.rdatatype.from_text(kind)
        return sorted(one.to_text() for rrset in answer.answer if rrset.rdtype == wanted for one in rrset)

    def serial(self) -> int:
        """The serial of ZONE, which each change raises."""
        (soa,) = self.told(ZONE, "SOA")
        return int(soa.split()[2])

    def put(self, name: str, kind: str, *values: str, ttl: int = 300) -> None:
        """Create records as somebody else does: without a mark."""
        key = dns.tsig.Key("rgwkit", base64.b64decode(self.key_file().read_text()), "hmac-sha256")
        update = dns.update.UpdateMessage(f"{ZONE}.", keyring=key)
        update.replace(f"{name}.", ttl, kind, *values)
        assert dns.query.tcp(update, self.address, timeout=10).rcode() == 0

    def logs(self) -> str:
        done = subprocess.run(["docker", "logs", self.container], capture_output=True, text=True, check=False)
        return done.stdout + done.stderr


def start_name_server(folder: Path, name: str) -> NameServer:
    """Start a BIND; it answers. `folder` is new and takes the secrets of its keys."""
    recipe = [str(BIN / "ansible-playbook"), str(_FILES / "image.yml")]
    subprocess.run(recipe, cwd=PROJECT, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    folder.mkdir(mode=0o700, parents=True)
    for key in KEYS:
        file = folder / f"{key}.key"
        file.touch(mode=0o600)
        file.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
    options = [f"--name={name}", "--tmpfs=/run/bind:mode=0755", f"--env=ZONES={ZONE} {SUBZONE}"]
    options += [f"--volume={_FILES}/container:/container:ro", f"--volume={folder}:/etc/bind-test:ro"]
    _docker("run", "--detach", *options, IMAGE, "/container/start")
    form = "--format={{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
    server = NameServer(name, _docker("inspect", form, name), folder)
    _wait_for_an_answer(server)
    return server


def stop_name_server(name: str) -> None:
    """Remove the container with this name, if there is one."""
    _docker("rm", "--force", "--volumes", name)


@contextmanager
def running_name_server(folder: Path) -> Iterator[NameServer]:
    """A BIND that goes at the end; a folder below `folder` takes its files."""
    name = f"rgwkit-test-bind-{secrets.token_hex(4)}"
    try:
        yield start_name_server(folder / name, name)
    finally:
        stop_name_server(name)


def _wait_for_an_answer(server: NameServer) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        with suppress(OSError, EOFError, dns.exception.DNSException):
            if server.told(ZONE, "SOA"):
                return
        assert time.monotonic() < until, f"the name server does not answer: {server.logs()[-3000:]}"
        time.sleep(0.2)


def _docker(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
