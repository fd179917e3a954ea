# SPDX-License-Identifier: Apache-2.0
"""RGW's pools, made at once. RGW would make them itself, one after another and the last ones at the first upload."""

from concurrent.futures import ThreadPoolExecutor

from ceph_demo.cluster import Cluster

CONTROL = "default.rgw.control"
NAMES = (
    ".rgw.root",
    CONTROL,
    "default.rgw.log",
    "default.rgw.meta",
    "default.rgw.buckets.index",
    "default.rgw.buckets.data",
    "default.rgw.buckets.non-ec",
)


def make(cluster: Cluster) -> None:
    """Make all pools. Asked for in parallel, they share one change of the monitor's map; existing ones stay."""

    def create(name: str) -> None:
        # From 17 on a name that begins with a dot needs the assurance; 14 and 16 skip it.
        cluster.command("osd pool create", pool=name, pg_num=1, yes_i_really_mean_it=True)

    def enable(name: str) -> None:
        cluster.command("osd pool application enable", pool=name, app="rgw")

    with ThreadPoolExecutor(len(NAMES)) as threads:
        for step in (create, enable):
            list(threads.map(step, NAMES))


def forget_watchers(cluster: Cluster) -> None:
    """Remove the objects through which gateways tell each other of changes, and with them who watches them.

    A gateway that was killed stays a watcher for 30 s, in which its successor's every change of a user or bucket waits
    for the dead one's answer. RGW makes the objects anew when it starts.
    """
    cluster.empty(CONTROL)
