# SPDX-License-Identifier: Apache-2.0
"""The guard of a registry that is read-only for a while: when nobody gives a sign of life any more, it ends that.

lease.py puts this file beside the lease as it is and has it run on its own. So it needs nothing but Python's own
library. A lease is a file: its time is the last sign of life, its content says for how many seconds that is enough, and
what to do then. Whoever looks at it or changes it holds flock(2) on it, so that one that is over is never renewed.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import syslog
import time
from contextlib import contextmanager, suppress
from typing import Iterator, List, NamedTuple, Optional, Sequence

LEASE, WRITABLE, GUARD = "lease", "writable.yml", "guard.py"
UNIT_FOLDER = "/etc/systemd/system"
POLL_SECONDS, RETRY_SECONDS, START_SECONDS = 1.0, 5.0, 5.0
COMMAND_SECONDS = 180
# systemctl's exit code for a unit that is not there, as LSB has it (systemctl(1), "Exit status").
NO_UNIT = 5


class Terms(NamedTuple):
    """What a lease says. seconds: how long a sign of life is enough.

    config: what WRITABLE takes the place of. container or unit: what is restarted then. collector: the unit that is
    ended before, where the registry's restart does not end it. guard_unit: the unit that runs the guard, empty for
    none. docker_host: what DOCKER_HOST said. record: the record of what the registry has loaded, empty for none.
    """

    seconds: float
    config: str
    container: str = ""
    unit: str = ""
    collector: str = ""
    guard_unit: str = ""
    docker_host: str = ""
    record: str = ""


class Lease:
    """A lease that is there, for as long as this process alone may look at it or change it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @property
    def terms(self) -> Terms:
        """What it says. Raises OSError, and ValueError for what is no lease."""
        size = os.fstat(self._descriptor).st_size
        try:
            return Terms(**json.loads(os.pread(self._descriptor, size, 0)))
        except TypeError as error:
            raise ValueError(str(error)) from error

    @property
    def over(self) -> bool:
        """Whether the last sign of life is too old. One in the future counts as given now: the clock was set back."""
        age = time.time() - os.fstat(self._descriptor).st_mtime
        if age < -POLL_SECONDS:
            self.renew()
        return age > self.terms.seconds

    def renew(self) -> None:
        """Give a sign of life."""
        os.utime(self._descriptor)


@contextmanager
def locked(folder: str) -> Iterator[Optional[Lease]]:
    """The lease in the folder, or None where there is none. Raises OSError."""
    descriptor = _open_locked(os.path.join(folder, LEASE))
    try:
        yield Lease(descriptor) if descriptor is not None else None
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _open_locked(path: str) -> Optional[int]:
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        # While this waited, the file may have been removed or replaced.
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), os.lstat(path)):
                return descriptor
        os.close(descriptor)


def alone(folder: str, wait: float) -> Optional[int]:
    """Become the folder's only guard: a file descriptor to keep open, None where another is it for longer than `wait`.

    Raises OSError.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    until = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() >= until:
                os.close(descriptor)
                return None
        time.sleep(0.05)


def watch(folder: str) -> None:
    """Wait until the lease is gone, or over and the registry writable. Raises OSError for a missing folder."""
    # Open to the end: as long as it is, no other guard begins.
    if alone(folder, START_SECONDS) is None:
        return
    while True:
        try:
            with locked(folder) as lease:
                if lease is None:
                    return
                if lease.over:
                    terms = lease.terms
                    make_writable(folder, terms)
                    # What cannot be removed now is left to the next play: nothing is restarted a second time for it.
                    with suppress(OSError, subprocess.SubprocessError):
                        os.unlink(os.path.join(folder, LEASE))
                        remove_guard(terms.guard_unit)
                        shutil.rmtree(folder)
                    return
            pause = POLL_SECONDS
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            _log(f"{folder}: {error}. It is tried again in {RETRY_SECONDS:g} s")
            pause = RETRY_SECONDS
        time.sleep(pause)


def make_writable(folder: str, terms: Terms) -> None:
    """End the collector, then put the writable configuration in its place, then restart the registry.

    May be done again from the beginning. Raises OSError, SubprocessError.
    """
    _log(f"{terms.container or terms.unit} was read-only, and nobody gave a sign of life; it is made writable")
    if terms.collector:
        _run(["systemctl", "stop", terms.collector], (0, NO_UNIT), terms)
    with suppress(FileNotFoundError):
        os.replace(os.path.join(folder, WRITABLE), terms.config)
    _sync(os.path.dirname(terms.config))
    if terms.unit:
        _run(["systemctl", "try-restart", terms.unit], (0,), terms)
    # One that somebody has stopped stays so.
    elif _runs(terms):
        _run(["docker", "restart", terms.container], (0,), terms)
    # Should the restart fail, the next play sees by the record that the registry does not run on this file yet.
    if terms.record:
        _record_loaded(terms)


def _record_loaded(terms: Terms) -> None:
    """Enter the configuration into the record that services/record.py writes: each file with its SHA-256.

    A record that is missing or of another form stays as it is: the next play restarts the registry once more.
    """
    with suppress(FileNotFoundError, ValueError, TypeError, KeyError), open(terms.record, encoding="utf-8") as file:
        record = json.load(file)
        with open(terms.config, "rb") as config:
            record["loaded"][terms.config] = hashlib.sha256(config.read()).hexdigest()
        new = f"{terms.record}.new"
        with open(
            os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "w", encoding="utf-8"
        ) as out:
            json.dump(record, out, indent=2, sort_keys=True)
        os.replace(new, terms.record)


def remove_guard(unit: str) -> None:
    """Let systemd forget the unit, which may be what runs this. Raises OSError, SubprocessError."""
    if not unit:
        return
    for path in (unit_path(unit), os.path.join(UNIT_FOLDER, "multi-user.target.wants", unit)):
        with suppress(FileNotFoundError):
            os.unlink(path)
    _run(["systemctl", "daemon-reload"])


def unit_path(unit: str) -> str:
    """Where the unit's file is."""
    return os.path.join(UNIT_FOLDER, unit)


def _sync(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _runs(terms: Terms) -> bool:
    states = ("running", "restarting", "paused")
    filters = [f"--filter=status={state}" for state in states] + [f"--filter=name=^/{terms.container}$"]
    return bool(_run(["docker", "ps", "--quiet", *filters], (0,), terms))


def _run(command: List[str], codes: Sequence[int] = (0,), terms: Optional[Terms] = None) -> str:
    """What the command says. Raises OSError for another exit code than these, too."""
    environment = dict(os.environ)
    if terms and terms.docker_host:
        environment["DOCKER_HOST"] = terms.docker_host
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    if done.returncode not in codes:
        said = done.stdout.strip().splitlines() or ["nothing said"]
        raise OSError(errno.EIO, f"`{' '.join(command)}` ended with {done.returncode}: {said[-1]}")
    return done.stdout.strip()


def _log(text: str) -> None:
    syslog.openlog("rgwkit-registry-guard", syslog.LOG_PID, syslog.LOG_DAEMON)
    syslog.syslog(syslog.LOG_WARNING, text)


def main(arguments: Sequence[str]) -> None:
    """Guard the folder that is named."""
    (folder,) = arguments
    os.chdir("/")
    os.umask(0o077)
    watch(folder)


if __name__ == "__main__":
    main(sys.argv[1:])
