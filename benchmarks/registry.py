#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a registry on swift takes to push and pull, against the gateway alone, a local disk, and a bare configuration.

Two images: one layer of 1 GiB, and 200 layers of 256 KiB. The client moves blobs as docker does: it looks for each
before it pushes it, five at once, and pulls three at once; every digest is checked. A third image, of 20 small layers,
is pushed one layer at a time: there a request's own time counts, not how many of them the cores can do. The sides, in
turns:

- toolkit: registry 2.8 on what registry_render.yml makes of the role's defaults, on a gateway as ceph_demo makes it,
- raw: the same gateway without a registry; the bytes of the big layer as segments of the same size, and back,
- disk: the same registry with the filesystem driver on this host's disk,
- bare: the swift driver's required parameters and nothing else, as tutorials have it, on a gateway with beast as RGW
  ships it (without tcp_nodelay); small layers only.

Client, registry and gateway share the cores of this host, the gateways have their data in memory, and all traffic goes
to containers' own addresses. A ratio compares rates within one turn; medians of all turns. Beside them stands how many
cores each party kept busy with the toolkit's registry: where all of them together are, nothing but cores would help.
Ends in one JSON line.
"""

from __future__ import annotations

import argparse
import json
import secrets
import statistics
import sys
import tempfile
from pathlib import Path

import against
from busy_cores import BusyCores
from demo_container import StartError, ephemeral_demo, remove_all, start
from registry_sides import Image, RawSwift, RegistrySide, SideError, address_of, bare_config, toolkit_config

MIB = 1024**2
BIG, SMALL, ONE_BY_ONE = [1024 * MIB], [256 * 1024] * 200, [256 * 1024] * 20
SEGMENT_BYTES = 5242880  # the role's default chunk size
USER = "demo:swift"


class Sides:
    """Everything that takes turns."""

    def __init__(self, directory: Path, image: str) -> None:
        secret_file = directory / "secret"
        secret_file.touch(mode=0o600)
        secret = secrets.token_hex(16)
        secret_file.write_text(secret)
        demo = ephemeral_demo(secret_file)
        self.gateway, _seconds = start(image, demo, secret)
        slow = demo._replace(options=[*demo.options, "--env=RGW_FRONTEND_OPTIONS=tcp_nodelay=0"])
        slow_gateway, _seconds = start(image, slow, secret)
        url, slow_url = (f"http://{address_of(gateway)}:8080" for gateway in (self.gateway, slow_gateway))

        common = {"registry_address": ""}  # that is, any address
        swift = {
            "registry_swift_authurl": f"{url}/auth/v1",
            "registry_swift_username": USER,
            "registry_swift_secret_file": str(secret_file),
        }
        bare = {"authurl": f"{slow_url}/auth/v1", "username": USER, "password": secret, "container": "registry"}
        for name in ("toolkit", "disk", "bare", "data"):
            (directory / name).mkdir()
        self.raw = RawSwift(url, USER, secret)
        self.toolkit = RegistrySide(toolkit_config(directory / "toolkit", {**common, **swift}))
        disk = {**common, "registry_storage": "filesystem"}
        self.disk = RegistrySide(toolkit_config(directory / "disk", disk), directory / "data")
        self.bare = RegistrySide(bare_config(directory / "bare", bare))


def turn(sides: Sides, number: int) -> dict[str, float]:
    """One turn of all: seconds by side and direction, and the cores that were busy."""
    big, small = (Image(f"big-{secrets.token_hex(4)}", BIG), Image(f"small-{secrets.token_hex(4)}", SMALL))
    layer = big.blobs[1]
    name = f"turn-{number}"
    taken = {"raw_put": sides.raw.put(name, layer, SEGMENT_BYTES), "raw_get": sides.raw.get(name, layer)}
    busy: dict[str, BusyCores] = {}
    with BusyCores(sides.toolkit.container, sides.gateway) as busy["big push"]:
        taken["toolkit_push"] = sides.toolkit.push(name, big)
    with BusyCores(sides.toolkit.container, sides.gateway) as busy["big pull"]:
        taken["toolkit_pull"] = sides.toolkit.pull(name, big)
    taken["disk_push"], taken["disk_pull"] = (sides.disk.push(name, big), sides.disk.pull(name, big))
    for side in ("toolkit", "disk", "bare"):
        registry: RegistrySide = getattr(sides, side)
        with BusyCores(registry.container, sides.gateway) as busy[f"small push, {side}"]:
            taken[f"{side}_small_push"] = registry.push(f"{name}/small", small)
        taken[f"{side}_small_pull"] = registry.pull(f"{name}/small", small)
    few = Image(f"few-{secrets.token_hex(4)}", ONE_BY_ONE)
    for side in ("toolkit", "bare"):
        taken[f"{side}_one_by_one_push"] = getattr(sides, side).push(f"{name}/few", few, at_once=1)
    print(f"turn {number}: " + ", ".join(f"{step} {taken[step]:.1f} s" for step in taken), flush=True)
    for step, watched in busy.items():
        busiest = sorted(watched.cores.items(), key=lambda item: -item[1])[:5]
        print(f"  {step}, busy cores: " + ", ".join(f"{program} {cores:.2f}" for program, cores in busiest), flush=True)
    return taken


def ratio(turns: list[dict[str, float]], one: str, other: str) -> float:
    """The rate of one step in rates of another: the median of all turns."""
    return round(statistics.median(taken[other] / taken[one] for taken in turns), 2)


def figures(turns: list[dict[str, float]]) -> dict[str, float]:
    """All ratios, and the medians that they come from."""
    return {
        "pull_over_raw_get": ratio(turns, "toolkit_pull", "raw_get"),
        "push_over_raw_put": ratio(turns, "toolkit_push", "raw_put"),
        "pull_over_local_disk": ratio(turns, "toolkit_pull", "disk_pull"),
        "push_over_local_disk": ratio(turns, "toolkit_push", "disk_push"),
        "small_push_speedup_over_blog_config": ratio(turns, "toolkit_small_push", "bare_small_push"),
        "one_by_one_push_speedup_over_blog_config": ratio(turns, "toolkit_one_by_one_push", "bare_one_by_one_push"),
        "small_pull_speedup_over_blog_config": ratio(turns, "toolkit_small_pull", "bare_small_pull"),
        "small_push_over_local_disk": ratio(turns, "toolkit_small_push", "disk_small_push"),
        "small_pull_over_local_disk": ratio(turns, "toolkit_small_pull", "disk_small_pull"),
        **{f"{step}_s": round(statistics.median(taken[step] for taken in turns), 2) for step in turns[0]},
    }


def table(found: dict[str, float]) -> str:
    """The figures for people."""
    size = sum(BIG) / MIB
    rows = [("big layer", "push_s", "pull_s", size), ("small layers", "small_push_s", "small_pull_s", sum(SMALL) / MIB)]
    lines = ["", f"{'MiB/s':<24}{'push':>8}{'pull':>8}"]
    lines.append(f"{'big layer, raw swift':<24}{size / found['raw_put_s']:>8.0f}{size / found['raw_get_s']:>8.0f}")
    for title, push, pull, mib in rows:
        for side in ("toolkit", "disk", "bare"):
            if f"{side}_{push}" in found:
                rates = (mib / found[f"{side}_{push}"], mib / found[f"{side}_{pull}"])
                lines.append(f"{f'{title}, {side}':<24}{rates[0]:>8.1f}{rates[1]:>8.1f}")
    return "\n".join(lines)


def main() -> int:
    """Measure and report; 1 if something did not do what it was to do."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--image", default="rgwkit/ceph:18", help="image of the gateways (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="turns (default: %(default)s)")
    against.add_option(parser)
    arguments = parser.parse_args()
    if arguments.against:
        return against.run("registry.py", arguments.against, arguments.runs, "--image", arguments.image, "--runs", "1")
    try:
        with tempfile.TemporaryDirectory() as directory:
            sides = Sides(Path(directory), arguments.image)
            turns = [turn(sides, number) for number in range(1, arguments.runs + 1)]
    except (StartError, SideError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        remove_all()
    found = figures(turns)
    print(table(found))
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
