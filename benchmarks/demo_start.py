#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long a demo Ceph takes from `docker run` to a gateway that passes auth, PUT, HEAD and DELETE over swift.

Three ways of the same packages, turn by turn: the demo with its data on disk (bluestore) and in memory (memstore), and
a plain set-up with default options (plain_ceph.sh). Every start has a fresh volume. Ends in one JSON line.
"""

from __future__ import annotations

import argparse
import http.client
import json
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

RELEASES = ("14", "16", "18", "20")
LABEL = "rgwkit.benchmark=demo_start"
PLAIN = Path(__file__).with_name("plain_ceph.sh")
DEADLINE_SECONDS = 120
# What a gateway does not answer in its first instant it answers when asked again.
REQUEST_SECONDS = 1
PAUSE_SECONDS = 0.01
# By then the manager, which comes last, has loaded its modules.
SETTLED_SECONDS = 10


class Way(NamedTuple):
    """A way to start: its name in the results, and what `docker run` is told."""

    name: str
    options: list[str]
    command: list[str]


class StartError(Exception):
    """A container that did not become ready."""


def docker(*arguments: str) -> str:
    """Run a docker command; what it prints."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StartError(f"docker {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout.strip()


def ways(secret_file: Path, user_file: Path) -> list[Way]:
    """The demo's two ways and the plain one."""
    demo = [
        "--env=CEPH_DEMO_UID=demo",
        "--env=CEPH_DEMO_ACCESS_KEY=DEMOACCESSKEY",
        "--env=CEPH_DEMO_SECRET_KEY_FILE=/run/secret",
        f"--volume={secret_file}:/run/secret:ro",
    ]
    plain = [
        "--init",
        "--entrypoint=bash",
        f"--volume={PLAIN}:/plain_ceph.sh:ro",
        f"--volume={user_file}:/run/user.json:ro",
    ]
    return [
        Way("persistent", [*demo, "--volume=/var/lib/ceph"], []),
        Way("ephemeral", [*demo, "--tmpfs=/var/lib/ceph", "--env=OSD_OBJECTSTORE=memstore"], []),
        Way("plain", [*plain, "--volume=/var/lib/ceph"], ["/plain_ceph.sh"]),
    ]


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


def passes(host: str, port: int, secret: str) -> bool:
    """Whether auth, a container, and PUT, HEAD and DELETE of an object pass now."""
    connection = http.client.HTTPConnection(host, port, timeout=REQUEST_SECONDS)

    def request(method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> http.client.HTTPResponse:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        response.read()
        return response

    try:
        login = request("GET", "/auth/v1.0", {"X-Auth-User": "demo:swift", "X-Auth-Key": secret})
        if login.status != 204:
            return False
        token = {"X-Auth-Token": login.headers["X-Auth-Token"]}
        return (
            request("PUT", "/swift/v1/box", token, b"").status in (201, 202)
            and request("PUT", "/swift/v1/box/object", token, b"content").status == 201
            and request("HEAD", "/swift/v1/box/object", token).status == 200
            and request("DELETE", "/swift/v1/box/object", token).status == 204
        )
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def start(image: str, way: Way, secret: str) -> tuple[str, float]:
    """Run a container; its id, and the seconds until the gateway passes."""
    began = time.monotonic()
    options = ["--detach", f"--label={LABEL}", "--publish=127.0.0.1::8080", *way.options]
    container = docker("run", *options, image, *way.command)
    host, port = docker("port", container, "8080").splitlines()[0].split(":")
    while not passes(host, int(port), secret):
        if time.monotonic() - began > DEADLINE_SECONDS:
            raise StartError(f"{image}, {way.name}: not ready within {DEADLINE_SECONDS} s\n{last_words(container)}")
        if docker("inspect", "--format={{.State.Running}}", container) != "true":
            raise StartError(f"{image}, {way.name}: the container ended\n{last_words(container)}")
        time.sleep(PAUSE_SECONDS)
    return container, time.monotonic() - began


def last_words(container: str) -> str:
    """The end of the container's log."""
    done = subprocess.run(["docker", "logs", "--tail=20", container], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def memory_mib(container: str) -> float:
    """What the container's processes hold in memory; what they share counts for each, so rather too much."""
    rows = docker("top", container, "-eo", "pid,rss").splitlines()[1:]
    return sum(int(row.split()[1]) for row in rows) / 1024


def remove_all() -> None:
    """Remove the benchmark's containers with their volumes."""
    for container in docker("ps", "--all", "--quiet", f"--filter=label={LABEL}").split():
        docker("rm", "--force", "--volumes", container)


def measure(release: str, image: str, runs: int, secret: str, all_ways: list[Way]) -> dict[str, float]:
    """One release's medians."""
    seconds: dict[str, list[float]] = {way.name: [] for way in all_ways}
    memory = 0.0
    for turn in range(1, runs + 1):
        for way in all_ways:
            container, taken = start(image, way, secret)
            seconds[way.name].append(taken)
            print(f"{release:>4}  run {turn} of {runs}  {way.name:<10}  {taken:6.2f} s", flush=True)
            if way.name == "persistent" and turn == 1:
                time.sleep(SETTLED_SECONDS)
                memory = memory_mib(container)
            docker("rm", "--force", "--volumes", container)
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
    arguments = parser.parse_args()

    secret = secrets.token_hex(16)
    results: dict[str, dict[str, float]] = {}
    try:
        with tempfile.TemporaryDirectory() as directory:  # readable by its owner only
            secret_file, user_file = Path(directory, "secret"), Path(directory, "user.json")
            secret_file.write_text(secret)
            user_file.write_text(json.dumps(user_record(secret)))
            all_ways = ways(secret_file, user_file)
            for release in arguments.releases:
                image = arguments.image.format(release=release)
                results[release] = measure(release, image, arguments.runs, secret, all_ways)
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
