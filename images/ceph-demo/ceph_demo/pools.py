# SPDX-License-Identifier: Apache-2.0
"""RGW's pools, created at once. RGW would create them one after another, and the last ones at the first upload."""

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
    """Create all missing pools in parallel, so that they share one change of the monitor's map."""

    def create(name: str) -> None:
        # From 17 on, a name that begins with a dot needs yes_i_really_mean_it; 14 and 16 ignore this argument.
        cluster.command("osd pool create", pool=name, pg_num=1, yes_i_really_mean_it=True)

    def enable(name: str) -> None:
        cluster.command("osd pool application enable", pool=name, app="rgw")

    with ThreadPoolExecutor(len(NAMES)) as threads:
        for step in (create, enable):
            list(threads.map(step, NAMES))


def forget_watchers(cluster: Cluster) -> None:
    """Remove the objects through which gateways notify each other of changes, together with their watchers.

    A gateway that was killed stays a watcher for 30 s. Meanwhile, every change of a user or bucket on its successor
    waits for an answer from the dead gateway. RGW creates the objects again when it starts.
    """
    cluster.empty(CONTROL)
