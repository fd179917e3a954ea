#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a registry's check of a password costs: the same request as users whose htpasswd entries differ in cost.

A registry checks the password of each request anew. One connection sends `GET /v2/` as each user in turn, so that all
meet the same machine. The figures are milliseconds of the registry's processors for a request, and until the answer;
medians of the turns. Ends in one JSON line.
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
from busy_cores import BusyCores
from demo_container import StartError, remove_all
from registry_sides import RegistrySide, SideError

COSTS = (5, 8, 10, 12)
# As long as one that the role creates.
PASSWORD = "0123456789abcdef" * 4


def serve(directory: Path) -> RegistrySide:
    """Start a registry in memory with a user for each cost, whose name is the cost. Raises StartError."""
    entries = "".join(f"{cost}:{bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(cost)).decode()}\n" for cost in COSTS)
    config = {
        "version": "0.1",
        "log": {"level": "error", "accesslog": {"disabled": True}},
        "storage": {"inmemory": {}},
        "auth": {"htpasswd": {"realm": "benchmark", "path": "/etc/docker/registry/htpasswd"}},
        "http": {"addr": ":5000"},
    }
    for name, text in (("htpasswd", entries), ("config.yml", json.dumps(config))):  # JSON is YAML
        file = directory / name
        file.touch(mode=0o600)
        file.write_text(text)
    return RegistrySide(directory)


def measure(side: RegistrySide, cost: int, requests: int) -> tuple[float, float]:
    """Milliseconds of a request as one user: of the registry's processors, and until the answer. Raises SideError."""
    login = base64.b64encode(f"{cost}:{PASSWORD}".encode()).decode()
    connection = http.client.HTTPConnection(side.url.removeprefix("http://"))
    with BusyCores(side.container) as busy:
        began = time.monotonic()
        for _number in range(requests):
            connection.request("GET", "/v2/", headers={"Authorization": f"Basic {login}"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise SideError(f"GET /v2/ as user {cost}: {answer.status} {answer.reason}")
        seconds = time.monotonic() - began
    connection.close()
    return 1000 * busy.cores["docker-registry"] * seconds / requests, 1000 * seconds / requests


def main() -> int:
    """Measure and report; 1 if the registry did not start or refused a user."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=50, help="requests a turn and user (default: %(default)s)")
    parser.add_argument("--turns", type=int, default=3, help="turns (default: %(default)s)")
    arguments = parser.parse_args()
    taken: dict[int, list[tuple[float, float]]] = {cost: [] for cost in COSTS}
    try:
        with tempfile.TemporaryDirectory() as directory:
            side = serve(Path(directory))
            for _turn in range(arguments.turns):
                for cost in COSTS:
                    taken[cost].append(measure(side, cost, arguments.requests))
    except (StartError, SideError, OSError, http.client.HTTPException) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        remove_all()
    found: dict[str, float] = {}
    print(f"{'cost':>4}{'processor':>16}{'answer':>16}")
    for cost, turns in taken.items():
        processor, answer = (statistics.median(one[part] for one in turns) for part in (0, 1))
        found |= {f"cost_{cost}_cpu_ms": round(processor, 2), f"cost_{cost}_ms": round(answer, 2)}
        print(f"{cost:>4}{processor:>13.1f} ms{answer:>13.1f} ms")
    found["cost_10_over_cost_5"] = round(found["cost_10_ms"] / found["cost_5_ms"], 1)
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
