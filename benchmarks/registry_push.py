#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What bounds a push to a registry: one setting after the other is changed, and all else stays as the role has it.

Each registry takes three images: one big layer, the same bytes in five layers, and small layers of 256 KiB. The client
looks for each layer before it pushes the layer, as docker does, five at once unless the row says otherwise. The rows:

- the role's defaults on swift, and on s3; the chunk sizes of both drivers; the cache; how many layers at once,
- users whose passwords are checked by bcrypt, by cost,
- gateways with other numbers of threads, with Nagle's algorithm (beast as RGW ships it), and with bluestore,
- with REGISTRY_3=/path/to/registry: the s3 driver of that registry 3.

The others use one gateway, whose data are in memory, in turns; what a registry has stored is removed after its turn.
Client, registry and gateway share the cores of this host. `raw` is the big layer as segments of the role's chunk size,
put to the gateway without a registry. The figures are medians of all turns; processor time is that of the programs
themselves. Ends in one JSON line.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import statistics
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from busy_cores import BusyCores
from demo_container import ACCESS_KEY, StartError, docker, ephemeral_demo, remove, remove_all, start
from registry_sides import Image, RawSwift, RegistrySide, SideError, address_of, toolkit_configs

sys.path.insert(0, str(Path(__file__).parents[1] / ".collections"))
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.bucket import S3Bucket

MIB = 1024**2
SMALL_BYTES = 256 * 1024
SEVERAL = 5
SEGMENT_BYTES = 5242880  # the role's default chunk size
SWIFT_USER, CLIENT = "demo:swift", "benchmark"
STORAGE = ("radosgw", "ceph-osd")
S3 = {"registry_storage": "s3"}


class Row(NamedTuple):
    """One setting.

    variables: of the role. logs_in: whether there are users. given: whether another program runs. demo: environment of
    the demo's container.
    """

    title: str
    variables: Mapping[str, Any] = MappingProxyType({})
    at_once: int = 5
    logs_in: bool = False
    given: bool = False
    demo: str = ""


def rows(given: Path | None) -> list[Row]:
    """All rows of the table, the defaults first."""
    found = [Row("swift, as the role has it"), Row("s3, as the role has it", S3)]
    found += [Row(f"swift, chunks of {mib} MiB", {"registry_swift_chunksize": mib * MIB}) for mib in (1, 10, 20, 64)]
    found += [
        Row(f"s3, chunks of {mib} MiB", {**S3, "registry_s3_options": {"chunksize": mib * MIB}}) for mib in (5, 20, 64)
    ]
    found += [Row("swift, no cache", {"registry_cache": "none"})]
    found += [Row(f"swift, {count} at once", at_once=count) for count in (1, 2, 10)]
    found += [Row(f"swift, bcrypt {cost}", {"registry_htpasswd_cost": cost}, logs_in=True) for cost in (5, 10)]
    found += [
        Row(f"swift, {count} gateway threads", demo=f'RGW_OPTIONS={{"rgw_thread_pool_size": "{count}"}}')
        for count in (8, 512)
    ]
    found += [
        Row("swift, gateway with Nagle", demo="RGW_FRONTEND_OPTIONS=tcp_nodelay=0"),
        Row("swift, bluestore", demo="OSD_OBJECTSTORE=bluestore"),
    ]
    if given:
        found.append(Row("s3, the given registry", {**S3, "registry_version": "3.0"}, given=True))
    return found


class Result(NamedTuple):
    """Seconds that the images took, and seconds of processors for the big layer and the small ones, by program."""

    big: float
    several: float
    small: float
    big_cpu: dict[str, float]
    small_cpu: dict[str, float]


class Bench:
    """The gateways, and a configuration for each row. Raises StartError and SideError."""

    def __init__(self, directory: Path, image: str, table: list[Row]) -> None:
        secret = secrets.token_hex(16)
        secret_file, password_file = (_file(directory / name, secret) for name in ("secret", "password"))
        demo = ephemeral_demo(secret_file)
        self._gateways = {
            given: start(image, demo._replace(options=demo.options + ([f"--env={given}"] if given else [])), secret)[0]
            for given in {row.demo for row in table}
        }
        urls = {given: f"http://{address_of(gateway)}:8080" for given, gateway in self._gateways.items()}
        self._url = urls[""]
        self.raw = RawSwift(self._url, SWIFT_USER, secret)
        self._s3, self._login = Login(ACCESS_KEY, secret), Login(CLIENT, secret)
        (directory / "rendered").mkdir()
        common = {
            "registry_address": "",  # that is, any address
            "registry_swift_username": SWIFT_USER,
            "registry_swift_secret_file": str(secret_file),
            "registry_s3_regionendpoint": self._url,
            "registry_s3_accesskey": ACCESS_KEY,
            "registry_s3_secret_file": str(secret_file),
        }
        users = {"registry_users": [{"name": CLIENT, "password_file": str(password_file)}]}
        hosts = {
            _host(number): {
                **common,
                "registry_swift_authurl": f"{urls[row.demo]}/auth/v1",
                **(users if row.logs_in else {}),
                **row.variables,
            }
            for number, row in enumerate(table)
        }
        self._configs = toolkit_configs(directory / "rendered", hosts)

    def measure(self, number: int, row: Row, big: int, small: int, program: Path | None) -> Result:
        """Push all images to the row's registry, which goes again with what it has stored."""
        if row.variables.get("registry_storage") == "s3":
            bucket = S3Bucket(Endpoint.parse(self._url), self._s3, "registry", 30)
            bucket.make()
            bucket.close()
        login = self._login if row.logs_in else None
        gateway = self._gateways[row.demo]
        side = RegistrySide(self._configs[_host(number)], login=login, program=program if row.given else None)
        try:
            one, several, many = (_image(sizes) for sizes in ([big], [big // SEVERAL] * SEVERAL, [SMALL_BYTES] * small))
            with BusyCores(side.container, gateway) as big_busy:
                big_seconds = side.push("one", one, row.at_once)
            several_seconds = side.push("several", several, row.at_once)
            with BusyCores(side.container, gateway) as small_busy:
                small_seconds = side.push("small", many, row.at_once)
        finally:
            remove(side.container)
            _forget(gateway, "registry")
        return Result(
            big_seconds, several_seconds, small_seconds, _parties(big_busy.seconds), _parties(small_busy.seconds)
        )


def _forget(gateway: str, bucket: str) -> None:
    """Remove a bucket with all that is in it, at once."""
    remove = ["bucket", "rm", f"--bucket={bucket}", "--purge-objects", "--bypass-gc"]
    docker("exec", gateway, "radosgw-admin", *remove)


def _image(sizes: list[int]) -> Image:
    return Image(secrets.token_hex(4), sizes)


def _file(file: Path, content: str) -> Path:
    file.touch(mode=0o600)
    file.write_text(content)
    return file


def _host(number: int) -> str:
    return f"row-{number}"


def _parties(seconds: dict[str, float]) -> dict[str, float]:
    """Processor time of the registry and of the storage; a registry that was given has a name of its own."""
    storage = sum(seconds.get(program, 0.0) for program in STORAGE)
    registry = sum(used for program, used in seconds.items() if program.endswith("registry"))
    return {"registry": registry, "storage": storage}


def figures(table: list[Row], raw: list[float], taken: list[list[Result]], big: int, small: int) -> dict[str, Any]:
    """The medians of all turns, for each row by its title."""

    def row(results: list[Result]) -> dict[str, float]:
        def median(values: list[float], digits: int = 1) -> float:
            return round(statistics.median(values), digits)

        mib = big / MIB
        return {
            "big_mib_s": median([mib / one.big for one in results]),
            "big_over_raw_put": median([put / one.big for put, one in zip(raw, results)], 2),
            "several_mib_s": median([mib / one.several for one in results]),
            "small_layers_s": median([small / one.small for one in results]),
            **{
                f"big_{party}_cpu_s_per_gib": median([1024 / mib * one.big_cpu[party] for one in results])
                for party in ("registry", "storage")
            },
            **{
                f"small_{party}_cpu_ms": median([1000 / small * one.small_cpu[party] for one in results])
                for party in ("registry", "storage")
            },
        }

    rate = round(statistics.median(big / MIB / put for put in raw), 1)
    return {"raw_put_mib_s": rate, "rows": {one.title: row(results) for one, results in zip(table, taken)}}


_COLUMNS = {
    "big_mib_s": ("one layer", "MiB/s"),
    "big_over_raw_put": ("of raw", "PUT"),
    "several_mib_s": ("five layers", "MiB/s"),
    "big_registry_cpu_s_per_gib": ("registry", "s/GiB"),
    "big_storage_cpu_s_per_gib": ("storage", "s/GiB"),
    "small_layers_s": ("small", "layers/s"),
    "small_registry_cpu_ms": ("registry", "ms/layer"),
    "small_storage_cpu_ms": ("storage", "ms/layer"),
}


def table_of(found: dict[str, Any]) -> str:
    """The figures for people. storage: the processors of gateway and OSD."""
    lines = ["", f"raw PUT: {found['raw_put_mib_s']} MiB/s"]
    lines += [f"{'':<26}" + "".join(f"{words[part]:>12}" for words in _COLUMNS.values()) for part in (0, 1)]
    lines += [f"{title:<26}" + "".join(f"{row[name]:>12}" for name in _COLUMNS) for title, row in found["rows"].items()]
    return "\n".join(lines)


def main() -> int:
    """Measure and report; 1 if something did not do what it was to do."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--image", default="rgwkit/ceph:18", help="image of the gateway (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="turns (default: %(default)s)")
    parser.add_argument("--big-mib", type=int, default=512, help="size of the big layer in MiB (default: %(default)s)")
    parser.add_argument("--small-layers", type=int, default=100, help="how many of 256 KiB (default: %(default)s)")
    arguments = parser.parse_args()
    program = Path(os.environ["REGISTRY_3"]) if os.environ.get("REGISTRY_3") else None
    big, table = arguments.big_mib * MIB, rows(program)
    raw: list[float] = []
    taken: list[list[Result]] = [[] for _row in table]
    try:
        with tempfile.TemporaryDirectory() as directory:
            bench = Bench(Path(directory), arguments.image, table)
            for turn in range(1, arguments.runs + 1):
                raw.append(bench.raw.put(f"turn-{turn}", _image([big]).blobs[1], SEGMENT_BYTES))
                for number, row in enumerate(table):
                    result = bench.measure(number, row, big, arguments.small_layers, program)
                    taken[number].append(result)
                    seconds = f"{result.big:.1f} s, {result.several:.1f} s, {result.small:.1f} s"
                    print(f"turn {turn} of {arguments.runs}: {row.title}: {seconds}", flush=True)
    except (StartError, SideError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        remove_all()
    found = figures(table, raw, taken, big, arguments.small_layers)
    print(table_of(found))
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
