# SPDX-License-Identifier: Apache-2.0
"""The OSDs: created while the monitor starts, so that neither waits for the other."""

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
# The maximum size of the file for an OSD's data. The file is sparse: it uses only the space of the stored data.
LARGEST_BLOCK = 100 << 30
# Share of the free disk space for OSDs; the rest is for everything else.
SHARE_OF_DISK = 0.9


class Osds:
    """All OSDs of the volume: OSD_COUNT of them or, if OSD_COUNT was lowered later, as many as existed before."""

    def __init__(self, count: int, stored: state.State, supervisor: Supervisor) -> None:
        stored.osds += [str(uuid.uuid4()) for _number in range(len(stored.osds), count)]
        self._uuids = stored.osds
        self._supervisor = supervisor
        self._making: Dict[int, Tool] = {}

    @property
    def names(self) -> List[str]:
        """The cephx names of the OSDs."""
        return [f"osd.{number}" for number in range(len(self._uuids))]

    def begin_making(self) -> None:
        """Start mkfs of the missing OSDs, each in a temporary directory: an OSD in its final directory is complete."""
        missing = [number for number in range(len(self._uuids)) if not os.path.exists(_data(number))]
        for number in missing:
            shutil.rmtree(_aside(number), ignore_errors=True)
            os.makedirs(_aside(number))
            identity = ["--id", str(number), "--osd-uuid", self._uuids[number], "--osd-data", _aside(number)]
            size = ["--bluestore-block-size", str(_free_bytes() // len(missing))]
            self._making[number] = Tool(["ceph-osd", "--mkfs", "--no-mon-config"] + identity + size)

    def start(self, cluster: Cluster) -> None:
        """Start the old OSDs, then register and start the new OSDs; wait until all are up.

        New OSDs start only after the old ones are up: monitors of 16 and 18 abort (`num_down_in_osds <= num_in_osds`)
        when a new OSD appears while an old OSD is down.
        """
        old = [number for number in range(len(self._uuids)) if number not in self._making]
        if old:
            # After a kill, the map still lists the old OSDs as up. Peers that rely on the map wait for an address that
            # is gone. From 16 on, a placement group also waits 16 s in case the previous OSD still serves reads, unless
            # that OSD is marked as definitely dead.
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
