# SPDX-License-Identifier: Apache-2.0
"""The collector of a registry, run in its container (of docker or podman) or by a program of this host."""

from __future__ import annotations

import codecs
import json
import os
import select
import signal
import subprocess
from contextlib import contextmanager
from typing import Any, Callable, Iterable, Iterator, Sequence

from ...base.errors import ToolError
from ...host.docker.client import Docker
from ...host.program import run_program
from .garbage import Collector

_BLOCK_BYTES = 65536
_CHECK = "Check the container's name ({} ps -a)."


def collector_in(docker: Docker, name: str, config: str) -> Collector:
    """The collector of the registry in the running container `name`, on its configuration. Raises ToolError.

    The container's entry point knows the command, in the upstream image and in Debian's alike.
    """

    def collect(options: Sequence[str], take: Callable[[str], None]) -> int:
        container = docker.container(name)
        if container is None:
            raise ToolError(
                "run", f"garbage-collect in container {name}", "there is no such container", _CHECK.format("docker")
            )
        running = docker.execute(container, [*container["Config"]["Entrypoint"], "garbage-collect", *options, config])
        for line in _lines(running):
            take(line)
        return running.exit_code()

    return collect


def collector_in_podman(name: str, config: str, silence: float) -> Collector:
    """The same for a container of podman. silence: as for collector_by. Raises ToolError."""
    done = run_program(["podman", "container", "inspect", "--format", "{{json .Config.Entrypoint}}", name])
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["nothing said"])[-1]
        raise ToolError("run", f"garbage-collect in container {name}", said, _CHECK.format("podman"))
    return collector_by(["podman", "exec", name, *_entrypoint(json.loads(done.stdout))], config, silence)


def _entrypoint(shown: Any) -> list[str]:
    """The words of an entry point: podman before version 5 shows them as one text, with blanks between them."""
    return shown.split() if isinstance(shown, str) else list(shown or [])


def collector_by(program: Sequence[str], config: str, silence: float) -> Collector:
    """The collector of the registry whose `program` this host has, on its configuration. Raises ToolError.

    program: what starts it, as words. silence: seconds that it may take without saying anything.
    """

    def collect(options: Sequence[str], take: Callable[[str], None]) -> int:
        command = [*program, "garbage-collect", *options, config]
        pipe = subprocess.PIPE
        try:
            with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=subprocess.STDOUT) as process:
                try:
                    for line in _lines(_blocks(process.stdout, silence)):
                        take(line)
                except BaseException:
                    process.kill()
                    raise
                return process.wait()
        except OSError as error:
            raise ToolError("run", " ".join(command), str(error), "Check the registry's program.") from error

    return collect


@contextmanager
def given_up_after(seconds: float | None) -> Iterator[None]:
    """Raise ToolError in the block once these seconds are over. For a main thread only."""
    if not seconds:
        yield
        return

    def give_up(_number: int, _frame: object) -> None:
        raise ToolError(
            "collect",
            "the registry's garbage",
            f"the collection took more than {seconds:g} s and was given up",
            "Make sure that the collector does not run any more (the registry's restart ends one in its container), "
            "then run this again with more time (registry_readonly_limit).",
        )

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _blocks(pipe: Any, silence: float) -> Iterator[bytes]:
    """What comes through a pipe, as it comes. Raises ToolError when nothing does for `silence` seconds."""
    while select.select([pipe], [], [], silence)[0]:
        block = os.read(pipe.fileno(), _BLOCK_BYTES)
        if not block:
            return
        yield block
    raise ToolError(
        "collect",
        "the registry's garbage",
        f"garbage-collect printed nothing for {silence:g} s and was given up",
        "Check whether it still runs before anything is pushed.",
    )


def _lines(blocks: Iterable[bytes]) -> Iterator[str]:
    """The lines of a text that comes in blocks of any length."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest = ""
    for block in blocks:
        *whole, rest = (rest + decoder.decode(block)).split("\n")
        yield from whole
    if rest:
        yield rest
