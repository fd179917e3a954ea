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
import sys
from pathlib import Path
from typing import Any, Sequence

import against
from timed_plays import PROJECT, Cluster, PlayError, Taken

CHANGE = {"rgw_gateway_options": {"rgw_swift_token_expiration": 85000}}


class Gateways:
    """gateway.yml of a tree on the first hosts of a cluster."""

    def __init__(self, cluster: Cluster, counts: Sequence[int]) -> None:
        self._cluster, self._counts = cluster, counts

    def measure(self, tree: Path) -> dict[str, float]:
        """What each kind of run costs for each number of gateways, and for one more of them."""
        found: dict[str, dict[int, Taken]] = {}
        for count in self._counts:
            for name, variables in self._runs().items():
                found.setdefault(name, {})[count] = taken = self._play(tree, count, **variables)
                print(f"{count} gateways, {name}: {taken.seconds:.0f} s, {taken.tasks} tasks", flush=True)
            self._play(tree, count, rgw_gateway_state="absent")
        print(self._table(found), flush=True)
        return self._figures(found)

    @staticmethod
    def _runs() -> dict[str, dict[str, Any]]:
        """Kinds of runs in their order, with the variables of each."""
        return {"first": {}, "noop": {}, "noop_at_once": {"gateway_serial": "100%"}, "change": CHANGE}

    def _play(self, tree: Path, count: int, **variables: Any) -> Taken:
        hosts = ",".join(["mons", *(f"rgw{number}" for number in range(1, count + 1))])
        return self._cluster.play(tree, "gateway", f"--limit={hosts}", rgw_gateway_ingress_service="", **variables)

    def _one_more(self, taken: dict[int, Taken]) -> tuple[float, float]:
        """Seconds and tasks of one more gateway."""
        few, many = self._counts[0], self._counts[-1]
        fewest, most = taken[few], taken[many]
        return (most.seconds - fewest.seconds) / (many - few), (most.tasks - fewest.tasks) / (many - few)

    def _figures(self, found: dict[str, dict[int, Taken]]) -> dict[str, float]:
        figures: dict[str, float] = {}
        for name, taken in found.items():
            for count, one in taken.items():
                figures |= one.named(f"{name}_{count}")
            seconds, tasks = self._one_more(taken)
            figures |= {f"{name}_one_more_s": seconds, f"{name}_one_more_tasks": tasks}
        return {name: round(figure, 2) for name, figure in figures.items()}

    def _table(self, found: dict[str, dict[int, Taken]]) -> str:
        """The figures for people."""
        columns = "".join(f"{f'{count} gateways':>20}" for count in self._counts)
        lines = ["", f"{'':<14}{columns}{'one more':>18}"]
        for name, taken in found.items():
            cells = "".join(f"{f'{one.seconds:.0f} s, {one.tasks} tasks':>20}" for one in taken.values())
            seconds, tasks = self._one_more(taken)
            lines.append(f"{name:<14}{cells}{f'{seconds:.1f} s, {tasks:.0f} tasks':>18}")
        return "\n".join(lines)


def noop(figures: dict[str, dict[str, float]], counts: Sequence[int]) -> dict[str, float]:
    """Runs that change nothing: how many times as fast as the other tree's, and what one more gateway costs here."""
    both = {count: figures[f"noop_{count}_s"] for count in counts}
    speedups = {f"noop_{count}_speedup": one["there"] / one["here"] for count, one in both.items()}
    here = {key: figures[f"noop_{key}"]["here"] for key in ("one_more_s", "one_more_tasks")}
    return {name: round(figure, 2) for name, figure in {**speedups, **here}.items()}


def main() -> int:
    """Measure and report; 1 if something did not do what it was to do."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--counts", type=int, nargs="+", default=[2, 4, 8], help="numbers of gateways (default: 2 4 8)")
    against.add_option(parser)
    arguments = parser.parse_args()
    try:
        with Cluster("rgwkit-benchmark", max(arguments.counts)) as cluster:
            gateways = Gateways(cluster, arguments.counts)
            if arguments.against:
                figures = against.compared(gateways.measure, arguments.against, 1)
                print(json.dumps({"against": arguments.against, **noop(figures, arguments.counts), **figures}))
            else:
                print(json.dumps(gateways.measure(PROJECT)))
    except (PlayError, against.AgainstError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
