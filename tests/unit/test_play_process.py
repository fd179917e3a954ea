# SPDX-License-Identifier: Apache-2.0
"""A play's process is known by when it began, so that another one of the same number is not taken for it."""

from __future__ import annotations

import os
import socket
import subprocess

from ansible_collections.rgwkit.ceph.plugins.lookup.play_process import LookupModule

LOOKUP = LookupModule()


def test_the_process_that_renders_for_a_play_is_its_child():
    (name,) = LOOKUP.run([])
    assert name.startswith(f"{socket.gethostname()}/{os.getppid()}/")
    assert LOOKUP.run([name]) == ["runs"]


def test_what_became_of_others():
    with subprocess.Popen(["sleep", "60"]) as other:
        began = LOOKUP.run([])[0].rpartition("/")[2]
        host = socket.gethostname()
        # The number is in use, by another process than the one that had the lock.
        assert LOOKUP.run([f"{host}/{other.pid}/{int(began) - 1}"]) == ["over"]
        other.kill()
    assert LOOKUP.run([f"{host}/{other.pid}/{began}", "elsewhere.example/1/1"]) == ["over", "elsewhere"]
