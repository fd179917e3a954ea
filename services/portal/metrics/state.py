# SPDX-License-Identifier: Apache-2.0
"""What is looked up when Prometheus asks: which back-ends answer, and what waits in the database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ..problems import Problem

# Less than Prometheus' own patience (10 s by default), so that a back-end that hangs does not hide the others.
_PATIENCE_S = 3.0


class State(Collector):
    """Gauges. checks: by the name of a back-end, what raises Problem unless it serves. counts: name and description of
    a gauge, and what reads its value; it raises Problem without the database.
    """

    def __init__(
        self, checks: Mapping[str, Callable[[], None]], counts: Mapping[tuple[str, str], Callable[[], int]]
    ) -> None:
        self._checks, self._counts = checks, counts
        self._pool = ThreadPoolExecutor(max(1, len(checks)), "portal-metrics")
        self._running: dict[str, Future[bool]] = {}
        self._lock = threading.Lock()

    def describe(self) -> list[Metric]:
        """Nothing: else the registry would ask all of them when the portal starts."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The gauges as they are now."""
        up = GaugeMetricFamily("rgwkit_portal_backend_up", "Whether a back-end answers.", labels=["backend"])
        for name, is_up in self.up(_PATIENCE_S).items():
            up.add_metric([name], is_up)
        yield up
        database = 1
        for (name, description), read in self._counts.items():
            try:
                yield GaugeMetricFamily(f"rgwkit_portal_{name}", description, read())
            except Problem:
                database = 0
        yield GaugeMetricFamily("rgwkit_portal_database_up", "Whether the database answers.", database)

    def close(self) -> None:
        """Begin no more checks."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def up(self, seconds: float) -> dict[str, bool]:
        """Which back-ends answer within so many seconds."""
        with self._lock:
            for name, check in self._checks.items():
                # One that still hangs is not asked again meanwhile.
                if name not in self._running or self._running[name].done():
                    self._running[name] = self._pool.submit(_passes, check)
            asked = dict(self._running)
        wait(asked.values(), seconds)
        return {name: future.done() and future.result() for name, future in asked.items()}


def _passes(check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception:  # noqa: BLE001 (whatever it is, the back-end does not serve, and the others are told of)
        return False
    return True
