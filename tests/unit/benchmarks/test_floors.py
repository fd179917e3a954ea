# SPDX-License-Identifier: Apache-2.0
"""The floors of the benchmarks: they ask what the modules ask, and take in whole answers."""

from __future__ import annotations

import socket
import sys
from collections import Counter
from pathlib import Path

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.client import BucketClient
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.reconcile import reconcile
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.spec import parse_buckets

from tests.unit.rgw.buckets.bucket_gateway import BucketGateway
from tests.unit.rgw.gateway_double import running_gateway

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "benchmarks"))
import buckets as buckets_benchmark
from bucket_floor import BucketFloor
from buckets_runs import READER, Buckets, entry
from module_runs import PROJECT, RunError
from users_runs import Users
from wire import Wire, WireError, exchange
from wire_floor import WireFloor

ADMIN = Login("A", "s")
# What the module asks once in a run, and not for each bucket.
ONCE = ("/admin/realm/period", "/admin/user?format=json&uid=", "/admin/bucket?uid=")


@pytest.fixture
def gateway():
    with running_gateway(BucketGateway) as gateway:
        gateway.add_owner(READER)
        yield gateway


@pytest.fixture
def wire(gateway):
    return Wire("127.0.0.1", gateway.server_address[1], connections=3)


def asked(gateway, entries):
    """The requests so far, without the names of the buckets."""
    found = Counter()
    for method, target in gateway.requests:
        for each in entries:
            target = target.replace(each["name"], "BUCKET")
        if not target.startswith(ONCE):
            found[method, target] += 1
    del gateway.requests[:]
    return found


def test_the_floor_of_buckets_asks_what_the_module_asks(gateway, wire):
    floor = BucketFloor(wire, ADMIN)
    owner = floor.new_owner()
    entries = [[entry(f"{side}-{number}", owner.user) for number in range(7)] for side in ("ours", "floor")]
    del gateway.requests[:]

    def run():
        buckets = parse_buckets(entries[0])
        outcomes = reconcile(lambda: BucketClient(gateway.endpoint, ADMIN, wait=0), buckets, False, parallel=3)
        return [outcome.plan.changed for outcome in outcomes], asked(gateway, entries[0])

    changed, first_run = run()
    assert all(changed)
    assert floor.first_run(owner, entries[1]) > 0 and asked(gateway, entries[1]) == first_run
    changed, noop = run()
    assert not any(changed)
    assert floor.noop(owner, entries[1]) > 0 and asked(gateway, entries[1]) == noop
    for number in range(7):
        ours, floors = f"ours-{number}", f"floor-{number}"
        assert gateway.stored[ours]["bucket_quota"] == gateway.stored[floors]["bucket_quota"]
        for document in ("policy", "lifecycle"):
            theirs = gateway.documents[floors, document].replace(floors.encode(), ours.encode())
            assert gateway.documents[ours, document] == theirs


def test_the_floor_of_users_writes_and_reads_each_user(gateway, wire):
    floor = WireFloor(wire, ADMIN)
    assert floor.first_run(["u-1", "u-2"]) > 0 and gateway.data("u-1")["subusers"]
    assert sorted(gateway.methods()) == ["GET"] * 4 + ["PUT"] * 2
    with pytest.raises(WireError, match="instead of 404"):
        floor.first_run(["u-1"])


@pytest.mark.parametrize(
    "parts",
    [
        [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12", b"345"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n12\r", b"\n3\r\n345\r\n0\r\n\r\n"],
        [b"HTTP/1.1 204 No Content\r\n\r\n"],
    ],
)
def test_an_answer_is_taken_in_whole(parts):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(5)
        request = Wire("g", 80, 1).request(ADMIN, "GET", "/b", {})
        for part in parts:
            theirs.sendall(part)
        exchange(ours, request)
        ours.setblocking(False)
        with pytest.raises(BlockingIOError):
            ours.recv(1)


def test_an_answer_that_breaks_off_ends_the_measurement():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12")
        theirs.shutdown(socket.SHUT_WR)
        with pytest.raises(WireError, match="closed the connection"):
            exchange(ours, Wire("g", 80, 1).request(ADMIN, "GET", "/b", {}))


def test_the_module_alone_makes_the_buckets(gateway, tmp_path):
    (tmp_path / "secret").write_text("s" * 20)
    (tmp_path / "secret").chmod(0o600)
    connection = {"endpoint": gateway.endpoint, "access_key": "A", "secret_key_file": str(tmp_path / "secret")}
    gateway.add_owner("al")
    buckets = Buckets(tmp_path, connection, PROJECT, Login("al", "s"), 3)
    alone = buckets.make_alone()
    assert alone.seconds > 0 and 10 < alone.peak_mib < 500
    assert sorted(gateway.stored) == sorted(each["name"] for each in buckets.entries)
    with pytest.raises(RunError, match="nothing changed"):
        buckets.make_alone()


def test_playbooks_hold_no_secret(tmp_path):
    connection = {"endpoint": "http://g:1", "access_key": "A", "secret_key_file": str(tmp_path / "secret")}
    Buckets(tmp_path, connection, PROJECT, Login("o", "owners-secret"), 2)
    Users(tmp_path, connection, PROJECT, 2)
    written = [path.read_text() for path in tmp_path.rglob("*.yml")]
    assert len(written) == 9 and not any("owners-secret" in text for text in written)
    assert sum("return_details" in text for text in written) == 2


def test_the_table_has_every_figure():
    sides = ("start_up", "hand_over", "first_run_floor", "first_run", "noop_floor", "noop", "amazon_aws")
    seconds = {side: [2.0, 4.0] for side in sides} | {"first_run": [8.0, 10.0], "amazon_aws": [22.0, 24.0]}
    assert buckets_benchmark.speedup(seconds) == pytest.approx(2.0 / (6 / 3000))
    found = {f"{side}_s": 1.0 for side in sides}
    for run in ("first_run", "noop"):
        found.update({f"{run}_over_floor": 1.5, f"{run}_over_floor_and_start_up": 1.2})
    found.update(dict.fromkeys(("module_1k_s", "module_4k_s", "peak_mib", "peak_mib_4k", "kib_a_bucket"), 7))
    assert "1.50" in buckets_benchmark.table({**found, "speedup_over_amazon_aws": 60})
