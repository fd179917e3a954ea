# SPDX-License-Identifier: Apache-2.0
"""The demo's only monitor. Its name is "demo", so that the host name of a new container does not matter."""

import os
import socket

from ceph_demo import options, state
from ceph_demo.settings import Settings
from ceph_demo.supervisor import Supervisor
from ceph_demo.tools import Tool

MONMAP = state.DIRECTORY + "/monmap"
START_SECONDS = 30.0


class Monitor:
    """The monitor's map, store and process."""

    def __init__(self, settings: Settings, fsid: str, supervisor: Supervisor) -> None:
        self._settings = settings
        self._fsid = fsid
        self._address = options.mon_address(settings)
        self._supervisor = supervisor

    def make(self) -> None:
        """Create the monitor's store, with every key of the keyring."""
        os.makedirs(state.MON_DATA)
        self._run("monmaptool", "--create", "--clobber", "--fsid", self._fsid, "--addv", "demo", self._address, MONMAP)
        self._run("ceph-mon", "--mkfs", "--id", "demo", "--monmap", MONMAP, "--keyring", state.KEYRING)

    def move(self) -> None:
        """Put the container's new address into the stored map: with the old address the monitor would not start."""
        self._run("ceph-mon", "--id", "demo", "--extract-monmap", MONMAP)
        self._run("monmaptool", "--rm", "demo", MONMAP)
        self._run("monmaptool", "--addv", "demo", self._address, MONMAP)
        self._run("ceph-mon", "--id", "demo", "--inject-monmap", MONMAP)

    def start(self) -> None:
        """Start the monitor and wait until it listens."""
        self._supervisor.spawn("mon", ["ceph-mon", "-f", "--id", "demo"])
        self._supervisor.wait_for(self._listens, f"the monitor to listen on {self._address}", START_SECONDS)

    def _listens(self) -> bool:
        with socket.socket(socket.AF_INET6 if ":" in self._settings.mon_ip else socket.AF_INET) as probe:
            return probe.connect_ex((self._settings.mon_ip, self._settings.mon_port)) == 0

    def _run(self, *argv: str) -> None:
        self._supervisor.result(Tool(argv))
