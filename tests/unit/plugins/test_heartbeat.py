# SPDX-License-Identifier: GPL-3.0-or-later
"""The line of a long task, and what it tells of an image that is made on the controller."""

from __future__ import annotations

import time

import pytest
from ansible_collections.rgwkit.ceph.plugins.plugin_utils import heartbeat


@pytest.mark.parametrize(
    ("known", "line"),
    [
        ({"Bootstrap a:1": "step 5 of 7"}, "    ... 0.01 s: Bootstrap a:1 (step 5 of 7)"),
        ({"Bootstrap b:1": "step 5 of 7"}, "    ... 0.01 s: Bootstrap a:1"),
    ],
)
def test_a_long_task_tells_how_far_it_is_where_that_is_known(monkeypatch, known, line):
    monkeypatch.setattr(heartbeat, "progress_of", lambda task: known.get(task, ""))
    monkeypatch.setattr(heartbeat.Heartbeat, "_beating", None)
    lines = []
    beat = heartbeat.Heartbeat(lines.append)
    beat.task("Bootstrap a:1")
    beat.start(0.01)
    for _attempt in range(200):
        if lines:
            break
        time.sleep(0.01)
    beat.end()
    assert lines[0] == line
