#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a run costs that changes nothing: `make demo` on a demo that stands, and site.yml on the test cluster.

The demo has names and ports of its own. The test cluster is the one of `make test-cluster`: gateways, registries, and
an ingress before both, in containers on this machine. The figures are seconds, seconds of the controller's processors,
and tasks, each once for every host. Ends in one JSON line.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import socket
import sys
from pathlib import Path

import against
from timed_plays import PROJECT, Cluster, PlayError, Taken, run


class Demos:
    """A demo of each tree, beside whatever demo this host has."""

    def __init__(self) -> None:
        self._variables: dict[Path, list[str]] = {}

    def measure(self, tree: Path) -> dict[str, float]:
        """A run that changes nothing, after one that makes the image and the demo what this tree wants."""
        if tree not in self._variables:
            name = f"rgwkit-benchmark-{hashlib.sha256(str(tree).encode()).hexdigest()[:8]}"
            self._variables[tree] = [f"NAME={name}", f"PORT={_free_port()}", f"REGISTRY_PORT={_free_port()}"]
        self._make(tree, "demo")
        return self._make(tree, "demo", "V=1").named("warm_demo")

    def remove(self, tree: Path) -> None:
        """Remove the tree's demo with its data."""
        if tree in self._variables:
            self._make(tree, "teardown", "DATA=yes")

    def _make(self, tree: Path, target: str, *options: str) -> Taken:
        return run(["make", target, *self._variables[tree], *options], tree)


class Site:
    """site.yml of each tree on one cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def measure(self, tree: Path) -> dict[str, float]:
        """A run that changes nothing, after one that brings the cluster to what this tree wants."""
        self._cluster.play(tree, "site")
        return self._cluster.play(tree, "site").named("site_noop")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def warm_demo(revision: str | None, turns: int) -> dict[str, object]:
    """The figures of the demo; with a revision, of both trees."""
    demos = Demos()
    if revision:
        return against.compared(demos.measure, revision, turns, after=demos.remove)
    try:
        return dict(demos.measure(PROJECT))
    finally:
        demos.remove(PROJECT)


def site(revision: str | None) -> dict[str, object]:
    """The figures of the cluster; with a revision, of both trees."""
    with Cluster("rgwkit-benchmark") as cluster:
        measure = Site(cluster).measure
        return against.compared(measure, revision, 1) if revision else dict(measure(PROJECT))


def main() -> int:
    """Measure and report; 1 if something did not do what it was to do."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=3, help="runs of the demo on either tree (default: %(default)s)")
    against.add_option(parser)
    arguments = parser.parse_args()
    try:
        found = {**warm_demo(arguments.against, arguments.turns), **site(arguments.against)}
    except (PlayError, against.AgainstError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps({"against": arguments.against, **found}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
