# SPDX-License-Identifier: Apache-2.0
"""Ceph's command line tools, run where they have a keyring: on this host, in a container, through cephadm.

What is secret goes in on standard input and comes out on standard output; neither is ever part of a message.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from ..base.errors import InputError, ToolError

# Seen on Ceph 14.2, 16.2, 18.2 and 20.2. The first that is found in what the tool says counts.
_HINTS = (
    ("No such container", "Is the container's name right, and does the play run on its host?"),
    ("is not running", "Start the container first."),
    # podman 4.3
    ("no such container", "Is the container's name right, and does the play run on its host?"),
    ("can only create exec sessions on running containers", "Start the container first."),
    ("permission denied (error connecting", "The keyring there is not this cluster's. Is it of another cluster?"),
    ("ObjectNotFound('RADOS object not found", "Are there a ceph.conf and a keyring where {program} runs?"),
    ("error connecting to the cluster", "Is this host's keyring allowed to, and are the monitors up?"),
    ("unable to get monitor info", "Are there a ceph.conf and a keyring where {program} runs?"),
    ("No such file or directory", "Is {program} (package radosgw or ceph-common) where it is run?"),
)
_TIMED_OUT = 124  # the exit code of timeout(1)


def command_prefix(via: str, container: str | None, runtime: str) -> list[str]:
    """What stands before the tool. via: "host", "cephadm" or "container". Raises InputError."""
    if via == "host":
        return []
    if via == "cephadm":
        return ["cephadm", "shell", "--"]
    if not container:
        raise InputError("container is missing; name the container to run Ceph's tools in.")
    # Whom the tool is to be, where the caller says so; a container knows nothing of its caller's environment.
    identity = ["--env", "CEPH_ARGS"] if "CEPH_ARGS" in os.environ else []
    return [runtime, "exec", "--interactive", *identity, container]


class CephTool:
    """One tool. timeout: seconds for each run; the tools themselves wait for minutes when no monitor answers."""

    def __init__(self, prefix: Sequence[str], program: str, timeout: float) -> None:
        self.name = " ".join([*prefix, program])
        self._program = program
        # timeout(1) ends the process where it runs; killing `docker exec` would leave it in the container.
        self._command = [*prefix, "timeout", f"{timeout:.0f}", program]
        self._timeout = timeout

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run it and let the caller judge. Raises InputError where the program that leads there is missing."""
        command = [*self._command, *arguments]
        try:
            # Names in records are bytes of any encoding (rgw_text).
            return subprocess.run(
                command,
                input=stdin,
                capture_output=True,
                encoding="utf-8",
                errors="surrogateescape",
                check=False,
                timeout=self._timeout + 5,
            )
        except FileNotFoundError as error:
            raise InputError(
                f"there is no program '{command[0]}' on this host, by which {self._program} is run."
            ) from error
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(command, _TIMED_OUT, "", "")

    def success(
        self, operation: str, target: str, done: subprocess.CompletedProcess[str], hints: Sequence[tuple[str, str]] = ()
    ) -> str:
        """What a run printed that has to have succeeded; hints: what to do about what it may say. Raises ToolError."""
        if done.returncode == 0:
            return done.stdout
        what = f"{target} by {self.name}"
        if done.returncode == _TIMED_OUT:
            hint = "Most often no monitor answers: look at `ceph -s` there."
            raise ToolError(operation, what, f"no end within {self._timeout:.0f} s", hint)
        # The last line of stderr names the cause; it never repeats what came on standard input.
        said = (done.stderr.strip().splitlines() or ["nothing said"])[-1]
        hint = next((hint for word, hint in (*hints, *_HINTS) if word in done.stderr), f"See {self._program}(8).")
        raise ToolError(operation, what, f"exit code {done.returncode}, {said}", hint.format(program=self._program))
