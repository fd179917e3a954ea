#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a gateway and a registry take of the host while nobody asks them for anything.

A demo with its data on disk, and registry 2.8 on what registry_render.yml makes of the role's defaults. Both have
served one push and pull before. Memory is the proportional set size of each program (proc(5), smaps_rollup). Processor
time is measured after a pause in which Ceph flushes what the push has written.
Ends in one JSON line.
"""

from __future__ import annotations

import argparse
import json
import re
import secrets
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import against
from busy_cores import BusyCores, program_of
from demo_container import StartError, docker, persistent_demo, remove_all, start
from registry_sides import Image, RegistrySide, SideError, address_of, toolkit_configs

SETTLED_SECONDS = 30
PROGRAMS = {
    "radosgw": "radosgw",
    "ceph-osd": "osd",
    "ceph-mon": "mon",
    "ceph-mgr": "mgr",
    "docker-registry": "registry",
}


def serve(directory: Path, image: str) -> tuple[str, str]:
    """Start a gateway and a registry on it, which then serve an image; the names of both containers."""
    secret_file, secret = directory / "secret", secrets.token_hex(16)
    secret_file.touch(mode=0o600)
    secret_file.write_text(secret)
    gateway, _seconds = start(image, persistent_demo(secret_file), secret)
    (directory / "rendered").mkdir()
    variables = {
        "registry_address": "",  # that is, any address
        "registry_swift_authurl": f"http://{address_of(gateway)}:8080/auth/v1",
        "registry_swift_username": "demo:swift",
        "registry_swift_secret_file": str(secret_file),
    }
    registry = RegistrySide(toolkit_configs(directory / "rendered", {"registry": variables})["registry"])
    served = Image("idle", [256 * 1024] * 20)
    registry.push("idle", served)
    registry.pull("idle", served)
    return gateway, registry.container


def memory_mib(*containers: str) -> dict[str, float]:
    """The memory of each program."""
    found: Counter[str] = Counter()
    for container in containers:
        for pid in docker("top", container, "-eo", "pid").split()[1:]:
            kib = re.search(r"^Pss: +(\d+) kB$", Path("/proc", pid, "smaps_rollup").read_text(), re.MULTILINE)
            found[program_of(pid)] += int(kib[1]) / 1024 if kib else 0
    return dict(found)


def main() -> int:
    """Measure and report; 1 if something did not start or serve."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--image", default="rgwkit/ceph:18", help="image of the gateway (default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=60, help="length of the interval (default: %(default)s)")
    against.add_option(parser)
    arguments = parser.parse_args()
    if arguments.against:
        options = ["--image", arguments.image, "--seconds", str(arguments.seconds)]
        return against.run("idle.py", arguments.against, 1, *options)
    try:
        with tempfile.TemporaryDirectory() as directory:
            containers = serve(Path(directory), arguments.image)
            print(f"both have served an image; {SETTLED_SECONDS} s until they are idle", flush=True)
            time.sleep(SETTLED_SECONDS)
            with BusyCores(*containers) as busy:
                time.sleep(arguments.seconds)
            memory = memory_mib(*containers)
    except (StartError, SideError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        remove_all()
    print(f"\n{'program':<16}{'memory':>12}{'processor':>22}")
    for program in PROGRAMS:
        print(f"{program:<16}{memory[program]:>8.0f} MiB{1000 * busy.cores[program]:>15.1f} ms per s")
    found = {f"{name}_mib": round(memory[program]) for program, name in PROGRAMS.items()}
    found.update((f"{name}_cpu_ms_per_s", round(1000 * busy.cores[program], 1)) for program, name in PROGRAMS.items())
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
