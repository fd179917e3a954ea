#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the portal takes for a project with 10,000 buckets, how many pages a second it serves, and its memory.

One demo gateway with its data in memory, one portal of this clone on it, an issuer of the tests. In turns:

- admin API: the names of all buckets and the records of 50, by a bare client (wire.py) over eight connections,
- cold list, cold page: the first 50 buckets with sizes from the REST interface, and as the web page with the project's
  usage, when the portal has kept nothing,
- warm list, warm page: the same again.

Then wrk asks over eight connections for the overview (/web) of somebody who is signed in and has three projects with
five buckets each, and for /health/live, on which nothing has to be done. The portal's limits of requests are off.
Portal, client and gateway share the cores of this host. Ends in one JSON line.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import requests
from demo_container import ACCESS_KEY, StartError, ephemeral_demo, remove_all, start
from module_runs import CONNECTIONS, address_of, in_turns
from wire import Wire, WireError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from module_utils.base.login import Login
from module_utils.rgw.buckets import reconcile as buckets
from module_utils.rgw.buckets.client import BucketClient
from module_utils.rgw.buckets.spec import parse_buckets
from services.portal.views import KEPT_S
from tests.playbooks import free_port
from tests.portal import RunningPortal, running_portal
from tests.services.portal.issuer import AUDIENCE, CLIENT_ID, CLIENT_SECRET, Issuer, running_issuer

BIG, SMALL = "genomes", ("images", "music", "papers")
SMALL_BUCKETS, PAGE = 5, 50
WRK_SECONDS = 10
NO_LIMIT = {"per_minute": 0, "burst": 1}


class Site(NamedTuple):
    """A portal on a gateway, and the gateway as its administrator reaches it."""

    portal: RunningPortal
    issuer: Issuer
    wire: Wire
    admin: Login
    connect: Callable[[], BucketClient]


def file_of(directory: Path, name: str, secret: str) -> str:
    """A new file with a secret; its path."""
    file = directory / name
    file.touch(mode=0o600)
    file.write_text(secret)
    return str(file)


def settings(directory: Path, issuer: Issuer, host: str, secret_file: str) -> dict[str, Any]:
    """The configuration of the portal."""
    port = free_port()
    client_secret = file_of(directory, "client.secret", CLIENT_SECRET)
    rgw = {"kind": "rgw", "endpoint": f"http://{host}:8080", "access_key": ACCESS_KEY, "secret_key_file": secret_file}
    return {
        "port": port,
        "sweep_s": 10,
        "roles": {"user": ["users"], "admin": ["admins"]},
        "oidc": {"issuer": issuer.url, "audience": AUDIENCE},
        "web": {"url": f"http://127.0.0.1:{port}", "client_id": CLIENT_ID, "client_secret_file": client_secret},
        "rate_limits": {"person": NO_LIMIT, "address": NO_LIMIT},
        "backends": {"rgw": rgw},
    }


def fill(site: Site, project: str, count: int) -> None:
    """Make a project of ann's with so many buckets, by the engine of rgw_buckets."""
    admin = site.issuer.token("eve", ["admins"])
    people = ["ann"] if project in SMALL else ["bob"]
    site.portal.ask("POST", "/v1/projects", admin, json={"name": project, "people": people}).raise_for_status()
    limits = f"/v1/rgw/projects/{project}/limits"
    site.portal.ask("PUT", limits, admin, json={"max_buckets": count}).raise_for_status()
    entries = [{"name": f"{project}-{number:05}", "owner": f"portal-{project}"} for number in range(count)]
    buckets.reconcile(site.connect, parse_buckets(entries), check_mode=False, parallel=CONNECTIONS)


def take_turn(site: Site, session: requests.Session) -> dict[str, float]:
    """What each side takes for the first page, in seconds."""
    list_url = f"{site.portal.url}/v1/rgw/projects/{BIG}/buckets?limit={PAGE}&details=true"
    token = {"Authorization": f"Bearer {site.issuer.token('bob')}"}
    page_url = f"{site.portal.url}/web/rgw/{BIG}"

    def asked(url: str, **headers: str) -> float:
        began = time.monotonic()
        answer = session.get(url, headers=headers, timeout=60)
        seconds = time.monotonic() - began
        if answer.status_code != 200 or f"{BIG}-{PAGE - 1:05}" not in answer.text:
            raise StartError(f"{url}: HTTP {answer.status_code}")
        return seconds

    found = {"admin_api": raw(site)}
    for name, url, headers in (("list", list_url, token), ("page", page_url, {})):
        time.sleep(KEPT_S + 0.5)
        found |= {f"cold_{name}": asked(url, **headers), f"warm_{name}": asked(url, **headers)}
    return found


def raw(site: Site) -> float:
    """Seconds for the names of all buckets and the records of the first page, by a bare client."""
    names = [f"{BIG}-{number:05}" for number in range(PAGE)]
    listing = site.wire.request(site.admin, "GET", "/admin/bucket", {"uid": f"portal-{BIG}"})
    records = [site.wire.request(site.admin, "GET", "/admin/bucket", {"bucket": one, "stats": "true"}) for one in names]
    return site.wire.send([[listing]]) + site.wire.send([[one] for one in records])


def sums(site: Site) -> dict[str, float]:
    """Seconds that the gateway takes for the sum of what a user's buckets hold, as it is and anew."""
    client, found = site.connect(), {}
    try:
        for name, project in (("small", SMALL[0]), ("big", BIG)):
            for word, fresh in (("known", False), ("fresh", True)):
                began = time.monotonic()
                client.usage_of(f"portal-{project}", fresh)
                found[f"{word}_sum_{name}"] = time.monotonic() - began
    finally:
        client.close()
    return found


def signed_in(site: Site, name: str) -> requests.Session:
    """Somebody's session on the pages."""
    site.issuer.person = {"sub": name, "groups": ["users"]}
    session = requests.Session()
    answer = session.get(f"{site.portal.url}/web", timeout=60)
    if answer.status_code != 200 or answer.url != f"{site.portal.url}/web":
        raise StartError(f"the sign-in of {name} ended at {answer.url}: HTTP {answer.status_code}")
    return session


def rate(url: str, script: Path) -> float:
    """Requests a second, all of them answered with 200."""
    command = ["wrk", "--threads=1", f"--connections={CONNECTIONS}", f"--duration={WRK_SECONDS}s", f"--script={script}"]
    done = subprocess.run([*command, url], capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise StartError(f"wrk did not get what it asked for:\n{done.stdout}")
    return float(re.findall(r"Requests/sec: +([\d.]+)", done.stdout)[0])


def memory_mib(portal: RunningPortal) -> dict[str, float]:
    """The portal's resident memory now and at its peak (proc(5), status)."""
    text = Path("/proc", str(portal.process.pid), "status").read_text()
    names = {"rss_mib": "VmRSS", "peak_rss_mib": "VmHWM"}
    return {ours: round(int(re.findall(rf"{name}:\s+(\d+) kB", text)[0]) / 1024) for ours, name in names.items()}


def measure(site: Site, directory: Path, count: int, runs: int) -> dict[str, float]:
    """All figures."""
    began = time.monotonic()
    for project in SMALL:
        fill(site, project, SMALL_BUCKETS)
    fill(site, BIG, count)
    print(f"{count} buckets are made, in {time.monotonic() - began:.0f} s", flush=True)
    session = signed_in(site, "bob")
    taken = in_turns(runs, lambda: take_turn(site, session))
    found = {f"{name}_ms": round(1000 * statistics.median(seconds)) for name, seconds in taken.items()}
    ratios = [cold / floor for cold, floor in zip(taken["cold_list"], taken["admin_api"])]
    found["cold_list_over_admin_api"] = round(statistics.median(ratios), 2)
    found |= {f"{name}_ms": round(1000 * seconds, 1) for name, seconds in sums(site).items()}
    cookie, script = signed_in(site, "ann").cookies["portal"], directory / "overview.lua"
    script.touch(mode=0o600)
    script.write_text(f'wrk.headers["Cookie"] = "portal={cookie}"\n')
    rates = [(rate(f"{site.portal.url}/web", script), rate(f"{site.portal.url}/health/live", script)) for _ in range(3)]
    found["overviews_a_second"] = round(statistics.median(one[0] for one in rates))
    found["overview_over_live"] = round(statistics.median(live / overview for overview, live in rates), 1)
    return {"buckets": count, **found, **memory_mib(site.portal)}


def table(found: dict[str, float]) -> str:
    """The figures for people."""
    return "\n".join(
        [
            "",
            f"first page of {found['buckets']:>6.0f} buckets      cold      warm   admin API",
            f"list of the REST interface   {found['cold_list_ms']:>6.0f} ms {found['warm_list_ms']:>6.0f} ms"
            f"   {found['admin_api_ms']:>6.0f} ms",
            f"web page with usage          {found['cold_page_ms']:>6.0f} ms {found['warm_page_ms']:>6.0f} ms",
            "",
            f"overviews a second           {found['overviews_a_second']:>6.0f}",
            f"an overview in /health/live  {found['overview_over_live']:>6.1f}",
            f"memory, and at its peak      {found['rss_mib']:>6.0f} MiB {found['peak_rss_mib']:>5.0f} MiB",
        ]
    )


def run(image: str, count: int, runs: int, directory: Path) -> dict[str, float]:
    """Start all and measure. Raises StartError, WireError, OSError."""
    secret = secrets.token_hex(16)
    secret_file = file_of(directory, "secret", secret)
    container, _seconds = start(image, ephemeral_demo(Path(secret_file)), secret)
    host, admin = address_of(container), Login(ACCESS_KEY, secret)

    def connect() -> BucketClient:
        return BucketClient(f"http://{host}:8080", admin, timeout=120)

    with running_issuer() as issuer:
        given = settings(directory, issuer, host, secret_file)
        with running_portal(directory, **given) as portal:
            site = Site(portal, issuer, Wire(host, 8080, CONNECTIONS), admin, connect)
            return measure(site, directory, count, runs)


def main() -> int:
    """Measure and report; 1 if something did not start or serve."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--image", default="rgwkit/ceph:18", help="image of the gateway (default: %(default)s)")
    parser.add_argument("--buckets", type=int, default=10_000, help="buckets of the project (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="turns of pages (default: %(default)s)")
    arguments = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as directory:
            found = run(arguments.image, arguments.buckets, arguments.runs, Path(directory))
    except (StartError, WireError, OSError, http.client.HTTPException) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        remove_all()
    print(table(found))
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
