#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast the doctor puts a gateway under load, against a load generator written in C, and how much memory it takes.

Both ask for HEADs of the same kind of objects, on one gateway, over the same number of connections, turn by turn: the
doctor judges every answer, wrk only looks at the status. They share this machine's processors with the gateway, as a
client on another host would not. Ends in one JSON line.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import against
from demo_container import StartError, docker, ephemeral_demo, remove_all, start

ROOT = Path(__file__).resolve().parents[1]
USER = "demo:swift"
# wrk takes the Content-Length of a HEAD's answer for a body's and waits for it, so both ask for empty objects.
SIZE = 0
# Objects of wrk's; it asks for one after the other and begins again.
WRK_OBJECTS = 2000
WRK_SECONDS = 4
WRK_SCRIPT = """
wrk.method = "HEAD"
wrk.headers["X-Auth-Token"] = "{token}"
local number = 0
request = function()
  number = (number + 1) % {objects}
  return wrk.format(nil, string.format("{path}/load-%09d", number))
end
"""


class Doctor(NamedTuple):
    """One run of the command: what the load showed, and the most memory it took, in MiB."""

    load: dict[str, Any]
    peak_mib: float


def doctor(url: str, secret_file: Path, objects: int, connections: int, report: Path) -> Doctor:
    """Run the command as a user does."""
    command = [sys.executable, "-m", "commands.doctor", "--endpoint", url, "--user", USER, "--probe", "auth"]
    command += ["--secret-file", str(secret_file), "--load", str(objects)]
    command += ["--connections", str(connections), "--size", str(SIZE)]
    process = subprocess.Popen([*command, "--json", str(report)], cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise StartError(f"the doctor ended with {os.waitstatus_to_exitcode(status)}; see {report}")
    return Doctor(json.loads(report.read_text())["runs"][0]["load"], usage.ru_maxrss / 1024)


def put_objects(url: str, secret: str) -> tuple[str, str]:
    """Store the objects that wrk asks for; a token and the path of their container."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)

    def request(method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> http.client.HTTPResponse:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status >= 300:
            raise StartError(f"{method} {path}: HTTP {answer.status}")
        return answer

    login = request("GET", "/auth/v1", {"X-Auth-User": USER, "X-Auth-Key": secret})
    token = login.headers["X-Auth-Token"]
    path = urlsplit(login.headers["X-Storage-Url"]).path + "/wrk"
    request("PUT", path, {"X-Auth-Token": token}, b"")
    for number in range(WRK_OBJECTS):
        request("PUT", f"{path}/load-{number:09}", {"X-Auth-Token": token}, b"")
    connection.close()
    return token, path


def wrk(url: str, script: Path, connections: int) -> float:
    """HEADs a second, all of them answered with 200."""
    command = ["wrk", "--threads=1", f"--connections={connections}", f"--duration={WRK_SECONDS}s"]
    done = subprocess.run([*command, f"--script={script}", url], capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise StartError(f"wrk did not get what it asked for:\n{done.stdout}")
    return float(re.findall(r"Requests/sec: +([\d.]+)", done.stdout)[0])


def run(options: argparse.Namespace, directory: Path) -> dict[str, Any]:
    """The figures."""
    secret, report, script = secrets.token_hex(20), directory / "report.json", directory / "head.lua"
    secret_file = directory / "secret"
    secret_file.touch(mode=0o600)
    secret_file.write_text(secret)
    container, _ = start(options.image, ephemeral_demo(secret_file), secret)
    url = "http://" + docker("port", container, "8080").splitlines()[0]
    token, path = put_objects(url, secret)
    script.touch(mode=0o600)
    script.write_text(WRK_SCRIPT.format(token=token, objects=WRK_OBJECTS, path=path))
    ratios, runs = [], []
    for turn in range(options.runs):
        runs.append(doctor(url, secret_file, options.objects, options.connections, report))
        rate = wrk(url, script, options.connections)
        ratios.append(runs[-1].load["head"]["rate"] / rate)
        load = runs[-1].load
        head, put = load["head"], load["put"]
        print(
            f"{turn + 1}  HEAD {head['rate']:7.0f}/s   wrk {rate:7.0f}/s   ratio {ratios[-1]:.2f}", end="", flush=True
        )
        print(f"   p99: PUT {put['p99_ms']:.1f} ms, HEAD {head['p99_ms']:.1f} ms   wrong {load['wrong']}", flush=True)
    few = doctor(url, secret_file, options.objects // 10, options.connections, report)
    print(f"{options.objects} objects take {runs[0].peak_mib:.1f} MiB, a tenth of them {few.peak_mib:.1f} MiB")
    return {
        "head_rate_over_wrk": round(statistics.median(ratios), 2),
        "head_rate": round(statistics.median(one.load["head"]["rate"] for one in runs)),
        "put_p99_ms": statistics.median(one.load["put"]["p99_ms"] for one in runs),
        "head_p99_ms": statistics.median(one.load["head"]["p99_ms"] for one in runs),
        "wrong": sum(one.load["wrong"] for one in runs),
        "peak_mib": round(max(one.peak_mib for one in runs), 1),
        "peak_mib_of_a_tenth": round(few.peak_mib, 1),
    }


def main() -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--image", default="rgwkit/ceph:18")
    parser.add_argument("--objects", type=int, default=5000)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--runs", type=int, default=3)
    against.add_option(parser)
    options = parser.parse_args()
    if options.against:
        return against.run("verify.py", options.against, options.runs, "--image", options.image, "--runs", "1")
    if not shutil.which("wrk"):
        print("wrk is missing: apt-get install wrk", file=sys.stderr)
        return 1
    try:
        with tempfile.TemporaryDirectory() as directory:
            print(json.dumps(run(options, Path(directory))))
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        remove_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
