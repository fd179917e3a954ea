#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a registry's check of a login costs: the same request as users whose htpasswd entries differ in cost, and with
a token.

A registry checks the password or token of each request anew. One connection sends `GET /v2/` with each login in turn:
all meet the same machine. The token is signed here, with a key whose certificate the registry trusts (ES256). What
a token server costs is not in the figures: clients ask for one token for many requests. The figures are milliseconds of
the registry's processors for a request, and until the answer; medians of the turns. Ends in one JSON line.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import bcrypt
import token_signer
from busy_cores import BusyCores
from demo_container import StartError, remove_all
from registry_sides import RegistrySide, SideError

COSTS = (5, 8, 10, 12)
TOKEN = "token"
# As long as one that the role creates.
PASSWORD = "0123456789abcdef" * 4


def logins() -> dict[str, str]:
    """The value of Authorization for each cost, and for a token."""
    users = {str(cost): base64.b64encode(f"{cost}:{PASSWORD}".encode()).decode() for cost in COSTS}
    return {**{cost: f"Basic {login}" for cost, login in users.items()}, TOKEN: f"Bearer {token_signer.token()}"}


def serve(directory: Path) -> RegistrySide:
    """Start a registry in memory with a user for each cost, whose name is the cost. Raises StartError."""
    entries = "".join(f"{cost}:{bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(cost)).decode()}\n" for cost in COSTS)
    auth = {"htpasswd": {"realm": "benchmark", "path": "/etc/docker/registry/htpasswd"}}
    return _started(directory, auth, {"htpasswd": entries})


def serve_tokens(directory: Path) -> RegistrySide:
    """Start a registry in memory that wants tokens. Raises StartError."""
    auth = {"token": {**token_signer.WORDS, "rootcertbundle": "/etc/docker/registry/signer.pem"}}
    return _started(directory, auth, {"signer.pem": token_signer.CERTIFICATE})


def _started(directory: Path, auth: dict[str, dict[str, str]], files: dict[str, str]) -> RegistrySide:
    config = {
        "version": "0.1",
        "log": {"level": "error", "accesslog": {"disabled": True}},
        "storage": {"inmemory": {}},
        "auth": auth,
        "http": {"addr": ":5000"},
    }
    directory.mkdir()
    for name, text in {**files, "config.yml": json.dumps(config)}.items():  # JSON is YAML
        file = directory / name
        file.touch(mode=0o600)
        file.write_text(text)
    return RegistrySide(directory)


def measure(side: RegistrySide, login: str, requests: int) -> tuple[float, float]:
    """Milliseconds of a request with a login: of the registry's processors, and until the answer. Raises SideError."""
    connection = http.client.HTTPConnection(side.url.removeprefix("http://"))
    with BusyCores(side.container) as busy:
        began = time.monotonic()
        for _number in range(requests):
            connection.request("GET", "/v2/", headers={"Authorization": login})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise SideError(f"GET /v2/ with {login.split()[0]}: {answer.status} {answer.reason}")
        seconds = time.monotonic() - began
    connection.close()
    return 1000 * busy.cores["docker-registry"] * seconds / requests, 1000 * seconds / requests


def main() -> int:
    """Measure and report; 1 if the registry did not start or refused a user."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=50, help="requests a turn and user (default: %(default)s)")
    parser.add_argument("--turns", type=int, default=3, help="turns (default: %(default)s)")
    arguments = parser.parse_args()
    by_name = logins()
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in by_name}
    try:
        with tempfile.TemporaryDirectory() as directory:
            passwords, tokens = serve(Path(directory) / "passwords"), serve_tokens(Path(directory) / "tokens")
            for _turn in range(arguments.turns):
                for name, login in by_name.items():
                    side = tokens if name == TOKEN else passwords
                    taken[name].append(measure(side, login, arguments.requests))
    except (StartError, SideError, OSError, http.client.HTTPException) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        remove_all()
    found: dict[str, float] = {}
    print(f"{'cost':>5}{'processor':>16}{'answer':>16}")
    for name, turns in taken.items():
        processor, answer = (statistics.median(one[part] for one in turns) for part in (0, 1))
        key = name if name == TOKEN else f"cost_{name}"
        found |= {f"{key}_cpu_ms": round(processor, 2), f"{key}_ms": round(answer, 2)}
        print(f"{name:>5}{processor:>13.1f} ms{answer:>13.1f} ms")
    found["cost_10_over_cost_5"] = round(found["cost_10_ms"] / found["cost_5_ms"], 1)
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
