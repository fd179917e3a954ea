#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a registry on swift takes to push and pull, against the gateway alone, a local disk, and a bare configuration.

Two images: one big layer (1 GiB), and 200 layers of 256 KiB. The client moves blobs as docker does: it looks for each
before it pushes it, five at once, and pulls three at once; every digest is checked. A third image, of 20 small layers,
is pushed one layer at a time: there a request's own time counts, not how many of them the cores can do. The sides, in
turns:

- toolkit: registry 2.8 on what registry_render.yml makes of the role's defaults, on a gateway as ceph_demo makes it,
- redirect: the same with registry_redirect=on; it has what the first pushed, and clients fetch that from the gateway,
- raw: the same gateway without a registry; the bytes of the big layer as segments of the same size, and back,
- disk: the same registry with the filesystem driver on this host's disk,
- bare: the swift driver's required parameters and nothing else, as tutorials have it, on a gateway with beast as RGW
  ships it (without tcp_nodelay); small layers only.

Client, registry and gateway share the cores of this host, the gateways have their data in memory, and all traffic goes
to containers' own addresses. A ratio compares rates within one turn; medians of all turns. A pull of the big layer
takes a second or two, so each turn has several of each kind, in an order that varies, and takes their median. Beside
them stands how many cores each party kept busy with the toolkit's registry: where all of them together are, nothing but
cores would help. Processor time is that of the programs themselves, whatever else the host does. Ends in one JSON line.
"""

from __future__ import annotations

import argparse
import json
import random
import secrets
import statistics
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import against
from busy_cores import BusyCores
from demo_container import StartError, ephemeral_demo, remove_all, start
from registry_sides import Image, RawSwift, RegistrySide, SideError, address_of, bare_config, toolkit_configs

MIB = 1024**2
GIB = 1024**3
SMALL_BYTES, ONE_BY_ONE = 256 * 1024, 20
BIG_PULLS = 5
SEGMENT_BYTES = 5242880  # the role's default chunk size
USER = "demo:swift"
# The programs whose processor time is the server's.
SERVERS = ("docker-registry", "radosgw", "ceph-osd")


class Sizes(NamedTuple):
    """What is pushed: the bytes of the big layer, and how many small layers."""

    big: int
    small: int


class Sides:
    """Everything that takes turns."""

    def __init__(self, directory: Path, image: str) -> None:
        secret = secrets.token_hex(16)
        secret_file = _secret_file(directory / "secret", secret)
        demo = ephemeral_demo(secret_file)
        self.gateway, _seconds = start(image, demo, secret)
        slow = demo._replace(options=[*demo.options, "--env=RGW_FRONTEND_OPTIONS=tcp_nodelay=0"])
        slow_gateway, _seconds = start(image, slow, secret)
        url, slow_url = (f"http://{address_of(gateway)}:8080" for gateway in (self.gateway, slow_gateway))
        self.raw = RawSwift(url, USER, secret)
        key = secrets.token_hex(16)
        self.raw.give_temp_url_key(key)

        common = {"registry_address": ""}  # that is, any address
        swift = {
            **common,
            "registry_swift_authurl": f"{url}/auth/v1",
            "registry_swift_username": USER,
            "registry_swift_secret_file": str(secret_file),
        }
        redirect = {
            **swift,
            "registry_redirect": "on",
            "registry_swift_temp_url_key_file": str(_secret_file(directory / "temp-url.key", key)),
        }
        disk = {**common, "registry_storage": "filesystem"}
        bare = {"authurl": f"{slow_url}/auth/v1", "username": USER, "password": secret, "container": "registry"}
        for name in ("rendered", "bare", "data"):
            (directory / name).mkdir()
        configs = toolkit_configs(directory / "rendered", {"toolkit": swift, "redirect": redirect, "disk": disk})
        self.toolkit, self.redirect = (RegistrySide(configs[name]) for name in ("toolkit", "redirect"))
        self.disk = RegistrySide(configs["disk"], directory / "data")
        self.bare = RegistrySide(bare_config(directory / "bare", bare))


def _secret_file(file: Path, content: str) -> Path:
    file.touch(mode=0o600)
    file.write_text(content)
    return file


def turn(sides: Sides, number: int, sizes: Sizes) -> dict[str, float]:
    """One turn of all: seconds by side and direction, and the processor time of the servers."""
    big = Image(f"big-{secrets.token_hex(4)}", [sizes.big])
    small = Image(f"small-{secrets.token_hex(4)}", [SMALL_BYTES] * sizes.small)
    layer = big.blobs[1]
    name = f"turn-{number}"
    taken = {"raw_put": sides.raw.put(name, layer, SEGMENT_BYTES)}
    busy: dict[str, BusyCores] = {}
    with BusyCores(sides.toolkit.container, sides.gateway) as busy["toolkit_push"]:
        taken["toolkit_push"] = sides.toolkit.push(name, big)
    pulls: dict[str, list[float]] = {"raw_get": [], "toolkit_pull": [], "redirect_pull": []}
    for _pull in range(BIG_PULLS):
        # In another order each time: who comes after the registry has the cores that clean up behind it.
        for step in random.sample(list(pulls), len(pulls)):
            if step == "raw_get":
                pulls[step].append(sides.raw.get(name, layer))
            else:
                registry: RegistrySide = getattr(sides, step.removesuffix("_pull"))
                with BusyCores(registry.container, sides.gateway) as busy[step]:
                    pulls[step].append(registry.pull(name, big))
    taken |= {step: statistics.median(seconds) for step, seconds in pulls.items()}
    taken["disk_push"], taken["disk_pull"] = (sides.disk.push(name, big), sides.disk.pull(name, big))
    for side in ("toolkit", "disk", "bare"):
        registry = getattr(sides, side)
        with BusyCores(registry.container, sides.gateway) as busy[f"{side}_small_push"]:
            taken[f"{side}_small_push"] = registry.push(f"{name}/small", small)
        taken[f"{side}_small_pull"] = registry.pull(f"{name}/small", small)
    taken["redirect_small_pull"] = sides.redirect.pull(f"{name}/small", small)
    few = Image(f"few-{secrets.token_hex(4)}", [SMALL_BYTES] * ONE_BY_ONE)
    for side in ("toolkit", "bare"):
        taken[f"{side}_one_by_one_push"] = getattr(sides, side).push(f"{name}/few", few, at_once=1)
    print(f"turn {number}: " + ", ".join(f"{step} {taken[step]:.1f} s" for step in taken), flush=True)
    for step, watched in busy.items():
        busiest = sorted(watched.cores.items(), key=lambda item: -item[1])[:5]
        print(f"  {step}, busy cores: " + ", ".join(f"{program} {cores:.2f}" for program, cores in busiest), flush=True)
    used = {
        f"{step}_{program}_cpu": busy[step].seconds.get(program, 0.0)
        for step in ("toolkit_pull", "redirect_pull", "toolkit_small_push")
        for program in SERVERS
    }
    return {**taken, **used}


def ratio(turns: list[dict[str, float]], one: str, other: str) -> float:
    """The rate of one step in rates of another: the median of all turns."""
    return round(statistics.median(taken[other] / taken[one] for taken in turns), 2)


def figures(turns: list[dict[str, float]], sizes: Sizes) -> dict[str, float]:
    """All ratios, the processor time of what is moved, and the medians that they come from."""
    medians = {f"{step}_s": round(statistics.median(taken[step] for taken in turns), 2) for step in turns[0]}
    pulled = {
        f"{program}_cpu_s_per_gib_{side}": round(medians[f"{side}_pull_{program}_cpu_s"] * GIB / sizes.big, 2)
        for side in ("toolkit", "redirect")
        for program in SERVERS
    }
    pushed = sum(medians[f"toolkit_small_push_{program}_cpu_s"] for program in SERVERS) / sizes.small
    return {
        "pull_over_raw_get": ratio(turns, "toolkit_pull", "raw_get"),
        "redirect_pull_over_raw_get": ratio(turns, "redirect_pull", "raw_get"),
        "push_over_raw_put": ratio(turns, "toolkit_push", "raw_put"),
        "pull_over_local_disk": ratio(turns, "toolkit_pull", "disk_pull"),
        "push_over_local_disk": ratio(turns, "toolkit_push", "disk_push"),
        "small_push_speedup_over_blog_config": ratio(turns, "toolkit_small_push", "bare_small_push"),
        "one_by_one_push_speedup_over_blog_config": ratio(turns, "toolkit_one_by_one_push", "bare_one_by_one_push"),
        "small_pull_speedup_over_blog_config": ratio(turns, "toolkit_small_pull", "bare_small_pull"),
        "small_push_over_local_disk": ratio(turns, "toolkit_small_push", "disk_small_push"),
        "small_pull_over_local_disk": ratio(turns, "toolkit_small_pull", "disk_small_pull"),
        **pulled,
        "small_layer_push_cpu_ms": round(1000 * pushed, 1),
        **medians,
    }


def table(found: dict[str, float], sizes: Sizes) -> str:
    """The figures for people."""
    size, small = sizes.big / MIB, sizes.small * SMALL_BYTES / MIB
    rows = [("big layer", "push_s", "pull_s", size), ("small layers", "small_push_s", "small_pull_s", small)]
    lines = ["", f"{'MiB/s':<24}{'push':>8}{'pull':>8}"]
    lines.append(f"{'big layer, raw swift':<24}{size / found['raw_put_s']:>8.0f}{size / found['raw_get_s']:>8.0f}")
    for title, push, pull, mib in rows:
        for side in ("toolkit", "redirect", "disk", "bare"):
            if f"{side}_{pull}" in found:
                # Who redirects pulls takes pushes as the toolkit's other registry does.
                pushed = f"{mib / found[f'{side}_{push}']:.1f}" if f"{side}_{push}" in found else "-"
                lines.append(f"{f'{title}, {side}':<24}{pushed:>8}{mib / found[f'{side}_{pull}']:>8.1f}")
    lines += ["", f"{'processor s per GiB':<24}" + "".join(f"{program:>17}" for program in SERVERS)]
    for side, title in (("toolkit", "big pull"), ("redirect", "big pull, redirect")):
        used = [found[f"{program}_cpu_s_per_gib_{side}"] for program in SERVERS]
        lines.append(f"{title:<24}" + "".join(f"{seconds:>17.2f}" for seconds in used))
    return "\n".join(lines)


def main() -> int:
    """Measure and report; 1 if something did not do what it was to do."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--image", default="rgwkit/ceph:18", help="image of the gateways (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="turns (default: %(default)s)")
    parser.add_argument("--big-mib", type=int, default=1024, help="size of the big layer in MiB (default: %(default)s)")
    parser.add_argument("--small-layers", type=int, default=200, help="how many of 256 KiB (default: %(default)s)")
    against.add_option(parser)
    arguments = parser.parse_args()
    if arguments.against:
        return against.run("registry.py", arguments.against, arguments.runs, "--image", arguments.image, "--runs", "1")
    sizes = Sizes(arguments.big_mib * MIB, arguments.small_layers)
    try:
        with tempfile.TemporaryDirectory() as directory:
            sides = Sides(Path(directory), arguments.image)
            turns = [turn(sides, number, sizes) for number in range(1, arguments.runs + 1)]
    except (StartError, SideError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        remove_all()
    found = figures(turns, sizes)
    print(table(found, sizes))
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
