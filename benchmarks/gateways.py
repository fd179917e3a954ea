#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a run of playbooks/gateway.yml costs as hosts grow: 2, 4 and 8 gateways on a test cluster of their own.

The hosts are containers as `make test-cluster` has them, all on this machine, with the gateways' package already there.
For each number of gateways: a first run, a run that changes nothing, one that changes an option and so restarts each,
all of them one by one as is the default, and the one that changes nothing on all at once (gateway_serial=100%, eight
forks). There is no ingress to drain. Prints seconds and tasks (each counts once for every host that it ran on), and
what one more gateway costs, from which 100 can be judged. Ends in one JSON line.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import against

ROOT = Path(__file__).parents[1]
SCENARIO = ROOT / "molecule" / "cluster"
NAME = "rgwkit-benchmark"
COUNTS = (2, 4, 8)
CHANGE = {"rgw_gateway_options": {"rgw_swift_token_expiration": 85000}}


class RunError(Exception):
    """A play that did not do what it was to do."""


class Cluster:
    """A test cluster with as many gateways' hosts as the largest count, and plays on some of them."""

    def __init__(self, directory: Path) -> None:
        more = {f"rgw{number}": self._host(number) for number in range(3, max(COUNTS) + 1)}
        self._inventory = directory / "more.json"
        self._inventory.write_text(json.dumps({"all": {"children": {"rgws": {"hosts": more}}}}))

    @staticmethod
    def _host(number: int) -> dict[str, str]:
        return {"ansible_host": f"{NAME}-rgw{number}", "cluster_address": f"10.87.6.{20 + number}"}

    def play(self, playbook: Path, *options: str, **variables: object) -> str:
        """Run a playbook; what it printed. Raises RunError."""
        command = [str(Path(sys.executable).with_name("ansible-playbook")), str(playbook), *options]
        for inventory in (ROOT / "inventories" / "cluster", SCENARIO / "inventory", self._inventory):
            command.append(f"--inventory={inventory}")
        command += ["-e", json.dumps({"rgw_gateway_ingress_service": "", **variables})]
        environment = {**os.environ, "RGWKIT_CLUSTER": NAME, "ANSIBLE_PIPELINING": "true", "ANSIBLE_FORKS": "8"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RunError(f"{playbook.name}: {done.stdout[-4000:]}{done.stderr[-2000:]}")
        return done.stdout

    def gateways(self, count: int, **variables: object) -> tuple[float, int]:
        """Run gateway.yml on the first `count` hosts; the seconds and tasks it takes."""
        hosts = ",".join(["mons", *(f"rgw{number}" for number in range(1, count + 1))])
        began = time.monotonic()
        output = self.play(ROOT / "playbooks" / "gateway.yml", f"--limit={hosts}", **variables)
        seconds = time.monotonic() - began
        return seconds, sum(int(tasks) for tasks in re.findall(r"\bok=(\d+)", output))


def measure(cluster: Cluster) -> dict[str, dict[int, tuple[float, int]]]:
    """Seconds and tasks by kind of run and number of gateways."""
    found: dict[str, dict[int, tuple[float, int]]] = {}
    for count in COUNTS:
        runs = {
            "first run": cluster.gateways(count),
            "no-op": cluster.gateways(count),
            "no-op, all at once": cluster.gateways(count, gateway_serial="100%"),
            "change": cluster.gateways(count, **CHANGE),
        }
        cluster.gateways(count, rgw_gateway_state="absent")
        for run, taken in runs.items():
            found.setdefault(run, {})[count] = taken
            print(f"{count} gateways, {run}: {taken[0]:.0f} s, {taken[1]} tasks", flush=True)
    return found


def table(found: dict[str, dict[int, tuple[float, int]]]) -> str:
    """The figures for people."""
    lines = ["", f"{'':<20}" + "".join(f"{f'{count} gateways':>20}" for count in COUNTS) + f"{'one more':>18}"]
    for run, taken in found.items():
        cells = "".join(f"{f'{seconds:.0f} s, {tasks} tasks':>20}" for seconds, tasks in taken.values())
        fewest, most = taken[COUNTS[0]], taken[COUNTS[-1]]
        seconds, tasks = ((many - few) / (COUNTS[-1] - COUNTS[0]) for many, few in zip(most, fewest))
        lines.append(f"{run:<20}{cells}{f'{seconds:.1f} s, {tasks:.0f} tasks':>18}")
    return "\n".join(lines)


def main() -> int:
    """Measure and report; 1 if something did not do what it was to do."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    against.add_option(parser)
    arguments = parser.parse_args()
    if arguments.against:
        return against.run("gateways.py", arguments.against, 1)
    with tempfile.TemporaryDirectory() as directory:
        cluster = Cluster(Path(directory))
        try:
            cluster.play(SCENARIO / "create.yml")
            cluster.play(SCENARIO / "prepare.yml")
            found = measure(cluster)
        except RunError as error:
            print(error, file=sys.stderr)
            return 1
        finally:
            cluster.play(SCENARIO / "destroy.yml")
    print(table(found))
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
