# SPDX-License-Identifier: Apache-2.0
"""A docker daemon of the test's own, to restart as a reboot would: the machine's has others' containers."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

START_SECONDS = 60
# It makes no rules: the machine's packet filter is the other daemon's. What runs here is on the host's own network.
ALONE = ["--iptables=false", "--ip6tables=false"]
BRIDGE_ADDRESS = "10.231.0.1/24"


class PrivateDocker:
    """The daemon; `environment` leads docker's clients to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # A socket's path has 108 bytes at most.
        token = secrets.token_hex(3)
        self._run = Path(f"/run/rgwkit-test-{token}")
        # One of its own: with --bridge=none a daemon removes docker0, whosever it is.
        self._bridge = f"rgwkit-{token}"
        self._daemon: subprocess.Popen[bytes] | None = None
        self.socket = f"unix://{self._run}/docker.sock"
        self.environment = {**os.environ, "DOCKER_HOST": self.socket}

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = ["dockerd", f"--data-root={self._folder}/data", f"--exec-root={self._run}/exec"]
        command += [f"--pidfile={self._run}/pid", f"--host={self.socket}", f"--bridge={self._bridge}", *ALONE]
        if not self._run.exists():
            self._run.mkdir(mode=0o700)
            _done("ip", "link", "add", self._bridge, "type", "bridge")
            _done("ip", "address", "add", BRIDGE_ADDRESS, "dev", self._bridge)
        with (self._folder / "log").open("ab") as log:
            self._daemon = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        until = time.monotonic() + START_SECONDS
        while subprocess.run(["docker", "info"], env=self.environment, capture_output=True).returncode:
            assert self._daemon.poll() is None and time.monotonic() < until, (self._folder / "log").read_text()[-2000:]
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop it as a shutdown does, with all its containers."""
        if self._daemon is not None:
            self._daemon.send_signal(signal.SIGTERM)
            self._daemon.wait(60)
            self._daemon = None

    def tell(self, *arguments: str) -> str:
        """One command of docker; what it prints."""
        done = subprocess.run(["docker", *arguments], env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"docker {arguments[0]}: {done.stderr}"
        return done.stdout.strip()

    def load(self, *images: str) -> None:
        """Give it images of the machine's daemon."""
        with subprocess.Popen(["docker", "save", *images], stdout=subprocess.PIPE) as saved:
            subprocess.run(
                ["docker", "load"], env=self.environment, stdin=saved.stdout, stdout=subprocess.DEVNULL, check=True
            )
        assert saved.returncode == 0

    def remove(self) -> None:
        """Stop it and remove all that it has."""
        for container in self.tell("ps", "--all", "--quiet").split():
            self.tell("rm", "--force", "--volumes", container)
        self.stop()
        # dockerd leaves it mounted.
        subprocess.run(["umount", f"{self._run}/exec/netns/default"], capture_output=True, check=False)
        _done("ip", "link", "delete", self._bridge)
        shutil.rmtree(self._run)
        shutil.rmtree(self._folder)


@contextmanager
def private_docker(folder: Path) -> Iterator[PrivateDocker]:
    """A running daemon, which is gone at the end with all that it has. Images and containers are below the folder."""
    daemon = PrivateDocker(folder)
    daemon.start()
    try:
        yield daemon
    finally:
        daemon.remove()


def _done(*command: str) -> None:
    subprocess.run(command, capture_output=True, check=True)
