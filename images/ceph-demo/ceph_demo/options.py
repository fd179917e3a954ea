# SPDX-License-Identifier: Apache-2.0
"""ceph.conf, rewritten at every start.

All options here are for a demo on one machine; most are wrong for a cluster that holds data. A release ignores options
that it does not know. Times were measured on Ceph 14, 16, 18 and 20.
"""

import os
from typing import List, Tuple

from ceph_demo import network
from ceph_demo.settings import Settings
from ceph_demo.state import KEYRING, State

CONF = "/etc/ceph/ceph.conf"
ADMIN_KEYRING = "/etc/ceph/ceph.client.admin.keyring"

Options = List[Tuple[str, str]]

# One copy of each object and one placement group per pool: more would cost time and, on one disk, protect nothing.
ONE_OF_EACH: Options = [
    ("osd pool default size", "1"),
    ("osd pool default min size", "1"),
    ("mon allow pool size one", "true"),
    ("mon warn on pool no redundancy", "false"),
    ("osd pool default pg num", "1"),
    ("osd pool default pgp num", "1"),
    ("osd pool default pg autoscale mode", "off"),
    ("osd crush chooseleaf type", "0"),
    ("mon max pg per osd", "1000"),
]

# A peer that connects an instant too early tries again at once, not after 200 ms.
FAST_MESSENGER: Options = [("ms initial backoff", "0.01"), ("ms max backoff", "0.5")]

FAST_MONITOR: Options = [
    # By default every change of a map waits up to a second for further changes: ten seconds of a first start.
    ("paxos propose interval", "0.01"),
    ("paxos min wait", "0.005"),
    # Up to 16, the monitor first tests every new pool in a forked process, 15 ms each.
    ("mon osd crush smoke test", "false"),
]

FAST_OSD: Options = [
    # How long bluestore sleeps between checks for finished writes (default 250 ms): three seconds of a first start.
    ("bdev aio poll ms", "10"),
    # Every shard opens the block file again, in 40 ms (five shards by default); one shard with four threads is as good.
    ("osd op num shards", "1"),
    ("osd op num threads per shard", "4"),
    # From 17 on, the OSD benchmarks its disk before it starts, to divide the throughput among classes of clients.
    ("osd mclock skip benchmark", "true"),
    ("bluestore fsck on mkfs", "false"),
    # How long a change waits for a gateway that does not answer (default 30 s).
    ("osd default notify timeout", "5"),
]

SMALL_MEMORY: Options = [
    # With autotune the cache would grow to 4 GiB: the OSD assumes that it has the machine to itself.
    ("bluestore cache autotune", "false"),
    ("bluestore cache size", str(128 << 20)),
    # The capacity that a memstore reports (default 1 GiB); it uses only as much memory as it stores.
    ("memstore device bytes", str(8 << 30)),
]

# RGW spreads its housekeeping over hundreds of objects, and reads or creates each of these when it starts. One object
# of each kind suffices; radosgw-admin must have the same numbers.
FEW_SHARDS: Options = [
    ("rgw num control oids", "1"),
    ("rgw gc max objs", "1"),
    ("rgw restore max objs", "1"),
    ("rgw objexp hints num shards", "1"),
    ("rgw data log num shards", "1"),
    ("rgw reshard num logs", "1"),
    # From 15 on a bucket's index has eleven shards, and every listing and every HEAD of a large object reads all of
    # them. RGW adds shards to a bucket that grows.
    ("rgw override bucket index max shards", "1"),
]

# Lifecycle needs many objects: every removal of a bucket locks one of them, and a request that finds the object locked
# sleeps for 5 s (guard_lc_modify). The objects are created on first use, so they do not delay the start. With the
# default of 32, eight clients that remove buckets at once still collide.
MANY_LOCKS: Options = [("rgw lc max objs", "1021")]

# A gateway that starts within the work time (default 00:00-06:00, UTC in a container) locks these objects one after the
# other for some seconds. A gateway that ends meanwhile leaves its locks behind for "rgw lc lock max time" (default
# 90 s). The removal of a bucket waits while the bucket's object is locked.
SHORT_LIFECYCLE: Options = [("rgw lifecycle work time", "04:00-04:05"), ("rgw lc lock max time", "10")]

GATEWAY: Options = [
    ("rgw thread pool size", "64"),
    # How long a stopping gateway waits for its requests (default 120 s).
    ("rgw exit timeout secs", "2"),
]

# Clients of Ceph 14 still reclaim global ids the old way: no risk on loopback, but the warning would hide others.
QUIET_HEALTH: Options = [
    ("auth allow insecure global id reclaim", "false"),
    ("mon data avail warn", "2"),
    ("mon data avail crit", "1"),
]

# Errors go to stderr, which PID 1 forwards. Everything else would be hundreds of lines at every start.
LOG_ERRORS: Options = [
    ("log to file", "false"),
    ("log to stderr", "false"),
    ("err to stderr", "true"),
    ("mon cluster log to file", "false"),
]

# By default, Ceph keeps messages up to level 5 in memory for a crash dump, even if they are not logged. Formatting
# these messages is a seventh of the work of gateway and OSD for a small request.
NO_DUMP_OSD: Options = [
    ("debug osd", "1/1"),
    ("debug bluestore", "1/1"),
    ("debug optracker", "0/0"),
    ("debug objclass", "0/0"),
]
NO_DUMP_GATEWAY: Options = [("debug rgw", "1/1"), ("debug rados", "0/0"), ("debug objecter", "0/0")]

# The gateway's log lists the requests, which people look for.
LOG_ALL: Options = [("log to file", "false"), ("log to stderr", "true"), ("err to stderr", "true")]


def text(settings: Settings, state: State) -> str:
    """The text of ceph.conf."""
    sections = [
        ("global", _addresses(settings, state) + ONE_OF_EACH + FAST_MESSENGER + QUIET_HEALTH),
        ("mon", LOG_ERRORS + FAST_MONITOR),
        ("mgr", LOG_ERRORS),
        ("osd", LOG_ERRORS + NO_DUMP_OSD + FAST_OSD + SMALL_MEMORY + [("osd objectstore", settings.objectstore)]),
        ("client", FEW_SHARDS + MANY_LOCKS + SHORT_LIFECYCLE),
        (rgw_entity(settings), LOG_ALL + NO_DUMP_GATEWAY + GATEWAY + _gateway(settings)),
    ]
    lines = ["# Written from the container's environment at every start; changes here are lost."]
    for section, options in sections:
        lines.append(f"\n[{section}]")
        lines.extend(f"{name} = {value}" for name, value in options)
    return "\n".join(lines) + "\n"


def write(settings: Settings, state: State) -> None:
    """Write ceph.conf."""
    os.makedirs(os.path.dirname(CONF), exist_ok=True)
    with open(CONF, "w") as file:
        file.write(text(settings, state))


def mon_address(settings: Settings) -> str:
    """The monitor's address as in maps and ceph.conf. Messenger v2 only: one port to keep free, not two."""
    return f"[v2:{network.url_host(settings.mon_ip)}:{settings.mon_port}/0]"


def rgw_entity(settings: Settings) -> str:
    """The gateway's cephx name."""
    return f"client.rgw.{settings.rgw_name}"


def _gateway(settings: Settings) -> Options:
    return [("rgw frontends", settings.frontend.text), *sorted(settings.rgw_options.items())]


def _addresses(settings: Settings, state: State) -> Options:
    ipv6 = ":" in settings.mon_ip
    return [
        ("fsid", state.fsid),
        ("keyring", KEYRING),
        ("mon host", mon_address(settings)),
        ("public addr", settings.mon_ip),
        ("cluster addr", settings.mon_ip),
        ("public network", settings.public_network),
        ("cluster network", settings.public_network),
        ("ms bind ipv4", str(not ipv6).lower()),
        ("ms bind ipv6", str(ipv6).lower()),
    ]
