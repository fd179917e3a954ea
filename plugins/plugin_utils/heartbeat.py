# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sign of life of a long task: a line with the elapsed time every few seconds, from a thread.

Of an image that is made from packages on the controller itself, as for a demo, the line tells how far it is.
"""

from __future__ import annotations

import threading
import time
from typing import Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.host.debian_progress import progress_of


class Heartbeat:
    """Says the name of the running task and how long it runs, until the next task or the end.

    There is one in a process: of two callbacks that start one, the first has the word. Ansible sends every event to
    the stdout callback first, so that one beats where it can.
    """

    _beating: Heartbeat | None = None

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._task: tuple[str, float] | None = None
        self._ended = threading.Event()

    def start(self, interval: float) -> None:
        """Begin, with so many seconds between two lines. The thread ends with the process, or with `end`."""
        if Heartbeat._beating is None:
            Heartbeat._beating = self
            threading.Thread(target=self._beat, args=(interval,), daemon=True).start()

    def task(self, name: str) -> None:
        """This task runs from now on."""
        self._task = (name, time.monotonic())

    def end(self) -> None:
        """Say nothing more."""
        self._ended.set()
        if Heartbeat._beating is self:
            Heartbeat._beating = None

    def _beat(self, interval: float) -> None:
        next_line = interval
        while not self._ended.wait(min(1, interval)):
            task = self._task
            if task is None or time.monotonic() - task[1] < interval:
                next_line = interval
            elif time.monotonic() - task[1] >= next_line:
                progress = progress_of(task[0])
                self._say(f"    ... {next_line} s: {task[0]}{f' ({progress})' if progress else ''}")
                next_line += interval
