#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What rgw_users takes for many users, against the wire floor and against a loop of radosgw-admin.

One demo gateway with its data in memory; each user has a subuser, a swift key and a quota. For 1,000 users take turns:

- start-up: `ansible-playbook` with a ping and the same inventory,
- hand-over: likewise, with a module that takes the list and does nothing,
- floor: the fewest requests that a truthful run needs, by a bare client (wire_floor.py) over as many connections,
- run: `ansible-playbook` with rgw_users, as the role calls it. The module makes the swift keys and keeps each in a
  file, as it is meant to be used, so that a first run puts as many files safely on disk, too.

"Over floor" is (run - start-up) / floor. Client and gateway share the cores of this host, so what Ansible and the
module compute slows the gateway down; hosts of their own would be kinder. Requests go to the container's own address:
docker's proxy would slow all sides down and flatter the ratios. The loop (radosgw_admin_loop.sh) is one shell in the
container, and is held against a first run less start-up, by the user. Ends in one JSON line.
"""

from __future__ import annotations

import argparse
import json
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Callable

import against
from demo_container import ACCESS_KEY, StartError, docker, ephemeral_demo, remove_all, start
from users_runs import RunError, Users
from wire_floor import WireError, WireFloor

PROJECT = Path(__file__).resolve().parents[1]
LOOP = Path(__file__).with_name("radosgw_admin_loop.sh")
CONNECTIONS = 8  # the module's default
MANY, TEN_TIMES, LOOP_USERS = 1000, 10_000, 20


def take_turns(
    runs: int, new_users: Callable[[int], Users], floor: WireFloor, container: str
) -> dict[str, list[float]]:
    """What each side takes for 1,000 users (the loop: for one), in seconds, turn by turn."""
    seconds: dict[str, list[float]] = {}
    for turn in range(1, runs + 1):
        users, others = new_users(MANY), new_users(MANY)
        taken = {
            "start_up": users.play("start_up"),
            "hand_over": users.play("hand_over"),
            "first_run_floor": floor.first_run(others.uids),
            "first_run": users.play("users", changed=True),
            "noop_floor": floor.noop(others.uids),
            "noop": users.play("users"),
            "cli_loop": admin_loop(container, f"loop-{secrets.token_hex(4)}", LOOP_USERS) / LOOP_USERS,
        }
        print(f"turn {turn} of {runs}: " + ", ".join(f"{side} {taken[side]:.2f} s" for side in taken), flush=True)
        for side in taken:
            seconds.setdefault(side, []).append(taken[side])
    return seconds


def ratios(seconds: dict[str, list[float]], run: str) -> dict[str, float]:
    """A run against its floor in three ways; medians of all turns."""
    rows = list(zip(seconds[run], seconds[f"{run}_floor"], seconds["start_up"], seconds["hand_over"]))
    found = {
        "over_floor": [(whole - start_up) / floor for whole, floor, start_up, _hand_over in rows],
        "over_floor_after_hand_over": [(whole - hand_over) / floor for whole, floor, _start_up, hand_over in rows],
        "over_floor_and_start_up": [whole / (floor + start_up) for whole, floor, start_up, _hand_over in rows],
    }
    return {f"{run}_{name}": round(statistics.median(found[name]), 2) for name in found}


def speedup(seconds: dict[str, list[float]]) -> float:
    """How often a first run less start-up goes into the loop, by the user; the median of all turns."""
    rows = zip(seconds["cli_loop"], seconds["first_run"], seconds["start_up"])
    return statistics.median(loop * MANY / (whole - start_up) for loop, whole, start_up in rows)


def admin_loop(container: str, prefix: str, count: int) -> float:
    """Make users with radosgw-admin; the seconds it takes."""
    command = ["docker", "exec", "--interactive", container, "bash", "-s", "--", prefix, str(count)]
    began = time.monotonic()
    with LOOP.open() as script:
        done = subprocess.run(command, stdin=script, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise RunError(f"{LOOP.name}: {done.stderr[-2000:]}")
    return time.monotonic() - began


def measure(container: str, secret_file: Path, tree: Path, runs: int) -> dict[str, float]:
    """All figures of a clone's module."""
    host = docker("inspect", "--format={{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", container)
    floor = WireFloor(host, 8080, ACCESS_KEY, secret_file.read_text(), CONNECTIONS)
    connection = {"endpoint": f"http://{host}:8080", "access_key": ACCESS_KEY, "secret_key_file": str(secret_file)}

    new_users = partial(Users, secret_file.parent, connection, tree)
    seconds = take_turns(runs, new_users, floor, container)
    ten_times = new_users(TEN_TIMES)
    start_up_10k, hand_over_10k = ten_times.play("start_up"), ten_times.play("hand_over")
    users_10k, noop_10k = ten_times.play("users", changed=True), ten_times.play("users")
    print(f"10,000 users: {users_10k:.1f} s, again {noop_10k:.1f} s", flush=True)
    alone_1k, alone_10k = (new_users(count).make_alone() for count in (MANY, TEN_TIMES))
    return {
        **{f"{side}_s": round(statistics.median(taken), 2) for side, taken in seconds.items()},
        **ratios(seconds, "first_run"),
        **ratios(seconds, "noop"),
        "speedup_over_cli_loop": round(speedup(seconds)),
        "start_up_10k_s": round(start_up_10k, 1),
        "hand_over_10k_s": round(hand_over_10k, 1),
        "users_10k_s": round(users_10k, 1),
        "noop_10k_s": round(noop_10k, 1),
        "module_1k_s": round(alone_1k.seconds, 1),
        "module_10k_s": round(alone_10k.seconds, 1),
        "peak_mib_1k": round(alone_1k.peak_mib),
        "peak_mib_10k": round(alone_10k.peak_mib),
    }


def table(found: dict[str, float]) -> str:
    """The figures for people."""
    lines = [
        "",
        "1,000 users      run   start-up   hand-over     floor   over floor   after hand-over   floor and start-up",
    ]
    for name, run in (("first run", "first_run"), ("no-op", "noop")):
        shared = f"{found[f'{run}_s']:>6.2f} s   {found['start_up_s']:>6.2f} s   {found['hand_over_s']:>7.2f} s"
        over = f"{found[f'{run}_over_floor']:>10.2f}   {found[f'{run}_over_floor_after_hand_over']:>15.2f}"
        both = f"{found[f'{run}_over_floor_and_start_up']:>18.2f}"
        lines.append(f"{name:<9}   {shared}  {found[f'{run}_floor_s']:>6.2f} s   {over}   {both}")
    return "\n".join(
        [
            *lines,
            "",
            "                 1,000 users   10,000 users",
            f"start-up         {found['start_up_s']:>9.1f} s   {found['start_up_10k_s']:>10.1f} s",
            f"hand-over        {found['hand_over_s']:>9.1f} s   {found['hand_over_10k_s']:>10.1f} s",
            f"first run        {found['first_run_s']:>9.1f} s   {found['users_10k_s']:>10.1f} s",
            f"no-op            {found['noop_s']:>9.1f} s   {found['noop_10k_s']:>10.1f} s",
            f"module alone     {found['module_1k_s']:>9.1f} s   {found['module_10k_s']:>10.1f} s",
            f"its peak memory  {found['peak_mib_1k']:>7.0f} MiB   {found['peak_mib_10k']:>8.0f} MiB",
            "",
            f"radosgw-admin in a loop: {found['cli_loop_s']:.2f} s a user, "
            f"{found['speedup_over_cli_loop']} times what a first run takes",
        ]
    )


def main() -> int:
    """Measure and report; 1 if something did not do what it was to do."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--image", default="rgwkit/ceph:18", help="image name (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="turns for 1,000 users (default: %(default)s)")
    against.add_option(parser)
    arguments = parser.parse_args()

    secret = secrets.token_hex(16)
    try:
        with tempfile.TemporaryDirectory() as directory:
            secret_file = Path(directory, "secret")
            secret_file.touch(mode=0o600)
            secret_file.write_text(secret)
            container, _seconds = start(arguments.image, ephemeral_demo(secret_file), secret)
            if arguments.against:  # both on one gateway, since two of the same kind differ more than the trees do
                measure_tree = partial(measure, container, secret_file, runs=1)
                return against.compare(measure_tree, arguments.against, arguments.runs)
            found = measure(container, secret_file, PROJECT, arguments.runs)
    except (StartError, WireError, RunError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        remove_all()
    print(table(found))
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
