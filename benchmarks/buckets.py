#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What rgw_buckets takes for many buckets, against the wire floor and against a loop of the modules of amazon.aws.

One demo gateway with its data in memory; each bucket has a quota, a policy and a lifecycle rule. For 1,000 buckets take
turns:

- start-up: `ansible-playbook` with a ping and the same inventory,
- hand-over: likewise, with a module that takes the list and does nothing,
- floor: the fewest requests that a truthful run needs, by a bare client (bucket_floor.py) over as many connections,
- run: `ansible-playbook` with rgw_buckets, as the role calls it,
- loop: `ansible-playbook` with amazon.aws.s3_bucket and community.aws.s3_lifecycle in a loop over a few buckets.

"Over floor" is (run - hand-over) / floor: what the module adds to the requests once Ansible has given it the list.
"Speedup" is what the loop, less start-up, takes for a bucket and an aspect (policy; lifecycle) over what a first run,
less start-up, takes for a bucket and an aspect (quota; policy; lifecycle). The peak is that of the module's process;
KiB a bucket is what 3,000 more buckets add to it. Client and gateway share the cores of this host, so what Ansible and
the module compute slows the gateway down; hosts of their own would be kinder. Ends in one JSON line.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from typing import Callable

from bucket_floor import BucketFloor
from buckets_runs import ASPECTS, LOOP_ASPECTS, LOOP_BUCKETS, Buckets
from demo_container import ACCESS_KEY
from module_runs import CONNECTIONS, address_of, in_turns, main, over_floor, over_floor_and_start_up
from wire import Login, Wire

MANY, FOUR_TIMES = 1000, 4000


def take_turn(new_buckets: Callable[[int], Buckets], floor: BucketFloor) -> dict[str, float]:
    """What each side takes for 1,000 buckets (the loop: for a few), in seconds."""
    buckets, others = new_buckets(MANY), new_buckets(MANY)
    return {
        "start_up": buckets.play("start_up"),
        "hand_over": buckets.play("hand_over"),
        "first_run_floor": floor.first_run(others.owner, others.entries),
        "first_run": buckets.play("module", changed=1),
        "noop_floor": floor.noop(others.owner, others.entries),
        "noop": buckets.play("module"),
        "amazon_aws": buckets.play_loop(),
    }


def speedup(seconds: dict[str, list[float]]) -> float:
    """How often a first run goes into the loop, both less start-up, by bucket and aspect; the median of all turns."""
    rows = zip(seconds["amazon_aws"], seconds["first_run"], seconds["start_up"])
    ours, theirs = MANY * len(ASPECTS), LOOP_BUCKETS * len(LOOP_ASPECTS)
    return statistics.median(((loop - start) / theirs) / ((whole - start) / ours) for loop, whole, start in rows)


def measure(container: str, secret_file: Path, tree: Path, runs: int) -> dict[str, float]:
    """All figures of a clone's module."""
    host = address_of(container)
    floor = BucketFloor(Wire(host, 8080, CONNECTIONS), Login(ACCESS_KEY, secret_file.read_text()))
    connection = {"endpoint": f"http://{host}:8080", "access_key": ACCESS_KEY, "secret_key_file": str(secret_file)}

    def new_buckets(count: int) -> Buckets:
        return Buckets(secret_file.parent, connection, tree, floor.new_owner(), count)

    seconds = in_turns(runs, lambda: take_turn(new_buckets, floor))
    alone_1k, alone_4k = (new_buckets(count).make_alone() for count in (MANY, FOUR_TIMES))
    return {
        **{f"{side}_s": round(statistics.median(taken), 2) for side, taken in seconds.items()},
        **{f"{run}_over_floor": over_floor(seconds, run, "hand_over") for run in ("first_run", "noop")},
        **{f"{run}_over_floor_and_start_up": over_floor_and_start_up(seconds, run) for run in ("first_run", "noop")},
        "speedup_over_amazon_aws": round(speedup(seconds)),
        "module_1k_s": round(alone_1k.seconds, 1),
        "module_4k_s": round(alone_4k.seconds, 1),
        "peak_mib": round(alone_1k.peak_mib),
        "peak_mib_4k": round(alone_4k.peak_mib),
        "kib_a_bucket": round((alone_4k.peak_mib - alone_1k.peak_mib) * 1024 / (FOUR_TIMES - MANY), 1),
    }


def table(found: dict[str, float]) -> str:
    """The figures for people."""
    lines = ["", "1,000 buckets    run   start-up   hand-over     floor   over floor   floor and start-up"]
    for name, run in (("first run", "first_run"), ("no-op", "noop")):
        shared = f"{found[f'{run}_s']:>6.2f} s   {found['start_up_s']:>6.2f} s   {found['hand_over_s']:>7.2f} s"
        over = f"{found[f'{run}_over_floor']:>10.2f}   {found[f'{run}_over_floor_and_start_up']:>18.2f}"
        lines.append(f"{name:<9}   {shared}  {found[f'{run}_floor_s']:>6.2f} s   {over}")
    loop = (found["amazon_aws_s"] - found["start_up_s"]) / (LOOP_BUCKETS * len(LOOP_ASPECTS))
    return "\n".join(
        [
            *lines,
            "",
            "                 1,000 buckets   4,000 buckets",
            f"module alone     {found['module_1k_s']:>11.1f} s   {found['module_4k_s']:>11.1f} s",
            f"its peak memory  {found['peak_mib']:>9.0f} MiB   {found['peak_mib_4k']:>9.0f} MiB"
            f"   ({found['kib_a_bucket']} KiB a bucket)",
            "",
            f"amazon.aws in a loop: {loop:.2f} s a bucket and aspect, "
            f"{found['speedup_over_amazon_aws']} times what a first run takes",
        ]
    )


if __name__ == "__main__":
    sys.exit(main(__doc__.splitlines()[0], measure, table))
