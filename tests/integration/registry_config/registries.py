# SPDX-License-Identifier: Apache-2.0
"""Real registries, many in one container, each on a configuration of its own."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import Iterator, NamedTuple

VERSION = os.environ.get("RGWKIT_REGISTRY_VERSION", "2.8")
IMAGE = os.environ.get("RGWKIT_REGISTRY_IMAGE", "rgwkit/registry:2.8")
DEADLINE_SECONDS = 60
SETTLE_SECONDS = 0.2
# The registry says the address before it serves there; a little later it either lives or does not.
_LISTENING = re.compile(r"listening on (?:127\.0\.0\.1|\[::1?\]):(\d+)")
_RUN_ALL = """
for folder in /cases/*/; do
  (cd "$folder" && . ./environment && docker-registry serve config.yml >out 2>&1; echo $? >exit.new; mv exit.new exit) &
done
wait
"""


class Run(NamedTuple):
    """What became of one registry: exit is its exit code, or None while it runs; port is where it listens."""

    exit: int | None
    out: str
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def first_line(self) -> str:
        """The first line of its log; other characters than a newline end no line there."""
        return self.out.partition("\n")[0]

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> http.client.HTTPResponse:
        """The answer to one request; its body has been read into `data`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.data = answer.read()
        connection.close()
        return answer


@contextmanager
def running(
    folder: Path, configs: dict[str, str], environments: dict[str, dict[str, str]] | None = None
) -> Iterator[dict[str, Run]]:
    """Start a registry on each text of a config.yml; yields, by the same names, what became of them.

    They see the host's loopback, so an address of 127.0.0.1:0 gives each a port of its own.
    """
    environments = environments or {}
    for name, text in configs.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "config.yml").write_text(text)
        variables = environments.get(name, {}).items()
        (folder / name / "environment").write_text("".join(f"export {key}={quote(it)}\n" for key, it in variables))
    command = ["docker", "run", "--detach", "--network=host", f"--volume={folder}:/cases", "--entrypoint=sh", IMAGE]
    done = subprocess.run([*command, "-c", _RUN_ALL], check=True, capture_output=True, text=True)
    container = done.stdout.strip()
    try:
        for name in configs:
            _outcome(folder / name)
        # What panics in the background does so just after it has listened.
        time.sleep(SETTLE_SECONDS)
        yield {name: _outcome(folder / name) for name in configs}
    finally:
        subprocess.run(["docker", "rm", "--force", container], check=True, capture_output=True)
        shutil.rmtree(folder)


def _outcome(case: Path) -> Run:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        exited = (case / "exit").exists()
        out = (case / "out").read_text(errors="replace") if (case / "out").exists() else ""
        listening = _LISTENING.search(out)
        if exited:
            return Run(int((case / "exit").read_text()), out, 0)
        if listening:
            return Run(None, out, int(listening[1]))
        time.sleep(0.02)
    raise AssertionError(f"{case.name} neither listened nor ended in {DEADLINE_SECONDS} s:\n{out}")
