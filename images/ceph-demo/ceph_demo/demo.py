# SPDX-License-Identifier: Apache-2.0
"""The life of the demo: create missing parts, start all daemons, watch them, stop them."""

import json
import os
from typing import Optional, Sequence

from ceph_demo import aio, bucket, demo_user, gateway, keyring, network, options, osd, pools, release, settings, state
from ceph_demo.cluster import Cluster
from ceph_demo.errors import DemoError
from ceph_demo.monitor import Monitor
from ceph_demo.progress import Progress
from ceph_demo.settings import Settings
from ceph_demo.supervisor import StopRequested, Supervisor, ignore_signals, raise_on_signals

ALWAYS = {
    "mon.": {"mon": "allow *"},
    "client.admin": {"mon": "allow *", "osd": "allow *", "mgr": "allow *", "mds": "allow *"},
    "mgr.demo": {"mon": "allow profile mgr", "osd": "allow *", "mds": "allow *"},
}


def main(arguments: Sequence[str]) -> int:
    """Run the demo until a signal stops it (exit code 0) or a part fails (exit code 1)."""
    progress = Progress()
    supervisor = Supervisor()
    failure: Optional[DemoError] = None
    raise_on_signals()
    try:
        if list(arguments) != ["demo"]:
            raise DemoError(f"the only command is `demo`, not `{' '.join(arguments)}`")
        aio.let_libaio_fall_back()
        Demo(_settings(), supervisor, progress).start()
        supervisor.watch()
    except StopRequested:
        progress.step("stopping")
    except DemoError as error:
        failure = error
    except OSError as error:  # a full or read-only disk, most likely
        failure = DemoError(str(error))
    finally:
        ignore_signals()
        supervisor.stop()
    # After the last log lines of the daemons, so that this line ends the log.
    progress.step(f"ERROR: {failure}" if failure else "stopped")
    return 1 if failure else 0


def _settings() -> Settings:
    """Read the settings from the environment, and prepare the environment for the daemons."""
    wanted = settings.read(os.environ)
    # Other processes could read a secret from a daemon's environment.
    os.environ.pop("CEPH_DEMO_SECRET_KEY", None)
    # A restarted container repeats its process ids. Without a random nonce, peers take a daemon for its predecessor.
    os.environ["CEPH_USE_RANDOM_NONCE"] = "1"
    return wanted


class Demo:
    """One cluster in one container."""

    def __init__(self, wanted: Settings, supervisor: Supervisor, progress: Progress) -> None:
        self._settings = wanted
        self._supervisor = supervisor
        self._progress = progress
        self._check()
        self._state = state.load(wanted.objectstore)
        self._restarted = self._state.mon_address is not None
        self._release = release.of_image(supervisor)
        release.check(self._state, self._release)
        self._osds = osd.Osds(wanted.osd_count, self._state, supervisor)

    def start(self) -> None:
        """Bring up all daemons, the user and the bucket."""
        daemons = self._settings.daemons
        options.write(self._settings, self._state)
        if "osd" in daemons:
            # The creation of OSDs takes longest, so it runs in parallel with the setup of the monitor.
            self._osds.begin_making()
        keys = self._write_keys()
        self._start_monitor()
        cluster = self._connect(keys)
        if "osd" in daemons:
            self._osds.start(cluster)
            self._progress.step(f"{', '.join(self._osds.names)} up ({self._settings.objectstore})")
            self._complete_upgrade(cluster)
        if "rgw" in daemons:
            self._start_gateway(cluster)
        cluster.close()
        self._start_manager()
        self._progress.step(f"ready: {self._reachable()}")

    def _check(self) -> None:
        """Check ports and frontend before anything is written."""
        network.check_free(self._settings.mon_ip, self._settings.mon_port, "MON_PORT")
        if "rgw" in self._settings.daemons:
            frontend = self._settings.frontend
            network.check_free(frontend.address, frontend.port, "RGW_FRONTEND_PORT")
            gateway.check_frontend(frontend, self._supervisor)

    def _write_keys(self) -> keyring.Keyring:
        """Create the missing keys, and write all keys to the files that daemons and commands read."""
        caps = {options.rgw_entity(self._settings): gateway.CAPS, **ALWAYS}
        caps.update((name, osd.CAPS) for name in self._osds.names)
        keys = keyring.read(state.KEYRING) if self._restarted else keyring.Keyring()
        keys.add(caps, self._supervisor)
        keys.write(state.KEYRING)
        keyring.Keyring({"client.admin": keys["client.admin"]}).write(options.ADMIN_KEYRING)
        return keys

    def _start_monitor(self) -> None:
        """Create the monitor, or change its address if the container's address has changed, and start it."""
        stored, address = self._state.mon_address, options.mon_address(self._settings)
        monitor = Monitor(self._settings, self._state.fsid, self._supervisor)
        if not self._restarted:
            monitor.make()
        elif stored != address:
            monitor.move()
            self._progress.step(f"monitor's address changed from {stored} to {address}")
        self._state.mon_address = address
        self._state.release = self._release.number
        self._state.save()
        monitor.start()

    def _connect(self, keys: keyring.Keyring) -> Cluster:
        cluster = Cluster()
        if self._restarted:
            # The keyring may have keys that the monitor was not created with: of new OSDs, or of another RGW_NAME.
            cluster.command("auth import", keys.text().encode())
        version = json.loads(cluster.command("version", format="json"))["version"]
        running = " ".join(version.split()[:3])
        self._progress.step(f"monitor up at {self._state.mon_address} ({running}, fsid {self._state.fsid})")
        return cluster

    def _complete_upgrade(self, cluster: Cluster) -> None:
        """Tell the cluster that all OSDs run this image's release."""
        old = release.complete(cluster, self._release) if self._restarted else ""
        if old:
            self._progress.step(f"data upgraded from Ceph {old} to {self._release.name}")

    def _start_gateway(self, cluster: Cluster) -> None:
        frontend, user = self._settings.frontend, self._settings.user
        pools.make(cluster)
        if self._restarted:
            pools.forget_watchers(cluster)
        self._supervisor.spawn("rgw", ["radosgw", "-f", "--name", options.rgw_entity(self._settings)])
        if user:
            ensure = demo_user.ensure if self._restarted else demo_user.make
            keys = ensure(user, self._state, self._supervisor)
            self._progress.step(f"user {user.uid} ready for S3, {user.uid}:swift for swift")
        gateway.wait(frontend, self._supervisor)
        self._progress.step(f"radosgw listening on {frontend.listener} ({frontend.type})")
        if user and self._settings.bucket:
            bucket.ensure(self._settings.bucket, frontend, keys, self._supervisor)
            self._progress.step(f"bucket {self._settings.bucket} ready")

    def _start_manager(self) -> None:
        """Start the manager last, since nothing waits for it."""
        os.makedirs(state.MGR_DATA, exist_ok=True)
        # The manager's log is not forwarded: with some Python versions it has hundreds of lines about its own modules.
        self._supervisor.spawn("mgr", ["ceph-mgr", "-f", "--id", "demo"], heard=False)

    def _reachable(self) -> str:
        if "rgw" not in self._settings.daemons:
            return f"monitor at {self._state.mon_address}"
        frontend = self._settings.frontend
        protocol = "HTTPS" if frontend.tls else "HTTP"
        return f"{frontend.listener} serves S3 at / and swift at /auth/v1.0 over {protocol}"
