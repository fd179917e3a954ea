# SPDX-License-Identifier: Apache-2.0
"""A registry is read-only on a lease: who wants it so gives signs of life, and a guard on the host waits for them.

What is here runs in modules, which come and go. The guard is registry_guard, a process of its own.
"""

from __future__ import annotations

import inspect
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import Any, Optional

from ...base.errors import ToolError
from ...base.managed_file import write_text
from . import guard as registry_guard
from .guard import GUARD, LEASE, WRITABLE, Terms, locked, remove_guard, unit_path

# What systemd's own programs go by, sd_booted(3).
SYSTEMD = "/run/systemd/system"
_GUARD_SECONDS = 15.0
# Four signs of life for each that is needed, and more where that is long.
_SIGNS, _LONGEST_PAUSE = 4, 15.0
_UNIT = """\
# Written by the module registry_lease, which removes it, as it does itself when its work is done.
[Unit]
Description={description}
ConditionPathExists={folder}/{lease}
StartLimitIntervalSec=0

[Service]
ExecStart="{python}" -I "{folder}/{guard}" "{folder}"
Restart=on-failure
RestartSec=5

[Install]
WantedBy=multi-user.target
"""


def hold(folder: str, terms: Terms, description: str = "") -> None:
    """Take the lease, or go on with one that a run has left, and see that it is guarded. Raises ToolError, OSError.

    WRITABLE has to be in the folder already. description: of the guard's unit, where systemd runs.
    """
    with locked(folder) as found:
        if found is None:
            # One that is on its way out has seen that there is no lease, and would not see the new one.
            _wait_unguarded(folder)
        if not os.path.exists(os.path.join(folder, WRITABLE)):
            raise ToolError(
                "take",
                f"the lease in {folder}",
                f"{WRITABLE} is not there; if it was a moment ago, the guard of an earlier run has just made the "
                "registry writable with it",
                "Run this again.",
            )
        write_text(os.path.join(folder, LEASE), json.dumps(terms._asdict()), os.geteuid())
    if _guarded(folder):
        return
    try:
        _start_guard(folder, terms, description)
    except BaseException:
        with suppress(OSError):
            os.unlink(os.path.join(folder, LEASE))
        raise


def renew(folder: str, seconds: Optional[float] = None) -> float:
    """Give a sign of life, good for these seconds or as many as before; for how many. Raises ToolError, OSError."""
    with locked(folder) as lease:
        terms = _still_held(folder, lease)
        if seconds is None or seconds == terms.seconds:
            lease.renew()  # type: ignore[union-attr]
            return terms.seconds
        write_text(os.path.join(folder, LEASE), json.dumps(terms._replace(seconds=seconds)._asdict()), os.geteuid())
        return seconds


def release(folder: str, guard_unit: str = "", required: bool = False) -> bool:
    """End the lease and its guard, and remove what belongs to them; whether there was anything.

    With `required`, a lease that is over is an error. Raises ToolError, OSError.
    """
    with locked(folder) as lease:
        if required:
            _still_held(folder, lease)
        with suppress(FileNotFoundError):
            os.unlink(os.path.join(folder, LEASE))
    found = os.path.isdir(folder)
    if guard_unit and os.path.exists(unit_path(guard_unit)):
        found = True
        _systemctl("disable", "--now", guard_unit)
        remove_guard(guard_unit)
    if os.path.isdir(folder):
        _wait_unguarded(folder)
        with suppress(FileNotFoundError):
            shutil.rmtree(folder)
    return found


def left_behind(folder: str, guard_unit: str = "") -> bool:
    """Whether there is anything to remove."""
    return os.path.isdir(folder) or bool(guard_unit and os.path.exists(unit_path(guard_unit)))


class Keeper:
    """Gives signs of life until the block ends, or the process does. Without a folder, it does nothing."""

    def __init__(self, folder: Optional[str]) -> None:
        self._folder = folder
        self._end = threading.Event()
        self._thread: Optional[threading.Thread] = None

    def __enter__(self) -> Keeper:
        """Raises ToolError when the lease is over already."""
        if self._folder:
            seconds = self._renewed(self._folder)
            self._thread = threading.Thread(target=self._go_on, args=(self._folder, seconds), daemon=True)
            self._thread.start()
        return self

    def __exit__(self, *_raised: Any) -> None:
        self._end.set()
        if self._thread:
            self._thread.join()

    def check(self) -> None:
        """See that the lease was held all the time. Raises ToolError."""
        if self._folder:
            self._renewed(self._folder)

    @staticmethod
    def _renewed(folder: str) -> float:
        try:
            return renew(folder)
        except OSError as error:
            raise ToolError("renew", f"the lease in {folder}", str(error), "Run this as root.") from error

    def _go_on(self, folder: str, seconds: float) -> None:
        while not self._end.wait(min(seconds / _SIGNS, _LONGEST_PAUSE)):
            try:
                renew(folder)
            except ToolError:
                return
            except OSError:
                # A full or slow disk may be better the next time; check() sees whether it was in time.
                continue


def _still_held(folder: str, lease: Optional[registry_guard.Lease]) -> Terms:
    try:
        if lease is not None and not lease.over:
            return lease.terms
    except ValueError as error:
        raise ToolError(
            "read", f"{folder}/{LEASE}", f"the file holds something else than a lease ({error})", "Remove the file."
        ) from error
    raise ToolError(
        "hold",
        f"the lease in {folder}",
        "the lease is over: nobody gave a sign of life in time, and the registry takes pushes again, or is about to",
        "Run this again; if it takes that long of itself, raise registry_readonly_lease or registry_readonly_limit.",
    )


def _guarded(folder: str) -> bool:
    descriptor = registry_guard.alone(folder, 0)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


def _wait(folder: str, guarded: bool) -> bool:
    """Whether the folder came to be guarded, or unguarded, in time. One that is gone is unguarded."""
    until = time.monotonic() + _GUARD_SECONDS
    while time.monotonic() < until:
        try:
            if _guarded(folder) == guarded:
                return True
        except FileNotFoundError:
            return not guarded
        time.sleep(0.2)
    return False


def _wait_unguarded(folder: str) -> None:
    if not _wait(folder, False):
        raise ToolError(
            "end", f"the guard of {folder}", f"it still runs after {_GUARD_SECONDS:g} s", f"Find it with ps ({GUARD})."
        )


def _start_guard(folder: str, terms: Terms, description: str) -> None:
    program = os.path.join(folder, GUARD)
    write_text(program, inspect.getsource(registry_guard), os.geteuid())
    if terms.guard_unit:
        words = {"description": description, "folder": folder, "lease": LEASE, "guard": GUARD, "python": sys.executable}
        # In a unit, % stands for itself when doubled (systemd.unit(5), "Specifiers").
        unit = _UNIT.format(**{name: word.replace("%", "%%") for name, word in words.items()})
        write_text(unit_path(terms.guard_unit), unit, os.geteuid(), 0o644)
        _systemctl("daemon-reload")
        _systemctl("enable", terms.guard_unit)
        _systemctl("restart", terms.guard_unit)
    else:
        # In a session of its own, so that nothing which ends the module's ends it.
        subprocess.Popen(
            [sys.executable, "-I", program, folder],
            cwd="/",
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    if not _wait(folder, True):
        raise ToolError(
            "start",
            f"the guard of {folder}",
            f"it did not start within {_GUARD_SECONDS:g} s, and the registry was left writable",
            f"See what `{sys.executable} -I {program} {folder}` says.",
        )


def _systemctl(*words: str) -> None:
    try:
        done = subprocess.run(
            ["systemctl", *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=registry_guard.COMMAND_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ToolError("run", f"systemctl {' '.join(words)}", str(error), "Check systemd on this host.") from error
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["nothing said"])[-1]
        raise ToolError("run", f"systemctl {' '.join(words)}", said, "Check systemd on this host.")
