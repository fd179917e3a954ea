# SPDX-License-Identifier: Apache-2.0
"""The work of PID 1: start daemons, forward their logs, detect the end of a daemon, stop all in order, reap orphans."""

import collections
import os
import signal
import subprocess
import threading
import time
from typing import IO, Callable, Deque, Iterator, List, Sequence, cast

from ceph_demo.errors import DemoError
from ceph_demo.progress import say
from ceph_demo.tools import Tool

# A gateway must not lose its OSD while it stops, nor an OSD its monitor.
STOP_ORDER = ("rgw", "mgr", "osd", "mon")
# For each of the four kinds: together less than the 10 s after which `docker stop` kills the container.
STOP_SECONDS = 2.0
TOOL_SECONDS = 60.0
POLL_SECONDS = 0.005
WATCH_SECONDS = 0.2
LAST_WORDS = 40
# A gateway logs three lines for each request. Forwarding every line by itself would keep this process and docker busy
# for a tenth of the time of the request; so lines that arrive within this time are forwarded together.
LISTEN_SECONDS = 0.02
BLOCK_BYTES = 65536


class StopRequested(BaseException):
    """SIGTERM or SIGINT arrived."""


class Daemon:
    """A daemon in the foreground. The end of its log is kept; if `heard`, the log is forwarded in whole lines."""

    def __init__(self, name: str, argv: Sequence[str], heard: bool) -> None:
        self.name = name
        self.kind = name.split(".")[0]
        self.process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Ctrl-C in a terminal must reach only PID 1, which stops the daemons in order.
            start_new_session=True,
        )
        self._heard = heard
        self._last_words: Deque[str] = collections.deque(maxlen=LAST_WORDS)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        for lines in self._lines():
            self._last_words.extend(lines)
            if self._heard:
                say("\n".join(f"{self.name} | {line}" for line in lines))

    def _lines(self) -> Iterator[List[str]]:
        """The daemon's output in whole lines, as many at a time as are available."""
        log = cast(IO[bytes], self.process.stdout).fileno()
        rest = b""
        while True:
            block = os.read(log, BLOCK_BYTES)
            *whole, rest = (rest + block).split(b"\n")
            if not block and rest:
                whole = [rest]
            if whole:
                yield [line.decode("utf-8", "replace").rstrip() for line in whole]
            if not block:
                return
            if len(block) < BLOCK_BYTES:
                time.sleep(LISTEN_SECONDS)

    def hear_out(self) -> None:
        """Wait for the rest of the output of a daemon that has ended."""
        self._listener.join(1.0)

    def ending(self) -> str:
        """A description for people of how the daemon ended."""
        self.hear_out()
        code = self.process.returncode
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        words = "\n".join(f"  {line}" for line in self._last_words) or "  (none)"
        return f"{self.name} {how}; its last words:\n{words}"


class Supervisor:
    """All daemons of this container."""

    def __init__(self) -> None:
        self._daemons: List[Daemon] = []

    def spawn(self, name: str, argv: Sequence[str], heard: bool = True) -> None:
        """Start a daemon; `name` is the kind ("rgw"), or kind and id ("osd.0")."""
        try:
            self._daemons.append(Daemon(name, argv, heard))
        except FileNotFoundError:
            raise DemoError(f"{name} cannot be started: this image has no {argv[0]}") from None

    def check(self) -> None:
        """Raise DemoError with the end of its log if a daemon has ended."""
        for daemon in self._daemons:
            if daemon.process.poll() is not None:
                raise DemoError(daemon.ending())

    def wait_for(self, condition: Callable[[], bool], what: str, seconds: float) -> None:
        """Wait until condition() holds; DemoError if a daemon ends meanwhile or the time is over."""
        deadline = time.monotonic() + seconds
        while not condition():
            self.check()
            if time.monotonic() > deadline:
                raise DemoError(f"not ready: waited {seconds:g} s for {what}")
            time.sleep(POLL_SECONDS)

    def finish(self, tool: Tool) -> Tool:
        """Wait until a command ends."""
        self.wait_for(tool.done, f"the end of `{tool.command}`", TOOL_SECONDS)
        return tool

    def result(self, tool: Tool) -> str:
        """Wait until a command ends and return its stdout; DemoError if the command failed."""
        return self.finish(tool).output()

    def watch(self) -> None:
        """Run until a daemon ends (DemoError) or a signal arrives (StopRequested)."""
        while True:
            self.check()
            self._reap_orphans()
            time.sleep(WATCH_SECONDS)

    def stop(self) -> None:
        """Stop all daemons in STOP_ORDER, each kind within STOP_SECONDS or else by force."""
        for kind in STOP_ORDER:
            running = [daemon for daemon in self._daemons if daemon.kind == kind and daemon.process.poll() is None]
            for daemon in running:
                daemon.process.terminate()
            deadline = time.monotonic() + STOP_SECONDS
            for daemon in running:
                try:
                    daemon.process.wait(max(0.0, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    say(f"{daemon.name} did not stop within {STOP_SECONDS:g} s: killed")
                    daemon.process.kill()
                    daemon.process.wait()
            for daemon in running:
                daemon.hear_out()

    def _reap_orphans(self) -> None:
        """Reap orphaned processes, but leave the exit codes of our daemons to Popen."""
        own = {daemon.process.pid for daemon in self._daemons}
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None or ended.si_pid in own:
                return
            os.waitpid(ended.si_pid, 0)


def raise_on_signals() -> None:
    """From now on the first SIGTERM or SIGINT raises StopRequested in the main thread."""

    def handler(number: int, frame: object) -> None:
        ignore_signals()
        raise StopRequested()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handler)


def ignore_signals() -> None:
    """Ignore further signals once the stop has begun, so that a second signal does not interrupt the stop."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
