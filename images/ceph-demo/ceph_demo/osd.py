# SPDX-License-Identifier: Apache-2.0
"""The OSDs: made while the monitor starts, so that neither waits for the other."""

import json
import os
import shutil
import uuid
from typing import Dict, Iterable, List

from ceph_demo import state
from ceph_demo.cluster import Cluster
from ceph_demo.supervisor import Supervisor
from ceph_demo.tools import Tool

CAPS = {"mon": "allow profile osd", "mgr": "allow profile osd", "osd": "allow *"}
START_SECONDS = 60.0
# The largest file for an OSD's data. It is sparse: it takes the space of what is stored.
LARGEST_BLOCK = 100 << 30
# The rest of the free disk is for everything else.
SHARE_OF_DISK = 0.9


class Osds:
    """All OSDs of the volume: as many as OSD_COUNT says or, if that is lowered later, as there were."""

    def __init__(self, count: int, stored: state.State, supervisor: Supervisor) -> None:
        stored.osds += [str(uuid.uuid4()) for _number in range(len(stored.osds), count)]
        self._uuids = stored.osds
        self._supervisor = supervisor
        self._making: Dict[int, Tool] = {}

    @property
    def names(self) -> List[str]:
        """Their cephx names."""
        return [f"osd.{number}" for number in range(len(self._uuids))]

    def begin_making(self) -> None:
        """Start mkfs of those that are missing, in a directory aside: one at its place is whole."""
        missing = [number for number in range(len(self._uuids)) if not os.path.exists(_data(number))]
        for number in missing:
            shutil.rmtree(_aside(number), ignore_errors=True)
            os.makedirs(_aside(number))
            identity = ["--id", str(number), "--osd-uuid", self._uuids[number], "--osd-data", _aside(number)]
            size = ["--bluestore-block-size", str(_free_bytes() // len(missing))]
            self._making[number] = Tool(["ceph-osd", "--mkfs", "--no-mon-config"] + identity + size)

    def start(self, cluster: Cluster) -> None:
        """Start the old ones, then announce and start the new ones; wait until all are up.

        One after the other: monitors of 16 and 18 abort (`num_down_in_osds <= num_in_osds`) when a new OSD appears
        while an old one is down.
        """
        old = [number for number in range(len(self._uuids)) if number not in self._making]
        if old:
            # After a kill the map still calls them up. Those who believe it wait for an address that is gone, and from
            # 16 on a placement group waits 16 s in case a predecessor still serves reads, unless that is surely dead.
            cluster.command("osd down", ids=[str(number) for number in old], definitely_dead=True)
            self._bring_up(old, cluster, len(old))
        if self._making:
            for number, tool in self._making.items():
                cluster.command("osd new", uuid=self._uuids[number], id=number)
                self._supervisor.result(tool)
                os.rename(_aside(number), _data(number))
            self._bring_up(self._making, cluster, len(self._uuids))

    def _bring_up(self, numbers: Iterable[int], cluster: Cluster, up_then: int) -> None:
        for number in numbers:
            self._supervisor.spawn(f"osd.{number}", ["ceph-osd", "-f", "--id", str(number)])

        def up() -> bool:
            answer = json.loads(cluster.command("osd stat", format="json"))
            status = answer.get("osdmap", answer)  # 14 nests it
            return bool(status["num_up_osds"] == up_then)

        self._supervisor.wait_for(up, f"{up_then} OSDs to be up", START_SECONDS)


def _data(number: int) -> str:
    return state.OSD_DATA.format(number)


def _aside(number: int) -> str:
    return state.OSD_DATA.format(f"{number}.new")


def _free_bytes() -> int:
    disk = os.statvfs(state.ROOT)
    return min(LARGEST_BLOCK, int(disk.f_bavail * disk.f_frsize * SHARE_OF_DISK))
