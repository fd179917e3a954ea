# SPDX-License-Identifier: Apache-2.0
"""A play's process is known by when it began, so that another one of the same number is not taken for it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

COLLECTIONS = Path(__file__).parents[2] / ".collections"
# In a process of its own: where plugins have been imported, modules hand their warnings to the controller, and their
# tests would look for them in vain.
LOOK_UP = """
import json, sys
from ansible_collections.rgwkit.ceph.plugins.lookup.play_process import LookupModule
print(json.dumps(LookupModule().run(sys.argv[1:])))
"""


def look_up(*terms: str) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": str(COLLECTIONS)}
    command = [sys.executable, "-c", LOOK_UP, *terms]
    return json.loads(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)


def test_the_process_that_renders_for_a_play_is_its_child():
    (name,) = look_up()
    assert name.startswith(f"{socket.gethostname()}/{os.getpid()}/")
    assert look_up(name) == ["runs"]


def test_what_became_of_others():
    with subprocess.Popen(["sleep", "60"]) as other:
        began = look_up()[0].rpartition("/")[2]
        host = socket.gethostname()
        # The number is in use, by another process than the one that had the lock.
        assert look_up(f"{host}/{other.pid}/{int(began) - 1}") == ["over"]
        other.kill()
    assert look_up(f"{host}/{other.pid}/{began}", "elsewhere.example/1/1") == ["over", "elsewhere"]
