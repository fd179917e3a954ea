# SPDX-License-Identifier: Apache-2.0
"""Who watches a load is told of each phase, up to its end."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor import load as doctor_load
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.load import Job, Load, Place
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint


class SlowConnection:
    """Every answer is right and takes a while."""

    def __init__(self, endpoint: Endpoint) -> None:
        pass

    def exchange_in_haste(self, *request: Any) -> None:
        time.sleep(0.01)

    def close(self) -> None:
        pass


def test_every_phase_is_watched_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_load, "Connection", SlowConnection)
    monkeypatch.setattr(doctor_load, "WATCH_SECONDS", 0.01)
    told: list[tuple[str, int, int]] = []
    place, job = Place(Endpoint("gw", 8080), "/swift/v1/c", "token"), Job(20, 2, 10, 5, 60)
    done = Load(place, job, lambda *words: told.append(words)).run()
    assert done["objects"] == 20
    for phase in ("storing", "asking for", "removing"):
        counts = [count for doing, count, objects in told if doing == phase and objects == 20]
        assert counts == sorted(counts) and counts[0] < 20 and counts[-1] == 20


def test_without_anybody_who_watches_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_load, "Connection", SlowConnection)
    place, job = Place(Endpoint("gw", 8080), "/swift/v1/c", "token"), Job(2, 1, 10, 5, 60)
    assert Load(place, job).run()["objects"] == 2
