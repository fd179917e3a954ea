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

import secrets
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable

from demo_container import ACCESS_KEY
from module_runs import CONNECTIONS, RunError, address_of, in_turns, main, over_floor, over_floor_and_start_up
from users_runs import Users
from wire import Login, Wire
from wire_floor import WireFloor

LOOP = Path(__file__).with_name("radosgw_admin_loop.sh")
MANY, TEN_TIMES, LOOP_USERS = 1000, 10_000, 20


def take_turn(new_users: Callable[[int], Users], floor: WireFloor, container: str) -> dict[str, float]:
    """What each side takes for 1,000 users (the loop: for one), in seconds."""
    users, others = new_users(MANY), new_users(MANY)
    return {
        "start_up": users.play("start_up"),
        "hand_over": users.play("hand_over"),
        "first_run_floor": floor.first_run(others.uids),
        "first_run": users.play("module", changed=1),
        "noop_floor": floor.noop(others.uids),
        "noop": users.play("module"),
        "cli_loop": admin_loop(container, f"loop-{secrets.token_hex(4)}", LOOP_USERS) / LOOP_USERS,
    }


def ratios(seconds: dict[str, list[float]], run: str) -> dict[str, float]:
    """A run against its floor in three ways; medians of all turns."""
    return {
        f"{run}_over_floor": over_floor(seconds, run, "start_up"),
        f"{run}_over_floor_after_hand_over": over_floor(seconds, run, "hand_over"),
        f"{run}_over_floor_and_start_up": over_floor_and_start_up(seconds, run),
    }


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
    host = address_of(container)
    floor = WireFloor(Wire(host, 8080, CONNECTIONS), Login(ACCESS_KEY, secret_file.read_text()))
    connection = {"endpoint": f"http://{host}:8080", "access_key": ACCESS_KEY, "secret_key_file": str(secret_file)}

    def new_users(count: int) -> Users:
        return Users(secret_file.parent, connection, tree, count)

    seconds = in_turns(runs, lambda: take_turn(new_users, floor, container))
    ten_times = new_users(TEN_TIMES)
    start_up_10k, hand_over_10k = ten_times.play("start_up"), ten_times.play("hand_over")
    users_10k, noop_10k = ten_times.play("module", changed=1), ten_times.play("module")
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


if __name__ == "__main__":
    sys.exit(main(__doc__.splitlines()[0], measure, table))
