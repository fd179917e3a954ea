#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long a demo Ceph takes from `docker run` to a gateway that passes auth, PUT, HEAD and DELETE over swift.

Three ways of the same packages, turn by turn: the demo with its data on disk (bluestore) and in memory (memstore), and
a plain set-up with default options (plain_ceph.sh). Every start has a fresh volume. Ends in one JSON line.
"""

from __future__ import annotations

import argparse
import json
import secrets
import statistics
import sys
import tempfile
import time
from pathlib import Path

import against
from demo_container import StartError, Way, docker, ephemeral_demo, persistent_demo, remove, remove_all, start

RELEASES = ("14", "16", "18", "20")
PLAIN = Path(__file__).with_name("plain_ceph.sh")
# By then the manager, which comes last, has loaded its modules.
SETTLED_SECONDS = 10


def plain_setup(user_file: Path) -> Way:
    """A set-up by hand, with default options."""
    options = ["--init", "--entrypoint=bash", "--volume=/var/lib/ceph"]
    volumes = [f"--volume={PLAIN}:/plain_ceph.sh:ro", f"--volume={user_file}:/run/user.json:ro"]
    return Way("plain", [*options, *volumes], ["/plain_ceph.sh"])


def user_record(secret: str) -> dict[str, object]:
    """The plain set-up's user, with what the demo gives its own."""
    return {
        "data": {
            "user_id": "demo",
            "display_name": "Ceph demo user",
            "op_mask": "read, write, delete",
            "subusers": [{"id": "demo:swift", "permissions": "full-control"}],
            "swift_keys": [{"user": "demo:swift", "secret_key": secret, "active": True}],
        }
    }


def memory_mib(container: str) -> float:
    """What the container's processes hold in memory; what they share counts for each, so rather too much."""
    rows = docker("top", container, "-eo", "pid,rss").splitlines()[1:]
    return sum(int(row.split()[1]) for row in rows) / 1024


def measure(release: str, image: str, runs: int, secret: str, ways: list[Way]) -> dict[str, float]:
    """One release's medians."""
    seconds: dict[str, list[float]] = {way.name: [] for way in ways}
    memory = 0.0
    for turn in range(1, runs + 1):
        for way in ways:
            container, taken = start(image, way, secret)
            seconds[way.name].append(taken)
            print(f"{release:>4}  run {turn} of {runs}  {way.name:<10}  {taken:6.2f} s", flush=True)
            if way.name == "persistent" and turn == 1:
                time.sleep(SETTLED_SECONDS)
                memory = memory_mib(container)
            remove(container)
    figures = {f"{name}_s": round(statistics.median(taken), 2) for name, taken in seconds.items()}
    return {**figures, "memory_mib": round(memory)}


def table(results: dict[str, dict[str, float]]) -> str:
    """The results for people."""
    lines = ["", "Ceph   persistent   ephemeral      plain   plain : persistent     memory"]
    for release, found in results.items():
        persistent, ephemeral, plain = (found[f"{name}_s"] for name in ("persistent", "ephemeral", "plain"))
        times = f"{persistent:>8.2f} s  {ephemeral:>8.2f} s  {plain:>7.2f} s"
        lines.append(f"{release:>4}   {times}   {plain / persistent:>16.1f}   {found['memory_mib']:>6} MiB")
    return "\n".join(lines)


def main() -> int:
    """Measure and report; 1 if a container did not become ready."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("releases", nargs="*", default=RELEASES, help="releases of Ceph (default: %(default)s)")
    parser.add_argument("--image", default="rgwkit/ceph:{release}", help="image name (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="starts of each way (default: %(default)s)")
    against.add_option(parser)
    arguments = parser.parse_args()
    if arguments.against:
        return against.run(
            "demo_start.py",
            arguments.against,
            arguments.runs,
            *arguments.releases,
            "--image",
            arguments.image,
            "--runs",
            "1",
        )

    secret = secrets.token_hex(16)
    results: dict[str, dict[str, float]] = {}
    try:
        with tempfile.TemporaryDirectory() as directory:  # readable by its owner only
            secret_file, user_file = Path(directory, "secret"), Path(directory, "user.json")
            secret_file.write_text(secret)
            user_file.write_text(json.dumps(user_record(secret)))
            ways = [persistent_demo(secret_file), ephemeral_demo(secret_file), plain_setup(user_file)]
            for release in arguments.releases:
                image = arguments.image.format(release=release)
                results[release] = measure(release, image, arguments.runs, secret, ways)
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        remove_all()
    print(table(results))
    print(json.dumps(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
